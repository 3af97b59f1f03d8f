//! Marketing-operations figures, computed from an organisation's own exports.
//!
//! One way through: bytes → tables → measures → figures → views. The doors are [`ingest`] (bytes in) and
//! [`query`] (a question in, a view out). The crate has no clock, network, DOM or threads, and no input makes it
//! panic: `as_of` is always an argument, and what can't be used stands in a [`ledger::Ledger`] with its reason.
//!
//! ```
//! use mops_core::{charter::Charter, ingest, query::{Query, Session}, time::Zone, view::Body};
//! use std::rc::Rc;
//!
//! let (charter, zone) = (Rc::new(Charter::default()), Zone::utc());
//! let mut reader = ingest::Reader::new(&charter, &zone, Some("deals"), "deals.csv");
//! reader.push(b"id,created_at,closed_at,is_closed,is_won\n1,2025-01-07,2025-03-02,true,true\n")?;
//! let data = ingest::assemble(&charter, vec![reader.finish()?])?;
//! let mut session = Session::new(charter, false, zone, data);
//! let asked = r#"{"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01"}"#;
//! let Body::Kpi(card) = session.answer(&Query::parse(asked).unwrap())?.body else { unreachable!() };
//! assert_eq!(card.figure.value, Some(1.0));
//! # Ok::<(), mops_core::error::Error>(())
//! ```
//!
//! | module | what it is for |
//! |---|---|
//! | [`ingest`] | files, text and columns in: [`ingest::Reader`], [`ingest::from_columns`], [`ingest::assemble`] |
//! | [`charter`] | what an organisation says its numbers mean: [`charter::Charter::parse`] |
//! | [`query`] | [`query::Session`] answers a [`query::Query`] with a [`view::View`] |
//! | [`view`] | the plain data that a widget shows; [`view::VIEWS`] names all |
//! | [`figure`] | a number with all that defends it: [`figure::Figure`] |
//! | [`kpi`] | the figures there are: [`kpi::registry`], [`kpi::find`] |
//! | [`error`] | what went wrong, where, and what to do |
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
mod hash;
pub mod ingest;
mod json;
pub mod kpi;
pub mod ledger;
pub mod list;
pub mod map;
pub mod measure;
pub mod money;
pub mod period;
mod quality;
pub mod query;
mod read;
mod sort;
pub mod stats;
mod sum;
pub mod table;
pub mod time;
pub mod view;
pub mod write;
