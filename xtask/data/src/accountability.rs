//! Who answers for what at Larkfield: people, functions, responsibilities, policies, and the owner and target of every
//! figure.

use mops_core::kpi::find;
use serde_json::{Map, Value, json};

/// Id, name, team, and whether they may decide and sign.
const PEOPLE: [(&str, &str, &str, bool); 13] = [
    ("ingrid", "Ingrid Halvorsen", "executive", true),
    ("martin", "Martin Okafor", "marketing", true),
    ("priya", "Priya Raman", "marketing_operations", true),
    ("emeka", "Emeka Obi", "marketing_operations", false),
    ("leonie", "Leonie Falk", "marketing_operations", false),
    ("tom", "Tom Ellery", "marketing", false),
    ("bianca", "Bianca Moretti", "marketing", false),
    ("gareth", "Gareth Lund", "marketing", false),
    ("henrik", "Henrik Solberg", "revenue_operations", true),
    ("isabel", "Isabel Costa", "sales", true),
    ("anneke", "Anneke Postma", "it", true),
    ("viktor", "Viktor Szabo", "data", true),
    ("nadia", "Nadia Rahimi", "privacy", true),
];

/// Id, name, layer, whether critical, who is accountable. Lead routing has two; the suppression list has nobody.
const FUNCTIONS: [(&str, &str, &str, bool, &[&str]); 20] = [
    ("operations_lead", "Lead of marketing operations", "people", true, &["priya"]),
    ("training", "Training on the stack", "people", false, &["leonie"]),
    ("vendor_decisions", "Decisions about tools", "people", true, &["martin"]),
    ("hiring", "Hiring of specialists", "people", false, &["martin"]),
    ("lead_routing", "Lead routing", "process", true, &["henrik", "priya"]),
    ("lead_scoring", "Lead scoring", "process", true, &["priya"]),
    ("campaign_intake", "Campaign intake", "process", true, &["priya"]),
    ("campaign_checks", "Checks before launch", "process", true, &["leonie"]),
    ("consent", "Consent and preferences", "process", true, &["nadia"]),
    ("suppression", "Suppression list", "process", true, &[]),
    ("crm", "CRM", "platform", true, &["henrik"]),
    ("automation", "Marketing automation", "platform", true, &["priya"]),
    ("integrations", "Integrations", "platform", true, &["viktor"]),
    ("access", "Access rights", "platform", true, &["anneke"]),
    ("website", "Website", "platform", false, &["bianca"]),
    ("data_quality", "Data quality", "proof", true, &["priya"]),
    ("reporting", "Reporting", "proof", true, &["priya"]),
    ("attribution", "Attribution", "proof", true, &["martin"]),
    ("forecast", "Revenue forecast", "proof", true, &["isabel"]),
    ("budget", "Marketing budget", "proof", true, &["martin"]),
];

/// KPI, owner, target, and who signed its definition on which day. A figure without a signature waits for one.
type Settings = (&'static str, &'static str, Option<f64>, Option<(&'static str, &'static str)>);
const PRIYA: Option<(&str, &str)> = Some(("Priya Raman", "2025-01-20"));
const HENRIK: Option<(&str, &str)> = Some(("Henrik Solberg", "2025-02-03"));
const ISABEL: Option<(&str, &str)> = Some(("Isabel Costa", "2025-02-03"));
const MARTIN: Option<(&str, &str)> = Some(("Martin Okafor", "2025-02-10"));
const NADIA: Option<(&str, &str)> = Some(("Nadia Rahimi", "2025-03-17"));

const KPIS: &[Settings] = &[
    ("lifecycle_conversion", "Priya Raman", None, PRIYA),
    ("lead_to_customer", "Priya Raman", Some(0.035), PRIYA),
    ("conversion_in_window", "Priya Raman", None, PRIYA),
    ("conversion_matured", "Priya Raman", None, PRIYA),
    ("time_in_stage", "Henrik Solberg", None, HENRIK),
    ("stage_leak", "Henrik Solberg", None, HENRIK),
    ("velocity_by_cohort", "Priya Raman", None, PRIYA),
    ("pipeline_created", "Martin Okafor", None, MARTIN),
    ("pipeline_sourced", "Martin Okafor", None, MARTIN),
    ("pipeline_influenced", "Martin Okafor", None, None),
    ("win_rate", "Isabel Costa", Some(0.30), ISABEL),
    ("average_deal", "Isabel Costa", Some(18_000.0), ISABEL),
    ("sales_cycle", "Henrik Solberg", Some(45.0), HENRIK),
    ("pipeline_velocity", "Isabel Costa", None, None),
    ("pipeline_coverage", "Isabel Costa", Some(3.0), ISABEL),
    ("cac", "Martin Okafor", None, MARTIN),
    ("cac_payback", "Martin Okafor", Some(18.0), MARTIN),
    ("revenue_contribution", "Martin Okafor", None, MARTIN),
    ("marketing_roi", "Martin Okafor", None, None),
    ("channel_roi", "Tom Ellery", None, None),
    ("cost_per_stage", "Tom Ellery", None, MARTIN),
    ("forecast_reliability", "Isabel Costa", Some(0.15), ISABEL),
    ("pipeline_forecast", "Isabel Costa", None, None),
    ("speed_to_lead", "Henrik Solberg", Some(60.0), HENRIK),
    ("routing_accuracy", "Henrik Solberg", Some(0.95), HENRIK),
    ("data_completeness", "Emeka Obi", Some(0.9), PRIYA),
    ("data_quality", "Emeka Obi", Some(0.9), PRIYA),
    ("deal_data_quality", "Henrik Solberg", Some(0.9), HENRIK),
    ("duplicate_rate", "Emeka Obi", Some(0.01), PRIYA),
    ("tracking_compliance", "Emeka Obi", Some(0.95), PRIYA),
    ("campaign_cycle_time", "Leonie Falk", Some(21.0), PRIYA),
    ("campaign_velocity", "Leonie Falk", None, PRIYA),
    ("intake_balance", "Priya Raman", Some(0.5), PRIYA),
    ("attribution_credit", "Martin Okafor", None, MARTIN),
    ("attribution_consistency", "Martin Okafor", None, None),
    ("reconciliation_gap", "Emeka Obi", None, MARTIN),
    ("budget_pacing", "Martin Okafor", Some(1.0), MARTIN),
    ("budget_accuracy", "Martin Okafor", Some(0.9), MARTIN),
    ("reporting_rhythm", "Emeka Obi", Some(0.9), PRIYA),
    ("segment_health", "Leonie Falk", None, PRIYA),
    ("seat_utilisation", "Priya Raman", Some(0.75), PRIYA),
    ("capability_utilisation", "Priya Raman", Some(0.6), PRIYA),
    ("stack_utilisation", "Priya Raman", Some(0.6), PRIYA),
    ("shelfware_cost", "Martin Okafor", Some(120_000.0), MARTIN),
    ("stack_redundancy", "Priya Raman", None, PRIYA),
    ("total_cost_of_ownership", "Martin Okafor", None, MARTIN),
    ("renewal_exposure", "Martin Okafor", None, None),
    ("integration_health", "Viktor Szabo", Some(0.8), PRIYA),
    ("integration_coverage", "Viktor Szabo", Some(0.9), PRIYA),
    ("automation_drift", "Priya Raman", None, PRIYA),
    ("ownership_coverage", "Priya Raman", Some(1.0), MARTIN),
    ("definition_coverage", "Priya Raman", Some(0.9), MARTIN),
    ("consent_currency", "Nadia Rahimi", Some(0.95), NADIA),
    ("suppression_health", "Nadia Rahimi", Some(1.0), NADIA),
    ("ai_oversight", "Priya Raman", Some(1.0), NADIA),
    ("quality_control", "Leonie Falk", Some(0.95), PRIYA),
    ("permission_review", "Anneke Postma", Some(0.9), Some(("Anneke Postma", "2025-03-17"))),
    ("control_stack", "Martin Okafor", None, MARTIN),
    ("ops_alignment", "Martin Okafor", None, MARTIN),
    ("threshold_signals", "Priya Raman", None, PRIYA),
    ("readiness", "Martin Okafor", None, MARTIN),
    ("rollout", "Priya Raman", None, PRIYA),
];

/// What the charter says of each figure, without signatures.
pub fn kpis() -> Value {
    let mut kpis = Map::new();
    for (id, owner, target, _) in KPIS.iter().filter(|(id, ..)| find(id).is_some()) {
        let mut settings = json!({ "owner": owner });
        if let Some(target) = target {
            settings["target"] = if target.fract() == 0.0 { json!(*target as i64) } else { json!(target) };
            settings["tolerance"] = json!(0.1);
        }
        kpis.insert((*id).into(), settings);
    }
    Value::Object(kpis)
}

/// Who signed a definition, and when.
pub fn signature(id: &str) -> Option<(&'static str, &'static str)> {
    KPIS.iter().find(|(known, ..)| *known == id)?.3
}

/// Puts the parts of the charter that say who answers for what beside the others.
pub fn add_to(charter: &mut Value) {
    let people = PEOPLE
        .iter()
        .map(|(id, name, team, authority)| json!({"id": id, "name": name, "team": team, "authority": authority}));
    charter["people"] = people.collect();
    charter["functions"] = FUNCTIONS
        .iter()
        .map(|(id, label, layer, critical, accountable)| {
            json!({"id": id, "label": label, "layer": layer, "critical": critical, "accountable": accountable})
        })
        .collect();
    let held = |id: &str, team: &str| json!({"id": id, "held_by": team});
    charter["responsibilities"] = json!([
        held("configuration", "marketing_operations"),
        held("lead_management", "revenue_operations"),
        held("data_quality", "marketing_operations"),
        held("attribution", "marketing_operations"),
        held("campaign_operations", "marketing_operations"),
        held("security", "it"),
        held("network", "it"),
        held("single_sign_on", "it"),
        held("privacy", "privacy"),
        held("enterprise_integration", "marketing_operations"),
    ]);
    charter["reports_to"] = json!("martin");
    charter["suppression_rules"] = json!([
        {"id": "unsubscribed", "label": "Unsubscribed from all e-mail", "owner": "leonie", "reviewed_at": "2025-11-05"},
        {"id": "competitors", "label": "Competitors", "owner": "tom", "reviewed_at": "2024-12-02"},
        {"id": "bounced", "label": "Bounced three times", "owner": "leonie", "reviewed_at": "2025-10-14"},
        {"id": "legal_hold", "label": "In a legal dispute", "owner": "", "reviewed_at": "2025-01-20"},
    ]);
    charter["policies"] = json!({"consent_age_days": 365, "access_review_days": 365, "automation_review_days": 365});
}
