//! Exact two-sided tests of a count against what was intended.

use crate::sum::Sum;
use core::f64::consts::PI;

/// Above this mean the normal approximation takes over: the distribution is then so narrow that both agree to five
/// digits, and summing it would take long.
const MOST: f64 = 1e9;

/// How likely a count at least as odd as the observed one is, if counts follow a Poisson distribution of this mean: the
/// sum over all counts that are no more probable than it, as R's `poisson.test` has it. Nothing for a mean that is no
/// number from 0 upward.
pub fn poisson_test(observed: u64, mean: f64) -> Option<f64> {
    if !mean.is_finite() || mean < 0.0 {
        return None;
    }
    if mean == 0.0 {
        return Some(if observed == 0 { 1.0 } else { 0.0 });
    }
    let pmf = |count: u64| {
        let x = count as f64;
        let scale = if count == 0 { 1.0 } else { libm::sqrt(2.0 * PI * x) };
        libm::exp(-stirling_error(x) - deviance(x, mean)) / scale
    };
    Some(two_sided(observed, u64::MAX, mean, mean, &pmf))
}

/// The same for `observed` successes in `n` trials of which a share of `p` should succeed, as R's `binom.test` has it.
/// Nothing where there are more successes than trials or `p` is no share.
pub fn binomial_test(observed: u64, n: u64, p: f64) -> Option<f64> {
    if observed > n || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let (total, mean) = (n as f64, n as f64 * p);
    if p == 0.0 || p == 1.0 {
        return Some(if observed as f64 == mean { 1.0 } else { 0.0 });
    }
    let pmf = |count: u64| {
        let x = count as f64;
        let rest = total - x;
        if count == 0 || count == n {
            let (share, trials) = if count == 0 { (-p, rest) } else { (p - 1.0, x) };
            return libm::exp(trials * libm::log1p(share));
        }
        let log = stirling_error(total)
            - stirling_error(x)
            - stirling_error(rest)
            - deviance(x, mean)
            - deviance(rest, total * (1.0 - p));
        libm::exp(log) * libm::sqrt(total / (2.0 * PI * x * rest))
    };
    Some(two_sided(observed, n, mean, mean * (1.0 - p), &pmf))
}

/// Sums the probabilities of all counts from 0 to `most` that are no more probable than the observed one.
fn two_sided(observed: u64, most: u64, mean: f64, variance: f64, pmf: &dyn Fn(u64) -> f64) -> f64 {
    let off = (observed as f64 - mean).abs();
    if variance > MOST {
        // Twice the upper tail of the standard normal, with the correction for whole numbers.
        return libm::erfc((off - 0.5).max(0.0) / libm::sqrt(2.0 * variance)).min(1.0);
    }
    // Probabilities that are equal must count as equal, whatever rounding did to them: R's tolerance.
    let limit = pmf(observed) * (1.0 + 1e-7);
    let below = observed as f64 <= mean;
    // The first count on the far side of the mean that is as improbable; probabilities fall from the mean outward.
    let (mut near, mut far) = if below {
        let reach = mean + 2.0 * off + 40.0 * libm::sqrt(variance) + 100.0;
        (libm::ceil(mean) as u64, (reach as u64).min(most))
    } else {
        (0, libm::floor(mean) as u64)
    };
    // `far + 1` and `near − 1` stand for "none".
    while near <= far {
        let middle = near.plus(far.minus(near) / 2);
        let improbable = pmf(middle) <= limit;
        if improbable == below {
            let Some(next) = middle.checked_sub(1) else { break };
            far = next;
        } else {
            near = middle.plus(1);
        }
    }
    let upward = |start: u64| tail((start..=most).map(pmf));
    let downward = |start: u64| tail((0..=start).rev().map(pmf));
    let total = if below {
        downward(observed) + upward(near)
    } else {
        upward(observed) + near.checked_sub(1).map_or(0.0, downward)
    };
    total.min(1.0)
}

/// Adds probabilities that fall, until they no longer change the sum.
fn tail(probabilities: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 0.0;
    for probability in probabilities {
        let next = sum + probability;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln(n!) less Stirling's formula for it (Loader 2000, "Fast and Accurate Computation of Binomial Probabilities").
fn stirling_error(n: f64) -> f64 {
    if n == 0.0 {
        return 0.0;
    }
    if n < 16.0 {
        return libm::lgamma(n + 1.0) - (n + 0.5) * libm::log(n) + n - 0.5 * libm::log(2.0 * PI);
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / n
}

/// x ln(x ÷ mean) + mean − x without losing digits where the two are close (Loader's `bd0`).
fn deviance(x: f64, mean: f64) -> f64 {
    if x == 0.0 {
        return mean;
    }
    let difference = x - mean;
    let v = difference / (x + mean);
    if v.abs() >= 0.1 {
        return x * libm::log(x / mean) - difference;
    }
    let mut sum = difference * v;
    let mut term = 2.0 * x * v;
    for odd in (3_u32..200).step_by(2) {
        term *= v * v;
        let next = sum + term / f64::from(odd);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= 1e-9 * expected, "{found}, expected {expected}");
    }

    /// With scipy 1.17.1: `poisson.cdf` and `poisson.sf` at the two ends of the counts k with `poisson.pmf(k, mean)` at
    /// most `poisson.pmf(observed, mean) * (1 + 1e-7)`, which is what R's `poisson.test` adds up.
    #[test]
    fn counts_against_scipy() {
        for (observed, mean, expected) in [
            (11, 6.22, 0.066_747_836_830_971_37),
            (0, 3.0, 0.083_295_603_676_705_16),
            (3, 10.0, 0.024_613_664_272_975_39),
            (20, 10.0, 0.003_953_741_203_244_166_5),
            (100, 120.0, 0.067_817_647_287_600_4),
            (150, 120.0, 0.008_024_910_905_841_148),
            (42, 30.0, 0.035_039_741_678_405_06),
            (1, 0.02, 0.019_801_326_693_244_7),
            (0, 0.5, 1.0),
            (10, 10.0, 1.0),
            (10, 10.5, 1.0),
            (1_000_500, 1_000_000.0, 0.617_075_047_196_355_4),
            (997_000, 1_000_000.0, 0.002_690_943_424_678_290_7),
            (137, 24.198_93, 2.845_227_264_114_624_5e-56),
        ] {
            near(poisson_test(observed, mean), expected);
        }
        assert_eq!(poisson_test(0, 0.0), Some(1.0));
        assert_eq!(poisson_test(2, 0.0), Some(0.0));
        assert_eq!(poisson_test(2, -1.0), None);
        assert_eq!(poisson_test(2, f64::NAN), None);
    }

    /// `scipy.stats.binomtest(k, n, p).pvalue` of scipy 1.17.1. The first is the example of R's `binom.test` (Conover,
    /// Mendel's peas), printed there as 0.3825.
    #[test]
    fn shares_against_scipy() {
        for (observed, n, p, expected) in [
            (682, 925, 0.75, 0.382_491_559_574_851_7),
            (3, 10, 0.5, 0.343_75),
            (0, 20, 0.1, 0.254_529_978_024_904_35),
            (20, 20, 0.95, 0.622_646_397_466_694_9),
            (45, 100, 0.6, 0.002_899_927_689_329_922),
            (60, 100, 0.6, 1.0),
            (7, 12, 0.9, 0.004_329_343_269_999_996),
            (980, 1000, 0.99, 0.003_767_604_241_306_408_4),
            (99_500, 100_000, 0.995, 1.0),
            (99_400, 100_000, 0.995, 1.350_075_377_328_248e-5),
        ] {
            near(binomial_test(observed, n, p), expected);
        }
        assert_eq!(binomial_test(4, 3, 0.5), None);
        assert_eq!(binomial_test(3, 3, 1.0), Some(1.0));
        assert_eq!(binomial_test(2, 3, 1.0), Some(0.0));
        assert_eq!(binomial_test(0, 3, 1.5), None);
    }

    proptest! {
        /// All counts no more probable than the observed one, added up one by one.
        #[test]
        fn as_the_plain_sum(observed in 0_u64..60, mean in 0.01_f64..40.0) {
            let log = |k: u64| k as f64 * mean.ln() - mean - (1..=k).map(|i| (i as f64).ln()).sum::<f64>();
            let limit = log(observed).exp() * (1.0 + 1e-7);
            let plain: f64 = (0..400).map(|k| log(k).exp()).filter(|p| *p <= limit).sum();
            let found = poisson_test(observed, mean).unwrap();
            prop_assert!((found - plain.min(1.0)).abs() < 1e-9, "{found} {plain}");
        }

        #[test]
        fn never_panics_and_is_a_probability(observed in any::<u64>(), n in any::<u64>(), mean in any::<f64>()) {
            for p in [poisson_test(observed, mean), binomial_test(observed, n, mean.rem_euclid(1.0))].into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&p), "{p}");
            }
        }
    }
}
