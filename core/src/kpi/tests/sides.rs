//! Filters that reach one side of a figure and not the other, worked by hand.

use super::*;
use crate::kpi::registry;

/// Two customers of January, one of Ana; 300 won in March by a of Ana from k1 and 500 by b of Ben from k2, c is open;
/// 1,000 spent in all, of it 200 on k1.
fn tables() -> Vec<Table> {
    vec![
        table(
            "contacts",
            "id | owner | source | stage:lead | stage:customer
             r1 | Ana | Ads | 2025-03-01 | 2025-03-02
             r2 | Ben | Ads | 2025-03-01 | 2025-03-05",
        ),
        table(
            "deals",
            "id | owner | source | campaign | amount | recurring_amount | created_at | closed_at | expected_close_at | is_won | is_closed | contact_ids | currency
             a | Ana | Ads | k1 | 300 | 10 | 2025-03-01 | 2025-03-10 | | yes | yes | r1 |
             b | Ben | Ads | k2 | 500 | 30 | 2025-03-01 | 2025-03-10 | | yes | yes | r2 |
             c | Ana | Ads | k1 | 900 | 30 | 2025-03-01 | | 2025-03-30 | no | no | r2 |",
        ),
        table(
            "spend",
            "at | amount | channel | campaign
             2025-03-01 | 200 | Ads | k1
             2025-03-01 | 800 | Ads | k2",
        ),
    ]
}

fn behind(id: &str, filter: Value) -> Figure {
    let charter = charter(json!({
        "revenue": {
            "gross_margin": 0.5, "sourced_by": "deal", "marketing_sources": ["Ads"],
            "targets": [{"from": "2025-03-01", "until": "2025-04-01", "amount": 2600}],
        },
        "kpis": {"pipeline_created": {"target": 1000}, "stage_leak": {"target": 2}, "win_rate": {"target": 0.5}},
    }));
    let question = json!({"view": "kpi", "metric": id, "period": "2025-03", "as_of": "2025-04-01", "filter": filter});
    let Body::Kpi(view) = ask(charter, tables(), question).body else { panic!("not a kpi view") };
    balanced(&view.figure);
    view.figure
}

#[track_caller]
fn apart(id: &str, filter: Value) -> (Figure, String) {
    let figure = behind(id, filter);
    let undefined = figure.undefined.clone().unwrap_or_else(|| panic!("{id} is {:?}", figure.value));
    assert_eq!(undefined.code, "filter_reaches_one_side", "{id}");
    (figure, undefined.message)
}

/// Without a filter: 1,000 ÷ 2 customers; 500 ÷ (20 × 0.5) = 50 months; (800 − 1,000) ÷ 1,000; 900 ÷ (2,600 − 800).
#[test]
fn the_whole_is_held_against_the_whole() {
    let whole = |id: &str| behind(id, json!({})).value;
    near(whole("cac"), 500.0);
    near(whole("cac_payback"), 50.0);
    near(whole("marketing_roi"), -0.2);
    near(whole("channel_roi"), -0.2);
    near(whole("cost_per_stage"), 500.0);
    near(whole("pipeline_coverage"), 0.5);
}

/// One customer of Ana against all that was spent would be 1,000 each, the double of the truth.
#[test]
fn filtered_records_are_not_held_against_all_spend() {
    for id in ["cac", "cac_payback", "marketing_roi", "channel_roi", "cost_per_stage"] {
        for filter in [json!({"owner": ["Ana"]}), json!({"source": ["Ads"]})] {
            let (figure, message) = apart(id, filter);
            assert!(message.contains("no such field") && message.contains("ask without that filter"), "{message}");
            assert_eq!(figure.bounds, None);
        }
    }
    let (cac, message) = apart("cac", json!({"owner": ["Ana"]}));
    assert_eq!(
        message,
        "The filter by “owner” reaches contacts, but spend has no such field, so the two can’t be held against each other: ask without that filter."
    );
    assert_eq!(cac.part("customers").unwrap().value, Some(1.0));
    let (roi, _) = apart("marketing_roi", json!({"owner": ["Ana"]}));
    let parts: Vec<&str> = roi.parts.iter().map(|part| part.part.as_str()).collect();
    assert_eq!((parts, roi.part("won").unwrap().value), (vec!["won"], Some(300.0)));
    assert!(apart("channel_roi", json!({"owner": ["Ana"]})).0.parts.is_empty());
    // The other way round: costs of a channel, and customers of all.
    let (_, message) = apart("cac", json!({"channel": ["Ads"]}));
    assert!(message.contains("reaches spend, but contacts has no such field"), "{message}");
    // Deals and spend have campaigns, contacts have none.
    assert!(apart("cac_payback", json!({"campaign": ["k1"]})).1.contains("contacts"));
    // What is spent in a currency is not spent on what is sold in it.
    assert!(apart("marketing_roi", json!({"owner": ["Ana"], "campaign": ["k1"]})).1.contains("owner"));
}

/// Deals have owners, customers no campaign; and a tool's owner is not a deal's, so no filter chooses among tools.
#[test]
fn a_figure_says_which_filter_leaves_it_as_it_is() {
    let unfiltered = |id: &str, filter: Value| behind(id, filter).unfiltered;
    assert!(unfiltered("win_rate", json!({"owner": ["Ana"]})).is_empty());
    assert!(unfiltered("win_rate", json!({})).is_empty());
    assert_eq!(unfiltered("lead_to_customer", json!({"campaign": ["k1"], "owner": ["Ana"]})), ["campaign"]);
    // What has no value for the filter says so already.
    assert!(unfiltered("cac", json!({"owner": ["Ana"]})).is_empty());
    let tools = table("tools", "id | owner | seats_licensed | seats_active\n m | Ana | 10 | 5\n n | Ben | 10 | 9");
    let question =
        json!({"view": "kpi", "metric": "seat_utilisation", "as_of": "2025-04-01", "filter": {"owner": ["Ana"]}});
    let Body::Kpi(view) = ask(charter(json!({})), vec![tools], question).body else { panic!("not a kpi view") };
    // 14 seats used of 20.
    assert_eq!((view.figure.value, view.figure.unfiltered), (Some(0.7), vec!["owner".to_owned()]));
}

/// k1: 300 won, 200 spent: 0.5.
#[test]
fn a_field_that_both_have_chooses_on_both_sides() {
    near(behind("marketing_roi", json!({"campaign": ["k1"]})).value, 0.5);
    near(behind("channel_roi", json!({"campaign": ["k1"]})).value, 0.5);
    near(behind("channel_roi", json!({"campaign": ["k1"]})).part("Ads").unwrap().value, 0.5);
    // A field that neither has chooses nothing.
    near(behind("cac", json!({"product": ["Sails"]})).value, 500.0);
}

/// Of Ana's deals 900 are open and 300 won; the target is everybody's.
#[test]
fn some_deals_have_no_target() {
    let (coverage, message) = apart("pipeline_coverage", json!({"owner": ["Ana"]}));
    assert!(message.contains("the charter’s targets has no such field"), "{message}");
    assert_eq!(coverage.part("open").unwrap().value, Some(900.0));
    assert_eq!(coverage.part("won").unwrap().value, Some(300.0));
    assert!(coverage.part("target").is_none());
    // A total has a target of all, a rate has the same for each.
    assert_eq!(behind("pipeline_created", json!({})).target, Some(1000.0));
    assert_eq!(behind("pipeline_created", json!({"owner": ["Ana"]})).target, None);
    assert_eq!(behind("pipeline_created", json!({"channel": ["Ads"]})).target, Some(1000.0));
    assert_eq!(behind("stage_leak", json!({})).target, Some(2.0));
    assert_eq!(behind("stage_leak", json!({"owner": ["Ana"]})).target, None);
    assert_eq!(behind("win_rate", json!({"owner": ["Ana"]})).target, Some(0.5));
}

/// Segments are filters too, and so is their rest.
#[test]
fn segments_say_it_too() {
    let question =
        json!({"view": "kpi", "metric": "cac", "period": "2025-03", "as_of": "2025-04-01", "segment": "owner"});
    let Body::Kpi(view) = ask(Charter::default(), tables(), question).body else { panic!("not a kpi view") };
    assert_eq!(view.segments.len(), 2);
    assert!(view.segments.iter().all(|part| part.undefined.as_ref().unwrap().code == "filter_reaches_one_side"));
    near(view.figure.value, 500.0);
}

/// What reads spend or the charter's targets, and can be filtered, holds its records against them.
#[test]
fn every_kpi_with_two_sides_says_so() {
    for kpi in registry() {
        let definition = &kpi.definition;
        let filtered = schema(definition.table).is_some_and(|table| table.filtered);
        let two = |input: &str| input.starts_with("spend.") || input == "charter.revenue.targets";
        let against = !kpi.particulars.against.is_empty();
        assert_eq!(against, filtered && definition.inputs.iter().any(|input| two(input)), "{}", definition.id);
    }
}
