//! Whether those who must not be written to are left alone, and whether somebody sees to it.

use super::amounts::coded;
use super::scan::Tally;
use super::stack::CENSUS;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::SuppressionRule;
use crate::charter::money::date;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::sum::Sum;
use crate::table::joins::NONE;
use crate::table::{BLANK, UNREADABLE, is_known};

/// `suppression_health`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "suppression_health",
        version: 2,
        name: "Suppression health",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "the lower of: sends that went to nobody suppressed ÷ sends; suppression rules with an owner, reviewed in rhythm ÷ suppression rules",
        source: "ours",
        table: "touches",
        inputs: &[
            "charter.suppression_rules",
            "charter.policies.suppression_review_days",
            "touches.at",
            "touches.kind",
            "touches.contact_id",
            "contacts.suppressed",
            "contacts.suppressed_at",
        ],
        edge_cases: &[
            "A breach is an e-mail sent to a contact at or after the instant since which it is suppressed. Each is in the ledger of `respected`, with line and contact.",
            "Sent to a contact that is suppressed since nobody knows when, or whose mark or date can't be read: unknown, left out, and in the bounds. A mark and date that are blank say that nobody suppressed it. Sent to nobody in the contacts: left out as no such record.",
            "Rules are those of the charter; without a date of review a rule is not reviewed. Without rules that side is unknown and the bounds say what it leaves open.",
            "Parts: `breaches` (number), `respected` (share of sends), `rules` (share of rules).",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let [mut tally, mut respected] = [(); 2].map(|()| Tally::new(scan.table));
    let mut breaches = 0_i128;
    sends(scan, &mut |row, breach| {
        breaches = breaches.plus(i128::from(tally.row(row, breach).unwrap_or(false)));
        respected
            .row(row, breach.and_then(|breach| if breach { Err((Reason::Suppressed, "contact_id")) } else { Ok(()) }));
    });
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    respected.finish_part("respected", &mut measure);
    measure.add(Key::whole("breaches"), breaches);
    measure
}

/// Calls for each row of touches: whether it is a breach, or why it can't be told.
pub(crate) fn sends(scan: &Scan, found: &mut dyn FnMut(usize, Result<bool, (Reason, &'static str)>)) {
    let table = scan.table;
    let (at, ids) = (table.time("at"), table.text("contact_id"));
    let kinds = table.text("kind").map(|column| coded(column, &|kind| (kind == "email_sent").then_some(())));
    let contacts = scan.dataset.table("contacts");
    let rows = scan.dataset.contact_rows(table, "contact_id");
    let suppressed = contacts.and_then(|contacts| contacts.flag("suppressed"));
    let since = contacts.and_then(|contacts| contacts.time("suppressed_at"));
    for row in scan.rows() {
        let breach = || {
            if !scan.filter.passes(row) {
                return Err((Reason::OutsideFilter, ""));
            }
            let at = scan.seen(at, row).map_err(|reason| (reason, "at"))?;
            scan.in_period(at).map_err(|reason| (reason, "at"))?;
            let is_send =
                kinds.as_ref().and_then(|(codes, kinds)| kinds.get(*codes.get(row)? as usize).copied().flatten());
            is_send.ok_or((Reason::NotCounted, "kind"))?;
            let id = ids.and_then(|ids| ids.codes.get(row)).copied().unwrap_or(0);
            let contact = rows
                .get(id as usize)
                .filter(|row| **row != NONE)
                .map(|row| *row as usize)
                .ok_or((Reason::Unmatched, "contact_id"))?;
            let cell = |cells: Option<&[i64]>| cells.and_then(|cells| cells.get(contact)).copied().unwrap_or(BLANK);
            match (cell(suppressed), cell(since)) {
                (_, since) if is_known(since) => Ok(since <= at),
                (0, BLANK) => Ok(false),
                // No mark is how systems say that it isn't, where there is anything to mark it with.
                (BLANK, BLANK) if suppressed.is_some() || since.is_some() => Ok(false),
                (BLANK | UNREADABLE, BLANK) => Err((Reason::NoEvidence, "suppressed")),
                _ => Err((Reason::NoEvidence, "suppressed_at")),
            }
        };
        found(row, breach());
    }
}

/// Whether a rule has an owner and was reviewed within the policy's days before a day.
pub(crate) fn is_kept(rule: &SuppressionRule, today: i64, days: u32) -> bool {
    let age = rule.reviewed_at.as_deref().and_then(date).map(|day| today.minus(day));
    !rule.owner.trim().is_empty() && age.is_some_and(|age| (0..=i64::from(days)).contains(&age))
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let sends = measure.used;
    let breaches = measure.number("breaches", "");
    let unknown = measure.excluded.count(Reason::NoEvidence);
    let kept = sends.minus(breaches);
    let all = sends.plus(unknown) as f64;
    let bounds = (unknown > 0).then(|| [kept as f64 / all, kept.plus(unknown) as f64 / all]);
    let respected = Answer::ratio(kept, sends, "sends to nobody suppressed", "sends").bounded(bounds);
    let rules = &frame.charter.suppression_rules;
    let today = frame.zone.day_of(frame.as_of);
    let days = frame.charter.policies.suppression_review_days;
    let healthy = rules.iter().filter(|rule| is_kept(rule, today, days));
    let reviewed = Answer::ratio(
        healthy.count() as u64,
        rules.len() as u64,
        "rules with an owner, reviewed in rhythm",
        "suppression rules",
    )
    .from_records(CENSUS);
    let answer = match (&respected.value, &reviewed.value) {
        (Ok(sent), Ok(ruled)) => {
            let lower = if sent <= ruled { &respected } else { &reviewed };
            let most = respected.bounds.map_or(*sent, |[_, high]| high).min(*ruled);
            let least = respected.bounds.map_or(*sent, |[low, _]| low).min(*ruled);
            lower.clone().bounded(respected.bounds.map(|_| [least, most]))
        }
        (Ok(sent), Err(_)) => {
            let most = respected.bounds.map_or(*sent, |[_, high]| high);
            respected.clone().bounded(Some([0.0, most]))
        }
        (Err(_), Ok(ruled)) => reviewed.clone().bounded(Some([0.0, *ruled])),
        (Err(_), Err(_)) => respected.clone(),
    };
    let count = match &respected.value {
        Ok(_) => Answer::new(breaches as f64, sends),
        Err(why) => Answer::from_value(Err(why.clone())),
    };
    let count = count.bounded((unknown > 0).then(|| [breaches, breaches.plus(unknown)].map(|n| n as f64)));
    Judgement {
        answer,
        parts: vec![
            Part::new("breaches", "Breaches", Unit::Records, count),
            Part::new("respected", "Sends to nobody suppressed", Unit::Rate, respected),
            Part::new("rules", "Rules owned and reviewed", Unit::Rate, reviewed),
        ],
    }
}
