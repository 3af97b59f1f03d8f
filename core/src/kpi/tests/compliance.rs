//! Consent, suppression, oversight and quality control, worked by hand.

use super::*;

/// Policy age 365 days at 2026-01-01. a given 100 days ago: current. b named basis, exactly 365 days: current. c given
/// 366 days ago: too old. d withdrawn. e unknown. f given without a date. g is suppressed, h has no address: not
/// marketable. 2 of 6.
#[test]
fn consent() {
    let contacts = || {
        table(
            "contacts",
            "id | email | suppressed | consent_state | consent_basis       | consent_at
             a  | a@x.y | no         | given         |                     | 2025-09-23
             b  | b@x.y |            |               | legitimate interest | 2025-01-01
             c  | c@x.y |            | given         |                     | 2024-12-31
             d  | d@x.y | no         | withdrawn     | consent             | 2025-12-01
             e  | e@x.y |            |               |                     | 2025-12-01
             f  | f@x.y |            | given         |                     |
             g  | g@x.y | yes        | given         |                     | 2025-12-01
             h  |       |            | given         |                     | 2025-12-01",
        )
    };
    let policy = charter(json!({"policies": {"consent_age_days": 365}}));
    let figure = |charter| figure("consent_currency", charter, vec![contacts()], "all", "2026-01-01");
    let found = figure(policy);
    near(found.value, 2.0 / 6.0);
    for (part, count) in [("too_old", 1.0), ("withdrawn", 1.0), ("undated", 1.0), ("unknown", 1.0)] {
        near(found.part(part).unwrap().value, count / 6.0);
    }
    assert_eq!(left_out(&found), [(json!("not_counted"), 2)]);
    let without = figure(Charter::default());
    assert_eq!(without.undefined.as_ref().unwrap().code, "no_policy");
    near(without.parts[2].value, 1.0 / 6.0);
    // How many are current nobody can say, so the panel names no number of them either.
    assert_eq!((&without.numerator, &without.parts[0].numerator), (&None, &None));
}

/// Five sends can be judged: to a before, at and after its suppression (two breaches), to b and to c that are not
/// suppressed: 3 of 5. One each went to d, suppressed since nobody knows when, and to e and f, whose date or mark can't be
/// read: 3 ÷ 8 to 6 ÷ 8, and two to five breaches. One went to nobody known. Of two rules one is owned and reviewed 92 days ago, the other has no
/// owner: 1 of 2, the lower of the two.
#[test]
fn suppression() {
    let contacts = table(
        "contacts",
        "id | suppressed | suppressed_at
         a  | yes        | 2025-06-01
         b  | no         |
         c  |            |
         d  | yes        |
         e  | no         | ?
         f  | ?          |",
    );
    let touches = table(
        "touches",
        "contact_id | at         | kind
         a          | 2025-05-31 | email_sent
         a          | 2025-06-01 | email_sent
         a          | 2025-07-01 | email_sent
         a          | 2025-07-01 | call
         b          | 2025-07-01 | email_sent
         c          | 2025-07-01 | email_sent
         d          | 2025-07-01 | email_sent
         e          | 2025-07-01 | email_sent
         f          | 2025-07-01 | email_sent
         x          | 2025-07-01 | email_sent",
    );
    let figure = |rules: Value| {
        let charter = charter(json!({"suppression_rules": rules}));
        figure("suppression_health", charter, vec![contacts.clone(), touches.clone()], "2025", "2026-01-01")
    };
    let ruled = figure(json!([
        {"id": "unsubscribed", "owner": "ana", "reviewed_at": "2025-10-01"},
        {"id": "competitors", "reviewed_at": "2025-12-01"},
    ]));
    near(ruled.value, 0.5);
    near(ruled.part("rules").unwrap().value, 0.5);
    assert!(!ruled.part("rules").unwrap().thin, "all rules are counted, none sampled");
    near(ruled.part("breaches").unwrap().value, 2.0);
    assert_eq!(ruled.part("breaches").unwrap().bounds, Some([2.0, 5.0]));
    let respected = ruled.part("respected").unwrap();
    near(respected.value, 3.0 / 5.0);
    assert_eq!(respected.bounds, Some([3.0 / 8.0, 6.0 / 8.0]));
    let breaches = respected.excluded.iter().find(|excluded| json!(excluded.reason) == json!("suppressed")).unwrap();
    let found: Vec<(u64, &str)> = breaches.examples.iter().map(|row| (row.line, row.id.as_str())).collect();
    assert_eq!(found, [(3, "a"), (4, "a")]);
    assert_eq!(left_out(&ruled), [(json!("unmatched"), 1), (json!("not_counted"), 1), (json!("no_evidence"), 3)]);
    // The board lists what to stop first: each breach with its line, then the rule that nobody owns.
    let charter_of = charter(json!({"suppression_rules": [{"id": "competitors", "reviewed_at": "2025-12-01"}]}));
    let question = json!({"view": "governance", "period": "2025", "as_of": "2026-01-01"});
    let Body::Board(board) = ask(charter_of, vec![contacts.clone(), touches.clone()], question).body else {
        panic!("no board")
    };
    let listed = board.sections.iter().find(|section| section.id == "suppression_health").unwrap();
    let rows: Vec<_> =
        listed.rows.iter().map(|row| (row.label.as_str(), row.word.as_str(), row.cells[0].text.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("a", "breach", "touches, line 3, 2025-06-01"),
            ("a", "breach", "touches, line 4, 2025-07-01"),
            ("competitors", "nobody’s", "Rule"),
        ]
    );
    // Without rules that side is unknown, and could be nothing.
    let unruled = figure(json!([]));
    near(unruled.value, 3.0 / 5.0);
    assert_eq!(unruled.bounds, Some([0.0, 6.0 / 8.0]));
}

/// E-mail is filled and valid in 3 of 4 contacts, source in 1 of 4; amounts in 2 of 2 deals. At a bar of 70%: scoring has all
/// and reads e-mail and amounts: passes. Routing reads source too: fails. Drafting has no monitor: fails, though its input
/// is not measured. Chat's input is not measured: open. Nobody knows whether summaries are active: open. Off is off.
/// 1 of 3; low 1 ÷ 5, high 3 ÷ 5.
#[test]
fn oversight() {
    let contacts = table("contacts", "id | email | source\na | a@x.org | web\nb | b@x.org |\nc | c@x.org |\nd | d |");
    let deals = table("deals", "id | amount\n1 | 10\n2 | 20");
    let features = table(
        "ai_features",
        "id        | active | owner | monitor | inputs
         scoring   | yes    | Ana   | weekly  | contacts.email; deals.amount
         routing   | yes    | Ana   | weekly  | contacts.email;contacts.source
         drafting  | yes    | Ana   |         | contacts.nothing
         chat      | yes    | Ben   | daily   | contacts.nothing
         summaries |        | Ben   | daily   | contacts.email
         old       | no     |       |         | contacts.email",
    );
    let charter = charter(json!({"kpis": {"ai_oversight": {"parameters": {"quality_bar": 70}}}}));
    let figure = figure("ai_oversight", charter, vec![contacts, deals, features], "all", "2026-01-01");
    near(figure.value, 1.0 / 3.0);
    assert_eq!(figure.bounds, Some([1.0 / 5.0, 3.0 / 5.0]));
    // All features are counted: no sample, so no interval, and five are not few.
    assert_eq!((figure.interval, figure.thin), (None, false));
    near(figure.part("owned").unwrap().value, 1.0);
    near(figure.part("watched").unwrap().value, 3.0 / 4.0);
    near(figure.part("inputs").unwrap().value, 1.0 / 2.0);
}

/// E-mail is filled in 3 of 4 contacts, in 1 of 2 of Ben's. Of a feature that reads e-mail the bar of 70% asks about all,
/// whatever contacts a reader filters by, and whoever owns the feature.
#[test]
fn a_filter_leaves_the_quality_of_inputs_as_it_is() {
    let contacts =
        table("contacts", "id | email | owner\na | a@x.org | Ana\nb | b@x.org | Ana\nc | c@x.org | Ben\nd | | Ben");
    let features =
        table("ai_features", "id | active | owner | monitor | inputs\nscoring | yes | Ben | weekly | contacts.email");
    let charter = charter(json!({"kpis": {"ai_oversight": {"parameters": {"quality_bar": 70}}}}));
    let mut session = session(charter, vec![contacts, features]);
    for asked in [json!({"filter": {"owner": ["Ben"]}}), json!({"segment": "owner"})] {
        let mut question = json!({"view": "kpi", "metric": "ai_oversight", "period": "all", "as_of": "2026-01-01"});
        question.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
        let Body::Kpi(card) = session.answer(&query(question)).unwrap().body else { panic!("not a kpi view") };
        for figure in std::iter::once(&card.figure).chain(&card.segments) {
            near(figure.value, 1.0);
        }
    }
}

/// a passed both before launch. b was checked a day late: fails. c failed the brand review, whatever its checklist. d's
/// checklist is not known: open. 1 of 3, 1 ÷ 4 to 2 ÷ 4. Checklist: a of a and b (c's and d's are not known).
#[test]
fn control_before_launch() {
    let campaigns = table(
        "campaigns",
        "id | launched_at | qa_passed | checked_at | brand_approved | approved_at
         a  | 2025-03-01  | yes       | 2025-02-01 | yes            | 2025-03-01
         b  | 2025-03-01  | yes       | 2025-03-02 | yes            | 2025-02-01
         c  | 2025-03-01  |           |            | no             |
         d  | 2025-03-01  | yes       |            | yes            | 2025-02-01
         e  | 2024-03-01  | yes       | 2024-02-01 | yes            | 2024-02-01
         f  |             | yes       | 2025-02-01 | yes            | 2025-02-01",
    );
    let figure = figure("quality_control", Charter::default(), vec![campaigns], "2025", "2026-01-01");
    near(figure.value, 1.0 / 3.0);
    assert_eq!(figure.bounds, Some([1.0 / 4.0, 2.0 / 4.0]));
    near(figure.part("checklist").unwrap().value, 1.0 / 2.0);
    near(figure.part("brand").unwrap().value, 3.0 / 4.0);
    assert_eq!(left_out(&figure), [(json!("not_started"), 1), (json!("outside_period"), 1), (json!("no_evidence"), 1)]);
}
