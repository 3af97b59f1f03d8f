//! What boards of gates have in common: a row for each, with its evidence and what would turn it.

use super::board::Heading;
use super::words;
use super::{Layout, Row, Section, State};
use crate::charter::gate::{Gate, GateSet};
use crate::figure::Figure;
use crate::kpi::Frame;
use crate::kpi::gates::{Standing, evidence};

/// What passed, failed and unknown gates are called on a board.
pub(super) type Words = [&'static str; 3];

/// What a gate's row says beside its name.
const COLUMNS: [Heading; 4] =
    [("figure", "Figure", None), ("measured", "Measured", None), ("needed", "Needed", None), ("owner", "Owner", None)];

/// Gates, those to act on first.
pub(super) fn section(set: &GateSet, frame: &Frame, words: &Words, note: String) -> Section {
    let mut rows = Vec::new();
    for wanted in [Standing::Failed, Standing::Unknown, Standing::Passed] {
        let gates = set.gates.iter().filter(|gate| gate.standing(frame) == wanted);
        rows.extend(gates.map(|gate| row(gate, frame, words)));
    }
    let columns = &COLUMNS;
    let mut section = super::operations::section(&set.id, &set.label, &note, Layout::Table, columns, rows);
    section.folded = true;
    section
}

fn row(gate: &Gate, frame: &Frame, words: &Words) -> Row {
    let standing = gate.standing(frame);
    let [passed, failed, unknown] = *words;
    let (state, word) = match standing {
        Standing::Passed => (State::Good, passed),
        Standing::Failed => (State::Bad, failed),
        Standing::Unknown => (State::Unknown, unknown),
    };
    let mut row = Row::new(&gate.id, &gate.label);
    row.means(state, word);
    row.note = next(gate, frame);
    for fact in facts(gate, frame) {
        row.text(&fact);
    }
    row
}

/// The figure, what is measured, what is needed, and who answers for it; "" where there is none.
fn facts(gate: &Gate, frame: &Frame) -> [String; 4] {
    let figure = evidence(frame, &gate.figure, gate.part.as_deref()).ok().map(|(figure, _)| figure);
    let label = figure.map_or_else(String::new, |figure| figure.label.clone());
    let measured = figure.and_then(words::value).unwrap_or_default();
    let needed = figure.and_then(|figure| needed(gate, figure)).unwrap_or_default();
    let settings = frame.charter.kpis.get(&gate.figure);
    let owner = gate.owner.clone().or_else(|| settings.and_then(|settings| settings.owner.clone()));
    [label, measured, needed, owner.map_or_else(String::new, |owner| frame.charter.person_name(&owner))]
}

fn needed(gate: &Gate, figure: &Figure) -> Option<String> {
    let (word, bar) = match (gate.at_least, gate.at_most) {
        (Some(least), _) => ("at least", least),
        (_, most) => ("at most", most?),
    };
    Some(format!("{word} {}", words::amount(bar, figure.unit, figure.currency.as_deref())))
}

/// What there is to know beside the facts: why nothing is measured, how sure it is, and what would turn the gate.
fn next(gate: &Gate, frame: &Frame) -> String {
    let figure = match evidence(frame, &gate.figure, gate.part.as_deref()) {
        Err(why) => return why,
        Ok((figure, _)) => figure,
    };
    let thin = if figure.thin { "It rests on few records." } else { "" };
    let turn = match gate.standing(frame) {
        Standing::Passed => "",
        Standing::Unknown => "What is unknown of it decides: measure that.",
        Standing::Failed => &gate.action,
    };
    let [.., owner] = facts(gate, frame);
    let nobody =
        if gate.standing(frame) == Standing::Failed && owner.is_empty() { "Nobody is named for it." } else { "" };
    words::sentences(&[thin, turn, nobody])
}

/// The evidence, what would turn the gate and who answers for that, in sentences.
pub(super) fn said(gate: &Gate, frame: &Frame) -> String {
    let [figure, measured, needed, owner] = facts(gate, frame);
    let next = next(gate, frame);
    if measured.is_empty() {
        return next;
    }
    let failed = gate.standing(frame) == Standing::Failed && !owner.is_empty();
    let owner = if failed { format!("Owner: {owner}.") } else { String::new() };
    words::sentences(&[&format!("{figure} is {measured}; {needed} is needed."), &next, &owner])
}
