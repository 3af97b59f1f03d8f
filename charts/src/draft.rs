//! A scene in the making: places marks, cuts text to the room it has.

use crate::Within;
use crate::context::{Context, Weight};
use crate::scene::{Anchor, Mark, Role, Scene, Target};
use mops_core::list::List;
use std::cell::{Cell, RefCell};

/// Font sizes.
pub(crate) const SMALL: f64 = 11.0;
pub(crate) const TEXT: f64 = 13.0;

/// How a text is written.
#[derive(Clone, Copy)]
pub(crate) struct Font {
    pub role: Role,
    pub size: f64,
    pub weight: Weight,
}

/// Between the lines of a text.
pub(crate) const LINE: f64 = 14.0;

pub(crate) const LABEL: Font = Font { role: Role::Label, size: TEXT, weight: Weight::Normal };
pub(crate) const STRONG: Font = Font { role: Role::LabelStrong, size: TEXT, weight: Weight::Strong };
pub(crate) const MUTED: Font = Font { role: Role::LabelMuted, size: SMALL, weight: Weight::Normal };

impl Font {
    pub(crate) const fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }
}

/// A scene in the making.
pub(crate) struct Draft<'a> {
    pub context: &'a Context<'a>,
    pub marks: RefCell<Vec<Mark>>,
    /// What the marks drawn next stand for.
    pub target: Cell<Option<Target>>,
    pub width: f64,
}

impl<'a> Draft<'a> {
    /// `width` is made to be of use: at least 120 px.
    pub(crate) fn new(context: &'a Context<'a>, width: f64) -> Self {
        let width = if width.is_finite() { width.within(120.0, 4_000.0) } else { 640.0 };
        Self { context, marks: RefCell::new(Vec::new()), target: Cell::new(None), width }
    }

    pub(crate) fn push(&self, mark: Mark) {
        self.marks.borrow_mut().push(mark);
    }

    pub(crate) fn measure(&self, text: &str, font: Font) -> f64 {
        (self.context.measure)(text, font.size, font.weight)
    }

    /// The widest of some texts.
    pub(crate) fn widest<'t>(&self, texts: impl Iterator<Item = &'t str>, font: Font) -> f64 {
        let mut widest: f64 = 0.0;
        for text in texts {
            widest = widest.max(self.measure(&clean(text), font));
        }
        widest
    }

    pub(crate) fn rect(&self, x: f64, y: f64, width: f64, height: f64, radius: f64, role: Role) {
        if width > 0.0 && height > 0.0 {
            self.push(Mark::Rect { x, y, width, height, radius, role, target: self.target.get() });
        }
    }

    pub(crate) fn line(&self, from: (f64, f64), to: (f64, f64), width: f64, role: Role) {
        let target = self.target.get();
        self.push(Mark::Line { points: vec![from, to], role, width, dashed: false, target });
    }

    /// Begins the marks of an item with the rectangle that catches the pointer.
    pub(crate) fn begin(&self, target: Target, x: f64, y: f64, width: f64, height: f64) {
        self.target.set(Some(target));
        self.rect(x, y, width, height, 4.0, Role::Hit);
    }

    /// Writes a text, cut to `room` pixels, and says how wide it got; nothing where there is no room at all.
    pub(crate) fn text(&self, x: f64, y: f64, room: f64, text: &str, font: Font, anchor: Anchor) -> f64 {
        let cleaned = clean(text);
        let Some((shown, width)) = self.fit(&cleaned, room, font) else { return 0.0 };
        let full = (shown != cleaned).then(|| text.to_owned());
        let Font { role, size, weight } = font;
        self.push(Mark::Text { x, y, text: shown, full, role, size, weight, anchor, target: self.target.get() });
        width
    }

    /// A text in two lines, the first with as many whole words as there is room for; or in one, where it fits.
    pub(crate) fn lines<'t>(&self, text: &'t str, room: f64, font: Font) -> (&'t str, &'t str) {
        let fits = |end: usize| text.get(..end).is_some_and(|start| self.measure(start, font) <= room);
        if fits(text.len()) {
            return (text, "");
        }
        let blanks = || text.match_indices(' ').map(|(at, _)| at);
        let end = blanks().rev().find(|at| fits(*at)).or_else(|| blanks().next());
        end.and_then(|at| text.split_at_checked(at)).map_or((text, ""), |(first, second)| (first, second.trim_start()))
    }

    /// The text if it fits, or as much of it as does with "…", and its width.
    fn fit(&self, text: &str, room: f64, font: Font) -> Option<(String, f64)> {
        let width = self.measure(text, font);
        if text.is_empty() || width <= room {
            return (!text.is_empty()).then(|| (text.to_owned(), width));
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).list();
        let cut = |count: usize| {
            let mut shown = text[..ends.get(count).copied().unwrap_or(0)].trim_end().to_owned();
            shown.push('…');
            let width = self.measure(&shown, font);
            (shown, width)
        };
        let (mut fits, mut too_many) = (0, ends.len());
        while too_many - fits > 1 {
            let middle = fits.midpoint(too_many);
            if cut(middle).1 <= room { fits = middle } else { too_many = middle }
        }
        (fits > 0).then(|| cut(fits))
    }

    /// Writes texts one after the other as long as they fit whole; those that don't fit are left out, the later
    /// ones still tried. Returns the right end.
    pub(crate) fn run(&self, x: f64, y: f64, right: f64, gap: f64, texts: &[(String, Font)]) -> f64 {
        let mut at = x;
        for (text, font) in texts {
            let start = if at > x { at + gap } else { at };
            let width = self.measure(text, *font);
            if !text.is_empty() && start + width <= right {
                self.text(start, y, width, text, *font, Anchor::Left);
                at = start + width;
            }
        }
        at
    }

    /// Says in the middle of an empty picture why it is empty.
    pub(crate) fn note(&self, height: f64, text: &str) {
        self.target.set(None);
        let middle = self.width / 2.0;
        self.text(middle, height / 2.0 + 4.0, self.width - 8.0, text, LABEL.role(Role::LabelMuted), Anchor::Middle);
    }

    pub(crate) fn finish(self, height: f64, title: String, description: String) -> Scene {
        let rtl = self.context.rtl;
        let mut scene = Scene { width: self.width, height, title, description, marks: self.marks.into_inner() };
        if rtl {
            scene.mirror();
        }
        scene
    }
}

/// Text for one line: no control characters, and not longer than any picture is wide.
fn clean(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.trim().chars().take(400).map(clean).collect()
}
