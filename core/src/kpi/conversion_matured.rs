//! What share converts in the end, when many have not had the time yet.

use super::buckets::{Buckets, Counted, alone, count, write_all};
use super::scan::{Histogram, stage_field};
use super::{
    Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Parameters, Part, Particulars, Range, Scan, Timing,
};
use crate::charter::{Charter, Lifecycle};
use crate::figure::{Direction, Quantity, Unit};
use crate::kpi::definition::StageDefault;
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, total};
use crate::stats::{Curve, Durations};

/// `conversion_matured`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "conversion_matured",
        version: 1,
        name: "Matured conversion",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "1 − S(t) at t = horizon_days, S being the Kaplan–Meier estimate of days from `from` to `to`; where records leave through an exit, the Aalen–Johansen cumulative incidence of `to`",
        source: "Kaplan & Meier 1958; Aalen & Johansen 1978; Erik Bernhardsson, “Conversion rates – you are (most likely) computing them wrong”",
        table: "contacts",
        inputs: &["contacts.stage:<from>", "contacts.stage:<to>", "contacts.stage:<each exit>"],
        edge_cases: &[
            "A record belongs to the period in which it entered `from`. In flight at the as-of instant, it counts as long as it was watched (censored), not as a failure.",
            "Durations are whole calendar days in the charter's time zone; the same day is 0.",
            "A record that entered `to` before `from` is left out as a negative duration.",
            "An exit at or after `from` and before `to` competes: the record can't convert first any more. Part `competing` is the share that left so.",
            "Before any record is horizon_days old, the share is unknown, unless none is in flight any more.",
            "The 95% limits are log-transformed on 1 − share, as R's survfit draws those of Kaplan–Meier by default. There are none before the first conversion.",
            "Part `median`: days by which half have converted; undefined if the curve never gets there; where it rests on half, the middle of that stretch.",
        ],
        parameters: &[
            Parameter {
                name: "from",
                range: Range::Stage(StageDefault::Lead),
                text: "stage at which the clock starts",
            },
            Parameter { name: "to", range: Range::Stage(StageDefault::Customer), text: "stage at which it stops" },
            Parameter {
                name: "horizon_days",
                range: Range::Whole { default: 90, low: 1, high: 3650 },
                text: "days after which the share is read",
            },
        ],
        uses_lifecycle: true,
        timing: Timing::Period,
    },
    needs: Listed::Of(|_, parameters| vec![stage_field(parameters.text("from")), stage_field(parameters.text("to"))]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

#[cfg_attr(speed, optimize(speed))]
pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let (from_field, to_field) = (stage_field(scan.parameters.text("from")), stage_field(scan.parameters.text("to")));
    let (from_cells, to_cells) = (scan.table.time(&from_field), scan.table.time(&to_field));
    let exit_fields: Vec<String> = scan.charter.lifecycle.exits.iter().map(|exit| stage_field(&exit.id)).list();
    let exits: Vec<(&str, &[i64])> =
        exit_fields.iter().filter_map(|field| Some((field.as_str(), scan.table.time(field)?))).list();
    let outcome = |row: usize, from: i64| {
        let to = scan.event(to_cells, row, &to_field)?;
        if to.is_some_and(|to| to < from) {
            return Err((Reason::NegativeDuration, to_field.as_str()));
        }
        let mut left: Option<i64> = None;
        for (field, cells) in &exits {
            // One before the clock starts belongs to an earlier round.
            if let Some(exit) = scan.event(Some(cells), row, field)?.filter(|exit| *exit >= from) {
                left = Some(left.map_or(exit, |known| known.min(exit)));
            }
        }
        Ok(match (to, left) {
            (Some(to), left) if left.is_none_or(|left| to <= left) => (0, scan.days(from, to)),
            (_, Some(left)) => (1, scan.days(from, left)),
            _ => (2, scan.days(from, scan.as_of)),
        })
    };
    let mut counted = Counted::new(scan, buckets);
    let mut histograms = [(); 3].map(|()| buckets.each::<Histogram>());
    for row in scan.rows() {
        let from = scan.started(from_cells, row, &from_field);
        let Some(((kind, days), places)) = counted.row(row, from, &from_field, |from| outcome(row, from)) else {
            continue;
        };
        if let Some(histograms) = histograms.get_mut::<usize>(kind) {
            count(histograms, places, days);
        }
    }
    let mut measures = buckets.each();
    counted.finish(&mut measures);
    for (series, histograms) in ["converted", "left", "in_flight"].into_iter().zip(histograms) {
        write_all(histograms, &Key::whole(series), &mut measures);
    }
    measures
}

/// The conversion curve of a measure.
pub fn curve(measure: &Measure) -> Curve {
    let none = Counts::new();
    let counts = |series| measure.histogram(series, "").unwrap_or(&none);
    Curve::new(Durations { events: counts("converted"), competing: counts("left"), censored: counts("in_flight") })
}

/// Whether `to` comes after `from` in the lifecycle.
fn in_order(lifecycle: &Lifecycle, parameters: &Parameters) -> bool {
    let position = |name| lifecycle.stages.iter().position(|stage| stage.id == parameters.text(name));
    position("from").zip(position("to")).is_some_and(|(from, to)| from < to)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let Frame { charter, parameters, .. } = frame;
    if !in_order(&charter.lifecycle, parameters) {
        let message = "The stage `to` does not come after `from` in the charter's lifecycle.";
        return Judgement { answer: Answer::undefined("bad_parameter", message), parts: Vec::new() };
    }
    let horizon = parameters.whole("horizon_days");
    let curve = curve(measure);
    let none = Counts::new();
    let converted = measure.histogram("converted", "").unwrap_or(&none);
    let mut by_then = Counts::new();
    for (days, times) in converted.iter().take_while(|(days, _)| **days <= horizon) {
        by_then.insert(*days, *times);
    }
    let read = |share: fn(&crate::stats::Step) -> f64| {
        if curve.n == 0 {
            return Answer::undefined("zero_denominator", "No record started in the period.");
        }
        if !curve.covers(horizon) {
            let message = format!("No record that is still in flight has been watched for {horizon} days yet.");
            return Answer::undefined("not_reached", message);
        }
        Answer::new(curve.at(horizon).map_or(0.0, share), curve.n)
    };
    let from = frame.stage_label(parameters.text("from"));
    let seen = format!("conversions seen within {horizon} days");
    let watched = format!("records that became {from}, each for as long as it was watched");
    let sides = [Quantity::records(total(&by_then), &seen), Quantity::records(curve.n, &watched)].map(Some);
    let [numerator, denominator] = sides;
    let value = read(|step| step.incidence).of(numerator, denominator);
    let limits = curve.at(horizon).and_then(|step| step.limits).filter(|_| !by_then.is_empty());
    let answer = value.within(limits.map(|[low, high]| [1.0 - high, 1.0 - low]));
    let mut parts = vec![Part::new("median", "Days by which half have converted", Unit::Days, median(&curve))];
    if has_exits(charter, frame) {
        parts.push(Part::new(
            "competing",
            format!("Left through an exit within {horizon} days"),
            Unit::Rate,
            read(|step| step.competing),
        ));
    }
    Judgement { answer, parts }
}

fn has_exits(charter: &Charter, frame: &Frame) -> bool {
    charter.lifecycle.exits.iter().any(|exit| frame.has(&stage_field(&exit.id)))
}

/// The time by which half had their event.
pub(super) fn median(curve: &Curve) -> Answer {
    quantile(curve, 0.5, "half")
}

/// The time by which a share had their event, with its limits where both are reached.
pub(super) fn quantile(curve: &Curve, share: f64, words: &str) -> Answer {
    if curve.n == 0 {
        return Answer::undefined("zero_denominator", "No record started in the period.");
    }
    let Some(days) = curve.quantile(share) else {
        return Answer::undefined(
            "not_reached",
            format!("Fewer than {words} have got that far, so the time is unknown."),
        );
    };
    let [low, high] = curve.quantile_limits(share);
    Answer::new(days, curve.n).within(low.zip(high).map(|(low, high)| [low, high]))
}
