//! Threshold signals: what tells that the operation has outgrown its habits.

use super::gate::GateSet;
use crate::read::usual;

/// Six signals that marketing operations can no longer wait, each read from figures. One is raised when any of its figures
/// misses its bar. The bars are ours.
pub(super) fn default() -> Vec<GateSet> {
    usual(Vec::new(), include_str!("usual/signals.json"))
}
