//! Whether who may do what was looked at lately.

use super::scan::Tally;
use super::stack::evidence;
use super::{Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};

/// `permission_review`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "permission_review",
        version: 1,
        name: "Permission review",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "tools whose access rights were reviewed within the policy ÷ tools whose last review is known",
        source: "ours",
        table: "tools",
        inputs: &["tools.access_reviewed_at", "charter.policies.access_review_days"],
        edge_cases: &[
            "A tool without a date of review has no evidence either way: it leaves the value and widens its bounds.",
            "A review dated after the as-of instant had not happened; whether there was one before it is unknown.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["access_reviewed_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let cells = scan.table.time("access_reviewed_at");
    let limit = scan.charter.policies.access_review_days.into();
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let within = scan.within(cells, row, limit);
        let series = match within {
            Ok(true) => "reviewed",
            Ok(false) => "overdue",
            Err(_) => "unknown",
        };
        measure.add(Key::whole(series), 1);
        tally.row(
            row,
            within.map_err(|reason| {
                (if reason == Reason::BlankField { Reason::NoEvidence } else { reason }, "access_reviewed_at")
            }),
        );
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let sides = ["reviewed", "overdue", "unknown"].map(|series| measure.sum(series, ""));
    let words = ("tools reviewed within the policy", "tools whose last review is known");
    Judgement { answer: evidence(sides, 1, Unit::Records, words), parts: Vec::new() }
}
