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

/// The ads' January ends at midnight in Los Angeles, on 1 February at 08:00 UTC: x, won at 03:00, is theirs of January;
/// y at 08:30 of February; z, a date, of 1 February wherever that is. At the start, w of 1 January 07:59 UTC is still
/// December's. The network counts UTC's days: of v in the same hours nothing moves.
#[test]
fn a_platform_counts_its_own_days() {
    let deals = |source: &str| {
        table(
            "deals",
            &format!(
                "id | amount | closed_at | is_won | is_closed | source
                 w | 1 | 2025-01-01T07:59:00Z | yes | yes | {source}
                 x | 10 | 2025-02-01T03:00:00Z | yes | yes | {source}
                 y | 100 | 2025-02-01T08:30:00Z | yes | yes | {source}
                 z | 1000 | 2025-02-01 | yes | yes | {source}"
            ),
        )
    };
    let ours = |charter: &Charter, source: &str, row: &str| {
        let reports = table("platform_reports", &format!("platform | metric | start_at | end_at | value\n{row}"));
        let figure = figure("reconciliation_gap", charter.clone(), vec![deals(source), reports], "all", "2025-03-15");
        let metric = figure.parts.iter().find(|part| !part.parts.is_empty()).unwrap();
        let platform = metric.parts[0].clone();
        (platform.part("ours").unwrap().value, platform.undefined.map(|undefined| undefined.code))
    };
    let mut charter = platforms();
    charter.revenue.sourced_by = crate::charter::revenue::SourcedBy::Deal;
    assert_eq!(ours(&charter, "Paid Search", "ads | value | 2025-01-01 | 2025-02-01 | 5").0, Some(10.0));
    assert_eq!(ours(&charter, "Paid Search", "ads | value | 2025-02-01 | 2025-03-01 | 5").0, Some(1100.0));
    assert_eq!(
        ours(&charter, "Paid Search", "ads | value | 2025-01-01T08:00:00Z | 2025-02-01T08:00:00Z | 5").0,
        Some(10.0)
    );
    let utc = |period: &str| ours(&charter, "Network", &format!("network | conversions | {period} | 5")).0;
    assert_eq!((utc("2025-01-01 | 2025-02-01"), utc("2025-02-01 | 2025-03-01")), (Some(1.0), Some(3.0)));
    // A zone whose offsets nobody gave: unknown, not the charter's.
    charter.platforms[0].time_zone = "Asia/Kolkata".into();
    let (ours, code) = ours(&charter, "Paid Search", "ads | value | 2025-01-01 | 2025-02-01 | 5");
    assert_eq!((ours, code.as_deref()), (None, Some("missing_zone")));
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

fn board(charter: Charter, tables: Vec<Table>) -> crate::view::BoardView {
    let question = json!({"view": "reconciliation", "period": "all", "as_of": "2025-03-15"});
    let Body::Board(board) = ask(charter, tables, question).body else { panic!("no board") };
    board
}

/// Of the three sums (1 of leads, 2 of deals, 250 ÷ 450 of revenue) that of deals says most.
#[test]
fn the_board_names_the_quarrel() {
    use crate::view::State;
    let board = board(platforms(), with(REPORTS));
    assert_eq!(
        board.message,
        "Together platforms claim 200% of the CRM’s deals won. Some of it is claimed twice. network alone claims \
         100%, and nothing in the CRM has its sources."
    );
    assert_eq!(board.state, State::Bad);
    let ids: Vec<&str> = board.sections.iter().map(|section| section.id.as_str()).collect();
    assert_eq!(ids, ["leads", "deals", "revenue", "undeclared"]);
    let deals = &board.sections[1];
    assert_eq!(deals.note, "Together they claim 200% of the CRM’s 2.");
    let [network, ads] = deals.rows.as_slice() else { panic!("two platforms") };
    assert_eq!((ads.label.as_str(), ads.word.as_str(), ads.state), ("Search ads", "claims more", State::Warning));
    assert_eq!(
        ads.note,
        "Any purchase after a click. Its days are those of America/Los_Angeles. Settle one window and one definition."
    );
    let values: Vec<_> = ads.cells.iter().map(|cell| cell.value).collect();
    assert_eq!(values, [Some(2.0), Some(1.0), Some(1.0), None, None]);
    assert_eq!((ads.cells[3].text.as_str(), ads.cells[4].text.as_str()), ("28 days", "Ana"));
    assert_eq!((network.state, network.cells[2].value), (State::Unknown, None));
    assert_eq!((network.cells[3].text.as_str(), network.cells[4].text.as_str()), ("not declared", "nobody"));
    assert!(network.note.starts_with("What it counts is not declared."));
    let undeclared: Vec<&str> = board.sections[3].rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(undeclared, ["ads: clicks", "other"]);
}

#[test]
fn the_board_says_when_nothing_is_declared_or_claimed_twice() {
    use crate::view::State;
    let nobody = board(Charter::default(), with(REPORTS));
    assert!(nobody.message.contains("unknown: No declared platform"), "{}", nobody.message);
    assert_eq!((nobody.state, nobody.sections.len()), (State::Unknown, 1));
    let modest = board(platforms(), with("ads | value | 2025-01-01 | 2025-02-01 | 104"));
    assert_eq!(
        modest.message,
        "Together platforms claim 26% of the CRM’s revenue. Search ads alone claims 26%; by our count it has 25%."
    );
    let row = &modest.sections[0].rows[0];
    assert_eq!((modest.state, row.state, row.word.as_str()), (State::Neutral, State::Good, "agrees"));
}

/// A gap can be unknown for three reasons, and each asks for something else.
#[test]
fn the_board_says_why_a_gap_is_unknown() {
    let told = |charter: Charter, tables: Vec<Table>| {
        let board = board(charter, tables);
        let row = &board.sections[0].rows[0];
        (row.word.clone(), row.note.clone())
    };
    let claim = "ads | value | 2025-01-01 | 2025-02-01 | 104";
    let mut abroad = platforms();
    abroad.platforms[0].time_zone = "Asia/Kolkata".into();
    let (word, note) = told(abroad, with(claim));
    assert_eq!(word, "time zone not known");
    assert!(note.ends_with("those of Asia/Kolkata. Give the offsets of its time zone, or mend its name."), "{note}");
    let (word, note) = told(platforms(), with(claim).split_off(2));
    assert_eq!(word, "table missing");
    assert!(note.ends_with("Give the CRM’s table that it is held against."), "{note}");
    let (word, note) = told(platforms(), with("network | conversions | 2025-01-01 | 2025-02-01 | 2"));
    assert_eq!(word, "no counterpart");
    assert!(note.ends_with("Count on none of it until its sources stand in the CRM."), "{note}");
}
