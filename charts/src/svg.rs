//! A scene as standalone SVG text, for terminal reports. Colours are presentation attributes, so that
//! viewers without CSS show them too; the role's class stands beside them, so that a page's CSS may overrule; the rectangle
//! behind them has the class `mops-background`.

use crate::context::Weight;
use crate::scene::{Anchor, Mark, Role, Scene};

/// Colours and font of an SVG text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind the picture.
    pub background: &'static str,
    /// CSS font family.
    pub font: &'static str,
    ink: &'static str,
    muted: &'static str,
    grid: &'static str,
    axis: &'static str,
    accent: &'static str,
    accent_soft: &'static str,
    second: &'static str,
    quiet: &'static str,
    loss: &'static str,
    blank: &'static str,
    leak: &'static str,
    leak_ink: &'static str,
    good: &'static str,
    warning: &'static str,
    third: &'static str,
    cells: [&'static str; 9],
    cell_inks: [&'static str; 9],
}

const FONT: &str = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

impl Palette {
    /// Dark on white.
    pub const LIGHT: Self = Self {
        background: "#ffffff",
        font: FONT,
        ink: "#1b2430",
        muted: "#5b6675",
        grid: "#e6e9ee",
        axis: "#aab2bd",
        accent: "#2b6cb0",
        accent_soft: "#9dc0e3",
        second: "#8a5a00",
        quiet: "#8b96a5",
        loss: "#eaeef3",
        blank: "#f8f9fa",
        leak: "#f3b9ab",
        leak_ink: "#a8321a",
        good: "#1a6b3c",
        warning: "#7a5200",
        third: "#6b3fa0",
        cells: ["#f2f6fb", "#dfeaf6", "#c9dcf0", "#abc9e7", "#86b0da", "#5f94c9", "#3f79b5", "#28609c", "#174a80"],
        cell_inks: ["#1b2430", "#1b2430", "#1b2430", "#1b2430", "#10151c", "#10151c", "#ffffff", "#ffffff", "#ffffff"],
    };

    /// Light on dark.
    pub const DARK: Self = Self {
        background: "#14181e",
        font: FONT,
        ink: "#eef2f7",
        muted: "#a3aebc",
        grid: "#29303a",
        axis: "#566170",
        accent: "#6aa9e9",
        accent_soft: "#34587d",
        second: "#e2b04a",
        quiet: "#7d8896",
        loss: "#232a33",
        blank: "#181d23",
        leak: "#74362a",
        leak_ink: "#ff9d85",
        good: "#6fcf97",
        warning: "#e6b450",
        third: "#c3a3f0",
        cells: ["#1b232d", "#1d2e41", "#1f3a56", "#22486d", "#275a89", "#326fa7", "#4a8ac4", "#72aadd", "#a5cdf2"],
        cell_inks: ["#eef2f7", "#eef2f7", "#eef2f7", "#eef2f7", "#eef2f7", "#ffffff", "#0b0f14", "#0b0f14", "#0b0f14"],
    };

    /// The colour of a role.
    pub fn color(&self, role: Role) -> &'static str {
        let level = |colors: &[&'static str; 9], level: u8| colors.get(usize::from(level)).copied().unwrap_or("none");
        match role {
            Role::Hit => "none",
            Role::Bar | Role::Line | Role::Dot => self.accent,
            Role::BarThin | Role::Band => self.accent_soft,
            Role::BarCompared | Role::LineCompared => self.quiet,
            Role::Loss => self.loss,
            Role::CellBlank => self.blank,
            Role::Leak => self.leak,
            Role::LeakLabel => self.leak_ink,
            Role::Label | Role::LabelStrong | Role::Target | Role::Whisker => self.ink,
            Role::LabelMuted | Role::TargetLabel | Role::Median => self.muted,
            Role::Axis => self.axis,
            Role::Grid => self.grid,
            Role::LineSecond | Role::LabelSecond => self.second,
            Role::DotHollow => self.background,
            Role::Node => self.loss,
            Role::Ownerless | Role::EdgeBad | Role::StateBad => self.leak_ink,
            Role::Edge | Role::EdgeUnknown | Role::StateUnknown => self.muted,
            Role::EdgeWarning | Role::StateWarning => self.warning,
            Role::StateGood => self.good,
            Role::LineThird | Role::LabelThird => self.third,
            Role::Cell(at) => level(&self.cells, at),
            Role::CellLabel(at) => level(&self.cell_inks, at),
        }
    }
}

/// A scene as standalone SVG text. All text is escaped; numbers have at most three decimals.
pub fn to_string(scene: &Scene, palette: &Palette) -> String {
    let mut out = String::with_capacity(512 + scene.marks.len() * 96);
    out.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    attribute(&mut out, "aria-label", &scene.title);
    number(&mut out, "width", scene.width);
    number(&mut out, "height", scene.height);
    out.push_str(" viewBox=\"0 0 ");
    decimal(&mut out, scene.width);
    out.push(' ');
    decimal(&mut out, scene.height);
    out.push('"');
    attribute(&mut out, "font-family", palette.font);
    out.push_str(" direction=\"ltr\" style=\"font-variant-numeric:tabular-nums\">\n<title>");
    escape(&mut out, &scene.title);
    out.push_str("</title>\n<desc>");
    escape(&mut out, &scene.description);
    out.push_str("</desc>\n<rect class=\"mops-background\" width=\"100%\" height=\"100%\"");
    attribute(&mut out, "fill", palette.background);
    out.push_str("/>\n");
    for mark in &scene.marks {
        if mark.role() != Role::Hit {
            write_mark(&mut out, mark, palette);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn write_mark(out: &mut String, mark: &Mark, palette: &Palette) {
    let role = mark.role();
    let (element, paint) = match mark {
        Mark::Rect { .. } => ("<rect", "fill"),
        Mark::Line { .. } => ("<polyline fill=\"none\" stroke-linejoin=\"round\"", "stroke"),
        Mark::Area { .. } => ("<polygon", "fill"),
        Mark::Circle { .. } => ("<circle", "fill"),
        Mark::Text { .. } => ("<text unicode-bidi=\"plaintext\"", "fill"),
    };
    out.push_str(element);
    attribute(out, "class", role.class());
    attribute(out, paint, palette.color(role));
    if role == Role::Band {
        out.push_str(" fill-opacity=\"0.5\"");
    }
    match mark {
        Mark::Rect { x, y, width, height, radius, .. } => {
            number(out, "x", *x);
            number(out, "y", *y);
            number(out, "width", *width);
            number(out, "height", *height);
            if *radius > 0.0 {
                number(out, "rx", *radius);
            }
            out.push_str("/>\n");
        }
        Mark::Line { points, width, dashed, .. } => {
            number(out, "stroke-width", *width);
            if *dashed {
                out.push_str(" stroke-dasharray=\"3 3\"");
            }
            write_points(out, points);
        }
        Mark::Area { points, .. } => write_points(out, points),
        Mark::Circle { x, y, radius, .. } => {
            number(out, "cx", *x);
            number(out, "cy", *y);
            number(out, "r", *radius);
            out.push_str("/>\n");
        }
        Mark::Text { x, y, text, full, size, weight, anchor, .. } => {
            number(out, "x", *x);
            number(out, "y", *y);
            number(out, "font-size", *size);
            if *weight == Weight::Strong {
                out.push_str(" font-weight=\"600\"");
            }
            match anchor {
                Anchor::Left => {}
                Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
                Anchor::Right => out.push_str(" text-anchor=\"end\""),
            }
            out.push('>');
            if let Some(full) = full {
                out.push_str("<title>");
                escape(out, full);
                out.push_str("</title>");
            }
            escape(out, text);
            out.push_str("</text>\n");
        }
    }
}

fn write_points(out: &mut String, points: &[(f64, f64)]) {
    out.push_str(" points=\"");
    for (index, (x, y)) in points.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        decimal(out, *x);
        out.push(',');
        decimal(out, *y);
    }
    out.push_str("\"/>\n");
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value);
    out.push('"');
}

fn number(out: &mut String, name: &str, value: f64) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    decimal(out, value);
    out.push('"');
}

/// A number with at most three decimals, as an attribute's value or in a list of points.
pub fn decimal(out: &mut String, value: f64) {
    let thousandths = (value * 1000.0).round() as i64;
    if thousandths < 0 {
        out.push('-');
    }
    let size = thousandths.unsigned_abs();
    out.push_str(&(size / 1000).to_string());
    let rest = size % 1000;
    if rest > 0 {
        out.push('.');
        let digits = [rest / 100, rest / 10 % 10, rest % 10];
        let used = 3 - digits.iter().rev().take_while(|digit| **digit == 0).count();
        for digit in digits.iter().take(used) {
            out.push(char::from(b'0' + *digit as u8));
        }
    }
}

/// Escapes what XML would read as markup, and leaves out what XML may not contain.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_short() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0001, "0"),
            (12.5, "12.5"),
            (-3.062, "-3.062"),
            (1.0 / 3.0, "0.333"),
            (7.010, "7.01"),
            (0.999_9, "1"),
        ] {
            let mut out = String::new();
            decimal(&mut out, value);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn text_is_only_ever_text() {
        let title = "</title><script>alert(\"1\")</script>&\u{0}\u{1b}";
        let scene = Scene { title: title.into(), description: title.into(), ..Scene::default() };
        let svg = to_string(&scene, &Palette::LIGHT);
        assert!(!svg.contains("<script") && !svg.contains('\u{1b}') && !svg.contains('\u{0}'));
        assert!(svg.contains("&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;"));
    }

    /// Contrast by WCAG 2.2.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |color: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        (one / other).max(other / one)
    }

    #[test]
    fn text_can_be_read_and_lines_can_be_seen() {
        for palette in [Palette::LIGHT, Palette::DARK] {
            use Role::{
                Bar, Dot, Edge, EdgeBad, EdgeUnknown, EdgeWarning, Line, LineSecond, LineThird, Target, Whisker,
            };
            use Role::{Label, LabelMuted, LabelSecond, LabelStrong, LabelThird, LeakLabel, TargetLabel};
            use Role::{Ownerless, StateBad, StateGood, StateUnknown, StateWarning};
            for role in [Label, LabelMuted, LabelSecond, LabelStrong, LabelThird, LeakLabel, TargetLabel] {
                let contrast = contrast(palette.color(role), palette.background);
                assert!(contrast >= 4.5, "{role:?} {contrast}");
            }
            let edges = [Edge, EdgeBad, EdgeUnknown, EdgeWarning];
            let states = [Ownerless, StateBad, StateGood, StateUnknown, StateWarning];
            for role in [Bar, Dot, Line, LineSecond, LineThird, Target, Whisker].into_iter().chain(edges).chain(states)
            {
                let contrast = contrast(palette.color(role), palette.background);
                assert!(contrast >= 3.0, "{role:?} {contrast}");
            }
            for level in 0..=8 {
                let contrast = contrast(palette.color(Role::CellLabel(level)), palette.color(Role::Cell(level)));
                assert!(contrast >= 4.5, "cell {level} {contrast}");
            }
        }
    }
}
