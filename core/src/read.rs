//! Reading JSON into types, with every fault at once. A reader of our own rather than serde, whose derived code takes
//! several times as much of the module, stops at the first fault and doesn't know where it is.
//!
//! A structure is read in place, over its default: [`read_fields!`] is one line that lists its fields, those that
//! must be there before the `;`. The compiler holds the list to the structure.

use crate::error::{Code, Error};
use crate::fold::lower;
use crate::json::{self, Value};
use crate::list::{Joined, List};
use crate::map::Map;

/// Keys of notes: they may stand in any object and are ignored.
const COMMENT: &str = "$comment";

/// Where reading is, and what was not as it should be. Reading goes on after a fault.
#[derive(Debug)]
pub(crate) struct Reader {
    code: Code,
    pointer: String,
    faults: Vec<Error>,
}

/// What can be read in place. A value that can't be read leaves what was there.
pub(crate) trait Read {
    /// Reads a value.
    fn read(&mut self, reader: &mut Reader, value: &Value);
}

/// Reads JSON text whole.
///
/// # Errors
/// Every fault, with its line or JSON pointer.
pub(crate) fn read<T: Read + Default>(text: &str, code: Code) -> Result<T, Vec<Error>> {
    let mut whole = T::default();
    let faults = read_into(&mut whole, text, code);
    if faults.is_empty() { Ok(whole) } else { Err(faults) }
}

/// What a text of our own says, over what is there already.
pub(crate) fn usual<T: Read>(mut whole: T, text: &str) -> T {
    let faults = read_into(&mut whole, text, Code::BadCharter);
    debug_assert!(faults.is_empty(), "{faults:?}");
    whole
}

fn read_into(whole: &mut dyn Read, text: &str, code: Code) -> Vec<Error> {
    match json::parse(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        Ok(value) => {
            let mut reader = Reader { code, pointer: String::new(), faults: Vec::new() };
            whole.read(&mut reader, &value);
            reader.faults
        }
        Err(fault) => {
            let message = format!("not valid JSON: {}, at column {}.", fault.said, fault.column);
            let mend = "Correct the text there; an editor that knows JSON shows the place.";
            vec![Error::new(code, message).at_line(fault.line).mend(mend)]
        }
    }
}

impl Reader {
    /// Notes a fault at the place where reading is.
    #[inline(never)]
    pub(crate) fn fault(&mut self, message: String, mend: String) {
        self.faults.push(Error::new(self.code, message).at_pointer(self.pointer.as_str()).mend(mend));
    }

    /// Notes that another kind of value stands here.
    #[inline(never)]
    fn unlike(&mut self, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Flag(flag) => flag.to_string(),
            Value::Number(_, written) => (*written).to_owned(),
            Value::Text(text) => format!("“{text}”"),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        };
        self.fault(format!("{found} stands where {wanted} is expected."), format!("Write {wanted}."));
    }

    /// Reads what is inside a value, under its key.
    #[inline(never)]
    fn inside(&mut self, key: &str, child: &mut dyn Read, value: &Value) {
        let length = self.pointer.len();
        push_key(&mut self.pointer, key);
        child.read(self, value);
        self.pointer.truncate(length);
    }

    /// Reads an object's fields, each under its name; there may be no others. The first so many must be there.
    #[inline(never)]
    pub(crate) fn fields(&mut self, value: &Value, names: &[&str], needed: usize, fields: &mut [&mut dyn Read]) {
        let Value::Object(object) = value else { return self.unlike("an object", value) };
        for (index, (name, field)) in names.iter().zip(fields).enumerate() {
            match object.get(*name) {
                Some(value) => self.inside(name, *field, value),
                None if index < needed => self.fault(format!("“{name}” is missing."), "Add it.".into()),
                None => {}
            }
        }
        for name in object.keys() {
            if name == COMMENT || names.iter().any(|known| known == name) {
                continue;
            }
            let mend = match nearest(name, names) {
                Some(name) => format!("Did you mean “{name}”? Notes may stand in a field named “{COMMENT}”."),
                None => format!("Remove it, or use one of: {}.", names.joined(", ")),
            };
            let length = self.pointer.len();
            push_key(&mut self.pointer, name);
            self.fault(format!("there is no field “{name}” here."), mend);
            self.pointer.truncate(length);
        }
    }

    /// Reads what is inside a list; otherwise there is none.
    #[inline(never)]
    fn items(&mut self, value: &Value, read: &mut dyn FnMut(&mut Self, &Value)) -> bool {
        let Value::List(items) = value else {
            self.unlike("a list", value);
            return false;
        };
        let length = self.pointer.len();
        for (index, item) in items.iter().enumerate() {
            push_key(&mut self.pointer, &index.to_string());
            read(self, item);
            self.pointer.truncate(length);
        }
        true
    }

    /// The position of a word among the names of variants, written in snake case.
    #[inline(never)]
    pub(crate) fn word(&mut self, value: &Value, variants: &[&str]) -> Option<usize> {
        let Value::Text(word) = value else {
            self.unlike("a word", value);
            return None;
        };
        let words: Vec<String> = variants.iter().map(|name| snake(name)).list();
        let found = words.iter().position(|known| known == word);
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(String::as_str).list();
            self.fault(format!("“{word}” is not possible here."), meant(word, &words));
        }
        found
    }

    #[inline(never)]
    fn integer(&mut self, value: &Value, least: f64, most: f64) -> Option<f64> {
        let number = value.number();
        let found = number.filter(|number| libm::trunc(*number) == *number && (least..=most).contains(number));
        if found.is_none() {
            self.unlike(if least < 0.0 { "a whole number" } else { "a whole number from 0 up" }, value);
        }
        found
    }
}

/// `MoneyPerDay` as `money_per_day`.
pub(crate) fn snake(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// The most similar of some names, if one is similar enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = lower(name);
    let mut best = (0.8, None);
    for candidate in known {
        let similarity = strsim::jaro_winkler(&name, &lower(candidate));
        if similarity >= best.0 {
            best = (similarity, Some(*candidate));
        }
    }
    best.1
}

/// What may have been meant by a name that is not known.
pub(crate) fn meant(name: &str, known: &[&str]) -> String {
    nearest(name, known).map_or_else(|| one_of(known), |name| format!("Did you mean “{name}”?"))
}

/// What there is to choose from.
pub(crate) fn one_of(known: &[&str]) -> String {
    format!("Use one of: {}.", known.joined(", "))
}

/// Adds a key to a JSON pointer, escaped as RFC 6901 says.
pub(crate) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

impl Read for String {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        match value {
            Value::Text(text) => text.as_ref().clone_into(self),
            _ => reader.unlike("text", value),
        }
    }
}

impl Read for bool {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        match value {
            Value::Flag(flag) => *self = *flag,
            _ => reader.unlike("true or false", value),
        }
    }
}

impl Read for f64 {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        match value.number() {
            Some(number) => *self = number,
            None => reader.unlike("a number", value),
        }
    }
}

impl Read for char {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        let mut letters = if let Value::Text(text) = value { text.chars() } else { "".chars() };
        match (letters.next(), letters.next()) {
            (Some(letter), None) => *self = letter,
            _ => reader.unlike("one character", value),
        }
    }
}

/// Beyond this, numbers of JavaScript are no longer whole ones.
const SAFE: f64 = 9_007_199_254_740_991.0;

macro_rules! read_integers {
    ($($type:ident from $least:expr, to $most:expr;)*) => {$(
        impl Read for $type {
            fn read(&mut self, reader: &mut Reader, value: &Value) {
                if let Some(number) = reader.integer(value, $least, $most) {
                    *self = number as Self;
                }
            }
        }
    )*};
}

read_integers! {
    u32 from 0.0, to f64::from(u32::MAX);
    u64 from 0.0, to SAFE;
    i64 from -SAFE, to SAFE;
}

impl<T: Read + Default> Read for Option<T> {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        *self = None;
        if *value != Value::Null {
            self.insert(T::default()).read(reader, value);
        }
    }
}

impl<T: Read + Default> Read for Vec<T> {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        let mut list = Self::new();
        let listed = reader.items(value, &mut |reader, item| {
            list.push(T::default());
            if let Some(place) = list.last_mut() {
                place.read(reader, item);
            }
        });
        if listed {
            *self = list;
        }
    }
}

impl<T: Read + Default> Read for Map<String, T> {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        let Value::Object(members) = value else { return reader.unlike("an object", value) };
        *self = Self::new();
        for (name, member) in members {
            if name != COMMENT {
                let mut read = T::default();
                reader.inside(name, &mut read, member);
                self.insert(name.clone(), read);
            }
        }
    }
}

/// Reads structures by their fields' names: before the `;` those that must be there, after it those whose default
/// holds where they are left out. A field whose name is not its own in JSON says `field as "name"`.
macro_rules! read_fields {
    ($($type:ident { $($needed:ident),* ; $($field:ident $(as $name:literal)?),* $(,)? })*) => {$(
        impl $crate::read::Read for $type {
            fn read(&mut self, reader: &mut $crate::read::Reader, value: &$crate::json::Value) {
                const NEEDED: &[&str] = &[$(stringify!($needed)),*];
                const NAMES: &[&str] =
                    &[$(stringify!($needed),)* $($crate::write::name(stringify!($field), &[$($name)?], &[]).0),*];
                let Self { $($needed,)* $($field),* } = self;
                reader.fields(value, NAMES, NEEDED.len(), &mut [$($needed,)* $($field),*]);
            }
        }
    )*};
}
pub(crate) use read_fields;

/// Reads one of an enumeration's words: its variants in snake case. The match makes the list whole.
macro_rules! read_words {
    ($($type:ident { $($variant:ident),* $(,)? })*) => {$(
        impl $crate::read::Read for $type {
            fn read(&mut self, reader: &mut $crate::read::Reader, value: &$crate::json::Value) {
                const ALL: &[$type] = &[$($type::$variant),*];
                const _: fn($type) = |variant| match variant { $($type::$variant)|* => () };
                let found = reader.word(value, &[$(stringify!($variant)),*]);
                if let Some(word) = found.and_then(|index| ALL.get(index)) {
                    *self = *word;
                }
            }
        }
    )*};
}
pub(crate) use read_words;
