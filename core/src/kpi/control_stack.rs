//! The whole operation as one picture: eight scores, and what holds them down.

use super::gates::{count, evidence};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Timing};
use crate::charter::Charter;
use crate::charter::control_stack::StackLayer;
use crate::figure::{Direction, Figure, Quantity, Unit};
use crate::list::{Joined, List};
use crate::measure::Measure;

/// `control_stack`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "control_stack",
        version: 2,
        name: "Control stack",
        unit: Unit::Score,
        direction: Direction::Higher,
        formula: "a layer’s own score = 100 × mean of its inputs, each from 0 to 1; its score = the least of its own and those of the layers it stands on. The whole is the last layer’s score: by default Executive, on Control, Operational and Foundation",
        source: "ours: the layers of the MOps Control Stack and of its architecture; inputs and cap are ours",
        table: "",
        inputs: &["charter.control_stack", "charter.kpis"],
        edge_cases: &[
            "A share where more is better counts as it is, one where less is better as 1 − share, both cut to 0 to 1.",
            "Any other figure counts against its target: value ÷ target, or target ÷ value where less is better, 1 − distance ÷ target where near is better; without a target it is unknown.",
            "An unknown input leaves the mean and widens the bounds, which say what the score would be if all unknown inputs were 0 or 1.",
            "Pillars, by default People, Process, Platform and Proof, stand side by side: none caps another. The inputs of each are its parts. Which figures are inputs is the charter’s to say.",
            "Rows are inputs; those without evidence are left out and listed. A figure of a period is that of the period asked for.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&[]),
    measure: |_| Measure::default(),
    judge,
    particulars: Particulars {
        figures: Listed::Of(|charter, _| inputs(charter).map(|(_, input)| split(input).0.to_owned()).list()),
        compose: Some(compose),
        ..Particulars::NONE
    },
};

/// Each layer of the charter with each of its inputs.
fn inputs(charter: &Charter) -> impl Iterator<Item = (&str, &str)> {
    charter.control_stack.all().flat_map(|layer| layer.inputs.iter().map(|input| (layer.id.as_str(), input.as_str())))
}

/// A KPI and its part of an input `kpi` or `kpi/part`.
pub(crate) fn split(input: &str) -> (&str, Option<&str>) {
    input.split_once('/').map_or((input, None), |(id, part)| (id, Some(part)))
}

/// An input from 0 to 1, with the least and most that it can be; or why it is unknown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    /// The figure's id.
    pub(crate) figure: String,
    /// Its name for people.
    pub(crate) label: String,
    pub(crate) score: Result<(f64, [f64; 2]), String>,
}

/// A layer with its own score and the one that it can have on what it stands on; both from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) inputs: Vec<Input>,
    /// The mean of its known inputs.
    pub(crate) own: Option<f64>,
    /// That, held down by the layers below.
    pub(crate) score: Option<f64>,
    pub(crate) bounds: [f64; 2],
    /// The layer that holds it down, if one does.
    pub(crate) held_by: Option<String>,
}

impl Scored {
    /// The known input whose improvement would raise the layer most.
    pub(crate) fn weakest(&self) -> Option<(&Input, f64)> {
        let known = self.inputs.iter().filter_map(|input| Some((input, input.score.as_ref().ok()?.0)));
        known.fold(None, |least: Option<(&Input, f64)>, next| match least {
            Some((_, score)) if score <= next.1 => least,
            _ => Some(next),
        })
    }
}

/// The mean of the known inputs, and what it would be if every unknown one were 0 or 1.
fn mean(inputs: &[Input]) -> (Option<f64>, [f64; 2]) {
    let mut known = 0.0;
    let [mut sum, mut least, mut most] = [0.0; 3];
    for input in inputs {
        if let Ok((score, [low, high])) = input.score {
            known += 1.0;
            sum += score;
            least += low;
            most += high;
        } else {
            most += 1.0;
        }
    }
    let all = inputs.len().max(1) as f64;
    ((known > 0.0).then(|| sum / known), [least / all, most / all])
}

/// Scores layers, each side by side, or each on those before it.
pub(crate) fn score(layers: &[StackLayer], stacked: bool, read: &dyn Fn(&str) -> Input) -> Vec<Scored> {
    let mut cap: Option<(f64, &str)> = None;
    let mut limits = [1.0_f64; 2];
    let mut scored = Vec::new();
    for StackLayer { id, label, inputs } in layers {
        let inputs: Vec<Input> = inputs.iter().map(|input| read(input)).list();
        let (own, [low, high]) = mean(&inputs);
        let holding = cap.filter(|(cap, _)| stacked && own.is_some_and(|own| *cap < own));
        let score = own.map(|own| holding.map_or(own, |(cap, _)| cap));
        let bounds = if stacked { [low.min(limits[0]), high.min(limits[1])] } else { [low, high] };
        limits = bounds;
        // What holds this layer down holds down whatever stands on it.
        if let (Some(score), None) = (score, holding) {
            cap = Some((score, id));
        }
        let (id, label, held_by) = (id.clone(), label.clone(), holding.map(|(_, by)| by.to_owned()));
        scored.push(Scored { id, label, inputs, own, score, bounds, held_by });
    }
    scored
}

/// A figure as an input from 0 to 1, by the rule of the definition.
pub(crate) fn rate(figure: &Figure, direction: Direction) -> Option<(f64, [f64; 2])> {
    let target = figure.target.filter(|target| *target > 0.0);
    let at = |value: f64| {
        let share = match (figure.unit, direction) {
            (Unit::Rate, Direction::Higher) => value,
            (Unit::Rate, Direction::Lower) => 1.0 - value,
            (Unit::Score, Direction::Higher) => value / 100.0,
            (_, Direction::Higher) => value / target?,
            (_, Direction::Lower) if value <= 0.0 => 1.0,
            (_, Direction::Lower) => target? / value,
            (_, Direction::Band) => 1.0 - (value - target?).abs() / target?,
            (_, Direction::None) => return None,
        };
        Some(share.clamp(0.0, 1.0))
    };
    let value = at(figure.value?)?;
    let [one, other] = figure.bounds.unwrap_or([figure.value?; 2]).map(|limit| at(limit).unwrap_or(value));
    // A band can have its best between its bounds, and its value is always one that it can be.
    Some((value, [one.min(other).min(value), one.max(other).max(value)]))
}

fn input(frame: &Frame, name: &str) -> Input {
    let (id, part) = split(name);
    let kpi = super::find(id);
    let direction = kpi.map_or(Direction::None, |kpi| kpi.definition.direction);
    let found = evidence(frame, id, part);
    let label = match (&found, kpi) {
        (Ok((figure, _)), _) => figure.label.clone(),
        (Err(_), Some(kpi)) => kpi.definition.name.into(),
        (Err(_), None) => name.replace(['_', '/'], " "),
    };
    let score = found.and_then(|(figure, _)| {
        rate(figure, direction).ok_or_else(|| format!("{id} needs a target to be held against."))
    });
    Input { figure: name.into(), label, score }
}

/// The pillars and the layers with their scores.
pub(crate) fn stacks(frame: &Frame) -> [Vec<Scored>; 2] {
    let stack = &frame.charter.control_stack;
    let read = |name: &str| input(frame, name);
    [score(&stack.pillars, false, &read), score(&stack.layers, true, &read)]
}

fn compose(frame: &Frame) -> Measure {
    count(inputs(frame.charter).map(|(layer, name)| (layer, name, input(frame, name).score)))
}

fn points(scored: &Scored) -> Answer {
    let answer = match scored.score {
        // Scores lean on figures, which say themselves whether they are thin.
        Some(score) => Answer::new(100.0 * score, u64::MAX),
        None => Answer::undefined("no_evidence", "None of its inputs is known."),
    };
    let [low, high] = scored.bounds;
    answer.bounded((low < high).then_some([100.0 * low, 100.0 * high]))
}

fn judge(_: &Measure, frame: &Frame) -> Judgement {
    let [pillars, layers] = stacks(frame);
    let mut answer = layers.last().map_or_else(|| Answer::undefined("no_evidence", "There is no layer."), points);
    let inputs = layers.iter().flat_map(|layer| &layer.inputs).filter(|input| input.score.is_err());
    let unknown: Vec<&str> = inputs.map(|input| input.label.as_str()).collect();
    if !unknown.is_empty() {
        answer.note = Some(["Unknown, and so in its bounds alone: ", &unknown.joined(", "), "."].joined(""));
    }
    let part = |scored: &Scored| {
        let quantity = |value, label| Quantity::new(value, Unit::Score, label);
        let own = scored.own.map(|own| quantity(100.0 * own, "its own score"));
        let mut part = Part::new(&scored.id, &scored.label, Unit::Score, points(scored).of(own, None));
        let inputs = scored.inputs.iter().map(|input| {
            let answer = match &input.score {
                Ok((score, [low, high])) => {
                    Answer::new(100.0 * score, u64::MAX).bounded((low < high).then_some([100.0 * low, 100.0 * high]))
                }
                Err(why) => Answer::undefined("no_evidence", why.clone()).bounded(Some([0.0, 100.0])),
            };
            Part::new(&input.figure, input.label.clone(), Unit::Score, answer)
        });
        part.parts = inputs.list();
        part
    };
    Judgement { answer, parts: pillars.iter().chain(&layers).map(part).list() }
}
