//! The score interval of a share.

use super::Z95;

/// The 95% Wilson score interval of `successes` out of `n` (Wilson 1927, JASA 22, 209–212). Nothing where `n` is 0
/// or there are more successes than trials: then it is not a share.
pub fn wilson(successes: u64, n: u64) -> Option<[f64; 2]> {
    if n == 0 || successes > n {
        return None;
    }
    let (x, total) = (successes as f64, n as f64);
    let p = x / total;
    let z2 = Z95 * Z95;
    let scale = 1.0 + z2 / total;
    let centre = p + z2 / (2.0 * total);
    let half = Z95 * libm::sqrt(p * (1.0 - p) / total + z2 / (4.0 * total * total));
    // The limits are exactly 0 and 1 at the ends; rounding must not say otherwise.
    let low = if successes == 0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
    let high = if successes == n { 1.0 } else { ((centre + half) / scale).min(1.0) };
    Some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;

    /// R binom's `binom.confint(method = "wilson")`, as tabulated in statsmodels' tests.
    #[test]
    fn r_binom() {
        let cases = reference()["wilson"].as_array().unwrap().clone();
        assert_eq!(cases.len(), 5);
        for case in cases {
            let [low, high] = wilson(case["successes"].as_u64().unwrap(), case["n"].as_u64().unwrap()).unwrap();
            assert!((low - case["low"].as_f64().unwrap()).abs() < 1e-6, "{case}: {low}");
            assert!((high - case["high"].as_f64().unwrap()).abs() < 1e-6, "{case}: {high}");
        }
    }

    #[test]
    fn ends() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
        assert_eq!(wilson(0, 7).unwrap()[0], 0.0);
        assert_eq!(wilson(7, 7).unwrap()[1], 1.0);
    }
}
