//! View: the 90-day plan, filled in by its figures.

use super::operations::board;
use super::{BoardView, State, Subject, gates};
use crate::kpi;
use crate::kpi::gates::{Standing, Standings};
use crate::query::Asker;
use crate::sum::Sum;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let question = subject.question(asker, kpi::of("rollout"));
    let (mut next, mut steps, mut done) = (None, 0_u64, 0_u64);
    let mut sections = Vec::new();
    let evidence = asker.evidence(&question);
    let frame = &evidence.frame();
    for set in &asker.charter.rollout {
        let standings = Standings::of(set, frame);
        let Standings { passed, unknown, .. } = standings;
        done = done.plus(passed);
        steps = steps.plus(standings.all());
        let open = set.gates.iter().filter(|gate| gate.standing(frame) != Standing::Passed);
        // What is known to be open comes before what nobody has measured.
        let first = open.min_by_key(|gate| gate.standing(frame) == Standing::Unknown);
        next = next.or_else(|| first.map(|gate| format!("{}. {}", gate.label, gates::said(gate, frame))));
        let note = format!("{passed} of {} done, {unknown} unknown", standings.all());
        let mut section = gates::section(set, frame, &["done", "open", "unknown"], note);
        section.folded = false;
        sections.push(section);
    }
    let message = match &next {
        Some(next) => format!("{done} of {steps} steps done. Next: {next}"),
        None if steps == 0 => "The charter names no steps.".into(),
        None => "All steps are done.".into(),
    };
    let state = match &next {
        Some(_) => State::Warning,
        None if steps == 0 => State::Unknown,
        None => State::Good,
    };
    board("rollout", (state, message), &[asker.figure_of(&question)], sections)
}
