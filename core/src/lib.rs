//! Marketing-operations figures, computed from an organisation's own exports.
//!
//! One way through: bytes → tables → measures → figures → views. The doors are [`ingest`] (bytes in) and
//! [`query`] (a question in, a view out). The crate has no clock, network, DOM or threads, and no input makes it
//! panic: `as_of` is always an argument, and what can't be used stands in a [`ledger::Ledger`] with its reason.
// Published modules are compiled for size, but for what touches every row (`cfg(speed)`, set by `xtask/src/wasm.rs`).
#![cfg_attr(speed, feature(optimize_attribute))]
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::arithmetic_side_effects
    )
)]

/// The README's snippet runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub mod charter;
pub mod duplicates;
pub mod error;
pub mod figure;
mod fold;
pub mod ingest;
mod json;
pub mod kpi;
pub mod ledger;
pub mod map;
pub mod measure;
pub mod money;
pub mod period;
mod quality;
pub mod query;
mod read;
mod sort;
pub mod stats;
pub mod table;
pub mod time;
pub mod view;
pub mod write;
