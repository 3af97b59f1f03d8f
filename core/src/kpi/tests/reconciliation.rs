//! Platforms against the CRM through the door, worked by hand.

use super::*;

fn platforms() -> Charter {
    let deals = json!({"metric": "conversions", "compared_to": "deals"});
    charter(json!({"platforms": [
        {
            "id": "ads", "name": "Search ads", "owner": "Ana", "sources": ["Paid Search"], "window_days": 28,
            "time_zone": "America/Los_Angeles", "definition": "Any purchase after a click.",
            "metrics": [deals, {"metric": "value", "compared_to": "revenue"}, {"metric": "sign-ups", "compared_to": "leads"}],
        },
        {"id": "network", "sources": ["Network"], "metrics": [deals]},
    ]}))
}

/// Won: a 100 in January and c 50 in February from paid search, b 300 in January from elsewhere; d is lost.
fn crm() -> Vec<Table> {
    let contacts = table(
        "contacts",
        "id | source | stage:lead
         r1 | paid search | 2025-01-02
         r2 | Organic Search | 2025-01-31
         r3 | Paid Search | 2025-02-01
         r4 |  | 2025-01-15",
    );
    let deals = table(
        "deals",
        "id | amount | closed_at | is_won | is_closed | contact_ids
         a | 100 | 2025-01-10 | yes | yes | r1
         b | 300 | 2025-01-31T23:59:59Z | yes | yes | r2
         c | 50 | 2025-02-01 | yes | yes | r1
         d | 70 | 2025-01-10 | no | yes | r1",
    );
    vec![contacts, deals]
}

fn with(rows: &str) -> Vec<Table> {
    let mut tables = crm();
    tables.push(table("platform_reports", &format!("platform | metric | start_at | end_at | value\n{rows}")));
    tables
}

fn reconciled(rows: &str) -> Figure {
    figure("reconciliation_gap", platforms(), with(rows), "all", "2025-03-15")
}

const REPORTS: &str = "
    Ads | conversions | 2025-01-01 | 2025-02-01 | 2
    ads | Value | 2025-01-01 | 2025-02-01 | 150
    ads | value | 2025-02-01 | 2025-03-01 | 100
    network | conversions | 2025-01-01 | 2025-02-01 | 2
    ads | sign-ups | 2025-01-01 | 2025-02-01 | 3
    other | conversions | 2025-01-01 | 2025-02-01 | 1
    ads | clicks | 2025-01-01 | 2025-02-01 | 9
    ads | value | 2025-03-01 | 2025-04-01 | 90";

/// Revenue: claimed 150 + 100, ours 100 + 50, so (250 − 150) ÷ 150; of all 400 + 50 that were won. Deals in January:
/// claimed 2 and 2 of 2 that were won, so twice; the ads have 1, the network none. Leads: claimed 3, ours 1 (r1) of the
/// 3 of January.
#[test]
fn claims_against_what_the_crm_has() {
    let figure = reconciled(REPORTS);
    assert_eq!((figure.read, figure.used), (8, 5));
    assert_eq!(left_out(&figure), [(json!("unmatched"), 2), (json!("in_flight"), 1)]);
    near(figure.value, 2.0 / 3.0);
    let part = |metric: &str| figure.part(metric).unwrap();
    near(part("revenue").value, 250.0 / 450.0);
    near(part("deals").value, 2.0);
    near(part("leads").value, 1.0);
    let platform = |metric: &str, platform: &str| part(metric).part(platform).unwrap();
    near(platform("revenue", "ads").value, 2.0 / 3.0);
    near(platform("deals", "ads").value, 1.0);
    near(platform("leads", "ads").value, 2.0);
    assert_eq!(platform("leads", "ads").label, "Search ads");
    let network = platform("deals", "network");
    assert_eq!(network.undefined.as_ref().unwrap().code, "no_counterpart");
    assert_eq!(network.part("claimed").unwrap().value, Some(2.0));
    assert_eq!(network.part("ours").unwrap().value, Some(0.0));
    let undeclared = figure.part("undeclared").unwrap();
    assert_eq!(undeclared.value, Some(2.0));
    let named: Vec<&str> = undeclared.parts.iter().map(|part| part.part.as_str()).collect();
    assert_eq!(named, ["ads: clicks", "other"]);
}

#[test]
fn another_metric_can_be_the_whole() {
    let settings = json!({"reconciliation_gap": {"parameters": {"metric": "leads"}}});
    let mut charter = platforms();
    charter.kpis = super::charter(json!({ "kpis": settings })).kpis;
    let figure = figure("reconciliation_gap", charter, with(REPORTS), "2025-01", "2025-03-15");
    near(figure.value, 2.0);
    // February's report is of another period.
    assert_eq!((figure.used, figure.part("revenue").unwrap().value), (4, Some(150.0 / 400.0)));
}

/// Two reports of the same days: claims add up, ours counts once. A month within a quarter: its days count once in the
/// CRM's total. Reports that overlap in part leave the total open.
#[test]
fn days_count_once() {
    let twice = "ads | value | 2025-01-01 | 2025-02-01 | 60\nads | value | 2025-01-01 | 2025-02-01 | 50";
    let figure = reconciled(twice);
    near(figure.value, 0.1);
    near(figure.part("revenue").unwrap().value, 110.0 / 400.0);
    let within = reconciled(
        "ads | conversions | 2025-01-01 | 2025-03-01 | 2\nnetwork | conversions | 2025-01-01 | 2025-02-01 | 1",
    );
    near(within.part("deals").unwrap().value, 1.0);
    let across = reconciled(
        "ads | conversions | 2025-01-01 | 2025-02-01 | 2\nnetwork | conversions | 2025-01-15 | 2025-02-15 | 1",
    );
    assert_eq!(across.part("deals").unwrap().undefined.as_ref().unwrap().code, "overlap");
}

#[test]
fn without_a_counterpart_the_gap_is_unknown() {
    let alone = vec![with(REPORTS).remove(2)];
    let figure = figure("reconciliation_gap", platforms(), alone, "all", "2025-03-15");
    assert_eq!(figure.undefined.unwrap().code, "no_counterpart");
    let revenue = figure.parts.iter().find(|part| part.part == "revenue").unwrap();
    assert_eq!(revenue.undefined.as_ref().unwrap().code, "missing_table");
    assert_eq!(revenue.parts[0].undefined.as_ref().unwrap().code, "missing_table");
    let nobody = super::figure("reconciliation_gap", Charter::default(), with(REPORTS), "all", "2025-03-15");
    assert_eq!(nobody.undefined.unwrap().code, "no_counterpart");
    assert_eq!(nobody.parts.len(), 1);
}

#[test]
fn platforms_are_checked() {
    let checked = |value: Value| -> (Vec<String>, Vec<String>) {
        let charter = charter(value);
        let place = |error: crate::error::Error| error.place.pointer.unwrap_or_default();
        (charter.check().into_iter().map(place).collect(), charter.findings().into_iter().map(place).collect())
    };
    assert_eq!(checked(json!({"platforms": [platforms().platforms[0]]})), (vec![], vec![]));
    let metric = json!({"metric": "deals", "compared_to": "deals"});
    let (faults, findings) = checked(json!({"platforms": [
        {"id": "a", "metrics": []},
        {"id": "A", "metrics": [metric, metric], "window_days": 0, "owner": "Ana", "sources": ["x"]},
    ]}));
    let expected =
        ["/platforms/1/id", "/platforms/0/metrics", "/platforms/1/metrics/1/metric", "/platforms/1/window_days"];
    assert_eq!(faults, expected);
    assert_eq!(findings, ["/platforms/0/owner", "/platforms/0/sources"]);
}
