//! What the pipeline yields a day.

use super::average_deal::mean;
use super::deals::Deals;
use super::sales_cycle::middle;
use super::scan::{Histogram, Tally};
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::stats::quantile::Counts;

/// `pipeline_velocity`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_velocity",
        version: 1,
        name: "Pipeline velocity",
        unit: Unit::MoneyPerDay,
        direction: Direction::Higher,
        formula: "open qualified deals × win rate × average won deal ÷ median sales cycle in days",
        source: "ours: the usual definition, without an authority",
        table: "deals",
        inputs: &[
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deals.created_at",
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
        ],
        edge_cases: &[
            "Open deals are those open at the end of the period, or at the as-of instant if that comes first; win rate, average and cycle are those of the deals closed in the period.",
            "An open deal without a readable creation date counts as open.",
            "Qualified is what the charter's deal stages say of the deal's present stage; the stage it had then is not in the data.",
            "No won deal, or a median cycle of 0 days: unknown, not 0.",
            "Parts: the four factors, each leaving out deals as its own figure does.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "created_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, dates: Dates::Outside, ..Particulars::NONE },
};

/// What a deal adds.
enum Role {
    Open,
    Closed { won: bool },
}

#[cfg_attr(speed, optimize(speed))]
fn measure(scan: &Scan) -> Measure {
    let deals = Deals::new(scan);
    let end = scan.period.end;
    // Open at the end of the period, whatever happened since.
    let open = |row: usize| {
        if end.is_some_and(|end| deals.created(row).is_ok_and(|created| created >= end)) {
            return Err((Reason::OutsidePeriod, "created_at"));
        }
        if deals.qualified(row)? { Ok(Role::Open) } else { Err((Reason::NotCounted, "stage")) }
    };
    let still_open = |row: usize, fault: Reason| match fault {
        Reason::InFlight => true,
        Reason::OutsidePeriod => end.zip(deals.closed_at(row)).is_some_and(|(end, closed)| closed >= end),
        _ => false,
    };
    let [mut whole, mut opens, mut decided, mut amounts, mut cycles] = [(); 5].map(|()| Tally::new(scan.table));
    let mut counts = [0_u64; 3];
    let (mut amount, mut cycle) = (Histogram::default(), Histogram::default());
    for row in scan.rows() {
        let closed = deals.closed_in_period(row);
        let role = match closed {
            Ok((_, won)) => Ok(Role::Closed { won }),
            Err((reason, _)) if still_open(row, reason) => open(row),
            Err(fault) => Err(fault),
        };
        let won_at = match closed {
            Ok((at, true)) => Ok(at),
            Ok(_) => Err((Reason::NotCounted, "stage")),
            Err(fault) => Err(fault),
        };
        let [open, won, lost] = &mut counts;
        match &role {
            Ok(Role::Open) => *open = open.wrapping_add(1),
            Ok(Role::Closed { won: true }) => *won = won.wrapping_add(1),
            Ok(Role::Closed { won: false }) => *lost = lost.wrapping_add(1),
            Err(_) => {}
        }
        let fault = role.as_ref().map(|_| ()).map_err(|fault| *fault);
        whole.row(row, fault);
        opens.row(
            row,
            match &role {
                Ok(Role::Closed { .. }) => Err((Reason::NotCounted, "stage")),
                _ => fault,
            },
        );
        decided.row(
            row,
            match &role {
                Ok(Role::Open) => Err((Reason::InFlight, "")),
                _ => fault,
            },
        );
        if let Some(won) = amounts.row(row, won_at.and_then(|at| deals.amount(row, at))) {
            amount.count(won);
        }
        if let Some(days) = cycles.row(row, won_at.and_then(|at| deals.days_to(row, at))) {
            cycle.count(days);
        }
    }
    let mut measure = Measure::default();
    whole.finish(&mut measure);
    opens.finish_part("open_qualified", &mut measure);
    decided.finish_part("win_rate", &mut measure);
    amounts.finish_part("average_deal", &mut measure);
    cycles.finish_part("sales_cycle", &mut measure);
    for (series, count) in ["open", "won", "lost"].into_iter().zip(counts) {
        measure.add(Key::whole(series), count.into());
    }
    amount.finish(Key::whole("won_amount"), &mut measure);
    cycle.finish(Key::whole("days"), &mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let none = Counts::new();
    let count = |series| measure.number(series, "");
    let (open, won, lost) = (count("open"), count("won"), count("lost"));
    let rate = Answer::share(won, won.saturating_add(lost), "won deals", "won and lost deals");
    let average = mean(measure.histogram("won_amount", "").unwrap_or(&none));
    let days = middle(measure.histogram("days", "").unwrap_or(&none));
    let factors = rate.value.clone().and_then(|rate| Ok((rate, average.value.clone()?, days.value.clone()?)));
    let answer = match factors {
        Err(undefined) => Answer::undefined(&undefined.code, undefined.message),
        Ok((_, _, 0.0)) => Answer::undefined("zero_denominator", "The median sales cycle is 0 days."),
        Ok((rate, average, days)) => Answer::new(open as f64 * rate * average / days, won),
    };
    let opens = Answer::new(open as f64, open);
    Judgement {
        answer,
        parts: vec![
            Part::new("open_qualified", "Open qualified deals", Unit::Records, opens),
            Part::new("win_rate", "Win rate", Unit::Rate, rate),
            Part::new("average_deal", "Average won deal", Unit::Money, average),
            Part::new("sales_cycle", "Median sales cycle", Unit::Days, days),
        ],
    }
}
