//! The way out: what a widget tells the shell.

use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The shell's end, a plain object.
    #[derive(Clone)]
    pub type Port;

    #[wasm_bindgen(method, catch)]
    fn act(this: &Port, action: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn locale(this: &Port) -> Option<String>;
}

/// What a person did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Filters a field by values; none lifts the filter.
    Filter {
        /// The field.
        field: String,
        /// Its values; "" is blank.
        values: Vec<String>,
    },
    /// Chooses a period.
    Period {
        /// As a query writes it.
        period: String,
    },
    /// Chooses what to compare with.
    Compare {
        /// `previous`, `year` or `none`.
        compare: String,
    },
    /// Loads again.
    Refresh,
    /// Stops loading.
    Cancel,
    /// Takes the picture or its data away.
    Export(Export),
    /// Points at a part of the picture.
    Select {
        /// `funnel`, `cohorts`, `scorecard` or `kpi`.
        view: &'static str,
        /// The KPI's id.
        metric: String,
        /// The part's key: a stage, a cohort's period, a segment's value; "" for the whole.
        part: String,
        /// The part's name for people.
        label: String,
        /// Its value, where it has one.
        value: Option<f64>,
    },
}

/// What is taken away. A PNG is sent as SVG text and drawn by the shell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Export {
    /// `csv`, `svg` or `png`.
    pub format: &'static str,
    /// File name without ending.
    pub name: String,
    /// The file's text.
    pub text: String,
    /// Width of the picture.
    pub width: f64,
    /// Height of the picture.
    pub height: f64,
}

impl Port {
    /// Tells the shell what a person did.
    pub fn send(&self, action: &Action) {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        if let Ok(action) = action.serialize(&serializer) {
            // What the shell's listeners throw is theirs to report.
            let _ = self.act(action);
        }
    }

    /// The locale the shell found, where no attribute names one.
    pub fn default_locale(&self) -> Option<String> {
        self.locale()
    }
}
