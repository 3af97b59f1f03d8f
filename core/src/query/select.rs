//! Rows by filter: looked for once, so that every measure behind a filter looks only at the rows that pass.

use super::narrow::Dates;
use super::store::Except;
use crate::charter::Charter;
use crate::kpi::scan::Tally;
use crate::kpi::{Filter, Kpi, Parameters};
use crate::ledger::{Ledger, Reason};
use crate::map::Map;
use crate::measure::Measure;
use crate::period::Period;
use crate::table::Table;
use std::rc::Rc;

/// The rows of a table that pass a filter, and what the ledger says of the others.
#[derive(Debug)]
pub(crate) struct Selection {
    /// In order; nothing where all rows pass.
    pub(crate) rows: Option<Vec<u32>>,
    outside: Ledger,
    dates: Dates,
}

impl Selection {
    #[cfg_attr(speed, optimize(speed))]
    fn new(table: &Table, filter: Option<&Filter>) -> Self {
        let Some(filter) = filter else {
            return Self { rows: None, outside: Ledger::default(), dates: Dates::default() };
        };
        let rows = filter.rows(table.rows);
        let mut tally = Tally::new(table);
        for row in 0..table.rows {
            if tally.may_show(row, Reason::OutsideFilter) && !filter.passes(row) {
                tally.leave_out(row, Reason::OutsideFilter, "");
            }
        }
        let mut outside = tally.ledger();
        let others = (table.rows.saturating_sub(rows.len()) as u64).saturating_sub(outside.total());
        outside.put(Reason::OutsideFilter, others, Vec::new());
        Self { rows: Some(rows), outside, dates: Dates::default() }
    }

    /// How many rows there are to look at.
    fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    /// Those that may count in a period, of a KPI that has dates.
    pub(crate) fn narrow(
        &mut self,
        kpi: &Kpi,
        charter: &Charter,
        parameters: &Parameters,
        table: &Table,
        period: &Period,
    ) -> Option<Vec<u32>> {
        self.dates.rows(kpi, charter, parameters, table, self.rows.as_deref(), period)
    }

    /// Adds the rows that did not pass to a measure of those that did.
    pub(crate) fn leave_out(&self, measure: &mut Measure) {
        measure.reject(&self.outside);
    }
}

/// Which rows of which table.
type Choice = (String, Rc<Map<String, Vec<String>>>, Option<Rc<Except>>);

/// Selections that were asked for lately. Each takes four bytes for each of its rows and, where trends were asked for,
/// as many again for each date.
#[derive(Debug, Default)]
pub(crate) struct Selections(Vec<(Choice, Selection)>);

/// Selections kept: those of one view with its segments, and of the filters before.
const MOST: usize = 64;

impl Selections {
    /// The rows of a table that pass, looked for if nobody has asked yet.
    pub(crate) fn get(
        &mut self,
        table: &Table,
        filter: &Rc<Map<String, Vec<String>>>,
        except: Option<&Rc<Except>>,
    ) -> &mut Selection {
        let is = |(name, of, but): &Choice| *name == table.name && of == filter && but.as_ref() == except;
        let made = self.0.iter().position(|(choice, _)| is(choice)).map(|at| self.0.remove(at));
        let (choice, selection) = made.unwrap_or_else(|| {
            let compiled = Filter::of(table, (filter, except.map(Rc::as_ref)));
            let selection = Selection::new(table, Some(&compiled).filter(|filter| !filter.is_empty()));
            ((table.name.clone(), Rc::clone(filter), except.cloned()), selection)
        });
        // The most recent stands last. Together those of a table have no more rows than the table.
        let mut room = table.rows.saturating_sub(selection.len());
        let mut places = MOST;
        for at in (0..self.0.len()).rev() {
            let Some(((name, ..), kept)) = self.0.get(at) else { continue };
            let own = if *name == table.name { kept.len() } else { 0 };
            match (room.checked_sub(own), places.checked_sub(1)) {
                (Some(left), Some(others)) => (room, places) = (left, others),
                _ => drop(self.0.remove(at)),
            }
        }
        self.0.push((choice, selection));
        let last = self.0.len().saturating_sub(1);
        #[expect(clippy::indexing_slicing, reason = "it has just been put there")]
        &mut self.0[last].1
    }
}
