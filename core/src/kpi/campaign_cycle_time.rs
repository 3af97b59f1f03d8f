//! How long a campaign takes from brief to launch, and where the time goes.

use super::conversion_matured::{median, quantile};
use super::operations::placed;
use super::scan::{Histogram, Tally};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, mean, total};
use crate::stats::{Curve, Durations};
use crate::sum::Sum;
use crate::table::is_known;

/// `campaign_cycle_time`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "campaign_cycle_time",
        version: 1,
        name: "Campaign cycle time",
        unit: Unit::Days,
        direction: Direction::Lower,
        formula: "median days from brief to launch, by Kaplan–Meier",
        source: "ours",
        table: "campaigns",
        inputs: &[
            "campaigns.briefed_at",
            "campaigns.built_at",
            "campaigns.checked_at",
            "campaigns.approved_at",
            "campaigns.launched_at",
            "campaigns.due_at",
            "campaigns.returns",
        ],
        edge_cases: &[
            "A campaign belongs to the period in which its brief was accepted. Not launched by the as-of instant: it counts as long as it has taken (censored). Launched before its brief: left out.",
            "Days are calendar days in the charter's time zone; the same day is 0.",
            "On time: launched on or before its due day, of those launched or overdue; one that is neither is still open, and in the bounds.",
            "A step counts campaigns with both of its dates, in order: brief (to built), build (to checked), quality assurance (to approved), approval (to launched).",
            "Intervals of `median` and `p90`: where the log-transformed Kaplan–Meier limits reach the share, if both do.",
            "Parts: `median`, `p90`, `on_time`, each step, and `returns` (mean number of times sent back).",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["briefed_at", "launched_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// The steps: id, name, and the dates from which to which they go.
pub(crate) const STEPS: [(&str, &str, &str, &str); 4] = [
    ("brief", "Brief to built", "briefed_at", "built_at"),
    ("build", "Built to checked", "built_at", "checked_at"),
    ("quality_assurance", "Checked to approved", "checked_at", "approved_at"),
    ("approval", "Approved to launched", "approved_at", "launched_at"),
];

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (briefed, launched, due) = (table.time("briefed_at"), table.time("launched_at"), table.time("due_at"));
    let returns = table.money("returns");
    let [mut tally, mut timely, mut returned] = [(); 3].map(|()| Tally::new(table));
    let (mut done, mut open, mut sent_back) = (Histogram::default(), Histogram::default(), Histogram::default());
    let mut steps = STEPS
        .map(|(_, _, from, to)| (from, to, table.time(from), table.time(to), Tally::new(table), Histogram::default()));
    let mut on_time = 0_i128;
    for row in scan.rows() {
        let times = placed(scan, briefed, row, "briefed_at").and_then(|briefed| {
            let launched = scan.event(launched, row, "launched_at")?;
            if launched.is_some_and(|launched| launched < briefed) {
                return Err((Reason::NegativeDuration, "launched_at"));
            }
            Ok((briefed, launched))
        });
        match tally.row(row, times) {
            Some((briefed, Some(launched))) => done.count(scan.days(briefed, launched)),
            Some((briefed, None)) => open.count(scan.days(briefed, scan.as_of)),
            None => {}
        }
        let punctual = times.and_then(|(_, launched)| {
            let due = due.and_then(|cells| cells.get(row)).copied().filter(|due| is_known(*due));
            let due = due.ok_or((Reason::BlankField, "due_at"))?;
            match launched {
                Some(launched) => Ok(scan.days(due, launched) <= 0),
                None if scan.days(due, scan.as_of) > 0 => Ok(false),
                None => Err((Reason::InFlight, "launched_at")),
            }
        });
        on_time = on_time.plus(i128::from(timely.row(row, punctual).unwrap_or(false)));
        let back = times.and_then(|_| super::amounts::number(returns, row).map_err(|reason| (reason, "returns")));
        if let Some(back) = returned.row(row, back) {
            sent_back.count(back.div_euclid(1_000_000));
        }
        for (from_field, to_field, from, to, tally, days) in &mut steps {
            let step = times.and_then(|_| {
                let from = scan.seen(*from, row).map_err(|reason| (reason, *from_field))?;
                let to = scan.event(*to, row, to_field)?.ok_or((Reason::InFlight, *to_field))?;
                if to < from { Err((Reason::NegativeDuration, *to_field)) } else { Ok(scan.days(from, to)) }
            });
            if let Some(step) = tally.row(row, step) {
                days.count(step);
            }
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    timely.finish_part("on_time", &mut measure);
    returned.finish_part("returns", &mut measure);
    measure.add(Key::whole("on_time"), on_time);
    done.finish(Key::whole("launched"), &mut measure);
    open.finish(Key::whole("open"), &mut measure);
    sent_back.finish(Key::whole("returns"), &mut measure);
    for ((id, ..), (.., tally, days)) in STEPS.iter().zip(steps) {
        tally.finish_part(id, &mut measure);
        days.finish(Key::part("step", *id), &mut measure);
    }
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let none = Counts::new();
    let counts = |series, part: &str| measure.histogram(series, part).unwrap_or(&none);
    let (launched, open) = (counts("launched", ""), counts("open", ""));
    let curve = Curve::new(Durations { events: launched, competing: &none, censored: open });
    let middle = median(&curve);
    let rows = |part: &str| measure.parts.get(part);
    let decided = rows("on_time").map_or(0, |rows| rows.used);
    let waiting = rows("on_time").map_or(0, |rows| rows.excluded.count(Reason::InFlight));
    let punctual = measure.number("on_time", "");
    let all = decided.plus(waiting) as f64;
    let bounds = (waiting > 0).then(|| [punctual as f64 / all, punctual.plus(waiting) as f64 / all]);
    let on_time =
        Answer::share(punctual, decided, "campaigns launched by their due day", "campaigns launched or overdue")
            .bounded(bounds);
    let mut parts = vec![
        Part::new("median", "Median", Unit::Days, middle.clone()),
        Part::new("p90", "90th percentile", Unit::Days, quantile(&curve, 0.9, "nine in ten")),
        Part::new("on_time", "On time", Unit::Rate, on_time),
    ];
    for (id, label, ..) in STEPS {
        let days = counts("step", id);
        parts.push(Part::new(id, label, Unit::Days, known(days, crate::stats::quantile::median(days))));
    }
    let returns = counts("returns", "");
    parts.push(Part::new("returns", "Times sent back, mean", Unit::Ratio, known(returns, mean(returns))));
    Judgement { answer: middle, parts }
}

/// A value from some counts, or that there are none.
pub(super) fn known(counts: &Counts, value: Option<f64>) -> Answer {
    value.map_or_else(
        || Answer::undefined("zero_denominator", "Nothing in the period tells."),
        |value| Answer::new(value, total(counts)),
    )
}
