//! What editors complete and explain while somebody writes a page: the manifest of the elements in the forms that they
//! read.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

/// For JetBrains' editors, which find it through `package.json`.
pub const WEB_TYPES: &str = "web-types.json";
/// For Visual Studio Code, whose setting `html.customData` names it.
pub const CUSTOM_DATA: &str = "html-custom-data.json";

/// Writes both beside the manifest, and gives their names.
pub fn write(folder: &Path) -> Result<[&'static str; 2]> {
    let read = |name: &str| -> Result<Value> { Ok(serde_json::from_slice(&fs::read(folder.join(name))?)?) };
    let (manifest, package) = (read("custom-elements.json")?, read("package.json")?);
    fs::write(folder.join(WEB_TYPES), serde_json::to_vec(&web_types(&manifest, &package))?)?;
    fs::write(folder.join(CUSTOM_DATA), serde_json::to_vec(&custom_data(&manifest))?)?;
    Ok([WEB_TYPES, CUSTOM_DATA])
}

fn web_types(manifest: &Value, package: &Value) -> Value {
    let elements = elements(manifest).map(|element| {
        // Fields first, then methods.
        let (fields, methods): (Vec<&Value>, Vec<&Value>) =
            items(&element["members"]).partition(|member| member["kind"] == "field");
        json!({
            "name": element["tagName"],
            "description": element["description"],
            "attributes": items(&element["attributes"]).map(described).collect::<Vec<_>>(),
            "js": {
                "properties": fields.into_iter().chain(methods).map(typed).collect::<Vec<_>>(),
                "events": items(&element["events"]).map(typed).collect::<Vec<_>>(),
            },
            "css": {
                "properties": items(&element["cssProperties"]).map(described).collect::<Vec<_>>(),
                "parts": items(&element["cssParts"]).map(described).collect::<Vec<_>>(),
            },
        })
    });
    json!({
        "name": package["name"],
        "version": package["version"],
        "description-markup": "none",
        "js-types-syntax": "typescript",
        "contributions": { "html": { "elements": elements.collect::<Vec<_>>() } },
    })
}

fn custom_data(manifest: &Value) -> Value {
    let tags = elements(manifest).map(|element| {
        json!({
            "name": element["tagName"],
            "description": element["description"],
            "attributes": items(&element["attributes"]).map(described).collect::<Vec<_>>(),
        })
    });
    json!({ "version": 1.1, "tags": tags.collect::<Vec<_>>() })
}

fn elements(manifest: &Value) -> impl Iterator<Item = &Value> {
    let declarations = items(&manifest["modules"]).flat_map(|module| items(&module["declarations"]));
    declarations.filter(|declaration| declaration["tagName"].is_string())
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn described(item: &Value) -> Value {
    json!({ "name": item["name"], "description": item["description"] })
}

fn typed(item: &Value) -> Value {
    let mut typed = described(item);
    if let Some(kind) = item["type"]["text"].as_str() {
        typed["type"] = kind.into();
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    fn sources(name: &str) -> Value {
        serde_json::from_slice(&fs::read(workspace::root().join("widgets/js").join(name)).unwrap()).unwrap()
    }

    #[test]
    fn editors_know_every_element_and_attribute_of_the_manifest() {
        let manifest = sources("custom-elements.json");
        let types = web_types(&manifest, &sources("package.json"));
        let data = custom_data(&manifest);
        let known = &types["contributions"]["html"]["elements"];
        assert_eq!(items(known).count(), elements(&manifest).count());
        for (element, (jet, code)) in elements(&manifest).zip(items(known).zip(items(&data["tags"]))) {
            let names = |of: &Value| items(&of["attributes"]).map(|each| each["name"].clone()).collect::<Vec<_>>();
            assert_eq!([&jet["name"], &code["name"]], [&element["tagName"]; 2]);
            assert_eq!([names(jet), names(code)], [names(element), names(element)]);
            assert!(items(&code["attributes"]).all(|each| each["description"].is_string()), "{}", code["name"]);
        }
        let card = items(known).find(|element| element["name"] == "mops-kpi").unwrap();
        let events: Vec<&Value> = items(&card["js"]["events"]).map(|event| &event["name"]).collect();
        assert!(events.contains(&&json!("mops-ready")), "{events:?}");
        let parts: Vec<&Value> = items(&card["css"]["parts"]).map(|part| &part["name"]).collect();
        assert!(parts.contains(&&json!("value")), "{parts:?}");
        assert_eq!(sources("package.json")["web-types"], format!("./{WEB_TYPES}"));
    }
}
