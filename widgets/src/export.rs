//! Taking the picture or its data away.

use crate::context::Context;
use crate::dom::{Element, button, div};
use crate::leptos::*;
use crate::port::Action;
use crate::text;
use crate::widget::Kind;
use mops_core::list::List;
use mops_core::view::View;

/// The texts of a section's table; "" is the whole: every table, one beneath the other.
pub fn csv(context: Context, kind: &'static Kind, section: &str) -> Option<String> {
    context.state.with_untracked(|state| {
        let view = state.view.as_ref()?;
        // A view of another kind has no tables.
        if kind.whole.is_none() {
            (kind.body)(context, kind, view)?;
        }
        let tables = kind.tables?(context, view);
        let wanted = tables.iter().filter(|table| section.is_empty() || table.id == section);
        let texts: Vec<String> = wanted.map(|table| table.csv()).list();
        (!texts.is_empty()).then(|| texts.join("\r\n"))
    })
}

/// A name that is good on every system: letters and digits of ASCII, and what lies beyond it as it is.
fn file_name(parts: &[&str]) -> String {
    let mut name = String::new();
    for character in parts.join("-").chars() {
        if character.is_ascii_alphanumeric() || character > '\u{bf}' && !('\u{2000}'..'\u{3040}').contains(&character) {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// The choice of formats: of all that is seen, and of each section.
pub fn menu(context: Context, kind: &'static Kind, view: &View) -> Element {
    let tables = kind.tables.map(|tables| tables(context, view)).unwrap_or_default();
    let sections = if tables.len() > 1 { tables.as_slice() } else { &[] };
    // The links of a graph that is drawn are its arrows.
    let is_shown = |id: &str| context.find_any(&["[data-section=\"", id, "\"]"].concat()).is_some();
    let sections =
        sections.iter().map(|table| (table.id.as_str(), table.caption.as_str(), is_shown(table.id.as_str())));
    let is_alone = tables.len() < 2;
    div("tables").children(std::iter::once(("", text::WHOLE, true)).chain(sections).map(
        |(section, caption, is_shown)| {
            let formats = [("csv", "CSV"), ("svg", "SVG"), ("png", "PNG")];
            let offered = formats.into_iter().take(if is_shown { 3 } else { 1 });
            let name = (!is_alone).then(|| div("export-name").text(caption));
            let file = file_name(&[&kind.title(context, view), section, &view.period.id]);
            div("exports").maybe(name).children(offered.map(|(format, name)| {
                let (section, file) = (section.to_owned(), file.clone());
                let label = (!is_alone).then(|| text::about(name, caption));
                button("action")
                    .part("action")
                    .attribute_if(label.is_some(), "aria-label", label.as_deref().unwrap_or_default())
                    .on("click", move |_| {
                        context.act(&Action::Export { format, name: file.clone(), section: section.clone() });
                        context.close();
                    })
                    .text(name)
            }))
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_files_plainly() {
        assert_eq!(file_name(&["Win rate (by value)", "", "2025-Q1"]), "win-rate-by-value-2025-q1");
        assert_eq!(file_name(&["../größe “x”", "all"]), "größe-x-all");
    }
}
