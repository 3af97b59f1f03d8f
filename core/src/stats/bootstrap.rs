//! Resampling records by their names: a resample is the same in any order of rows and any sharding, so what is summed
//! over it merges.

use crate::list::List;

/// How many resamples are drawn.
pub const RESAMPLES: usize = 100;

/// How often a record occurs in each resample: Poisson(1), which for many records is what drawing as many of them with
/// replacement comes to (Chamandy, Muralidharan, Najmi & Naidu 2012, "Estimating Uncertainty for Massive Data Streams").
/// The name's FNV-1a hash seeds SplitMix64; each of its numbers gives a weight by the distribution function.
#[cfg_attr(speed, optimize(speed))]
pub fn weights(name: &str) -> [u8; RESAMPLES] {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mut state = name.bytes().fold(0xcbf2_9ce4_8422_2325, hash);
    let mut weights = [0; RESAMPLES];
    for weight in &mut weights {
        *weight = poisson((split_mix(&mut state) >> 11) as f64 / (1_u64 << 53) as f64);
    }
    weights
}

/// The next number of the generator SplitMix64 (Steele, Lea & Flood 2014).
#[inline]
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// How likely it is, at a mean of 1, that a count is not exceeded: of 0, 1, 2 and so on.
#[expect(clippy::indexing_slicing, reason = "the compiler counts it")]
const NOT_EXCEEDED: [f64; 20] = {
    let mut probability = 1.0 / std::f64::consts::E;
    let mut below = [probability; 20];
    let mut count = 1;
    while count < below.len() {
        probability /= count as f64;
        below[count] = below[count - 1] + probability;
        count += 1;
    }
    below
};

/// The least count whose probability not to be exceeded, at a mean of 1, is above a number from 0 to 1.
#[inline]
fn poisson(uniform: f64) -> u8 {
    NOT_EXCEEDED.iter().take_while(|below| uniform >= **below).count() as u8
}

/// Numbers from 0 upward in order.
pub fn ordered(numbers: &mut dyn Iterator<Item = f64>) -> Vec<f64> {
    // Such numbers have the order of their bits.
    let mut bits: Vec<i64> = numbers.map(|number| number.to_bits() as i64).list();
    bits.sort_unstable();
    bits.into_iter().map(|bits| f64::from_bits(bits as u64)).list()
}

/// What the middle 95% of numbers from 0 upward span: of 100 from the third lowest to the third highest.
pub fn middle(numbers: &mut dyn Iterator<Item = f64>) -> Option<[f64; 2]> {
    let numbers = ordered(numbers);
    let out = numbers.len() / 40;
    Some([*numbers.get(out)?, *numbers.iter().rev().nth(out)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generator's published first numbers for the seed 1234567 (Rosetta Code, "Pseudo-random numbers/Splitmix64").
    #[test]
    fn generator() {
        let mut state = 1_234_567;
        let found: Vec<u64> = (0..3).map(|_| split_mix(&mut state)).collect();
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    /// P(0) = 0.3679, P(≤ 1) = 0.7358, P(≤ 2) = 0.9197, P(≤ 3) = 0.9810.
    #[test]
    fn poisson_by_its_distribution() {
        let found = [0.0, 0.3678, 0.3679, 0.7357, 0.7358, 0.9196, 0.9197, 0.9810, 0.9811].map(poisson);
        assert_eq!(found, [0, 0, 1, 1, 2, 2, 3, 3, 4]);
        assert!(poisson(1.0) <= 20);
    }

    /// Of a million weights the mean is within five standard errors of 1, and so is the variance (its own standard
    /// error is √(3 ÷ n), since the fourth central moment of Poisson(1) is 4).
    #[test]
    fn weights_have_mean_and_variance_one() {
        let (mut sum, mut squares) = (0.0, 0.0);
        for record in 0..10_000 {
            for weight in weights(&format!("deal-{record}")) {
                sum += f64::from(weight);
                squares += (f64::from(weight) - 1.0) * (f64::from(weight) - 1.0);
            }
        }
        assert!((sum / 1e6 - 1.0).abs() < 0.005, "{sum}");
        assert!((squares / 1e6 - 1.0).abs() < 0.009, "{squares}");
        assert_eq!(weights("a"), weights("a"));
        assert_ne!(weights("a"), weights("b"));
    }

    #[test]
    fn the_middle_leaves_out_two_at_each_end_of_a_hundred() {
        assert_eq!(middle(&mut (0..100).rev().map(f64::from)), Some([2.0, 97.0]));
        assert_eq!(middle(&mut [3.0, 1.0].into_iter()), Some([1.0, 3.0]));
        assert_eq!(middle(&mut std::iter::empty()), None);
    }
}
