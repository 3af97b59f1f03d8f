//! Changing one value of a JSON text and nothing else: order, notes and spacing stay as somebody wrote them.

use serde_json::Value;
use std::ops::Range;

/// Sets the value at a path of keys, making the objects on the way where they are missing. The text must be valid
/// JSON whose values on the way are objects; otherwise nothing is given.
pub fn set(text: &str, path: &[&str], value: &Value) -> Option<String> {
    let mut object = skip_space(text, text.len() - text.trim_start_matches('\u{feff}').len());
    for (depth, key) in path.iter().enumerate() {
        let members = members(text, object)?;
        let Some(member) = members.iter().rev().find(|member| member.key == *key) else {
            let missing = path[depth + 1..]
                .iter()
                .rev()
                .fold(value.clone(), |value, key| Value::Object([((*key).to_owned(), value)].into_iter().collect()));
            return Some(insert(text, object, members.last(), key, &missing));
        };
        if depth + 1 == path.len() {
            let Range { start, end } = member.value.clone();
            return Some([&text[..start], &value.to_string(), &text[end..]].concat());
        }
        object = member.value.start;
    }
    None
}

/// A member of an object: its key, where that begins, and where its value stands.
struct Member {
    key: String,
    start: usize,
    value: Range<usize>,
}

fn insert(text: &str, object: usize, last: Option<&Member>, key: &str, value: &Value) -> String {
    let member = format!("{}: {}", Value::String(key.to_owned()), spaced(value));
    let Some(last) = last else {
        return [&text[..=object], &member, &text[object + 1..]].concat();
    };
    // As far in as the member before, on a line of its own if that has one.
    let before = &text[..last.start];
    let space = &before[before.trim_end().len()..];
    let space = if space.contains('\n') { space } else { " " };
    [&text[..last.value.end], ",", space, &member, &text[last.value.end..]].concat()
}

/// JSON on one line with room to read.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, value)| format!("{}: {}", Value::String(key.clone()), spaced(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t', '\n', '\r']).len()
}

fn members(text: &str, object: usize) -> Option<Vec<Member>> {
    let mut members = Vec::new();
    let mut at = skip_space(text, text[object..].starts_with('{').then_some(object + 1)?);
    while text[at..].starts_with('"') {
        let end = value_end(text, at)?;
        let key = serde_json::from_str(&text[at..end]).ok()?;
        let colon = skip_space(text, end);
        let start = skip_space(text, text[colon..].starts_with(':').then_some(colon + 1)?);
        let value = start..value_end(text, start)?;
        let after = skip_space(text, value.end);
        members.push(Member { key, start: at, value });
        if !text[after..].starts_with(',') {
            break;
        }
        at = skip_space(text, after + 1);
    }
    Some(members)
}

/// Where the value that begins here ends.
fn value_end(text: &str, start: usize) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Some(start + values.byte_offset())
}

#[cfg(test)]
mod tests {
    use super::set;
    use serde_json::json;

    #[test]
    fn nothing_else_changes() {
        let text = "{\n  \"b\": {\"$comment\": \"},\\\"\", \"x\":1 },\n  \"a\":[ 1,2 ]\n}\n";
        let changed = |path: &[&str]| set(text, path, &json!("new")).unwrap();
        assert_eq!(changed(&["b", "x"]), text.replace("\"x\":1", "\"x\":\"new\""));
        assert_eq!(changed(&["b", "y"]), text.replace("\"x\":1 ", "\"x\":1, \"y\": \"new\" "));
        assert_eq!(changed(&["c", "d"]), text.replace("2 ]\n", "2 ],\n  \"c\": {\"d\": \"new\"}\n"));
        assert_eq!(set("{}", &["a"], &json!({"b": 1})).unwrap(), "{\"a\": {\"b\": 1}}");
        assert_eq!(set(text, &["a", "b"], &json!(1)), None);
    }
}
