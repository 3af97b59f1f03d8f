//! What was planted in the demo company's data stands in its figures, as `demo/data/README.md` says.

mod common;

use common::mops;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::LazyLock;

fn ask(command: &[&str], period: &str) -> Value {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../demo/data");
    let charter = data.join("charter.json");
    let (data, charter) = (data.to_str().unwrap(), charter.to_str().unwrap());
    let place = ["--data", data, "--charter", charter, "--as-of", "2026-01-01", "--period", period];
    let run = mops(&[command, &place].concat());
    assert_ne!(run.code, 2, "{}", run.err);
    run.json()
}

static REPORT: LazyLock<Value> = LazyLock::new(|| ask(&["report", "--format", "json"], "all"));
static STACK: LazyLock<Value> = LazyLock::new(|| ask(&["view", "stack"], "all"));

fn figure(id: &str) -> &'static Value {
    let figures = REPORT["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn part(id: &str, part: &str) -> &'static Value {
    let parts = figure(id)["parts"].as_array().unwrap();
    parts.iter().find(|known| known["part"] == part).unwrap_or_else(|| panic!("{id} has no part {part}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// One test, since the report over the company's year is made once.
#[test]
fn what_was_planted_stands_in_the_figures() {
    three_tools_send_the_marketing_mailings();
    nobody_measured_beacon_intent();
    the_price_enquiry_alert_drifts();
    one_sign_off_has_lapsed();
    two_are_accountable_for_lead_routing_and_nobody_for_the_suppression_list();
    one_ai_feature_is_fed_by_poor_data();
    one_campaign_breaks_the_utm_convention();
    a_mailing_went_to_suppressed_contacts();
    people_are_there_twice();
    launches_went_live_unchecked();
    one_region_is_misrouted();
    one_channel_looks_good_only_under_last_touch();
    one_platform_claims_what_others_brought();
    one_segment_is_tired();
    forecasts_hope_since_august();
    the_pipelines_own_past_beats_probabilities();
}

/// The row of a board's section.
fn row<'a>(board: &'a Value, section: &str, label: &str) -> &'a Value {
    let sections = board["body"]["sections"].as_array().unwrap();
    let section = sections.iter().find(|known| known["id"] == section).unwrap_or_else(|| panic!("no {section}"));
    let rows = section["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row["label"].as_str().is_some_and(|known| known.starts_with(label)));
    found.unwrap_or_else(|| panic!("{label} is not in {section}"))
}

fn three_tools_send_the_marketing_mailings() {
    let note = row(&STACK, "redundancy", "E-mail sending")["note"].as_str().unwrap();
    for tool in ["Tidal Automation", "Postwing", "Maildeck"] {
        assert!(note.contains(tool), "{tool} is not in: {note}");
    }
}

fn nobody_measured_beacon_intent() {
    assert_eq!(number(&part("stack_utilisation", "not_measured")["value"]), 1.0);
    let example = &figure("stack_utilisation")["excluded"][0];
    assert_eq!((&example["reason"], &example["examples"][0]["id"]), (&"no_evidence".into(), &"beacon-intent".into()));
    assert_eq!(example["examples"][0]["name"], "Beacon Intent");
    // Not measured widens the bounds, and never counts as unused.
    let (value, bounds) = (number(&figure("stack_utilisation")["value"]), &figure("stack_utilisation")["bounds"]);
    assert!(number(&bounds[0]) < value && value < number(&bounds[1]), "{bounds} around {value}");
    assert_eq!(row(&STACK, "tools", "Beacon Intent")["state"], "unknown");
}

fn the_price_enquiry_alert_drifts() {
    assert_eq!(number(&part("automation_drift", "runs")["numerator"]["value"]), 1.0);
    let map = ask(&["view", "system_map"], "all");
    let alert = row(&map, "automations", "Price enquiry alert");
    assert_eq!(alert["state"], "bad");
    let cells = alert["cells"].as_array().unwrap();
    let counts: Vec<f64> = cells.iter().filter_map(|cell| cell["value"].as_f64()).collect();
    assert_eq!(counts, [60.0, 412.0]);
}

fn one_sign_off_has_lapsed() {
    let states: Vec<(&str, &str)> = REPORT["figures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|figure| (figure["id"].as_str().unwrap(), figure["definition"]["sign_off"]["state"].as_str().unwrap()))
        .collect();
    let lapsed: Vec<&str> = states.iter().filter(|(_, state)| *state == "lapsed").map(|(id, _)| *id).collect();
    assert_eq!(lapsed, ["conversion_matured"]);
    assert_eq!(number(&part("definition_coverage", "lapsed")["value"]), 1.0);
}

fn two_are_accountable_for_lead_routing_and_nobody_for_the_suppression_list() {
    for (word, label) in [("conflict", "Lead routing"), ("gap", "Suppression list")] {
        let part = part("ownership_coverage", word);
        assert_eq!(number(&part["value"]), 1.0);
        assert!(part["label"].as_str().unwrap().ends_with(label), "{}", part["label"]);
    }
}

fn one_ai_feature_is_fed_by_poor_data() {
    let inputs = part("ai_oversight", "inputs");
    assert_eq!(number(&inputs["numerator"]["value"]), number(&inputs["denominator"]["value"]) - 1.0);
}

fn one_campaign_breaks_the_utm_convention() {
    let wrong = number(&part("tracking_compliance", "lower_case")["numerator"]["value"]);
    let whole = figure("tracking_compliance");
    let broken = number(&whole["denominator"]["value"]) - number(&whole["numerator"]["value"]);
    // Everything that breaks a rule comes from the links that were made by hand: they break this one too.
    assert!(wrong > 50.0, "{wrong}");
    assert_eq!(broken, wrong);
}

fn a_mailing_went_to_suppressed_contacts() {
    assert_eq!(number(&part("suppression_health", "breaches")["value"]), 23.0);
}

fn people_are_there_twice() {
    // 60 planted pairs; a few namesakes beside them are found as well, and most of the planted ones.
    let rate = number(&figure("duplicate_rate")["value"]);
    assert!((50.0..80.0).contains(&(rate * 5_000.0)), "{rate}");
}

fn launches_went_live_unchecked() {
    for (part_name, unfit) in [("checklist", 5.0), ("brand", 3.0)] {
        let part = part("quality_control", part_name);
        let passed = number(&part["numerator"]["value"]);
        assert_eq!(number(&part["denominator"]["value"]) - passed, unfit, "{part_name}");
    }
}

fn one_region_is_misrouted() {
    let view = ask(&["view", "kpi", "--kpi", "routing_accuracy", "--segment", "region"], "2025-Q4");
    for region in view["body"]["segments"].as_array().unwrap() {
        let (name, accuracy) = (region["label"].as_str().unwrap(), number(&region["value"]));
        assert_eq!(accuracy < 0.9, name == "Nordics & Poland", "{name}: {accuracy}");
    }
}

/// The segment that gets every mailing is the only one with contacts worn out by them, and most of its people leave.
fn one_segment_is_tired() {
    let share = |segment: &Value, key: &str| {
        let parts = segment["parts"].as_array().unwrap();
        number(&parts.iter().find(|part| part["part"] == key).unwrap()["value"])
    };
    let segments = figure("segment_health")["parts"].as_array().unwrap();
    let (tired, awake): (Vec<&Value>, Vec<&Value>) =
        segments.iter().partition(|segment| segment["part"] == "Public sector");
    assert_eq!((tired.len(), awake.len()), (1, 3));
    assert!(share(tired[0], "exhausted") > 0.1);
    for segment in awake {
        assert_eq!(share(segment, "exhausted"), 0.0, "{segment}");
        assert!(share(segment, "opt_out") * 4.0 < share(tired[0], "opt_out"), "{segment}");
    }
}

/// Up to July 2025 forecasts lean neither way; since August they are a quarter too high and more.
fn forecasts_hope_since_august() {
    let periods = part("forecast_reliability", "periods")["parts"].as_array().unwrap();
    assert_eq!(periods.len(), 24);
    let bias = |from: &str, until: &str| {
        let inside = periods.iter().filter(|period| (from..until).contains(&period["part"].as_str().unwrap()));
        let sides =
            inside.map(|period| (number(&period["numerator"]["value"]), number(&period["denominator"]["value"])));
        let (over, came) = sides.fold((0.0, 0.0), |sums, side| (sums.0 + side.0, sums.1 + side.1));
        over / came
    };
    let (before, since) = (bias("2024-01", "2025-08"), bias("2025-08", "2026-01"));
    assert!(before.abs() < 0.06, "{before}");
    assert!((0.2..0.4).contains(&since), "{since}");
}

/// By last touch Retargeting has most of the credit, by first touch within half a year next to none; so attribution is
/// not stable, and the board names the channel.
fn one_channel_looks_good_only_under_last_touch() {
    let share = |model: &str| {
        let parts = part("attribution_credit", model)["parts"].as_array().unwrap();
        let found = parts.iter().find(|channel| channel["part"] == "Retargeting").unwrap();
        number(&found["value"]) / number(&figure("attribution_credit")["value"])
    };
    assert!(share("last") > 0.6, "{}", share("last"));
    for model in ["first", "linear", "u_shaped", "w_shaped", "full_path", "markov", "shapley"] {
        assert!(share(model) < share("last") * 0.6, "{model}: {}", share(model));
    }
    let channels = part("attribution_consistency", "channels")["parts"].as_array().unwrap();
    let spread = |channel: &Value| number(&channel["bounds"][1]) - number(&channel["bounds"][0]);
    let widest = channels.iter().max_by(|one, other| spread(one).total_cmp(&spread(other))).unwrap();
    assert_eq!(widest["part"], "Retargeting");
    assert!(number(&widest["bounds"][0]) < 0.05, "{widest}");
    assert_eq!(figure("attribution_consistency")["parts"][0]["part"], "use_with_care");
    let board = ask(&["view", "attribution"], "all");
    let message = board["body"]["message"].as_str().unwrap();
    assert!(message.contains("Retargeting depends most"), "{message}");
    assert_eq!(row(&board, "channels", "Retargeting")["word"], "do not move budget");
}

/// Without the Follow-up network platforms claim less than was won; with it, more.
fn one_platform_claims_what_others_brought() {
    for metric in ["deals", "revenue"] {
        let sums = part("reconciliation_gap", metric);
        assert!(number(&sums["value"]) > 1.1, "{metric}: {}", sums["value"]);
        let platforms = sums["parts"].as_array().unwrap();
        let of = |platform: &Value, key: &str| {
            let parts = platform["parts"].as_array().unwrap();
            number(&parts.iter().find(|part| part["part"] == key).unwrap()["value"])
        };
        let network = platforms.iter().find(|platform| platform["part"] == "Follow-up network").unwrap();
        assert_eq!((&network["value"], of(network, "ours")), (&Value::Null, 0.0));
        let crm = number(&sums["denominator"]["value"]);
        assert!(of(network, "claimed") > 0.8 * crm);
        let others = platforms.iter().filter(|platform| platform["part"] != "Follow-up network");
        assert!(others.map(|platform| of(platform, "claimed")).sum::<f64>() < 0.5 * crm);
    }
    let board = ask(&["view", "reconciliation"], "all");
    let message = board["body"]["message"].as_str().unwrap();
    assert!(message.contains("claimed twice. Follow-up network alone claims"), "{message}");
    assert_eq!(row(&board, "revenue", "Follow-up network")["word"], "no counterpart");
}

/// The CRM's probabilities are of winning at all, and too hopeful: the pipeline's own past comes closer in every month.
fn the_pipelines_own_past_beats_probabilities() {
    let months = part("pipeline_forecast", "months")["parts"].as_array().unwrap();
    assert!(months.len() >= 6, "{}", months.len());
    for month in months {
        let value = |key: &str| {
            let parts = month["parts"].as_array().unwrap();
            number(&parts.iter().find(|part| part["part"] == key).unwrap()["value"])
        };
        let off = |key: &str| (value(key) - value("actual")).abs();
        assert!(off("forecast") < off("probabilities"), "{month}");
        assert!(value("probabilities") > value("actual"), "{month}");
    }
}
