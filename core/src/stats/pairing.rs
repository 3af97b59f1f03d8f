//! Pairing conversions with the events they came from, as a plain rule: what `conversion_in_window` is held against.

/// Pairs each conversion with the closest earlier base event within a window, by the rule of MetricFlow's
/// conversion metrics: `base <= conversion <= base + window` (same instant counts), and each conversion is credited
/// once. A base event may be credited with several. All in one unit (days or milliseconds), of one record, in any
/// order; repeated events are one event. Pairs come in order of the conversion.
pub fn pair(bases: &[i64], conversions: &[i64], window: i64) -> Vec<(i64, i64)> {
    let mut bases = bases.to_vec();
    bases.sort_unstable();
    bases.dedup();
    let mut conversions = conversions.to_vec();
    conversions.sort_unstable();
    conversions.dedup();
    let mut pairs: Vec<(i64, i64)> = Vec::new();
    for conversion in conversions {
        let before = bases.partition_point(|base| *base <= conversion);
        let Some(base) = before.checked_sub(1).and_then(|closest| bases.get(closest)) else { continue };
        if conversion.saturating_sub(*base) <= window {
            pairs.push((*base, conversion));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;

    /// The example of the dbt MetricFlow documentation on conversion metrics: visits on 1, 4 and 7 January, buys
    /// on 2 and 7 January, window of 7 days.
    #[test]
    fn metricflow_example() {
        let case = &reference()["conversion_pairs"];
        let day =
            |text: &serde_json::Value| -> i64 { text.as_str().unwrap().trim_start_matches("01-").parse().unwrap() };
        let days = |key: &str| -> Vec<i64> { case[key].as_array().unwrap().iter().map(day).collect() };
        let expected: Vec<(i64, i64)> =
            case["pairs"].as_array().unwrap().iter().map(|pair| (day(&pair[0]), day(&pair[1]))).collect();
        assert_eq!(expected.len(), 2);
        assert_eq!(pair(&days("base"), &days("conversion"), case["window_days"].as_i64().unwrap()), expected);
    }

    #[test]
    fn edges() {
        assert_eq!(pair(&[1], &[8], 7), [(1, 8)], "the far side of the window counts");
        assert_eq!(pair(&[1], &[9], 7), []);
        assert_eq!(pair(&[5], &[4], 7), []);
        assert_eq!(pair(&[1], &[2, 3], 7), [(1, 2), (1, 3)]);
        assert_eq!(pair(&[3, 1], &[3, 3], 7), [(3, 3)]);
    }
}
