//! Writing views and errors as JSON. A writer of our own rather than serde's derived one, which is compiled anew for
//! each structure: here a structure is a list of names and one of values, and one function goes through both.
//!
//! `write_fields!` lists a structure's fields; the compiler holds the list to the structure, and a test the text to
//! what serde writes.

use crate::error::{Code, Error, Place};
use crate::list::Joined;
use crate::map::Map;

/// JSON text while it is written.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    /// What the next object says before its own fields.
    tag: Option<(&'static str, &'static str)>,
}

/// What can be written as JSON.
pub trait Write {
    /// Writes the value.
    fn write(&self, writer: &mut Writer);

    /// Whether there is nothing to say: a field that is only written if known is then left out.
    fn is_blank(&self) -> bool {
        false
    }
}

/// A field's name, and whether it is only written if known.
pub type Name = (&'static str, bool);

/// A field's name: its own, or the one given. It is only written if known where that is said.
pub const fn name(own: &'static str, given: &[&'static str], known: &[&str]) -> Name {
    (if let [given] = given { given } else { own }, !known.is_empty())
}

/// A value as JSON text.
pub fn text(value: &dyn Write) -> String {
    let mut writer = Writer::default();
    value.write(&mut writer);
    writer.text
}

impl Writer {
    /// Begins a member of what was opened last.
    #[inline(never)]
    fn next(&mut self) {
        if !self.text.ends_with(['[', '{']) {
            self.text.push(',');
        }
    }

    /// Writes a member under its name.
    #[inline(never)]
    fn member(&mut self, name: &str, value: &dyn Write) {
        self.next();
        self.word(name);
        self.text.push(':');
        value.write(self);
    }

    /// Writes an object: its members by name, in this order.
    #[inline(never)]
    pub(crate) fn fields(&mut self, names: &[Name], values: &[&dyn Write]) {
        self.text.push('{');
        if let Some((tag, word)) = self.tag.take() {
            self.member(tag, &word);
        }
        for ((name, if_known), value) in names.iter().zip(values) {
            if !(*if_known && value.is_blank()) {
                self.member(name, *value);
            }
        }
        self.text.push('}');
    }

    /// Writes a list, item by item.
    #[inline(never)]
    fn items<'a>(&mut self, item: &dyn Fn(usize) -> Option<&'a dyn Write>) {
        self.text.push('[');
        for item in (0..).map_while(item) {
            self.next();
            item.write(self);
        }
        self.text.push(']');
    }

    /// Writes an object that says first what it is.
    pub(crate) fn tagged(&mut self, tag: &'static str, word: &'static str, value: &dyn Write) {
        self.tag = Some((tag, word));
        value.write(self);
    }

    /// Writes text, quoted and escaped.
    #[inline(never)]
    pub(crate) fn word(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\0'..' ' => {
                    self.text.push_str(if letter < '\u{10}' { "\\u000" } else { "\\u001" });
                    self.text.extend(char::from_digit(u32::from(letter) % 16, 16));
                }
                _ => self.text.push(letter),
            }
        }
        self.text.push('"');
    }
}

impl Write for &str {
    fn write(&self, writer: &mut Writer) {
        writer.word(self);
    }
}

impl Write for String {
    fn write(&self, writer: &mut Writer) {
        writer.word(self);
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Write for bool {
    fn write(&self, writer: &mut Writer) {
        writer.text.push_str(if *self { "true" } else { "false" });
    }
}

/// The shortest digits that are read back as the same number; nothing where it is none.
impl Write for f64 {
    fn write(&self, writer: &mut Writer) {
        if self.is_finite() {
            writer.text.push_str(zmij::Buffer::new().format_finite(*self));
        } else {
            writer.text.push_str("null");
        }
    }
}

/// A number in the shortest digits that are read back as the same number, without a power of ten; of two that are equally
/// near, the even one. The standard library's way of finding them would be a second one in the module, of 3 KB.
pub(crate) fn plain(number: f64) -> String {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format(number);
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let power = crate::json::whole(power).unwrap_or(0);
    let zeros = |many: usize| "0".repeat(many);
    let (places, size) = (part.len(), power.unsigned_abs() as usize);
    if power < 0 {
        // The digit before the point is the only one.
        return [sign, "0.", &zeros(size.saturating_sub(1)), whole, part].joined("");
    }
    match part.split_at_checked(size) {
        Some((_, "")) | None => [sign, whole, part, &zeros(size.saturating_sub(places))].joined(""),
        Some((shifted, rest)) => [sign, whole, shifted, ".", rest].joined(""),
    }
}

macro_rules! write_integers {
    ($($type:ident),*) => {$(
        impl Write for $type {
            fn write(&self, writer: &mut Writer) {
                writer.text.push_str(&self.to_string());
            }
        }
    )*};
}

write_integers! { u32, u64, i64 }

impl<T: Write> Write for Option<T> {
    fn write(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.write(writer),
            None => writer.text.push_str("null"),
        }
    }

    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T: Write> Write for [T] {
    fn write(&self, writer: &mut Writer) {
        writer.items(&|at| Some(self.get(at)?));
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, writer: &mut Writer) {
        self.as_slice().write(writer);
    }

    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Write for [f64; 2] {
    fn write(&self, writer: &mut Writer) {
        self.as_slice().write(writer);
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self, writer: &mut Writer) {
        self.as_ref().write(writer);
    }

    fn is_blank(&self) -> bool {
        self.as_ref().is_blank()
    }
}

impl<T: Write> Write for Map<String, T> {
    fn write(&self, writer: &mut Writer) {
        writer.text.push('{');
        for (name, value) in self {
            writer.member(name, value);
        }
        writer.text.push('}');
    }
}

/// Writes structures by their fields' names, in this order. A field `if known` is left out where it is blank; one whose
/// name is not its own in JSON says `field as "name"`.
macro_rules! write_fields {
    ($($type:ident { $($field:ident $(as $name:literal)? $(if $known:ident)?),* $(,)? })*) => {$(
        impl $crate::write::Write for $type {
            fn write(&self, writer: &mut $crate::write::Writer) {
                const NAMES: &[$crate::write::Name] =
                    &[$($crate::write::name(stringify!($field), &[$($name)?], &[$(stringify!($known))?])),*];
                let Self { $($field),* } = self;
                writer.fields(NAMES, &[$($field),*]);
            }
        }
    )*};
}
pub(crate) use write_fields;

/// Writes enumerations as words: the names of their variants in snake case. The match makes the list whole.
macro_rules! write_words {
    ($($type:ident { $($variant:ident),* $(,)? })*) => {$(
        impl $crate::write::Write for $type {
            fn write(&self, writer: &mut $crate::write::Writer) {
                let name = match self {
                    $(Self::$variant => stringify!($variant),)*
                };
                writer.word(&$crate::read::snake(name));
            }
        }
    )*};
}
pub(crate) use write_words;

write_fields! {
    Error { code, message, place as "where" if known, mend if known }
}

write_words! {
    Code { BadCharter, BadInput, BadQuery, MissingTable }
}

impl Write for Place {
    fn write(&self, writer: &mut Writer) {
        let Self { source, line, field, pointer } = self;
        let names = [("source", true), ("line", true), ("field", true), ("pointer", true)];
        writer.fields(&names, &[source, line, field, pointer]);
    }

    fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same<T: Write + serde::Serialize>(value: &T) {
        assert_eq!(text(value), serde_json::to_string(value).unwrap());
    }

    proptest! {
        /// Text and numbers are written as serde writes them.
        #[test]
        fn as_serde_would(letters in any::<String>(), controls in "[\\x00-\\x7f]*", number in any::<f64>(), whole in any::<i64>()) {
            same(&letters);
            same(&controls);
            same(&number);
            same(&(whole as f64 / 1e6));
            same(&whole);
            same(&whole.unsigned_abs());
            same(&vec![Some(letters.clone()), None]);
            same(&Map::from([(letters, vec![controls])]));
        }
    }

    proptest! {
        /// Plain digits are as many as the standard library's, and are read back as the same number.
        #[test]
        fn plain_digits(number in any::<f64>(), bits in any::<u64>(), whole in any::<i64>(), power in -30..30) {
            let short = (whole % 100_000) as f64 * libm::exp10(f64::from(power));
            for number in [number, f64::from_bits(bits), whole as f64, whole as f64 / 1e6, short, libm::round(short), -0.0] {
                let (ours, theirs) = (plain(number), number.to_string());
                // Of two that are equally near, the standard library takes the greater and ours the even one.
                assert!(ours == theirs || ours.len() == theirs.len() && ours.parse() == Ok(number), "{ours} {theirs}");
            }
        }
    }

    #[test]
    fn errors_are_written_as_serde_writes_them() {
        let error = Error::new(Code::BadQuery, "no “x”\n");
        same(&error);
        same(&error.clone().mend("Say “y”.").at_line(3).at_pointer("/a~1b"));
        same(&vec![error.clone().in_source("a.csv").in_field("owner"), error]);
    }
}
