//! The control stack: which figures each of its scores is made of.

use super::Charter;
use super::check::{Faults, Place};
use crate::kpi::{self, control_stack::split};
use crate::read::{meant, read_fields, usual};
use serde::Serialize;
use std::hash::{Hash, Hasher};

/// The scores of the control stack, and the figures that each is made of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ControlStack {
    /// Side by side: none caps another.
    pub pillars: Vec<StackLayer>,
    /// From the ground up: each stands on those before it. The last is the whole.
    pub layers: Vec<StackLayer>,
}

/// A score and its inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StackLayer {
    /// Its id in figures and JSON.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// The figures it is the mean of: the id of a KPI, or of a KPI and one of its parts as `kpi/part`.
    pub inputs: Vec<String>,
}

impl Hash for StackLayer {
    // Its name for people changes nothing.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.id, &self.inputs).hash(state);
    }
}

read_fields! {
    ControlStack { ; pillars, layers }
    StackLayer { id, label, inputs; }
}

impl Default for ControlStack {
    fn default() -> Self {
        usual(Self { pillars: Vec::new(), layers: Vec::new() }, include_str!("usual/control_stack.json"))
    }
}

impl ControlStack {
    /// Pillars, then layers.
    pub(crate) fn all(&self) -> impl Iterator<Item = &StackLayer> {
        self.pillars.iter().chain(&self.layers)
    }
}

impl Charter {
    pub(super) fn check_control_stack(&self, faults: &mut Faults) {
        let mut known = kpi::gated();
        known.retain(|id| *id != "control_stack");
        let lists = [("pillars", &self.control_stack.pillars), ("layers", &self.control_stack.layers)];
        let top = Place::at("/control_stack");
        let mut seen: Vec<(&str, Place)> = Vec::new();
        for (list, layers) in lists {
            for (index, layer) in layers.iter().enumerate() {
                let at = top.field(list).nth(index);
                let before = seen.iter().find(|(id, _)| *id == layer.id);
                faults.no_id(&at, &layer.id, "Give a short word that no other layer has.");
                if let Some((id, before)) = before.filter(|(id, _)| !id.trim().is_empty()) {
                    let message = format_args!("“{id}” is already the id of {before}.");
                    faults.add(&at.field("id"), message, "Name each layer once.");
                }
                let inputs = at.field("inputs");
                if layer.inputs.is_empty() {
                    faults.add(&inputs, format_args!("nothing decides its score."), "Give it at least one figure.");
                }
                for (index, input) in layer.inputs.iter().enumerate() {
                    let at = inputs.nth(index);
                    let (id, _) = split(input);
                    if !known.contains(&id) {
                        let message = format_args!("no figure “{id}” can be part of a score.");
                        faults.add(&at, message, &meant(id, &known));
                    } else if layer.inputs.iter().take(index).any(|before| before == input) {
                        let message = format_args!("“{input}” is there twice.");
                        faults.add(&at, message, "Name each figure once in a layer.");
                    }
                }
                seen.push((&layer.id, at));
            }
        }
    }
}
