//! What readiness, the rollout plan and threshold signals have in common: gates, each decided by a figure.

use super::{Answer, Frame, Judgement, Part, find};
use crate::charter::gate::{Gate, GateSet};
use crate::figure::{Figure, Quantity, Unit};
use crate::ledger::{Reason, RowReference};
use crate::list::List;
use crate::measure::Measure;
use crate::sum::Sum;

/// How a gate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its figure meets the bar, whatever of it is unknown.
    Passed,
    /// Its figure misses the bar, whatever of it is unknown.
    Failed,
    /// There is no figure, or what is unknown of it decides.
    Unknown,
}

/// A figure's value, or why there is none. Ids come from a charter, so they may name nothing.
pub(crate) fn evidence<'a>(frame: &'a Frame, id: &str, part: Option<&str>) -> Result<(&'a Figure, f64), String> {
    let Some(whole) = frame.figure(id) else {
        return Err(match find(id) {
            Some(_) => format!("{id} is judged later itself."),
            None => format!("There is no figure “{id}” yet."),
        });
    };
    let figure = match part {
        Some(part) => whole.part(part).ok_or_else(|| {
            let why = whole.undefined.as_ref().map(|undefined| undefined.message.as_str());
            why.map_or_else(|| format!("{id} has no part “{part}”."), Into::into)
        })?,
        None => whole,
    };
    match (figure.value, &figure.undefined) {
        (Some(value), _) => Ok((figure, value)),
        (None, Some(undefined)) => Err(undefined.message.clone()),
        (None, None) => Err(format!("{id} has no value.")),
    }
}

impl Gate {
    /// Whether a value meets the bar.
    fn holds(&self, value: f64) -> bool {
        self.at_least.is_none_or(|least| least <= value) && self.at_most.is_none_or(|most| value <= most)
    }

    /// How it stands. A figure with bounds decides only where all of them fall on one side of the bar.
    pub(crate) fn standing(&self, frame: &Frame) -> Standing {
        let Ok((figure, value)) = evidence(frame, &self.figure, self.part.as_deref()) else {
            return Standing::Unknown;
        };
        let [low, high] = figure.bounds.unwrap_or([value; 2]).map(|limit| self.holds(limit));
        match (low, self.holds(value), high) {
            (true, true, true) => Standing::Passed,
            (false, false, false) => Standing::Failed,
            _ => Standing::Unknown,
        }
    }
}

/// The figures that some gates name.
pub(super) fn figures(sets: &[GateSet]) -> Vec<String> {
    sets.iter().flat_map(|set| &set.gates).map(|gate| gate.figure.clone()).list()
}

/// Counts inputs, each a name and its evidence: the rows of a KPI that is made of figures.
pub(super) fn count<'a, T>(inputs: impl Iterator<Item = (&'a str, &'a str, Result<T, String>)>) -> Measure {
    let mut measure = Measure::default();
    for (name, figure, evidence) in inputs {
        measure.read = measure.read.plus(1);
        match evidence {
            Ok(_) => measure.used = measure.used.plus(1),
            Err(found) => measure.excluded.add(Reason::NoEvidence, measure.read, || RowReference {
                line: measure.read,
                id: figure.into(),
                field: name.into(),
                found,
                name: find(figure.split('/').next().unwrap_or(figure)).map_or("", |kpi| kpi.definition.name).into(),
            }),
        }
    }
    measure
}

/// Counts gates as rows: those with evidence are used.
pub(super) fn compose(sets: &[GateSet], frame: &Frame) -> Measure {
    count(sets.iter().flat_map(|set| &set.gates).map(|gate| {
        (gate.id.as_str(), gate.figure.as_str(), evidence(frame, &gate.figure, gate.part.as_deref()).map(|_| ()))
    }))
}

/// How many gates of a set passed, failed and are unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standings {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) unknown: u64,
}

impl Standings {
    pub(crate) fn of(set: &GateSet, frame: &Frame) -> Self {
        let count = |wanted| set.gates.iter().filter(|gate| gate.standing(frame) == wanted).count() as u64;
        Self { passed: count(Standing::Passed), failed: count(Standing::Failed), unknown: count(Standing::Unknown) }
    }

    /// These and others.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed.plus(other.passed),
            failed: self.failed.plus(other.failed),
            unknown: self.unknown.plus(other.unknown),
        }
    }

    pub(crate) fn all(self) -> u64 {
        self.passed.plus(self.failed).plus(self.unknown)
    }
}

/// What counts is a number of things, with what it would be if everything unknown were known.
pub(super) fn counted(value: u64, most: u64, all: u64, of: &str, by: &str) -> Answer {
    let bounds = (value < most).then_some([value as f64, most as f64]);
    let answer = if all == 0 {
        Answer::undefined("zero_denominator", format!("The charter names no {by}."))
    } else if value == 0 && most == all {
        Answer::undefined("no_evidence", format!("Too little is known to decide any of the {by}.")).bounded(bounds)
    } else {
        // Counts of gates are no sample, so they are never thin.
        Answer::new(value as f64, u64::MAX).bounded(bounds)
    };
    answer.of(Some(Quantity::records(value, of)), Some(Quantity::records(all, by)))
}

/// A part for each gate of a set: 1 or 0 where its figure decides, with the value and the bar that decide.
pub(super) fn parts(set: &GateSet, frame: &Frame, one: Standing) -> Vec<Part> {
    let part = |gate: &Gate| {
        let evidence = evidence(frame, &gate.figure, gate.part.as_deref());
        let answer = match gate.standing(frame) {
            Standing::Unknown => {
                let why = evidence.as_ref().err().cloned();
                Answer::undefined("no_evidence", why.unwrap_or_else(|| "What is unknown of its figure decides.".into()))
                    .bounded(Some([0.0, 1.0]))
            }
            standing => Answer::new(f64::from(standing == one), u64::MAX),
        };
        let sides = evidence.ok().map(|(figure, value)| {
            let bar = gate.at_least.or(gate.at_most).unwrap_or(0.0);
            let word = if gate.at_least.is_some() { "at least" } else { "at most" };
            (Quantity::new(value, figure.unit, &figure.label), Quantity::new(bar, figure.unit, word))
        });
        let (numerator, denominator) = sides.unzip();
        let target = Some(f64::from(one == Standing::Passed));
        Part::new(&gate.id, &gate.label, Unit::Records, answer.of(numerator, denominator)).aiming(target)
    };
    set.gates.iter().map(part).list()
}

/// An answer made of sets of gates.
pub(super) fn judge(whole: Answer, sets: &[GateSet], part: impl Fn(&GateSet) -> Part) -> Judgement {
    Judgement { answer: whole, parts: sets.iter().map(part).list() }
}
