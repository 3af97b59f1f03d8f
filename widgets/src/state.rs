//! What the shell tells a widget.

use crate::read::Plain;
use mops_core::map::Map;
use mops_core::view::View;
use mops_core::view::read::read;
use mops_core::{read_view_fields, read_view_words};
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

read_view_words! {
    Phase { Idle, Loading, Ready, Stale, Error }
}

read_view_fields! {
    State { phase if known, view, error, progress, filters, wordless }
    // Rust keeps the word `where` for itself.
    Failure { code if known, message if known, place as "where", mend }
    Place { source, line, field, pointer }
    // The shell's, and so in JavaScript's case.
    Progress { sources if known, bytes if known, total_bytes as "totalBytes", rows if known, rejected if known }
    Reading { table, source }
    Filters { period, compare, filter if known }
}

impl State {
    /// Reads a state as the shell sets it.
    pub fn read(value: &JsValue) -> Result<Self, String> {
        read(&Plain(value.clone()))
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
