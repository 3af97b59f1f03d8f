//! Which stages of the lifecycle are counted: all that the organisation names or, where it names none, those of the
//! usual ones that its data have dates of.

use super::{Lifecycle, Stage};
use crate::json::Value;
use crate::kpi::scan::stage_field;
use crate::list::{Joined, List};
use crate::read::{Read, Reader};
use crate::table::{BLANK, Table};

impl Read for Lifecycle {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        let Self { stages, lead, customer, exits, is_usual, undated: _ } = self;
        *is_usual = false;
        reader.fields(value, &["stages", "lead", "customer", "exits"], 3, &mut [stages, lead, customer, exits]);
    }
}

impl Lifecycle {
    /// The stages by whose dates records are counted, in order.
    pub fn counted(&self) -> Vec<&Stage> {
        let undated = self.undated.borrow();
        self.stages.iter().filter(|stage| !undated.contains(&stage.id)).list()
    }

    /// Of the usual stages, those before the last one with dates that have none themselves. What the organisation
    /// names is never among them. A stage after the last date stays: how many came that far is unknown. With dates of
    /// fewer than two stages there is no way to count, whatever is left out.
    pub(crate) fn find_undated(&self, contacts: Option<&Table>) -> Vec<String> {
        let Some(contacts) = contacts.filter(|_| self.is_usual) else { return Vec::new() };
        let is_dated = |stage: &Stage| {
            let cells = contacts.time(&stage_field(&stage.id));
            cells.is_some_and(|cells| cells.iter().any(|cell| *cell != BLANK))
        };
        let dated: Vec<bool> = self.stages.iter().map(is_dated).list();
        let last = dated.iter().rposition(|dated| *dated).unwrap_or(0);
        if !dated.iter().take(last).any(|dated| *dated) {
            return Vec::new();
        }
        let stages = self.stages.iter().zip(dated).take(last);
        stages.filter(|(_, dated)| !dated).map(|(stage, _)| stage.id.clone()).list()
    }

    /// What a reader has to know of stages that were left out.
    pub(crate) fn note(&self) -> Option<String> {
        let undated = self.undated.borrow();
        let is_out = |stage: &&Stage| undated.contains(&stage.id);
        let labels: Vec<&str> = self.stages.iter().filter(is_out).map(|stage| stage.label.as_str()).list();
        (!labels.is_empty()).then(|| {
            let labels = labels.joined(", ");
            format!(
                "No charter names the stages of the lifecycle, so the usual ones count. Left out, because the data have \
                 no dates for them: {labels}."
            )
        })
    }
}
