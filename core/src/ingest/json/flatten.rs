//! One JSON object to cells: nested objects become names with dots (`Owner.Name`), numbers keep their own digits.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Objects nested deeper than this are not looked into.
const DEEPEST: usize = 16;

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct Fields<'s> {
    path: &'s mut String,
    depth: usize,
    each: &'s mut dyn FnMut(&str, &str),
}

/// Hands on each cell of an object by name. HubSpot's `properties` count as the object's own; Salesforce's
/// `attributes`, which tell of the record's type, are passed over.
pub fn flatten(text: &str, each: &mut dyn FnMut(&str, &str)) -> Result<(), serde_json::Error> {
    object(text, &mut String::new(), 0, each)
}

fn object(
    text: &str,
    path: &mut String,
    depth: usize,
    each: &mut dyn FnMut(&str, &str),
) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Fields { path, depth, each }.deserialize(&mut reader)?;
    reader.end()
}

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            let value = map.next_value::<&RawValue>()?.get();
            let nested = value.starts_with('{');
            if nested && name == "attributes" {
                continue;
            }
            let before = self.path.len();
            if !(nested && self.depth == 0 && name == "properties") {
                if before > 0 {
                    self.path.push('.');
                }
                self.path.push_str(&name);
            }
            if nested && self.depth < DEEPEST {
                object(value, self.path, self.depth.saturating_add(1), self.each).map_err(serde::de::Error::custom)?;
            } else {
                match value {
                    "null" | "[]" => (self.each)(self.path, ""),
                    _ => match value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
                        Some(inner) if !inner.contains('\\') => (self.each)(self.path, inner),
                        Some(_) => {
                            let text: String = serde_json::from_str(value).map_err(serde::de::Error::custom)?;
                            (self.each)(self.path, &text);
                        }
                        None => (self.each)(self.path, value),
                    },
                }
            }
            self.path.truncate(before);
        }
        Ok(())
    }
}
