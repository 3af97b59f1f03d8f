//! View: whether to go ahead, decision by decision, and how long a migration takes.

use super::words::{decimal, sentences};
use super::{BoardView, Cell, Column, Layout, Row, Section, State, Subject, gates};
use crate::charter::readiness::Between;
use crate::figure::Unit;
use crate::kpi;
use crate::kpi::gates::{Standing, Standings};
use crate::kpi::readiness::Verdict;
use crate::query::Asker;
use crate::table::is_known;

const WORDS: gates::Words = ["passed", "failed", "unknown"];

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let question = subject.question(asker, kpi::of("readiness"));
    let decisions = &asker.charter.readiness.decisions;
    let mut sections = Vec::new();
    let mut rows = Vec::new();
    asker.judge(&question, |_, frame| {
        for set in decisions {
            let standings = Standings::of(set, frame);
            let (state, word) = verdict(Verdict::of(standings));
            let Standings { passed, failed, unknown } = standings;
            sections.push(gates::section(set, frame, &WORDS, String::new()));
            let named = |wanted, before: &str| {
                let gates = set.gates.iter().filter(|gate| gate.standing(frame) == wanted);
                let labels: Vec<&str> = gates.map(|gate| gate.label.as_str()).collect();
                if labels.is_empty() { String::new() } else { format!("{before}: {}.", labels.join(", ")) }
            };
            let note = sentences(&[&named(Standing::Failed, "To fix"), &named(Standing::Unknown, "To measure")]);
            let cells = [passed, failed, unknown].map(|count| Cell::number(Some(count as f64))).to_vec();
            rows.push(Row { id: set.id.clone(), label: set.label.clone(), state, word: word.into(), note, cells });
        }
    });
    let message = [State::Good, State::Bad, State::Unknown].map(|state| {
        let named: Vec<&str> = rows.iter().filter(|row| row.state == state).map(|row| row.label.as_str()).collect();
        let word = rows.iter().find(|row| row.state == state).map_or("", |row| row.word.as_str());
        if named.is_empty() { String::new() } else { format!("{word}: {}.", named.join(", ")) }
    });
    let worst =
        [State::Bad, State::Unknown, State::Good].into_iter().find(|at| rows.iter().any(|row| row.state == *at));
    let columns = Column::list(&[
        ("passed", "Gates passed", Some(Unit::Records)),
        ("failed", "Failed", Some(Unit::Records)),
        ("unknown", "Unknown", Some(Unit::Records)),
    ]);
    let label = "Decisions".into();
    sections.insert(0, Section { id: "decisions".into(), label, columns, rows, ..Section::default() });
    sections.push(migration(asker));
    BoardView {
        name: "readiness".into(),
        message: sentences(&message.each_ref().map(String::as_str)),
        state: worst.unwrap_or_default(),
        figures: vec![asker.figure_of(&question).as_ref().clone()],
        sections,
    }
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
    let section = Section {
        id: "migration_duration".into(),
        label: "How long a migration takes".into(),
        columns: Column::list(&[("least", "Least", None), ("most", "Most", None)]),
        layout: Layout::Table,
        folded: true,
        ..Section::default()
    };
    let Some(table) = asker.dataset.table("automations") else {
        let note = "It is reckoned from the table “automations”, which was not given.".into();
        return Section { note, ..section };
    };
    let steps = table.money("steps").unwrap_or_default();
    let counted: Vec<f64> =
        steps.iter().filter(|cell| is_known(**cell) && **cell >= 0).map(|cell| *cell as f64 / 1e6).collect();
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
    let row = |id: &str, label: &str, Between { least, most }: Between, unit: &str, note: &str| Row {
        id: id.into(),
        label: label.into(),
        note: note.into(),
        cells: [least, most]
            .map(|value| Cell { value: Some(value), text: format!("{} {unit}", decimal(value)), ..Cell::default() })
            .to_vec(),
        ..Row::default()
    };
    let duration = Between { least: months(weeks.least), most: months(weeks.most) };
    let formula = "fixed weeks + (automations × hours for each + steps × hours for each) ÷ hours a week";
    let charter = "assumed; the charter’s readiness.migration says otherwise";
    let rows = vec![
        row("duration", "Duration", duration, "months", formula),
        row("automations", "Automations", same(all), "", "counted in the inventory"),
        row("steps", "Steps counted", same(total), "", "counted in the inventory"),
        row(
            "uncounted",
            "Automations without a step count",
            same(all - known),
            "",
            "each is assumed to have the steps below",
        ),
        row("steps_where_unknown", "Steps of each of those", pace.steps_where_unknown, "", charter),
        row("hours_per_automation", "For each automation", pace.hours_per_automation, "hours", charter),
        row("hours_per_step", "For each step", pace.hours_per_step, "hours", charter),
        row("hours_a_week", "People’s time for it a week", same(pace.hours_a_week), "hours", charter),
        row("fixed_weeks", "Before and after", pace.fixed_weeks, "weeks", charter),
    ];
    let note = format!("Between {} and {} months.", decimal(duration.least), decimal(duration.most));
    Section { note, rows, ..section }
}
