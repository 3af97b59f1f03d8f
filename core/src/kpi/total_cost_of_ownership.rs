//! What the tools cost beyond their licences.

use super::scan::Tally;
use super::stack::{CENSUS, Names, tools_part};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `total_cost_of_ownership`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "total_cost_of_ownership",
        version: 1,
        name: "Total cost of ownership",
        unit: Unit::MoneyPerYear,
        direction: Direction::Lower,
        formula: "Σ (annual licence + integration upkeep + admin hours a month × 12 × hourly rate + training)",
        source: "ours: the licence is not the cost",
        table: "tools",
        inputs: &[
            "tools.annual_cost",
            "tools.integration_cost",
            "tools.admin_hours",
            "tools.training_cost",
            "tools.currency",
            "charter.stack.admin_hourly_rate",
        ],
        edge_cases: &[
            "A tool without a readable licence is left out.",
            "A cost that nobody recorded is unknown, not 0: the total is then the least that it can be, the tools concerned are counted, and each kind of cost has its own ledger.",
            "Without the charter's hourly rate the cost of people is unknown.",
            "Amounts convert at the rate of the as-of day.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["annual_cost"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// The kinds of cost, with their names for people.
const KINDS: [(&str, &str); 4] =
    [("licence", "Licences"), ("integration", "Integration upkeep"), ("people", "People"), ("training", "Training")];

fn measure(scan: &Scan) -> Measure {
    let tools = scan.tools();
    let mut measure = Measure::default();
    let mut whole = Tally::new(scan.table);
    let mut kinds = KINDS.map(|_| Tally::new(scan.table));
    for row in scan.rows() {
        let licence = tools.amount("annual_cost", row);
        let costs = [
            licence,
            licence.and_then(|_| tools.amount("integration_cost", row)),
            licence.and_then(|_| tools.people(row)),
            licence.and_then(|_| tools.amount("training_cost", row)),
        ];
        let mut complete = true;
        for ((tally, (kind, _)), cost) in kinds.iter_mut().zip(KINDS).zip(costs) {
            complete &= cost.is_ok();
            if let Some(cost) = tally.row(row, cost) {
                measure.add(Key::part("kind", kind), cost.into());
                measure.add(Key::part("tool", tools.id(row)), cost.into());
            }
        }
        if whole.row(row, licence).is_some() && !complete {
            measure.add(Key::whole("incomplete"), 1);
        }
    }
    whole.finish(&mut measure);
    for (tally, (kind, _)) in kinds.into_iter().zip(KINDS) {
        tally.finish_part(kind, &mut measure);
    }
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let names = Names::new(frame.table);
    let amount = |millionths: i128, used: u64| {
        if used == 0 {
            Answer::undefined("no_evidence", "No tool has this cost recorded.")
        } else {
            Answer::new(to_units(millionths), CENSUS)
        }
    };
    let kind = |(kind, label): (&str, &str)| {
        let used = measure.parts.get(kind).map_or(0, |rows| rows.used);
        (Part::new(kind, label, Unit::MoneyPerYear, amount(measure.sum("kind", kind), used)), measure.sum("kind", kind))
    };
    let kinds = KINDS.map(kind);
    let total = kinds.iter().fold(0_i128, |sum, (_, cost)| sum.plus(*cost));
    let mut parts: Vec<Part> = kinds.into_iter().map(|(part, _)| part).list();
    let incomplete = Answer::new(measure.sum("incomplete", "") as f64, CENSUS);
    parts.push(Part::new("incomplete", "Tools with a cost unknown", Unit::Records, incomplete));
    let tools = measure.sums.iter().filter(|(key, _)| key.0 == "tool");
    parts.push(tools_part(tools.map(|(key, cost)| names.part(&key.1, Unit::MoneyPerYear, amount(*cost, 1))).list()));
    Judgement { answer: amount(total, measure.used), parts }
}
