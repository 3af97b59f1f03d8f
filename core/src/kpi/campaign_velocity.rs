//! How many campaigns go live each week.

use super::operations::placed;
use super::scan::{Histogram, Tally};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, total};
use crate::sum::Sum;

/// `campaign_velocity`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "campaign_velocity",
        version: 1,
        name: "Campaign velocity",
        unit: Unit::PerWeek,
        direction: Direction::Higher,
        formula: "campaigns launched in the period ÷ its weeks",
        source: "ours",
        table: "campaigns",
        inputs: &["campaigns.launched_at"],
        edge_cases: &[
            "A period counts up to the as-of instant; one without a beginning or end goes from the first launch to the as-of day. Parts of weeks count as such. Not launched yet: left out.",
            "Rows with a fault widen the bounds.",
            "trend: the slope of launches a week by least squares, over the whole weeks of the period, from its first day; it needs three.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["launched_at"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let launched = scan.table.time("launched_at");
    let mut tally = Tally::new(scan.table);
    let mut days = Histogram::default();
    for row in scan.rows() {
        let launch = placed(scan, launched, row, "launched_at")
            .map_err(|(reason, field)| (if reason == Reason::BlankField { Reason::NotStarted } else { reason }, field));
        if let Some(at) = tally.row(row, launch) {
            days.count(scan.clock.day_of(at));
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    days.finish(Key::whole("launched"), &mut measure);
    measure
}

/// The first day of a period and the first after it, up to the as-of instant; from the first event where it has no
/// beginning.
pub(super) fn span(events: &Counts, frame: &Frame) -> Option<(i64, i64)> {
    let first = frame.period.start.map(|start| frame.zone.day_of(start)).or_else(|| events.keys().next().copied())?;
    let as_of = frame.zone.day_of(frame.as_of.minus(1)).plus(1);
    let end = frame.period.end.map_or(as_of, |end| frame.zone.day_of(end).min(as_of));
    (end > first).then_some((first, end))
}

/// How many events a week there were in the period.
pub(super) fn weekly(events: &Counts, frame: &Frame, label: &str) -> Answer {
    let Some((first, end)) = span(events, frame) else {
        return Answer::undefined("zero_denominator", "The period has not begun, or nothing happened in it.");
    };
    let weeks = end.minus(first) as f64 / 7.0;
    let all = total(events);
    Answer::quotient(Quantity::records(all, label), Quantity::new(weeks, Unit::Ratio, "weeks")).from_records(all)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let none = Counts::new();
    let events = measure.histogram("launched", "").unwrap_or(&none);
    let trend = span(events, frame).and_then(|(first, end)| slope(events, first, end));
    let trend = trend.map_or_else(
        || Answer::undefined("too_short", "A trend needs three whole weeks."),
        |slope| Answer::new(slope, total(events)),
    );
    let answer = weekly(events, frame, "campaigns launched");
    // Those of no readable date could have been launched in its weeks too.
    let most =
        answer.denominator.as_ref().map(|weeks| measure.used.plus(measure.excluded.faults()) as f64 / weeks.value);
    let bounds = answer.value.as_ref().ok().zip(most).map(|(least, most)| [*least, most]);
    Judgement {
        answer: answer.bounded(bounds.filter(|[least, most]| least < most)),
        parts: vec![Part::new("trend", "Change a week", Unit::PerWeek, trend)],
    }
}

/// Σ(t − t̄)(y − ȳ) ÷ Σ(t − t̄)² over the whole weeks t = 0, 1, …
fn slope(events: &Counts, first: i64, end: i64) -> Option<f64> {
    let weeks = end.minus(first).div_euclid(7);
    if weeks < 3 {
        return None;
    }
    let middle = (weeks as f64 - 1.0) / 2.0;
    // Σ(t − t̄)·ȳ is 0, so each launch adds its week's distance from the middle.
    let mut above = 0.0;
    for (day, times) in events.iter() {
        let week = day.minus(first).div_euclid(7);
        if week < weeks {
            above += (week as f64 - middle) * *times as f64;
        }
    }
    let n = weeks as f64;
    Some(above / (n * (n * n - 1.0) / 12.0))
}
