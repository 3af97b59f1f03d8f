//! Cells and records held against the charter's data standard.

mod cells;
mod records;
pub(crate) mod tracking;

pub(crate) use cells::{FieldCells, Filled, fields};
pub(crate) use records::{Link, Records};

use crate::charter::Charter;
use crate::fold::lower;
use crate::kpi::scan::stage_field;
use crate::list::List;
use crate::table::{Dataset, Table, is_known};
use crate::time::{Clock, Zone};

/// Judges the texts of a table by rules and references, for so many rows; says whether all are judged.
pub(crate) fn prepare(dataset: &Dataset, charter: &Charter, table: &str, budget: &mut usize) -> bool {
    let Some(table) = dataset.table(table) else { return true };
    fields(dataset, charter, table, budget);
    Link::all(dataset, charter, table, budget);
    *budget > 0
}

/// Where each contact is in the lifecycle, as an index of its stages.
pub(crate) struct Stages<'a> {
    codes: Option<(&'a [u32], Vec<Option<usize>>)>,
    times: Vec<Option<&'a [i64]>>,
    as_of: i64,
}

impl<'a> Stages<'a> {
    pub(crate) fn new(table: &'a Table, charter: &Charter, as_of: i64) -> Self {
        let stages = &charter.lifecycle.stages;
        let named = |text: &str| {
            let text = lower(text.trim());
            stages.iter().position(|stage| {
                let mut names = [&stage.id, &stage.label].into_iter().chain(&stage.aliases);
                names.any(|name| lower(name.trim()) == text)
            })
        };
        let codes = table.text("stage").map(|column| (column.codes.as_slice(), column.each(named)));
        Self { codes, times: stages.iter().map(|stage| table.time(&stage_field(&stage.id))).list(), as_of }
    }

    /// The stage that the record says it is in.
    pub(crate) fn named(&self, row: usize) -> Option<usize> {
        let (codes, stages) = self.codes.as_ref()?;
        stages.get(codes.get(row).copied()? as usize).copied().flatten()
    }

    /// The stage it is in: the one it says or, where it says none, the last one with a date. A record of which neither
    /// is known is taken as being in the first.
    pub(crate) fn of(&self, row: usize) -> usize {
        self.named(row).unwrap_or_else(|| {
            let entered = |cells: &Option<&[i64]>| {
                let at = cells.and_then(|cells| cells.get(row)).copied();
                at.is_some_and(|at| is_known(at) && at <= self.as_of)
            };
            self.times.iter().rposition(entered).unwrap_or(0)
        })
    }

    /// Whether a stage has dates at all, and whether the record has one of it.
    pub(crate) fn dated(&self, stage: usize, row: usize) -> Option<bool> {
        let cells = self.times.get(stage).copied().flatten()?;
        Some(cells.get(row).copied().is_some_and(is_known))
    }

    /// Whether the stages that have dates were entered in order; nothing where fewer than two have. A date without a
    /// time is its day's midnight, so of that only the day can be compared.
    pub(crate) fn in_order(&self, row: usize, clock: &Clock<&Zone>) -> Option<bool> {
        let mut known = self.times.iter().flatten().filter_map(|cells| cells.get(row)).filter(|at| is_known(**at));
        let mut before = known.next()?;
        let mut compared = None;
        for at in known {
            // Before it and yet on its day: that is possible of a midnight alone.
            let same_day = || *at == clock.start_of_day(clock.day_of(*before));
            compared = Some(compared.unwrap_or(true) && (before <= at || same_day()));
            before = before.max(at);
        }
        compared
    }
}
