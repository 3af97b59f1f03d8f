//! What boards of gates have in common: a row for each, with its evidence and what would turn it.

use super::words;
use super::{Cell, Column, Row, Section, State};
use crate::charter::gate::{Gate, GateSet};
use crate::kpi::Frame;
use crate::kpi::gates::{Standing, evidence};

/// What passed, failed and unknown gates are called on a board.
pub(super) type Words = [&'static str; 3];

/// Gates as a list, those to act on first.
pub(super) fn section(set: &GateSet, frame: &Frame, words: &Words, note: String) -> Section {
    let mut rows = Vec::new();
    for wanted in [Standing::Failed, Standing::Unknown, Standing::Passed] {
        let gates = set.gates.iter().filter(|gate| gate.standing(frame) == wanted);
        rows.extend(gates.map(|gate| row(gate, frame, words)));
    }
    Section {
        id: set.id.clone(),
        label: set.label.clone(),
        note,
        layout: super::Layout::List,
        columns: Column::list(&[("measured", "Measured", None), ("bar", "Bar", None), ("owner", "Owner", None)]),
        rows,
        folded: true,
        of: None,
    }
}

fn row(gate: &Gate, frame: &Frame, words: &Words) -> Row {
    let standing = gate.standing(frame);
    let [passed, failed, unknown] = *words;
    let (state, word) = match standing {
        Standing::Passed => (State::Good, passed),
        Standing::Failed => (State::Bad, failed),
        Standing::Unknown => (State::Unknown, unknown),
    };
    let [measured, bar, owner] = facts(gate, frame);
    let cells = [&measured, &bar, &owner].map(|fact| Cell::text(fact.as_str())).to_vec();
    Row { id: gate.id.clone(), label: gate.label.clone(), state, word: word.into(), note: said(gate, frame), cells }
}

/// What is measured, the bar, and who answers for it; "" where there is none.
fn facts(gate: &Gate, frame: &Frame) -> [String; 3] {
    let figure = evidence(frame, &gate.figure, gate.part.as_deref()).ok();
    let measured = figure.and_then(|(figure, _)| words::value(figure)).unwrap_or_default();
    let bar = figure.and_then(|(figure, _)| bar(gate, figure)).unwrap_or_default();
    let settings = frame.charter.kpis.get(&gate.figure);
    let owner = gate.owner.clone().or_else(|| settings.and_then(|settings| settings.owner.clone()));
    [measured, bar, owner.map_or_else(String::new, |owner| frame.charter.person_name(&owner))]
}

fn bar(gate: &Gate, figure: &crate::figure::Figure) -> Option<String> {
    let (word, bar) = match (gate.at_least, gate.at_most) {
        (Some(least), _) => ("at least", least),
        (_, most) => ("at most", most?),
    };
    Some(format!("{word} {}", words::amount(bar, figure.unit, figure.currency.as_deref())))
}

/// The evidence, and what would turn the gate.
pub(super) fn said(gate: &Gate, frame: &Frame) -> String {
    let standing = gate.standing(frame);
    match evidence(frame, &gate.figure, gate.part.as_deref()) {
        Err(why) => why,
        Ok((figure, _)) => {
            let [measured, bar, owner] = facts(gate, frame);
            let mut text = format!("{} is {measured}; {bar} is needed.", figure.label);
            if figure.thin {
                text.push_str(" It rests on few records.");
            }
            match standing {
                Standing::Passed => {}
                Standing::Unknown => text.push_str(" What is unknown of it decides: measure that."),
                Standing::Failed => {
                    if !gate.action.is_empty() {
                        text.push(' ');
                        text.push_str(&gate.action);
                    }
                    text.push_str(&if owner.is_empty() {
                        " Nobody is named for it.".to_owned()
                    } else {
                        format!(" Owner: {owner}.")
                    });
                }
            }
            text
        }
    }
}
