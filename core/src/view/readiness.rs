//! View: whether to go ahead, decision by decision, and how long a migration takes.

use super::operations::{board, section};
use super::words::{decimal, sentences};
use super::{BoardView, Cell, Layout, Row, Section, State, Subject, gates};
use crate::charter::readiness::Between;
use crate::figure::Unit;
use crate::kpi;
use crate::kpi::gates::{Standing, Standings};
use crate::kpi::readiness::Verdict;
use crate::list::{Joined, List};
use crate::query::Asker;
use crate::table::is_known;

const WORDS: gates::Words = ["passed", "failed", "unknown"];

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let question = subject.question(asker, kpi::of("readiness"));
    let decisions = &asker.charter.readiness.decisions;
    let mut sections = Vec::new();
    let mut rows = Vec::new();
    let evidence = asker.evidence(&question);
    let frame = &evidence.frame();
    for set in decisions {
        let standings = Standings::of(set, frame);
        let (state, word) = verdict(Verdict::of(standings));
        let Standings { passed, failed, unknown } = standings;
        sections.push(gates::section(set, frame, &WORDS, String::new()));
        let named = |wanted, before: &str| {
            let gates = set.gates.iter().filter(|gate| gate.standing(frame) == wanted);
            let labels: Vec<&str> = gates.map(|gate| gate.label.as_str()).list();
            if labels.is_empty() { String::new() } else { format!("{before}: {}.", labels.joined(", ")) }
        };
        let mut row = Row::new(&set.id, &set.label);
        row.means(state, word);
        row.note = sentences(&[&named(Standing::Failed, "To fix"), &named(Standing::Unknown, "To measure")]);
        for count in [passed, failed, unknown] {
            row.number(Some(count as f64));
        }
        rows.push(row);
    }
    let message = [State::Good, State::Bad, State::Unknown].map(|state| {
        let named: Vec<&str> = rows.iter().filter(|row| row.state == state).map(|row| row.label.as_str()).list();
        let word = rows.iter().find(|row| row.state == state).map_or("", |row| row.word.as_str());
        if named.is_empty() { String::new() } else { format!("{word}: {}.", named.joined(", ")) }
    });
    let worst =
        [State::Bad, State::Unknown, State::Good].into_iter().find(|at| rows.iter().any(|row| row.state == *at));
    let columns = &[
        ("passed", "Gates passed", Some(Unit::Records)),
        ("failed", "Failed", Some(Unit::Records)),
        ("unknown", "Unknown", Some(Unit::Records)),
    ];
    sections.insert(0, section("decisions", "Decisions", "", Layout::Table, columns, rows));
    sections.push(migration(asker));
    let message = sentences(&message.each_ref().map(String::as_str));
    board("readiness", (worst.unwrap_or_default(), message), &[asker.figure_of(&question)], sections)
}

fn verdict(verdict: Verdict) -> (State, &'static str) {
    match verdict {
        Verdict::Go => (State::Good, "Go"),
        Verdict::FixFirst => (State::Bad, "Fix first"),
        Verdict::CannotTell => (State::Unknown, "Can’t tell"),
    }
}

/// Days of a month, on average.
const DAYS_A_MONTH: f64 = 30.4375;

/// How long a migration takes, from the automation inventory, with everything that is assumed.
fn migration(asker: &Asker) -> Section {
    let columns = &[("least", "Least", None), ("most", "Most", None)];
    let note = "It is reckoned from the table “automations”, which was not given.";
    let label = "How long a migration takes";
    let mut section = section("migration_duration", label, note, Layout::Table, columns, Vec::new());
    section.folded = true;
    let Some(table) = asker.dataset.table("automations") else { return section };
    let steps = table.money("steps").unwrap_or_default();
    let counted: Vec<f64> =
        steps.iter().filter(|cell| is_known(**cell) && **cell >= 0).map(|cell| *cell as f64 / 1e6).list();
    let pace = &asker.charter.readiness.migration;
    let (all, known) = (table.rows as f64, counted.len() as f64);
    let total: f64 = counted.iter().sum();
    let reckon = |pick: fn(Between) -> f64| {
        let steps = total + (all - known) * pick(pace.steps_where_unknown);
        let hours = all * pick(pace.hours_per_automation) + steps * pick(pace.hours_per_step);
        pick(pace.fixed_weeks) + hours / pace.hours_a_week
    };
    let weeks = Between { least: reckon(|range| range.least), most: reckon(|range| range.most) };
    let months = |weeks: f64| weeks * 7.0 / DAYS_A_MONTH;
    let same = |value: f64| Between { least: value, most: value };
    let duration = Between { least: months(weeks.least), most: months(weeks.most) };
    let formula = "fixed weeks + (automations × hours for each + steps × hours for each) ÷ hours a week";
    let charter = "assumed; the charter’s readiness.migration says otherwise";
    let (counted, assumed) = ("counted in the inventory", "each is assumed to have the steps below");
    for (id, label, Between { least, most }, unit, note) in [
        ("duration", "Duration", duration, "months", formula),
        ("automations", "Automations", same(all), "", counted),
        ("steps", "Steps counted", same(total), "", counted),
        ("uncounted", "Automations without a step count", same(all - known), "", assumed),
        ("steps_where_unknown", "Steps of an automation without a count", pace.steps_where_unknown, "", charter),
        ("hours_per_automation", "For each automation", pace.hours_per_automation, "hours", charter),
        ("hours_per_step", "For each step", pace.hours_per_step, "hours", charter),
        ("hours_a_week", "People’s time for it a week", same(pace.hours_a_week), "hours", charter),
        ("fixed_weeks", "Before and after", pace.fixed_weeks, "weeks", charter),
    ] {
        let mut row = Row::new(id, label);
        row.note = note.into();
        for value in [least, most] {
            let text = [&decimal(value), " ", unit].joined("");
            row.cells.push(Cell { value: Some(value), ..Cell::text(text) });
        }
        section.rows.push(row);
    }
    section.note = format!("Between {} and {} months.", decimal(duration.least), decimal(duration.most));
    section
}
