//! Schema and reader say the same: each could be changed without the other.

use crate::charter::{Charter, json_schema};
use crate::error::{Code, Error};
use crate::read;
use serde_json::{Map, Value, json};

fn faults(document: &Value) -> Vec<Error> {
    read::read::<Charter>(&document.to_string(), Code::BadCharter).err().unwrap_or_default()
}

/// The schema that stands behind references and options.
fn resolve<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    if let Some(name) = node.get("$ref").and_then(Value::as_str) {
        return resolve(schema, schema.pointer(name.strip_prefix('#').unwrap()).unwrap());
    }
    match node.get("anyOf").and_then(Value::as_array) {
        Some(either) => resolve(schema, either.iter().find(|one| one["type"] != "null").unwrap()),
        None => node,
    }
}

fn kind(node: &Value) -> &str {
    match &node["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap(),
        kind => kind.as_str().unwrap_or_default(),
    }
}

/// A document in which every field stands.
fn full(schema: &Value, node: &Value) -> Value {
    let node = resolve(schema, node);
    if let Some(words) = words(node) {
        return words[0].clone();
    }
    match kind(node) {
        "object" => match node.get("properties").and_then(Value::as_object) {
            Some(fields) => fields.iter().map(|(name, field)| (name.clone(), full(schema, field))).collect(),
            None => json!({ "any": full(schema, &node["additionalProperties"]) }),
        },
        "array" => json!([full(schema, &node["items"])]),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        _ => json!("x"),
    }
}

fn words(node: &Value) -> Option<Vec<Value>> {
    let listed = node.get("enum").and_then(Value::as_array).cloned();
    let described = || node.get("oneOf")?.as_array()?.iter().map(|word| word.get("const").cloned()).collect();
    listed.or_else(described)
}

fn with(document: &Value, pointer: &str, change: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut changed = document.clone();
    change(changed.pointer_mut(pointer).unwrap().as_object_mut().unwrap());
    changed
}

#[test]
fn schema_and_reader_agree() {
    let schema = json_schema();
    let document = full(&schema, &schema);
    assert_eq!(faults(&document), [], "the reader takes all that the schema names");
    let mut objects = 0;
    let mut nodes = vec![(String::new(), &schema)];
    while let Some((at, node)) = nodes.pop() {
        let node = resolve(&schema, node);
        if at.ends_with("$comment") {
            continue;
        }
        // What the value may not be.
        if node.get("type").is_some() || words(node).is_some() {
            let wrong = if kind(node) == "boolean" { json!(["x"]) } else { json!(true) };
            let mut changed = document.clone();
            *changed.pointer_mut(&at).unwrap() = wrong;
            assert_eq!(faults(&changed).len(), 1, "{at}");
            assert_eq!(faults(&changed)[0].place.pointer.as_deref(), Some(at.as_str()));
        }
        for word in words(node).unwrap_or_default() {
            let mut changed = document.clone();
            *changed.pointer_mut(&at).unwrap() = word.clone();
            assert_eq!(faults(&changed), [], "{at} may be {word}");
        }
        match (kind(node), node.get("properties").and_then(Value::as_object)) {
            ("object", Some(fields)) => {
                objects += 1;
                let needed: Vec<&str> =
                    node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                for name in fields.keys() {
                    let faults = faults(&with(&document, &at, |object| drop(object.remove(name))));
                    assert_eq!(faults.len(), usize::from(needed.contains(&name.as_str())), "{at} without {name}");
                }
                let unknown = faults(&with(&document, &at, |object| drop(object.insert("???".into(), Value::Null))));
                let list = unknown[0].mend.strip_prefix("Remove it, or use one of: ").unwrap().trim_end_matches('.');
                let mut known: Vec<&str> = list.split(", ").collect();
                known.sort_unstable();
                let mut named: Vec<&str> =
                    fields.keys().map(String::as_str).filter(|name| *name != "$comment").collect();
                named.sort_unstable();
                assert_eq!(known, named, "{at}");
                nodes.extend(fields.iter().map(|(name, field)| (format!("{at}/{name}"), field)));
            }
            ("object", None) => nodes.push((format!("{at}/any"), &node["additionalProperties"])),
            ("array", _) => nodes.push((format!("{at}/0"), &node["items"])),
            _ => {}
        }
    }
    assert!(objects >= 8, "only {objects} objects compared");
}
