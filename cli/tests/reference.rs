//! A real pipeline of 8,800 opportunities against numbers counted with a SQL engine. The data may not be copied into
//! this repository: `MOPS_REFERENCE_DATA` names the folder that holds `data/` and `reference/`. Without it the test
//! counts as skipped, not as passed; `cargo xtask test --reference-data DIR` runs it.

mod common;

use common::mops;
use serde_json::Value;
use std::path::PathBuf;

#[test]
#[ignore = "needs MOPS_REFERENCE_DATA, the folder with data/maven-crm and reference/reference.json"]
fn maven_crm_to_the_last_unit() {
    let folder =
        std::env::var_os("MOPS_REFERENCE_DATA").map(PathBuf::from).expect("MOPS_REFERENCE_DATA names a folder");
    let read = |path: PathBuf| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let expected = &read(folder.join("reference/reference.json"))["maven_crm"];
    let deals = folder.join("data/maven-crm/sales_pipeline.csv");
    let charter = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../demo/data/maven-crm.charter.json");
    let (deals, charter) = (deals.to_str().unwrap(), charter.to_str().unwrap());
    let arguments = ["report", "--deals", deals, "--charter", charter, "--as-of", "2018-01-01", "--format", "json"];
    let run = mops(&arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    let report = run.json();
    let figure = |id: &str| report["figures"].as_array().unwrap().iter().find(|figure| figure["id"] == id).unwrap();
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("no number: {value}"));
    let want = |key: &str| number(&expected[key]);
    let count = |figure: &Value, reason: &str| -> f64 {
        let entries = figure["excluded"].as_array().unwrap();
        entries.iter().find(|entry| entry["reason"] == reason).map_or(0.0, |entry| number(&entry["count"]))
    };

    let win_rate = figure("win_rate");
    assert_eq!(number(&win_rate["read"]), want("rows"));
    assert_eq!(number(&win_rate["numerator"]["value"]), want("won"));
    assert_eq!(number(&win_rate["denominator"]["value"]), want("won") + want("lost"));
    assert_eq!((number(&win_rate["value"]) * 1e4).round() / 1e4, want("win_rate"));
    assert_eq!(count(win_rate, "in_flight"), want("engaging") + want("prospecting"));

    let average = figure("average_deal");
    assert_eq!(number(&average["numerator"]["value"]), want("won_value"));
    assert_eq!((number(&average["value"]) * 100.0).round() / 100.0, want("average_won_deal"));

    let cycle = figure("sales_cycle");
    let values: Vec<f64> = std::iter::once(cycle)
        .chain(cycle["parts"].as_array().unwrap())
        .filter_map(|figure| figure["value"].as_f64())
        .collect();
    assert!(values.contains(&want("cycle_days_median")), "{values:?}");
    assert!(values.iter().any(|days| (days * 1e3).round() / 1e3 == want("cycle_days_mean")), "{values:?}");

    let fields = report["tables"][0]["fields"].as_array().unwrap();
    let account = fields.iter().find(|field| field["field"] == "account").unwrap();
    assert_eq!(number(&account["blank"]), want("blank_account"));
    let stages = mops(&["view", "filters", "--deals", deals, "--charter", charter, "--as-of", "2018-01-01"]).json();
    let stage = stages["body"]["fields"].as_array().unwrap().iter().find(|field| field["field"] == "stage");
    if let Some(stage) = stage {
        for (value, key) in [("Engaging", "engaging"), ("Prospecting", "prospecting"), ("Won", "won"), ("Lost", "lost")]
        {
            let values = stage["values"].as_array().unwrap();
            let found = values.iter().find(|known| known["value"] == value).unwrap();
            assert_eq!(number(&found["count"]), want(key));
        }
    }
}
