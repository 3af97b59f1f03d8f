//! Whether money is spent as fast as planned.

use super::budgets::{Budgets, Sums, add_to, plans, untold};
use super::deals::Fault;
use super::revenue::{noted, unread_part};
use super::scan::Tally;
use super::stack::{CENSUS, share_of};
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `budget_pacing`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "budget_pacing",
        version: 2,
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
            "Budgets that begin in the period; of several plans for the same, the last one made by the as-of instant; one without a readable date was made first. Lines of one plan made at the same time add up.",
            "A budget without channel and campaign is left out where the table has columns for them.",
            "Days are elapsed up to the as-of day less the charter's reporting lag; spend of that day and later is not looked at. A budget for the days elapsed is rounded to the millionth.",
            "A budget of which no day has elapsed is in flight.",
            "Spend counts for every budget that names its channel, its campaign or both, compared without case (of several spellings the first in the alphabet is shown); spend of the period that no budget of any time names is a row of its own.",
            "Amounts of spend below zero, such as credit notes, lower what was spent.",
            "Where no row of spend says a channel or campaign, what was spent on budgets that do is unknown, not 0.",
            "The projection takes each budget on at its pace so far.",
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
            budgets.stood(&plan, scan.as_of)?;
            let scheduled = scan.days(plan.start, plan.end);
            let elapsed = scan.days(plan.start, budgets.until).min(scheduled);
            if elapsed <= 0 { Err((Reason::InFlight, "start_at")) } else { Ok((plan, scheduled, elapsed)) }
        });
        let Some((plan, scheduled, elapsed)) = tally.row(row, outcome) else { continue };
        let key = budgets.add(&mut measure, &plan, budgets.until.min(plan.end));
        measure.note(Key::part("elapsed", key.as_str()), elapsed);
        measure.note(Key::part("scheduled", key), scheduled);
    }
    tally.finish(&mut measure);
    budgets.note_rest(&mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let (elapsed, scheduled) = (measure.noted("elapsed"), measure.noted("scheduled"));
    // Budget, due, spent and projected, by channel and in all: all three lists are in the order of the keys.
    let (mut channels, mut whole): (Sums<4>, Sums<4>) = (Vec::new(), vec![("", [0; 4])]);
    for ((name, budget, spent), ((_, elapsed), (_, scheduled))) in
        plans(measure).into_iter().zip(elapsed.into_iter().zip(scheduled))
    {
        let part = |amount: i64, part: i64, whole: i64| share_of(amount.into(), part.into(), whole.into());
        let amounts = [budget, part(budget, elapsed, scheduled), spent, part(spent, scheduled, elapsed)];
        add_to(&mut channels, name, amounts);
        add_to(&mut whole, "", amounts);
    }
    let total = whole.first().map_or([0; 4], |(_, total)| *total);
    let (known, told) = (noted(measure, "unbudgeted").is_some(), untold(measure).is_none());
    let pace = |[_, due, spent, _]: [i128; 4]| {
        untold(measure).unwrap_or_else(|| {
            Answer::quotient(
                Quantity::money(spent, "spend so far"),
                Quantity::money(due, "budget for the days elapsed"),
            )
            .from_records(CENSUS)
        })
    };
    let sum = |key: &str, label: &str, amount: i128, known: bool| {
        let answer = if known && measure.used > 0 {
            Answer::new(to_units(amount), CENSUS)
        } else {
            Answer::undefined("no_evidence", "No budget of the period can be held against spend.")
        };
        Part::new(key, label, Unit::Money, answer)
    };
    let sums = |[budget, _, spent, projected]: [i128; 4]| {
        vec![
            sum("budget", "Budget", budget, known),
            sum("spent", "Spent so far", spent, told),
            sum("projected", "Projected at the end", projected, told),
        ]
    };
    let mut parts = sums(total);
    let rest = noted(measure, "unbudgeted").unwrap_or(0).into();
    parts.push(sum("unbudgeted", "Spend that no budget names", rest, known));
    let channels = channels
        .into_iter()
        .map(|(name, amounts)| Part::new(name, name, Unit::Ratio, pace(amounts)).with(sums(amounts)));
    let channels: Vec<Part> = channels.list();
    let count = if measure.used > 0 {
        Answer::new(channels.len() as f64, CENSUS)
    } else {
        Answer::undefined("no_evidence", "No budget of the period can be used.")
    };
    parts.push(Part::new("channels", "By channel", Unit::Records, count).with(channels));
    parts.extend(unread_part(measure));
    Judgement { answer: pace(total), parts }
}
