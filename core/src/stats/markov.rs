//! What a channel is worth to an order-1 Markov chain of touches: its removal effect, by exact solution.

use crate::list::List;
use crate::sum::Sum;

/// Channels beyond which solving takes too long.
pub const MOST_CHANNELS: usize = 100;

/// An order-1 chain of touches, solved. Its states are the channels, the start, converted and lost; the last two absorb.
#[derive(Debug, Clone)]
pub struct Chain {
    /// How probable it is to be converted from the start.
    conversion: f64,
    /// How probable it is to be converted from the start by a way that leads through each channel.
    through: Vec<f64>,
}

impl Chain {
    /// A chain from counts: `count(from, to)` for `from` in `0..=channels` (the last is the start) and `to` in
    /// `0..channels + 2` (the last two are converted and lost).
    pub fn new(channels: usize, count: &dyn Fn(usize, usize) -> f64) -> Self {
        let n = channels;
        let row = |from: usize| -> Vec<f64> {
            let counts: Vec<f64> = (0..n.plus(2)).map(|to| count(from, to)).list();
            let all: f64 = counts.iter().sum();
            counts.into_iter().map(|count| if all > 0.0 { count / all } else { 0.0 }).list()
        };
        let rows: Vec<Vec<f64>> = (0..=n).map(row).list();
        // I − Q, and beside it I, which elimination turns into the expected visits of each channel from each.
        let line = |(from, row): (usize, &Vec<f64>)| -> Vec<f64> {
            let left = row.iter().take(n).enumerate().map(|(to, share)| f64::from(u8::from(from == to)) - share);
            left.chain((0..n).map(|to| f64::from(u8::from(from == to)))).list()
        };
        let mut system: Vec<Vec<f64>> = rows.iter().take(n).enumerate().map(line).list();
        eliminate(&mut system);
        let visits = |from: usize, to: usize| at(&system, from, n.plus(to));
        let start = |to: usize| at(&rows, n, to);
        let won = |from: usize| (0..n).fold(0.0, |sum, to| sum + visits(from, to) * at(&rows, to, n)).clamp(0.0, 1.0);
        let through = (0..n).map(|channel| {
            // What is ever reached is visited as often as from there on, once it has been reached.
            let all = (0..n).fold(0.0, |sum, from| sum + start(from) * visits(from, channel));
            let again = visits(channel, channel);
            if again > 0.0 { (all / again).clamp(0.0, 1.0) * won(channel) } else { 0.0 }
        });
        let through = through.list();
        let conversion = (0..n).fold(start(n), |sum, to| sum + start(to) * won(to));
        Self { conversion, through }
    }

    /// How probable it is to be converted from the start, with one channel taken out: who would go to it is lost.
    pub fn conversion(&self, without: Option<usize>) -> f64 {
        let lost = without.and_then(|channel| self.through.get(channel)).copied();
        self.conversion - lost.unwrap_or(0.0)
    }

    /// 1 − conversion without a channel ÷ conversion, for each; nothing where nobody converts.
    pub fn removal_effects(&self) -> Option<Vec<f64>> {
        let effect = |through: &f64| (through / self.conversion).clamp(0.0, 1.0);
        (self.conversion > 0.0).then(|| self.through.iter().map(effect).list())
    }
}

fn at(rows: &[Vec<f64>], row: usize, column: usize) -> f64 {
    rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
}

/// Gauss–Jordan elimination with pivots: the left half becomes I. A state that is never left for good stays as it is.
fn eliminate(system: &mut [Vec<f64>]) {
    let n = system.len();
    for column in 0..n {
        let mut pivot = column;
        for row in column..n {
            if at(system, row, column).abs() > at(system, pivot, column).abs() {
                pivot = row;
            }
        }
        let lead = at(system, pivot, column);
        if lead.abs() < 1e-14 {
            continue;
        }
        system.swap(column, pivot);
        let mut own = system.get(column).cloned().unwrap_or_default();
        own.iter_mut().for_each(|cell| *cell /= lead);
        for (index, row) in system.iter_mut().enumerate() {
            let factor = row.get(column).copied().unwrap_or(0.0);
            if index == column {
                row.clone_from(&own);
            } else if factor != 0.0 {
                for (cell, own) in row.iter_mut().zip(&own) {
                    *cell -= factor * own;
                }
            }
        }
    }
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
