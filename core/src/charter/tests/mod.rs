#[cfg(feature = "schema")]
mod schema;

use super::Charter;
use crate::time::day_of_date;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    let shown = match Charter::parse(text) {
        Ok(_) => "sound".to_owned(),
        Err(faults) => faults.iter().map(|fault| format!("{fault}\n")).collect(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn sound() {
    assert!(Charter::default().check().is_empty());
    assert_eq!(Charter::parse("{}"), Ok(Charter::default()));
    check(
        r#"{"$comment": "a", "lifecycle": {"$comment": ["b"], "stages": [{"id": "l", "label": "L", "$comment": 1}, {"id": "c", "label": "C"}], "lead": "l", "customer": "c"}}"#,
        expect!["sound"],
    );
}

#[test]
fn faults_of_syntax_and_shape() {
    check(
        "{\n  \"currency\": }",
        expect![[r#"
        line 2: not valid JSON: expected value, at column 15. Correct the text there; an editor that knows JSON shows the place.
    "#]],
    );
    check(
        r#"{"curency": "EUR"}"#,
        expect![[r#"
        /curency: there is no field “curency” here. Did you mean “currency”? Notes may stand in a field named “$comment”.
    "#]],
    );
    check(
        r#"{"minimum_n": "many"}"#,
        expect![[r#"
            /minimum_n: “many” stands where a whole number from 0 up is expected. Write a whole number from 0 up.
        "#]],
    );
    check(
        r#"{"lifecycle": {"stages": [{"id": "l", "label": "L", "alias": []}], "lead": "l", "customer": "c"}}"#,
        expect![[r#"
            /lifecycle/stages/0/alias: there is no field “alias” here. Did you mean “aliases”? Notes may stand in a field named “$comment”.
        "#]],
    );
    // All at once, each in its place.
    check(
        r#"{"week_start": "mondy", "minimum_n": -1, "blanks": [null, "a", 3], "sources": {"a/b": {"delimiter": ";;"}},
            "lifecycle": {"stages": [{"label": true}], "lead": "l", "customer": "c", "exits": {}},
            "kpis": {"win_rate": {"parameters": {"x": []}, "target": "0.5", "sign_off": "yes"}, "$comment": 3},
            "deal_stages": [{"id": "a", "state": "shut"}], "exchange_rates": [{"$comment": "", "currency": null}]}"#,
        expect![[r#"
            /week_start: “mondy” is not possible here. Did you mean “monday”?
            /exchange_rates/0/currency: null stands where text is expected. Write text.
            /exchange_rates/0: “from” is missing. Add it.
            /exchange_rates/0: “rate” is missing. Add it.
            /minimum_n: -1 stands where a whole number from 0 up is expected. Write a whole number from 0 up.
            /blanks/0: null stands where text is expected. Write text.
            /blanks/2: 3 stands where text is expected. Write text.
            /lifecycle/stages/0: “id” is missing. Add it.
            /lifecycle/stages/0/label: true stands where text is expected. Write text.
            /lifecycle/exits: an object stands where a list is expected. Write a list.
            /deal_stages/0/state: “shut” is not possible here. Use one of: open, won, lost.
            /sources/a~1b/delimiter: “;;” stands where one character is expected. Write one character.
            /kpis/win_rate/target: “0.5” stands where a number is expected. Write a number.
            /kpis/win_rate/parameters/x: neither a number nor text. `mops explain` says what it may be.
            /kpis/win_rate/sign_off: “yes” stands where an object is expected. Write an object.
        "#]],
    );
    check(
        "[1]",
        expect![[r#"
            a list stands where an object is expected. Write an object.
        "#]],
    );
}

#[test]
fn faults_of_soundness() {
    check(
        r#"{
          "fiscal_year_start_month": 13, "currency": "euro",
          "exchange_rates": [{"currency": "USD", "from": "2025-02-30", "rate": "1,08"}, {"currency": "GBP", "from": "2025-01-01", "rate": "0"}],
          "lifecycle": {"stages": [{"id": "c", "label": "Customer", "target": 25}, {"id": "l", "label": "Lead", "aliases": ["CUSTOMER"]}], "lead": "l", "customer": "c"},
          "sources": {"deal": {}, "deals": {"columns": {"amout": "x"}, "decimal_sign": ";"}},
          "kpis": {"win_rat": {}, "win_rate": {"target": 25, "parameters": {"nope": 1}, "sign_off": {"by": "", "at": "soon", "hash": "h"}}}
        }"#,
        expect![[r#"
            /fiscal_year_start_month: there is no month 13. Give a number from 1 to 12.
            /currency: “euro” is not an ISO 4217 code. Give three capital letters, such as "EUR".
            /exchange_rates/0/from: “2025-02-30” is not a date. Write it as 2026-01-31.
            /exchange_rates/0/rate: “1,08” is not a positive decimal number with at most nine decimals. Write it as text with a point, such as "1.0837".
            /exchange_rates/1/rate: “0” is not a positive decimal number with at most nine decimals. Write it as text with a point, such as "1.0837".
            /lifecycle/customer: the customer stage does not come after the lead stage. Put the stages in order, from first contact to customer.
            /lifecycle/stages/0/target: a target is a share from 0 to 1. Write 25% as 0.25.
            /lifecycle/stages/1/aliases/0: “customer” already stands for the stage at /lifecycle/stages/0; names are compared without case. Give each name to one stage only.
            /sources/deal: there is no table “deal”. Use one of: contacts, stage_events, deals, deal_stage_events, touches, campaigns, spend, budgets, forecasts, actuals, requests, platform_reports, reports, tools, capabilities, integrations, automations, ai_features.
            /sources/deals/columns/amout: deals has no field “amout”. Use one of: id, amount, currency, stage, created_at, closed_at, expected_close_at, updated_at, is_won, is_closed, owner, source, account, country, product, region, segment, campaign, contact_ids, forecast_category, recurring_amount, name.
            /sources/deals/decimal_sign: neither “.” nor “,”. Give one of the two.
            /kpis/win_rat: there is no KPI “win_rat”. Did you mean “win_rate”?
            /kpis/win_rate/target: the target of a rate is a share from 0 to 1. Write 25% as 0.25.
            /kpis/win_rate/parameters/nope: win_rate has no parameter “nope”. It has none: remove it.
            /kpis/win_rate/sign_off/by: a sign-off needs a name, a date and the definition's hash. `mops charter sign` writes all three.
            /kpis/win_rate/sign_off/at: “soon” is not a date. Write it as 2026-01-31.
        "#]],
    );
}

#[test]
fn faults_of_governance() {
    check(
        r#"{
          "lifecycle": {"stages": [{"id": "l", "label": "Lead"}, {"id": "q", "label": "Qualified"}, {"id": "l", "label": "Lead"}, {"id": "c", "label": "Customer"}], "lead": "l", "customer": "c"},
          "people": [{"id": "ana"}, {"id": "ana"}, {"id": " "}],
          "suppression_rules": [{"id": "bounced", "reviewed_at": "yesterday"}],
          "policies": {"access_review_days": 0},
          "kpis": {"conversion_matured": {"parameters": {"horizon_days": 0}}},
          "readiness": {"decisions": [{"id": "a", "label": "A", "gates": [{"id": "g", "label": "G", "figure": "win_rat", "at_least": 1}]}]},
          "control_stack": {
            "pillars": [{"id": "people", "label": "People", "inputs": ["win_rat", "data_quality", "data_quality"]}],
            "layers": [{"id": "people", "label": "Again", "inputs": []}, {"id": "top", "label": "Top", "inputs": ["control_stack", "ownership_coverage/people"]}]
          }
        }"#,
        expect![[r#"
            /lifecycle/stages/2/id: the stages loop: “l” comes again after /lifecycle/stages/0. Name each stage once, in one order; a way back is an exit.
            /kpis/conversion_matured/parameters/horizon_days: 0 is not possible here. It may be a whole number from 1 to 3650.
            /people/1/id: “ana” is already the id of /people/0. Give each its own id.
            /people/2/id: the id is empty. Give a short word that nothing else in the list has.
            /suppression_rules/0/reviewed_at: “yesterday” is not a date. Write it as 2026-01-31.
            /policies/access_review_days: 0 leaves no time at all. Give a whole number from 1 up.
            /readiness/decisions/0/gates/0/figure: no figure “win_rat” can decide a gate. Did you mean “win_rate”?
            /control_stack/pillars/0/inputs/0: no figure “win_rat” can be part of a score. Did you mean “win_rate”?
            /control_stack/pillars/0/inputs/2: “data_quality” is there twice. Name each figure once in a layer.
            /control_stack/layers/0/id: “people” is already the id of /control_stack/pillars/0. Name each layer once.
            /control_stack/layers/0/inputs: nothing decides its score. Give it at least one figure.
            /control_stack/layers/1/inputs/0: no figure “control_stack” can be part of a score. Use one of: lifecycle_conversion, lead_to_customer, conversion_matured, time_in_stage, stage_leak, velocity_by_cohort, pipeline_created, win_rate, average_deal, sales_cycle, pipeline_velocity, pipeline_sourced, pipeline_influenced, pipeline_coverage, revenue_contribution, marketing_roi, channel_roi, cost_per_stage, cac, cac_payback, forecast_reliability, pipeline_forecast, budget_pacing, budget_accuracy, data_completeness, duplicate_rate, deal_data_quality, data_quality, tracking_compliance, consent_currency, suppression_health, ai_oversight, quality_control, speed_to_lead, routing_accuracy, conversion_in_window, campaign_cycle_time, campaign_velocity, intake_balance, reporting_rhythm, segment_health, attribution_credit, attribution_consistency, reconciliation_gap, seat_utilisation, capability_utilisation, stack_utilisation, shelfware_cost, stack_redundancy, renewal_exposure, total_cost_of_ownership, integration_health, integration_coverage, automation_drift, permission_review, ownership_coverage, definition_coverage, ops_alignment.
        "#]],
    );
}

/// What is wrong in the organisation doesn't refuse the charter.
#[test]
fn findings_of_governance() {
    let charter = Charter::parse(
        r#"{
          "people": [{"id": "ana", "name": "Ana Silva", "authority": true}, {"id": "ben", "authority": false}, {"id": "cem"}],
          "reports_to": "cem",
          "functions": [
            {"id": "a", "label": "Routing", "layer": "process", "critical": true, "accountable": ["ana", "cem"]},
            {"id": "b", "label": "Consent", "layer": "process", "critical": true},
            {"id": "c", "label": "CRM", "layer": "platform", "critical": true, "accountable": ["ben"]},
            {"id": "d", "label": "Reports", "layer": "proof", "critical": false, "accountable": ["anna silva"]}
          ],
          "suppression_rules": [{"id": "bounced", "owner": "dora"}],
          "kpis": {
            "win_rate": {"owner": "dora", "sign_off": {"by": "ben", "at": "2025-01-01", "hash": "0"}},
            "sales_cycle": {"sign_off": {"by": "cem", "at": "2025-01-01", "hash": "0"}}
          }
        }"#,
    )
    .unwrap();
    let said: String = charter.findings().iter().map(|finding| format!("{finding}\n")).collect();
    expect![[r#"
        /kpis/sales_cycle/sign_off/hash: sales_cycle has changed since cem signed it. Sign it as it is now: `mops charter sign sales_cycle --by NAME --at DATE`.
        /kpis/sales_cycle/sign_off/by: “cem” signed sales_cycle, and nothing says whether they have authority. Let somebody sign who has authority: `mops charter sign sales_cycle --by NAME --at DATE`.
        /kpis/win_rate/sign_off/hash: win_rate has changed since ben signed it. Sign it as it is now: `mops charter sign win_rate --by NAME --at DATE`.
        /kpis/win_rate/owner: nobody in “people” is “dora”. Add them to “people”, or name somebody who is there.
        /kpis/win_rate/sign_off/by: “ben” signed win_rate, and they have no authority. Let somebody sign who has authority: `mops charter sign win_rate --by NAME --at DATE`.
        /suppression_rules/0/owner: nobody in “people” is “dora”. Add them to “people”, or name somebody who is there.
        /functions/0/accountable: Ana Silva and cem are accountable for Routing: that is a conflict, not coverage. Keep the one who decides.
        /functions/1/accountable: nobody is accountable for Consent, which is critical. Name one person.
        /functions/2/accountable: ben is accountable for CRM and has no authority. Give them authority, or name somebody who has it.
        /functions/3/accountable/0: nobody in “people” is “anna silva”. Did you mean “Ana Silva”?
        /reports_to: nothing says which team cem works in, so the reporting line is unknown. Give that person a “team”, or name the team here.
    "#]].assert_eq(&said);
    assert_eq!(Charter::default().findings(), []);
}

#[test]
fn conversion_is_exact() {
    let charter = Charter::parse(
        r#"{"currency": "EUR", "exchange_rates": [
            {"currency": "USD", "from": "2025-01-01", "rate": "0.9"},
            {"currency": "USD", "from": "2025-07-01", "rate": "0.5"}]}"#,
    )
    .unwrap();
    let day = |month, date| day_of_date(2025, month, date).unwrap();
    assert_eq!(charter.convert(100, "usd", day(6, 30)), Some(90));
    assert_eq!(charter.convert(100, "USD", day(7, 1)), Some(50));
    assert_eq!(charter.convert(100, "USD", day(1, 1) - 1), None);
    assert_eq!(charter.convert(100, "GBP", day(7, 1)), None);
    assert_eq!((charter.convert(7, "", 0), charter.convert(7, "EUR", 0)), (Some(7), Some(7)));
    // Halves go to the even neighbour, on either side of zero.
    assert_eq!([1, 3, -1, -3].map(|amount| charter.convert(amount, "USD", day(8, 1))), [0, 2, 0, -2].map(Some));
}
