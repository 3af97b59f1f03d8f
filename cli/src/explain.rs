//! `mops explain`: what a figure means.

use crate::failure::Failure;
use crate::report::known;
use crate::report::{width, wrap};
use console::{Style, Term};
use mops_core::charter::Charter;
use mops_core::kpi::{self, Definition};

/// The text of one definition, or of all.
pub fn run(id: Option<&str>) -> Result<String, Failure> {
    if let Some(id) = id {
        known(id)?;
    }
    let texts: Vec<String> = kpi::registry()
        .iter()
        .filter(|kpi| id.is_none_or(|id| id == kpi.definition.id))
        .map(|kpi| text(&kpi.definition))
        .collect();
    Ok(texts.join("\n"))
}

fn text(definition: &Definition) -> String {
    let mut out = format!("{} ({})\n", Style::new().bold().apply_to(definition.name), definition.id);
    let width = width(&Term::stdout()).unwrap_or(80).saturating_sub(16);
    let mut line = |name: &str, value: &str| {
        for (index, part) in wrap(value, width).iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            out.push_str(&format!("  {}{part}\n", Style::new().dim().apply_to(format!("{name:<12}"))));
        }
    };
    line("Formula", definition.formula);
    line("Unit", definition.unit.in_words());
    line("Better", definition.direction.in_words());
    line("Source", definition.source);
    line("Reads", &definition.inputs.join(", "));
    for (index, edge) in definition.edge_cases.iter().enumerate() {
        line(if index == 0 { "Edge cases" } else { "" }, edge);
    }
    for (name, value) in Charter::default().policies.all() {
        if definition.inputs.iter().any(|input| input.strip_prefix("charter.policies.") == Some(name)) {
            let default = value.map_or("no default".into(), |value| format!("{value} where the charter is silent"));
            line("Policy", &format!("{name}: {default}"));
        }
    }
    let lifecycle = Charter::default().lifecycle;
    for (index, parameter) in definition.parameters.iter().enumerate() {
        let value = format!(
            "{}: {}, {}; {} where the charter is silent",
            parameter.name,
            parameter.text,
            parameter.range_text(),
            parameter.default_text(&lifecycle)
        );
        line(if index == 0 { "Parameters" } else { "" }, &value);
    }
    out
}
