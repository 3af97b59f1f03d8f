//! View: whether governance is lived: who answers for what, what is signed, and what runs as it was meant to.

use super::operations::board;
use super::{BoardView, Layout, Row, Section, State, Subject};
use crate::figure::Figure;
use crate::fold::{capital, lower};
use crate::kpi::automation_drift::Drift;
use crate::kpi::suppression_health::{is_kept, sends};
use crate::kpi::{Parameters, find};
use crate::ledger::Excluded;
use crate::list::{Joined, List};
use crate::money::UNIT;
use crate::query::Asker;
use crate::sum::Sum;
use crate::table::{Table, is_known};
use crate::time::iso_day;
use std::rc::Rc;

/// The figures of the board, in reading order, with the name of the list that each leads to, and of its evidence.
const FIGURES: [(&str, &str, &str); 9] = [
    ("ownership_coverage", "Functions", "Layer"),
    ("definition_coverage", "Sign-offs", "Signed by"),
    ("automation_drift", "Automations", "Runs"),
    ("ai_oversight", "AI features", "Inputs"),
    ("consent_currency", "Consent", "Evidence"),
    ("suppression_health", "Suppression", "Where"),
    ("quality_control", "Quality control", "Evidence"),
    ("permission_review", "Access reviews", "Evidence"),
    ("ops_alignment", "Alignment", "Evidence"),
];

/// Rows listed of each table.
const MOST: usize = 50;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let mut figures = Vec::new();
    let mut sections = Vec::new();
    for (id, label, evidence) in FIGURES {
        let figure = find(id).map(|kpi| asker.figure_of(&subject.question(asker, kpi)));
        let own = match id {
            "ownership_coverage" => rows(asker, "functions", &function),
            "definition_coverage" => rows(asker, "definitions", &definition),
            "automation_drift" => rows(asker, "automations", &|table, row| automation(asker, subject, table, row)),
            "ai_oversight" => rows(asker, "ai_features", &|table, row| ai_feature(asker, subject, table, row)),
            "suppression_health" => suppression(asker, subject),
            "permission_review" => rows(asker, "tools", &|table, row| access(asker, subject, table, row)),
            "ops_alignment" => rows(asker, "responsibilities", &responsibility),
            _ => Vec::new(),
        };
        sections.push(section((id, label, evidence), figure.as_ref(), own));
        figures.extend(figure);
    }
    let bad = |section: &&Section| section.rows.iter().any(|row| row.state == State::Bad);
    let faults: Vec<String> = sections
        .iter()
        .filter(bad)
        .map(|section| {
            let count = section.rows.iter().filter(|row| row.state == State::Bad).count();
            // Small within a sentence, but for abbreviations.
            let label = &section.label;
            let is_short = label.chars().nth(1).is_some_and(char::is_uppercase);
            format!("{} ({count})", if is_short { label.clone() } else { lower(label) })
        })
        .list();
    let unknown = sections.iter().any(|section| section.rows.iter().any(|row| row.state == State::Unknown));
    let (state, message) = match (faults.as_slice(), unknown) {
        ([], false) => (State::Good, "Everything is owned, signed and reviewed.".into()),
        ([], true) => (State::Unknown, "Nothing is known to be wrong, and not everything is known.".into()),
        (faults, _) => (State::Bad, format!("Somebody has to act on {}.", faults.joined(", "))),
    };
    board("governance", (state, message), &figures, sections)
}

/// A list under a figure: what there is to act on, then the figure's parts and the rows it leaves out as faults.
fn section((id, label, evidence): (&str, &str, &str), figure: Option<&Rc<Figure>>, mut rows: Vec<Row>) -> Section {
    let mut left = Vec::new();
    let note = match figure.map(Rc::as_ref) {
        None => "no such figure yet".into(),
        Some(figure) => match &figure.undefined {
            Some(undefined) => undefined.message.clone(),
            None => [&figure.label, ": ", &super::words::value(figure).unwrap_or_default()].joined(""),
        },
    };
    // Lists of their own name each row that is unknown themselves.
    if rows.is_empty() {
        match figure.filter(|figure| figure.value.is_some()) {
            Some(figure) => {
                rows.extend(figure.parts.iter().map(part));
                left.extend(figure.excluded.iter().filter(|excluded| excluded.reason.is_fault()).map(left_out));
            }
            None => {
                let mut row = Row::new(id, label);
                row.means(State::Unknown, "unknown");
                row.note.clone_from(&note);
                rows.push(row);
            }
        }
    }
    let of = rows.len().plus(left.len());
    let of = (of > MOST).then_some(of as u64);
    let mut sorted = super::operations::worst_first(rows);
    sorted.append(&mut left);
    sorted.truncate(MOST);
    let columns = &[("evidence", evidence, None), ("owner", "Owner", None)];
    Section { of, ..super::operations::section(id, label, &note, Layout::Table, columns, sorted) }
}

fn part(part: &Figure) -> Row {
    let state = State::of(part);
    let note = part.undefined.as_ref().map(|undefined| undefined.message.clone()).unwrap_or_default();
    let value = super::words::value(part).unwrap_or_default();
    row(&part.part, &part.label, (state, ""), note, value, "")
}

/// Rows that a figure leaves out, by which they can be found again.
fn left_out(excluded: &Excluded) -> Row {
    let found = excluded.examples.iter().map(|at| {
        let names: Vec<&str> =
            [&at.name, &at.id].map(String::as_str).into_iter().filter(|name| !name.is_empty()).list();
        let names = if names.is_empty() { String::new() } else { format!(" ({})", names.joined(", ")) };
        format!("line {}{names}", at.line)
    });
    let found: Vec<String> = found.list();
    let label = format!("{}: {}", excluded.reason.label(), excluded.count);
    row(excluded.reason.label(), &label, (State::Unknown, "left out"), String::new(), found.joined(", "), "")
}

fn row(id: &str, label: &str, (state, word): (State, &str), note: String, evidence: String, owner: &str) -> Row {
    let mut row = Row::new(id, label);
    row.means(state, word);
    row.note = note;
    row.text(&evidence);
    row.text(owner);
    row
}

fn rows(asker: &Asker, table: &str, of: &dyn Fn(&Table, usize) -> Option<Row>) -> Vec<Row> {
    let table = asker.dataset.table(table);
    table.map_or_else(Vec::new, |table| (0..table.rows).filter_map(|row| of(table, row)).list())
}

fn text<'a>(table: &'a Table, field: &str, row: usize) -> &'a str {
    table.text(field).map_or("", |column| column.get(row))
}

/// The first of some texts that is not blank.
fn first(texts: [&str; 2]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or("")
}

fn flag(table: &Table, field: &str, row: usize) -> Option<bool> {
    table.flag(field)?.get(row).copied().filter(|cell| is_known(*cell)).map(|cell| cell != 0)
}

fn function(table: &Table, at: usize) -> Option<Row> {
    let count = table.money("accountables")?.get(at).map_or(0, |cell| cell.div_euclid(UNIT));
    let accountable = text(table, "accountable", at);
    let critical = flag(table, "critical", at) == Some(true);
    let (means, note) = match (count, flag(table, "authority", at)) {
        (1, Some(true)) => ((State::Good, "owned"), ""),
        (1, None) => ((State::Unknown, "authority unknown"), "Say in the charter whether they have authority."),
        (1, Some(false)) => ((State::Bad, "no authority"), "Give them authority, or name somebody who has it."),
        (0, _) if critical => ((State::Bad, "nobody"), "It is critical: name one person."),
        (0, _) => ((State::Warning, "nobody"), "Name one person."),
        _ => ((State::Bad, "conflict"), "Keep the one who decides."),
    };
    let evidence = format!("{}{}", team(text(table, "layer", at)), if critical { ", critical" } else { "" });
    let (id, label) = (text(table, "id", at), text(table, "label", at));
    Some(row(id, label, means, note.into(), evidence, accountable))
}

fn definition(table: &Table, at: usize) -> Option<Row> {
    let (id, owner) = (text(table, "id", at), text(table, "owner", at));
    let who = if owner.is_empty() { "An owner has to be named, who" } else { owner };
    let by = text(table, "signed_by", at);
    let must = || format!("{who} must sign it: mops charter sign {id}.");
    let (means, note) = match (text(table, "state", at), flag(table, "authority", at)) {
        ("signed", Some(false)) => ((State::Bad, "no authority"), format!("{by} has no authority. {}", must())),
        ("signed", _) => ((State::Good, "signed"), String::new()),
        ("lapsed", _) => ((State::Bad, "lapsed"), format!("It changed after {by} signed. {}", must())),
        _ => ((State::Warning, "unsigned"), must()),
    };
    Some(row(id, text(table, "label", at), means, note, by.into(), owner))
}

/// Whether an instant is within some days before the as-of instant; nothing where it is unknown.
fn within(asker: &Asker, subject: &Subject, cells: Option<&[i64]>, at: usize, days: u32) -> Option<bool> {
    let instant = cells?.get(at).copied().filter(|cell| is_known(*cell) && *cell <= subject.as_of)?;
    let age = asker.zone.day_of(subject.as_of).minus(asker.zone.day_of(instant));
    Some(age <= i64::from(days))
}

fn automation(asker: &Asker, subject: &Subject, table: &Table, at: usize) -> Option<Row> {
    let parameters = Parameters::new(&crate::kpi::of("automation_drift").definition, asker.charter);
    let drift = Drift::of(table, at, parameters.whole("level_percent") as f64 / 100.0);
    let days = asker.charter.policies.automation_review_days;
    let reviewed = within(asker, subject, table.time("reviewed_at"), at, days);
    let mut said = Vec::new();
    if drift.runs == Ok(true) {
        said.push("runs differ from intent");
    }
    if drift.outcomes == Some(Ok(true)) {
        said.push("outcomes differ from intent");
    }
    if reviewed == Some(false) {
        said.push("review is overdue");
    }
    let known = drift.runs.is_ok() && drift.outcomes.is_none_or(|outcomes| outcomes.is_ok()) && reviewed.is_some();
    let (means, note) = match (said.is_empty(), known) {
        (false, _) => ((State::Bad, "drifted"), format!("Its {}: mend or retire it.", said.joined(", its "))),
        (true, true) => ((State::Good, "as intended"), String::new()),
        (true, false) => ((State::Unknown, "unknown"), "Its intent, runs or review are not recorded.".into()),
    };
    let count = |field| table.money(field).and_then(|cells| cells.get(at)).copied().filter(|cell| is_known(*cell));
    let evidence = count("intended_runs").zip(count("observed_runs")).map(|(meant, ran)| {
        let amount = |cell: i64| super::words::decimal(cell as f64 / UNIT as f64);
        format!("{} runs, {} intended", amount(ran), amount(meant))
    });
    let id = text(table, "id", at);
    let label = first([text(table, "name", at), id]);
    Some(row(id, label, means, note, evidence.unwrap_or_default(), text(table, "owner", at)))
}

fn ai_feature(asker: &Asker, subject: &Subject, table: &Table, at: usize) -> Option<Row> {
    if flag(table, "active", at) == Some(false) {
        return None;
    }
    let (id, owner) = (text(table, "id", at), text(table, "owner", at));
    let days = asker.charter.policies.ai_review_days;
    let reviewed = within(asker, subject, table.time("reviewed_at"), at, days);
    let (means, note) = match (owner, text(table, "monitor", at)) {
        ("", _) => ((State::Bad, "nobody’s"), "Name an owner.".to_owned()),
        (_, "") => ((State::Bad, "unwatched"), "Say what watches its results.".to_owned()),
        _ if reviewed == Some(false) => ((State::Warning, "review overdue"), "Review what it decides.".to_owned()),
        (_, monitor) => ((State::Neutral, ""), format!("Watched by {monitor}.")),
    };
    let inputs = text(table, "inputs", at).split(';').map(str::trim).list().joined(", ");
    Some(row(id, first([text(table, "name", at), id]), means, note, inputs, owner))
}

fn access(asker: &Asker, subject: &Subject, table: &Table, at: usize) -> Option<Row> {
    let days = asker.charter.policies.access_review_days;
    let (means, note) = match within(asker, subject, table.time("access_reviewed_at"), at, days) {
        Some(true) => return None,
        Some(false) => ((State::Bad, "overdue"), "Review who may do what."),
        None => ((State::Unknown, "unknown"), "No review is on record."),
    };
    let id = text(table, "id", at);
    Some(row(id, first([text(table, "name", at), id]), means, note.into(), String::new(), text(table, "owner", at)))
}

/// The rules that nobody keeps, and each send that shouldn't have gone out, by which it can be found again.
fn suppression(asker: &Asker, subject: &Subject) -> Vec<Row> {
    let (today, days) = (asker.zone.day_of(subject.as_of), asker.charter.policies.suppression_review_days);
    let rules = asker.charter.suppression_rules.iter().map(|rule| {
        let (means, note) = match (rule.owner.is_empty(), is_kept(rule, today, days)) {
            (true, _) => ((State::Warning, "nobody’s"), "Name an owner."),
            (_, false) => ((State::Warning, "review overdue"), "Review whom it leaves out."),
            _ => ((State::Good, "reviewed"), ""),
        };
        let owner = asker.charter.person_name(&rule.owner);
        row(&rule.id, first([&rule.label, &rule.id]), means, note.into(), "Rule".into(), &owner)
    });
    let mut rows: Vec<Row> = rules.list();
    asker.look(&subject.question(asker, crate::kpi::of("suppression_health")), &mut |scan| {
        let table = scan.table;
        sends(scan, &mut |at, breach| {
            if breach == Ok(true) {
                let contact = text(table, "contact_id", at);
                let day = table.time("at").and_then(|cells| cells.get(at)).map(|at| asker.zone.day_of(*at));
                let evidence = format!("touches, line {}, {}", table.line(at), day.map(iso_day).unwrap_or_default());
                rows.push(row(contact, contact, (State::Bad, "breach"), String::new(), evidence, ""));
            }
        });
    });
    rows
}

fn responsibility(table: &Table, at: usize) -> Option<Row> {
    let should = team(text(table, "should_be_held_by", at));
    let (means, note) = match flag(table, "aligned", at) {
        Some(true) => ((State::Good, "aligned"), String::new()),
        Some(false) => ((State::Bad, "misplaced"), format!("It belongs to {should}.")),
        None => ((State::Unknown, "unknown"), format!("Say in the charter who holds it; it belongs to {should}.")),
    };
    let (id, label) = (text(table, "id", at), text(table, "label", at));
    Some(row(id, label, means, note, String::new(), &team(text(table, "held_by", at))))
}

/// A team's or layer's id for people: "Marketing operations", "IT".
fn team(id: &str) -> String {
    let words = id.replace('_', " ");
    let (first, rest) = words.split_at_checked(if words.len() == 2 { 2 } else { 1 }).unwrap_or(("", &words));
    first.chars().map(capital).collect::<String>() + rest
}
