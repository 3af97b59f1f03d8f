//! `mops view`, `mops charter` and `mops explain`.

mod common;

use common::mops;

#[test]
fn a_view_is_what_a_widget_gets() {
    let run = mops(&[
        "view",
        "kpi",
        "--kpi",
        "win_rate",
        "--segment",
        "owner",
        "--deals",
        "deals.csv",
        "--charter",
        "charter.json",
        "--as-of",
        "2025-04-01",
    ]);
    let view = run.json();
    assert_eq!(view["body"]["view"], "kpi");
    assert_eq!(view["body"]["segment_field"], "owner");
    assert_eq!(view["as_of"], 1_743_458_400_000_i64);
}

#[test]
fn an_unknown_view_is_refused_with_the_known_ones() {
    let run = mops(&["view", "pie", "--deals", "deals.csv", "--as-of", "2025-04-01"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("pie") && run.err.contains("funnel"), "{}", run.err);
}

#[test]
fn a_kpi_view_needs_one_kpi() {
    let run = mops(&["view", "kpi", "--deals", "deals.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--kpi win_rate"), "{}", run.err);
}

#[test]
fn the_schema_describes_every_part_of_a_charter() {
    let run = mops(&["charter", "schema"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let schema = run.json();
    for part in ["time_zone", "currency", "exchange_rates", "lifecycle", "deal_stages", "sources", "kpis"] {
        assert!(schema["properties"][part].is_object(), "{part}");
    }
}

#[test]
fn a_good_charter_is_fine() {
    let run = mops(&["charter", "check", "charter.json"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("charter.json: fine."), "{}", run.out);
}

#[test]
fn every_fault_of_a_charter_is_told_with_its_place() {
    let run = mops(&["charter", "check", "broken.charter.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.matches("error:").count() >= 2, "{}", run.err);
    assert!(run.err.contains("broken.charter.json: /lifecycle/"), "{}", run.err);
}

#[test]
fn a_wrong_time_zone_gets_a_suggestion() {
    let path = std::env::temp_dir().join(format!("mops-zone-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"time_zone": "Europe/Berlim"}"#).unwrap();
    let run = mops(&["charter", "check", path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("/time_zone") && run.err.contains("Europe/Berlin"), "{}", run.err);
}

#[test]
fn a_new_charter_passes_its_own_check() {
    for files in [
        &["--deals", "deals.csv", "--contacts", "contacts.csv"][..],
        &["--deals", "pipeline.csv"],
        &["--contacts", "contacts.csv"],
    ] {
        let arguments: Vec<&str> = ["charter", "new"].iter().chain(files).copied().collect();
        let run = mops(&arguments);
        assert_eq!(run.code, 0, "{files:?}: {}", run.err);
        assert!(run.out.contains("$comment"));
        let path =
            std::env::temp_dir().join(format!("mops-new-{}-{}.json", std::process::id(), files.len() + files[1].len()));
        std::fs::write(&path, &run.out).unwrap();
        let check = mops(&["charter", "check", path.to_str().unwrap()]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(check.code, 0, "{files:?}: {}", check.err);
    }
}

#[test]
fn a_new_charter_maps_headers_and_stages_it_never_saw() {
    let draft = mops(&["charter", "new", "--deals", "pipeline.csv"]).json();
    assert_eq!(draft["sources"]["deals"]["columns"]["amount"], "close_value");
    assert_eq!(draft["sources"]["deals"]["columns"]["owner"], "sales_agent");
    let states: Vec<(&str, &str)> = draft["deal_stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["id"].as_str().unwrap(), stage["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("Engaging", "open"), ("Prospecting", "open"), ("Won", "won"), ("Lost", "lost")]);
}

#[test]
fn a_new_charter_has_the_stages_that_the_files_have() {
    let draft = mops(&["charter", "new", "--contacts", "contacts.csv", "--deals", "deals.csv"]).json();
    let stages: Vec<&str> =
        draft["lifecycle"]["stages"].as_array().unwrap().iter().map(|stage| stage["id"].as_str().unwrap()).collect();
    let expected = ["lead", "marketing_qualified_lead", "sales_qualified_lead", "opportunity", "customer"];
    assert_eq!(stages, expected);
    assert_eq!(draft["currency"], "EUR");
    let states: Vec<&str> =
        draft["deal_stages"].as_array().unwrap().iter().map(|stage| stage["label"].as_str().unwrap()).collect();
    assert_eq!(states, ["Contract sent", "Closed won", "Closed lost"]);
}

#[test]
fn explain_says_what_a_figure_means() {
    let one = mops(&["explain", "win_rate"]);
    assert_eq!(one.code, 0);
    assert!(one.out.starts_with("Win rate (win_rate)\n  Formula"), "{}", one.out);
    let all = mops(&["explain"]);
    assert!(all.out.len() > one.out.len() && all.out.contains("(lifecycle_conversion)"));
    let none = mops(&["explain", "luck"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("win_rate"), "{}", none.err);
}
