//! Who answers for what, worked by hand.

use super::*;
use crate::figure::SignOffState;

fn governed(value: Value) -> Figure {
    let (id, charter_text) = (value["kpi"].as_str().unwrap(), value["charter"].clone());
    figure(id, charter(charter_text), Vec::new(), "all", "2026-01-01")
}

fn part<'a>(figure: &'a Figure, key: &str) -> &'a Figure {
    figure.part(key).unwrap_or_else(|| panic!("no part {key} in {:?}", figure.parts))
}

fn people() -> Value {
    json!([
        {"id": "ana", "name": "Ana Silva", "team": "marketing_operations", "authority": true},
        {"id": "ben", "name": "Ben Okoro", "team": "it", "authority": false},
        {"id": "cem", "name": "Cem Kaya", "team": "marketing"},
    ])
}

fn function(label: &str, layer: &str, critical: bool, accountable: &[&str]) -> Value {
    json!({"id": label.to_lowercase(), "label": label, "layer": layer, "critical": critical, "accountable": accountable})
}

/// Seven functions: one is not critical, one has an owner of whose authority nothing is said. Five are left, of which
/// Routing alone is covered: 1 ÷ 5. With the unknown one it could be 1 ÷ 6 to 2 ÷ 6.
#[test]
fn one_owner_with_authority_covers_a_function() {
    let figure = governed(json!({"kpi": "ownership_coverage", "charter": {"people": people(), "functions": [
        function("Routing", "process", true, &["ana"]),
        function("Consent", "process", true, &["ana", "cem"]),
        function("Platform", "platform", true, &["ben"]),
        function("Reports", "proof", true, &[]),
        function("Archive", "proof", false, &[]),
        function("Budget", "people", true, &["Cem Kaya"]),
        function("Events", "people", true, &["dora"]),
    ]}}));
    near(figure.value, 1.0 / 5.0);
    assert_eq!(figure.bounds, Some([1.0 / 6.0, 2.0 / 6.0]));
    assert_eq!((figure.read, figure.used, figure.thin), (7, 5, false));
    assert_eq!(left_out(&figure), [(json!("not_counted"), 1), (json!("no_evidence"), 1)]);
    // By layer: people 0 of 1 known, process 1 of 2, platform 0 of 1, proof 0 of 1.
    for (layer, value) in [("people", 0.0), ("process", 0.5), ("platform", 0.0), ("proof", 0.0)] {
        near(part(&figure, layer).value, value);
    }
    assert_eq!(part(&figure, "people").bounds, Some([0.0, 0.5]));
    assert_eq!(part(&figure, "conflict").label, "More than one accountable: Consent");
    assert_eq!(part(&figure, "gap").label, "Nobody accountable: Reports");
    assert_eq!(part(&figure, "no_authority").label, "Accountable without authority: Events, Platform");
}

/// Without people, an owner may have authority or not: unknown, not uncovered.
#[test]
fn unknown_authority_is_unknown() {
    let figure = governed(json!({"kpi": "ownership_coverage", "charter": {"functions": [
        function("Routing", "process", true, &["ana"]),
    ]}}));
    assert_eq!(figure.value, None);
    assert_eq!(figure.undefined.as_ref().unwrap().code, "no_evidence");
    assert_eq!(figure.bounds, Some([0.0, 1.0]));
    let none = governed(json!({"kpi": "ownership_coverage", "charter": {}}));
    assert_eq!(none.undefined.unwrap().code, "not_in_charter");
}

/// Four KPIs in use: one signed and unchanged, one changed since, one never signed, one signed by Ben, who may not.
#[test]
fn a_definition_counts_while_its_signature_holds() {
    let settings = |by: Option<&str>, hash: &str| match by {
        Some(by) => json!({"owner": "ana", "sign_off": {"by": by, "at": "2025-06-01", "hash": hash}}),
        None => json!({"owner": "Cem Kaya"}),
    };
    let hash = |id: &str| {
        let kpi = crate::kpi::find(id).unwrap();
        let charter = Charter::default();
        kpi.definition.hash(&charter, &crate::kpi::Parameters::new(&kpi.definition, &charter))
    };
    let signed = json!({
        "win_rate": settings(Some("ana"), &hash("win_rate")),
        "sales_cycle": settings(Some("ana"), "0000000000000000"),
        "stage_leak": settings(None, ""),
        "average_deal": settings(Some("ben"), &hash("average_deal")),
    });
    let figure = governed(json!({"kpi": "definition_coverage", "charter": {"people": people(), "kpis": signed}}));
    near(figure.value, 1.0 / 4.0);
    assert_eq!((figure.read, figure.used, figure.bounds), (4, 4, None));
    assert_eq!(part(&figure, "lapsed").label, "Changed since signed: Sales cycle");
    assert_eq!(part(&figure, "no_authority").label, "Signed without authority: Average deal");
    assert_eq!(part(&figure, "due:Ana Silva").label, "Ana Silva to sign: Average deal, Sales cycle");
    near(part(&figure, "due:Ana Silva").value, 2.0);
    assert_eq!(part(&figure, "due:Cem Kaya").label, "Cem Kaya to sign: Stage leak");
    // Before she signed, the one definition was not signed either.
    let before = super::figure(
        "definition_coverage",
        charter(json!({"people": people(), "kpis": {"win_rate": signed["win_rate"]}})),
        Vec::new(),
        "all",
        "2025-05-31",
    );
    near(before.value, 0.0);
    assert_eq!(part(&before, "unsigned").label, "Never signed: Win rate");
}

/// People are referred to by id or name, and shown by name.
#[test]
fn names_stand_for_ids() {
    let charter = charter(json!({"people": people(), "kpis": {"win_rate":
        {"owner": "ana", "sign_off": {"by": "cem", "at": "2025-06-01", "hash": "x"}}}}));
    let kpi = crate::kpi::find("win_rate").unwrap();
    let definition = kpi.definition.in_force(&charter, &crate::kpi::Parameters::new(&kpi.definition, &charter));
    assert_eq!(definition.owner.as_deref(), Some("Ana Silva"));
    assert_eq!(definition.sign_off.by.as_deref(), Some("Cem Kaya"));
    assert_eq!(definition.sign_off.state, SignOffState::Lapsed);
}

/// Of the ten usual responsibilities four are named: two lie where they should, data quality and single sign-on don't;
/// of the organisation's own one, it does. 3 ÷ 5; with six unknown it could be 3 ÷ 11 to 9 ÷ 11.
#[test]
fn responsibilities_lie_with_the_right_team() {
    let text = json!({"people": people(), "reports_to": "ben", "responsibilities": [
        {"id": "lead_management", "held_by": "Marketing Operations"},
        {"id": "network", "held_by": "IT"},
        {"id": "data_quality", "held_by": "it"},
        {"id": "single_sign_on", "held_by": "marketing_operations"},
        {"id": "brand", "label": "Brand", "held_by": "marketing", "should_be_held_by": "Marketing"},
    ]});
    let figure = governed(json!({"kpi": "ops_alignment", "charter": text}));
    near(figure.value, 3.0 / 5.0);
    assert_eq!(figure.bounds, Some([3.0 / 11.0, 9.0 / 11.0]));
    assert_eq!((figure.read, figure.used), (12, 5));
    assert_eq!(
        part(&figure, "misaligned").label,
        "Held by another team: Data quality (it), Single sign-on and authentication (marketing_operations)"
    );
    // Ben is of IT: marketing operations should not report there.
    near(part(&figure, "reporting_line").value, 0.0);
    let mut text = text;
    text["reports_to"] = json!("marketing");
    near(part(&governed(json!({"kpi": "ops_alignment", "charter": text})), "reporting_line").value, 1.0);
}

/// Another target, owner or parameter needs no file; another time zone does.
#[test]
fn a_charter_can_be_exchanged_over_what_was_read() {
    let deals = || {
        let text = "id|stage|closed_at|amount\n1|closedwon|2025-03-01|10\n2|closedlost|2025-03-02|20\n3|closedwon|2025-03-03|30";
        vec![table("deals", text)]
    };
    let first = json!({"people": people(), "functions": [function("Routing", "process", true, &["ana", "cem"])]});
    let mut second = first.clone();
    second["functions"][0]["accountable"] = json!(["ana"]);
    second["kpis"] = json!({"win_rate": {"target": 0.5, "owner": "ana"}});
    second["deal_stages"] = json!([{"id": "closedwon", "state": "lost"}, {"id": "closedlost", "state": "won"}]);
    let scorecard = query(json!({"view": "scorecard", "as_of": "2026-01-01"}));
    let mut exchanged = session(charter(first), deals());
    exchanged.answer(&scorecard).unwrap();
    exchanged.set_charter(charter(second.clone())).unwrap();
    let fresh = session(charter(second.clone()), deals()).answer(&scorecard).unwrap();
    assert_eq!(exchanged.answer(&scorecard).unwrap(), fresh);
    second["time_zone"] = json!("Europe/Berlin");
    assert!(exchanged.set_charter(charter(second)).is_err());
    assert_eq!(exchanged.answer(&scorecard).unwrap(), fresh);
}

/// As of the day before both were signed, neither was: not the one that has changed since, either.
#[test]
fn a_later_sign_off_has_not_lapsed() {
    let record = json!({"by": "ana", "at": "2025-06-02", "hash": "0123456789abcdef"});
    let figure = figure(
        "definition_coverage",
        charter(json!({"kpis": {"win_rate": {"sign_off": record}}})),
        Vec::new(),
        "all",
        "2025-06-01",
    );
    near(figure.part("lapsed").unwrap().value, 0.0);
    near(figure.part("unsigned").unwrap().value, 1.0);
}

/// What nobody measured goes by its name, with the id kept: a tool by its own, a connection by those of its ends. Who
/// answers for a row goes by the name that the charter gives to the id in the file.
#[test]
fn rows_go_by_their_names() {
    let tools = table(
        "tools",
        "id | name | annual_cost | owner | access_reviewed_at
         t1 | Mailer | 100 | ana |
         t2 | | 50 | Ben | 2025-12-01",
    );
    let integrations = table("integrations", "id | from | to | state | owner\n i1 | t1 | t2 | | ana");
    let charter =
        charter(json!({"people": [{"id": "ana", "name": "Ana Silva"}], "policies": {"access_review_days": 180}}));
    let named = |id: &str| {
        let tables = vec![tools.clone(), integrations.clone()];
        let figure = figure(id, charter.clone(), tables, "all", "2026-01-01");
        let rows = figure.excluded.iter().flat_map(|excluded| &excluded.examples);
        rows.map(|row| (row.id.clone(), row.name.clone())).collect::<Vec<_>>()
    };
    assert_eq!(named("permission_review"), [("t1".into(), "Mailer".into())]);
    assert_eq!(named("integration_health"), [("i1".into(), "Mailer → t2".into())]);
    let view = ask(
        charter.clone(),
        vec![tools.clone(), integrations.clone()],
        json!({"view": "governance", "as_of": "2026-01-01"}),
    );
    let Body::Board(board) = view.body else { panic!("not a board") };
    let rows = board.sections.iter().find(|section| section.id == "permission_review").unwrap();
    let mailer = rows.rows.iter().find(|row| row.id == "t1").unwrap();
    assert_eq!((mailer.label.as_str(), mailer.cells[1].text.as_str()), ("Mailer", "Ana Silva"));
}

/// Reviewed within 30 days of 1 January: on 2 December a feature is 30 days old and in time, on 1 December 31 and overdue. Of the
/// third nobody knows; the fourth has nobody to review it.
#[test]
fn features_are_reviewed_within_the_policy() {
    let features = table(
        "ai_features",
        "id    | active | owner | monitor | inputs | reviewed_at
         score | yes    | Ana   | weekly  |        | 2025-12-02
         draft | yes    | Ana   | weekly  |        | 2025-12-01
         chat  | yes    | Ana   | weekly  |        |
         sum   | yes    |       | weekly  |        | 2025-12-01",
    );
    let charter = charter(json!({"policies": {"ai_review_days": 30}}));
    let view = ask(charter, vec![features], json!({"view": "governance", "as_of": "2026-01-01"}));
    let Body::Board(board) = view.body else { panic!("not a board") };
    let rows = &board.sections.iter().find(|section| section.id == "ai_oversight").unwrap().rows;
    let word = |id: &str| rows.iter().find(|row| row.id == id).unwrap().word.as_str();
    assert_eq!(["score", "draft", "chat", "sum"].map(word), ["", "review overdue", "", "nobody’s"]);
}
