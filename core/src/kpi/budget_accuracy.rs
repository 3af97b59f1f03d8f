//! Whether what was planned is what was spent.

use super::budgets::{Budgets, Sums, add_to, plans, untold};
use super::deals::Fault;
use super::revenue::{no_spend, noted, unread_part};
use super::scan::Tally;
use super::stack::CENSUS;
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::Measure;
use crate::money::to_units;
use crate::sum::Sum;

/// `budget_accuracy`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "budget_accuracy",
        version: 2,
        name: "Budget accuracy",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "1 − Σ |actual − plan| ÷ Σ plan, over the budgets that are over",
        source: "ours: one less the weighted absolute percentage error (WAPE) of the plan",
        table: "budgets",
        inputs: &[
            "budgets.start_at",
            "budgets.end_at",
            "budgets.planned_at",
            "budgets.channel",
            "budgets.campaign",
            "budgets.amount",
            "budgets.currency",
            "spend.at",
            "spend.amount",
            "spend.currency",
            "spend.channel",
            "spend.campaign",
            "charter.revenue",
        ],
        edge_cases: &[
            "Budgets that begin in the period and end by the as-of day less the charter's reporting lag; the others are in flight.",
            "The plan is the last one made by the beginning of the budget's first day; later revisions don't count. Lines of one plan made at the same time add up.",
            "Amounts of spend below zero, such as credit notes, lower what was spent.",
            "Spending more than twice the plan takes it below 0.",
            "Spend counts as for budget pacing; that which no budget names is a row of its own and in no error.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["start_at", "end_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { dates: Dates::Any, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let budgets = Budgets::new(scan);
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let outcome: Result<_, Fault> = budgets.plan(row).and_then(|plan| {
            if plan.end > budgets.until {
                return Err((Reason::InFlight, "end_at"));
            }
            budgets.stood(&plan, plan.start)?;
            Ok(plan)
        });
        let Some(plan) = tally.row(row, outcome) else { continue };
        budgets.add(&mut measure, &plan, plan.end);
    }
    tally.finish(&mut measure);
    budgets.note_rest(&mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let (mut channels, mut whole): (Sums<2>, Sums<2>) = (Vec::new(), vec![("", [0; 2])]);
    for (name, plan, spent) in plans(measure) {
        let amounts = [spent.minus(plan).saturating_abs(), plan];
        add_to(&mut channels, name, amounts);
        add_to(&mut whole, "", amounts);
    }
    let rest = noted(measure, "unbudgeted");
    let accuracy = |[off, plan]: [i128; 2]| {
        if let Some(untold) = untold(measure) {
            return untold;
        }
        let close = plan.minus(off);
        Answer::quotient(Quantity::money(close, "plan less deviations"), Quantity::money(plan, "plan"))
            .from_records(CENSUS)
    };
    let mut parts: Vec<Part> =
        channels.into_iter().map(|(name, amounts)| Part::new(name, name, Unit::Rate, accuracy(amounts))).list();
    let rest = rest.map_or_else(|| no_spend(measure), |rest| Answer::new(to_units(rest.into()), CENSUS));
    parts.push(Part::new("unbudgeted", "Spend that no budget names", Unit::Money, rest));
    parts.extend(unread_part(measure));
    Judgement { answer: accuracy(whole.first().map_or([0; 2], |(_, total)| *total)), parts }
}
