//! View: the whole operation as one picture, and what holds it down.

use super::board::Heading;
use super::operations::{board, section};
use super::words::decimal;
use super::{BoardView, Layout, Row, State, Subject};
use crate::figure::Unit;
use crate::kpi;
use crate::kpi::control_stack::{Scored, stacks};
use crate::list::{Joined, List};
use crate::query::Asker;

const SCORE: Heading = ("score", "Score", Some(Unit::Score));

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let question = subject.question(asker, kpi::of("control_stack"));
    let [pillars, layers] = stacks(&asker.evidence(&question).frame());
    let (state, message) = sentence(&layers);
    let inputs = layers.iter().chain(&pillars).flat_map(inputs).list();
    let columns = &[SCORE, ("own", "Own score", Some(Unit::Score)), ("held_by", "Held down by", None)];
    let note = "Each layer stands on the one under it, and scores no more than that.";
    let layer = |scored: &Scored| row(scored, &layers);
    // The ground is drawn at the bottom.
    let rows = layers.iter().rev().map(layer).list();
    let stack = section("layers", "Architecture", note, Layout::Bars, columns, rows);
    let names: Vec<&str> = pillars.iter().map(|pillar| pillar.label.as_str()).list();
    let beside = names.joined(", ");
    let note = "These stand side by side.";
    let pillar = |scored: &Scored| {
        let mut row = row(scored, &[]);
        row.cells.truncate(1);
        row
    };
    let rows = pillars.iter().map(pillar).list();
    let pillars = section("pillars", &beside, note, Layout::Bars, &[SCORE], rows);
    let note = "An unknown input leaves the mean and widens the bounds.";
    let columns = &[SCORE, ("layer", "Layer", None)];
    let mut inputs = section("inputs", "Inputs", note, Layout::Table, columns, inputs);
    inputs.folded = true;
    board("control_stack", (state, message), &[asker.figure_of(&question)], vec![stack, pillars, inputs])
}

fn score(row: &mut Row, value: Option<f64>, [low, high]: [f64; 2]) {
    row.between(value.map(|value| 100.0 * value), (low < high).then_some([100.0 * low, 100.0 * high]));
}

fn held_by<'a>(scored: &Scored, layers: &'a [Scored]) -> Option<&'a Scored> {
    layers.iter().find(|layer| Some(&layer.id) == scored.held_by.as_ref())
}

fn row(scored: &Scored, layers: &[Scored]) -> Row {
    let holder = held_by(scored, layers);
    let (state, word) = match (scored.score, holder) {
        (None, _) => (State::Unknown, "unknown"),
        (_, Some(_)) => (State::Warning, "held down"),
        _ => (State::Neutral, ""),
    };
    let unknown = scored.inputs.iter().filter(|input| input.score.is_err()).count();
    let mut note = String::new();
    if let Some((input, value)) = scored.weakest().filter(|(_, value)| *value < 1.0) {
        note = format!("Lowest: {}, {} of 100.", input.label, decimal(100.0 * value));
    }
    if unknown > 0 {
        note = format!("{note} {unknown} of {} inputs unknown.", scored.inputs.len()).trim_start().to_owned();
    }
    let mut row = Row::new(&scored.id, &scored.label);
    row.means(state, word);
    row.note = note;
    score(&mut row, scored.score, scored.bounds);
    row.number(scored.own.map(|own| 100.0 * own));
    row.text(holder.map_or("", |holder| &holder.label));
    row
}

fn inputs(scored: &Scored) -> Vec<Row> {
    let row = |input: &kpi::control_stack::Input| {
        let mut row = Row::new(&[&scored.id, "/", &input.figure].joined(""), &input.label);
        match &input.score {
            Ok((value, bounds)) => score(&mut row, Some(*value), *bounds),
            Err(why) => {
                row.means(State::Unknown, "unknown");
                row.note.clone_from(why);
                score(&mut row, None, [0.0, 1.0]);
            }
        }
        row.text(&scored.label);
        row
    };
    scored.inputs.iter().map(row).list()
}

/// The one sentence that matters most: what holds the highest layer down.
fn sentence(layers: &[Scored]) -> (State, String) {
    let Some(top) = layers.iter().rev().find(|layer| layer.score.is_some()) else {
        return (State::Unknown, "Nothing can be scored yet: no input is known.".into());
    };
    let points = |value: Option<f64>| decimal(100.0 * value.unwrap_or(0.0));
    let holder = held_by(top, layers);
    let weak = holder.unwrap_or(top).weakest().filter(|(_, value)| *value < 1.0);
    let cause = weak.map_or(String::new(), |(input, value)| {
        format!(": {} scores {} of 100. Mend that first", input.label, decimal(100.0 * value))
    });
    match holder {
        Some(holder) => {
            let (score, own) = (points(top.score), points(top.own));
            (State::Warning, format!("{} is held down to {score} (from {own}) by {}{cause}.", top.label, holder.label))
        }
        None if weak.is_none() => (State::Good, format!("Nothing known holds {} down.", top.label)),
        None => (State::Neutral, format!("{} scores {}{cause}.", top.label, points(top.score))),
    }
}
