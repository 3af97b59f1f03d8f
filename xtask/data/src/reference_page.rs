//! The KPI reference of the demo, written from the definitions that `mops explain` prints.

use crate::definitions::paired;
use mops_core::charter::Charter;
use mops_core::kpi::groups::GROUPS;
use mops_core::kpi::{Definition, Timing, find};

const HEAD: &str = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>KPI reference | mops-widgets</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="demo.css">
<link rel="stylesheet" href="pages.css">
<link rel="stylesheet" href="kpis.css">
<script type="module" src="theme.js"></script>
</head>
<body>
<!-- Written by `cargo xtask data` from the definitions in core/src/kpi. -->
<a class="skip" href="#main">Skip to the content</a>

<header class="page-bar">
  <a class="page-brand" data-page href="../index.html">mops-widgets</a>
  <nav aria-label="Demo pages">
    <a data-page href="intranet.html">Intranet</a>
    <a data-page href="governance.html">Governance</a>
    <a data-page href="revenue.html">Revenue</a>
    <a data-page href="crm.html">CRM</a>
    <a data-page href="playground.html">Playground</a>
    <a data-page href="app.html">App</a>
    <a data-page href="kpis.html" aria-current="page">KPIs</a>
  </nav>
  <button class="button theme-toggle" type="button">Theme</button>
</header>

<main id="main">
"##;

/// The page.
pub fn text() -> String {
    let chapters: Vec<(&str, Vec<&Definition>)> = GROUPS
        .iter()
        .map(|(name, ids)| (*name, ids.iter().filter_map(|id| find(id)).map(|kpi| &kpi.definition).collect()))
        .filter(|(_, definitions): &(_, Vec<_>)| !definitions.is_empty())
        .collect();
    let count: usize = chapters.iter().map(|(_, definitions)| definitions.len()).sum();
    let mut out = String::from(HEAD);
    out.push_str(&format!(
        "  <div class=\"title\">\n    <h1>KPI reference</h1>\n    <p>What each of the {count} figures means, where its \
         formula comes from, what it reads and what happens at the edges. The same text stands behind every number in \
         the widgets, and <code>mops explain</code> prints it.</p>\n  </div>\n\n  <div class=\"reference\">\n    \
         <nav class=\"contents\" aria-label=\"KPIs\">\n"
    ));
    for (name, definitions) in &chapters {
        out.push_str(&format!("      <h2><a href=\"#{}\">{name}</a></h2>\n      <ul>\n", anchor(name)));
        for definition in definitions {
            out.push_str(&format!(
                "        <li><a href=\"#{}\">{}</a></li>\n",
                definition.id,
                escaped(definition.name)
            ));
        }
        out.push_str("      </ul>\n");
    }
    out.push_str("    </nav>\n\n    <div class=\"chapters\">\n");
    for (name, definitions) in &chapters {
        out.push_str(&format!(
            "      <section class=\"chapter\" aria-labelledby=\"{0}\">\n        <h2 id=\"{0}\">{name}</h2>\n",
            anchor(name)
        ));
        for definition in definitions {
            entry(&mut out, definition);
        }
        out.push_str("      </section>\n");
    }
    out.push_str("    </div>\n  </div>\n</main>\n</body>\n</html>\n");
    out
}

/// The names of the figures as a module, for pages that offer a choice of them.
pub fn names() -> String {
    let mut out = String::from(
        "// Written by `cargo xtask data` from the definitions in core/src/kpi.\n\n/** Every figure: its id and its \
         name. */\nexport const KPIS = {\n",
    );
    for kpi in GROUPS.iter().flat_map(|(_, ids)| *ids).filter_map(|id| find(id)) {
        out.push_str(&format!("  {}: {:?},\n", kpi.definition.id, kpi.definition.name));
    }
    out.push_str("};\n");
    out
}

fn entry(out: &mut String, definition: &Definition) {
    let id = definition.id;
    out.push_str(&format!(
        "        <article class=\"kpi\" id=\"{id}\" aria-labelledby=\"{id}-name\">\n          \
         <header><h3 id=\"{id}-name\">{}</h3> <a class=\"id\" href=\"#{id}\"><code>{id}</code></a></header>\n          \
         <p class=\"formula\">{}</p>\n          <dl>\n",
        escaped(definition.name),
        escaped(definition.formula)
    ));
    let mut row = |name: &str, value: &str| {
        out.push_str(&format!("            <div><dt>{name}</dt><dd>{value}</dd></div>\n"));
    };
    row("Unit", definition.unit.in_words());
    row("Better", definition.direction.in_words());
    row("Counts", timing(definition.timing));
    row("Source", &escaped(definition.source));
    let codes = |items: &[&str]| -> Vec<String> {
        items.iter().map(|item| format!("<code>{}</code>", escaped(item))).collect()
    };
    row("Reads", &codes(definition.inputs).join(" "));
    if !definition.edge_cases.is_empty() {
        let items: Vec<String> =
            definition.edge_cases.iter().map(|edge| format!("<li>{}</li>", escaped(edge))).collect();
        row("Edge cases", &format!("<ul>{}</ul>", items.concat()));
    }
    if !definition.parameters.is_empty() {
        let lifecycle = Charter::default().lifecycle;
        let items: Vec<String> = definition
            .parameters
            .iter()
            .map(|parameter| {
                format!(
                    "<li><code>{}</code>: {}, {}; <code>{}</code> where the charter is silent</li>",
                    parameter.name,
                    escaped(parameter.text),
                    escaped(&parameter.range_text()),
                    escaped(&parameter.default_text(&lifecycle))
                )
            })
            .collect();
        row("Parameters", &format!("<ul>{}</ul>", items.concat()));
    }
    out.push_str("          </dl>\n        </article>\n");
}

fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Period => "what happened in the period",
        Timing::Cohort => "what became of the period’s records by the as-of date",
        Timing::Snapshot => "how things stand at the as-of date",
    }
}

fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// As markup; what stands between backticks is code.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    paired(&text, "<code>", "</code>")
}

#[cfg(test)]
mod tests {
    use mops_core::kpi::registry;

    #[test]
    fn every_kpi_is_on_the_page_with_all_that_is_said_of_it() {
        let page = super::text();
        for kpi in registry() {
            let definition = &kpi.definition;
            let start = page.find(&format!("<article class=\"kpi\" id=\"{}\"", definition.id)).unwrap_or_else(|| {
                panic!("{} is not on the page: is it in mops_core::kpi::groups?", definition.id);
            });
            let article = &page[start..start + page[start..].find("</article>").unwrap()];
            let said = [definition.name, definition.formula, definition.source];
            let parameters = definition.parameters.iter().map(|parameter| parameter.text);
            for text in said.iter().chain(definition.inputs).chain(definition.edge_cases).copied().chain(parameters) {
                assert!(article.contains(&super::escaped(text)), "{}: “{text}” is missing", definition.id);
            }
            assert!(page.contains(&format!("<li><a href=\"#{}\">", definition.id)), "{}: no link", definition.id);
        }
    }
}
