//! Quantiles of exact counts.

use super::Z95;
use crate::map::Map;
use crate::sum::Sum;

/// Value → how often.
pub type Counts = Map<i64, u64>;

/// How many values there are.
pub fn total(counts: &Counts) -> u64 {
    counts.values().fold(0, |sum, times| sum.plus(*times))
}

/// The `rank`th smallest value, from 1.
pub fn order_statistic(counts: &Counts, rank: u64) -> Option<i64> {
    let mut seen = 0_u64;
    if rank == 0 {
        return None;
    }
    counts.iter().find_map(|(value, times)| {
        seen = seen.plus(*times);
        (seen >= rank).then_some(*value)
    })
}

/// The median: the middle value, or the mean of the two middle ones where their number is even (the usual
/// definition; R's `quantile` types 2 and 7 agree with it here).
pub fn median(counts: &Counts) -> Option<f64> {
    let n = total(counts);
    let low = order_statistic(counts, n.div_ceil(2))?;
    let high = order_statistic(counts, (n / 2).plus(1))?;
    Some((low as f64 + high as f64) / 2.0)
}

/// The arithmetic mean.
pub fn mean(counts: &Counts) -> Option<f64> {
    let n = total(counts);
    let sum = counts.iter().fold(0_i128, |sum, (value, times)| sum.plus(i128::from(*value).times(i128::from(*times))));
    (n > 0).then(|| sum as f64 / n as f64)
}

/// The distribution-free interval of the median from order statistics: the values of ranks `l` and `n + 1 − l`,
/// where `l` is the largest rank for which a binomial(n, ½) puts at most 2.5% below it, so that the coverage is at
/// least 95% (Conover, *Practical Nonparametric Statistics*, 3rd ed., §3.2). Nothing below 6 values, where no such
/// rank exists.
pub fn median_interval(counts: &Counts) -> Option<[i64; 2]> {
    let n = total(counts);
    let low = lower_rank(n)?;
    Some([order_statistic(counts, low)?, order_statistic(counts, n.plus(1).minus(low))?])
}

/// The largest `l` with P(B ≤ l − 1) ≤ 0.025 for B ~ binomial(n, ½). Exact up to 1,000; the normal approximation
/// with continuity correction above, where the two agree.
fn lower_rank(n: u64) -> Option<u64> {
    if n > 1000 {
        let half = n as f64 / 2.0;
        let rank = half - Z95 * libm::sqrt(n as f64) / 2.0 + 0.5;
        return Some(libm::floor(rank) as u64);
    }
    // 2^-1000 is still a normal f64, so the probabilities can be summed as they are.
    let mut probability = f64::from_bits(1023_u64.minus(n) << 52);
    let mut below = probability;
    let mut rank = 0_u64;
    while below <= 0.025 && rank <= n {
        rank = rank.plus(1);
        probability *= (n as f64 - rank as f64 + 1.0) / rank as f64;
        below += probability;
    }
    (rank > 0).then_some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[i64]) -> Counts {
        let mut counts = Counts::new();
        for value in values {
            *counts.entry(*value).or_default() += 1;
        }
        counts
    }

    #[test]
    fn median_and_mean() {
        assert_eq!(median(&counts(&[])), None);
        assert_eq!(mean(&counts(&[])), None);
        assert_eq!(median(&counts(&[7])), Some(7.0));
        assert_eq!(median(&counts(&[1, 2, 2, 9])), Some(2.0));
        assert_eq!(median(&counts(&[1, 2, 5, 9])), Some(3.5));
        assert_eq!(mean(&counts(&[1, 2, 5, 9])), Some(4.25));
    }

    /// Ranks of the tables in Conover (and of R's `qbinom(0.025, n, 0.5)`): none below 6, then 1, 1, 1, 2, 2; 21
    /// of 54 … the classic pairs (6: 1–6), (9: 2–8), (10: 2–9), (20: 6–15), (100: 40–61).
    #[test]
    fn interval_ranks() {
        assert_eq!(lower_rank(5), None);
        for (n, rank) in [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (100, 40)] {
            assert_eq!(lower_rank(n), Some(rank), "n = {n}");
        }
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(median_interval(&counts(&ten)), Some([2, 9]));
    }

    #[test]
    fn exact_and_approximate_ranks_meet() {
        let exact = lower_rank(1000).unwrap();
        let approximate = lower_rank(1001).unwrap();
        assert!(approximate.abs_diff(exact) <= 1, "{exact} {approximate}");
    }
}
