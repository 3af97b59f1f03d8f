//! Data quality, tracking and compliance, worked by hand.

use super::*;

fn text_of(figure: &Figure) -> &str {
    figure.undefined.as_ref().map_or("", |undefined| undefined.code.as_str())
}

/// By default e-mail is required always, source and owner from lead on, account and country from customer on.
///
/// a subscriber: e-mail of 1 → 1 of 1. b lead: e-mail, source; owner blank → 2 of 3. c customer by its dates: e-mail,
/// source, owner; account blank; country has no column → 3 of 4. d says no stage and has no dates: subscriber, e-mail
/// blank → 0 of 1. All: 6 of 9; with c's country blank or filled, 6 ÷ 10 to 7 ÷ 10.
#[test]
fn completeness_by_stage() {
    let contacts = table(
        "contacts",
        "id | stage      | stage:lead | stage:customer | email | source | owner | account
         a  | Subscriber |            |                | a@x.y |        |       |
         b  | lead       |            |                | b@x.y | web    |       |
         c  |            | 2025-01-02 | 2025-02-01     | c@x.y | web    | Ana   |
         d  |            |            |                |       |        |       | Acme",
    );
    let figure = figure("data_completeness", Charter::default(), vec![contacts], "all", "2026-01-01");
    near(figure.value, 6.0 / 9.0);
    assert_eq!(figure.bounds, Some([0.6, 0.7]));
    near(figure.part("lead").unwrap().value, 2.0 / 3.0);
    near(figure.part("customer").unwrap().value, 3.0 / 4.0);
    assert_eq!(figure.part("opportunity").unwrap().value, None, "nobody is there");
    let fields = figure.part("fields").unwrap();
    near(fields.part("email").unwrap().value, 3.0 / 4.0);
    near(fields.part("owner").unwrap().value, 1.0 / 2.0);
    assert_eq!(text_of(fields.part("country").unwrap()), "missing_field");
}

/// Five records that can be told, three people: ana twice by her address, ben twice by name, company and number, cem. One record
/// says nothing: 2 ÷ 5, and 2 ÷ 6 to 3 ÷ 6 whatever it is.
#[test]
fn duplicates() {
    let contacts = table(
        "contacts",
        "id | email           | phone       | name    | account | owner
         1  | ana@example.com |             | Ana     |         | Ana
         2  | ANA@example.com |             | A. P.   |         | Ben
         3  | ben@zeta.com    | 030 1234567 | Ben Ode | Zeta    | Ana
         4  |                 | 030-1234567 | Ben Odé | Zeta    | Ben
         5  | cem@eta.com     |             | Cem     |         | Ana
         6  |                 |             |         |         | Ana",
    );
    let ask = |filter: Value| {
        let query = json!({"view": "kpi", "metric": "duplicate_rate", "as_of": "2026-01-01", "filter": filter});
        let Body::Kpi(view) = ask(Charter::default(), vec![contacts.clone()], query).body else { panic!() };
        balanced(&view.figure);
        view.figure
    };
    let all = ask(json!({}));
    near(all.value, 2.0 / 5.0);
    assert_eq!(all.bounds, Some([2.0 / 6.0, 3.0 / 6.0]));
    assert_eq!(left_out(&all), [(json!("no_evidence"), 1)]);
    // Records 2 and 4 repeat 1 and 3, whoever is looked at.
    near(ask(json!({"owner": ["Ana"]})).value, 0.0);
    near(ask(json!({"owner": ["Ben"]})).value, 1.0);
}

/// Contacts: completeness 6 of 7 (e-mail 3 of 3, source 2 of 2, owner 1 of 2); validity of addresses 2 of 3, dates 6 of
/// 7 (one can't be read); uniqueness 3 of 3; consistency: order 1 of 2 (b was customer before lead), stage has date 0
/// of 1 (c says lead without a date), nothing before created 2 of 2; currentness 1 of 2 (b was updated 701 days ago).
/// Deals: completeness 7 of 8 (an owner is blank); validity: amount 1 of 2, dates 3 of 3; consistency: closed has date
/// 1 of 2, nothing before created 0 of 1; referential integrity: contacts 1 of 2; campaigns are not given.
#[test]
fn six_dimensions() {
    let contacts = table(
        "contacts",
        "id | stage | stage:lead | stage:customer | created_at | updated_at | email       | source | owner
         a  |       | 2025-01-02 | 2025-02-01     | 2025-01-01 | 2025-12-01 | a@x.org     | web    | Ana
         b  |       | 2024-01-02 | 2024-01-01     | 2024-01-01 | 2024-01-31 | b@x         | web    |
         c  | lead  |            |                | ?          |            | c@x.org     |        |",
    );
    let deals = table(
        "deals",
        "id | stage     | created_at | closed_at  | amount | owner | contact_ids | campaign
         1  | closedwon | 2025-03-02 | 2025-03-01 | 10     | Ana   | a;b         | spring
         2  | closedwon | 2025-03-02 |            | -1     |       | a;nobody    |",
    );
    let charter =
        charter(json!({"data_standard": {"required": {"subscriber": ["email"], "lead": ["source", "owner"]}}}));
    let figure = figure("data_quality", charter, vec![contacts, deals], "all", "2026-01-01");
    let dimension = |id: &str| figure.part(id).unwrap();
    // c says lead, so source and owner are required of it as well: e-mail 3 of 3, source 2 of 3, owner 1 of 3.
    near(dimension("completeness").value, (6.0 + 7.0) / (9.0 + 8.0));
    // Dates of contacts: lead 2, customer 2, created 2 of 3, updated 2 are 8 of 9; addresses 2 of 3.
    near(dimension("validity").value, (8.0 + 2.0 + 3.0 + 1.0) / (9.0 + 3.0 + 3.0 + 2.0));
    near(dimension("uniqueness").value, 1.0);
    near(dimension("consistency").value, (1.0 + 0.0 + 2.0 + 1.0 + 0.0) / (2.0 + 1.0 + 2.0 + 2.0 + 1.0));
    near(dimension("currentness").value, 1.0 / 2.0);
    near(dimension("referential_integrity").value, 1.0 / 2.0);
    let mean = (13.0 / 17.0 + 14.0 / 17.0 + 1.0 + 4.0 / 8.0 + 0.5 + 0.5) / 6.0;
    near(figure.value, mean);
    let fields = dimension("fields");
    near(fields.part("contacts.email").unwrap().value, 2.0 / 3.0);
    near(dimension("consistency").part("deals.closed_has_date").unwrap().value, 0.5);
}

/// E-mail is required: Ana has filled 2 of 2, Ben 1 of 2. None repeats another, so uniqueness is 1 for both.
#[test]
fn dimensions_by_owner() {
    let contacts =
        table("contacts", "id | email | owner\na | a@x.org | Ana\nb | b@x.org | Ana\nc | c@x.org | Ben\nd | | Ben");
    let view = ask(
        charter(json!({"data_standard": {"required": {"subscriber": ["email"]}}})),
        vec![contacts],
        json!({"view": "kpi", "metric": "data_quality", "segment": "owner", "period": "all", "as_of": "2026-01-01"}),
    );
    let Body::Kpi(card) = view.body else { panic!("not a kpi view") };
    let of = |at: usize, part: &str| card.segments[at].part(part).unwrap().value;
    assert_eq!((card.segments[0].part.as_str(), card.segments[1].part.as_str()), ("Ana", "Ben"));
    near(card.figure.part("completeness").unwrap().value, 3.0 / 4.0);
    near(of(0, "completeness"), 1.0);
    near(of(1, "completeness"), 1.0 / 2.0);
    near(of(0, "uniqueness"), 1.0);
}

/// Only addresses are there: two of them valid, both current by nothing, so currentness, consistency and references are unknown.
/// Completeness: e-mail 2 of 2. Mean of 1, 1 and 1; with the three unknown ones at 0, 3 ÷ 6.
#[test]
fn unknown_dimensions_leave_the_mean() {
    let contacts = table("contacts", "id | email\na | a@x.org\nb | b@x.org");
    let figure = figure("data_quality", Charter::default(), vec![contacts], "all", "2026-01-01");
    near(figure.value, 1.0);
    let [low, high] = figure.bounds.unwrap();
    near(Some(low), 0.5);
    near(Some(high), 1.0);
    let label = figure.denominator.unwrap().label;
    assert_eq!(label, "weights of the dimensions known (unknown: Consistency, Currentness, Referential integrity)");
}

/// No field that contacts require has a column, so nobody knows how much of them is filled: the 3 of 4 of the deal say
/// nothing about it. a was a customer on the day it was a lead, at no known hour: in order; b's dates lie after the as-of
/// date and are in order; c's left the lifecycle before it was a lead, which is no stage's order; d was a customer an hour
/// before it was a lead, and e too, whatever lies between on that day. 2 of 4 are in order.
#[test]
fn contacts_without_required_columns_and_their_stages() {
    let contacts = table(
        "contacts",
        "id | stage:lead                | stage:opportunity | stage:customer            | stage:disqualified
         a  | 2025-01-02T14:00:00+00:00 |                   | 2025-01-02                |
         b  | 2026-05-01                |                   | 2026-05-02                |
         c  | 2025-01-02                |                   | ?                         | 2025-01-01
         d  | 2025-01-02T14:00:00+00:00 |                   | 2025-01-02T13:00:00+00:00 |
         e  | 2025-01-02T14:00:00+00:00 | 2025-01-02        | 2025-01-02T13:00:00+00:00 |",
    );
    let deals = table("deals", "id | stage | created_at | amount | owner\n1 | open | 2025-01-02 | 10 |");
    let charter = charter(json!({"data_standard": {"required": {"subscriber": ["email"]}}}));
    let figure = figure("data_quality", charter, vec![contacts, deals], "all", "2026-01-01");
    let completeness = figure.part("completeness").unwrap();
    near(completeness.value, 3.0 / 4.0);
    assert_eq!(completeness.bounds, Some([0.0, 1.0]));
    near(figure.part("consistency").unwrap().part("contacts.stage_order").unwrap().value, 1.0 / 2.0);
}

/// Six touches are tagged. a keeps all rules; b lacks the campaign; c is `Email`: capital, and no channel of GA4; d's
/// campaign is not named by the pattern; e's medium is none of the standard's and no channel; f in capitals, yet paid.
/// g came by a link and is untagged, h is a call. 1 of 6; untagged 1 of 7.
#[test]
fn tracking() {
    let touches = table(
        "touches",
        "contact_id | at         | kind  | utm_source | utm_medium | utm_campaign
         a          | 2025-01-01 | visit | google     | cpc        | 2025-01_launch
         b          | 2025-01-01 | visit | google     | cpc        |
         c          | 2025-01-01 | visit | news       | Email      | 2025-01_launch
         d          | 2025-01-01 | visit | google     | cpc        | launch
         e          | 2025-01-01 | visit | partner    | poster     | 2025-01_launch
         f          | 2025-01-01 | form  | GOOGLE     | cpc        | 2025-01_launch
         g          | 2025-01-01 | form  |            |            |
         h          | 2025-01-01 | call  |            |            |
         i          | 2024-01-01 | visit | google     | cpc        | 2025-01_launch",
    );
    let charter = charter(json!({"tracking": {"mediums": ["cpc", "email", "Email"], "campaign_pattern": "####-##_*"}}));
    let figure = figure("tracking_compliance", charter, vec![touches], "2025", "2026-01-01");
    near(figure.value, 1.0 / 6.0);
    let part = |id: &str| figure.part(id).unwrap().value;
    near(part("untagged"), 1.0 / 7.0);
    near(part("required"), 1.0 / 6.0);
    near(part("lower_case"), 2.0 / 6.0);
    near(part("source"), 0.0);
    near(part("medium"), 1.0 / 6.0);
    near(part("campaign_pattern"), 1.0 / 6.0);
    near(part("known_channel"), 2.0 / 6.0);
    assert_eq!(left_out(&figure), [(json!("blank_field"), 1), (json!("not_counted"), 1), (json!("outside_period"), 1)]);
}

#[test]
fn the_standards_are_part_of_the_definitions() {
    let hash = |id: &str, value: Value| {
        let (kpi, charter) = (crate::kpi::find(id).unwrap(), charter(value));
        kpi.definition.hash(&charter, &crate::kpi::Parameters::new(&kpi.definition, &charter))
    };
    let standard = json!({"data_standard": {"current_days": 90}});
    let tracking = json!({"tracking": {"lower_case": false}});
    for (id, changed, same) in [
        ("data_quality", &standard, &tracking),
        ("duplicate_rate", &standard, &tracking),
        ("tracking_compliance", &tracking, &standard),
    ] {
        assert_ne!(hash(id, json!({})), hash(id, changed.clone()), "{id}");
        assert_eq!(hash(id, json!({})), hash(id, same.clone()), "{id}");
    }
}

/// a has no fault. b: source and owner blank, its address is none, and it repeats nothing: 3. c repeats a: 1. d entered
/// the later stage first and lacks account and country of a customer: 3, on a later line than b.
#[test]
fn the_board_leads_to_rows() {
    let contacts = || {
        table(
            "contacts",
            "id | stage | stage:lead | stage:customer | email   | source | owner | account | country
             a  |       | 2025-01-02 |                | a@x.org | web    | Ana   |         |
             b  | lead  | 2025-01-02 |                | b       |        |       |         |
             c  |       | 2025-01-03 |                | A@x.org | web    | Ben   |         |
             d  |       | 2025-03-01 | 2025-02-01     | d@x.org | web    | Ben   |         |",
        )
    };
    let board = |filter: Value| {
        let query = json!({"view": "data_quality", "as_of": "2026-01-01", "filter": filter});
        let Body::Board(board) = ask(Charter::default(), vec![contacts()], query).body else { panic!("no board") };
        board
    };
    let all = board(json!({}));
    let section = |id: &str| all.sections.iter().find(|section| section.id == id).unwrap();
    let mend = section("mend");
    assert_eq!(mend.of, Some(3));
    let text = |row: &crate::view::Row| row.cells.iter().skip(1).map(|cell| cell.text.clone()).collect::<Vec<_>>();
    let rows: Vec<(&str, Vec<String>)> = mend.rows.iter().map(|row| (row.id.as_str(), text(row))).collect();
    assert_eq!(rows[0], ("b", vec!["source, owner".into(), "email".into(), String::new(), String::new()]));
    assert_eq!(rows[1], ("d", vec!["account, country".into(), String::new(), "stage_order".into(), String::new()]));
    assert_eq!(rows[2], ("c", vec![String::new(), String::new(), String::new(), "a".into()]));
    // No personal data beside ids.
    assert!(!serde_json::to_string(mend).unwrap().contains("x.org"));
    let owners: Vec<&str> = section("by_owner").rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(owners, ["Ben", "(blank)", "Ana"]);
    assert_eq!(section("dimensions").rows.len(), 6);
    assert!(section("by_field").rows.iter().any(|row| row.id == "contacts.email"));
    assert!(all.message.ends_with("3 contacts have something to mend."), "{}", all.message);
    let ben = board(json!({"owner": ["Ben"]}));
    assert_eq!(ben.sections.iter().find(|section| section.id == "mend").unwrap().of, Some(2));
}
