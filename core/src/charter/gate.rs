//! Gates: figures held against a bar. Readiness, the rollout plan and threshold signals are made of them.

use super::Charter;
use super::check::{Faults, Place, is_share};
use crate::kpi;
use crate::read::{meant, read_fields};
use serde::Serialize;

/// Gates under one name: a decision, a phase of the plan, a signal.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GateSet {
    /// Its id in figures and JSON.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// In the order in which they are shown.
    pub gates: Vec<Gate>,
}

/// A figure, the bar it has to meet, and what to do where it doesn't.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its id in figures and JSON, once in a set.
    pub id: String,
    /// What has to hold, for people.
    pub label: String,
    /// The KPI that says whether it holds.
    pub figure: String,
    /// The part of it, where not the whole decides.
    #[serde(default)]
    pub part: Option<String>,
    /// Least that the figure may be, in its unit.
    #[serde(default)]
    pub at_least: Option<f64>,
    /// Most that it may be.
    #[serde(default)]
    pub at_most: Option<f64>,
    /// What to do where it does not hold.
    #[serde(default)]
    pub action: String,
    /// Who does it; the KPI's owner where nobody is named.
    #[serde(default)]
    pub owner: Option<String>,
}

read_fields! {
    GateSet { id, label, gates; }
    Gate { id, label, figure; part, at_least, at_most, action, owner }
}

impl Charter {
    /// All gates, by the definition input that names them.
    pub(crate) fn gate_sets(&self) -> [(&'static str, &[GateSet]); 3] {
        [
            ("charter.readiness", &self.readiness.decisions),
            ("charter.rollout", &self.rollout),
            ("charter.signals", &self.signals),
        ]
    }

    pub(super) fn check_gates(&self, faults: &mut Faults) {
        let known = kpi::gated();
        for ((_, sets), at) in self.gate_sets().into_iter().zip(["/readiness/decisions", "/rollout", "/signals"]) {
            let top = Place::at(at);
            faults.distinct(&top, &|at| Some(&sets.get(at)?.id));
            for (index, set) in sets.iter().enumerate() {
                let at = top.nth(index);
                let gates = at.field("gates");
                if set.gates.is_empty() {
                    faults.add(&gates, format_args!("nothing decides it."), "Give it at least one gate.");
                }
                faults.distinct(&gates, &|at| Some(&set.gates.get(at)?.id));
                for (index, gate) in set.gates.iter().enumerate() {
                    let at = gates.nth(index);
                    check_gate(gate, &known, &at, faults);
                    if let Some(owner) = &gate.owner {
                        self.check_person(&at.field("owner"), owner, faults);
                    }
                }
            }
        }
        self.check_migration(faults);
    }
}

fn check_gate(gate: &Gate, known: &[&str], at: &Place, faults: &mut Faults) {
    if !known.contains(&gate.figure.as_str()) {
        let message = format_args!("no figure “{}” can decide a gate.", gate.figure);
        faults.add(&at.field("figure"), message, &meant(&gate.figure, known));
    }
    if gate.at_least.is_some() == gate.at_most.is_some() {
        faults.add(at, format_args!("a gate has one bar."), "Give either at_least or at_most.");
    }
    // Parts may be of another unit than the whole.
    if gate.part.is_none() && kpi::find(&gate.figure).is_some_and(|kpi| is_share(&kpi.definition)) {
        let (field, bar) = gate.at_least.map_or(("at_most", gate.at_most), |bar| ("at_least", Some(bar)));
        faults.share(&at.field(field), bar, format_args!("the bar of a rate is a share from 0 to 1."), "90% as 0.9");
    }
}
