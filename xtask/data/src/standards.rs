//! What Larkfield expects of its data, its links and its stack.

use super::details::{REGIONS, SEGMENTS, desk};
use super::names::OWNERS;
use serde_json::{Value, json};

/// Connections that there should be. The last two are not there.
const CONNECTIONS: [(&str, &str); 14] = [
    ("tidal-automation", "harbour-crm"),
    ("harbour-crm", "tidal-automation"),
    ("keystone-cms", "tidal-automation"),
    ("halyard-route", "harbour-crm"),
    ("harbour-crm", "quay-warehouse"),
    ("tidal-automation", "quay-warehouse"),
    ("lighthouse-web", "quay-warehouse"),
    ("rigging-ads", "quay-warehouse"),
    ("quay-warehouse", "compass-bi"),
    ("ledger-billing", "quay-warehouse"),
    ("buoy-consent", "tidal-automation"),
    ("buoy-consent", "postwing"),
    ("buoy-consent", "maildeck"),
    ("porter-identity", "tidal-automation"),
];

/// Days on which Larkfield is closed.
const HOLIDAYS: [&str; 9] = [
    "2024-10-03",
    "2024-12-25",
    "2024-12-26",
    "2025-01-01",
    "2025-04-18",
    "2025-04-21",
    "2025-05-01",
    "2025-10-03",
    "2025-12-25",
];

/// What sales aims to win, by quarter, in euros.
const TARGETS: [(&str, &str, u32); 5] = [
    ("2025-01-01", "2025-04-01", 520_000),
    ("2025-04-01", "2025-07-01", 560_000),
    ("2025-07-01", "2025-10-01", 600_000),
    ("2025-10-01", "2026-01-01", 640_000),
    ("2026-01-01", "2026-04-01", 680_000),
];

/// Platforms that report what they brought: id, source, owner, window, time zone, definition.
const PLATFORMS: [(&str, &str, &str, u32, &str, &str); 4] = [
    ("Search ads", "Paid Search", "Tom Ellery", 30, "America/Los_Angeles", "Everybody who clicked an ad before."),
    (
        "Social ads",
        "Paid Social",
        "Tom Ellery",
        28,
        "America/Los_Angeles",
        "Everybody who clicked an ad before, or saw one the day before.",
    ),
    ("Mailing tool", "Email Marketing", "Leonie Falk", 14, "Europe/Berlin", "Everybody who opened a mailing before."),
    (
        "Follow-up network",
        "Retargeting",
        "Tom Ellery",
        90,
        "UTC",
        "Everybody to whom an ad was shown before, whoever else brought them.",
    ),
];

/// Who gets which lead: by region, and within it by segment where there is more than one desk.
fn routing() -> Vec<Value> {
    let mut rules = Vec::new();
    for (region, name) in REGIONS.iter().enumerate() {
        for owner in OWNERS[region] {
            let segments: Vec<&str> =
                SEGMENTS.iter().copied().filter(|segment| desk(region, segment) == *owner).collect();
            rules.push(json!({
                "id": format!("{name}: {}", segments.join(", ")),
                "when": {"region": [name], "segment": segments},
                "owners": [owner],
            }));
        }
    }
    rules
}

/// Puts the standards into the charter.
pub fn add_to(charter: &mut Value) {
    charter["data_standard"] = json!({
        "required": {
            "lead": ["email", "source", "owner", "country"],
            "marketing_qualified_lead": ["account", "segment"],
            "opportunity": ["phone"],
        },
        "required_of_deals": ["stage", "created_at", "amount", "currency", "owner", "source"],
        "rules": [
            {"field": "contacts.email", "shape": "email"},
            {"field": "contacts.phone", "shape": "phone"},
            {"field": "contacts.segment", "allowed": SEGMENTS},
            {"field": "contacts.consent_state", "allowed": ["given", "withdrawn"]},
            {"field": "deals.amount", "least": 0},
        ],
        "match_fields": ["email", "phone", "name", "last_name"],
    });
    charter["tracking"] = json!({
        "sources": ["google", "linkedin", "larkfield", "partner", "adnetwork"],
        "mediums": ["cpc", "paid-social", "email", "referral", "display"],
        "campaign_pattern": "*-####-*",
    });
    let connections: Vec<Value> = CONNECTIONS.iter().map(|(from, to)| json!({"from": from, "to": to})).collect();
    charter["operations"] = json!({"holidays": HOLIDAYS, "routing": routing()});
    charter["stack"] = json!({"admin_hourly_rate": 62, "connections": connections});
    let metrics = ["leads", "deals", "revenue"].map(|metric| json!({"metric": metric, "compared_to": metric}));
    let platform = |(id, source, owner, window, zone, definition): &(&str, &str, &str, u32, &str, &str)| {
        json!({
            "id": id, "owner": owner, "sources": [source], "window_days": window, "time_zone": zone,
            "definition": definition, "metrics": metrics,
        })
    };
    charter["platforms"] = PLATFORMS.iter().map(platform).collect();
    let targets: Vec<Value> =
        TARGETS.iter().map(|(from, until, amount)| json!({"from": from, "until": until, "amount": amount})).collect();
    charter["revenue"] = json!({
        "marketing_sources": ["Organic Search", "Paid Search", "Paid Social", "Email Marketing", "Referrals", "Retargeting"],
        "marketing_cost_lines": ["media", "agency", "tools", "people"],
        "acquisition_cost_lines": ["media", "agency", "tools", "people", "sales"],
        "gross_margin": 0.78,
        "targets": targets,
    });
}
