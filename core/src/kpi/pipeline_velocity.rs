//! What the pipeline yields a day.

use super::average_deal::mean;
use super::buckets::{Buckets, Counted, NOWHERE, add, alone, count, write, write_all};
use super::deals::{Deals, Fault};
use super::sales_cycle::middle;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
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
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { is_total: true, by_bucket: Some(by_bucket), ..Particulars::NONE },
};

#[cfg_attr(speed, optimize(speed))]
pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let deals = Deals::new(scan);
    let [mut whole, mut opens, mut decided, mut amounts, mut cycles] = [(); 5].map(|()| Counted::new(scan, buckets));
    let mut counts = [(); 3].map(|()| buckets.each());
    let [open, won, lost] = &mut counts;
    let [mut amount, mut cycle] = [(); 2].map(|()| buckets.each());
    for row in scan.rows() {
        let (closed, created) = (deals.closed(row), deals.created(row));
        // Whether it was open at the end of a period, whatever happened since.
        let was_open = |end: i64| {
            if created.is_ok_and(|created| created >= end) {
                return Err((Reason::OutsidePeriod, "created_at"));
            }
            if deals.qualified(row)? { Ok(()) } else { Err((Reason::NotCounted, "stage")) }
        };
        for (place, (start, end)) in buckets.bounds(scan.period) {
            // Whether it is an open deal rather than a closed one.
            let role = match closed {
                Ok((at, _)) if at < start => Err((Reason::OutsidePeriod, "closed_at")),
                Ok((at, _)) if at < end => Ok(false),
                Err(fault) if fault.0 != Reason::InFlight => Err(fault),
                _ => was_open(end).map(|()| true),
            };
            let (as_open, as_decided, sums) = match (role, closed) {
                (Ok(true), _) => (role, Err((Reason::InFlight, "")), &mut *open),
                (_, Ok((_, true))) => (role.and(NOT_COUNTED), role, &mut *won),
                _ => (role.and(NOT_COUNTED), role, &mut *lost),
            };
            opens.count(place, row, as_open);
            decided.count(place, row, as_decided);
            if whole.count(place, row, role).is_some() {
                add(sums, [place, NOWHERE], 1);
            }
        }
        let (closed_at, won) = (closed.map(|(at, _)| at), closed.is_ok_and(|(_, won)| won));
        let won_at = |at: i64| if won { Ok(at) } else { NOT_COUNTED.map(|_| at) };
        if let Some((won, places)) =
            amounts.value(row, closed_at, "closed_at", &|at| won_at(at).and_then(|at| deals.amount(row, at)))
        {
            count(&mut amount, places, won);
        }
        if let Some((days, places)) =
            cycles.value(row, closed_at, "closed_at", &|at| won_at(at).and_then(|at| deals.days_to(row, at)))
        {
            count(&mut cycle, places, days);
        }
    }
    let mut measures = buckets.each();
    whole.finish(&mut measures);
    opens.finish_part("open_qualified", &mut measures);
    decided.finish_part("win_rate", &mut measures);
    amounts.finish_part("average_deal", &mut measures);
    cycles.finish_part("sales_cycle", &mut measures);
    for (series, sums) in ["open", "won", "lost"].into_iter().zip(&counts) {
        write(sums, &Key::whole(series), &mut measures);
    }
    write_all(amount, &Key::whole("won_amount"), &mut measures);
    write_all(cycle, &Key::whole("days"), &mut measures);
    measures
}

const NOT_COUNTED: Result<bool, Fault> = Err((Reason::NotCounted, "stage"));

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let none = Counts::new();
    let count = |series| measure.number(series, "");
    let (open, won, lost) = (count("open"), count("won"), count("lost"));
    let rate = Answer::share(won, won.saturating_add(lost), "won deals", "won and lost deals");
    let average = mean(measure.histogram("won_amount", "").unwrap_or(&none));
    let days = middle(measure.histogram("days", "").unwrap_or(&none));
    let factors = rate.value.clone().and_then(|rate| Ok((rate, average.value.clone()?, days.value.clone()?)));
    let answer = match factors {
        Err(undefined) => Answer::from_value(Err(undefined)),
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
