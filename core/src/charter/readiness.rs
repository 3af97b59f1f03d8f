//! Whether to go ahead: the decisions that are asked about, and the gates of each.

use super::Charter;
use super::check::{Faults, Place};
use super::gate::GateSet;
use crate::read::{read_fields, usual};
use serde::Serialize;

/// Decisions, and how fast a migration goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Readiness {
    /// One set of gates for each decision. Decisions given here take the place of the defaults.
    pub decisions: Vec<GateSet>,
    /// What a migration's duration is reckoned with.
    pub migration: Migration,
}

/// What a migration's duration is reckoned with: work = automations × (hours for each + steps × hours for each step),
/// divided by the hours a week that people have for it. Each is a range, least and most.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Migration {
    /// Hours to understand, agree and retire one automation, whatever its size.
    pub hours_per_automation: Between,
    /// Hours to rebuild and test one step.
    pub hours_per_step: Between,
    /// Steps of an automation whose steps nobody counted.
    pub steps_where_unknown: Between,
    /// Hours a week that the people who migrate have for it, all together.
    pub hours_a_week: f64,
    /// Weeks before and after the rebuilding: set-up, moving data, running both side by side.
    pub fixed_weeks: Between,
}

/// A range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

read_fields! {
    Readiness { ; decisions, migration }
    Migration { ; hours_per_automation, hours_per_step, steps_where_unknown, hours_a_week, fixed_weeks }
    Between { least, most; }
}

impl Default for Migration {
    /// Ours, to be replaced by the organisation's own pace: no authority gives one.
    fn default() -> Self {
        Self {
            hours_per_automation: Between { least: 2.0, most: 6.0 },
            hours_per_step: Between { least: 0.25, most: 1.0 },
            steps_where_unknown: Between { least: 3.0, most: 20.0 },
            hours_a_week: 40.0,
            fixed_weeks: Between { least: 4.0, most: 10.0 },
        }
    }
}

impl Default for Readiness {
    /// What marketing operations is asked before an ABM launch (do the data support accounts?), a migration (what is the
    /// automation environment like?), a purchase (does it integrate, and is what we have used?) and an AI feature (is
    /// what it consumes reliable?). The bars are ours.
    fn default() -> Self {
        let none = Self { decisions: Vec::new(), migration: Migration::default() };
        usual(none, include_str!("usual/readiness.json"))
    }
}

impl Charter {
    pub(super) fn check_migration(&self, faults: &mut Faults) {
        let Migration { hours_per_automation, hours_per_step, steps_where_unknown, hours_a_week, fixed_weeks } =
            self.readiness.migration;
        let top = Place::at("/readiness/migration");
        for (field, Between { least, most }) in [
            ("hours_per_automation", hours_per_automation),
            ("hours_per_step", hours_per_step),
            ("steps_where_unknown", steps_where_unknown),
            ("fixed_weeks", fixed_weeks),
        ] {
            if !(0.0 <= least && least <= most) {
                let mend = "Give the least and the most, neither below 0.";
                faults.add(&top.field(field), format_args!("this is no range."), mend);
            }
        }
        if hours_a_week <= 0.0 {
            let mend = "Give the hours a week that people have for it.";
            faults.add(&top.field("hours_a_week"), format_args!("nobody would ever be done."), mend);
        }
    }
}
