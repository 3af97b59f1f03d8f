//! JSON text, read from front to back. A reader of our own rather than serde_json, of which the modules would carry
//! three times as much; a test holds it to serde_json, faults and their places included.

use crate::map::Map;
use std::borrow::Cow;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In a few words.
    pub(crate) said: &'static str,
    /// From 1.
    pub(crate) line: u64,
    /// In bytes, from 1; 0 at the very beginning of a line.
    pub(crate) column: usize,
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Flag(bool),
    /// A number, and how it is written.
    Number(f64, &'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    /// Of members with the same name the last.
    Object(Map<String, Value<'a>>),
}

impl Value<'_> {
    pub(crate) fn number(&self) -> Option<f64> {
        if let Self::Number(number, _) = self { Some(*number) } else { None }
    }
}

/// Lists and objects in each other, at most.
const DEEPEST: usize = 127;
/// Powers of ten up to this are exact in floating point.
const EXACT: u32 = 22;

const EOF_VALUE: &str = "EOF while parsing a value";
const EOF_TEXT: &str = "EOF while parsing a string";
const EOF_OBJECT: &str = "EOF while parsing an object";
const NUMBER: &str = "invalid number";
const SURROGATE: &str = "lone leading surrogate in hex escape";

/// A place in a text that moves forward.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// What is done with each member of a list or object: it has to read the value. Members of lists have no name.
type Member<'f, 'a> = &'f mut dyn FnMut(&mut Cursor<'a>, Cow<'a, str>) -> Result<(), Fault>;

/// Reads a text that is one value.
pub(crate) fn parse(text: &str) -> Result<Value<'_>, Fault> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value()?;
    cursor.end()?;
    Ok(value)
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.step();
        Some(byte)
    }

    /// The next byte that is no space, not yet taken.
    #[inline(never)]
    pub(crate) fn look(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.step();
        }
        self.peek()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// A fault in what was taken last.
    #[inline(never)]
    fn wrong<T>(&self, said: &'static str) -> Result<T, Fault> {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
        Err(Fault { said, line: lines.saturating_add(1), column })
    }

    /// A fault in what comes next.
    #[inline(never)]
    fn ahead<T>(&mut self, said: &'static str) -> Result<T, Fault> {
        self.at = self.at.saturating_add(1).min(self.text.len());
        self.wrong(said)
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        if self.look().is_some() { self.ahead("trailing characters") } else { Ok(()) }
    }

    /// Reads a value.
    fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.look() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'[') => {
                let mut items = Vec::new();
                self.members(b']', &mut |cursor, _| {
                    items.push(cursor.value()?);
                    Ok(())
                })?;
                Ok(Value::List(items))
            }
            Some(b'{') => {
                let mut members = Map::new();
                self.members(b'}', &mut |cursor, name| {
                    members.insert(name.into_owned(), cursor.value()?);
                    Ok(())
                })?;
                Ok(Value::Object(members))
            }
            _ => self.plain(),
        }
    }

    /// Passes over a value and gives its text.
    pub(crate) fn skip(&mut self) -> Result<&'a str, Fault> {
        let first = self.look();
        let start = self.at;
        match first {
            Some(b'"') => {
                self.string()?;
            }
            Some(open @ (b'[' | b'{')) => {
                let close = if open == b'[' { b']' } else { b'}' };
                self.members(close, &mut |cursor, _| cursor.skip().map(drop))?;
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
            }
            _ => {
                self.plain()?;
            }
        }
        Ok(self.since(start))
    }

    /// Reads the members of the object that stands here.
    pub(crate) fn object(&mut self, each: Member<'_, 'a>) -> Result<(), Fault> {
        if self.look() == Some(b'{') { self.members(b'}', each) } else { self.ahead("expected an object") }
    }

    /// A value without members or quotes.
    #[inline(never)]
    fn plain(&mut self) -> Result<Value<'a>, Fault> {
        let (word, value) = match self.peek() {
            None => return self.ahead(EOF_VALUE),
            Some(b'-' | b'0'..=b'9') => {
                let written = self.number()?;
                let number = number(written);
                return if number.is_finite() {
                    Ok(Value::Number(number, written))
                } else {
                    self.wrong("number out of range")
                };
            }
            Some(b'n') => ("null", Value::Null),
            Some(b't') => ("true", Value::Flag(true)),
            Some(b'f') => ("false", Value::Flag(false)),
            Some(_) => return self.ahead("expected value"),
        };
        for letter in word.bytes() {
            match self.next() {
                None => return self.wrong(EOF_VALUE),
                Some(found) if found != letter => return self.wrong("expected ident"),
                Some(_) => {}
            }
        }
        Ok(value)
    }

    /// Reads the members of a list or object whose opening comes next.
    #[inline(never)]
    fn members(&mut self, close: u8, each: Member<'_, 'a>) -> Result<(), Fault> {
        let is_list = close == b']';
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return self.ahead("recursion limit exceeded");
        }
        self.step();
        let mut is_first = true;
        loop {
            let mut next = self.look();
            if next == Some(close) {
                break;
            }
            if !is_first && next == Some(b',') {
                self.step();
                next = self.look();
                if next == Some(close) {
                    return self.ahead("trailing comma");
                }
                if next.is_none() {
                    return self.ahead(EOF_VALUE);
                }
            } else if next.is_none() {
                return self.ahead(if is_list { "EOF while parsing a list" } else { EOF_OBJECT });
            } else if !is_first {
                return self.ahead(if is_list { "expected `,` or `]`" } else { "expected `,` or `}`" });
            }
            is_first = false;
            let name = if is_list { Cow::default() } else { self.name(next)? };
            each(self, name)?;
        }
        self.step();
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn name(&mut self, next: Option<u8>) -> Result<Cow<'a, str>, Fault> {
        if next != Some(b'"') {
            return self.ahead("key must be a string");
        }
        let name = self.string()?;
        match self.look() {
            Some(b':') => self.step(),
            Some(_) => return self.ahead("expected `:`"),
            None => return self.ahead(EOF_OBJECT),
        }
        Ok(name)
    }

    /// Reads text whose opening quote comes next.
    #[inline(never)]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.step();
        let mut before = String::new();
        let mut start = self.at;
        loop {
            self.pass_text();
            match self.peek() {
                None => return self.wrong(EOF_TEXT),
                Some(b'"') => {
                    let rest = self.since(start);
                    self.step();
                    return Ok(if before.is_empty() { rest.into() } else { (before + rest).into() });
                }
                Some(b'\\') => {
                    before.push_str(self.since(start));
                    self.step();
                    before.push(self.escaped()?);
                    start = self.at;
                }
                Some(..b' ') => {
                    self.step();
                    return self.wrong("control character (\\u0000-\\u001F) found while parsing a string");
                }
                Some(_) => {}
            }
        }
    }

    /// Passes over text up to what may end it.
    #[cfg_attr(speed, optimize(speed))]
    fn pass_text(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
        self.at = self.at.saturating_add(plain.unwrap_or(rest.len()));
    }

    /// The letter that an escape stands for; the backslash was taken.
    fn escaped(&mut self) -> Result<char, Fault> {
        Ok(match self.next() {
            None => return self.wrong(EOF_TEXT),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'u') => {
                let mut code = self.hex()?;
                // The first half of a letter beyond 16 bits; the other half follows.
                if (0xd800..0xdc00).contains(&code) {
                    for wanted in [b'\\', b'u'] {
                        match self.next() {
                            None => return self.wrong(EOF_TEXT),
                            Some(found) if found != wanted => return self.wrong("unexpected end of hex escape"),
                            Some(_) => {}
                        }
                    }
                    let rest = self.hex()?;
                    if !(0xdc00..0xe000).contains(&rest) {
                        return self.wrong(SURROGATE);
                    }
                    code = (code & 0x3ff).saturating_add(0x40) << 10 | (rest & 0x3ff);
                }
                match char::from_u32(code) {
                    Some(letter) => letter,
                    None => return self.wrong(SURROGATE),
                }
            }
            Some(_) => return self.wrong("invalid escape"),
        })
    }

    /// Four hexadecimal digits.
    fn hex(&mut self) -> Result<u32, Fault> {
        let start = self.at;
        self.at = start.saturating_add(4).min(self.text.len());
        let digits = self.text.as_bytes().get(start..self.at).unwrap_or_default();
        if digits.len() < 4 {
            return self.wrong(EOF_TEXT);
        }
        let code = digits.iter().try_fold(0_u32, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?));
        match code {
            Some(code) => Ok(code),
            None => self.wrong("invalid escape"),
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
    }

    /// Passes over a number and gives its text.
    #[inline(never)]
    fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.step();
        }
        match self.next() {
            None => return self.wrong(EOF_VALUE),
            // No other digit follows a leading 0.
            Some(b'0') if matches!(self.peek(), Some(b'0'..=b'9')) => return self.ahead(NUMBER),
            Some(b'0'..=b'9') => self.digits(),
            Some(_) => return self.wrong(NUMBER),
        }
        if self.peek() == Some(b'.') {
            self.step();
            match self.peek() {
                None => return self.ahead(EOF_VALUE),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.ahead(NUMBER),
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            match self.next() {
                None => return self.wrong(EOF_VALUE),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.wrong(NUMBER),
            }
        }
        Ok(self.since(start))
    }
}

/// A whole number's text. Each type that is parsed has code of its own, so all are parsed as one.
#[inline(never)]
pub(crate) fn whole(text: &str) -> Option<i32> {
    text.parse::<i64>().ok()?.try_into().ok()
}

/// What a number's text says, exact where its digits fit 53 bits and its power of ten 22; infinite beyond what a number
/// can be.
fn number(text: &str) -> f64 {
    let (digits, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (negative, power) = match power.strip_prefix('-') {
        Some(power) => (true, power),
        None => (false, power.strip_prefix('+').unwrap_or(power)),
    };
    let power = whole(power).unwrap_or(i32::MAX);
    let mut exponent = if negative { power.saturating_neg() } else { power };
    let (mut significand, mut is_full, mut is_fraction) = (0_u64, false, false);
    for letter in digits.chars() {
        is_fraction |= letter == '.';
        let Some(digit) = letter.to_digit(10) else { continue };
        match significand.checked_mul(10).and_then(|tens| tens.checked_add(digit.into())) {
            Some(longer) if !is_full => {
                significand = longer;
                exponent = exponent.saturating_sub(i32::from(is_fraction));
            }
            // No digit after these counts.
            _ => {
                is_full = true;
                exponent = exponent.saturating_add(i32::from(!is_fraction));
            }
        }
    }
    let mut value = significand as f64;
    let mut left = exponent.unsigned_abs();
    while left > 0 && value != 0.0 && value.is_finite() {
        let step = left.min(EXACT);
        let by = (0..step).fold(1.0, |by, _| by * 10.0);
        value = if exponent < 0 { value / by } else { value * by };
        left = left.saturating_sub(step);
    }
    if digits.starts_with('-') { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Json;

    /// The same value, numbers written the same way.
    fn same(one: &Value, other: &Json) -> bool {
        match (one, other) {
            (Value::Null, Json::Null) => true,
            (Value::Flag(one), Json::Bool(other)) => one == other,
            (Value::Number(one, written), Json::Number(other)) => {
                let other = other.as_f64().unwrap();
                // Beyond that many digits, or that large or small, the last bits are not sure in either.
                let is_sure = written.len() <= 22 && (1e-22..1e22).contains(&other.abs());
                *one == other || !is_sure && (one - other).abs() <= 1e-14 * other.abs() + 1e-320
            }
            (Value::Text(one), Json::String(other)) => one == other,
            (Value::List(one), Json::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Value::Object(one), Json::Object(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
            }
            _ => false,
        }
    }

    fn holds(text: &str) -> Result<(), TestCaseError> {
        match (parse(text), serde_json::from_str::<Json>(text)) {
            (Ok(one), Ok(other)) => prop_assert!(same(&one, &other), "{text}: {one:?}, {other:?}"),
            // Where an exponent has become too long is told at its end.
            (Err(one), Err(other)) if one.said == "number out of range" => {
                prop_assert!(other.to_string().starts_with(one.said), "{text}: {other}");
            }
            (Err(one), Err(other)) => {
                let said = format!("{} at line {} column {}", one.said, one.line, one.column);
                prop_assert_eq!(said, other.to_string(), "{}", text);
            }
            (one, other) => prop_assert!(false, "{text}: {one:?}, {other:?}"),
        }
        Ok(())
    }

    fn numbers() -> impl Strategy<Value = String> {
        "-?(0|[1-9][0-9]{0,16})(\\.[0-9]{1,3})?([eE][+-]?[0-9])?"
    }

    fn values() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("false".to_owned()),
            numbers(),
            (-1e300..1e300).prop_map(|number: f64| number.to_string()),
            any::<f64>().prop_map(|number| libm::fmod(number, 1.0).to_string()),
            any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
            "\"(\\\\[\"\\\\/bfnrtu]|\\\\u[0-9a-dA-F]{4}|\\\\ud[89ab]3f\\\\ud[c-f]1f|[a-z])*\"",
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let member = ("[ab]{0,2}", inner.clone()).prop_map(|(name, value)| format!("\"{name}\": {value}"));
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(" ,\n"))),
                proptest::collection::vec(member, 0..4).prop_map(|items| format!("{{\n{} }}", items.join(","))),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Whatever the text: the same value, or the same fault at the same place.
        #[test]
        fn as_serde_would(text in values(), cut in any::<prop::sample::Index>(), by in "[\\[\\]{}\",:\\\\.eu0-9tn \n\x01é-]{0,2}") {
            holds(&text)?;
            // And with a fault somewhere.
            let mut place = cut.index(text.len() + 1);
            while !text.is_char_boundary(place) {
                place -= 1;
            }
            let (before, after) = text.split_at(place);
            holds(before)?;
            holds(&[before, &by, after].concat())?;
            holds(&[before, &by, after.get(1..).unwrap_or_default()].concat())?;
        }
    }

    #[test]
    fn depth_has_a_limit() {
        for depth in [126, 127, 128, 100_000] {
            let deep = "[".repeat(depth) + &"]".repeat(depth);
            assert_eq!(parse(&deep).is_ok(), depth < 128, "{depth}");
            assert_eq!(Cursor::new(&deep).skip().is_ok(), depth < 128, "{depth}");
        }
        holds(&"{\"a\":\n".repeat(200)).unwrap();
    }
}
