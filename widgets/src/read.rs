//! Reading plain objects into types. A reader of our own rather than serde, whose derived code and error texts are a
//! fifth of the module. Struct literals and matches below leave out no field and no variant, or they don't compile;
//! the tests hold what is read and refused against serde.

use mops_core::figure::{
    DefinitionInForce, Direction, Figure, ParameterInForce, Quantity, SignOff, SignOffState, Status, Undefined, Unit,
};
use mops_core::ledger::{Excluded, Reason, RowReference};
use mops_core::map::Map;
use mops_core::table::{FieldReport, UnmatchedHeader};
use mops_core::view::{
    BoardView, Body, Cell, ChangeVerdict, Cohort, CohortCell, CohortsView, Column, Comparison, CurvePoint, FilterField,
    FilterValue, FiltersView, Finding, FunnelStage, FunnelView, InventoryView, KpiView, Layout, PeriodView, Row,
    ScorecardView, Section, State, TableReport, TrendPoint, View,
};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Something to read from: a JavaScript value, or JSON in tests.
pub trait Source: Sized {
    /// A member of an object; nothing where there is none, or no object.
    fn member(&self, name: &'static str) -> Option<Self>;
    /// The names and values of an object.
    fn members(&self) -> Option<Vec<(String, Self)>>;
    /// The items of a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A text.
    fn text(&self) -> Option<String>;
    /// Yes or no.
    fn flag(&self) -> Option<bool>;
    /// Whether it has members.
    fn is_object(&self) -> bool;
    /// Whether it is null.
    fn is_null(&self) -> bool;
}

#[wasm_bindgen]
extern "C" {
    type Record;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn at(this: &Record, name: &JsValue) -> JsValue;
}

thread_local! {
    // Each name crosses into JavaScript once, for that takes longer than all else of reading a field. In order of where
    // the names stand in memory and of their lengths, which is as good as what they say.
    static NAMES: RefCell<Vec<(usize, JsValue)>> = const { RefCell::new(Vec::new()) };
}

fn with_name<T>(name: &'static str, then: impl FnOnce(&JsValue) -> T) -> T {
    let place = (name.as_ptr() as usize).wrapping_mul(64).wrapping_add(name.len());
    NAMES.with_borrow_mut(|names| {
        let at = names.partition_point(|(known, _)| *known < place);
        if names.get(at).is_none_or(|(known, _)| *known != place) {
            names.insert(at, (place, JsValue::from_str(name)));
        }
        then(&names[at].1)
    })
}

impl Source for JsValue {
    #[inline(never)]
    fn member(&self, name: &'static str) -> Option<Self> {
        if !JsValue::is_object(self) {
            return None;
        }
        let value = with_name(name, |name| self.unchecked_ref::<Record>().at(name));
        (!value.is_undefined()).then_some(value)
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        let entries = js_sys::Object::entries(self.dyn_ref::<js_sys::Object>()?);
        let entry = |entry: JsValue| {
            let pair: js_sys::Array = entry.unchecked_into();
            (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
        };
        Some(entries.iter().map(entry).collect())
    }

    #[inline(never)]
    fn items(&self) -> Option<Vec<Self>> {
        js_sys::Array::is_array(self).then(|| self.unchecked_ref::<js_sys::Array>().to_vec())
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_object(&self) -> bool {
        JsValue::is_object(self)
    }

    fn is_null(&self) -> bool {
        JsValue::is_null(self)
    }
}

/// Where reading is, and the first thing that was not as it should be. Reading goes on after a fault, with empty
/// values: without a way out at every field, its code is a fraction of the size.
#[derive(Default)]
pub struct Reader {
    path: String,
    fault: Option<String>,
    /// Whether figures are read with their parts.
    parts: bool,
}

impl Reader {
    #[inline(never)]
    fn fault(&mut self, wanted: &str) {
        if self.fault.is_none() {
            let place = self.path.strip_prefix('.').unwrap_or(&self.path);
            self.fault = Some([place, if place.is_empty() { "" } else { " " }, wanted].concat());
        }
    }

    /// An object whose fields are read next; nothing else has any.
    #[inline(never)]
    pub fn object<'a, S: Source>(&mut self, value: Option<&'a S>) -> Option<&'a S> {
        let object = value.filter(|value| value.is_object());
        if object.is_none() {
            self.fault("must be an object");
        }
        object
    }

    #[inline(never)]
    fn enter(&mut self, before: &str, name: &str) -> usize {
        let length = self.path.len();
        self.path.push_str(before);
        self.path.push_str(name);
        length
    }

    fn leave(&mut self, length: usize) {
        self.path.truncate(length);
    }

    /// A field that must be there, or is an option.
    #[inline(never)]
    pub fn field<S: Source, T: Read>(&mut self, object: Option<&S>, name: &'static str) -> T {
        let value = object.and_then(|object| object.member(name));
        self.named(value.as_ref(), name)
    }

    /// A field that may be left out.
    pub fn optional<S: Source, T: Read + Default>(&mut self, object: Option<&S>, name: &'static str) -> T {
        // The parts of figures are most of a scorecard, and only boards show any: those of their own figures.
        let parts = self.parts;
        if name == "parts" && !std::mem::take(&mut self.parts) {
            return T::default();
        }
        let value = object.and_then(|object| object.member(name));
        let read = if value.is_some() { self.named(value.as_ref(), name) } else { T::default() };
        self.parts = parts;
        read
    }

    fn named<S: Source, T: Read>(&mut self, value: Option<&S>, name: &str) -> T {
        let length = self.enter(".", name);
        let value = T::read(self, value);
        self.leave(length);
        value
    }

    #[inline(never)]
    fn each<S: Source, T: Read>(&mut self, items: &[S]) -> Vec<T> {
        let read = |(index, item): (usize, &S)| {
            let length = self.enter("/", &index.to_string());
            let value = T::read(self, Some(item));
            self.leave(length);
            value
        };
        items.iter().enumerate().map(read).collect()
    }

    /// One of the words that serde makes of variants' names with `rename_all = "snake_case"`.
    #[inline(never)]
    pub fn word<S: Source>(&mut self, value: Option<&S>, variants: &[&str]) -> usize {
        let word = value.and_then(Source::text);
        let found = word.and_then(|word| variants.iter().position(|variant| is_snake(&word, variant)));
        found.unwrap_or_else(|| {
            self.fault("is none of its words");
            0
        })
    }

    #[inline(never)]
    fn integer<S: Source>(&mut self, value: Option<&S>, least: f64, most: f64) -> f64 {
        let number = value.and_then(Source::number);
        number.filter(|number| number.fract() == 0.0 && (least..=most).contains(number)).unwrap_or_else(|| {
            self.fault("must be a whole number");
            0.0
        })
    }
}

/// Whether a word is a name in snake case: `money_per_day` is `MoneyPerDay`.
fn is_snake(word: &str, name: &str) -> bool {
    let mut letters = word.bytes();
    for (index, letter) in name.bytes().enumerate() {
        let underscored = index == 0 || !letter.is_ascii_uppercase() || letters.next() == Some(b'_');
        if !underscored || letters.next() != Some(letter.to_ascii_lowercase()) {
            return false;
        }
    }
    letters.next().is_none()
}

/// What can be read.
pub trait Read: Sized {
    /// Reads a value, or nothing where the field is missing.
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self;
}

/// Reads a value whole.
pub fn read<T: Read>(value: &impl Source) -> Result<T, String> {
    let mut reader = Reader::default();
    let read = T::read(&mut reader, Some(value));
    reader.fault.map_or(Ok(read), Err)
}

/// Nothing that can be missed is missing: a fault where it is.
macro_rules! read_plain {
    ($type:ty, $take:expr, $wanted:literal) => {
        impl Read for $type {
            #[inline(never)]
            fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
                value.and_then($take).unwrap_or_else(|| {
                    reader.fault($wanted);
                    Self::default()
                })
            }
        }
    };
}

read_plain!(f64, Source::number, "must be a number");
read_plain!(String, Source::text, "must be text");
read_plain!(bool, Source::flag, "must be true or false");

/// Beyond this, numbers of JavaScript are no longer whole ones.
const SAFE: f64 = 9_007_199_254_740_991.0;

impl Read for i64 {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        reader.integer(value, -SAFE, SAFE) as Self
    }
}

impl Read for u64 {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        reader.integer(value, 0.0, SAFE) as Self
    }
}

impl Read for u32 {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        reader.integer(value, 0.0, f64::from(Self::MAX)) as Self
    }
}

impl<T: Read> Read for Option<T> {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        let value = value.filter(|value| !value.is_null())?;
        Some(T::read(reader, Some(value)))
    }
}

impl<T: Read> Read for Vec<T> {
    #[inline(never)]
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        match value.and_then(Source::items) {
            Some(items) => reader.each(&items),
            None => {
                reader.fault("must be a list");
                Self::new()
            }
        }
    }
}

impl Read for [f64; 2] {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        Self::try_from(Vec::read(reader, value)).unwrap_or_else(|_| {
            reader.fault("must be two numbers");
            Self::default()
        })
    }
}

impl<T: Read> Read for Map<String, T> {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        let Some(members) = value.and_then(Source::members) else {
            reader.fault("must be an object");
            return Self::new();
        };
        // Not collected: that sorts first, which is 4 KB more of code.
        let mut map = Self::new();
        for (name, value) in members {
            let length = reader.enter("/", &name);
            map.insert(name, T::read(reader, Some(&value)));
            reader.leave(length);
        }
        map
    }
}

/// Reads a structure by its fields' names; those after `optional` may be left out.
macro_rules! read_fields {
    ($($type:ident { $($field:ident),* $(; optional $($optional:ident),*)? })*) => {$(
        impl $crate::read::Read for $type {
            #[inline(never)]
            fn read<S: $crate::read::Source>(reader: &mut $crate::read::Reader, value: Option<&S>) -> Self {
                let object = reader.object(value);
                Self {
                    $($field: reader.field(object, stringify!($field)),)*
                    $($($optional: reader.optional(object, stringify!($optional)),)*)?
                }
            }
        }
    )*};
}
pub(crate) use read_fields;

/// Reads one of an enumeration's words. The match makes the list whole.
macro_rules! read_words {
    ($($type:ident { $($variant:ident),* })*) => {$(
        impl $crate::read::Read for $type {
            fn read<S: $crate::read::Source>(reader: &mut $crate::read::Reader, value: Option<&S>) -> Self {
                const ALL: &[$type] = &[$($type::$variant),*];
                const _: fn($type) = |variant| match variant { $($type::$variant)|* => () };
                ALL[reader.word(value, &[$(stringify!($variant)),*])]
            }
        }
    )*};
}
pub(crate) use read_words;

read_words! {
    Unit { Rate, Money, MoneyPerDay, Days, Records, MoneyPerYear, Ratio, Score, Minutes, Hours, Months, PerWeek }
    Direction { Higher, Lower, Band, None }
    Status { OnTarget, NearTarget, OffTarget, NoTarget, Undefined }
    SignOffState { Signed, Lapsed, Unsigned }
    ChangeVerdict { Better, Worse, Neutral }
    Reason {
        BlankRow, TotalRow, TextLine, Malformed, BlankId, DuplicateId, BlankField, UnparsableDate, UnparsableNumber,
        Unmatched, UnknownStage, NegativeAmount, NegativeDuration, StageOutOfOrder, NotStarted, InFlight, NotCounted, NoFxRate,
        OutsidePeriod, AfterAsOf, OutsideFilter, NoEvidence, Ambiguous, OutsideWindow, Suppressed
    }
    State { Neutral, Good, Warning, Bad, Unknown }
    Layout { Table, List, Bars, Matrix, Graph, Series }
}

read_fields! {
    Quantity { value, unit, label }
    Undefined { code, message }
    SignOff { state, by, at }
    ParameterInForce { name, value, is_default; optional text }
    DefinitionInForce {
        id, hash, name, direction, inputs, parameters, owner, sign_off; optional formula, source, edge_cases
    }
    Figure {
        id, label, value, undefined, unit, currency, numerator, denominator, interval, read, used, excluded, thin, target,
        status, definition; optional part, parts, bounds, note
    }
    RowReference { line; optional id, field, found, name }
    Excluded { reason, count, examples }
    FieldReport { field, header, matched_by, filled, blank, unreadable, examples }
    UnmatchedHeader { header, suggestion }
    PeriodView { id, label, start, end }
    KpiView { figure, comparison, trend, maturing, segments, segment_field }
    Comparison { value, interval, difference, relative, verdict, within_chance, data_from }
    TrendPoint { period, value, interval, used, thin, unfinished }
    ScorecardView { rows }
    FunnelView { figure, semantics, stages, leak }
    FunnelStage {
        id, label, count, compared_count, cumulative, next_rate, next_interval, compared_next_rate, next_target,
        median_days, customers_lost, is_leak, thin
    }
    CohortsView { figure, matured, from_label, to_label, cohorts, ages, curve, median_days }
    Cohort { period, size, thin, cells }
    CohortCell { converted, rate }
    CurvePoint { day, rate, low, high, competing, at_risk }
    FiltersView { periods, fields }
    FilterField { field, label, values, distinct }
    FilterValue { value, count }
    InventoryView { tables, has_charter, findings }
    Finding { pointer, message, mend }
    TableReport { table, source, preset, read, accepted, rejected, fields, unmatched }
    BoardView { name, message, state, figures, sections }
    Section { id, label, note, layout, columns, rows, folded, of }
    Column { id, label, unit }
    Row { id, label, state, word, note, cells }
    Cell { value, bounds, text, state }
    View { as_of, time_zone, currency, organisation, period, compared_with, filter, body }
}

impl Read for Body {
    fn read<S: Source>(reader: &mut Reader, value: Option<&S>) -> Self {
        match value.and_then(|body| body.member("view")?.text()).as_deref() {
            Some("kpi") => Self::Kpi(Read::read(reader, value)),
            Some("scorecard") => Self::Scorecard(Read::read(reader, value)),
            Some("funnel") => Self::Funnel(Read::read(reader, value)),
            Some("cohorts") => Self::Cohorts(Read::read(reader, value)),
            Some("filters") => Self::Filters(Read::read(reader, value)),
            Some("inventory") => Self::Inventory(Read::read(reader, value)),
            Some("board") => {
                reader.parts = true;
                Self::Board(Read::read(reader, value))
            }
            _ => {
                reader.fault("names no view in its “view”");
                Self::Scorecard(ScorecardView { rows: Vec::new() })
            }
        }
    }
}

#[cfg(test)]
mod tests;
