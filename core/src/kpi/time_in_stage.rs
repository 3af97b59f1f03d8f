//! How long records stay in a stage.

use super::buckets::{Buckets, Counted, alone, count, write_all};
use super::conversion_matured::{median, quantile};
use super::scan::{Histogram, stage_field};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::kpi::definition::StageDefault;
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, median_interval};
use crate::stats::{Curve, Durations};

/// `time_in_stage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "time_in_stage",
        version: 1,
        name: "Time in stage",
        unit: Unit::Days,
        direction: Direction::Lower,
        formula: "median days from entering a stage to entering the next one of any later stage or exit, by Kaplan–Meier",
        source: "HubSpot `hs_time_in_*` properties; quantiles after Kaplan & Meier 1958",
        table: "contacts",
        inputs: &["contacts.stage:<each lifecycle stage>", "contacts.stage:<each exit>"],
        edge_cases: &[
            "A record belongs to the period in which it entered the stage; each stage counts its own records.",
            "Still there at the as-of instant: it counts as long as it was watched (censored). If too few have left, median and 90th percentile are unknown. Where the curve rests exactly on the share, the middle of that stretch counts, which ends at the last day watched.",
            "Durations are whole calendar days in the charter's time zone; the same day is 0.",
            "A record that entered a later stage before this one is left out as a negative duration. An exit before this stage belongs to an earlier round and is ignored.",
            "Intervals: of a median where nobody is in flight, order statistics; otherwise where the log-transformed Kaplan–Meier limits reach the share.",
            "The last stage has no next one and is not shown.",
            "Parts: one for each stage, with `median` and `p90` in it.",
        ],
        parameters: &[Parameter {
            name: "stage",
            range: Range::Stage(StageDefault::Lead),
            text: "stage whose median is the figure's value",
        }],
        uses_lifecycle: true,
        timing: Timing::Period,
    },
    needs: Listed::Of(|_, parameters| vec![stage_field(parameters.text("stage"))]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

struct Stage<'a> {
    id: &'a str,
    field: &'a str,
    cells: Option<&'a [i64]>,
    counted: Counted<'a>,
    left: Vec<Histogram>,
    in_flight: Vec<Histogram>,
}

#[cfg_attr(speed, optimize(speed))]
pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let lifecycle = &scan.charter.lifecycle;
    let fields: Vec<String> = lifecycle.stages.iter().map(|stage| stage_field(&stage.id)).list();
    let stages = lifecycle.stages.iter().zip(&fields).map(|(stage, field)| Stage {
        id: &stage.id,
        field,
        cells: scan.table.time(field),
        counted: Counted::new(scan, buckets),
        left: buckets.each(),
        in_flight: buckets.each(),
    });
    let mut stages: Vec<Stage> = stages.list();
    let exit_fields: Vec<String> = lifecycle.exits.iter().map(|exit| stage_field(&exit.id)).list();
    let exits: Vec<&[i64]> = exit_fields.iter().filter_map(|field| scan.table.time(field)).list();
    let today = scan.clock.day_of(scan.as_of);
    for row in scan.rows() {
        // From the last stage back: the earliest entry of any later one, and whether one of them can't be read.
        let (mut later, mut unreadable) = (i64::MAX, false);
        for Stage { field, cells, counted, left, in_flight, .. } in stages.iter_mut().rev() {
            let date = scan.started(*cells, row, field);
            let next = counted.row(row, date, field, |at| {
                if unreadable {
                    return Err((Reason::UnparsableDate, *field));
                }
                if later < at {
                    return Err((Reason::NegativeDuration, *field));
                }
                let mut next = later;
                for cells in &exits {
                    match scan.seen(Some(cells), row) {
                        Ok(exit) if exit >= at => next = next.min(exit),
                        Err(Reason::UnparsableDate) => return Err((Reason::UnparsableDate, *field)),
                        _ => {}
                    }
                }
                Ok(next)
            });
            match date {
                Ok(at) => {
                    later = later.min(at);
                    match next {
                        None => {}
                        Some((i64::MAX, places)) => {
                            count(in_flight, places, today.saturating_sub(scan.clock.day_of(at)));
                        }
                        Some((next, places)) => count(left, places, scan.days(at, next)),
                    }
                }
                Err((reason, _)) => unreadable |= reason == Reason::UnparsableDate,
            }
        }
    }
    let mut measures = buckets.each();
    for stage in stages {
        write_all(stage.left, &Key::part("left", stage.id), &mut measures);
        write_all(stage.in_flight, &Key::part("in_flight", stage.id), &mut measures);
        stage.counted.finish_part(stage.id, &mut measures);
    }
    // The whole counts the rows of the stage that gives its value.
    for measure in &mut measures {
        if let Some(rows) = measure.parts.get(scan.parameters.text("stage")) {
            measure.used = rows.used;
            measure.excluded = rows.excluded.clone();
            measure.read = rows.used.saturating_add(rows.excluded.total());
        }
    }
    measures
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let stages = frame.charter.lifecycle.counted();
    let chosen = frame.parameters.text("stage");
    let mut value =
        Answer::undefined("no_later_stage", "The chosen stage is the last one: no stage follows that could end it.");
    let mut parts = Vec::new();
    for stage in stages.iter().take(stages.len().saturating_sub(1)) {
        let [middle, tail] = if frame.has(&stage_field(&stage.id)) {
            durations(measure, &stage.id)
        } else {
            let message = format!("No column tells when records entered “{}”.", stage.label);
            [(); 2].map(|()| Answer::undefined("missing_field", message.clone()))
        };
        if stage.id == chosen {
            value = middle.clone();
        }
        let inner = |key: &str, label: &str, answer: &Answer| {
            Part::new(key, label, Unit::Days, answer.clone()).counting(&stage.id)
        };
        let inner = vec![inner("median", "Median", &middle), inner("p90", "90th percentile", &tail)];
        parts.push(Part::new(&stage.id, &stage.label, Unit::Days, middle).with(inner));
    }
    Judgement { answer: value, parts }
}

/// Median and 90th percentile of the days in a stage.
fn durations(measure: &Measure, stage: &str) -> [Answer; 2] {
    let none = Counts::new();
    let left = measure.histogram("left", stage).unwrap_or(&none);
    let in_flight = measure.histogram("in_flight", stage).unwrap_or(&none);
    let curve = Curve::new(Durations { events: left, competing: &none, censored: in_flight });
    let mut middle = median(&curve);
    if in_flight.is_empty() && middle.value.is_ok() {
        middle.interval = median_interval(left).map(|limits| limits.map(|days| days as f64));
    }
    [middle, quantile(&curve, 0.9, "nine in ten")]
}
