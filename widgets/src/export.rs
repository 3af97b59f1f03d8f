//! Taking the picture or its data away.

use crate::context::Context;
use crate::dom::{Element, button, div};
use crate::leptos::*;
use crate::port::{Action, Export};
use crate::widget::Kind;

/// A picture as SVG text.
pub struct Picture {
    /// The SVG document.
    pub text: String,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

/// What a format takes away, where there is something to take.
pub fn make(context: Context, kind: &Kind, format: &str) -> Option<Export> {
    context.state.with_untracked(|state| {
        let view = state.view.as_ref()?;
        // A view of another kind has no title to go by.
        (kind.body)(context, view)?;
        let name = file_name(&context.label(&(kind.title)(view)), &view.period.id);
        match format {
            "csv" => {
                let table = kind.table?(context, view);
                Some(Export { format: "csv", name, text: table.csv(), ..Export::default() })
            }
            "svg" | "png" => {
                let picture = kind.picture?(context, view)?;
                let format = if format == "svg" { "svg" } else { "png" };
                Some(Export { format, name, text: picture.text, width: picture.width, height: picture.height })
            }
            _ => None,
        }
    })
}

/// Letters and digits only, so that the name is good on every system.
fn file_name(title: &str, period: &str) -> String {
    let mut name = String::new();
    for character in [title, "-", period].concat().chars() {
        if character.is_alphanumeric() {
            name.extend(character.to_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_matches('-').to_owned()
}

/// The choice of formats.
pub fn menu(context: Context, kind: &'static Kind) -> Element {
    let formats = [("csv", "CSV"), ("svg", "SVG"), ("png", "PNG")];
    let offered = formats.into_iter().filter(|(format, _)| *format == "csv" || kind.picture.is_some());
    div("exports").children(offered.map(|(format, name)| {
        button("action")
            .part("action")
            .on("click", move |_| {
                if let Some(export) = make(context, kind, format) {
                    context.act(&Action::Export(export));
                }
                context.close();
            })
            .text(name)
    }))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_files_plainly() {
        assert_eq!(file_name("Win rate (by value)", "2025-Q1"), "win-rate-by-value-2025-q1");
        assert_eq!(file_name("../Größe", "all"), "größe-all");
    }
}
