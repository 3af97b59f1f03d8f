//! Sessions and views, through the door that widgets and the terminal use.

use super::*;
use crate::view::{ChangeVerdict, KpiView};

fn deals() -> Vec<Table> {
    let mut text = String::from("id|stage|created_at|closed_at|owner|amount\n");
    // Month m of 2025 has m won deals and one lost one; Ana has the lost ones.
    for month in 1..=12 {
        for won in 0..month {
            text += &format!("{month}.{won}|closedwon|2024-12-01|2025-{month:02}-15|Ben|100\n");
        }
        text += &format!("{month}.lost|closedlost|2024-12-01|2025-{month:02}-20||50\n");
    }
    vec![table("deals", &text)]
}

fn card(value: Value) -> KpiView {
    let mut value = value;
    value["view"] = json!("kpi");
    value["as_of"] = json!("2026-01-01");
    let view = ask(Charter::default(), deals(), value);
    let Body::Kpi(view) = view.body else { panic!("not a kpi view") };
    view
}

#[test]
fn trend_ends_with_the_period() {
    let card = card(json!({"metric": "win_rate", "period": "2025"}));
    let trend: Vec<(&str, u64)> = card.trend.iter().map(|point| (point.period.id.as_str(), point.used)).collect();
    assert_eq!(trend.first(), Some(&("2025-01", 2)));
    assert_eq!(trend.last(), Some(&("2025-12", 13)));
    assert_eq!(trend.len(), 12);
    near(card.trend[2].value, 3.0 / 4.0);
    assert!(card.trend.iter().all(|point| !point.unfinished));
}

#[test]
fn trend_of_all_spans_the_data() {
    let card = card(json!({"metric": "win_rate"}));
    assert_eq!(card.trend.first().map(|point| point.period.id.as_str()), Some("2025-01"));
    assert_eq!(card.trend.len(), 12);
    assert_eq!(card.comparison, None);
}

#[test]
fn comparison_says_better_and_maybe_chance() {
    let card = card(json!({"metric": "win_rate", "period": "2025-12", "compare": "previous"}));
    let comparison = card.comparison.unwrap();
    near(comparison.value, 11.0 / 12.0);
    near(comparison.difference, 12.0 / 13.0 - 11.0 / 12.0);
    assert_eq!(comparison.verdict, ChangeVerdict::Better);
    assert_eq!(comparison.within_chance, Some(true));
}

/// Deals of the second half of each month are not in sight on the sixteenth, so neither is the month before's.
#[test]
fn an_unfinished_month_is_compared_with_the_same_part_of_the_month_before() {
    let query =
        json!({"view": "kpi", "metric": "win_rate", "period": "2025-12", "compare": "previous", "as_of": "2025-12-16"});
    let Body::Kpi(card) = ask(Charter::default(), deals(), query).body else { panic!("not a kpi view") };
    // Twelve won by the fifteenth, and the one lost deal of each month comes on the twentieth.
    assert_eq!((card.figure.value, card.figure.used), (Some(1.0), 12));
    assert_eq!(card.comparison.as_ref().and_then(|then| then.value), Some(1.0));
    assert_eq!(card.comparison.map(|then| then.verdict), Some(ChangeVerdict::Neutral));
    assert_eq!(card.trend.last().map(|point| point.unfinished), Some(true));
}

#[test]
fn segments_add_up_and_put_blank_last() {
    let card = card(json!({"metric": "pipeline_created", "segment": "owner"}));
    let segments: Vec<(&str, Option<f64>)> =
        card.segments.iter().map(|part| (part.part.as_str(), part.value)).collect();
    assert_eq!(segments, [("Ben", Some(7800.0)), ("", Some(600.0))]);
    assert_eq!(card.figure.value, Some(8400.0));
    card.segments.iter().for_each(balanced);
}

#[test]
fn segments_beyond_the_named_are_pooled() {
    let deals = |owners: usize| {
        let mut text = String::from("id|stage|created_at|owner|amount\n");
        for owner in 0..owners {
            for deal in 0..=owners - owner {
                text += &format!("{owner}.{deal}|qualifiedtobuy|2025-01-01|Owner {owner}|100\n");
            }
        }
        text += "blank|qualifiedtobuy|2025-01-01||100\n";
        vec![table("deals", &text)]
    };
    let segments = |owners: usize, filter: Value| {
        let query = json!({"view": "kpi", "metric": "pipeline_created", "segment": "owner", "as_of": "2026-01-01", "filter": filter});
        let Body::Kpi(card) = ask(Charter::default(), deals(owners), query).body else { panic!("not a kpi view") };
        let sum: f64 = card.segments.iter().filter_map(|part| part.value).sum();
        assert_eq!(Some(sum), card.figure.value);
        card.segments.iter().for_each(balanced);
        card.segments
    };
    let pooled = segments(15, json!({}));
    assert_eq!(pooled.len(), 14);
    let last = pooled.last().unwrap();
    assert_eq!((last.part.as_str(), last.label.as_str()), (crate::view::OTHER, "other (3 values)"));
    assert_eq!((pooled[12].part.as_str(), last.value), ("", Some(900.0)));
    // One more than are shown is shown by its name.
    assert_eq!(segments(13, json!({})).len(), 14);
    assert_eq!(segments(13, json!({}))[12].part, "Owner 12");
    // A filter on the same field bounds what is pooled.
    let wanted: Vec<String> = (0..14).map(|owner| format!("Owner {owner}")).collect();
    let filtered = segments(15, json!({"owner": wanted}));
    assert_eq!(filtered.last().map(|part| part.label.as_str()), Some("other (2 values)"));
}

#[test]
fn a_period_that_the_data_do_not_cover_gives_no_verdict() {
    let compared =
        |period: &str| card(json!({"metric": "win_rate", "period": period, "compare": "previous"})).comparison.unwrap();
    let first = period::as_of("2025-01-15", &Zone::utc()).unwrap();
    let january = compared("2025-02");
    assert_eq!((january.verdict, january.data_from), (ChangeVerdict::Neutral, Some(first)));
    assert!(january.difference.is_some_and(|difference| difference > 0.0));
    assert_eq!(compared("2025-03").data_from, None);
    assert_eq!(compared("2025-03").verdict, ChangeVerdict::Better);
}

#[test]
fn young_cohorts_are_marked_until_the_horizon_is_over() {
    let model = |days: u32| charter(json!({"kpis": {"conversion_matured": {"parameters": {"horizon_days": days}}}}));
    let mut text = String::from(
        "id|stage:lead|stage:marketing_qualified_lead|stage:sales_qualified_lead|stage:opportunity|stage:customer\n",
    );
    for month in 1..=12 {
        text += &format!("{month}|2025-{month:02}-03||||2025-{month:02}-05\n");
    }
    let card = |metric: &str, period: &str, days: u32| {
        let query = json!({"view": "kpi", "metric": metric, "period": period, "as_of": "2026-01-01"});
        let Body::Kpi(card) = ask(model(days), vec![table("contacts", &text)], query).body else {
            panic!("not a kpi view")
        };
        let unfinished: Vec<String> =
            card.trend.iter().filter(|point| point.unfinished).map(|point| point.period.id.clone()).collect();
        (card.maturing, unfinished)
    };
    let months = |months: &[u32]| months.iter().map(|month| format!("2025-{month:02}")).collect::<Vec<_>>();
    for metric in ["lead_to_customer", "lifecycle_conversion"] {
        // October ended 61 days before the as-of instant.
        assert_eq!(card(metric, "2025", 61), (true, months(&[11, 12])), "{metric}");
        assert_eq!(card(metric, "2025", 62), (true, months(&[10, 11, 12])), "{metric}");
        assert!(!card(metric, "2025-09", 90).0, "{metric}");
    }
    // Without an end, the last lead counts: it came 29 days before.
    assert!(card("lead_to_customer", "all", 30).0);
    assert!(!card("lead_to_customer", "all", 29).0);
    // Censoring and fixed ages allow for it.
    for metric in ["conversion_matured", "time_in_stage", "velocity_by_cohort"] {
        assert_eq!(card(metric, "2025", 90), (false, months(&[])), "{metric}");
    }
}

#[test]
fn a_filter_counts_what_it_leaves_out() {
    let card = card(json!({"metric": "win_rate", "filter": {"owner": [""], "product": ["X"]}}));
    near(card.figure.value, 0.0);
    assert_eq!(left_out(&card.figure), [(json!("outside_filter"), 78)]);
}

#[test]
fn scorecard_rows_come_as_asked_for() {
    let view = ask(
        Charter::default(),
        deals(),
        json!({"view": "scorecard", "metrics": ["sales_cycle", "win_rate"], "as_of": "2026-01-01"}),
    );
    let Body::Scorecard(view) = view.body else { panic!("not a scorecard") };
    let ids: Vec<&str> = view.rows.iter().map(|row| row.figure.id.as_str()).collect();
    assert_eq!(ids, ["sales_cycle", "win_rate"]);
}

#[test]
fn a_funnel_marks_its_leak() {
    let text = "id|stage:lead|stage:mql|stage:customer\n1|2025-01-01|2025-01-03|2025-01-09\n2|2025-01-01|2025-01-05|\n3|2025-01-01||";
    let model = json!({"lifecycle": {
        "stages": [{"id": "lead", "label": "Lead", "target": 0.5}, {"id": "mql", "label": "MQL", "target": 0.75}, {"id": "customer", "label": "Customer"}],
        "lead": "lead", "customer": "customer"
    }});
    let view = ask(charter(model), vec![table("contacts", text)], json!({"view": "funnel", "as_of": "2025-02-01"}));
    let Body::Funnel(view) = view.body else { panic!("not a funnel") };
    let counts: Vec<u64> = view.stages.iter().filter_map(|stage| stage.count).collect();
    assert_eq!(counts, [3, 2, 1]);
    assert_eq!(view.stages.iter().map(|stage| stage.is_leak).collect::<Vec<_>>(), [false, true, false]);
    near(view.stages[1].customers_lost, 0.5);
    near(view.stages[0].median_days, 4.0);
    near(view.stages[0].next_rate, 2.0 / 3.0);
    assert_eq!(view.stages[2].next_rate, None);
}

#[test]
fn filters_offer_values_by_frequency() {
    let view = ask(Charter::default(), deals(), json!({"view": "filters", "as_of": "2026-01-01"}));
    let Body::Filters(view) = view.body else { panic!("not filters") };
    assert_eq!(view.fields.len(), 1);
    let values: Vec<(&str, u64)> =
        view.fields[0].values.iter().map(|value| (value.value.as_str(), value.count)).collect();
    assert_eq!(values, [("Ben", 78), ("", 12)]);
    assert!(view.periods.iter().any(|period| period.id == "2025"));
}

#[test]
fn wrong_questions_are_refused_with_the_field_at_fault() {
    let refused = |value: Value, field: &str| {
        let error = session(Charter::default(), deals()).answer(&query(value)).unwrap_err();
        assert_eq!(error.place.field.as_deref(), Some(field), "{error}");
        assert!(!error.mend.is_empty(), "{error}");
    };
    refused(json!({"view": "pie", "as_of": "2026-01-01"}), "view");
    refused(json!({"view": "kpi", "as_of": "2026-01-01", "metric": "roi"}), "metric");
    refused(json!({"view": "kpi", "metric": "win_rate"}), "as_of");
    refused(json!({"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01", "compare": "never"}), "compare");
    refused(
        json!({"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01", "filter": {"closed_at": ["x"]}}),
        "filter",
    );
    refused(json!({"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01", "segment": "colour"}), "segment");
    refused(json!({"view": "funnel", "as_of": "2026-01-01", "semantics": "some"}), "semantics");
}

#[test]
fn questions_take_turns_and_both_end() {
    let mut session = session(Charter::default(), deals());
    let one = query(json!({"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01"}));
    let two = query(json!({"view": "kpi", "metric": "sales_cycle", "as_of": "2026-01-01"}));
    let (mut first, mut second) = (None, None);
    for _ in 0..10_000 {
        first = first.or_else(|| session.step(&one, 5).unwrap());
        second = second.or_else(|| session.step(&two, 5).unwrap());
    }
    assert!(first.is_some() && second.is_some());
}

/// Once somebody has filtered by a field, the same questions for its other values are answered before they are asked.
#[test]
fn what_is_likely_to_be_asked_next_is_ready() {
    let deals = "id|owner|created_at|closed_at|is_won|is_closed|amount
        1|Ana|2025-01-05|2025-02-01|yes|yes|10
        2|Ben|2025-01-06|2025-03-01|no|yes|20
        3|Ben|2025-02-07|2025-04-01|yes|yes|30
        4|Cem|2025-02-08|2025-05-01|yes|yes|40";
    let open = || session(Charter::default(), vec![table("deals", deals)]);
    let card = |owner: &str| {
        query(
            json!({"view": "kpi", "metric": "win_rate", "period": "2025", "as_of": "2026-01-01", "compare": "previous",
            "filter": {"owner": [owner]}}),
        )
    };
    let mut ready = open();
    ready.answer(&query(json!({"view": "filters", "as_of": "2026-01-01"}))).unwrap();
    assert!(!ready.ahead(1), "nobody has filtered yet");
    ready.answer(&card("Ana")).unwrap();
    assert_eq!(ready.step(&card("Ben"), 1).unwrap(), None, "not looked at yet");
    while ready.ahead(1) {}
    for owner in ["Ben", "Cem"] {
        let view = ready.step(&card(owner), 1).unwrap();
        assert_eq!(view, Some(open().answer(&card(owner)).unwrap()));
    }
}

/// Whoever looks at a field's values before choosing one finds the questions asked lately answered, and first those of
/// the most frequent value; behind the filter that is there already, and not without it.
#[test]
fn what_somebody_is_about_to_choose_is_ready() {
    let deals = "id|owner|source|created_at|closed_at|is_won|is_closed|amount
        1|Ana|web|2025-01-05|2025-02-01|yes|yes|10
        2|Ben|web|2025-01-06|2025-03-01|no|yes|20
        3|Ben|fair|2025-02-07|2025-04-01|yes|yes|30
        4|Cem|web|2025-02-08|2025-05-01|yes|yes|40
        5|Ana|fair|2025-02-08|2025-05-01|no|yes|40
        6|Cem|fair|2025-02-08|2025-05-01|yes|yes|40
        7|Ben|web|2025-02-08|2025-05-01|yes|yes|40";
    let open = || session(Charter::default(), vec![table("deals", deals)]);
    let card =
        |filter: Value| query(json!({"view": "kpi", "metric": "win_rate", "as_of": "2026-01-01", "filter": filter}));
    let look = |field: &str| query(json!({"view": "filters", "as_of": "2026-01-01", "segment": field}));
    let mut ready = open();
    ready.answer(&card(json!({}))).unwrap();
    assert!(!ready.ahead(1), "nobody looks at a field");
    let offered = ready.answer(&look("owner")).unwrap();
    assert_eq!(offered, open().answer(&query(json!({"view": "filters", "as_of": "2026-01-01"}))).unwrap());
    // Ben has three of the seven deals, the others two each, so what was asked is answered for Ben first.
    assert!(ready.ahead(usize::MAX));
    assert!(ready.step(&card(json!({"owner": ["Ben"]})), 1).unwrap().is_some());
    assert_eq!(ready.step(&card(json!({"owner": ["Ana"]})), 1).unwrap(), None, "a slice is one row long");
    while ready.ahead(1) {}
    for owner in ["Ana", "Cem"] {
        let asked = card(json!({"owner": [owner]}));
        assert_eq!(ready.step(&asked, 1).unwrap(), Some(open().answer(&asked).unwrap()));
    }
    // With Cem chosen, each source is ready for Cem's deals; all deals of a source are not.
    ready.answer(&look("source")).unwrap();
    while ready.ahead(1) {}
    for source in ["web", "fair"] {
        let asked = card(json!({"owner": ["Cem"], "source": [source]}));
        assert_eq!(ready.step(&asked, 1).unwrap(), Some(open().answer(&asked).unwrap()));
    }
    // What nobody offers has no values to work on.
    ready.answer(&look("colour")).unwrap();
    assert!(!ready.ahead(1));
}
