//! How many contacts go first to whom the rules give them.

use super::operations::MINUTE;
use super::sales_cycle::middle;
use super::scan::Histogram;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::stats::quantile::Counts;

/// `routing_accuracy`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "routing_accuracy",
        version: 2,
        name: "Routing accuracy",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "contacts whose first owner is one that the charter's routing rules give ÷ contacts that the rules give to somebody",
        source: "ours; match rate and time to route after LeanData's help",
        table: "contacts",
        inputs: &[
            "contacts.created_at",
            "contacts.first_owner",
            "contacts.owner",
            "contacts.assigned_at",
            "charter.operations",
        ],
        edge_cases: &[
            "A contact belongs to the period in which it was created. Without a first owner, the owner it has now stands in.",
            "Rules that fit and name different owners leave it ambiguous: left out and counted. No rule fits: left out as no such record. Nobody has it: wrong.",
            "Parts: `match_rate` (contacts that any rule fits ÷ contacts), `time_to_route` (median calendar minutes from created to assigned; the date is that of the present owner, so contacts whose first owner was another are left out), `reassigned` (given to another owner within the days ÷ contacts with both owners).",
        ],
        parameters: &[Parameter {
            name: "reassigned_days",
            range: Range::Whole { default: 7, low: 0, high: 365 },
            text: "days within which a change of owner counts as reassigned",
        }],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["created_at", "owner"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (created, assigned) = (table.time("created_at"), table.time("assigned_at"));
    let (owners, firsts) = (table.text("owner"), table.text("first_owner"));
    let rules = &scan.charter.operations.routing;
    // For each rule its conditions as columns with the codes that fit; a field without a column fits nothing.
    let conditions = |rule: &crate::charter::RoutingRule| -> Option<Vec<(&[u32], Vec<bool>)>> {
        let each = rule.when.iter().map(|(field, values)| {
            let column = table.text(field)?;
            Some((column.codes.as_slice(), column.each(|text| values.iter().any(|value| value == text))))
        });
        each.collect()
    };
    let compiled: Vec<_> = rules.iter().map(conditions).list();
    let fits = |rule: usize, row: usize| {
        compiled.get(rule).and_then(Option::as_ref).is_some_and(|conditions| {
            conditions
                .iter()
                .all(|(codes, fits)| codes.get(row).and_then(|code| fits.get(*code as usize)).copied().unwrap_or(false))
        })
    };
    let reassigned_days = scan.parameters.whole("reassigned_days");
    let (rows, tally) = scan.placed(created, "created_at", Reason::BlankField);
    let [mut tally, mut matched, mut routed, mut kept] = [(); 4].map(|()| tally.clone());
    let mut time = Histogram::default();
    let (mut right, mut any, mut moved) = (0_u64, 0_u64, 0_u64);
    for (row, created) in rows {
        let first = firsts.map_or("", |column| column.get(row));
        let owner = owners.map_or("", |column| column.get(row));
        let holder = if first.is_empty() { owner } else { first };
        let mut given = (0..rules.len()).filter(|rule| fits(*rule, row)).filter_map(|rule| rules.get(rule));
        let rule = given.next();
        let outcome = match rule {
            None => Err((Reason::Unmatched, "")),
            Some(rule) if given.any(|other| differ(&other.owners, &rule.owners)) => Err((Reason::Ambiguous, "")),
            Some(rule) => Ok(rule.owners.iter().any(|owner| owner == holder)),
        };
        right = right.wrapping_add(u64::from(tally.row(row, outcome).unwrap_or(false)));
        matched.use_row();
        any = any.wrapping_add(u64::from(rule.is_some()));
        let assigned = scan.seen(assigned, row).map_err(|reason| (reason, "assigned_at"));
        let minutes = match assigned {
            _ if !first.is_empty() && first != owner => Err((Reason::NoEvidence, "first_owner")),
            Ok(assigned) if assigned < created => Err((Reason::NegativeDuration, "assigned_at")),
            assigned => assigned.map(|assigned| assigned.saturating_sub(created).div_euclid(MINUTE)),
        };
        if let Some(minutes) = routed.row(row, minutes) {
            time.count(minutes);
        }
        let changed = if first.is_empty() || owner.is_empty() {
            Err((Reason::BlankField, "first_owner"))
        } else if first == owner {
            Ok(false)
        } else {
            // Given to its present owner at a known time.
            assigned.map(|assigned| scan.days(created, assigned) <= reassigned_days)
        };
        moved = moved.wrapping_add(u64::from(kept.row(row, changed).unwrap_or(false)));
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    matched.finish_part("match_rate", &mut measure);
    routed.finish_part("time_to_route", &mut measure);
    kept.finish_part("reassigned", &mut measure);
    for (series, count) in [("right", right), ("matched", any), ("moved", moved)] {
        measure.add(Key::whole(series), count.into());
    }
    time.finish(Key::whole("minutes"), &mut measure);
    measure
}

/// Whether somebody is in one list and not in the other, in whatever order.
fn differ(one: &[String], other: &[String]) -> bool {
    one.iter().any(|owner| !other.contains(owner)) || other.iter().any(|owner| !one.contains(owner))
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let count = |series| measure.number(series, "");
    let used = |part: &str| measure.parts.get(part).map_or(0, |rows| rows.used);
    let none = Counts::new();
    let minutes = measure.histogram("minutes", "").unwrap_or(&none);
    let time = if minutes.is_empty() {
        Answer::undefined("zero_denominator", "No contact has a time at which it was assigned.")
    } else {
        middle(minutes)
    };
    let (answer, matched) = if frame.charter.operations.routing.is_empty() {
        let none =
            Answer::undefined("no_rules", "The charter has no routing rules: add them under operations.routing.");
        (none.clone(), none)
    } else {
        (
            Answer::share(
                count("right"),
                measure.used,
                "contacts first given to whom the rules say",
                "contacts that the rules give to somebody",
            ),
            Answer::share(count("matched"), used("match_rate"), "contacts that a rule fits", "contacts created"),
        )
    };
    let moved = Answer::share(
        count("moved"),
        used("reassigned"),
        "contacts given to another owner",
        "contacts with both owners",
    );
    Judgement {
        answer,
        parts: vec![
            Part::new("match_rate", "Matched by a rule", Unit::Rate, matched),
            Part::new("time_to_route", "Median time to route", Unit::Minutes, time),
            Part::new("reassigned", "Reassigned", Unit::Rate, moved),
        ],
    }
}
