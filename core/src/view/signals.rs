//! View: what tells that the operation has outgrown its habits.

use super::board::plural;
use super::operations::board;
use super::{BoardView, Cell, Column, Layout, Row, Section, State, Subject, gates};
use crate::kpi;
use crate::kpi::gates::{Standing, Standings};
use crate::kpi::threshold_signals::raised;
use crate::list::{Joined, List};
use crate::query::Asker;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let question = subject.question(asker, kpi::of("threshold_signals"));
    let mut evidence = Section { id: "evidence".into(), label: "Evidence".into(), folded: true, ..Section::default() };
    let mut rows: Vec<Row> = Vec::new();
    let judged = asker.evidence(&question);
    let frame = &judged.frame();
    for set in &asker.charter.signals {
        let standings = Standings::of(set, frame);
        let (state, word) = match raised(standings) {
            Some(true) => (State::Bad, "raised"),
            Some(false) => (State::Good, "quiet"),
            None => (State::Unknown, "unknown"),
        };
        // What raises it; else what keeps it quiet, and what nobody has measured.
        let wanted = |gate| standings.failed == 0 || gate == Standing::Failed;
        let said = set.gates.iter().filter(|gate| wanted(gate.standing(frame)));
        let note = said.map(|gate| gates::said(gate, frame)).list().joined(" ");
        let mut row = Row::new(&set.id, &set.label);
        row.means(state, word);
        row.note = note;
        rows.push(row);
        let mut of = gates::section(set, frame, &["holds", "missed", "unknown"], String::new());
        for row in &mut of.rows {
            row.id = format!("{}/{}", set.id, row.id);
            row.cells.push(Cell::text(set.label.as_str()));
        }
        evidence.columns = of.columns;
        evidence.rows.append(&mut of.rows);
    }
    let of = |state| rows.iter().filter(move |row| row.state == state);
    let labels: Vec<&str> = of(State::Bad).map(|row| row.label.as_str()).list();
    let unknown = of(State::Unknown).count();
    let (state, mut message) = match (labels.as_slice(), unknown) {
        ([], 0) => (State::Good, "No signal is raised.".to_owned()),
        ([], _) => (State::Unknown, format!("No signal is raised, and {unknown} can’t be told.")),
        (labels, _) => {
            (State::Bad, format!("{} of {} raised: ", labels.len(), plural(rows.len(), "signal", "signals")))
        }
    };
    if !labels.is_empty() {
        message.push_str(&labels.joined("; "));
        message.push('.');
    }
    let order = [State::Bad, State::Unknown, State::Good];
    let sorted = order.into_iter().flat_map(|state| of(state).cloned().list()).list();
    evidence.columns.push(Column::new(("signal", "Signal", None)));
    let signals = Section {
        id: "signals".into(),
        label: "Signals".into(),
        layout: Layout::List,
        rows: sorted,
        ..Section::default()
    };
    board("signals", (state, message), &[asker.figure_of(&question)], vec![signals, evidence])
}
