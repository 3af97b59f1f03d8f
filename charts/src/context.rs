//! What a scene needs from its surroundings: words for numbers and periods, and the width of text.

use mops_core::figure::Unit;
use mops_core::view::PeriodView;

/// How exact a number or period is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// As in a table: "42.3%", "€ 1,234,567", "March 2025".
    Full,
    /// As on an axis: "42%", "€ 1.2M", "Mar 25".
    Compact,
    /// As in a column of rates, which all have one decimal there: "42.3%", "3.0%", "0.0%". Otherwise as [`Self::Full`].
    Column,
}

/// Weight of a font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// 400.
    Normal,
    /// 600.
    Strong,
}

/// The surroundings of a scene: `Intl` and a canvas in the browser, [`Context::plain`] elsewhere.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Writes a value. Knows the currency.
    pub format: &'a dyn Fn(f64, Unit, Style) -> String,
    /// Writes a period.
    pub period: &'a dyn Fn(&PeriodView, Style) -> String,
    /// Width of a text in pixels at a font size in pixels.
    pub measure: &'a dyn Fn(&str, f64, Weight) -> f64,
    /// Whether the page reads right to left; scenes are then mirrored.
    pub rtl: bool,
}

impl<'a> Context<'a> {
    /// Plain English formats and approximate widths, with the given writer of values, such as
    /// `&|value, unit, style| context::plain_value(value, unit, style, "EUR")`.
    pub fn plain(format: &'a dyn Fn(f64, Unit, Style) -> String) -> Self {
        Self { format, period: &|period, _| period.label.clone(), measure: &approximate_width, rtl: false }
    }

    /// Two ends of an interval.
    pub(crate) fn interval(&self, [low, high]: [f64; 2], unit: Unit) -> String {
        let mut text = (self.format)(low, unit, Style::Compact);
        let high = (self.format)(high, unit, Style::Compact);
        // "38–47%" rather than "38%–47%".
        // The digits that `Intl` writes with. All of Unicode's would be a table in the module.
        let is_digit = |letter: char| {
            letter.is_ascii_digit()
                || matches!(letter, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}' | '\u{9e6}'..='\u{9ef}')
        };
        let sign = |text: &str| text.trim_end_matches(|letter: char| !is_digit(letter)).len();
        if text.get(sign(&text)..) == high.get(sign(&high)..) {
            text.truncate(sign(&text));
        }
        text.push('–');
        text.push_str(&high);
        text
    }

    pub(crate) fn count(&self, count: u64) -> String {
        (self.format)(count as f64, Unit::Records, Style::Full)
    }

    pub(crate) fn rate(&self, rate: f64) -> String {
        (self.format)(rate, Unit::Rate, Style::Full)
    }
}

/// A value in plain English, without `Intl`.
pub fn plain_value(value: f64, unit: Unit, style: Style, currency: &str) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    match unit {
        Unit::Rate => {
            let percent = value * 100.0;
            let least = if style == Style::Column { (0.05, "<0.1%") } else { (0.000_1, "<0.0001%") };
            if percent != 0.0 && percent.abs() < least.0 {
                return least.1.into();
            }
            let decimals = match (style, percent.abs()) {
                (Style::Column, _) => 1,
                (Style::Compact, size) if size >= 9.95 || size == 0.0 => 0,
                (_, size) if size >= 0.995 || size == 0.0 => 1,
                (_, size) if size >= 0.0095 => 2,
                _ => 4,
            };
            number(percent, decimals, style == Style::Compact) + "%"
        }
        Unit::Money | Unit::MoneyPerDay | Unit::MoneyPerYear => {
            let mut text = String::from(currency);
            text.push_str(if currency.is_empty() { "" } else { "\u{a0}" });
            text.push_str(&amount(value, style));
            text + match unit {
                Unit::MoneyPerDay => "/day",
                Unit::MoneyPerYear => "/year",
                _ => "",
            }
        }
        Unit::Days => length(value, style, "d", "day"),
        Unit::Minutes => length(value, style, "min", "minute"),
        Unit::Hours => length(value, style, "h", "hour"),
        Unit::Months => length(value, style, "mo", "month"),
        Unit::Ratio => amount(value, style) + "×",
        Unit::PerWeek => amount(value, style) + "/week",
        Unit::Records | Unit::Score => amount(value, style),
    }
}

fn length(value: f64, style: Style, short: &str, word: &str) -> String {
    let text = amount(value, style);
    if style == Style::Compact {
        return text + "\u{a0}" + short;
    }
    let plural = if text == "1" { "" } else { "s" };
    text + "\u{a0}" + word + plural
}

fn amount(value: f64, style: Style) -> String {
    let size = value.abs();
    if size >= 1e15 {
        return format!("{value:e}").split_once('e').map_or_else(String::new, |(digits, power)| {
            let short: String = digits.trim_start_matches('-').chars().take(3).collect();
            let sign = if value < 0.0 { "−" } else { "" };
            sign.to_owned() + short.trim_end_matches('.') + "e" + power
        });
    }
    if style == Style::Compact && size >= 9_999.5 {
        let (scale, letter) = match size {
            size if size >= 999.5e9 => (1e12, "T"),
            size if size >= 999.5e6 => (1e9, "B"),
            size if size >= 999.5e3 => (1e6, "M"),
            _ => (1e3, "K"),
        };
        let scaled = value / scale;
        return number(scaled, if scaled.abs() < 99.95 { 1 } else { 0 }, true) + letter;
    }
    let decimals = match size {
        size if size >= 99.95 || value == value.round() => 0,
        size if size >= 0.095 => 1,
        size if size >= 0.0095 => 2,
        _ => 3,
    };
    number(value, decimals, true)
}

/// A number with grouped thousands, and with trailing zeros of the decimals taken off if `trim`.
fn number(value: f64, decimals: usize, trim: bool) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = if trim { decimals.trim_end_matches('0') } else { decimals };
    let mut grouped = String::with_capacity(text.len() + 8);
    if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        grouped.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !decimals.is_empty() {
        grouped.push('.');
        grouped.push_str(decimals);
    }
    grouped
}

/// About how wide a text is in a wide sans-serif font (DejaVu, Verdana): rather too wide than too narrow.
pub fn approximate_width(text: &str, size: f64, weight: Weight) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '\u{a0}' | '·' => 0.34,
            'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' => 0.42,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '↓' => 0.98,
            'A'..='Z' => 0.72,
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
            '\u{1100}'.. if letter > '\u{2e80}' => 1.1,
            _ => 0.64,
        })
        .sum();
    let factor = if weight == Weight::Strong { 1.1 } else { 1.0 };
    ems * size * factor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_say_the_unit_once() {
        let format = |value, unit, style| plain_value(value, unit, style, "EUR");
        let context = Context::plain(&format);
        assert_eq!(context.interval([0.38, 0.4712], Unit::Rate), "38–47%");
        assert_eq!(context.interval([0.0, 20_000.0], Unit::Records), "0–20K");
        assert_eq!(context.interval([3.0, 12.0], Unit::Days), "3–12\u{a0}d");
    }

    #[test]
    fn plain_values() {
        let plain = |value, unit, style| plain_value(value, unit, style, "EUR");
        for (value, unit, style, expected) in [
            (0.4231, Unit::Rate, Style::Full, "42.3%"),
            (0.4231, Unit::Rate, Style::Compact, "42%"),
            (0.0421, Unit::Rate, Style::Compact, "4.2%"),
            (0.00012, Unit::Rate, Style::Compact, "0.01%"),
            (1e-9, Unit::Rate, Style::Compact, "<0.0001%"),
            (0.0, Unit::Rate, Style::Compact, "0%"),
            (1.0, Unit::Rate, Style::Full, "100.0%"),
            (1_234_567.0, Unit::Money, Style::Full, "EUR\u{a0}1,234,567"),
            (1_234_567.0, Unit::Money, Style::Compact, "EUR\u{a0}1.2M"),
            (999_999.0, Unit::Records, Style::Compact, "1M"),
            (-12.0, Unit::Records, Style::Full, "−12"),
            (-0.0001, Unit::Records, Style::Full, "0"),
            (11.6, Unit::Records, Style::Full, "11.6"),
            (1.0, Unit::Days, Style::Full, "1\u{a0}day"),
            (17.5, Unit::Days, Style::Compact, "17.5\u{a0}d"),
            (-1.5e300, Unit::Records, Style::Full, "−1.5e300"),
            (f64::NAN, Unit::Days, Style::Full, "–"),
        ] {
            assert_eq!(plain(value, unit, style), expected);
        }
    }
}
