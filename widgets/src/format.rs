//! Numbers, money and dates as the reader's locale writes them, through the browser's `Intl`.

use mops_charts::Within;
use mops_core::figure::{Figure, Unit};
use mops_core::map::Map;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

use crate::text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl, js_name = NumberFormat)]
    #[derive(Clone)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "NumberFormat", catch)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method, js_class = "NumberFormat", js_name = format)]
    fn number(this: &NumberFormat, value: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl, js_name = DateTimeFormat)]
    #[derive(Clone)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "DateTimeFormat", catch)]
    fn new(locale: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, js_class = "DateTimeFormat", js_name = format)]
    fn date(this: &DateTimeFormat, value: f64) -> String;
}

thread_local! {
    // Making a formatter costs as much as a hundred uses of it.
    static NUMBERS: RefCell<Map<String, NumberFormat>> = const { RefCell::new(Map::new()) };
    static DATES: RefCell<Map<String, DateTimeFormat>> = const { RefCell::new(Map::new()) };
}

/// More formatters than a page needs; a page that keeps changing locale starts again.
const CACHE: usize = 64;

/// How exact a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// For a first glance: millions are shortened.
    Short,
    /// For a definition or a table.
    Full,
}

/// A way of writing, for one locale, currency and time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Format {
    locale: Option<String>,
    currency: String,
    time_zone: String,
}

type Options<'a> = &'a [(&'a str, &'a str)];

fn options(pairs: Options) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in pairs {
        // Digits are numbers to Intl, everything else is text; both may be given as text.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}

/// Keeps a number or date in its own order within a sentence of another script: "۳۴ روز", or a date that marks divide.
fn isolated(text: String) -> String {
    let is_foreign = |sign: char| matches!(sign, '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fefc}');
    if text.contains(is_foreign) { ["\u{2068}", &text, "\u{2069}"].concat() } else { text }
}

impl Format {
    /// A way of writing; no locale is the browser's own.
    pub fn new(locale: Option<String>, currency: &str, time_zone: &str) -> Self {
        Self { locale, currency: currency.to_owned(), time_zone: time_zone.to_owned() }
    }

    fn key(&self, pairs: Options) -> String {
        let mut key = self.locale.clone().unwrap_or_default();
        for (name, value) in pairs {
            key.push('|');
            key.push_str(name);
            key.push_str(value);
        }
        key
    }

    fn locale_value(&self) -> JsValue {
        self.locale.as_deref().map_or(JsValue::UNDEFINED, JsValue::from_str)
    }

    fn with(&self, value: f64, pairs: Options) -> String {
        let key = self.key(pairs);
        NUMBERS.with_borrow_mut(|cache| {
            if !cache.contains_key(&key) {
                let wish = options(pairs);
                // A locale or currency that Intl does not know must not take the widget down.
                let made = NumberFormat::new(&self.locale_value(), &wish)
                    .or_else(|_| NumberFormat::new(&JsValue::UNDEFINED, &wish))
                    .or_else(|_| NumberFormat::new(&JsValue::UNDEFINED, &JsValue::UNDEFINED));
                let Ok(made) = made else { return (value.round() as i64).to_string() };
                if cache.len() >= CACHE {
                    *cache = Map::new();
                }
                cache.insert(key.clone(), made);
            }
            cache.get(&key).map_or_else(String::new, |format| isolated(format.number(value)))
        })
    }

    fn date_with(&self, instant: i64, pairs: Options) -> String {
        let key = self.key(pairs);
        DATES.with_borrow_mut(|cache| {
            if !cache.contains_key(&key) {
                let wish = options(pairs);
                let made = DateTimeFormat::new(&self.locale_value(), &wish)
                    .or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &wish))
                    .or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &JsValue::UNDEFINED));
                let Ok(made) = made else { return String::new() };
                if cache.len() >= CACHE {
                    *cache = Map::new();
                }
                cache.insert(key.clone(), made);
            }
            // Beyond this Intl throws.
            let instant = (instant as f64).within(-8.64e15, 8.64e15);
            cache.get(&key).map_or_else(String::new, |format| isolated(format.date(instant)))
        })
    }

    /// A count.
    pub fn count(&self, value: f64) -> String {
        self.with(value, &[("maximumFractionDigits", "0")])
    }

    /// A share; 1 is 100%.
    pub fn rate(&self, value: f64) -> String {
        let digits = if value != 0.0 && value.abs() < 0.0095 { "2" } else { "1" };
        self.with(value, &[("style", "percent"), ("maximumFractionDigits", digits), ("minimumFractionDigits", digits)])
    }

    /// A share without decimals, for axes and cells.
    pub fn whole_rate(&self, value: f64) -> String {
        self.with(value, &[("style", "percent"), ("maximumFractionDigits", "0")])
    }

    /// A share with one decimal, as all have in a column.
    pub fn column_rate(&self, value: f64) -> String {
        self.with(value, &[("style", "percent"), ("maximumFractionDigits", "1"), ("minimumFractionDigits", "1")])
    }

    /// An amount of money.
    pub fn money(&self, value: f64, detail: Detail) -> String {
        let base = [("style", "currency"), ("currency", self.currency.as_str())];
        if self.currency.is_empty() {
            return self.count(value);
        }
        if detail == Detail::Short && value.abs() >= 999_500.0 {
            return self.with(
                value,
                &[
                    base[0],
                    base[1],
                    ("notation", "compact"),
                    ("maximumSignificantDigits", "3"),
                    ("minimumSignificantDigits", "3"),
                ],
            );
        }
        let digits = if detail == Detail::Full && value.fract() != 0.0 || value.abs() < 100.0 && value.fract() != 0.0 {
            "2"
        } else {
            "0"
        };
        self.with(value, &[base[0], base[1], ("maximumFractionDigits", digits), ("minimumFractionDigits", digits)])
    }

    /// A number of days, in words: "34 days".
    pub fn days(&self, value: f64) -> String {
        self.with(value, &[("style", "unit"), ("unit", "day"), ("unitDisplay", "long"), ("maximumFractionDigits", "1")])
    }

    /// A number of bytes.
    pub fn bytes(&self, value: f64) -> String {
        let (value, unit) = if value >= 1e6 { (value / 1e6, "megabyte") } else { (value / 1e3, "kilobyte") };
        self.with(value, &[("style", "unit"), ("unit", unit), ("maximumFractionDigits", "1")])
    }

    /// A value of a unit.
    pub fn value(&self, value: f64, unit: Unit, detail: Detail) -> String {
        match unit {
            Unit::Rate => self.rate(value),
            Unit::Money => self.money(value, detail),
            Unit::MoneyPerDay => text::per_day(&self.money(value, detail)),
            Unit::MoneyPerYear => text::per_year(&self.money(value, detail)),
            Unit::Days => self.days(value),
            Unit::Minutes => self.length(value, "minute"),
            Unit::Hours => self.length(value, "hour"),
            Unit::Months => self.length(value, "month"),
            Unit::Ratio => text::times(&self.with(value, &[("maximumFractionDigits", "2")])),
            Unit::PerWeek => text::per_week(&self.with(value, &[("maximumFractionDigits", "1")])),
            Unit::Score => self.with(value, &[("maximumFractionDigits", "0")]),
            Unit::Records if value.fract() != 0.0 => self.with(value, &[("maximumFractionDigits", "1")]),
            Unit::Records => self.count(value),
        }
    }

    fn length(&self, value: f64, unit: &str) -> String {
        self.with(value, &[("style", "unit"), ("unit", unit), ("unitDisplay", "long"), ("maximumFractionDigits", "1")])
    }

    /// A figure's value; what it could be, or a dash, where it has none.
    pub fn figure(&self, figure: &Figure, detail: Detail) -> String {
        match (figure.value, figure.bounds) {
            (Some(value), _) => self.value(value, figure.unit, detail),
            // What missing evidence leaves open says more than a dash.
            (None, Some(bounds)) => self.range(bounds, figure.unit, detail),
            (None, None) => text::NO_VALUE.to_owned(),
        }
    }

    /// What missing evidence leaves open beside a value.
    pub fn possible(&self, figure: &Figure) -> Option<String> {
        figure.value?;
        let bounds = figure.bounds.filter(|[low, high]| low != high)?;
        Some(text::possible(&self.range(bounds, figure.unit, Detail::Short)))
    }

    /// A range of values.
    pub fn range(&self, [low, high]: [f64; 2], unit: Unit, detail: Detail) -> String {
        text::range(&self.value(low, unit, detail), &self.value(high, unit, detail))
    }

    /// A change in a unit, signed; shares change by points.
    pub fn change(&self, difference: f64, unit: Unit) -> String {
        match unit {
            Unit::Rate => text::points(&self.with(
                difference * 100.0,
                &[("signDisplay", "exceptZero"), ("maximumFractionDigits", "1"), ("minimumFractionDigits", "1")],
            )),
            Unit::Days => self.with(
                difference,
                &[
                    ("style", "unit"),
                    ("unit", "day"),
                    ("unitDisplay", "long"),
                    ("signDisplay", "exceptZero"),
                    ("maximumFractionDigits", "1"),
                ],
            ),
            _ => self.with(difference, &[("signDisplay", "exceptZero"), ("maximumFractionDigits", "0")]),
        }
    }

    /// A change as a share of what was, signed.
    pub fn relative(&self, share: f64) -> String {
        self.with(share, &[("style", "percent"), ("signDisplay", "exceptZero"), ("maximumFractionDigits", "1")])
    }

    /// A day.
    pub fn date(&self, instant: i64) -> String {
        self.date_with(instant, &[("dateStyle", "medium"), ("timeZone", self.zone())])
    }

    /// The last day before an instant that ends something: as of the first of January, data reach to 31 December.
    pub fn last_day(&self, end: i64) -> String {
        self.date(end.saturating_sub(1))
    }

    /// A month, short.
    pub fn month(&self, instant: i64) -> String {
        self.date_with(instant, &[("year", "2-digit"), ("month", "short"), ("timeZone", self.zone())])
    }

    fn zone(&self) -> &str {
        if self.time_zone.is_empty() { "UTC" } else { &self.time_zone }
    }
}
