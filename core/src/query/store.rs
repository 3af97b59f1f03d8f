//! What a session remembers: measures made, measures begun, and the span of dates.

use super::MOST_JOBS;
use super::ask::Ask;
use crate::kpi::Parameters;
use crate::map::Map;
use crate::measure::Measure;
use crate::table::{Column, Dataset, is_known};
use crate::view::{FilterField, FilterValue};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;

/// What a measure is a measure of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MeasureKey {
    pub(crate) kpi: &'static str,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) as_of: i64,
    pub(crate) parameters: Parameters,
    pub(crate) filter: Rc<Map<String, Vec<String>>>,
    pub(crate) except: Option<Rc<Except>>,
    /// Only of rows that may count: what is left out is not known.
    pub(crate) narrow: bool,
}

/// A field and the values of it that are left out.
pub(crate) type Except = (String, Vec<String>);

/// Measures kept between questions, of a few kilobytes each; one question may need more while it is worked on.
const MOST_MEASURES: usize = 4000;

#[derive(Debug, Default)]
pub(crate) struct Store {
    kept: Map<MeasureKey, Kept>,
    begun: Vec<Begun>,
    clock: Cell<i64>,
}

#[derive(Debug)]
struct Kept {
    measure: Rc<Measure>,
    used: Cell<i64>,
}

/// A pass that is not through yet, of which each job has one at most: what it measures, the row with which it goes on,
/// and what the rows before it left.
type Begun = (Vec<MeasureKey>, usize, Vec<Measure>);

impl Store {
    pub(crate) fn has(&self, key: &MeasureKey) -> bool {
        self.kept.contains_key(key)
    }

    pub(crate) fn get(&self, key: &MeasureKey) -> Option<Rc<Measure>> {
        let kept = self.kept.get(key)?;
        kept.used.set(self.tick());
        Some(Rc::clone(&kept.measure))
    }

    pub(crate) fn put(&mut self, pass: &[Ask], measures: Vec<Measure>) {
        for (ask, measure) in pass.iter().zip(measures) {
            let used = Cell::new(self.tick());
            self.kept.insert(ask.key.clone(), Kept { measure: Rc::new(measure), used });
        }
    }

    /// The next row of a pass, and what the rows before it left.
    pub(crate) fn begun(&mut self, pass: &[Ask]) -> (usize, Vec<Measure>) {
        let is = |begun: &Begun| begun.0.iter().eq(pass.iter().map(|ask| &ask.key));
        let at = self.begun.iter().position(is);
        at.map_or_else(Default::default, |at| {
            let (_, next, measures) = self.begun.remove(at);
            (next, measures)
        })
    }

    pub(crate) fn keep_begun(&mut self, pass: &[Ask], next: usize, measures: Vec<Measure>) {
        self.begun.push((pass.iter().map(|ask| ask.key.clone()).collect(), next, measures));
        self.begun.drain(..self.begun.len().saturating_sub(MOST_JOBS));
    }

    /// Once there are too many measures, forgets the quarter that was not used for longest.
    pub(crate) fn trim(&mut self) {
        if self.kept.len() <= MOST_MEASURES {
            return;
        }
        let mut ages: Vec<i64> = self.kept.values().map(|kept| kept.used.get()).collect();
        ages.sort_unstable();
        let oldest = ages.get(ages.len() / 4).copied().unwrap_or(0);
        self.kept.retain(|_, kept| kept.used.get() >= oldest);
    }

    fn tick(&self) -> i64 {
        self.clock.set(self.clock.get().saturating_add(1));
        self.clock.get()
    }
}

/// The earliest and latest date of every column of instants, and what can be filtered by.
#[derive(Debug, Default)]
pub(crate) struct Spans(Vec<Span>, OnceCell<Vec<FilterField>>);

/// Table, field, and the span of its dates.
type Span = (String, String, (i64, i64));

impl Spans {
    pub(crate) fn new(dataset: &Dataset) -> Self {
        let mut spans = Vec::new();
        for (name, table) in &dataset.tables {
            for (field, column) in &table.columns {
                let Column::Time(cells) = column else { continue };
                let mut known = cells.iter().copied().filter(|cell| is_known(*cell));
                let Some(first) = known.next() else { continue };
                let span = known.fold((first, first), |(low, high), cell| (low.min(cell), high.max(cell)));
                spans.push((name.clone(), field.clone(), span));
            }
        }
        Self(spans, OnceCell::new())
    }

    /// What can be filtered by, found when first asked for.
    pub(crate) fn offered(&self, find: impl FnOnce() -> Vec<FilterField>) -> &[FilterField] {
        self.1.get_or_init(find)
    }

    /// The values that are offered of a field, if anybody has asked for them; the most frequent first.
    pub(crate) fn values(&self, field: &str) -> &[FilterValue] {
        let offered = self.1.get().and_then(|fields| fields.iter().find(|offered| offered.field == field));
        offered.map_or(&[], |offered| &offered.values)
    }

    pub(crate) fn of(&self, table: &str, field: &str) -> Option<(i64, i64)> {
        self.0.iter().find(|(of, date, _)| of == table && date == field).map(|(_, _, span)| *span)
    }

    /// The earliest and latest date of all.
    pub(crate) fn whole(&self) -> Option<(i64, i64)> {
        self.0.iter().map(|(_, _, span)| *span).reduce(|(low, high), (first, last)| (low.min(first), high.max(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::of;
    use crate::period::Period;

    fn ask(as_of: i64) -> Ask {
        let key = MeasureKey {
            kpi: "win_rate",
            start: None,
            end: None,
            as_of,
            parameters: Parameters::default(),
            filter: Rc::default(),
            except: None,
            narrow: false,
        };
        Ask { key, period: Period::all(), kpi: of("win_rate") }
    }

    /// A question that nobody asks on leaves what it had begun; it must not stay for ever.
    #[test]
    fn what_was_begun_and_left_is_forgotten() {
        let mut store = Store::default();
        for at in 0..1000 {
            store.keep_begun(&[ask(at)], 7, vec![Measure::default()]);
        }
        assert_eq!(store.begun.len(), MOST_JOBS);
        assert_eq!(store.begun(&[ask(999)]).0, 7);
        assert_eq!(store.begun(&[ask(0)]).0, 0);
        // Who goes on with it takes it out.
        assert_eq!(store.begun(&[ask(999)]).0, 0);
    }

    #[test]
    fn what_was_used_lately_is_kept() {
        let mut store = Store::default();
        for at in 0..=MOST_MEASURES as i64 {
            store.put(&[ask(at)], vec![Measure::default()]);
            store.get(&ask(0).key);
        }
        store.trim();
        assert!(store.has(&ask(0).key) && store.has(&ask(MOST_MEASURES as i64).key));
        assert!(!store.has(&ask(1).key));
        assert_eq!(store.kept.len(), MOST_MEASURES - MOST_MEASURES / 4 + 1);
    }
}
