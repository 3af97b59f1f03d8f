//! The 90-day plan: stabilise, standardise, optimise.

use super::gate::GateSet;
use crate::read::usual;

/// The phases of the plan. A step is done when its figure says so. What the three months are for: lifecycle, tracking,
/// routing and CRM first; then intake, quality checks, names and documentation; then definitions, tools, attribution and
/// the rhythm of reports. The bars are ours.
pub(super) fn default() -> Vec<GateSet> {
    usual(Vec::new(), include_str!("usual/rollout.json"))
}
