//! Statistics on counts: intervals for shares and medians, and survival with censoring.
//!
//! Everything here works on exact count maps (value → how often), so that a result depends on neither the order of
//! rows nor on how they were sharded.

pub mod apportion;
pub mod bootstrap;
pub mod forecast_error;
pub mod kendall;
pub mod markov;
#[cfg(test)]
pub(crate) mod pairing;
pub mod poisson;
pub mod quantile;
pub mod shapley;
pub mod survival;
pub mod wilson;

pub use survival::{Curve, Durations, Step};
pub use wilson::wilson;

/// The standard normal quantile of 0.975, to the last bit of an `f64`: half of a 95% interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Numbers that others published, from `tests/data/reference.json`.
#[cfg(test)]
pub(crate) fn reference() -> serde_json::Value {
    serde_json::from_str(include_str!("../../tests/data/reference.json")).unwrap()
}
