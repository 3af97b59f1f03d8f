//! Whether several judges put things in the same order.

use crate::sum::Sum;

/// Kendall's coefficient of concordance W with correction for ties (Kendall & Babington Smith 1939; Siegel 1956), from 0
/// to 1: 12 × Σ (rank sum − its mean)² ÷ (m² (n³ − n) − m Σ (t³ − t)). Each of m judges gives a number to each of n
/// things. Nothing where there are fewer than two things or each judge gives the same to all.
pub fn concordance(judges: &[Vec<i64>]) -> Option<f64> {
    let (m, n) = (judges.len() as f64, judges.first()?.len() as f64);
    // Twice the rank is whole, so that sums are exact.
    let mut sums = vec![0_i64; judges.first()?.len()];
    let mut ties = 0.0;
    for numbers in judges {
        for (number, sum) in numbers.iter().zip(&mut sums) {
            let below = numbers.iter().filter(|other| *other < number).count() as i64;
            let same = numbers.iter().filter(|other| *other == number).count() as i64;
            *sum = sum.plus(below.times(2)).plus(same).plus(1);
            // Each of t tied things adds t² − 1, all of them t³ − t.
            ties += (same as f64) * (same as f64) - 1.0;
        }
    }
    let mean = m * (n + 1.0);
    let squares: f64 = sums.iter().map(|sum| (*sum as f64 - mean) * (*sum as f64 - mean)).sum();
    let most = m * m * (n * n * n - n) - m * ties;
    (n > 1.0 && most > 0.0).then(|| (3.0 * squares / most).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?}, expected {expected}");
    }

    /// Three judges of six applicants (Siegel 1956, Nonparametric Statistics, p. 230): rank sums 8, 14, 11, 11, 11, 8,
    /// their mean 10.5, so the sum of squares is 25.5, and W = 12 × 25.5 ÷ (9 × 210) = 0.162.
    #[test]
    fn published() {
        let judges = [vec![1, 6, 3, 2, 5, 4], vec![1, 5, 6, 4, 2, 3], vec![6, 3, 2, 5, 4, 1]];
        near(concordance(&judges), 12.0 * 25.5 / (9.0 * 210.0));
    }

    /// W = χ² ÷ (m (n − 1)) with χ² of `scipy.stats.friedmanchisquare` (SciPy 1.17.1), which corrects for ties: 1.875 for
    /// these four things under three judges.
    #[test]
    fn ties() {
        let judges = [vec![1, 1, 2, 3], vec![2, 2, 2, 1], vec![1, 4, 4, 9]];
        near(concordance(&judges), 1.875 / 9.0);
        // Order of judges and of things doesn't matter, nor does the scale.
        let turned = [vec![90, 40, 40, 10], vec![3, 2, 1, 1], vec![5, 6, 6, 6]];
        near(concordance(&turned), 1.875 / 9.0);
    }

    #[test]
    fn at_the_ends() {
        near(concordance(&[vec![1, 2, 3], vec![10, 20, 30]]), 1.0);
        near(concordance(&[vec![1, 2, 3], vec![3, 2, 1]]), 0.0);
        assert_eq!(concordance(&[vec![1, 1], vec![2, 2]]), None);
        assert_eq!(concordance(&[vec![1], vec![2]]), None);
        assert_eq!(concordance(&[]), None);
    }
}
