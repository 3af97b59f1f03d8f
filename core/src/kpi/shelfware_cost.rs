//! What is paid for and lies idle.

use super::scan::Tally;
use super::stack::{CENSUS, Names, UTILISATION, tools_part};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `shelfware_cost`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "shelfware_cost",
        version: 1,
        name: "Shelfware cost",
        unit: Unit::MoneyPerYear,
        direction: Direction::Lower,
        formula: "Σ annual cost × (1 − utilisation)",
        source: "ours",
        table: "tools",
        inputs: &[
            "tools.annual_cost",
            "tools.currency",
            "tools.seats_licensed",
            "tools.seats_active",
            "capabilities.tool",
            "capabilities.in_use",
            "capabilities.users",
            "capabilities.weight",
        ],
        edge_cases: &[
            "A tool whose use is unknown leaves the value and widens its bounds, from nothing idle to all of it.",
            "A tool without a readable cost or exchange rate is left out, of value and bounds.",
            "Each tool's idle cost is rounded once, half to even, to a millionth of the currency unit.",
        ],
        parameters: &[UTILISATION],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["annual_cost"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let (tools, of) = (scan.tools(), scan.parameters.text("utilisation"));
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let outcome = tools.amount("annual_cost", row).and_then(|cost| {
            let (idle, [low, high]) = tools.utilisation(of, row).idle(cost);
            measure.add(Key::whole("low"), low.into());
            measure.add(Key::whole("high"), high.into());
            idle.ok_or((Reason::NoEvidence, if of == "seats" { "seats_active" } else { "in_use" }))
        });
        if let Some(idle) = tally.row(row, outcome) {
            measure.add(Key::part("idle", tools.id(row)), idle.into());
        }
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let names = Names::new(frame.table);
    let tools = measure.sums.iter().filter(|(key, _)| key.0 == "idle");
    let total = tools.clone().fold(0_i128, |sum, (_, idle)| sum.plus(*idle));
    let limits = ["low", "high"].map(|series| measure.sum(series, ""));
    let [low, high] = limits;
    let answer = if measure.used == 0 {
        Answer::undefined("no_evidence", "No tool has both its cost and its use known.")
    } else {
        Answer::new(to_units(total), CENSUS)
    };
    let part =
        |(key, idle): (&Key, &i128)| names.part(&key.1, Unit::MoneyPerYear, Answer::new(to_units(*idle), CENSUS));
    Judgement {
        answer: answer.spanning((low != high).then(|| limits.map(to_units))),
        parts: vec![tools_part(tools.map(part).list())],
    }
}
