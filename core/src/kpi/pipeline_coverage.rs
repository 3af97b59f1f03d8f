//! How often the open pipeline covers what is still to win.

use super::deals::Deals;
use super::revenue::target;
use super::scan::Tally;
use super::sides::TARGETS;
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Undefined, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `pipeline_coverage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_coverage",
        version: 4,
        name: "Pipeline coverage",
        unit: Unit::Ratio,
        direction: Direction::Higher,
        formula: "amount of open deals expected to close in the period ÷ (target − amount won in the period so far)",
        source: "ours: the usual definition, without an authority",
        table: "deals",
        inputs: &[
            "deals.expected_close_at",
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "charter.revenue",
            "charter.revenue.targets",
        ],
        edge_cases: &[
            "The target is that of the charter for the period: one for exactly its days, or several that together are.",
            "Where the target is met already, there is nothing to cover: covered, not infinity.",
            "Won amounts convert at the rate of the closing day, open ones at that of the as-of day.",
            "Where deals were won, or are due, and none of them has a usable amount, that side is unknown, not 0, and so is coverage.",
            "When an open deal is expected to close is its expected_close_at; where the table has no such column, its closed_at: HubSpot and Salesforce keep one close date for both. An open deal without one is left out.",
            "The target is that of all deals: behind a filter that chooses some of them, coverage is unknown, and its parts say what is open and won.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { against: &[TARGETS], dates: Dates::Any, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let deals = Deals::new(scan);
    let field = if scan.table.time("expected_close_at").is_some() { "expected_close_at" } else { "closed_at" };
    let expected = scan.table.time(field);
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let due = match deals.won_in_period(row) {
            Ok(at) => Ok(("won", at)),
            Err((Reason::InFlight, _)) => scan.date(expected, row).map_err(|reason| (reason, field)).and_then(|at| {
                scan.in_period(at).map_err(|reason| (reason, field))?;
                Ok(("open", scan.as_of))
            }),
            Err(fault) => Err(fault),
        };
        let amount = due.and_then(|(_, at)| deals.amount(row, at));
        let amount = tally.row(row, amount);
        if let Ok((series, _)) = due {
            measure.add(Key::part(if amount.is_some() { "priced" } else { "unpriced" }, series), 1);
            measure.add(Key::whole(series), amount.unwrap_or(0).into());
        }
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let sides = ["open", "won"].map(|series| {
        if measure.sum("unpriced", series) > 0 && measure.sum("priced", series) == 0 {
            return Err(Undefined::new("no_evidence", "None of these deals has a usable amount."));
        }
        Ok(measure.sum(series, ""))
    });
    let goal = target(frame).filter(|_| !frame.reach.some);
    let none = || Undefined::new("no_target", "The charter has no revenue target for exactly this period.");
    let [open, won] = &sides;
    let answer = match (goal.ok_or_else(none), won, open) {
        (Err(why), ..) => Answer::undefined(&why.code, why.message),
        (_, Err(why), _) => Answer::undefined(&why.code, why.message.clone()),
        (Ok(goal), Ok(won), _) if goal <= *won => {
            Answer::undefined("covered", "The target is met: nothing is left to cover.")
        }
        (_, _, Err(why)) => Answer::undefined(&why.code, why.message.clone()),
        (Ok(goal), Ok(won), Ok(open)) => Answer::quotient(
            Quantity::money(*open, "open pipeline due"),
            Quantity::money(goal.minus(*won), "target not yet won"),
        )
        .from_records(measure.used),
    };
    let part = |key: &str, label: &str, amount: Result<i128, Undefined>| {
        let answer = match amount {
            Ok(amount) => Answer::new(to_units(amount), measure.used),
            Err(why) => Answer::undefined(&why.code, why.message),
        };
        Part::new(key, label, Unit::Money, answer)
    };
    let [open, won] = sides;
    let parts = vec![
        part("open", "Open pipeline due", open),
        part("won", "Won so far", won),
        part("target", "Target", goal.ok_or_else(none)),
    ];
    Judgement { answer, parts }
}
