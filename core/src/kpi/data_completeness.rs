//! How much of what records must say they do say.

use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::quality::{FieldCells, Filled, Stages};

/// `data_completeness`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "data_completeness",
        version: 1,
        name: "Data completeness",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "required fields filled ÷ required fields, over contacts, each by what its lifecycle stage requires",
        source: "ISO/IEC 25024, data value completeness",
        table: "contacts",
        inputs: &[
            "charter.data_standard",
            "contacts.stage",
            "contacts.stage:<each lifecycle stage>",
            "contacts.created_at",
        ],
        edge_cases: &[
            "What a stage requires, all later ones require too. The charter's data standard names the fields.",
            "What the charter lists as blank (\"N/A\", \"-\", \"Unknown\") is blank. What can't be read is filled: that it is wrong is validity's to say.",
            "The stage is the one the record says it is in, or the last one with a date; where neither is known, the first.",
            "A required field without a column is unknown, not blank: it is left out, and the bounds say what it leaves open.",
            "No interval: all records are counted, none sampled.",
            "Parts: one for each stage, with its fields in it, and `fields`, over all stages.",
        ],
        parameters: &[],
        uses_lifecycle: true,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["id"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// Whether a contact may be looked at: in the filter, and made by the as-of instant as far as is known.
pub(crate) fn visible(scan: &Scan, created: Option<&[i64]>, row: usize) -> Result<(), (Reason, &'static str)> {
    if !scan.filter.passes(row) {
        return Err((Reason::OutsideFilter, ""));
    }
    match scan.seen(created, row) {
        Err(Reason::AfterAsOf) => Err((Reason::AfterAsOf, "created_at")),
        _ => Ok(()),
    }
}

#[cfg_attr(speed, optimize(speed))]
fn measure(scan: &Scan) -> Measure {
    let required = scan.charter.required_by_stage();
    let stages = Stages::new(scan.table, scan.charter, scan.as_of);
    let all: Vec<&str> = required.last().cloned().unwrap_or_default();
    let cells: Vec<Option<FieldCells>> = all.iter().map(|field| FieldCells::new(scan.table, field)).list();
    let mut counts = vec![0_u64; required.len()];
    let mut filled = vec![vec![0_u64; all.len()]; required.len()];
    let created = scan.table.time("created_at");
    let mut tally = Tally::new(scan.table);
    for row in scan.rows() {
        if tally.row(row, visible(scan, created, row)).is_none() {
            continue;
        }
        let stage = stages.of(row);
        // Fields are required from a stage on, so those of a stage are the first ones of all.
        let fields = required.get(stage).map_or(0, Vec::len);
        if let (Some(count), Some(filled)) = (counts.get_mut(stage), filled.get_mut(stage)) {
            *count = count.wrapping_add(1);
            for (cells, filled) in cells.iter().zip(filled).take(fields) {
                let is_filled = cells.as_ref().is_some_and(|cells| cells.filled(row) != Filled::Blank);
                *filled = filled.wrapping_add(u64::from(is_filled));
            }
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for ((stage, count), filled) in scan.charter.lifecycle.stages.iter().zip(counts).zip(filled) {
        measure.add(Key::part("records", &stage.id), count.into());
        for (field, filled) in all.iter().zip(filled) {
            measure.add(Key::part("filled", format!("{} {field}", stage.id)), filled.into());
        }
    }
    measure
}

/// Cells required, filled, and of fields that have no column.
#[derive(Default, Clone, Copy)]
struct Cells {
    required: u64,
    filled: u64,
    unknown: u64,
}

impl Cells {
    fn add(&mut self, other: Self) {
        self.required = self.required.saturating_add(other.required);
        self.filled = self.filled.saturating_add(other.filled);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }

    fn answer(self) -> Answer {
        if self.required == 0 && self.unknown > 0 {
            return Answer::undefined("missing_field", "No column was recognised as a field that is required here.")
                .bounded(Some([0.0, 1.0]));
        }
        let all = self.required.saturating_add(self.unknown) as f64;
        let most = self.filled.saturating_add(self.unknown) as f64;
        let bounds = (self.unknown > 0).then(|| [self.filled as f64 / all, most / all]);
        Answer::ratio(self.filled, self.required, "required fields filled", "required fields").bounded(bounds)
    }
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let required = frame.charter.required_by_stage();
    let count = |series, part: &str| measure.number(series, part);
    let all: Vec<&str> = required.last().cloned().unwrap_or_default();
    let mut whole = Cells::default();
    let mut by_field = vec![Cells::default(); all.len()];
    let mut parts = Vec::new();
    for (stage, fields) in frame.charter.lifecycle.stages.iter().zip(&required) {
        let records = count("records", &stage.id);
        let mut of_stage = Cells::default();
        let mut inner = Vec::new();
        for (field, total) in fields.iter().zip(&mut by_field) {
            let cells = if frame.has(field) {
                let filled = count("filled", &format!("{} {field}", stage.id));
                Cells { required: records, filled, unknown: 0 }
            } else {
                Cells { unknown: records, ..Cells::default() }
            };
            of_stage.add(cells);
            total.add(cells);
            inner.push(Part::new(*field, *field, Unit::Rate, cells.answer()));
        }
        whole.add(of_stage);
        parts.push(Part::new(&stage.id, &stage.label, Unit::Rate, of_stage.answer()).with(inner));
    }
    let fields = all.iter().zip(by_field).map(|(field, cells)| Part::new(*field, *field, Unit::Rate, cells.answer()));
    parts.push(Part::new("fields", "By field", Unit::Rate, whole.answer()).with(fields.list()));
    let mut answer = whole.answer();
    if !all.iter().any(|field| frame.has(field)) {
        answer =
            Answer::undefined("missing_field", "None of the required fields has a column: map one in the charter.")
                .bounded(Some([0.0, 1.0]));
    }
    Judgement { answer: answer.from_records(measure.used), parts }
}
