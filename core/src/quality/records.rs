//! Records against the rules between their fields, and against the records they name.

use super::Stages;
use crate::charter::data_standard::two;
use crate::charter::{Charter, ConsistencyRule, DealState};
use crate::kpi::Scan;
use crate::kpi::deals::Deals;
use crate::kpi::scan::stage_field;
use crate::list::{Joined, List};
use crate::table::joins::Passing;
use crate::table::{Dataset, Table, is_known};
use crate::time::{Clock, Zone};

/// The records of a scan, ready to be held against rules.
pub(crate) struct Records<'a> {
    table: &'a Table,
    stages: Stages<'a>,
    deals: Deals<'a>,
    clock: &'a Clock<&'a Zone>,
    dates: Vec<&'a [i64]>,
    closed: Option<&'a [i64]>,
    created: Option<&'a [i64]>,
}

impl<'a> Records<'a> {
    pub(crate) fn new(scan: &'a Scan<'a>) -> Self {
        let table = scan.table;
        let lifecycle = &scan.charter.lifecycle;
        let stages = lifecycle.stages.iter().chain(&lifecycle.exits).map(|stage| stage_field(&stage.id));
        let dates: Vec<&[i64]> = stages.chain(["closed_at".to_owned()]).filter_map(|field| table.time(&field)).list();
        Self {
            table,
            stages: Stages::new(table, scan.charter, scan.as_of),
            deals: Deals::new(scan),
            clock: scan.clock,
            dates,
            closed: table.time("closed_at"),
            created: table.time("created_at"),
        }
    }

    /// Whether a rule is about this table.
    pub(crate) fn concerns(&self, rule: ConsistencyRule) -> bool {
        match rule {
            ConsistencyRule::StageOrder | ConsistencyRule::StageHasDate => self.table.name == "contacts",
            ConsistencyRule::ClosedHasDate => self.table.name == "deals" && self.closed.is_some(),
            ConsistencyRule::NothingBeforeCreated => true,
        }
    }

    /// Whether a record keeps a rule; nothing where the record can't tell.
    pub(crate) fn keeps(&self, rule: ConsistencyRule, row: usize) -> Option<bool> {
        let known = |cells: &[i64]| cells.get(row).copied().filter(|cell| is_known(*cell));
        match rule {
            ConsistencyRule::StageOrder => self.stages.in_order(row, self.clock),
            ConsistencyRule::StageHasDate => self.stages.dated(self.stages.named(row)?, row),
            ConsistencyRule::NothingBeforeCreated => {
                let created = self.created.and_then(known)?;
                let first = self.dates.iter().filter_map(|cells| known(cells)).min()?;
                // A date without a time is its day's midnight, so the day is what can be compared.
                Some(first >= created || self.clock.day_of(first) >= self.clock.day_of(created))
            }
            ConsistencyRule::ClosedHasDate => match self.deals.state(row).ok()? {
                DealState::Open => None,
                DealState::Won | DealState::Lost => Some(self.closed.and_then(known).is_some()),
            },
        }
    }
}

/// A field that names records of another table.
pub(crate) struct Link<'a> {
    pub(crate) field: &'a str,
    codes: &'a [u32],
    found: Passing,
}

impl<'a> Link<'a> {
    /// The charter's references from a table whose column and whose target table are there. Judges no more texts than the
    /// budget allows: see [`Dataset::passing`].
    pub(crate) fn all(dataset: &Dataset, charter: &'a Charter, table: &'a Table, budget: &mut usize) -> Vec<Self> {
        let references = charter.data_standard.references.iter();
        references
            .filter_map(|reference| {
                let (_, field) = two(&reference.field).filter(|(of, _)| *of == table.name)?;
                let column = table.text(field)?;
                let target = dataset.table(&reference.to)?;
                // Exports often give a campaign's name in place of its id.
                let keys = [target.text("id"), target.text("name")];
                let is_there = |id: &str| keys.iter().flatten().any(|keys| keys.dictionary.find(id).is_some());
                let ids = |text: &str| text.split(';').map(str::trim).filter(|id| !id.is_empty()).all(is_there);
                let name = [&reference.field, " in ", &reference.to].joined("");
                let found = dataset.passing(table, &name, column, &ids, budget);
                Some(Self { field, codes: &column.codes, found })
            })
            .list()
    }

    /// Whether all that a record names is there; nothing where it names nothing.
    pub(crate) fn holds(&self, row: usize) -> Option<bool> {
        let code = self.codes.get(row).copied().filter(|code| *code > 0)?;
        Some(self.found.has(code))
    }
}
