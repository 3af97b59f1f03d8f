//! How wide a text is in the font of an element.
//!
//! Scenes are laid out without hinting (`text-rendering: geometricPrecision`), so that a width grows with the size: each
//! letter is measured once for a picture and a weight. A picture has hundreds of texts, of few letters.

use crate::context::Context;
use crate::leptos::{document, window};
use mops_charts::Weight;
use mops_charts::context::approximate_width;
use std::cell::RefCell;
use wasm_bindgen::JsCast;

/// The size at which is measured, in pixels.
const SIZE: f64 = 100.0;

thread_local! {
    /// Never in the document: only its measure is used; and the font to which it is set.
    static CANVAS: RefCell<Option<(web_sys::CanvasRenderingContext2d, String)>> = const { RefCell::new(None) };
}

/// Measures the texts of one picture: for the next one, the font may have been loaded.
pub struct Ruler {
    family: String,
    /// Of the regular and of the strong weight.
    letters: RefCell<[Vec<(char, f64)>; 2]>,
}

impl Ruler {
    /// A ruler for the font family of an element.
    pub fn new(context: Context) -> Self {
        let family = context
            .host()
            .and_then(|host| window().get_computed_style(&host).ok().flatten())
            .and_then(|style| style.get_property_value("font-family").ok())
            .filter(|family| !family.is_empty())
            .unwrap_or_else(|| "system-ui, sans-serif".to_owned());
        Self { family, letters: RefCell::default() }
    }

    /// Pixels that a text takes at a size.
    pub fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let width = if text.chars().all(stands_alone) {
            let mut letters = self.letters.borrow_mut();
            let known = &mut letters[usize::from(weight == Weight::Strong)];
            text.chars().map(|letter| self.letter(letter, weight, known)).sum()
        } else {
            self.look(text, weight)
        };
        width.map_or_else(|| approximate_width(text, size, weight), |width| width * size / SIZE)
    }

    fn letter(&self, letter: char, weight: Weight, known: &mut Vec<(char, f64)>) -> Option<f64> {
        if let Some((_, width)) = known.iter().find(|(known, _)| *known == letter) {
            return Some(*width);
        }
        let width = self.look(letter.encode_utf8(&mut [0; 4]), weight)?;
        known.push((letter, width));
        Some(width)
    }

    /// Asks the browser; nothing where it has no canvas.
    fn look(&self, text: &str, weight: Weight) -> Option<f64> {
        CANVAS.with_borrow_mut(|canvas| {
            if canvas.is_none() {
                *canvas = Some((make_canvas()?, String::new()));
            }
            let (canvas, set) = canvas.as_mut()?;
            let font = [if weight == Weight::Strong { "600" } else { "400" }, " 100px ", &self.family].concat();
            if *set != font {
                canvas.set_font(&font);
                *set = font;
            }
            Some(canvas.measure_text(text).ok()?.width())
        })
    }
}

/// Whether a letter is as wide wherever it stands, but for kerning: those of Latin scripts, digits, punctuation, signs of
/// currencies.
fn stands_alone(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{2010}'..='\u{2027}' | '\u{202f}' | '\u{20a0}'..='\u{20bf}')
}

fn make_canvas() -> Option<web_sys::CanvasRenderingContext2d> {
    let canvas = document().create_element("canvas").ok()?.dyn_into::<web_sys::HtmlCanvasElement>().ok()?;
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
