//! The core as a WebAssembly module: a handle on one source, driven by `engine/js/runtime.js` in a Worker or, where
//! there can be none, in the page.
//!
//! Errors cross as JSON text of [`mops_core::error::Error`]; the handle takes `&self` throughout, because a call may
//! come in while another is on its way.

mod columns;
mod source;

pub use source::Source;
