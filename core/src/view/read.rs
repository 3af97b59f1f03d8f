//! Reading views from plain objects. A reader of our own rather than serde, whose derived code and error texts would be
//! a fifth of the widgets module; their tests hold what is read and refused against serde.
//!
//! As in a charter, a structure is read in place over its default, from a list of its fields' names and one of the
//! fields.

use crate::list::Joined;
use crate::map::Map;
use crate::write::Name;

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

/// Where reading is, and the first thing that was not as it should be. Reading goes on after a fault, with empty
/// values: without a way out at every field, its code is a fraction of the size.
#[derive(Debug, Default)]
pub struct Reader {
    path: String,
    fault: Option<String>,
    /// Whether figures are read with their parts.
    pub(super) parts: bool,
}

/// What can be read in place: from a value, or from nothing where the field is missing.
pub trait Read<S> {
    /// Reads a value.
    fn read(&mut self, reader: &mut Reader, value: Option<&S>);
}

/// Reads a value whole.
///
/// # Errors
/// The first fault, with its place.
pub fn read<S, T: Read<S> + Default>(value: &S) -> Result<T, String> {
    let (mut reader, mut whole) = (Reader::default(), T::default());
    whole.read(&mut reader, Some(value));
    reader.fault.map_or(Ok(whole), Err)
}

impl Reader {
    #[inline(never)]
    pub(super) fn fault(&mut self, wanted: &str) {
        if self.fault.is_none() {
            let place = self.path.strip_prefix('.').unwrap_or(&self.path);
            self.fault = Some([place, if place.is_empty() { "" } else { " " }, wanted].joined(""));
        }
    }

    /// Reads what is inside a value.
    #[inline(never)]
    fn inside<S>(&mut self, before: &str, name: &str, field: &mut dyn Read<S>, value: Option<&S>) {
        let length = self.path.len();
        self.path.push_str(before);
        self.path.push_str(name);
        field.read(self, value);
        self.path.truncate(length);
    }

    /// Reads an object's fields, each under its name. Those that are only written if known may be missing.
    #[inline(never)]
    pub fn fields<S: Source>(&mut self, value: Option<&S>, names: &[Name], fields: &mut [&mut dyn Read<S>]) {
        let object = value.filter(|value| value.is_object());
        if object.is_none() {
            self.fault("must be an object");
        }
        for ((name, if_known), field) in names.iter().zip(fields) {
            // The parts of figures are most of a scorecard, and only boards show any: those of their own figures.
            let (parts, is_parts) = (self.parts, *name == "parts");
            if is_parts && !std::mem::take(&mut self.parts) {
                continue;
            }
            let value = object.and_then(|object| object.member(name));
            if value.is_some() || !(*if_known || is_parts) {
                self.inside(".", name, *field, value.as_ref());
            }
            self.parts = parts;
        }
    }

    /// Reads what is inside a list, item by item.
    #[inline(never)]
    fn items<S: Source>(&mut self, value: Option<&S>, read: &mut dyn FnMut(&mut Self, &S)) {
        let Some(items) = value.and_then(Source::items) else { return self.fault("must be a list") };
        let length = self.path.len();
        for (index, item) in items.iter().enumerate() {
            self.path.push('/');
            self.path.push_str(&index.to_string());
            read(self, item);
            self.path.truncate(length);
        }
    }

    /// One of the words that variants' names are in snake case.
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

/// Nothing that can be missed is missing: a fault where it is.
macro_rules! read_plain {
    ($($type:ty: $take:ident, $wanted:literal;)*) => {$(
        impl<S: Source> Read<S> for $type {
            fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
                match value.and_then(Source::$take) {
                    Some(value) => *self = value,
                    None => reader.fault($wanted),
                }
            }
        }
    )*};
}

read_plain! {
    f64: number, "must be a number";
    String: text, "must be text";
    bool: flag, "must be true or false";
}

macro_rules! read_integers {
    ($($type:ident from $least:expr, to $most:expr;)*) => {$(
        impl<S: Source> Read<S> for $type {
            fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
                *self = reader.integer(value, $least, $most) as Self;
            }
        }
    )*};
}

/// Beyond this, numbers of JavaScript are no longer whole ones.
const SAFE: f64 = 9_007_199_254_740_991.0;

read_integers! {
    u32 from 0.0, to f64::from(u32::MAX);
    u64 from 0.0, to SAFE;
    i64 from -SAFE, to SAFE;
}

impl<S: Source, T: Read<S> + Default> Read<S> for Option<T> {
    fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
        if let Some(value) = value.filter(|value| !value.is_null()) {
            self.insert(T::default()).read(reader, Some(value));
        }
    }
}

impl<S: Source, T: Read<S> + Default> Read<S> for Vec<T> {
    fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
        reader.items(value, &mut |reader, item| {
            self.push(T::default());
            if let Some(place) = self.last_mut() {
                place.read(reader, Some(item));
            }
        });
    }
}

impl<S: Source> Read<S> for [f64; 2] {
    fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
        let mut numbers: Vec<f64> = Vec::new();
        numbers.read(reader, value);
        match Self::try_from(numbers) {
            Ok(both) => *self = both,
            Err(_) => reader.fault("must be two numbers"),
        }
    }
}

impl<S: Source, T: Read<S> + Default> Read<S> for Map<String, T> {
    fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
        let Some(members) = value.and_then(Source::members) else { return reader.fault("must be an object") };
        // Not collected: that sorts first, which is 4 KB more of code.
        for (name, value) in members {
            let mut read = T::default();
            reader.inside("/", &name, &mut read, Some(&value));
            self.insert(name, read);
        }
    }
}

/// Reads structures by their fields' names. A field `if known` may be missing; one whose name is not its own says
/// `field as "name"`.
#[macro_export]
macro_rules! read_view_fields {
    ($($type:ident { $($field:ident $(as $name:literal)? $(if $known:ident)?),* $(,)? })*) => {$(
        impl<S: $crate::view::read::Source> $crate::view::read::Read<S> for $type {
            fn read(&mut self, reader: &mut $crate::view::read::Reader, value: Option<&S>) {
                const NAMES: &[$crate::write::Name] =
                    &[$($crate::write::name(stringify!($field), &[$($name)?], &[$(stringify!($known))?])),*];
                let Self { $($field),* } = self;
                reader.fields(value, NAMES, &mut [$($field),*]);
            }
        }
    )*};
}

/// Reads one of an enumeration's words: its variants in snake case. The match makes the list whole.
#[macro_export]
macro_rules! read_view_words {
    ($($type:ident { $($variant:ident),* $(,)? })*) => {$(
        impl<S: $crate::view::read::Source> $crate::view::read::Read<S> for $type {
            fn read(&mut self, reader: &mut $crate::view::read::Reader, value: Option<&S>) {
                const ALL: &[$type] = &[$($type::$variant),*];
                const _: fn($type) = |variant| match variant { $($type::$variant)|* => () };
                if let Some(word) = ALL.get(reader.word(value, &[$(stringify!($variant)),*])) {
                    *self = *word;
                }
            }
        }
    )*};
}
