//! What one pass over some rows leaves behind: small, additive, serialisable.

use crate::ledger::Ledger;
use crate::list::List;
use crate::map::Map;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Sums and counts of some rows. Every KPI leaves the same kind of measure, so merging, sending and testing are
/// written once: the measures of two shards merge into the measure of both, whatever the order.
///
/// A shard holds whole records: rows are divided by record id, so that a duplicate meets its twin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Rows looked at.
    pub read: u64,
    /// Rows that count. `used + excluded = read`, always.
    pub used: u64,
    /// Rows left out, by reason.
    pub excluded: Ledger,
    /// The same for parts that count other rows than the whole does, by part.
    pub parts: Map<String, PartRows>,
    /// Sums by series and part: counts, or money in millionths.
    pub sums: Map<Key, i128>,
    /// Exact histograms by series and part: value → how often.
    pub counts: Map<Key, Map<i64, u64>>,
}

/// Which of the rows read a part counts. Its `used + excluded` are the whole's `read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRows {
    /// Rows that count.
    pub used: u64,
    /// Rows left out, by reason.
    pub excluded: Ledger,
}

/// A series of a measure ("reached", "won_amount") and the part it is about (a stage, a month), or "".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub Cow<'static, str>, pub String);

impl Key {
    /// A series that has no parts.
    #[inline(never)]
    pub fn whole(series: &'static str) -> Self {
        Self(Cow::Borrowed(series), String::new())
    }

    /// One part of a series.
    pub fn part(series: &'static str, part: impl Into<String>) -> Self {
        Self(Cow::Borrowed(series), part.into())
    }
}

impl Default for Measure {
    // Written once: every KPI begins with one.
    #[inline(never)]
    fn default() -> Self {
        Self { read: 0, used: 0, excluded: Ledger::default(), parts: Map::new(), sums: Map::new(), counts: Map::new() }
    }
}

impl Measure {
    /// Adds to a sum.
    pub fn add(&mut self, key: Key, value: i128) {
        let sum = self.sums.entry(key).or_default();
        *sum = sum.saturating_add(value);
    }

    /// Notes a total over another table. That table is whole whatever the shard, so the total is the same in each, and
    /// merging keeps it once: it is a value that occurs no further times.
    pub fn note(&mut self, key: Key, total: i64) {
        self.counts.entry(key).or_default().entry(total).or_default();
    }

    /// The totals noted of a series, by part.
    pub fn noted(&self, series: &str) -> Vec<(&str, i64)> {
        let of_series = self.counts.iter().filter(|(key, _)| key.0 == series);
        of_series.filter_map(|(key, values)| Some((key.1.as_str(), *values.keys().next_back()?))).list()
    }

    /// Counts values in a histogram.
    pub fn count(&mut self, key: Key, value: i64, times: u64) {
        let count = self.counts.entry(key).or_default().entry(value).or_default();
        *count = count.saturating_add(times);
    }

    /// A sum, 0 where nothing was added.
    pub fn sum(&self, series: &'static str, part: &str) -> i128 {
        self.sums.get(&Key::part(series, part)).copied().unwrap_or(0)
    }

    /// A sum of records, 0 where none were counted.
    pub fn number(&self, series: &'static str, part: &str) -> u64 {
        u64::try_from(self.sum(series, part)).unwrap_or(0)
    }

    /// A histogram, where anything was counted.
    pub fn histogram(&self, series: &'static str, part: &str) -> Option<&Map<i64, u64>> {
        self.counts.get(&Key::part(series, part))
    }

    /// Adds rows that ingest had to reject: they were read, and no part counts them.
    pub fn reject(&mut self, rejected: &Ledger) {
        self.read = self.read.saturating_add(rejected.total());
        self.excluded.merge(rejected);
        for part in self.parts.values_mut() {
            part.excluded.merge(rejected);
        }
    }

    /// Adds all of another measure.
    pub fn merge(&mut self, other: &Self) {
        self.read = self.read.saturating_add(other.read);
        self.used = self.used.saturating_add(other.used);
        self.excluded.merge(&other.excluded);
        for (key, rows) in &other.parts {
            let part = self.parts.entry(key.clone()).or_default();
            part.used = part.used.saturating_add(rows.used);
            part.excluded.merge(&rows.excluded);
        }
        for (key, value) in &other.sums {
            self.add(key.clone(), *value);
        }
        for (key, histogram) in &other.counts {
            let counts = self.counts.entry(key.clone()).or_default();
            for (value, times) in histogram {
                let count = counts.entry(*value).or_default();
                *count = count.saturating_add(*times);
            }
        }
    }
}
