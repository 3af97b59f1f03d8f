//! What the shell tells a widget.

use crate::read::{Read, Reader, Source, read, read_fields, read_words};
use mops_core::map::Map;
use mops_core::view::View;
use wasm_bindgen::JsValue;

/// Attributes of the element, by name.
pub type Attributes = Map<String, String>;

/// Where a widget stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to load yet.
    #[default]
    Idle,
    /// On its way.
    Loading,
    /// The view is current.
    Ready,
    /// The view is the last good one, and no longer current.
    Stale,
    /// It failed.
    Error,
}

/// A state as the shell sets it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// Where the widget stands.
    pub phase: Phase,
    /// The view, where there is one.
    pub view: Option<View>,
    /// What went wrong.
    pub error: Option<Failure>,
    /// How far loading is.
    pub progress: Option<Progress>,
    /// What the source's shared filters are.
    pub filters: Option<Filters>,
    /// Why definitions stay without their words.
    pub wordless: Option<String>,
}

/// An error as the engine or the shell reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// A stable word for programs.
    pub code: String,
    /// What is wrong and why.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to do about it.
    pub mend: Option<String>,
}

/// A place in somebody's file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// File or source name.
    pub source: Option<String>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Field or column name.
    pub field: Option<String>,
    /// JSON pointer.
    pub pointer: Option<String>,
}

/// How far loading is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// What is being read.
    pub sources: Vec<Reading>,
    /// Bytes read.
    pub bytes: f64,
    /// Bytes in all, where known.
    pub total_bytes: Option<f64>,
    /// Rows read.
    pub rows: f64,
    /// Rows left out.
    pub rejected: f64,
}

/// A file being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its table.
    pub table: Option<String>,
    /// File name or address.
    pub source: Option<String>,
}

/// The shared filters of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Period in force.
    pub period: Option<String>,
    /// Comparison in force.
    pub compare: Option<String>,
    /// Values in force by field.
    pub filter: Map<String, Vec<String>>,
}

read_words! {
    Phase { Idle, Loading, Ready, Stale, Error }
}

read_fields! {
    State { view, error, progress, filters, wordless; optional phase }
    Place { source, line, field, pointer }
    Reading { table, source }
    Filters { period, compare; optional filter }
}

impl Read for Failure {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        let object = reader.object(value);
        Self {
            code: reader.optional(object, "code"),
            message: reader.optional(object, "message"),
            // A word that Rust keeps for itself.
            place: reader.field(object, "where"),
            mend: reader.field(object, "mend"),
        }
    }
}

impl Read for Progress {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        let object = reader.object(value);
        Self {
            sources: reader.optional(object, "sources"),
            bytes: reader.optional(object, "bytes"),
            // The shell's, and so in JavaScript's case.
            total_bytes: reader.field(object, "totalBytes"),
            rows: reader.optional(object, "rows"),
            rejected: reader.optional(object, "rejected"),
        }
    }
}

impl State {
    /// Reads a state as the shell sets it.
    pub fn read(value: &JsValue) -> Result<Self, String> {
        read(value)
    }

    /// The state that follows: a view is kept while a new one is awaited or can't be had.
    pub fn follow(mut self, before: &mut State) -> State {
        if self.view.is_none() && self.phase != Phase::Idle {
            self.view = before.view.take();
        }
        if self.view.is_some() && self.phase == Phase::Error {
            self.phase = Phase::Stale;
        }
        self
    }
}
