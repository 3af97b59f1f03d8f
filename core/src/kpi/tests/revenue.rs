//! Where revenue comes from and what it costs, worked by hand.

use super::*;

const CONTACTS: &str = "
    id | source         | stage:lead | stage:customer
    c1 | Paid Search    | 2025-01-03 | 2025-02-01
    c2 | Offline        | 2025-01-05 | 2025-03-05
    c3 |                | 2025-01-07 |
    c4 | paid search    | 2025-02-01 | 2025-04-01
    c5 | Organic Search | 2025-02-02 |";

/// Amounts in dollars; 2 is in euros at 1.1, 5 is open, 6 names a contact that is not there, 7 none.
const DEALS: &str = "
    id | amount | currency | stage         | created_at | closed_at  | expected_close_at | contact_ids | recurring_amount
    1  | 20000  |          | closedwon     | 2025-01-10 | 2025-02-10 |                   | c1;c2       | 500
    2  | 1000   | EUR      | closedwon     | 2025-01-11 | 2025-03-01 |                   | c2          | 100
    3  | 300    |          | closedwon     | 2025-01-12 | 2025-03-02 |                   | c3          |
    4  | 700    |          | closedlost    | 2025-01-13 | 2025-03-03 |                   | c4 ; c1     |
    5  | 4000   |          | qualifiedtobuy| 2025-02-01 |            | 2025-03-31        | c5          |
    6  | 50     |          | qualifiedtobuy| 2025-02-01 |            | 2025-06-30        | nobody      |
    7  | 30     |          | qualifiedtobuy| 2025-02-01 |            |                   |             |";

const SPEND: &str = "
    at         | channel        | category | amount | currency
    2025-01-15 | Paid Search    | media    | 10000  |
    2025-02-15 | paid search    | agency   | 400    |
    2025-02-20 | Billboards     | media    | 900    |
    2025-03-01 |                | tools    | 100    |
    2025-03-02 | Paid Search    | sales    | 3000   |
    2024-12-31 | Paid Search    | media    | 5000   |
    2025-03-03 | Paid Search    | media    | 70     | JPY
    2025-03-04 | Paid Search    | media    | ?      |
    2025-04-02 | Paid Search    | media    | 9999   |";

/// Deal 1: c1's click counts, its mail sent doesn't, c2's call is outbound; the visit of 2023 is outside 180 days.
/// Deal 2: only the outbound call of c2. Deal 5: a form without a campaign or channel.
const TOUCHES: &str = "
    contact_id | at         | kind        | direction | channel | campaign
    c1         | 2025-01-20 | email_click | inbound   | Email   |
    c1         | 2025-01-19 | email_sent  | outbound  | Email   |
    c2         | 2025-01-21 | call        | outbound  |         | Spring
    c1         | 2023-01-20 | visit       | inbound   | Organic |
    c4         | 2025-03-02 | form        | inbound   |         | Spring
    c4         | 2025-03-04 | form        | inbound   |         | Spring
    c5         | 2025-03-04 | form        | inbound   |         |";

fn revenue_charter(more: Value) -> Charter {
    let mut value = json!({
        "exchange_rates": [{"currency": "EUR", "from": "2025-01-01", "rate": "1.1"}],
        "revenue": {"gross_margin": 0.8},
    });
    for (key, part) in more.as_object().unwrap() {
        value[key] = part.clone();
    }
    charter(value)
}

fn of(id: &str, more: Value) -> Figure {
    let tables = [("contacts", CONTACTS), ("deals", DEALS), ("spend", SPEND), ("touches", TOUCHES)];
    let tables = tables.map(|(name, text)| table(name, text)).to_vec();
    figure(id, revenue_charter(more), tables, "2025-Q1", "2025-04-01")
}

#[track_caller]
fn bounds(figure: &Figure, expected: [f64; 2]) {
    let found = figure.bounds.expect("bounds");
    near(Some(found[0]), expected[0]);
    near(Some(found[1]), expected[1]);
}

/// Sourced: 1 (20,000), 4 (700) by paid search, 5 (4,000) by organic search. Not: 2 (1,100). Unknown: 3 (300, contact
/// without a source), 6 (50, no such contact), 7 (30, no contact).
#[test]
fn pipeline_sourced() {
    let figure = of("pipeline_sourced", json!({}));
    near(figure.value, 24_700.0);
    bounds(&figure, [24_700.0, 25_080.0]);
    assert_eq!(left_out(&figure), [(json!("unmatched"), 1), (json!("no_evidence"), 2)]);
    let share = figure.part("share").unwrap();
    near(share.value, 24_700.0 / 25_800.0);
    bounds(share, [24_700.0 / 26_180.0, 25_080.0 / 26_180.0]);
    near(figure.part("Offline").unwrap().value, 1_100.0);
    near(figure.part("paid search").unwrap().value, 700.0);
    // What is marketing's is the charter's to say, and part of the definition.
    let other = of("pipeline_sourced", json!({"revenue": {"marketing_sources": ["OFFLINE "]}}));
    near(other.value, 1_100.0);
    assert_ne!(figure.definition.unwrap().hash, other.definition.unwrap().hash);
}

#[test]
fn a_deal_may_say_itself_where_it_came_from() {
    let deals =
        table("deals", "id | amount | created_at | source\n 1 | 10 | 2025-01-01 | Email\n 2 | 5 | 2025-01-01 | Fair");
    let charter = charter(json!({"revenue": {"sourced_by": "deal"}}));
    let figure = figure("pipeline_sourced", charter, vec![deals], "2025-Q1", "2025-04-01");
    near(figure.value, 10.0);
    assert_eq!(figure.bounds, None);
}

/// Any touch: 1 (20,000: of its three touches in 180 days one qualifies) and 4 (700: c4's form of the day before it
/// closed, c1's click and c1's mail, so two of three). Not: 2 (1,100), 3 (300), 5 (4,000). Unknown: 6 (50), of somebody
/// who is in no table, and 7 (30).
#[test]
fn pipeline_influenced() {
    let figure = of("pipeline_influenced", json!({}));
    near(figure.value, 20_700.0);
    bounds(&figure, [20_700.0, 20_780.0]);
    near(figure.part("share").unwrap().value, 20_700.0 / 26_100.0);
    near(
        figure.part("fractional").unwrap().value,
        (20_000.0_f64 / 3.0 * 1e6).round() / 1e6 + (1_400.0_f64 / 3.0 * 1e6).round() / 1e6,
    );
}

/// Won: 20,000 sourced, 1,100 not, 300 unknown. Touched: 20,000 of 21,400.
#[test]
fn revenue_contribution() {
    let figure = of("revenue_contribution", json!({}));
    near(figure.value, 20_000.0 / 21_100.0);
    bounds(&figure, [20_000.0 / 21_400.0, 20_300.0 / 21_400.0]);
    near(figure.part("influenced").unwrap().value, 20_000.0 / 21_400.0);
}

/// 20,000 won on 10,000 + 400 + 900 + 100 = 11,400 spent: 75.4386%, as Salesforce computes a campaign's ROI
/// (reference.json, `roi`). Up to 20,300 may be marketing's. Yen have no rate and one amount can't be read.
#[test]
fn marketing_roi() {
    let roi = crate::stats::reference()["roi"].clone();
    let figure = of("marketing_roi", json!({}));
    near(figure.part("won").unwrap().value, roi["won"].as_f64().unwrap());
    near(figure.part("cost").unwrap().value, roi["cost"].as_f64().unwrap());
    assert!((figure.value.unwrap() - roi["roi"].as_f64().unwrap()).abs() < 1e-6);
    bounds(&figure, [8_600.0 / 11_400.0, 8_900.0 / 11_400.0]);
    near(figure.part("spend_unread").unwrap().value, 2.0);
    let set = |name: &str, value: &str| {
        let mut parameters = json!({});
        parameters[name] = json!(value);
        of("marketing_roi", json!({"kpis": {"marketing_roi": {"parameters": parameters}}}))
    };
    near(set("of", "gross_margin").value, (16_000.0 - 11_400.0) / 11_400.0);
    near(set("attribution", "influenced").value, 8_600.0 / 11_400.0);
    let tables = vec![table("contacts", CONTACTS), table("deals", DEALS)];
    let free = super::figure("marketing_roi", revenue_charter(json!({})), tables, "2025-Q1", "2025-04-01");
    assert_eq!(free.undefined.unwrap().code, "missing_table");
}

/// Paid search, in either spelling, won 20,000 on 10,400. Billboards and a blank channel cost 1,000 and are no source.
/// Offline won 1,100 and cost nothing.
#[test]
fn channel_roi() {
    let figure = of("channel_roi", json!({}));
    near(figure.value, 9_600.0 / 10_400.0);
    bounds(&figure, [9_600.0 / 10_400.0, 9_900.0 / 10_400.0]);
    near(figure.part("Paid Search").unwrap().value, 9_600.0 / 10_400.0);
    near(figure.part("unmatched_spend").unwrap().value, 1_000.0);
    assert_eq!(figure.part("Offline").unwrap().undefined.as_ref().unwrap().code, "no_cost");
}

/// Two customers in the quarter; all cost lines: 10,000 + 400 + 900 + 100 + 3,000. Lagged by a month, December's 5,000
/// and January's 10,000 and February's 1,300 count, March's don't.
#[test]
fn cac_and_its_payback() {
    let cac = of("cac", json!({}));
    near(cac.value, 14_400.0 / 2.0);
    near(of("cac", json!({"revenue": {"acquisition_lag_months": 1}})).value, 16_300.0 / 2.0);
    near(of("cac", json!({"revenue": {"acquisition_cost_lines": ["Media"]}})).value, 10_900.0 / 2.0);
    // 7,200 for a customer who brings 500 or 110 (100 € at 1.1) a month, 305 in the mean, 80% of which is left.
    let payback = of("cac_payback", json!({}));
    near(payback.value, 7_200.0 / (305.0 * 0.8));
    assert_eq!(payback.used, 2);
    assert_eq!(of("cac_payback", json!({"revenue": {}})).undefined.unwrap().code, "missing_margin");
}

/// 11,400 for five leads and two customers; paid search 10,400 for two leads and one customer of the quarter.
#[test]
fn cost_per_stage() {
    let figure = of("cost_per_stage", json!({}));
    near(figure.value, 11_400.0 / 5.0);
    assert_eq!(figure.label, "Cost per stage (Lead)");
    let of_customers = of("cost_per_stage", json!({"kpis": {"cost_per_stage": {"parameters": {"stage": "customer"}}}}));
    near(of_customers.value, 11_400.0 / 2.0);
    assert_eq!((of_customers.label.as_str(), of_customers.used), ("Cost per stage (Customer)", 2));
    let customer = figure.part("customer").unwrap();
    near(customer.value, 11_400.0 / 2.0);
    near(figure.part("lead").unwrap().parts[0].value, 10_400.0 / 2.0);
    // That nobody has a date of it does not say that nobody entered it.
    assert!(figure.part("opportunity").is_none() && figure.note.as_ref().unwrap().contains("Opportunity"));
    near(figure.part("unmatched_spend").unwrap().value, 1_000.0);
}

/// Open and due in the quarter: 4,000 (5); won 20,000 + 1,100 + 300. Target 25,400 leaves 4,000.
#[test]
fn pipeline_coverage() {
    let target = |amounts: &[(&str, &str, f64)]| {
        let targets: Vec<Value> = amounts
            .iter()
            .map(|(from, until, amount)| json!({"from": from, "until": until, "amount": amount}))
            .collect();
        of("pipeline_coverage", json!({"revenue": {"targets": targets}}))
    };
    near(target(&[("2025-01-01", "2025-04-01", 29_400.0)]).value, 4_000.0 / 8_000.0);
    let months = [
        ("2025-02-01", "2025-04-01", 20_000.0),
        ("2025-01-01", "2025-02-01", 5_400.0),
        ("2025-04-01", "2025-05-01", 7.0),
    ];
    near(target(&months).value, 1.0);
    assert_eq!(target(&[("2025-01-01", "2025-04-01", 21_400.0)]).undefined.unwrap().code, "covered");
    assert_eq!(target(&months[1..]).undefined.unwrap().code, "no_target");
}

/// A CRM with one close date for both: of 1,000 and 2,000 open, the 2,000 are expected in the quarter. Won 500 of 4,500.
#[test]
fn one_close_date_says_when_an_open_deal_is_expected() {
    let deals = "
        id | amount | stage | created_at | closed_at  | is_won | is_closed
        1  | 1000   | new   | 2025-01-10 | 2025-05-01 | no     | no
        2  | 2000   | new   | 2025-01-10 | 2025-03-10 | no     | no
        3  | 4000   | new   | 2025-01-10 |            | no     | no
        4  | 500    | won   | 2025-01-10 | 2025-02-10 | yes    | yes";
    let targets = json!([{"from": "2025-01-01", "until": "2025-04-01", "amount": 4500}]);
    let charter = charter(json!({"revenue": {"targets": targets}}));
    let figure = figure("pipeline_coverage", charter, vec![table("deals", deals)], "2025-Q1", "2025-02-15");
    near(figure.value, 2_000.0 / 4_000.0);
    assert_eq!((figure.read, figure.used), (4, 2));
}

/// As of 2025-02-15, 45 of 90 days: search 5,000 of 10,000 so far, on time; social, revised to 3,000, 2,400 of 1,500 due;
/// events have no spend; fairs begin later, one budget names nothing.
const BUDGETS: &str = "
    start_at   | end_at     | planned_at | channel | campaign | amount
    2025-01-01 | 2025-04-01 | 2024-12-01 | Search  |          | 10000
    2025-01-01 | 2025-04-01 | 2024-12-01 | Social  |          | 2000
    2025-01-01 | 2025-04-01 | 2025-01-20 | Social  |          | 3000
    2025-01-01 | 2025-04-01 | 2025-03-20 | Social  |          | 9000
    2025-01-01 | 2025-04-01 |            |         | Fair     | 1000
    2025-03-01 | 2025-04-01 | 2024-12-01 | Print   |          | 500
    2025-01-01 | 2025-04-01 | 2024-12-01 |         |          | 700
    2025-01-01 | 2024-04-01 | 2024-12-01 | Radio   |          | 700";

const SPENT: &str = "
    at         | channel | campaign | amount
    2025-01-01 | search  |          | 3000
    2025-02-14 | Search  |          | 2000
    2025-02-15 | Search  |          | 400
    2025-01-31 | Social  |          | 2400
    2025-03-31 | Social  |          | 1000
    2025-02-01 | Stand   | fair     | 250
    2025-02-01 | Radio   |          | 77
    2025-02-01 | Sponsor |          | 60";

fn budget(id: &str, more: Value, as_of: &str) -> Figure {
    let tables = vec![table("budgets", BUDGETS), table("spend", SPENT)];
    figure(id, charter(more), tables, "2025-Q1", as_of)
}

/// Of 90 days 45 have elapsed: due 5,000 + 1,500 + 500, spent 5,000 + 2,400 + 250 before the 15th.
#[test]
fn budget_pacing() {
    let figure = budget("budget_pacing", json!({}), "2025-02-15");
    near(figure.value, 7_650.0 / 7_000.0);
    let expected =
        [("in_flight", 1), ("negative_duration", 1), ("not_counted", 1), ("blank_field", 1), ("outside_window", 1)];
    let mut found = left_out(&figure);
    found.sort_by_key(|(reason, _)| reason.to_string());
    let mut expected: Vec<_> = expected.map(|(reason, count)| (json!(reason), count)).to_vec();
    expected.sort_by_key(|(reason, _)| reason.to_string());
    assert_eq!(found, expected);
    near(figure.part("projected").unwrap().value, 15_300.0);
    near(figure.part("unbudgeted").unwrap().value, 60.0);
    let channels = figure.part("channels").unwrap();
    near(channels.part("Social").unwrap().value, 2_400.0 / 1_500.0);
    near(channels.part("Search").unwrap().value, 1.0);
    // Nothing is reported for 30 days: 15 days count, and 3,000 of 1,666.67 + 500 + 166.67 due.
    let late = budget("budget_pacing", json!({"revenue": {"reporting_lag_days": 30}}), "2025-02-15");
    assert!((late.value.unwrap() - 3_000.0 / (14_000.0 / 6.0)).abs() < 1e-8, "{:?}", late.value);
}

/// Plans as they stood on the first day: search 10,000 (5,400 spent), social 2,000 (3,400), fair 1,000 (250), print 500
/// (0): off by 4,600 + 1,400 + 750 + 500 of 13,500.
#[test]
fn budget_accuracy() {
    let figure = budget("budget_accuracy", json!({}), "2025-04-01");
    near(figure.value, 1.0 - 7_250.0 / 13_500.0);
    near(figure.part("Social").unwrap().value, 1.0 - 1_400.0 / 2_000.0);
    near(figure.part("unbudgeted").unwrap().value, 60.0);
    let early = budget("budget_accuracy", json!({}), "2025-03-31");
    assert_eq!(early.undefined.unwrap().code, "zero_denominator");
}

/// Search is on plan; social, at 2,400 in 45 of 90 days, goes to 4,800 of 3,000, further off than the fair: 500 of 1,000.
#[test]
fn the_budget_board_names_who_needs_somebody() {
    let ask = |tables: Vec<Table>| {
        let question = json!({"view": "budget", "period": "2025-Q1", "as_of": "2025-02-15"});
        let Body::Board(board) = ask(revenue_charter(json!({})), tables, question).body else { panic!("no board") };
        board
    };
    let board =
        ask(vec![table("budgets", BUDGETS), table("spend", SPENT), table("contacts", CONTACTS), table("deals", DEALS)]);
    assert!(board.message.starts_with("Social needs somebody: at its pace $4,800 "), "{}", board.message);
    let section = |id: &str| board.sections.iter().find(|section| section.id == id).unwrap();
    let channels: Vec<_> = section("channels")
        .rows
        .iter()
        .map(|row| (row.id.as_str(), row.word.as_str(), row.cells[0].value, row.cells[1].value))
        .collect();
    assert_eq!(
        channels,
        [
            ("Social", "too fast", Some(4_800.0), Some(3_000.0)),
            ("Fair", "too slow", Some(500.0), Some(1_000.0)),
            ("Search", "on plan", Some(10_000.0), Some(10_000.0)),
        ]
    );
    assert!(section("channels").note.contains("Spend that no budget names: $60."), "{}", section("channels").note);
    // None of the spend is on a channel that contacts come from, so no channel has a return.
    assert!(section("returns").rows.iter().all(|row| row.cells[0].value.is_none() && !row.cells[0].text.is_empty()));
    // All 8,187 spent by the 15th, for five leads.
    let lead = section("stages").rows.iter().find(|row| row.id == "lead").unwrap();
    near(lead.cells[0].value, 8_187.0 / 5.0);
    near(lead.cells[1].value, 5.0);
    assert_eq!(section("accuracy").rows.len(), 0, "no budget is over");
    // Nothing given, nothing claimed.
    let empty = ask(Vec::new());
    assert!(empty.message.contains("unknown"), "{}", empty.message);
    assert!(empty.sections.iter().all(|section| section.rows.iter().all(|row| row.cells[0].value.is_none())));
    assert!(!empty.sections[0].note.is_empty());
}

/// Paid search returned 92.3% (see [`channel_roi`]); Offline cost nothing, so its return is unknown and comes last.
#[test]
fn the_budget_board_ranks_returns() {
    let tables = [("contacts", CONTACTS), ("deals", DEALS), ("spend", SPEND)];
    let question = json!({"view": "budget", "period": "2025-Q1", "as_of": "2025-04-01"});
    let tables = tables.map(|(name, text)| table(name, text)).to_vec();
    let Body::Board(board) = ask(revenue_charter(json!({})), tables, question).body else { panic!("no board") };
    let returns = board.sections.iter().find(|section| section.id == "returns").unwrap();
    near(returns.rows[0].cells[0].value, 9_600.0 / 10_400.0);
    assert_eq!(returns.rows[0].id, "Paid Search");
    assert_eq!(returns.rows.last().unwrap().state, crate::view::State::Unknown);
    assert!(returns.note.contains("$1,000."), "{}", returns.note);
}
