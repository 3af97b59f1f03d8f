//! How many KPIs in use mean what somebody has signed.

use super::coverage::{Coverage, Outcome, answer, flag, list, named, text};
use super::{Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};

/// `definition_coverage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "definition_coverage",
        version: 1,
        name: "Definition coverage",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "KPIs in use whose definition is signed off and has not changed since ÷ KPIs in use",
        source: "ours",
        table: "definitions",
        inputs: &["definitions.state", "definitions.signed_at", "definitions.authority", "definitions.owner"],
        edge_cases: &[
            "In use are the KPIs that the charter names.",
            "A sign-off holds for one hash of the definition: another version, parameter, policy or stage model lapses it.",
            "A sign-off by somebody without authority, or whom the charter's people don't list, doesn't count; where the charter says nothing of authority, it does.",
            "A sign-off after the as-of instant is not there yet.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["state"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// Why a definition is not covered.
const WHY: [(&str, &str); 3] =
    [("lapsed", "Changed since signed"), ("unsigned", "Never signed"), ("no_authority", "Signed without authority")];

/// Who has to sign and what, divided by a line end.
const DUE: &str = "due";

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let mut whole = Coverage::new(table);
    let mut measure = Measure::default();
    for row in scan.rows() {
        let outcome = signed(scan, row);
        if let Ok(Some(why)) = outcome {
            let name = text(table, "label", row);
            measure.add(Key::part(why, name), 1);
            measure.add(Key::part(DUE, [text(table, "owner", row), "\n", name].joined("")), 1);
        }
        whole.row(row, outcome);
    }
    whole.finish("", &mut measure);
    measure
}

fn signed(scan: &Scan, row: usize) -> Outcome {
    let table = scan.table;
    match text(table, "state", row) {
        "unsigned" => Ok(Some("unsigned")),
        "lapsed" | "signed" if scan.seen(table.time("signed_at"), row) == Err(Reason::AfterAsOf) => {
            Ok(Some("unsigned"))
        }
        "lapsed" => Ok(Some("lapsed")),
        "signed" if flag(table.flag("authority"), row) == Some(false) => Ok(Some("no_authority")),
        "signed" => Ok(None),
        _ => Err((Reason::NoEvidence, "state")),
    }
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let mut parts: Vec<_> = WHY.iter().map(|(why, label)| named(measure, why, label)).list();
    let due: Vec<(&str, &str)> =
        measure.sums.keys().filter(|key| key.0 == DUE).filter_map(|Key(_, due)| due.split_once('\n')).list();
    for one in due.chunk_by(|one, next| one.0 == next.0) {
        let Some((owner, _)) = one.first() else { continue };
        let names: Vec<&str> = one.iter().map(|(_, name)| *name).list();
        let label =
            if owner.is_empty() { "To sign, by an owner to be named".into() } else { format!("{owner} to sign") };
        parts.push(list(&[DUE, ":", owner].joined(""), &label, &names));
    }
    Judgement { answer: answer(measure, "", "KPIs signed off and unchanged since", "KPIs in use"), parts }
}
