//! Whether segments still listen.

use super::data_completeness::visible;
use super::operations::{Contacted, kinds};
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::sum::Sum;

/// `segment_health`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "segment_health",
        version: 1,
        name: "Segment health",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "contacts that showed interest within the window ÷ contacts that were sent to within it, by segment",
        source: "ours",
        table: "contacts",
        inputs: &[
            "contacts.segment",
            "contacts.created_at",
            "touches.contact_id",
            "touches.at",
            "touches.kind",
            "charter.operations",
        ],
        edge_cases: &[
            "The window begins at midnight so many days before the as-of day, and ends at the as-of instant. Interest is a touch of one of the charter's engagement kinds; opens are not among them by default, since machines open mail too.",
            "Contacts without a segment are left out, and then those that nothing was sent to in the window.",
            "Parts: one for each segment with `engaged`, `exhausted` (sent to at least so often without interest) and `opt_out` (unsubscribed within the window), each of those sent to.",
        ],
        parameters: &[
            Parameter {
                name: "window_days",
                range: Range::Whole { default: 90, low: 1, high: 3650 },
                text: "days looked back",
            },
            Parameter {
                name: "exhausting_sends",
                range: Range::Whole { default: 5, low: 1, high: 1000 },
                text: "sends without interest that exhaust a contact",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["segment"]),
    measure,
    judge,
    particulars: Particulars { tables: &["touches"], ..Particulars::NONE },
};

const SERIES: [&str; 4] = ["sent", "engaged", "exhausted", "opt_out"];

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let segments = table.text("segment");
    let window = scan.parameters.whole("window_days");
    let enough = u32::try_from(scan.parameters.whole("exhausting_sends")).unwrap_or(u32::MAX);
    let words = [vec!["email_sent".to_owned()], vec!["unsubscribe".to_owned()]];
    let [sent, left] = &words;
    let (is_send, is_leaving) = (kinds(scan, sent), kinds(scan, left));
    let is_interest = kinds(scan, &scan.charter.operations.engagement_kinds);
    let contacted = Contacted::new(scan);
    let from = scan.clock.start_of_day(scan.clock.day_of(scan.as_of).minus(window));
    // Sends, whether it showed interest, whether it left.
    let of = |contact: usize| {
        let (mut sends, mut interested, mut leaving) = (0_u32, false, false);
        for (row, _) in contacted.iter().flat_map(|touched| touched.of(contact)).filter(|(_, at)| *at >= from) {
            sends = sends.plus(u32::from(is_send(row)));
            interested |= is_interest(row);
            leaving |= is_leaving(row);
        }
        (sends, interested, leaving)
    };
    let mut counts = vec![[0_u64; SERIES.len()]; segments.map_or(0, |segments| segments.dictionary.len())];
    let created = table.time("created_at");
    let mut tally = Tally::new(table);
    for row in scan.rows() {
        let (sends, interested, leaving) = of(row);
        let segment = segments.and_then(|segments| segments.codes.get(row)).copied().unwrap_or(0);
        let outcome = visible(scan, created, row).and(match (segment, sends) {
            _ if contacted.is_none() => Err((Reason::NoEvidence, "")),
            (0, _) => Err((Reason::BlankField, "segment")),
            (_, 0) => Err((Reason::NotStarted, "")),
            _ => Ok(()),
        });
        if tally.row(row, outcome).is_some()
            && let Some(counts) = counts.get_mut(segment as usize)
        {
            let is = [true, interested, !interested && sends >= enough, leaving];
            for (count, is) in counts.iter_mut().zip(is) {
                *count = count.wrapping_add(u64::from(is));
            }
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for (code, counts) in (0_u32..).zip(counts) {
        // Dictionaries of shards know other segments, so one without contacts is no segment here.
        if counts.first().is_some_and(|sent| *sent > 0) {
            let name = segments.map_or("", |segments| segments.dictionary.text(code));
            for (series, count) in SERIES.into_iter().zip(counts) {
                measure.add(Key::part(series, name), count.into());
            }
        }
    }
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let count = |series, segment: &str| measure.number(series, segment);
    let share = |series, segment: &str, label: &str| {
        Answer::share(count(series, segment), count("sent", segment), label, "contacts sent to")
    };
    let mut engaged = 0_u64;
    let mut parts = Vec::new();
    for Key(series, segment) in measure.sums.keys() {
        if series != "sent" {
            continue;
        }
        engaged = engaged.plus(count("engaged", segment));
        let interest = share("engaged", segment, "contacts that showed interest");
        let part = |key: &str, label: &str, answer| Part::new(key, label, Unit::Rate, answer);
        let inner = vec![
            part("engaged", "Engaged", interest.clone()),
            part("exhausted", "Exhausted", share("exhausted", segment, "contacts sent to often, without interest")),
            part("opt_out", "Opted out", share("opt_out", segment, "contacts that unsubscribed")),
        ];
        parts.push(part(segment, segment, interest).with(inner));
    }
    let answer = Answer::share(engaged, measure.used, "contacts that showed interest", "contacts sent to");
    Judgement { answer, parts }
}
