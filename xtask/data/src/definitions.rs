//! The words of every definition, for browsers: the engine's module has none, since few readers ask for them.

use mops_core::kpi::registry;
use serde_json::{Map, Value, json};

/// `{id: {formula, source, edge_cases, parameters: {name: text}}}`, one KPI on each line.
pub fn text() -> String {
    let lines = registry().iter().map(|kpi| {
        let definition = &kpi.definition;
        let parameters =
            definition.parameters.iter().map(|parameter| (parameter.name.to_owned(), quoted(parameter.text).into()));
        let words = json!({
            "formula": quoted(definition.formula),
            "source": quoted(definition.source),
            "edge_cases": definition.edge_cases.iter().map(|edge| quoted(edge)).collect::<Vec<_>>(),
            "parameters": Map::<String, Value>::from_iter(parameters),
        });
        format!("{}: {words}", Value::from(definition.id))
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}

/// Backticks are for terminals; a page has quotes.
fn quoted(text: &str) -> String {
    paired(text, "“", "”")
}

/// The text with every pair of backticks replaced.
pub fn paired(text: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    for (at, piece) in text.split('`').enumerate() {
        out.push_str(if at == 0 {
            ""
        } else if at % 2 == 1 {
            open
        } else {
            close
        });
        out.push_str(piece);
    }
    out
}
