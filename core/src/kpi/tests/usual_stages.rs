//! The lifecycle where the charter names none: the usual stages that the data have dates of.

use super::*;
use crate::view::FunnelView;

/// As many CRMs export them: nobody is asked when somebody became a subscriber. Four leads, three MQLs, two SQLs, one
/// opportunity, no customer yet but in the column.
const CONTACTS: &str = "
    id | stage:lead | stage:marketing_qualified_lead | stage:sales_qualified_lead | stage:opportunity | stage:customer
    1  | 2025-01-01 | 2025-01-03                     | 2025-01-06                 | 2025-01-10        | 2025-02-01
    2  | 2025-01-02 | 2025-01-05                     | 2025-01-08                 |                   |
    3  | 2025-01-03 | 2025-01-09                     |                            |                   |
    4  | 2025-01-04 |                                |                            |                   |
    5  |            | 2025-01-05                     |                            |                   |";

/// The same without a column.
fn without(field: &str) -> Vec<Table> {
    let mut contacts = table("contacts", CONTACTS);
    contacts.columns.remove(field);
    vec![contacts]
}

fn funnel(charter: Charter, tables: Vec<Table>) -> FunnelView {
    let view = ask(charter, tables, json!({"view": "funnel", "period": "2025", "as_of": "2026-01-01"}));
    let Body::Funnel(view) = view.body else { panic!("not a funnel") };
    balanced(&view.figure);
    balanced(&view.leak);
    view
}

/// The stages of which it is known how many reached them.
fn counts(view: &FunnelView) -> Vec<(&str, u64)> {
    view.stages.iter().filter_map(|stage| Some((stage.id.as_str(), stage.count?))).collect()
}

/// The usual stages as an organisation would write them.
fn written() -> Value {
    serde_json::to_value(Charter::default().lifecycle).unwrap()
}

#[test]
fn an_export_without_subscribers_begins_with_leads() {
    let view = funnel(Charter::default(), without("none"));
    assert_eq!(
        counts(&view),
        [
            ("lead", 4),
            ("marketing_qualified_lead", 3),
            ("sales_qualified_lead", 2),
            ("opportunity", 1),
            ("customer", 1)
        ]
    );
    near(view.figure.value, 1.0 / 4.0);
    near(view.stages[0].next_rate, 3.0 / 4.0);
    // Of the five, the last never became a lead.
    assert_eq!((view.figure.used, left_out(&view.figure)), (4, vec![(json!("not_started"), 1)]));
    let note = "No charter names the stages of the lifecycle, so the usual ones count. Left out, because the data have \
                no dates for them: Subscriber.";
    assert_eq!(view.figure.note.as_deref(), Some(note));
    assert_eq!(view.leak.note.as_deref(), Some(note));
    // Days as a lead: 2, 3, 6, and one who is still there: level at a half from 3 to 6.
    near(view.stages[0].median_days, 4.5);
}

#[test]
fn every_figure_of_stages_counts_the_same_ones() {
    let stages = ["lead", "marketing_qualified_lead", "sales_qualified_lead", "opportunity", "customer"];
    for (id, shown) in [("lifecycle_conversion", 5), ("stage_leak", 0), ("time_in_stage", 4)] {
        let figure = figure(id, Charter::default(), without("none"), "2025", "2026-01-01");
        assert!(figure.note.as_ref().unwrap().ends_with(": Subscriber."), "{id}");
        let parts: Vec<&str> = figure.parts.iter().map(|part| part.part.as_str()).collect();
        assert_eq!(parts.iter().filter(|part| stages.contains(part)).count(), shown, "{id} {parts:?}");
        assert!(!parts.iter().any(|part| part.contains("subscriber")), "{id} {parts:?}");
    }
    let view = ask(
        Charter::default(),
        without("none"),
        json!({"view": "scorecard", "metrics": ["lifecycle_conversion"], "period": "2025", "as_of": "2026-01-01"}),
    );
    let Body::Scorecard(card) = view.body else { panic!("not a scorecard") };
    near(card.rows[0].figure.value, 1.0 / 4.0);
    assert!(card.rows[0].trend.iter().any(|point| point.value == Some(0.25)));
    // What does not go by each stage's dates says nothing of them.
    let figure = figure("lead_to_customer", Charter::default(), without("none"), "2025", "2026-01-01");
    assert_eq!(figure.note, None);
}

#[test]
fn any_order_counts_the_same_stages() {
    let question = json!({"view": "funnel", "semantics": "any_stages", "as_of": "2026-01-01"});
    let Body::Funnel(view) = ask(Charter::default(), without("none"), question).body else { panic!("not a funnel") };
    assert_eq!(counts(&view)[..2], [("lead", 4), ("marketing_qualified_lead", 4)]);
}

#[test]
fn a_stage_without_dates_between_two_with_dates_is_left_out_too() {
    let view = funnel(Charter::default(), without("stage:sales_qualified_lead"));
    let expected = [("lead", 4), ("marketing_qualified_lead", 3), ("opportunity", 1), ("customer", 1)];
    assert_eq!(counts(&view), expected);
    near(view.stages[1].next_rate, 1.0 / 3.0);
    near(view.figure.value, 1.0 / 4.0);
    assert!(view.figure.note.unwrap().ends_with(": Subscriber, Sales qualified lead."));
}

#[test]
fn a_column_with_nothing_in_it_tells_no_dates() {
    let mut contacts = table("contacts", CONTACTS);
    contacts.columns.insert("stage:subscriber".into(), Column::Time(vec![BLANK; contacts.rows]));
    assert_eq!(counts(&funnel(Charter::default(), vec![contacts]))[0], ("lead", 4));
    // One that can't be read does, and its row is on the ledger.
    let mut contacts = table("contacts", CONTACTS);
    contacts.columns.insert("stage:subscriber".into(), column(Kind::Time, ["", "", "?", "", ""].into_iter()));
    let view = funnel(Charter::default(), vec![contacts]);
    assert_eq!((counts(&view)[0], view.figure.note.as_deref()), (("subscriber", 0), None));
    assert_eq!(left_out(&view.figure), [(json!("unparsable_date"), 1), (json!("not_started"), 4)]);
}

#[test]
fn stages_after_the_last_date_are_unknown_and_stay() {
    let figure = figure("lifecycle_conversion", Charter::default(), without("stage:customer"), "2025", "2026-01-01");
    assert_eq!(figure.part("customer").unwrap().undefined.as_ref().unwrap().code, "missing_field");
    assert_eq!(figure.value, None);
    near(figure.part("opportunity").unwrap().value, 1.0 / 4.0);
    let view = funnel(Charter::default(), without("stage:customer"));
    let last = view.stages.last().unwrap();
    assert_eq!((last.id.as_str(), last.count, last.thin), ("customer", None, false), "unknown is not nobody");
}

#[test]
fn dates_of_one_stage_alone_are_no_lifecycle() {
    let tables = vec![table("contacts", "id|stage:customer\n1|2025-01-01")];
    let figure = figure("lifecycle_conversion", Charter::default(), tables, "2025", "2026-01-01");
    assert_eq!((figure.undefined.unwrap().code.as_str(), figure.note), ("missing_field", None));
}

#[test]
fn what_an_organisation_writes_is_never_bent() {
    let view = funnel(charter(json!({"lifecycle": written()})), without("none"));
    assert_eq!(view.figure.undefined.as_ref().unwrap().code, "missing_field");
    assert_eq!((view.stages.len(), view.figure.note), (6, None));
    // A charter that says other things leaves the stages open.
    let silent = funnel(charter(json!({"currency": "EUR"})), without("none"));
    assert_eq!(silent.stages.len(), 5);
}

#[test]
fn a_sign_off_is_for_the_stages_that_were_counted() {
    let hash = |id: &str, tables: Vec<Table>| {
        figure(id, Charter::default(), tables, "all", "2026-01-01").definition.unwrap().hash
    };
    let mut full = table("contacts", CONTACTS);
    let leads = full.columns.get("stage:lead").unwrap().clone();
    full.columns.insert("stage:subscriber".into(), leads);
    for id in ["lifecycle_conversion", "stage_leak"] {
        let kpi = crate::kpi::of(id);
        let usual = kpi
            .definition
            .hash(&Charter::default(), &crate::kpi::Parameters::new(&kpi.definition, &Charter::default()));
        assert_eq!(hash(id, vec![full.clone()]), usual);
        assert_ne!(hash(id, without("none")), usual);
        assert_ne!(hash(id, without("stage:opportunity")), hash(id, without("none")));
    }
    // Nor do figures that don't count stages lapse.
    assert_eq!(hash("lead_to_customer", vec![full]), hash("lead_to_customer", without("none")));
}

#[test]
fn another_charter_over_the_same_data_finds_its_own_stages() {
    let mut session = session(Charter::default(), without("none"));
    let question = query(json!({"view": "funnel", "period": "2025", "as_of": "2026-01-01"}));
    let stages = |session: &mut Session| {
        let Body::Funnel(view) = session.answer(&question).unwrap().body else { panic!("not a funnel") };
        (view.stages.len(), view.figure.value)
    };
    assert_eq!(stages(&mut session), (5, Some(0.25)));
    session.set_charter(charter(json!({"lifecycle": written()}))).unwrap();
    assert_eq!(stages(&mut session), (6, None));
    session.set_charter(charter(json!({"currency": "EUR"}))).unwrap();
    assert_eq!(stages(&mut session), (5, Some(0.25)));
}
