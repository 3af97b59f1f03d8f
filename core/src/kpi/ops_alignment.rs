//! How many responsibilities lie with the team that should have them.

use super::coverage::{Coverage, Outcome, answer, flag, named, text};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::governance::REPORTING_LINE;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::Joined;
use crate::measure::{Key, Measure};

/// `ops_alignment`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "ops_alignment",
        version: 1,
        name: "Operations alignment",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "responsibilities held by the team that should hold them ÷ responsibilities whose holder is known",
        source: "ours, after the usual split: marketing operations owns configuration, lead management, data quality, attribution and campaign operations; IT supports security, network, single sign-on, privacy and enterprise integration",
        table: "responsibilities",
        inputs: &["responsibilities.aligned", "responsibilities.held_by", "responsibilities.should_be_held_by"],
        edge_cases: &[
            "The usual responsibilities always count; the charter may add its own and say who else should hold one.",
            "A responsibility whose holder nobody names is unknown: it widens the bounds.",
            "The reporting line is a part of its own and not in the share: marketing operations should report to marketing.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["aligned"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (mut whole, mut line) = (Coverage::new(table), Coverage::new(table));
    let mut measure = Measure::default();
    for row in scan.rows() {
        let outcome: Outcome = match flag(table.flag("aligned"), row) {
            Some(true) => Ok(None),
            Some(false) => Ok(Some("misaligned")),
            None => Err((Reason::NoEvidence, "held_by")),
        };
        let other = Err((Reason::NotCounted, ""));
        if text(table, "id", row) == REPORTING_LINE {
            whole.row(row, other);
            line.row(row, outcome);
        } else {
            whole.row(row, outcome);
            line.row(row, other);
            if let Ok(Some(why)) = outcome {
                let name = [text(table, "label", row), " (", text(table, "held_by", row), ")"].joined("");
                measure.add(Key::part(why, name), 1);
            }
        }
    }
    whole.finish("", &mut measure);
    line.finish(REPORTING_LINE, &mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let line = answer(measure, REPORTING_LINE, "to marketing", "reporting lines");
    Judgement {
        answer: answer(measure, "", "held by the right team", "responsibilities"),
        parts: vec![
            Part::new(REPORTING_LINE, "Marketing operations reports to marketing", Unit::Rate, line),
            named(measure, "misaligned", "Held by another team"),
        ],
    }
}
