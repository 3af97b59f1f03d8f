//! What is unknown, spelled twice or planned in several lines, worked by hand.

use super::*;

const CONTACTS: &str = "
    id | source      | stage:lead | stage:opportunity | stage:customer
    c1 | Paid Search | 2025-01-03 | 2024-12-31        | 2025-02-01";

fn of(id: &str, more: Value, tables: &[(&str, &str)]) -> Figure {
    let tables = tables.iter().map(|(name, text)| table(name, text)).collect();
    figure(id, charter(json!({"revenue": more})), tables, "2025-Q1", "2025-04-01")
}

/// The only deal won, and created, in the quarter has no amount: what marketing brought is unknown, and so is its return.
#[test]
fn deals_without_amounts_are_not_worth_nothing() {
    let deals = "
        id | amount | stage     | created_at | closed_at  | contact_ids
        1  |        | closedwon | 2025-01-10 | 2025-02-10 | c1";
    let spend = "
        at         | amount
        2025-01-15 | 100";
    let touches = "
        contact_id | at         | channel
        c1         | 2025-01-20 | Email";
    let tables = [("contacts", CONTACTS), ("deals", deals), ("spend", spend), ("touches", touches)];
    for id in ["pipeline_sourced", "pipeline_influenced", "marketing_roi"] {
        let figure = of(id, json!({}), &tables);
        assert_eq!(figure.undefined.unwrap().code, "no_evidence", "{id}");
        assert_eq!(figure.bounds, None, "{id}");
    }
    // No deal at all is nothing won: (0 − 100) ÷ 100.
    let none = ("deals", "id | amount | contact_ids | closed_at");
    near(of("marketing_roi", json!({}), &[tables[0], none, tables[2]]).value, -1.0);
}

/// Of the only deal won, 500 after 100 spent, nobody knows the source: between (0 − 100) ÷ 100 and (500 − 100) ÷ 100. No
/// return is known, and both bounds are returns, not amounts.
#[test]
fn a_return_without_evidence_is_bounded_by_returns() {
    let deals = "
        id | amount | stage     | created_at | closed_at  | contact_ids
        1  | 500    | closedwon | 2025-01-10 | 2025-02-10 |";
    let spend = "
        at         | amount | channel
        2025-01-15 | 100    | Paid Search";
    let tables = [("contacts", CONTACTS), ("deals", deals), ("spend", spend)];
    for id in ["marketing_roi", "channel_roi"] {
        let figure = of(id, json!({}), &tables);
        assert_eq!(figure.undefined.unwrap().code, "no_evidence", "{id}");
        assert_eq!((figure.bounds, figure.numerator), (Some([-1.0, 4.0]), None), "{id}");
        let without = of(id, json!({}), &tables[..2]);
        assert_eq!(without.undefined.unwrap().code, "missing_table", "{id}");
    }
    let channel = of("channel_roi", json!({}), &tables).part("Paid Search").unwrap().clone();
    assert_eq!((channel.value, channel.bounds), (None, Some([-1.0, 4.0])));
}

/// 1,000 are budgeted; the one amount that was spent can't be read, so nobody knows the pace. A second one, 50, can.
#[test]
fn spend_of_which_nothing_can_be_read_is_unknown() {
    let budgets = ("budgets", "start_at | end_at | channel | amount\n2025-01-01 | 2025-04-01 | Ads | 1000");
    let contacts = ("contacts", CONTACTS);
    let ask = |id: &str, spend: &str| of(id, json!({}), &[budgets, contacts, ("spend", spend)]);
    let dark = "at | amount | channel\n2025-01-15 | ? | Ads";
    for id in ["budget_pacing", "budget_accuracy", "cost_per_stage", "cac"] {
        let found = ask(id, dark).undefined.unwrap();
        assert_eq!(found.message, "No row of spend can be read.", "{id}");
    }
    near(ask("budget_pacing", &[dark, "\n2025-01-16 | 50 | Ads"].concat()).value, 0.05);
}

/// Of 10,000 to win, one deal was won whose amount is blank: what is left to win is unknown, and so is coverage. With 4,000
/// of another, 6,000 are left, and the 3,000 due cover half. The only deal due without an amount: what is due is unknown.
#[test]
fn coverage_of_deals_without_amounts_is_unknown() {
    let target = json!({"targets": [{"from": "2025-01-01", "until": "2025-04-01", "amount": 10000}]});
    let ask = |more: &str| {
        let deals = ["id | amount | stage | created_at | closed_at | expected_close_at", more].join("\n");
        figure(
            "pipeline_coverage",
            charter(json!({"revenue": target})),
            vec![table("deals", &deals)],
            "2025-Q1",
            "2025-03-01",
        )
    };
    let [won, other, due, unpriced] = [
        "1 | | closedwon | 2025-01-10 | 2025-02-10 |\n",
        "2 | 4000 | closedwon | 2025-01-10 | 2025-02-10 |\n",
        "3 | 3000 | qualifiedtobuy | 2025-01-10 | | 2025-03-20\n",
        "4 | | qualifiedtobuy | 2025-01-10 | | 2025-03-20\n",
    ];
    let dark = ask(&[won, due].concat());
    assert_eq!((dark.undefined.as_ref().unwrap().code.as_str(), dark.parts[1].value), ("no_evidence", None));
    assert_eq!(dark.parts[0].value, Some(3000.0));
    near(ask(&[won, other, due, unpriced].concat()).value, 0.5);
    assert_eq!(ask(&[other, unpriced].concat()).undefined.unwrap().code, "no_evidence");
    near(ask(other).value, 0.0);
}

/// Two deals of which nobody knows when they were made: what was made is unknown. A third one of a known day counts.
#[test]
fn a_total_of_nothing_that_can_be_read_is_unknown() {
    let ask = |more: &str| of_all(&["id | amount | created_at\n1 | 100 |\n2 | 100 | ?", more].concat());
    let dark = ask("");
    assert_eq!((dark.value, dark.undefined.as_ref().unwrap().code.as_str()), (None, "no_evidence"));
    assert_eq!(dark.part("deals").unwrap().value, None);
    near(ask("\n3 | 7 | 2025-01-01").value, 7.0);
    // Nothing at all was made: that is 0, whatever rows are no deals.
    near(of_all("id | amount | created_at").value, 0.0);
}

fn of_all(deals: &str) -> Figure {
    figure("pipeline_created", Charter::default(), vec![table("deals", deals)], "all", "2025-04-01")
}

/// 30 with one qualifying touch of three, rounded to 10; 7 without contacts could be influenced too.
#[test]
fn fractional_influence_has_bounds() {
    let deals = "
        id | amount | created_at | contact_ids
        1  | 30     | 2025-01-10 | c1 ; c1
        2  | 7      | 2025-01-10 |";
    let touches = "
        contact_id | at         | channel | direction
        c1         | 2025-01-20 | Email   |
        c1         | 2025-01-21 | Email   | outbound
        c1         | 2025-01-22 |         |";
    let figure = of("pipeline_influenced", json!({}), &[("deals", deals), ("touches", touches)]);
    let fractional = figure.part("fractional").unwrap();
    near(fractional.value, 10.0);
    assert_eq!(fractional.bounds, Some([10.0, 17.0]));
}

/// Nothing spent in the quarter on record: a customer was not free.
#[test]
fn no_recorded_cost_is_not_free() {
    let spend = "
        at         | amount
        2024-01-15 | 100";
    for id in ["cac", "cost_per_stage"] {
        let figure = of(id, json!({}), &[("contacts", CONTACTS), ("spend", spend)]);
        assert_eq!(figure.undefined.unwrap().code, "no_cost", "{id}");
    }
}

/// Two spellings of one channel: (300 − 60 − 40) ÷ 100 under the first of them, up to (320 − 100) ÷ 100 if the deal of
/// 20 without contacts came from it. For its one lead 100 were spent, and the rows of a stage's channels are the stage's.
#[test]
fn a_channel_is_one_however_it_is_spelled() {
    let deals = "
        id | amount | stage     | created_at | closed_at  | contact_ids
        1  | 300    | closedwon | 2025-01-10 | 2025-02-10 | c1
        2  | 20     | closedwon | 2025-01-10 | 2025-02-10 |";
    let spend = "
        at         | channel     | amount
        2025-01-15 | paid search | 60
        2025-01-16 | Paid Search | 40";
    let tables = [("contacts", CONTACTS), ("deals", deals), ("spend", spend)];
    let figure = of("channel_roi", json!({}), &tables);
    let channel = figure.part("Paid Search").unwrap();
    near(channel.value, 2.0);
    assert_eq!(channel.bounds, Some([2.0, 2.2]));
    let cost = of("cost_per_stage", json!({}), &tables);
    let stage = |id: &str| cost.part(id).unwrap();
    assert_eq!(stage("lead").parts.len(), 1);
    near(stage("lead").part("Paid Search").unwrap().value, 100.0);
    assert_eq!(stage("opportunity").part("Paid Search").unwrap().used, 0);
    // Contacts are by their own source even where a deal says itself where it came from.
    let cost = of("cost_per_stage", json!({"sourced_by": "deal"}), &tables);
    near(cost.part("unmatched_spend").unwrap().value, 0.0);
}

/// A return on the margin alone: 0.655 × 1,000 = 655 less 100.
#[test]
fn a_return_on_the_margin() {
    let deals = "
        id | amount | stage     | created_at | closed_at  | contact_ids
        1  | 1000   | closedwon | 2025-01-10 | 2025-02-10 | c1";
    let spend = "
        at         | amount
        2025-01-15 | 100";
    let charter = charter(json!({
        "revenue": {"gross_margin": 0.655}, "kpis": {"marketing_roi": {"parameters": {"of": "gross_margin"}}},
    }));
    let tables = [("contacts", CONTACTS), ("deals", deals), ("spend", spend)].map(|(name, text)| table(name, text));
    let figure = figure("marketing_roi", charter, tables.to_vec(), "2025-Q1", "2025-04-01");
    near(figure.value, 5.55);
    near(figure.numerator.map(|of| of.value), 555.0);
}

/// Without expected closing dates nobody knows what is open, so there is no part that says 0.
#[test]
fn a_missing_column_leaves_no_zeros() {
    let deals = "
        id | amount | stage | created_at
        1  | 1000   | new   | 2025-01-10";
    let figure = of("pipeline_coverage", json!({}), &[("deals", deals)]);
    assert_eq!(figure.undefined.unwrap().code, "missing_field");
    assert!(figure.parts.is_empty());
}

/// Search is planned in two lines of one day, 600 + 400, and 450 spent half-way: 450 of 500 due, counted once. The line
/// of the day before no longer stands.
#[test]
fn lines_of_one_plan_add_up() {
    let budgets = "
        start_at   | end_at     | planned_at | channel | amount
        2025-01-01 | 2025-04-01 | 2024-12-02 | Search  | 600
        2025-01-01 | 2025-04-01 | 2024-12-02 | search  | 400
        2025-01-01 | 2025-04-01 | 2024-12-02 | Search  | ?
        2025-01-01 | 2025-04-01 | 2024-12-01 | Search  | 9000";
    let spend = "
        at         | channel | amount
        2025-02-14 | Search  | 450";
    let tables = || vec![table("budgets", budgets), table("spend", spend)];
    let pacing = figure("budget_pacing", charter(json!({})), tables(), "2025-Q1", "2025-02-15");
    near(pacing.value, 450.0 / 500.0);
    near(pacing.part("spent").unwrap().value, 450.0);
    assert_eq!((pacing.used, left_out(&pacing).len()), (2, 2));
    let accuracy = figure("budget_accuracy", charter(json!({})), tables(), "2025-Q1", "2025-04-01");
    near(accuracy.value, 1.0 - 550.0 / 1000.0);
}
