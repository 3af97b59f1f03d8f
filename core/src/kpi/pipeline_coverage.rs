//! How often the open pipeline covers what is still to win.

use super::deals::{Deals, NO_DAY, is_undated};
use super::judgement::between;
use super::revenue::target;
use super::scan::Tally;
use super::sides::TARGETS;
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::DealState;
use crate::figure::{Direction, Quantity, Undefined, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `pipeline_coverage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_coverage",
        version: 5,
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
            "The target is the charter's for the period: one for exactly its days, or several that together are.",
            "Where the target is met already, there is nothing to cover: covered, not infinity.",
            "Won amounts convert at the rate of the closing day, open ones at that of the as-of day.",
            "Where deals were won, or are due, or may be, and none has a date and a usable amount, that side is unknown, not 0, as is coverage.",
            "An open deal is due at its expected_close_at; where the table has no such column, at its closed_at: HubSpot and Salesforce keep one date for both.",
            "A deal whose date is blank or can't be read widens the bounds by its amount, where its rate is known and nothing else has a fault.",
            "The target is that of all deals: behind a filter that chooses some of them, coverage is unknown; its parts say what is open and won.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { against: &[TARGETS], dates: Dates::Outside, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let deals = Deals::new(scan);
    let field = if scan.table.time("expected_close_at").is_some() { "expected_close_at" } else { "closed_at" };
    let expected = scan.table.time(field);
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let (series, due) = match deals.won_in_period(row) {
            Err((Reason::InFlight, _)) => {
                let due = scan.date(expected, row).and_then(|at| scan.in_period(at));
                ("open", due.map(|()| scan.as_of).map_err(|reason| (reason, field)))
            }
            won => (if deals.state(row) == Ok(DealState::Won) { "won" } else { "lost" }, won),
        };
        let amount = tally.row(row, due.and_then(|at| deals.amount(row, at)));
        if is_undated(due) {
            measure.add(Key::part("unpriced", series), 1);
            deals.undated(row, if series == "open" { scan.as_of } else { NO_DAY }, series, &mut measure);
        }
        if due.is_ok() {
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
            return Err(Undefined::new("no_evidence", "None of these deals has both a date and a usable amount."));
        }
        Ok(measure.sum(series, ""))
    });
    let none = || Undefined::new("no_target", "The charter has no revenue target for exactly this period.");
    let goal = target(frame).filter(|_| !frame.reach.some).ok_or_else(none);
    let [open, won] = &sides;
    let divided = || {
        let (goal, won) = (goal.clone()?, won.clone()?);
        if goal <= won {
            return Err(Undefined::new("covered", "The target is met: nothing is left to cover."));
        }
        Ok((open.clone()?, goal.minus(won)))
    };
    let answer = match divided() {
        Err(why) => Answer::from_value(Err(why)),
        Ok((open, left)) => {
            Answer::quotient(Quantity::money(open, "open pipeline due"), Quantity::money(left, "target not yet won"))
                .from_records(measure.used)
        }
    };
    // Deals without a date may be due, or won, in the period.
    let limit = |[open, won]: [i128; 2]| {
        let left = goal.as_ref().ok()?.minus(won);
        (left > 0).then(|| to_units(open) / to_units(left))
    };
    let could = between(measure, "open").zip(between(measure, "won"));
    let limits = could.and_then(|([least, most], [low, high])| limit([least, low]).zip(limit([most, high])));
    let answer = answer.spanning(limits.filter(|(least, most)| least < most).map(<[f64; 2]>::from));
    let part = |key: &'static str, label: &str, amount: Result<i128, Undefined>| {
        let answer = Answer::from_value(amount.map(to_units)).from_records(measure.used);
        Part::new(key, label, Unit::Money, answer.undated(measure, key))
    };
    let [open, won] = sides;
    let parts =
        vec![part("open", "Open pipeline due", open), part("won", "Won so far", won), part("target", "Target", goal)];
    Judgement { answer, parts }
}
