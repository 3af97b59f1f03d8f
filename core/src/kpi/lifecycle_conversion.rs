//! How many records get from stage to stage.

use super::buckets::{Buckets, Counted, NOWHERE, alone};
use super::scan::{Tally, stage_field};
use super::{
    Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Parameter, Parameters, Part, Particulars, Range, Scan,
    Timing,
};
use crate::charter::Charter;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};

/// `lifecycle_conversion`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "lifecycle_conversion",
        version: 1,
        name: "Lifecycle conversion",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "for the charter's stages s0 … sk: n(sk) ÷ n(s0); for each stage n(si) ÷ n(s0); for each step n(si+1) ÷ n(si)",
        source: "HubSpot knowledge base, differences between funnel report types",
        table: "contacts",
        inputs: &["contacts.stage:<each lifecycle stage>"],
        edge_cases: &[
            "all_stages: a record belongs to the period in which it entered the first stage, and counts up to the first stage it never entered; later stages of a record that skips one do not count.",
            "all_stages: a record that entered a later stage before an earlier one, within the stages it counts for, is left out as out of order.",
            "any_stages: a record belongs to the period of its earliest stage and counts for every stage it ever entered, in any order. A rate can then be over 100%, so there is no interval.",
            "A record that never entered the first stage (any_stages: any stage) is left out as not started.",
            "A stage entered after the as-of instant is not seen. A stage that no column tells about is unknown, not 0.",
            "Where the charter names no lifecycle, the usual stages count but for those without a date in the data that come before one with dates; the figure names them, and its hash knows them.",
            "Parts: one for each stage under its id (share of the first stage), then one for each step under `from→to` (share of the stage before, with the charter's target).",
        ],
        parameters: &[Parameter {
            name: "semantics",
            range: Range::Choice(&["all_stages", "any_stages"]),
            text: "whether a record must have entered every stage before the one it counts for",
        }],
        uses_lifecycle: true,
        timing: Timing::Cohort,
    },
    needs: Listed::Of(first_stage),
    measure,
    judge,
    particulars: Particulars {
        dates: Dates::Any,
        same_as: |parameters| (parameters.text("semantics") != "any_stages").then_some("stage_leak"),
        ..Particulars::NONE
    },
};

pub(super) fn first_stage(charter: &Charter, _: &Parameters) -> Vec<String> {
    charter.lifecycle.counted().first().map(|stage| stage_field(&stage.id)).into_iter().list()
}

fn measure(scan: &Scan) -> Measure {
    if scan.parameters.text("semantics") == "any_stages" { any_stages(scan) } else { alone(all_stages, scan) }
}

/// Counts records by how far they came without a gap, those of each bucket as of the bucket's own instants.
#[cfg_attr(speed, optimize(speed))]
pub(super) fn all_stages(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let stages = scan.charter.lifecycle.counted();
    let fields: Vec<String> = stages.iter().map(|stage| stage_field(&stage.id)).list();
    let columns: Vec<(&str, Option<&[i64]>)> =
        fields.iter().map(|field| (field.as_str(), scan.table.time(field))).list();
    let (first, cells) = columns.first().copied().unwrap_or(("", None));
    let later = columns.get(1..).unwrap_or_default();
    let mut counted = Counted::new(scan, buckets);
    let mut by_length: Vec<Vec<u64>> = buckets.each();
    by_length.iter_mut().for_each(|counts| counts.resize(stages.len().saturating_add(1), 0));
    // When a record entered each stage without a gap, whenever seen, and what is wrong with the date after the last.
    let mut dates: Vec<i64> = Vec::new();
    for row in scan.rows() {
        let entered = if scan.filter.passes(row) {
            scan.date(cells, row)
                .map_err(|reason| (if reason == Reason::BlankField { Reason::NotStarted } else { reason }, first))
        } else {
            Err((Reason::OutsideFilter, ""))
        };
        let [inside, bucket] = entered.map_or([NOWHERE; 2], |at| counted.places(at));
        dates.clear();
        let mut fault = None;
        if inside == 0 || bucket != NOWHERE {
            dates.extend(entered);
            for (field, cells) in later {
                match scan.date(*cells, row) {
                    Ok(at) if dates.last().is_some_and(|before| at < *before) => {
                        fault = Some((Reason::StageOutOfOrder, *field));
                    }
                    Ok(at) => {
                        dates.push(at);
                        continue;
                    }
                    Err(Reason::UnparsableDate) => fault = Some((Reason::UnparsableDate, *field)),
                    Err(_) => {}
                }
                break;
            }
        }
        let own = [(0, scan.as_of)];
        for (place, as_of) in own.iter().chain(buckets.seen(bucket)) {
            let outcome = entered.and_then(|at| {
                if at > *as_of {
                    return Err((Reason::AfterAsOf, first));
                }
                if *place == 0 && inside != 0 {
                    return Err((Reason::OutsidePeriod, first));
                }
                let length = dates.iter().take_while(|at| *at <= as_of).count();
                // A fault after what is seen is not seen either.
                fault.filter(|_| length == dates.len()).map_or(Ok(length), Err)
            });
            if let Some(length) = counted.count(*place, row, outcome)
                && let Some(count) = by_length.get_mut(*place).and_then(|counts| counts.get_mut(length))
            {
                *count = count.wrapping_add(1);
            }
        }
    }
    let mut measures = buckets.each();
    counted.finish(&mut measures);
    for (measure, by_length) in measures.iter_mut().zip(by_length) {
        let mut reached = 0_u64;
        for (stage, count) in stages.iter().zip(by_length.iter().skip(1)).rev() {
            reached = reached.saturating_add(*count);
            measure.add(Key::part("reached", stage.id.as_str()), reached.into());
        }
    }
    measures
}

fn any_stages(scan: &Scan) -> Measure {
    let stages = scan.charter.lifecycle.counted();
    let fields: Vec<String> = stages.iter().map(|stage| stage_field(&stage.id)).list();
    let columns: Vec<(&str, Option<&[i64]>)> =
        fields.iter().map(|field| (field.as_str(), scan.table.time(field))).list();
    let place = |row: usize| {
        if !scan.filter.passes(row) {
            return Err((Reason::OutsideFilter, ""));
        }
        let mut earliest = Err((Reason::NotStarted, ""));
        for (field, cells) in &columns {
            match scan.seen(*cells, row) {
                Ok(at) => earliest = Ok(earliest.map_or(at, |known: i64| known.min(at))),
                Err(Reason::UnparsableDate) => return Err((Reason::UnparsableDate, *field)),
                Err(Reason::AfterAsOf) => earliest = earliest.or(Err((Reason::AfterAsOf, *field))),
                Err(_) => {}
            }
        }
        scan.in_period(earliest?).map_err(|reason| (reason, ""))
    };
    let mut tally = Tally::new(scan.table);
    let mut reached = vec![0_u64; stages.len()];
    for row in scan.rows() {
        if tally.row(row, place(row)).is_some() {
            for ((_, cells), count) in columns.iter().zip(&mut reached) {
                *count = count.wrapping_add(u64::from(scan.seen(*cells, row).is_ok()));
            }
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for (stage, count) in stages.iter().zip(reached) {
        measure.add(Key::part("reached", stage.id.as_str()), count.into());
    }
    measure
}

/// The key of a step's part.
pub fn step_key(from: &str, to: &str) -> String {
    format!("{from}→{to}")
}

/// How many records reached a stage.
pub fn reached(measure: &Measure, stage: &str) -> u64 {
    measure.number("reached", stage)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let stages = frame.charter.lifecycle.counted();
    let any = frame.parameters.text("semantics") == "any_stages";
    let share = |id: &str, base: &str| {
        // Without gaps, a stage is only known where all stages before it are.
        let known = |stage: &str| {
            if any {
                frame.has(&stage_field(stage))
            } else {
                let last = stages.iter().position(|known| known.id == stage).unwrap_or(0);
                stages.iter().take(last.saturating_add(1)).all(|stage| frame.has(&stage_field(&stage.id)))
            }
        };
        if !known(id) || !known(base) {
            let message =
                format!("No column tells when records entered “{}” or a stage before it.", frame.stage_label(id));
            return Answer::undefined("missing_field", message);
        }
        let (of, by) = (frame.stage_label(id), frame.stage_label(base));
        let words = |label: &str| format!("records that reached {label}");
        let ratio = Answer::share(reached(measure, id), reached(measure, base), &words(&of), &words(&by));
        // Of all records that reached a stage, all reached it: no chance in that.
        if any || id == base { ratio.within(None) } else { ratio }
    };
    let (Some(first), Some(last)) = (stages.first(), stages.last()) else {
        return Judgement { answer: Answer::undefined("no_stages", "The charter names no stages."), parts: Vec::new() };
    };
    let whole = stages.iter().map(|stage| Part::new(&stage.id, &stage.label, Unit::Rate, share(&stage.id, &first.id)));
    let steps = stages.iter().zip(stages.iter().skip(1)).map(|(from, to)| {
        let (key, label) = (step_key(&from.id, &to.id), format!("{} → {}", from.label, to.label));
        Part::new(key, label, Unit::Rate, share(&to.id, &from.id)).aiming(from.target)
    });
    Judgement { answer: share(&last.id, &first.id), parts: whole.chain(steps).list() }
}
