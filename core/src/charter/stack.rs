//! What the charter says about the stack: what an hour of upkeep costs, which tools should be connected, and what
//! others use of theirs.

use super::Charter;
use super::check::{Faults, Place};
use crate::read::{read_fields, usual};
use serde::Serialize;

/// The stack as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Stack {
    /// What an hour of a tool's upkeep costs, in the charter's currency. Without it the cost of people is unknown.
    pub admin_hourly_rate: Option<f64>,
    /// Connections that there should be.
    pub connections: Vec<Connection>,
    /// What others use of their stack, shown beside this one's.
    pub benchmarks: Vec<Benchmark>,
}

/// Data should go from one tool to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Id of the tool data come from.
    pub from: String,
    /// Id of the tool data go to.
    pub to: String,
}

/// A published figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Share of what the stack can do that is used, 0 to 1.
    pub value: f64,
    /// The year it is of.
    pub year: u32,
    /// Who published it.
    pub source: String,
}

impl Default for Stack {
    fn default() -> Self {
        usual(
            Self { admin_hourly_rate: None, connections: Vec::new(), benchmarks: Vec::new() },
            r#"{"benchmarks": [
                {"value": 0.58, "year": 2020, "source": "Gartner, Marketing Technology Survey"},
                {"value": 0.42, "year": 2022, "source": "Gartner, Marketing Technology Survey"},
                {"value": 0.33, "year": 2023, "source": "Gartner, Marketing Technology Survey"}
            ]}"#,
        )
    }
}

read_fields! {
    Stack { ; admin_hourly_rate, connections, benchmarks }
    Connection { from, to; }
    Benchmark { value, year, source; }
}

impl Charter {
    pub(super) fn check_stack(&self, faults: &mut Faults) {
        let Stack { admin_hourly_rate, connections, benchmarks } = &self.stack;
        let top = Place::at("/stack");
        if admin_hourly_rate.is_some_and(|rate| !(0.0..=1e6).contains(&rate)) {
            let at = top.field("admin_hourly_rate");
            faults.add(&at, format_args!("not a usable rate."), "Give an amount from 0 to 1000000.");
        }
        for (index, Connection { from, to }) in connections.iter().enumerate() {
            if from.trim().is_empty() || to.trim().is_empty() {
                faults.add(
                    &top.field("connections").nth(index),
                    format_args!("a connection needs a tool at both ends."),
                    "Give the ids of two tools as “from” and “to”.",
                );
            }
        }
        for (index, benchmark) in benchmarks.iter().enumerate() {
            let at = top.field("benchmarks").nth(index);
            let message = format_args!("a benchmark is a share from 0 to 1.");
            faults.share(&at.field("value"), Some(benchmark.value), message, "33% as 0.33");
        }
    }
}
