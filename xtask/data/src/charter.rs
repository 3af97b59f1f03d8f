//! The demo's charters.

use super::accountability;
use super::calendar::date;
use super::company::STAGES;
use super::standards;
use mops_core::charter::Charter;
use mops_core::query::{Query, Session};
use mops_core::table::Dataset;
use mops_core::time::Zone;
use mops_core::view::{Body, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The definition that was changed after it was signed.
pub const LAPSED: &str = "conversion_matured";
/// How HubSpot heads the time at which a contact entered a stage that the company added itself.
pub const DISQUALIFIED_HEADER: &str = "Date entered \"Disqualified (Lifecycle Stage Pipeline)\"";

/// First day of a quarter, and what one unit was worth in euros. Invented, near what they were.
const RATES: [(&str, [(&str, &str); 3]); 5] = [
    ("2024-10-01", [("USD", "0.9370"), ("GBP", "1.2010"), ("CHF", "1.0680")]),
    ("2025-01-01", [("USD", "0.9510"), ("GBP", "1.1970"), ("CHF", "1.0570")]),
    ("2025-04-01", [("USD", "0.8820"), ("GBP", "1.1780"), ("CHF", "1.0670")]),
    ("2025-07-01", [("USD", "0.8560"), ("GBP", "1.1540"), ("CHF", "1.0690")]),
    ("2025-10-01", [("USD", "0.8610"), ("GBP", "1.1430"), ("CHF", "1.0760")]),
];

/// What one unit was worth in euros at a minute, where the charter says so.
pub fn euros(currency: &str, at: i64) -> Option<f64> {
    if currency == "EUR" {
        return Some(1.0);
    }
    let day = date(at);
    let (_, rates) = RATES.iter().rev().find(|(from, _)| *from <= day.as_str())?;
    rates.iter().find(|(known, _)| *known == currency)?.1.parse().ok()
}

/// The charter of Larkfield Systems.
pub fn text() -> String {
    let mut charter = unsigned();
    for (id, mut hash) in hashes(&charter) {
        let Some((by, at)) = accountability::signature(&id).filter(|_| charter["kpis"].get(&id).is_some()) else {
            continue;
        };
        if id == LAPSED {
            // Signed when the figure was read at half a year; the charter has said 90 days since.
            let mut before = charter.clone();
            before["kpis"][&id]["parameters"] = json!({"horizon_days": 182});
            hash = hashes(&before).remove(&id).unwrap_or_default();
        }
        charter["kpis"][&id]["sign_off"] = json!({"by": by, "at": at, "hash": hash});
    }
    pretty(&charter)
}

/// The hash of every definition under a charter, as the core computes it.
fn hashes(charter: &Value) -> BTreeMap<String, String> {
    let charter = Charter::parse(&charter.to_string()).expect("the demo's charter is sound");
    let query = Query { view: "scorecard".into(), as_of: "2026-01-01".into(), ..Query::default() };
    let view = Session::new(charter, true, Zone::utc(), Dataset::default()).answer(&query);
    let Ok(View { body: Body::Scorecard(scorecard), .. }) = view else { return BTreeMap::new() };
    let definitions = scorecard.rows.into_iter().filter_map(|row| row.figure.definition);
    definitions.map(|definition| (definition.id, definition.hash)).collect()
}

fn unsigned() -> Value {
    let stages =
        [("lead", 0.43), ("marketing_qualified_lead", 0.45), ("sales_qualified_lead", 0.57), ("opportunity", 0.25)];
    let mut lifecycle: Vec<Value> = stages
        .iter()
        .zip(STAGES)
        .map(|((id, target), label)| json!({"id": id, "label": label, "target": target}))
        .collect();
    lifecycle.push(json!({"id": "customer", "label": STAGES[4]}));
    let rates: Vec<Value> = RATES
        .iter()
        .flat_map(|(from, rates)| {
            rates.iter().map(move |(currency, rate)| json!({"currency": currency, "from": from, "rate": rate}))
        })
        .collect();
    let mut charter = json!({
        "$comment": "Larkfield Systems and everything in here is invented.",
        "organisation": "Larkfield Systems",
        "time_zone": "Europe/Berlin",
        "fiscal_year_start_month": 1,
        "week_start": "monday",
        "currency": "EUR",
        "exchange_rates": rates,
        "minimum_n": 30,
        "lifecycle": {
            "stages": lifecycle,
            "lead": "lead",
            "customer": "customer",
            "exits": [{"id": "disqualified", "label": "Disqualified"}],
        },
        "deal_stages": [
            deal("appointmentscheduled", "Appointment Scheduled", "open", false, 0.2),
            deal("qualifiedtobuy", "Qualified To Buy", "open", true, 0.4),
            deal("presentationscheduled", "Presentation Scheduled", "open", true, 0.6),
            deal("decisionmakerboughtin", "Decision Maker Bought-In", "open", true, 0.8),
            deal("contractsent", "Contract Sent", "open", true, 0.9),
            deal("closedwon", "Closed Won", "won", true, 1.0),
            deal("closedlost", "Closed Lost", "lost", true, 0.0),
        ],
        "sources": {
            "contacts": {
                "$comment": "Properties that Larkfield added to contacts, so no preset knows them.",
                "columns": {
                    "first_owner": "First Owner",
                    "region": "Sales Region",
                    "segment": "Market Segment",
                    "consent_state": "Marketing Consent",
                    "consent_at": "Marketing Consent Date",
                    "suppressed_at": "Do Not Email Since",
                },
            },
            "deals": {
                "$comment": "Properties that Larkfield added to deals, so no preset knows them.",
                "columns": {"country": "Country/Region", "region": "Sales Region", "segment": "Market Segment"},
            },
        },
        "kpis": accountability::kpis(),
    });
    accountability::add_to(&mut charter);
    standards::add_to(&mut charter);
    charter
}

fn deal(id: &str, label: &str, state: &str, qualified: bool, probability: f64) -> Value {
    json!({"id": id, "label": label, "aliases": [label], "state": state, "qualified": qualified, "probability": probability})
}

/// How to read a sales pipeline that no preset knows.
pub fn maven_crm() -> String {
    pretty(&json!({
        "$comment": "For a pipeline with the headers opportunity_id, sales_agent, product, account, deal_stage, \
                     engage_date, close_date and close_value.",
        "organisation": "",
        "time_zone": "UTC",
        "currency": "USD",
        "deal_stages": [
            {"id": "Prospecting", "label": "Prospecting", "state": "open", "qualified": false},
            {"id": "Engaging", "label": "Engaging", "state": "open", "qualified": true},
            {"id": "Won", "label": "Won", "state": "won", "qualified": true},
            {"id": "Lost", "label": "Lost", "state": "lost", "qualified": true},
        ],
        "sources": {"deals": {"columns": {
            "id": "opportunity_id",
            "owner": "sales_agent",
            "product": "product",
            "account": "account",
            "stage": "deal_stage",
            "created_at": "engage_date",
            "closed_at": "close_date",
            "amount": "close_value",
        }}},
    }))
}

fn pretty(charter: &Value) -> String {
    serde_json::to_string_pretty(charter).expect("JSON values can be written") + "\n"
}
