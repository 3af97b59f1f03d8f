//! Shapley values of a game in which a path is won by the channels on it together.

use crate::sort::sorted;

/// The Shapley values of channels `0..channels` in the game v(S) = Σ worth of the paths all of whose channels are in S.
/// Each path is worth nothing to fewer channels than all of its own, so its worth is divided by them equally: exact
/// for any number of channels (Zhao, Mahboobi & Bagheri 2018, "Shapley Value Methods for Attribution Modeling in Online
/// Advertising"), where summing over all coalitions ends at about twenty and sampling leaves an error.
pub fn shapley(channels: usize, paths: &[(Vec<usize>, f64)]) -> Vec<f64> {
    let mut values = vec![0.0; channels];
    for (path, worth) in paths {
        let mut own = sorted(path.clone());
        own.dedup();
        let share = worth / own.len().max(1) as f64;
        for channel in own {
            if let Some(value) = values.get_mut(channel) {
                *value += share;
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;
    use proptest::prelude::*;

    /// By the definition: Σ over coalitions without the channel of |S|! (n − |S| − 1)! ÷ n! × what it adds to them.
    fn by_definition(n: usize, v: &dyn Fn(usize) -> f64) -> Vec<f64> {
        let factorial = |k: usize| (1..=k).map(|k| k as f64).product::<f64>();
        let value = |channel: usize| {
            let without = (0..1_usize << n).filter(|set| set & (1 << channel) == 0);
            without
                .map(|set| {
                    let size = set.count_ones() as usize;
                    factorial(size) * factorial(n - size - 1) / factorial(n) * (v(set | 1 << channel) - v(set))
                })
                .sum()
        };
        (0..n).map(value).collect()
    }

    fn channels_of(set: usize) -> Vec<usize> {
        (0..12).filter(|channel| set & (1 << channel) != 0).collect()
    }

    /// The published three-channel game. Its paths are what each coalition has beyond the coalitions within it:
    /// FO 0.47 − 0.2 − 0.1 = 0.17, FL 0.67 − 0.2 − 0.17 = 0.3, LO 0.27 − 0.17 − 0.1 = 0, all 1 − 0.94 = 0.06.
    #[test]
    fn three_channels() {
        let case = &reference()["shapley_three"];
        let v = |key: &str| case["value"][key].as_f64().unwrap();
        let game = [0.0, v("F"), v("O"), v("FO"), v("L"), v("FL"), v("LO"), v("FLO")];
        let worth = |set: usize| {
            let within = (1..=set).filter(|inner| inner & set == *inner);
            within.fold(0.0, |sum, inner| {
                let sign = if (set ^ inner).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
                sum + sign * game[inner]
            })
        };
        let paths: Vec<(Vec<usize>, f64)> = (1..8).map(|set| (channels_of(set), worth(set))).collect();
        let definition = by_definition(3, &|set| game[set]);
        for ((found, defined), key) in shapley(3, &paths).into_iter().zip(definition).zip(["F", "O", "L"]) {
            let expected = case["shapley"][key].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-9, "{key}: {found}, expected {expected}");
            assert!((defined - expected).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(paths in proptest::collection::vec((1_usize..64, 0.0..9.0_f64), 0..20)) {
            let v = |set: usize| paths.iter().filter(|(path, _)| path & set == *path).map(|(_, worth)| worth).sum();
            let listed: Vec<_> = paths.iter().map(|(path, worth)| (channels_of(*path), *worth)).collect();
            for (found, expected) in shapley(6, &listed).into_iter().zip(by_definition(6, &v)) {
                prop_assert!((found - expected).abs() < 1e-9);
            }
        }
    }
}
