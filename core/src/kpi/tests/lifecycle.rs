//! The lifecycle, worked by hand.

use super::*;

/// Three stages and a way out.
fn model() -> Value {
    json!({
        "minimum_n": 2,
        "lifecycle": {
            "stages": [
                {"id": "lead", "label": "Lead"},
                {"id": "mql", "label": "MQL", "target": 0.5},
                {"id": "customer", "label": "Customer"}
            ],
            "lead": "lead",
            "customer": "customer",
            "exits": [{"id": "lost", "label": "Lost"}]
        }
    })
}

fn contacts(text: &str) -> Vec<Table> {
    vec![table("contacts", text)]
}

/// A full way, one that skips, one backwards, one that stays, one that never started, one next year.
const CONTACTS: &str = "
    id | stage:lead | stage:mql  | stage:customer | stage:lost
    1  | 2025-01-01 | 2025-01-11 | 2025-02-10     |
    2  | 2025-01-02 |            | 2025-03-01     |
    3  | 2025-01-05 | 2025-01-03 |                |
    4  | 2025-01-06 | 2025-01-26 |                | 2025-02-05
    5  |            | 2025-01-07 |                |
    6  | 2026-01-01 | 2026-01-02 |                |
    7  | 2025-01-10 | ?          |                |";

#[test]
fn conversion_all_stages() {
    let figure = figure("lifecycle_conversion", charter(model()), contacts(CONTACTS), "2025", "2026-02-01");
    // 1, 2 and 4 count: three leads, two MQLs, one customer.
    near(figure.value, 1.0 / 3.0);
    near(figure.part("mql").unwrap().value, 2.0 / 3.0);
    near(figure.part("lead→mql").unwrap().value, 2.0 / 3.0);
    let last = figure.part("mql→customer").unwrap();
    near(last.value, 0.5);
    assert_eq!(last.target, Some(0.5));
    assert!(last.interval.is_some());
    let expected = [
        (json!("unparsable_date"), 1),
        (json!("stage_out_of_order"), 1),
        (json!("not_started"), 1),
        (json!("outside_period"), 1),
    ];
    assert_eq!(left_out(&figure), expected);
}

#[test]
fn conversion_any_stages() {
    let mut model = model();
    model["kpis"] = json!({"lifecycle_conversion": {"parameters": {"semantics": "any_stages"}}});
    let figure = figure("lifecycle_conversion", charter(model), contacts(CONTACTS), "2025", "2026-02-01");
    // Leads 1 2 3 4, MQLs 1 3 4 5, customers 1 2.
    near(figure.value, 0.5);
    near(figure.part("mql").unwrap().value, 1.0);
    assert_eq!(figure.interval, None);
    assert_eq!(left_out(&figure), [(json!("unparsable_date"), 1), (json!("outside_period"), 1)]);
}

#[test]
fn conversion_of_a_stage_nobody_tells_about_is_unknown() {
    let bare = contacts("id|stage:lead|stage:customer\n1|2025-01-01|2025-01-02");
    let figure = figure("lifecycle_conversion", charter(model()), bare, "all", "2026-01-01");
    near(figure.part("lead").unwrap().value, 1.0);
    for key in ["mql", "customer", "lead→mql"] {
        assert_eq!(figure.part(key).unwrap().undefined.as_ref().unwrap().code, "missing_field", "{key}");
    }
}

#[test]
fn lead_to_customer_in_three_readings() {
    let rows = contacts(
        "id | stage:lead | stage:customer
         1  | 2025-01-01 | 2025-01-20
         2  | 2025-01-02 | 2025-03-01
         3  | 2025-01-03 |
         4  | 2024-12-01 | 2025-01-05
         5  |            | 2025-01-06
         6  | 2025-01-09 | 2025-01-08",
    );
    let figure = figure("lead_to_customer", charter(model()), rows, "2025-01", "2025-06-01");
    near(figure.value, 2.0 / 3.0);
    assert_eq!(
        left_out(&figure),
        [(json!("stage_out_of_order"), 1), (json!("not_started"), 1), (json!("outside_period"), 1)]
    );
    // Customers in January: 1, 4, 5, 6. Leads in January: 1, 2, 3, 6.
    near(figure.part("snapshot").unwrap().value, 1.0);
    assert_eq!(figure.part("snapshot").unwrap().interval, None);
    // Of the four customers, 1 and 4 had been leads.
    near(figure.part("reverse_cohort").unwrap().value, 0.5);
}

/// Five leads: converted after 10 and 30 days, lost after 20, two in flight after 15 and 40.
const RACE: &str = "
    id | stage:lead | stage:mql | stage:customer | stage:lost
    1  | 2025-01-01 |           | 2025-01-11     |
    2  | 2025-01-01 |           | 2025-01-31     |
    3  | 2025-01-01 |           |                | 2025-01-21
    4  | 2025-01-26 |           |                |
    5  | 2025-01-01 |           |                | 2024-12-01
    6  | 2025-01-05 |           | 2025-01-04     |";

#[test]
fn conversion_matured_with_competing_exits() {
    let mut model = model();
    model["kpis"] = json!({"conversion_matured": {"parameters": {"horizon_days": 30}}});
    let figure = figure("conversion_matured", charter(model), contacts(RACE), "all", "2025-02-10");
    // At 10 days 5 at risk: 1/5. At 15 one leaves unseen. At 20 one of 3 lost: 4/5 × 1/3. At 30 one of 2: 8/15 × 1/2.
    near(figure.value, 1.0 / 5.0 + 4.0 / 15.0);
    near(figure.part("competing").unwrap().value, 4.0 / 15.0);
    assert_eq!(figure.part("median").unwrap().undefined.as_ref().unwrap().code, "not_reached");
    assert_eq!(left_out(&figure), [(json!("negative_duration"), 1)]);
    assert_eq!(figure.numerator.unwrap().value, 2.0);
}

#[test]
fn conversion_matured_before_anybody_was_watched_so_long_is_unknown() {
    let figure = figure("conversion_matured", charter(model()), contacts(RACE), "all", "2025-02-10");
    assert_eq!(figure.undefined.unwrap().code, "not_reached");
}

#[test]
fn conversion_matured_without_exits_is_kaplan_meier() {
    let rows = contacts(
        "id | stage:lead | stage:customer
         1  | 2025-01-01 | 2025-01-11
         2  | 2025-01-01 |
         3  | 2025-01-21 |
         4  | 2025-01-01 | 2025-02-10",
    );
    let mut model = model();
    model["kpis"] = json!({"conversion_matured": {"parameters": {"horizon_days": 40}}});
    let figure = figure("conversion_matured", charter(model), rows, "all", "2025-02-10");
    // S = 3/4, one leaves after 20 days, then 1 of 2 at 40.
    near(figure.value, 1.0 - 0.75 * 0.5);
    near(figure.part("median").unwrap().value, 40.0);
    assert!(figure.part("competing").is_none());
}

#[test]
fn time_in_stage_censors_those_still_there() {
    let rows = contacts(
        "id | stage:lead | stage:mql  | stage:customer | stage:lost
         1  | 2025-01-01 | 2025-01-05 |                |
         2  | 2025-01-01 |            | 2025-01-09     |
         3  | 2025-01-01 |            |                | 2025-01-13
         4  | 2025-01-01 |            |                |
         5  | 2025-01-09 | 2025-01-01 |                |",
    );
    let figure = figure("time_in_stage", charter(model()), rows, "all", "2025-01-31");
    // 4, 8, 12 days and one in flight at 30: S is 3/4, 1/2, 1/4; level at ½ from 8 to 12.
    near(figure.value, 10.0);
    assert_eq!((figure.used, left_out(&figure)), (4, vec![(json!("negative_duration"), 1)]));
    let lead = figure.part("lead").unwrap();
    near(lead.part("median").unwrap().value, 10.0);
    assert_eq!(lead.part("p90").unwrap().undefined.as_ref().unwrap().code, "not_reached");
    // Both who entered MQL are still there, and 2, 3 and 4 never did.
    let mql = figure.part("mql").unwrap();
    assert_eq!((mql.used, left_out(mql)), (2, vec![(json!("not_started"), 3)]));
    assert_eq!(mql.undefined.as_ref().unwrap().code, "not_reached");
    assert!(figure.part("customer").is_none());
}

/// Leads of each month, how many of them became MQL and customer, all within the month.
fn months(months: &[(&str, usize, usize, usize)]) -> Vec<Table> {
    let mut text = String::from("id|stage:lead|stage:mql|stage:customer\n");
    for (month, leads, mqls, customers) in months {
        for lead in 0..*leads {
            let at = |day: u32, reached: bool| if reached { format!("{month}-{day:02}") } else { String::new() };
            text += &format!("{month}.{lead}|{}|{}|{}\n", at(1, true), at(2, lead < *mqls), at(3, lead < *customers));
        }
    }
    contacts(&text)
}

#[test]
fn stage_leak_against_target_and_own_past() {
    let rows = || months(&[("2025-01", 10, 8, 4), ("2025-02", 10, 6, 3), ("2025-03", 10, 7, 3), ("2025-04", 20, 8, 2)]);
    let april = figure("stage_leak", charter(model()), rows(), "2025-04", "2025-05-01");
    // lead→mql: median of 0.8, 0.6, 0.7 is 0.7, actual 0.4 of 20, onward 2/8: 0.3 × 20 × 0.25 = 1.5.
    // mql→customer: target 0.5, actual 0.25 of 8: 0.25 × 8 = 2.
    near(april.part("lead→mql").unwrap().value, 1.5);
    near(april.part("lead→mql").unwrap().part("benchmark").unwrap().value, 0.7);
    near(april.part("mql→customer").unwrap().value, 2.0);
    near(april.value, 2.0);
    // In March only two months went before, so the first step is unknown, not without a leak.
    let march = figure("stage_leak", charter(model()), rows(), "2025-03", "2025-04-01");
    assert_eq!(march.part("lead→mql").unwrap().undefined.as_ref().unwrap().code, "no_target");
    near(march.value, (0.5 - 3.0 / 7.0) * 7.0);
    let all = figure("stage_leak", charter(model()), rows(), "all", "2025-05-01");
    assert_eq!(all.part("lead→mql").unwrap().undefined.as_ref().unwrap().code, "no_target");
}

#[test]
fn stage_leak_holds_an_unfinished_month_against_equally_old_ones() {
    let mut rows = String::from("id|stage:lead|stage:mql|stage:customer\n");
    for month in ["2025-01", "2025-02", "2025-03", "2025-04"] {
        // Two leads on the first: one MQL and customer by the tenth, the other by the twentieth.
        rows += &format!("{month}.1|{month}-01|{month}-10|{month}-10\n{month}.2|{month}-01|{month}-20|{month}-20\n");
    }
    let figure = figure("stage_leak", charter(model()), contacts(&rows), "2025-04", "2025-04-15");
    // By the middle of every month one of two got there: no step leaks.
    near(figure.part("lead→mql").unwrap().part("benchmark").unwrap().value, 0.5);
    near(figure.part("lead→mql").unwrap().value, 0.0);
}

#[test]
fn velocity_leaves_young_cells_blank() {
    let rows = contacts(
        "id | stage:lead | stage:customer
         1  | 2025-01-31 | 2025-02-01
         2  | 2025-01-01 | 2025-04-30
         3  | 2025-01-01 |
         4  | 2025-03-01 | 2025-03-02
         5  | 2025-03-01 |",
    );
    let view = ask(charter(model()), rows, json!({"view": "cohorts", "as_of": "2025-05-01"}));
    let Body::Cohorts(view) = view.body else { panic!("not cohorts") };
    balanced(&view.figure);
    // At age 3 only January is over: 2 of 3.
    near(view.figure.value, 2.0 / 3.0);
    assert_eq!(view.figure.part("2025-03").unwrap().undefined.as_ref().unwrap().code, "not_reached");
    assert_eq!(view.ages, [0, 1, 2, 3]);
    let cells = |index: usize| -> Vec<Option<u64>> {
        view.cohorts[index].cells.iter().map(|cell| cell.as_ref().map(|cell| cell.converted)).collect()
    };
    assert_eq!(cells(0), [Some(0), Some(1), Some(1), Some(2)]);
    assert_eq!(cells(1), [Some(1), Some(1), None, None]);
    assert_eq!(view.cohorts[1].period.id, "2025-03");
    assert_eq!(view.curve.first().map(|point| (point.day, point.rate, point.at_risk)), Some((0.0, 0.0, 5)));
}
