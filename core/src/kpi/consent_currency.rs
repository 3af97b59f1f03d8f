//! How many of those who may be written to have agreed, and not too long ago.

use super::amounts::coded;
use super::data_completeness::visible;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::fold::lower;
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::table::is_known;

/// `consent_currency`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "consent_currency",
        version: 1,
        name: "Consent currency",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "marketable contacts with a lawful basis, not withdrawn, no older than the policy age ÷ marketable contacts",
        source: "ours; ICO and DMA guidance on consent and its refreshing",
        table: "contacts",
        inputs: &[
            "charter.policies.consent_age_days",
            "contacts.consent_at",
            "contacts.consent_state",
            "contacts.consent_basis",
            "contacts.suppressed",
            "contacts.email",
            "contacts.created_at",
        ],
        edge_cases: &[
            "Marketable: not suppressed and, where addresses are given, with one. What can't be read as suppressed counts as marketable.",
            "A basis is there if the state says given or a basis is named. Unknown is not consent; neither is consent without a date, or dated after the as-of instant.",
            "No law names an age, so the policy has no default: without `policies.consent_age_days` in the charter the figure is unknown.",
            "Parts: the shares that are current, too old, withdrawn, without a date, and unknown. They add up to all.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["consent_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// What a contact's consent can be, with names for people.
const STATES: [(&str, &str); 5] = [
    ("current", "Current"),
    ("too_old", "Older than the policy allows"),
    ("withdrawn", "Withdrawn, and not suppressed"),
    ("undated", "Given, without a date"),
    ("unknown", "Unknown"),
];

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let created = table.time("created_at");
    let (at, suppressed, email) = (table.time("consent_at"), table.flag("suppressed"), table.text("email"));
    let state = |text: &str| match lower(text).as_str() {
        "given" | "granted" | "yes" | "opted in" | "opt-in" => Some(true),
        "withdrawn" | "revoked" | "no" | "opted out" | "opt-out" => Some(false),
        _ => None,
    };
    let states = table.text("consent_state").map(|column| coded(column, &state));
    let bases = table.text("consent_basis");
    let age = scan.charter.policies.consent_age_days.map_or(i64::MAX, i64::from);
    let mut tally = Tally::new(table);
    let mut counts = [0_u64; STATES.len()];
    for row in scan.rows() {
        let marketable = visible(scan, created, row).and_then(|()| {
            if suppressed.and_then(|cells| cells.get(row)) == Some(&1) {
                return Err((Reason::NotCounted, "suppressed"));
            }
            match email {
                Some(email) if email.get(row).is_empty() => Err((Reason::NotCounted, "email")),
                _ => Ok(()),
            }
        });
        if tally.row(row, marketable).is_none() {
            continue;
        }
        let said = states.as_ref().and_then(|(codes, states)| states.get(*codes.get(row)? as usize).copied().flatten());
        let named = bases.is_some_and(|bases| !bases.get(row).is_empty());
        let at = at.and_then(|cells| cells.get(row)).copied().filter(|at| is_known(*at) && *at <= scan.as_of);
        let state = match (said, at) {
            (Some(false), _) => 2,
            (None, _) if !named => 4,
            (_, None) => 3,
            (_, Some(at)) => usize::from(scan.days(at, scan.as_of) > age),
        };
        if let Some(count) = counts.get_mut(state) {
            *count = count.wrapping_add(1);
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for ((state, _), count) in STATES.iter().zip(counts) {
        measure.add(Key::part("contacts", *state), count.into());
    }
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let part = |(state, label): &(&str, &str)| {
        let count = measure.number("contacts", state);
        Part::new(
            *state,
            *label,
            Unit::Rate,
            Answer::share(count, measure.used, "contacts in this state", "marketable contacts"),
        )
    };
    let mut parts: Vec<Part> = STATES.iter().map(part).list();
    if frame.charter.policies.consent_age_days.is_none() {
        for part in parts.iter_mut().take(2) {
            let message = "It needs the policy age: set policies.consent_age_days in the charter.";
            part.answer = Answer::undefined("no_policy", message);
        }
    }
    let answer = parts.first().map_or_else(|| Answer::undefined("no_evidence", ""), |part| part.answer.clone());
    Judgement { answer, parts }
}
