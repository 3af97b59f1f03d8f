//! Taking the picture or its data away.

use crate::context::Context;
use crate::dom::{Element, button, div};
use crate::leptos::*;
use crate::port::{Action, Export};
use crate::widget::Kind;
use mops_core::view::View;

/// A picture as SVG text.
pub struct Picture {
    /// The SVG document.
    pub text: String,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

/// What a format takes away of a section, where there is something to take. "" is the whole: every table, one beneath
/// the other, or the first picture.
pub fn make(context: Context, kind: &'static Kind, format: &str, section: &str) -> Option<Export> {
    context.state.with_untracked(|state| {
        let view = state.view.as_ref()?;
        // A view of another kind has no title to go by.
        (kind.body)(context, kind, view)?;
        let name = file_name(&[&kind.title(context, view), section, &view.period.id]);
        match format {
            "csv" => {
                let tables = kind.tables?(context, view);
                let wanted = tables.iter().filter(|table| section.is_empty() || table.id == section);
                let texts: Vec<String> = wanted.map(|table| table.csv()).collect();
                (!texts.is_empty()).then(|| Export {
                    format: "csv",
                    name,
                    text: texts.join("\r\n"),
                    ..Export::default()
                })
            }
            "svg" | "png" => {
                let picture = kind.picture?(context, view, section)?;
                let format = if format == "svg" { "svg" } else { "png" };
                Some(Export { format, name, text: picture.text, width: picture.width, height: picture.height })
            }
            _ => None,
        }
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

/// The choice of formats, for each table.
pub fn menu(context: Context, kind: &'static Kind, view: &View) -> Element {
    let tables = kind.tables.map(|tables| tables(context, view)).unwrap_or_default();
    let is_alone = tables.len() == 1;
    div("tables").children(tables.into_iter().map(|table| {
        let has_picture = kind.picture.is_some_and(|picture| picture(context, view, &table.id).is_some());
        let formats = [("csv", "CSV"), ("svg", "SVG"), ("png", "PNG")];
        let offered = formats.into_iter().filter(|(format, _)| *format == "csv" || has_picture);
        let name = (!is_alone).then(|| div("export-name").text(table.caption.as_str()));
        div("exports").maybe(name).children(offered.map(|(format, name)| {
            let section = table.id.clone();
            let label = (!is_alone).then(|| crate::text::about(name, &table.caption));
            button("action")
                .part("action")
                .attribute_if(label.is_some(), "aria-label", label.as_deref().unwrap_or_default())
                .on("click", move |_| {
                    if let Some(export) = make(context, kind, format, &section) {
                        context.act(&Action::Export(export));
                    }
                    context.close();
                })
                .text(name)
        }))
    }))
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
