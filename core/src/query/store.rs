//! What a session remembers: measures made, measures begun, and the span of dates.

use crate::kpi::Parameters;
use crate::measure::Measure;
use crate::table::{Column, Dataset, is_known};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a measure is a measure of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MeasureKey {
    pub(crate) kpi: &'static str,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) as_of: i64,
    pub(crate) parameters: Parameters,
    pub(crate) filter: Rc<BTreeMap<String, Vec<String>>>,
    pub(crate) except: Option<Rc<Except>>,
}

/// A field and the values of it that are left out.
pub(crate) type Except = (String, Vec<String>);

/// Measures kept between questions; one question may need more while it is worked on.
const MOST_MEASURES: usize = 600;

#[derive(Debug, Default)]
pub(crate) struct Store {
    made: BTreeMap<MeasureKey, (Rc<Measure>, Cell<u64>)>,
    begun: BTreeMap<MeasureKey, (usize, Measure)>,
    clock: Cell<u64>,
}

impl Store {
    pub(crate) fn has(&self, key: &MeasureKey) -> bool {
        self.made.contains_key(key)
    }

    pub(crate) fn get(&self, key: &MeasureKey) -> Option<Rc<Measure>> {
        let (measure, used) = self.made.get(key)?;
        used.set(self.tick());
        Some(Rc::clone(measure))
    }

    pub(crate) fn put(&mut self, key: MeasureKey, measure: Measure) {
        let now = self.tick();
        self.made.insert(key, (Rc::new(measure), Cell::new(now)));
    }

    /// The next row to measure, and what the rows before it left.
    pub(crate) fn begun(&mut self, key: &MeasureKey) -> (usize, Measure) {
        self.begun.remove(key).unwrap_or_default()
    }

    pub(crate) fn keep_begun(&mut self, key: &MeasureKey, next: usize, measure: Measure) {
        self.begun.insert(key.clone(), (next, measure));
    }

    /// Forgets the measures that were not used for longest and, once nobody works on anything, those begun.
    pub(crate) fn trim(&mut self, idle: bool) {
        if idle {
            self.begun.clear();
        }
        let surplus = self.made.len().saturating_sub(MOST_MEASURES);
        if surplus > 0 {
            let mut ages: Vec<u64> = self.made.values().map(|(_, used)| used.get()).collect();
            ages.sort_unstable();
            let oldest = ages.get(surplus).copied().unwrap_or(0);
            self.made.retain(|_, (_, used)| used.get() >= oldest);
        }
    }

    fn tick(&self) -> u64 {
        self.clock.set(self.clock.get().saturating_add(1));
        self.clock.get()
    }
}

/// The earliest and latest date of every column of instants.
#[derive(Debug, Default)]
pub(crate) struct Spans(BTreeMap<(String, String), (i64, i64)>);

impl Spans {
    pub(crate) fn new(dataset: &Dataset) -> Self {
        let mut spans = BTreeMap::new();
        for (name, table) in &dataset.tables {
            for (field, column) in &table.columns {
                let Column::Time(cells) = column else { continue };
                let mut known = cells.iter().copied().filter(|cell| is_known(*cell));
                let Some(first) = known.next() else { continue };
                let span = known.fold((first, first), |(low, high), cell| (low.min(cell), high.max(cell)));
                spans.insert((name.clone(), field.clone()), span);
            }
        }
        Self(spans)
    }

    pub(crate) fn of(&self, table: &str, field: &str) -> Option<(i64, i64)> {
        self.0.get(&(table.to_owned(), field.to_owned())).copied()
    }

    /// The earliest and latest date of all.
    pub(crate) fn whole(&self) -> Option<(i64, i64)> {
        self.0.values().copied().reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
    }
}
