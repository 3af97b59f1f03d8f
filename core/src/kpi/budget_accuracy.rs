//! Whether what was planned is what was spent.

use super::budgets::Budgets;
use super::deals::Fault;
use super::revenue::{noted, unread_part};
use super::scan::Tally;
use super::stack::CENSUS;
use super::{Answer, Definition, Frame, Judgement, Kpi, Part, Scan, Timing, no_figures};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `budget_accuracy`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "budget_accuracy",
        version: 1,
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
            "Budgets that begin in the period and end by the as-of instant less the charter's reporting lag; the others are in flight.",
            "The plan is the last one made by the budget's first day; later revisions don't count.",
            "Spending more than twice the plan takes it below 0.",
            "Spend that no budget names is a row of its own and in no error.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: |_, _| vec!["start_at".into(), "end_at".into(), "amount".into()],
    figures: no_figures,
    history: 0,
    measure,
    compose: None,
    judge,
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
        let spent = budgets.spent(&plan, plan.end);
        let off = spent.saturating_sub(plan.amount.into()).saturating_abs();
        let name = if plan.channel.is_empty() { plan.campaign } else { plan.channel };
        for (series, amount) in [("plan", plan.amount.into()), ("spent", spent), ("off", off)] {
            measure.add(Key::part(series, name.as_str()), amount);
        }
    }
    tally.finish(&mut measure);
    if scan.dataset.table("spend").is_some() {
        budgets.note_rest(&mut measure);
    }
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let names: Vec<&str> = measure.sums.keys().filter(|key| key.0 == "plan").map(|key| key.1.as_str()).collect();
    let total = |series| names.iter().fold(0_i128, |sum, name| sum.saturating_add(measure.sum(series, name)));
    let money =
        |amount: i128, label: &str| Quantity { value: to_units(amount), unit: Unit::Money, label: label.into() };
    let rest = noted(measure, "unbudgeted");
    let accuracy = |off: i128, plan: i128| {
        if rest.is_none() {
            return Answer::undefined("missing_table", "It needs the table “spend”, which was not given.");
        }
        let close = plan.saturating_sub(off);
        Answer::quotient(money(close, "plan less deviations"), money(plan, "plan")).from_records(CENSUS)
    };
    let channel = |name: &&str| {
        Part::new(*name, *name, Unit::Rate, accuracy(measure.sum("off", name), measure.sum("plan", name)))
    };
    let mut parts: Vec<Part> = names.iter().map(channel).collect();
    let rest = rest.map_or_else(
        || Answer::undefined("missing_table", "It needs the table “spend”, which was not given."),
        |rest| Answer::new(to_units(rest.into()), CENSUS),
    );
    parts.push(Part::new("unbudgeted", "Spend that no budget names", Unit::Money, rest));
    parts.extend(unread_part(measure));
    Judgement { answer: accuracy(total("off"), total("plan")), parts }
}
