//! The words of every definition, for browsers: the engine's module has none, since few readers ask for them.

use mops_core::kpi::registry;
use serde_json::{Map, Value, json};

/// `{id: {formula, source, edge_cases, parameters: {name: text}}}`, one KPI on each line.
pub fn text() -> String {
    let lines = registry().iter().map(|kpi| {
        let definition = &kpi.definition;
        let parameters =
            definition.parameters.iter().map(|parameter| (parameter.name.to_owned(), parameter.text.into()));
        let words = json!({
            "formula": definition.formula,
            "source": definition.source,
            "edge_cases": definition.edge_cases,
            "parameters": Map::<String, Value>::from_iter(parameters),
        });
        format!("{}: {words}", Value::from(definition.id))
    });
    format!("{{\n{}\n}}\n", lines.collect::<Vec<_>>().join(",\n"))
}
