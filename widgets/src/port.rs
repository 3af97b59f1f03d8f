//! The way out: what a widget tells the shell.

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
#[derive(Debug, Clone, PartialEq)]
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
    /// Asks for the words of the view's definitions.
    Define,
    /// Takes away what is seen or the data behind it: the shell asks for their text, and draws.
    Export {
        /// `csv`, `svg` or `png`.
        format: &'static str,
        /// File name without ending.
        name: String,
        /// The section; "" is the whole.
        section: String,
    },
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

impl Action {
    /// As the shell reads it: `{ type, … }`.
    fn object(&self) -> JsValue {
        let object = JsValue::from(js_sys::Object::new());
        let set = |name: &str, value: JsValue| {
            let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &value);
        };
        let set_text = |name: &str, text: &str| set(name, JsValue::from_str(text));
        set_text(
            "type",
            match self {
                Self::Filter { field, values } => {
                    set_text("field", field);
                    let list = js_sys::Array::new();
                    for value in values {
                        list.push(&JsValue::from_str(value));
                    }
                    set("values", list.into());
                    "filter"
                }
                Self::Period { period } => {
                    set_text("period", period);
                    "period"
                }
                Self::Compare { compare } => {
                    set_text("compare", compare);
                    "compare"
                }
                Self::Refresh => "refresh",
                Self::Cancel => "cancel",
                Self::Define => "define",
                Self::Export { format, name, section } => {
                    set_text("format", format);
                    set_text("name", name);
                    set_text("section", section);
                    "export"
                }
                Self::Select { view, metric, part, label, value } => {
                    set_text("view", view);
                    set_text("metric", metric);
                    set_text("part", part);
                    set_text("label", label);
                    set("value", value.map_or(JsValue::NULL, JsValue::from_f64));
                    "select"
                }
            },
        );
        object
    }
}

impl Port {
    /// Tells the shell what a person did.
    pub fn send(&self, action: &Action) {
        // What the shell's listeners throw is theirs to report.
        let _ = self.act(action.object());
    }

    /// The locale the shell found, where no attribute names one.
    pub fn default_locale(&self) -> Option<String> {
        self.locale()
    }
}
