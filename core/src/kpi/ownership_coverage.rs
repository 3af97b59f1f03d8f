//! How many critical functions have exactly one owner who may decide.

use super::amounts::number;
use super::coverage::{Coverage, Outcome, answer, flag, named, text};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::Layer;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};

/// `ownership_coverage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "ownership_coverage",
        version: 1,
        name: "Ownership coverage",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "critical functions with exactly one accountable owner who has authority ÷ critical functions",
        source: "ours, after the layers People, Process, Platform and Proof of the Control Stack",
        table: "functions",
        inputs: &["functions.critical", "functions.accountables", "functions.authority", "functions.layer"],
        edge_cases: &[
            "Two accountable people are a conflict, not coverage; nobody is a gap.",
            "An owner without authority, or whom the charter's people don't list, doesn't cover the function.",
            "Where nothing says whether the owner has authority, the function is unknown: it widens the bounds.",
            "Functions that are not critical are not counted.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["critical", "accountables"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// Why a function is not covered.
const WHY: [(&str, &str); 3] = [
    ("conflict", "More than one accountable"),
    ("gap", "Nobody accountable"),
    ("no_authority", "Accountable without authority"),
];

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let mut whole = Coverage::new(table);
    let mut layers = Layer::ALL.map(|_| Coverage::new(table));
    let mut measure = Measure::default();
    for row in scan.rows() {
        let outcome = covered(scan, row);
        if let Ok(Some(why)) = outcome {
            measure.add(Key::part(why, text(table, "label", row)), 1);
        }
        whole.row(row, outcome);
        for ((_, word, _), layer) in Layer::ALL.iter().zip(&mut layers) {
            let inside = text(table, "layer", row) == *word;
            layer.row(row, if inside { outcome } else { Err((Reason::NotCounted, "layer")) });
        }
    }
    whole.finish("", &mut measure);
    for ((_, word, _), layer) in Layer::ALL.iter().zip(layers) {
        layer.finish(word, &mut measure);
    }
    measure
}

fn covered(scan: &Scan, row: usize) -> Outcome {
    let table = scan.table;
    match flag(table.flag("critical"), row) {
        Some(true) => {}
        Some(false) => return Err((Reason::NotCounted, "critical")),
        None => return Err((Reason::NoEvidence, "critical")),
    }
    match number(table.money("accountables"), row) {
        Err(reason) => Err((reason, "accountables")),
        Ok(0) => Ok(Some("gap")),
        Ok(1_000_000) => match flag(table.flag("authority"), row) {
            Some(true) => Ok(None),
            Some(false) => Ok(Some("no_authority")),
            None => Err((Reason::NoEvidence, "authority")),
        },
        Ok(_) => Ok(Some("conflict")),
    }
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let share = |part: &str| answer(measure, part, "functions with one owner who has authority", "critical functions");
    let layers = Layer::ALL.iter().map(|(_, word, label)| Part::new(*word, *label, Unit::Rate, share(word)));
    let reasons = WHY.iter().map(|(why, label)| named(measure, why, label));
    Judgement { answer: share(""), parts: layers.chain(reasons).list() }
}
