//! What the shell tells a widget.

use mops_core::view::{Body, PeriodView, View};
use serde::Deserialize;
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;

/// Attributes of the element, by name.
pub type Attributes = BTreeMap<String, String>;

/// Where a widget stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct State {
    /// Where the widget stands.
    pub phase: Phase,
    /// The view, where there is one; read by [`State::read`].
    #[serde(skip)]
    pub view: Option<View>,
    /// What went wrong.
    pub error: Option<Failure>,
    /// How far loading is.
    pub progress: Option<Progress>,
    /// What the source's shared filters are.
    pub filters: Option<Filters>,
}

/// An error as the engine or the shell reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Failure {
    /// A stable word for programs.
    pub code: String,
    /// What is wrong and why.
    pub message: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: Option<Place>,
    /// What to do about it.
    pub mend: Option<String>,
}

/// A place in somebody's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
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
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// Its table.
    pub table: Option<String>,
    /// File name or address.
    pub source: Option<String>,
}

/// The shared filters of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// Period in force.
    pub period: Option<String>,
    /// Comparison in force.
    pub compare: Option<String>,
    /// Values in force by field.
    pub filter: BTreeMap<String, Vec<String>>,
}

/// What every view has, whatever its body.
#[derive(Deserialize)]
struct Head {
    as_of: i64,
    time_zone: String,
    currency: String,
    organisation: String,
    period: PeriodView,
    compared_with: Option<PeriodView>,
    filter: BTreeMap<String, Vec<String>>,
}

/// Reads a view. Serde's own way with a tagged body keeps it in a tree of its own and reads that again, which doubles
/// the code of every type in a view (measured: 65 KB of the module); looking at the tag first does not.
fn read_view(value: JsValue) -> Result<View, serde_wasm_bindgen::Error> {
    use serde_wasm_bindgen::from_value;
    let property = |object: &JsValue, name: &str| {
        js_sys::Reflect::get(object, &JsValue::from_str(name)).map_err(|_| serde_wasm_bindgen::Error::new(name))
    };
    let body = property(&value, "body")?;
    let body = match property(&body, "view")?.as_string().as_deref() {
        Some("kpi") => Body::Kpi(from_value(body)?),
        Some("scorecard") => Body::Scorecard(from_value(body)?),
        Some("funnel") => Body::Funnel(from_value(body)?),
        Some("cohorts") => Body::Cohorts(from_value(body)?),
        Some("filters") => Body::Filters(from_value(body)?),
        Some("inventory") => Body::Inventory(from_value(body)?),
        _ => return Err(serde_wasm_bindgen::Error::new("body.view names no view")),
    };
    let Head { as_of, time_zone, currency, organisation, period, compared_with, filter } = from_value(value)?;
    Ok(View { as_of, time_zone, currency, organisation, period, compared_with, filter, body })
}

impl State {
    /// Reads a state as the shell sets it.
    pub fn read(value: JsValue) -> Result<State, serde_wasm_bindgen::Error> {
        let view = js_sys::Reflect::get(&value, &JsValue::from_str("view")).unwrap_or(JsValue::UNDEFINED);
        let mut state: State = serde_wasm_bindgen::from_value(value)?;
        if !view.is_undefined() && !view.is_null() {
            state.view = Some(read_view(view)?);
        }
        Ok(state)
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
