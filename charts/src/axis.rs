//! Axes: from where to where, with few ticks at clean numbers.

use crate::Within;
use mops_core::list::List;

/// A linear axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    pub low: f64,
    /// Above `low`.
    pub high: f64,
    /// Clean numbers within, in order; may be empty.
    pub ticks: Vec<f64>,
}

/// Beyond this, differences of values and positions would no longer be finite.
const LIMIT: f64 = 1e100;

/// The smallest and largest finite value; nothing where there is none.
pub(crate) fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let mut extent: Option<(f64, f64)> = None;
    for value in values {
        if value.is_finite() {
            let value = value.within(-LIMIT, LIMIT);
            extent = Some(extent.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
        }
    }
    extent
}

impl Axis {
    /// From `low` to `high` exactly, without ticks.
    pub(crate) fn exact(low: f64, high: f64) -> Self {
        let (low, high) = widen(low, high);
        Self { low, high, ticks: Vec::new() }
    }

    /// From a clean number at or below `low` to one at or above `high`, with about `count` steps of 1, 2 or 5 times
    /// a power of ten, not smaller than `least`.
    pub(crate) fn clean(low: f64, high: f64, count: usize, least: f64) -> Self {
        let (low, high) = widen(low, high);
        let step = clean_step((high - low) / count.max(1) as f64).max(least);
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let steps = last - first;
        // Where values differ only in their last digits, steps get lost in rounding: no ticks then.
        if !(1.0..=40.0).contains(&steps) || first.abs() > 1e12 {
            return Self { low, high, ticks: Vec::new() };
        }
        let ticks = (0..=steps as u32).map(|index| (first + f64::from(index)) * step).list();
        Self { low: first * step, high: last * step, ticks }
    }

    /// The same, up to the exact `high`: for an axis that ends with its data.
    pub(crate) fn clean_within(low: f64, high: f64, count: usize, least: f64) -> Self {
        let mut axis = Self::clean(low, high, count, least);
        let (low, high) = widen(low, high);
        axis.ticks.retain(|tick| (low..=high).contains(tick));
        Self { low, high, ..axis }
    }
}

fn widen(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.within(-LIMIT, LIMIT), high.within(-LIMIT, LIMIT));
    if high - low > high.abs().max(low.abs()) * 1e-9 {
        return (low, high);
    }
    let room = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
    (low - room, high + room)
}

fn clean_step(raw: f64) -> f64 {
    let mut power: f64 = 1.0;
    while power * 10.0 <= raw {
        power *= 10.0;
    }
    while power > raw && power > 1e-100 {
        power /= 10.0;
    }
    let times = raw / power;
    power
        * if times <= 1.0 + 1e-9 {
            1.0
        } else if times <= 2.0 {
            2.0
        } else if times <= 5.0 {
            5.0
        } else {
            10.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_clean() {
        assert_eq!(Axis::clean(0.0, 0.93, 4, 0.0).ticks, [0.0, 0.5, 1.0]);
        assert_eq!(Axis::clean(0.0, 87.0, 4, 0.0).ticks, [0.0, 50.0, 100.0]);
        assert_eq!(Axis::clean(3.0, 3.0, 4, 0.0).ticks.len(), 5);
        assert_eq!(Axis::clean_within(0.0, 87.0, 5, 0.0).ticks, [0.0, 20.0, 40.0, 60.0, 80.0]);
        for (low, high) in [(0.0, 0.0), (-1e300, 1e300), (1e15, 1e15 + 0.1), (1e-300, 2e-300), (-5.0, 5.0)] {
            let axis = Axis::clean(low, high, 4, 0.0);
            assert!(axis.low < axis.high && axis.ticks.len() < 12, "{axis:?}");
            assert!(axis.low.is_finite() && axis.high.is_finite());
        }
    }
}
