//! What a channel is worth to an order-1 Markov chain of touches: its removal effect, by exact solution.

/// Channels beyond which solving takes too long.
pub const MOST_CHANNELS: usize = 100;

/// Transitions between touches. States are `0..channels`, then start, converted and lost, which absorb.
#[derive(Debug, Clone)]
pub struct Chain {
    channels: usize,
    /// Rows from each channel and, last, from the start: to each channel and, last, to converted; as probabilities.
    rows: Vec<Vec<f64>>,
}

impl Chain {
    /// A chain from counts: `count(from, to)` for `from` in `0..=channels` (the last is the start) and `to` in
    /// `0..channels + 2` (the last two are converted and lost).
    pub fn new(channels: usize, count: &dyn Fn(usize, usize) -> f64) -> Self {
        let row = |from: usize| {
            let counts: Vec<f64> = (0..channels.saturating_add(2)).map(|to| count(from, to)).collect();
            let all: f64 = counts.iter().sum();
            let to = channels.saturating_add(1);
            counts.into_iter().take(to).map(|count| if all > 0.0 { count / all } else { 0.0 }).collect()
        };
        Self { channels, rows: (0..=channels).map(row).collect() }
    }

    /// How probable it is to be converted from the start, with one channel taken out: who would go to it is lost.
    pub fn conversion(&self, without: Option<usize>) -> f64 {
        let n = self.channels;
        let probability =
            |from: usize, to: usize| self.rows.get(from).and_then(|row| row.get(to)).copied().unwrap_or(0.0);
        // x = Q x + b for the channels, by elimination with pivots: (I − Q | b).
        let mut system: Vec<Vec<f64>> = (0..n)
            .map(|from| {
                let cell = |to: usize| {
                    let here = f64::from(from == to);
                    if Some(from) == without || Some(to) == without { here } else { here - probability(from, to) }
                };
                let mut row: Vec<f64> = (0..n).map(cell).collect();
                row.push(if Some(from) == without { 0.0 } else { probability(from, n) });
                row
            })
            .collect();
        let solved = solve(&mut system);
        let through = solved.iter().enumerate().filter(|(to, _)| Some(*to) != without);
        through.fold(probability(n, n), |sum, (to, x)| sum + probability(n, to) * x)
    }

    /// 1 − conversion without a channel ÷ conversion, for each; nothing where nobody converts.
    pub fn removal_effects(&self) -> Option<Vec<f64>> {
        let whole = self.conversion(None);
        (whole > 0.0).then(|| {
            let effect = |channel| (1.0 - self.conversion(Some(channel)) / whole).clamp(0.0, 1.0);
            (0..self.channels).map(effect).collect()
        })
    }
}

/// Solves a system whose rows end with their right side. A state that is never left for good has the value 0.
fn solve(system: &mut [Vec<f64>]) -> Vec<f64> {
    let n = system.len();
    let at = |system: &[Vec<f64>], row: usize, column: usize| {
        system.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
    };
    for column in 0..n {
        let mut pivot = column;
        for row in column..n {
            if at(system, row, column).abs() > at(system, pivot, column).abs() {
                pivot = row;
            }
        }
        system.swap(column, pivot);
        let own = system.get(column).cloned().unwrap_or_default();
        let lead = own.get(column).copied().unwrap_or(0.0);
        if lead.abs() < 1e-14 {
            continue;
        }
        for (index, row) in system.iter_mut().enumerate() {
            let factor = row.get(column).copied().unwrap_or(0.0) / lead;
            if index != column && factor != 0.0 {
                for (cell, own) in row.iter_mut().zip(&own) {
                    *cell -= factor * own;
                }
            }
        }
    }
    let solution = |row: usize| {
        let lead = at(system, row, row);
        if lead.abs() < 1e-14 { 0.0 } else { (at(system, row, n) / lead).clamp(0.0, 1.0) }
    };
    (0..n).map(solution).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;

    /// Counts of paths: (channels, conversions, lost).
    fn chain(channels: usize, paths: &[(&[usize], u32, u32)]) -> Chain {
        let (start, converted, lost) = (channels, channels, channels + 1);
        let mut counts = vec![vec![0.0; channels + 2]; channels + 1];
        for (path, won, not) in paths {
            let all = f64::from(won + not);
            let mut from = start;
            for to in *path {
                counts[from][*to] += all;
                from = *to;
            }
            counts[from][converted] += f64::from(*won);
            counts[from][lost] += f64::from(*not);
        }
        Chain::new(channels, &|from, to| counts[from][to])
    }

    fn close(found: f64, expected: &serde_json::Value) {
        let expected = expected.as_f64().unwrap();
        assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
    }

    /// A worked example of the removal effect: C1 → C2 → C3 → converted; C1 → lost; C2 → C3 → lost.
    #[test]
    fn three_channels() {
        let case = &reference()["markov_c1c2c3"];
        let chain = chain(3, &[(&[0, 1, 2], 1, 0), (&[0], 0, 1), (&[1, 2], 0, 1)]);
        close(chain.conversion(None), &case["probability"]);
        close(chain.conversion(Some(0)), &case["without_C1"]);
        let effects = chain.removal_effects().unwrap();
        let all: f64 = effects.iter().sum();
        for (effect, channel) in effects.iter().zip(["C1", "C2", "C3"]) {
            close(*effect, &case["removal_effect"][channel]);
            close(effect / all, &case["credit"][channel]);
        }
    }

    /// A worked example: g twice converted and once lost, m once converted, g → m once converted.
    #[test]
    fn two_channels() {
        let case = &reference()["markov_gm"];
        let chain = chain(2, &[(&[0], 2, 1), (&[1], 1, 0), (&[0, 1], 1, 0)]);
        close(chain.conversion(None), &case["probability"]);
        let effects = chain.removal_effects().unwrap();
        let all: f64 = effects.iter().sum();
        for (effect, channel) in effects.iter().zip(["g", "m"]) {
            close(*effect, &case["removal_effect"][channel]);
            close(effect / all, &case["credit"][channel]);
        }
    }

    /// A channel that follows itself: start → a, a → a 2 of 4, a → converted 1 of 4, a → lost 1 of 4: x = x ÷ 2 + 1 ÷ 4,
    /// so x = 1 ÷ 2. One that is never left converts nobody.
    #[test]
    fn loops() {
        let counts = [[2.0, 1.0, 1.0], [4.0, 0.0, 0.0]];
        let chain = Chain::new(1, &|from, to| counts[from][to]);
        assert!((chain.conversion(None) - 0.5).abs() < 1e-12);
        let trap = Chain::new(1, &|_, to| f64::from(to == 0));
        assert_eq!(trap.conversion(None), 0.0);
        assert_eq!(trap.removal_effects(), None);
    }
}
