//! What it costs to bring a record to a stage.

use super::buckets::{Buckets, Counted, add, alone};
use super::deals::folded;
use super::definition::StageDefault;
use super::revenue::{no_spend, note_matched, note_spend, noted, per_record, unread_part};
use super::scan::stage_field;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::period::Period;

/// `cost_per_stage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "cost_per_stage",
        version: 4,
        name: "Cost per stage",
        unit: Unit::Money,
        direction: Direction::Lower,
        formula: "cost of marketing in the period ÷ contacts that entered the stage in the period; the whole is that of one stage",
        source: "ours",
        table: "contacts",
        inputs: &[
            "contacts.stage:<each lifecycle stage>",
            "contacts.source",
            "spend.at",
            "spend.amount",
            "spend.currency",
            "spend.category",
            "spend.channel",
            "charter.revenue",
        ],
        edge_cases: &[
            "By channel: its cost ÷ the contacts whose source it is, compared without case; its rows are those of the stage.",
            "Spend on no channel that is a source of contacts is a row of its own; it is in the cost of a stage, and in that of no channel.",
            "Amounts of spend below zero, such as credit notes, lower the cost; where it comes to less than zero it is unknown.",
            "A stage that nobody entered has no cost; without any cost recorded it is unknown.",
            "A filter has to reach both: by a field that contacts has and spend lacks (owner, source), or the other way round, it is unknown. Channels are its parts, without the filter.",
        ],
        parameters: &[Parameter {
            name: "stage",
            range: Range::Stage(StageDefault::Lead),
            text: "stage whose cost is the figure's value",
        }],
        uses_lifecycle: true,
        timing: Timing::Period,
    },
    needs: Listed::Of(|_, parameters| vec![stage_field(parameters.text("stage"))]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { against: &["spend"], by_bucket: Some(by_bucket), ..Particulars::NONE },
};

/// Between the parts of a key; no text for people holds it.
const DIVIDER: &str = "\u{1f}";

#[cfg_attr(speed, optimize(speed))]
fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let mut measures: Vec<Measure> = buckets.each();
    let sources = scan.table.text("source");
    let codes = sources.map_or(1, |column| column.dictionary.len());
    for stage in &scan.charter.lifecycle.stages {
        let field = stage_field(&stage.id);
        let cells = scan.table.time(&field);
        let mut counted = Counted::new(scan, buckets);
        // By source and bucket.
        let mut counts = vec![0_i128; codes.saturating_mul(measures.len())];
        for row in scan.rows() {
            let entered = counted.row(row, scan.started(cells, row, &field), &field, |_| Ok(()));
            if let Some(((), places)) = entered {
                let code = sources.and_then(|column| column.codes.get(row)).map_or(0, |code| *code as usize);
                let place = |place: usize| place.saturating_mul(codes).saturating_add(code);
                add(&mut counts, places.map(place), 1);
            }
        }
        for (measure, counts) in measures.iter_mut().zip(counts.chunks(codes)) {
            for (code, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let source = sources.map_or("", |column| column.dictionary.text(code as u32));
                measure.add(Key::part("entered", [&stage.id, source].joined(DIVIDER)), *count);
            }
        }
        if stage.id == scan.parameters.text("stage") {
            counted.finish(&mut measures);
        } else {
            counted.finish_part(&stage.id, &mut measures);
        }
    }
    for (measure, (_, (start, end))) in measures.iter_mut().zip(buckets.bounds(scan.period)) {
        let period = Period { start: Some(start), end: Some(end), ..Period::all() };
        note_spend(scan, &period, measure);
        note_matched(scan, "contacts", measure);
    }
    measures
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let cost = noted(measure, "cost");
    let (channels, matched) = (measure.noted("cost_by_channel"), measure.noted("matched"));
    let is_matched = |name: &str| matched.iter().any(|(known, _)| *known == name);
    let per = |cost: Option<i64>, n: i128| {
        per_record(
            measure,
            cost,
            u64::try_from(n).unwrap_or(0),
            ["cost of marketing", "contacts that entered the stage"],
        )
    };
    let entered = |stage: &str, source: Option<&str>| {
        let of_stage = measure.sums.iter().filter_map(|(key, count)| {
            let (id, from) = key.1.split_once(DIVIDER)?;
            (id == stage && source.is_none_or(|source| folded(source) == folded(from))).then_some(*count)
        });
        of_stage.fold(0_i128, i128::saturating_add)
    };
    let mut parts: Vec<Part> = frame
        .charter
        .lifecycle
        .counted()
        .into_iter()
        .map(|stage| {
            let by_channel = channels.iter().filter(|(name, _)| is_matched(name));
            let part = |(name, cost): &(&str, i64)| {
                let cost = per(Some(*cost), entered(&stage.id, Some(name)));
                Part::new(*name, *name, Unit::Money, cost).counting(&stage.id)
            };
            Part::new(&stage.id, &stage.label, Unit::Money, per(cost, entered(&stage.id, None)))
                .with(by_channel.map(part).list())
        })
        .list();
    let unmatched =
        channels.iter().filter(|(name, _)| !is_matched(name)).fold(0_i64, |sum, (_, of)| sum.saturating_add(*of));
    let unmatched = match cost {
        Some(_) => Answer::new(to_units(unmatched.into()), u64::MAX),
        None => no_spend(measure),
    };
    // Of all spend, be there a filter or not.
    if frame.reach.apart.is_none() {
        parts.push(Part::new("unmatched_spend", "Spend without a known channel", Unit::Money, unmatched));
    }
    parts.extend(unread_part(measure));
    Judgement { answer: per(cost, entered(frame.parameters.text("stage"), None)), parts }
}
