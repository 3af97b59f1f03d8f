//! Whether money is spent as fast as planned.

use super::budgets::Budgets;
use super::deals::Fault;
use super::revenue::{noted, unread_part};
use super::scan::Tally;
use super::stack::{CENSUS, share_of};
use super::{Answer, Definition, Frame, Judgement, Kpi, Part, Scan, Timing, no_figures};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `budget_pacing`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "budget_pacing",
        version: 1,
        name: "Budget pacing",
        unit: Unit::Ratio,
        direction: Direction::Band,
        formula: "(spend ÷ budget) ÷ (elapsed ÷ scheduled days); over several budgets Σ spend ÷ Σ (budget × elapsed ÷ scheduled days)",
        source: "ours: the usual definition, without an authority",
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
            "Budgets that begin in the period; of several plans for the same, the last one made by the as-of instant.",
            "Days are elapsed up to the as-of instant less the charter's reporting lag; later spend is not looked at.",
            "A budget of which no day has elapsed is in flight.",
            "Spend belongs to the budget of its channel and campaign, compared without case; spend that no budget names is a row of its own.",
            "The projection takes each budget on at its pace so far.",
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
            budgets.stood(&plan, scan.as_of)?;
            let scheduled = scan.days(plan.start, plan.end);
            let elapsed = scan.days(plan.start, budgets.until).min(scheduled);
            if elapsed <= 0 { Err((Reason::InFlight, "start_at")) } else { Ok((plan, scheduled, elapsed)) }
        });
        let Some((plan, scheduled, elapsed)) = tally.row(row, outcome) else { continue };
        let (due, spent) = (
            share_of(plan.amount.into(), elapsed.into(), scheduled.into()),
            budgets.spent(&plan, budgets.until.min(plan.end)),
        );
        let projected = share_of(spent, scheduled.into(), elapsed.into());
        let name = if plan.channel.is_empty() { plan.campaign } else { plan.channel };
        for (series, amount) in [
            ("budget", plan.amount.into()),
            ("due", due.into()),
            ("spent", spent),
            ("projected", i128::from(projected)),
        ] {
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
    let names: Vec<&str> = measure.sums.keys().filter(|key| key.0 == "budget").map(|key| key.1.as_str()).collect();
    let total = |series| names.iter().fold(0_i128, |sum, name| sum.saturating_add(measure.sum(series, name)));
    let money =
        |amount: i128, label: &str| Quantity { value: to_units(amount), unit: Unit::Money, label: label.into() };
    let known = noted(measure, "unbudgeted").is_some();
    let pace = |spent: i128, due: i128| {
        if known {
            Answer::quotient(money(spent, "spend so far"), money(due, "budget for the days elapsed"))
                .from_records(CENSUS)
        } else {
            Answer::undefined("missing_table", "It needs the table “spend”, which was not given.")
        }
    };
    let sum = |key: &str, label: &str, amount: i128| {
        let answer = if measure.used > 0 && known {
            Answer::new(to_units(amount), CENSUS)
        } else {
            Answer::undefined("no_evidence", "No budget of the period can be held against spend.")
        };
        Part::new(key, label, Unit::Money, answer)
    };
    let mut parts = vec![
        sum("budget", "Budget", total("budget")),
        sum("spent", "Spent so far", total("spent")),
        sum("projected", "Projected at the end", total("projected")),
        sum("unbudgeted", "Spend that no budget names", noted(measure, "unbudgeted").unwrap_or(0).into()),
    ];
    let channels = names.iter().map(|name| Part {
        parts: vec![
            sum("budget", "Budget", measure.sum("budget", name)),
            sum("spent", "Spent so far", measure.sum("spent", name)),
            sum("projected", "Projected at the end", measure.sum("projected", name)),
        ],
        ..Part::new(*name, *name, Unit::Ratio, pace(measure.sum("spent", name), measure.sum("due", name)))
    });
    let channels: Vec<Part> = channels.collect();
    let count = Answer::new(channels.len() as f64, CENSUS);
    parts.push(Part { parts: channels, ..Part::new("channels", "By channel", Unit::Records, count) });
    parts.extend(unread_part(measure));
    Judgement { answer: pace(total("spent"), total("due")), parts }
}
