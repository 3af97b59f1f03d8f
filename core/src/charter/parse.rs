//! Reading a charter.

use super::Charter;
use crate::error::{Code, Error};
use serde::Deserialize;
use serde_json::Value;

impl Charter {
    /// Reads a charter from JSON text. Keys named `$comment` may stand in any object and are ignored.
    ///
    /// # Errors
    /// A fault of syntax comes with its line, a fault of shape with a JSON pointer and what was expected there. If
    /// text and shape are right, every fault that [`Charter::check`] finds is returned at once.
    pub fn parse(text: &str) -> Result<Self, Vec<Error>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut value: Value = serde_json::from_str(text).map_err(|fault| vec![syntax(&fault)])?;
        remove_comments(&mut value);
        if !value.is_object() {
            let error = Error::new(Code::BadCharter, "a charter is one JSON object.").at_pointer("");
            return Err(vec![error.mend("Begin with { and end with }; `mops charter new` writes a starting point.")]);
        }
        let charter = Self::deserialize(&value).map_err(|fault| {
            let said = fault.to_string();
            vec![shape(&said, locate(&mut value, &said))]
        })?;
        let faults = charter.check();
        if faults.is_empty() { Ok(charter) } else { Err(faults) }
    }
}

fn syntax(fault: &serde_json::Error) -> Error {
    let said = fault.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    Error::new(Code::BadCharter, format!("not valid JSON: {said}, at column {}.", fault.column()))
        .at_line(fault.line() as u64)
        .mend("Correct the text there; an editor that knows JSON shows the place.")
}

fn shape(said: &str, pointer: String) -> Error {
    if let Some((unknown, known)) = unknown_field(said) {
        let nearest = nearest(unknown, &known);
        let error = Error::new(Code::BadCharter, format!("there is no field “{unknown}” here.")).at_pointer(pointer);
        return match nearest {
            Some(name) => error.mend(format!("Did you mean “{name}”? Notes may stand in a field named “$comment”.")),
            None => error.mend(format!("Remove it, or use one of: {}.", known.join(", "))),
        };
    }
    Error::new(Code::BadCharter, format!("{said}."))
        .at_pointer(pointer)
        .mend("Correct the value; `mops charter schema` prints what each field may hold.")
}

/// serde says: unknown field `x`, expected one of `a`, `b`.
fn unknown_field(said: &str) -> Option<(&str, Vec<&str>)> {
    let mut quoted = said.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    Some((unknown, quoted.collect()))
}

/// The most similar of some names, if one is similar enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(&name, &candidate.to_lowercase()), *candidate))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Finds the value that serde says something about, as a JSON pointer. serde reads in order and stops at the first
/// fault, so what stands after it can be taken away without changing what is said, and the fault itself can't.
/// A deserialiser that keeps the path would say so at once, and cost the engine's module 43 KB.
fn locate(document: &mut Value, said: &str) -> String {
    let mut pointer = String::new();
    while let Some(key) = faulty_child(document, &pointer, said) {
        push_key(&mut pointer, &key);
    }
    pointer
}

/// The child of the value at a pointer in which the fault lies; nothing if the fault is of the value itself. Children
/// after the faulty one are removed.
fn faulty_child(document: &mut Value, pointer: &str, said: &str) -> Option<String> {
    // Sorts after every name. A field that is missing is only noticed at the end, after this one.
    const LAST: &str = "\u{10ffff}";
    if let Value::Object(fields) = document.pointer_mut(pointer)? {
        fields.insert(LAST.into(), Value::Null);
        let other = !says(document, said);
        document.pointer_mut(pointer)?.as_object_mut()?.remove(LAST);
        if other {
            return None;
        }
    }
    loop {
        let (key, child) = match document.pointer_mut(pointer)? {
            Value::Object(fields) => {
                let key = fields.keys().next_back()?.clone();
                let child = fields.remove(&key)?;
                (key, child)
            }
            Value::Array(items) => {
                let child = items.pop()?;
                (items.len().to_string(), child)
            }
            _ => return None,
        };
        if !says(document, said) {
            match document.pointer_mut(pointer)? {
                Value::Object(fields) => drop(fields.insert(key.clone(), child)),
                Value::Array(items) => items.push(child),
                _ => {}
            }
            return Some(key);
        }
    }
}

fn says(document: &Value, said: &str) -> bool {
    Charter::deserialize(document).is_err_and(|fault| fault.to_string() == said)
}

/// Adds a key to a JSON pointer, escaped as RFC 6901 says.
pub(crate) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

fn remove_comments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("$comment");
            fields.values_mut().for_each(remove_comments);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_comments),
        _ => {}
    }
}
