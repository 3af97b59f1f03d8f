//! How soon a person answers a new contact.

use super::conversion_matured::{median, quantile};
use super::operations::{BusinessTime, Contacted};
use super::scan::Histogram;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, total};
use crate::stats::{Curve, Durations};
use crate::table::BLANK;

/// `speed_to_lead`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "speed_to_lead",
        version: 1,
        name: "Speed to lead",
        unit: Unit::Minutes,
        direction: Direction::Lower,
        formula: "median business minutes from created to the first human outbound touch, by Kaplan–Meier",
        source: "Oldroyd, McElheran & Elkington, The Short Life of Online Sales Leads, HBR 2011; in business hours: ours",
        table: "contacts",
        inputs: &[
            "contacts.created_at",
            "contacts.first_response_at",
            "touches.contact_id",
            "touches.at",
            "touches.direction",
            "touches.automated",
            "charter.operations",
        ],
        edge_cases: &[
            "A contact belongs to the period in which it was created. Business hours, holidays and zone are the charter's; a change of clocks lengthens or shortens no business hour.",
            "The first response is the contact's own field or, where that is blank, its first outbound touch that no machine made.",
            "Not answered by the as-of instant: it counts as long as it has waited (censored). Answered before it was created: left out as a negative duration.",
            "HubSpot's time to first engagement counts from the current owner: another figure.",
            "Intervals of `median` and `p90`: where the log-transformed Kaplan–Meier limits reach the share, if both do.",
            "Parts: `median`, `p90`, `within_sla` (of those answered or waiting beyond the SLA; the bounds say what those still within it leave open) and `never_contacted`.",
        ],
        parameters: &[Parameter {
            name: "sla_minutes",
            range: Range::Whole { default: 60, low: 1, high: 100_000 },
            text: "business minutes within which a contact should be answered",
        }],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["created_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (created, responses) = (table.time("created_at"), table.time("first_response_at"));
    let touches = scan.dataset.table("touches");
    let outbound = touches.and_then(|touches| {
        Some((touches.text("direction")?, touches.text("direction")?.dictionary.find("outbound")?))
    });
    let automated = touches.and_then(|touches| touches.flag("automated"));
    let contacted = Contacted::new(scan).zip(outbound);
    let first = |contact: usize| {
        let (contacted, (directions, outbound)) = contacted.as_ref()?;
        let by_human = |row: usize| {
            directions.codes.get(row) == Some(outbound) && automated.and_then(|cells| cells.get(row)) != Some(&1)
        };
        contacted.of(contact).filter(|(row, _)| by_human(*row)).map(|(_, at)| at).min()
    };
    let known = responses.is_some() || outbound.is_some();
    let (rows, mut tally) = scan.placed(created, "created_at", Reason::BlankField);
    let earliest = rows.iter().fold(scan.as_of, |earliest, (_, at)| earliest.min(*at));
    let time = BusinessTime::new(scan.charter, scan.clock, earliest, scan.as_of);
    let (mut answered, mut waiting) = (Histogram::default(), Histogram::default());
    for (row, created) in rows {
        // A field that names a later day says when the first response comes: not by the as-of instant.
        let blank = responses.and_then(|cells| cells.get(row)).is_none_or(|cell| *cell == BLANK);
        let response = if blank { Ok(first(row)) } else { scan.event(responses, row, "first_response_at") };
        let outcome = match response {
            _ if !known => Err((Reason::NoEvidence, "first_response_at")),
            Ok(Some(at)) if at < created => Err((Reason::NegativeDuration, "first_response_at")),
            Ok(Some(at)) => Ok((time.minutes(scan.clock, created, at), true)),
            Ok(None) => Ok((time.minutes(scan.clock, created, scan.as_of), false)),
            Err(fault) => Err(fault),
        };
        match tally.row(row, outcome) {
            Some((minutes, true)) => answered.count(minutes),
            Some((minutes, false)) => waiting.count(minutes),
            None => {}
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    answered.finish(Key::whole("answered"), &mut measure);
    waiting.finish(Key::whole("waiting"), &mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    if measure.used == 0 && measure.excluded.count(Reason::NoEvidence) > 0 {
        let message =
            "No column was recognised as the first response, and there are no outbound touches to tell it from.";
        return Judgement { answer: Answer::undefined("missing_field", message), parts: Vec::new() };
    }
    let none = Counts::new();
    let (answered, waiting) =
        (measure.histogram("answered", "").unwrap_or(&none), measure.histogram("waiting", "").unwrap_or(&none));
    let curve = Curve::new(Durations { events: answered, competing: &none, censored: waiting });
    let middle = median(&curve);
    let sla = frame.parameters.whole("sla_minutes");
    let count = |counts: &Counts, beyond: bool| {
        let chosen = counts.iter().filter(|(minutes, _)| (**minutes > sla) == beyond);
        chosen.fold(0_u64, |sum, (_, times)| sum.saturating_add(*times))
    };
    let (within, open) = (count(answered, false), count(waiting, false));
    let decided = within.saturating_add(count(answered, true)).saturating_add(count(waiting, true));
    let all = decided.saturating_add(open) as f64;
    let bounds = (open > 0).then(|| [within as f64 / all, within.saturating_add(open) as f64 / all]);
    let within =
        Answer::share(within, decided, "contacts answered within the SLA", "contacts answered, or waiting beyond it")
            .bounded(bounds);
    let never = Answer::share(total(waiting), measure.used, "contacts not answered yet", "contacts created");
    Judgement {
        answer: middle.clone(),
        parts: vec![
            Part::new("median", "Median", Unit::Minutes, middle),
            Part::new("p90", "90th percentile", Unit::Minutes, quantile(&curve, 0.9, "nine in ten")),
            Part::new("within_sla", "Within the SLA", Unit::Rate, within),
            Part::new("never_contacted", "Never contacted", Unit::Rate, never),
        ],
    }
}
