//! Larkfield's tools, what they can do, how they hang together, and what runs by itself in them. Every product is
//! invented. Written by hand, since a stack is not drawn from a distribution.

use super::csv;

/// A tool: id, name, category, owner, licence a year, seats licensed, seats active (blank where nobody measured),
/// admin hours a month, upkeep of integrations and training a year, renewal, last access review; then what it can do
/// as `capability@purpose`, each with `+users` in use, `-` not in use, `?` where nobody knows, and `*` before those
/// that matter twice.
type Tool = (&'static str, &'static str, &'static str, &'static str, [&'static str; 8], &'static str);

const TOOLS: &[Tool] = &[
    (
        "harbour-crm",
        "Harbour CRM",
        "CRM",
        "Henrik Solberg",
        ["96000", "64", "58", "46", "14000", "6000", "2026-11-30", "2025-10-14"],
        "*Contact records@Sales+58; *Deal pipeline@Sales+44; Sales sequences@Sales outreach+21; Reporting@Sales reporting+26; Playbooks@Sales-; Territory rules@Lead routing+9",
    ),
    (
        "tidal-automation",
        "Tidal Automation",
        "Marketing automation",
        "Priya Raman",
        ["74000", "22", "17", "38", "9500", "5200", "2026-03-31", "2025-09-02"],
        "*Workflows@Lead nurturing+9; *Lead scoring@Lead management+5; Forms@Website+8; E-mail sending@Marketing mailings+7; Landing pages@Campaigns+6; Account scoring@Lead management-; Dynamic content@Campaigns-; Predictive send time@Marketing mailings-",
    ),
    (
        "postwing",
        "Postwing",
        "E-mail",
        "Leonie Falk",
        ["21600", "10", "6", "9", "3200", "800", "2026-02-15", "2025-06-20"],
        "*E-mail sending@Marketing mailings+6; Templates@Marketing mailings+5; A/B tests@Marketing mailings-; Preference centre@Consent+3",
    ),
    (
        "maildeck",
        "Maildeck",
        "E-mail",
        "Gareth Lund",
        ["12400", "8", "3", "5", "1800", "300", "2026-01-31", "2024-11-08"],
        "*E-mail sending@Marketing mailings+3; Templates@Marketing mailings+2; Event invitations@Events-; A/B tests@Marketing mailings-",
    ),
    (
        "beacon-intent",
        "Beacon Intent",
        "Intent data",
        "Martin Okafor",
        ["38500", "15", "", "3", "4200", "0", "2026-05-31", ""],
        "*Buying signals@Account selection?; Account lists@Account selection?; Advertising audiences@Campaigns?",
    ),
    (
        "lighthouse-web",
        "Lighthouse Web Analytics",
        "Web analytics",
        "Emeka Obi",
        ["18000", "25", "14", "7", "2200", "900", "2026-08-31", "2025-11-03"],
        "*Traffic reports@Website+14; *Campaign tracking@Tracking+6; Funnels@Website+4; Experiments@Website-",
    ),
    (
        "keystone-cms",
        "Keystone CMS",
        "Web content",
        "Bianca Moretti",
        ["26400", "20", "18", "21", "3100", "1200", "2026-09-30", "2025-08-12"],
        "*Pages@Website+18; Personalisation@Website-; Forms@Website+7; Translation@Website+5",
    ),
    (
        "quay-warehouse",
        "Quay Warehouse",
        "Data warehouse",
        "Viktor Szabo",
        ["42000", "12", "9", "30", "11000", "2400", "2026-12-31", "2025-12-04"],
        "*Storage@Data+9; *Queries@Data+9; Scheduled loads@Data+4; Sharing@Data-",
    ),
    (
        "ferry-sync",
        "Ferry Sync",
        "Data integration",
        "Viktor Szabo",
        ["15600", "6", "4", "18", "6000", "700", "2026-04-30", "2025-12-04"],
        "*Reverse syncing@Data+3; *Loading@Data+4; Alerts@Data-",
    ),
    (
        "compass-bi",
        "Compass BI",
        "Reporting",
        "Emeka Obi",
        ["33000", "60", "31", "16", "2600", "1800", "2026-06-30", "2025-05-26"],
        "*Dashboards@Marketing reporting+31; Scheduled reports@Marketing reporting+12; Self-service@Marketing reporting+8; Alerts@Marketing reporting-; Embedded charts@Website-",
    ),
    (
        "sonar-attribution",
        "Sonar Attribution",
        "Attribution",
        "Emeka Obi",
        ["29500", "8", "2", "6", "3600", "1100", "2026-02-28", "2025-01-30"],
        "*Path collection@Attribution+2; Model comparison@Attribution-; Offline import@Attribution-; Budget advice@Attribution-",
    ),
    (
        "spyglass-listening",
        "Spyglass Listening",
        "Social",
        "Bianca Moretti",
        ["14200", "6", "2", "3", "0", "400", "2026-03-15", "2024-12-11"],
        "Mentions@Brand+2; Competitor watch@Brand-; Crisis alerts@Brand-",
    ),
    (
        "wharf-social",
        "Wharf Social",
        "Social",
        "Bianca Moretti",
        ["9600", "8", "6", "4", "900", "300", "2026-07-31", "2025-07-09"],
        "*Publishing@Social media+6; Scheduling@Social media+6; Inbox@Social media+3; Listening@Brand-",
    ),
    (
        "stagehand-events",
        "Stagehand Events",
        "Events",
        "Gareth Lund",
        ["17800", "10", "7", "8", "2400", "600", "2026-10-31", "2025-03-18"],
        "*Registration@Events+7; Badge scanning@Events+4; Check-in app@Events+5; Sponsorship@Events-",
    ),
    (
        "gangway-webinar",
        "Gangway Webinars",
        "Webinars",
        "Leonie Falk",
        ["13200", "12", "9", "5", "1800", "500", "2026-05-15", "2025-06-20"],
        "*Live sessions@Webinars+9; Recordings@Webinars+6; Polls@Webinars+3; Simulive@Webinars-",
    ),
    (
        "tiller-abm",
        "Tiller ABM",
        "Account-based marketing",
        "Martin Okafor",
        ["46000", "14", "3", "4", "3900", "2500", "2026-04-15", "2025-02-10"],
        "*Account lists@Account selection+3; Account advertising@Campaigns-; Account scoring@Lead management-; Website personalisation@Website-; Sales alerts@Sales outreach-",
    ),
    (
        "rigging-ads",
        "Rigging Ads Manager",
        "Advertising",
        "Tom Ellery",
        ["11400", "5", "5", "6", "1500", "200", "2026-12-15", "2025-10-01"],
        "*Bid rules@Paid search+4; *Budget pacing@Paid media+3; Creative library@Paid media+2",
    ),
    (
        "buoy-consent",
        "Buoy Consent",
        "Consent",
        "Nadia Rahimi",
        ["9800", "6", "4", "5", "1400", "300", "2026-06-15", "2025-11-20"],
        "*Cookie banner@Consent+4; *Consent records@Consent+4; Policy versions@Consent+2",
    ),
    (
        "capstan-enrich",
        "Capstan Enrichment",
        "Enrichment",
        "Emeka Obi",
        ["22500", "10", "4", "5", "2700", "400", "2026-03-20", "2025-01-30"],
        "*Company data@Data quality+4; Contact data@Data quality-; Technographics@Account selection-; Refresh@Data quality-",
    ),
    (
        "sextant-dedupe",
        "Sextant Matching",
        "Data quality",
        "Emeka Obi",
        ["8400", "4", "2", "4", "1100", "200", "2026-09-15", "2025-05-26"],
        "*Duplicate search@Data quality+2; Merging@Data quality-; Normalisation@Data quality+1",
    ),
    (
        "halyard-route",
        "Halyard Routing",
        "Lead routing",
        "Henrik Solberg",
        ["16800", "40", "34", "7", "2100", "500", "2026-08-15", "2025-04-22"],
        "*Assignment@Lead routing+34; Round robin@Lead routing+12; Service levels@Lead routing-; Calendar booking@Sales outreach+9",
    ),
    (
        "bosun-outreach",
        "Bosun Outreach",
        "Sales engagement",
        "Isabel Costa",
        ["31200", "30", "16", "9", "2800", "1400", "2026-01-20", "2025-02-17"],
        "*Sales sequences@Sales outreach+16; Calls@Sales outreach+11; Templates@Sales outreach+9; Coaching@Sales-",
    ),
    (
        "logbook-calls",
        "Logbook Call Notes",
        "Conversation notes",
        "Isabel Costa",
        ["24000", "30", "12", "3", "1600", "700", "2026-06-01", "2025-02-17"],
        "*Transcripts@Sales+12; Summaries@Sales+9; Coaching@Sales-; Deal risk@Sales-",
    ),
    (
        "manifest-quotes",
        "Manifest Quotes",
        "Quotes",
        "Isabel Costa",
        ["19600", "32", "27", "8", "2300", "900", "2026-11-15", "2025-04-22"],
        "*Quotes@Sales+27; Approvals@Sales+11; E-signature@Sales+24",
    ),
    (
        "ledger-billing",
        "Ledgerline Billing",
        "Billing",
        "Anneke Postma",
        ["27000", "9", "8", "10", "5200", "600", "2026-12-31", "2025-12-01"],
        "*Invoices@Finance+8; *Subscriptions@Finance+6; Dunning@Finance+3",
    ),
    (
        "slipway-projects",
        "Slipway Projects",
        "Work management",
        "Priya Raman",
        ["12900", "45", "38", "6", "800", "400", "2026-07-15", "2025-09-02"],
        "*Campaign plans@Campaign operations+38; Approvals@Campaign operations+17; Workload@Campaign operations-; Request forms@Campaign operations+21",
    ),
    (
        "hold-assets",
        "Hold Assets",
        "Digital assets",
        "Bianca Moretti",
        ["15400", "40", "19", "5", "900", "500", "2026-10-15", "2025-07-09"],
        "*Asset library@Content+19; Versions@Content+8; Rights@Content-; Templates@Content-",
    ),
    (
        "mast-design",
        "Mast Design",
        "Design",
        "Bianca Moretti",
        ["8700", "15", "13", "2", "0", "300", "2026-05-01", "2025-07-09"],
        "*Layouts@Content+13; Brand kits@Content+9",
    ),
    (
        "galley-video",
        "Galley Video",
        "Video",
        "Bianca Moretti",
        ["7900", "10", "4", "2", "300", "100", "2026-02-10", "2024-10-21"],
        "*Hosting@Content+4; Viewer tracking@Tracking-; Chapters@Content-",
    ),
    (
        "anchor-seo",
        "Anchor Search",
        "Search",
        "Tom Ellery",
        ["10800", "6", "4", "3", "0", "200", "2026-04-10", "2025-08-12"],
        "*Rankings@Organic search+4; Site audit@Organic search+3; Link research@Organic search-",
    ),
    (
        "plank-forms",
        "Plank Forms",
        "Forms",
        "Leonie Falk",
        ["4200", "6", "5", "3", "1900", "100", "2026-03-01", "2024-09-30"],
        "*Forms@Website+5; File upload@Website+1; Payments@Events-",
    ),
    (
        "signal-chat",
        "Signalflag Chat",
        "Chat",
        "Leonie Falk",
        ["16200", "12", "6", "6", "1900", "600", "2026-08-01", "2025-03-18"],
        "*Live chat@Website+6; Chat assistant@Website+3; Meeting booking@Sales outreach-; Routing@Lead routing-",
    ),
    (
        "crowsnest-research",
        "Crow’s Nest Research",
        "Market research",
        "Martin Okafor",
        ["13500", "5", "1", "1", "0", "200", "2026-01-15", "2024-10-21"],
        "*Surveys@Research+1; Panels@Research-; Win-loss interviews@Research-",
    ),
    (
        "reef-reviews",
        "Reef Reviews",
        "Reviews",
        "Martin Okafor",
        ["9200", "4", "3", "1", "0", "0", "2026-09-01", "2025-05-26"],
        "*Review collection@Brand+3; Badges@Website+1",
    ),
    (
        "lagoon-community",
        "Lagoon Community",
        "Community",
        "Bianca Moretti",
        ["11900", "8", "5", "6", "700", "300", "2026-11-01", "2025-03-18"],
        "*Forum@Customers+5; Events calendar@Events-; Gamification@Customers-",
    ),
    (
        "drift-partners",
        "Driftwood Partners",
        "Partner management",
        "Henrik Solberg",
        ["14800", "9", "6", "4", "1300", "400", "2026-10-01", "2025-04-22"],
        "*Deal registration@Partners+6; Partner portal@Partners+4; Payouts@Partners+2",
    ),
    (
        "sluice-tags",
        "Sluice Tags",
        "Tag management",
        "Emeka Obi",
        ["3600", "8", "5", "5", "1200", "100", "2026-06-20", "2025-11-03"],
        "*Tags@Tracking+5; *Link builder@Tracking+2; Consent mode@Consent+3",
    ),
    (
        "pier-enable",
        "Pier Enablement",
        "Sales enablement",
        "Isabel Costa",
        ["20400", "50", "18", "4", "900", "1000", "2026-03-10", "2025-02-17"],
        "*Content sharing@Sales+18; Training@Sales+7; Content scoring@Sales-; Digital rooms@Sales-",
    ),
    (
        "vane-survey",
        "Vane Feedback",
        "Surveys",
        "Henrik Solberg",
        ["6300", "5", "4", "1", "400", "100", "2026-05-20", "2025-04-22"],
        "*Surveys@Customers+4; Alerts@Customers+2",
    ),
    (
        "porter-identity",
        "Porter Identity",
        "Identity",
        "Anneke Postma",
        ["12000", "220", "214", "12", "2500", "800", "2026-12-31", "2025-12-01"],
        "*Single sign-on@Security+214; *Access reviews@Security+3; Provisioning@Security+5",
    ),
];

/// From, to, state, owner, last success, runs, errors, criticality.
const INTEGRATIONS: &[[&str; 8]] = &[
    ["tidal-automation", "harbour-crm", "stable", "Priya Raman", "2025-12-31 23:40", "8760", "31", "5"],
    ["harbour-crm", "tidal-automation", "stable", "Priya Raman", "2025-12-31 23:45", "8760", "58", "5"],
    ["keystone-cms", "tidal-automation", "stable", "Priya Raman", "2025-12-31 22:10", "5120", "12", "4"],
    ["halyard-route", "harbour-crm", "workaround", "Henrik Solberg", "2025-12-31 18:20", "4020", "261", "5"],
    ["lighthouse-web", "quay-warehouse", "stable", "Viktor Szabo", "2025-12-31 04:00", "365", "2", "3"],
    ["harbour-crm", "quay-warehouse", "stable", "Viktor Szabo", "2025-12-31 04:20", "365", "1", "5"],
    ["tidal-automation", "quay-warehouse", "stable", "Viktor Szabo", "2025-12-31 04:25", "365", "4", "4"],
    ["quay-warehouse", "compass-bi", "stable", "Emeka Obi", "2025-12-31 05:10", "365", "3", "4"],
    ["quay-warehouse", "ferry-sync", "stable", "Viktor Szabo", "2025-12-31 05:30", "730", "9", "4"],
    ["ferry-sync", "harbour-crm", "workaround", "Viktor Szabo", "2025-12-30 05:45", "730", "66", "4"],
    ["rigging-ads", "quay-warehouse", "stable", "Tom Ellery", "2025-12-31 06:00", "365", "7", "3"],
    ["sonar-attribution", "quay-warehouse", "broken", "", "2025-09-12 03:30", "255", "104", "3"],
    ["harbour-crm", "sonar-attribution", "stable", "Emeka Obi", "2025-12-31 02:00", "365", "14", "3"],
    ["postwing", "tidal-automation", "workaround", "Leonie Falk", "2025-12-29 09:00", "104", "11", "3"],
    ["maildeck", "harbour-crm", "workaround", "", "2025-11-28 10:15", "14", "3", "3"],
    ["stagehand-events", "tidal-automation", "stable", "Gareth Lund", "2025-12-18 17:00", "88", "1", "3"],
    ["gangway-webinar", "tidal-automation", "stable", "Leonie Falk", "2025-12-19 12:00", "60", "0", "3"],
    ["plank-forms", "tidal-automation", "workaround", "", "2025-12-30 14:00", "2100", "77", "4"],
    ["signal-chat", "harbour-crm", "stable", "Leonie Falk", "2025-12-31 20:00", "1460", "22", "3"],
    ["buoy-consent", "tidal-automation", "stable", "Nadia Rahimi", "2025-12-31 21:00", "8760", "9", "5"],
    ["buoy-consent", "postwing", "broken", "Leonie Falk", "2025-10-02 08:00", "3300", "540", "5"],
    ["capstan-enrich", "harbour-crm", "workaround", "Emeka Obi", "2025-12-27 03:00", "52", "6", "2"],
    ["sextant-dedupe", "harbour-crm", "", "Emeka Obi", "", "", "", "3"],
    ["beacon-intent", "tiller-abm", "", "", "", "", "", "2"],
    ["tiller-abm", "harbour-crm", "broken", "Martin Okafor", "2025-08-04 11:00", "30", "19", "2"],
    ["bosun-outreach", "harbour-crm", "stable", "Isabel Costa", "2025-12-31 19:00", "8760", "120", "4"],
    ["logbook-calls", "harbour-crm", "stable", "Isabel Costa", "2025-12-31 17:30", "2900", "18", "2"],
    ["manifest-quotes", "harbour-crm", "stable", "Isabel Costa", "2025-12-31 16:00", "1900", "5", "4"],
    ["manifest-quotes", "ledger-billing", "stable", "Anneke Postma", "2025-12-31 16:30", "610", "2", "4"],
    ["ledger-billing", "quay-warehouse", "stable", "Viktor Szabo", "2025-12-31 04:40", "365", "0", "4"],
    ["hold-assets", "keystone-cms", "stable", "Bianca Moretti", "2025-12-23 15:00", "240", "3", "2"],
    ["sluice-tags", "lighthouse-web", "stable", "Emeka Obi", "2025-12-31 23:59", "8760", "40", "4"],
    ["drift-partners", "harbour-crm", "stable", "Henrik Solberg", "2025-12-22 10:00", "120", "2", "2"],
    ["vane-survey", "harbour-crm", "stable", "Henrik Solberg", "2025-12-15 09:00", "48", "0", "1"],
    ["porter-identity", "harbour-crm", "stable", "Anneke Postma", "2025-12-31 23:00", "8760", "0", "4"],
];

/// Name, tool, owner, intended and observed runs, days, intended share with outcome, outcomes, steps, last review.
const AUTOMATIONS: &[[&str; 10]] = &[
    ["Welcome series", "tidal-automation", "Leonie Falk", "820", "812", "90", "0.35", "291", "9", "2025-10-20"],
    ["Lead scoring update", "tidal-automation", "Priya Raman", "2700", "2688", "90", "", "", "14", "2025-09-15"],
    ["Hand-over to sales", "tidal-automation", "Henrik Solberg", "240", "231", "90", "0.55", "124", "11", "2025-11-04"],
    // Meant for those who asked for a price; a changed form field lets everybody in.
    ["Price enquiry alert", "tidal-automation", "Henrik Solberg", "60", "412", "90", "0.6", "41", "5", "2025-02-03"],
    ["Webinar follow-up", "tidal-automation", "Leonie Falk", "150", "143", "90", "0.25", "39", "7", "2025-08-28"],
    ["Trade fair follow-up", "tidal-automation", "Gareth Lund", "180", "188", "90", "0.2", "36", "8", "2025-10-02"],
    ["Re-engagement", "tidal-automation", "Leonie Falk", "400", "385", "90", "0.08", "12", "6", "2024-06-11"],
    ["Customer onboarding mails", "tidal-automation", "Leonie Falk", "45", "41", "90", "0.7", "30", "10", "2025-11-12"],
    ["Unsubscribe to CRM", "tidal-automation", "Leonie Falk", "110", "104", "90", "1", "104", "3", "2025-12-01"],
    ["Country from telephone", "tidal-automation", "", "", "96", "90", "", "", "4", ""],
    ["Newsletter list refresh", "postwing", "Leonie Falk", "13", "13", "90", "1", "13", "3", "2025-07-21"],
    ["Fair invitations", "maildeck", "", "", "7", "90", "", "", "5", "2024-03-19"],
    ["Round robin", "halyard-route", "Henrik Solberg", "900", "934", "90", "0.98", "861", "12", "2025-04-22"],
    ["Nordics hand-over", "halyard-route", "Henrik Solberg", "110", "118", "90", "0.95", "63", "4", "2024-05-14"],
    ["Stale deal reminder", "harbour-crm", "Henrik Solberg", "120", "131", "90", "", "", "4", "2025-06-30"],
    ["Renewal task", "harbour-crm", "Isabel Costa", "30", "29", "90", "0.9", "27", "3", "2025-10-09"],
    ["Duplicate check", "harbour-crm", "Emeka Obi", "90", "90", "90", "", "", "2", "2025-05-26"],
    ["Quote approval", "manifest-quotes", "Isabel Costa", "160", "171", "90", "0.97", "165", "6", "2025-04-22"],
    ["Invoice hand-over", "ledger-billing", "Anneke Postma", "155", "158", "90", "1", "158", "5", "2025-12-01"],
    ["Warehouse load", "quay-warehouse", "Viktor Szabo", "90", "90", "90", "0.99", "89", "16", "2025-12-04"],
    ["Segment sync", "ferry-sync", "Viktor Szabo", "180", "164", "90", "0.97", "150", "7", "2025-08-19"],
    ["Chat hand-over", "signal-chat", "Leonie Falk", "210", "204", "90", "0.5", "99", "5", "2025-03-18"],
    ["Review request", "reef-reviews", "Martin Okafor", "24", "22", "90", "0.3", "8", "3", "2025-05-26"],
    ["Access review reminder", "porter-identity", "Anneke Postma", "3", "3", "90", "1", "3", "2", "2025-12-01"],
];

/// Name, tool, owner, active, monitor, inputs, last review. The score of the second one leans on telephone numbers.
const AI_FEATURES: &[[&str; 7]] = &[
    [
        "Send time",
        "postwing",
        "Leonie Falk",
        "true",
        "Monthly hold-out group",
        "contacts.email;contacts.country",
        "2025-10-20",
    ],
    [
        "Predictive lead score",
        "tidal-automation",
        "Priya Raman",
        "true",
        "Weekly lift chart",
        "contacts.phone;contacts.source",
        "2025-09-15",
    ],
    ["Chat assistant", "signal-chat", "Leonie Falk", "true", "", "contacts.country", "2025-03-18"],
    [
        "Call summaries",
        "logbook-calls",
        "Isabel Costa",
        "true",
        "Sampled by managers",
        "deals.stage;deals.owner",
        "2025-11-10",
    ],
    ["Deal risk", "logbook-calls", "", "true", "", "deals.amount;deals.stage", ""],
    ["Subject lines", "tidal-automation", "Leonie Falk", "false", "", "contacts.segment", ""],
];

/// `tools.csv`.
pub fn tools() -> String {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "id",
            "name",
            "category",
            "owner",
            "annual_cost",
            "currency",
            "seats_licensed",
            "seats_active",
            "shared_logins",
            "admin_hours",
            "integration_cost",
            "training_cost",
            "renewal_at",
            "access_reviewed_at",
        ],
    );
    for (id, name, category, owner, [cost, licensed, active, hours, upkeep, training, renewal, review], _) in TOOLS {
        let shared = if matches!(*id, "maildeck" | "crowsnest-research") { "true" } else { "false" };
        csv::row(
            &mut out,
            &[
                id, name, category, owner, cost, "EUR", licensed, active, shared, hours, upkeep, training, renewal,
                review,
            ],
        );
    }
    out
}

/// `capabilities.csv`.
pub fn capabilities() -> String {
    let mut out = String::new();
    csv::row(&mut out, &["tool", "capability", "purpose", "in_use", "weight", "users"]);
    for (id, .., capabilities) in TOOLS {
        for entry in capabilities.split("; ") {
            let (weight, entry) = entry.strip_prefix('*').map_or(("1", entry), |rest| ("2", rest));
            let (capability, rest) = entry.split_once('@').expect("capability@purpose");
            // A purpose may hold a hyphen; the mark is the last one.
            let (purpose, used, users) = if let Some((purpose, users)) = rest.rsplit_once('+') {
                (purpose, "true", users)
            } else if let Some(purpose) = rest.strip_suffix('?') {
                (purpose, "", "")
            } else {
                (rest.strip_suffix('-').expect("a mark at the end"), "false", "0")
            };
            csv::row(&mut out, &[id, capability, purpose, used, weight, users]);
        }
    }
    out
}

/// `integrations.csv`.
pub fn integrations() -> String {
    let mut out = String::new();
    csv::row(&mut out, &["id", "from", "to", "state", "owner", "last_success_at", "runs", "errors", "criticality"]);
    numbered(&mut out, "I", INTEGRATIONS);
    out
}

/// `automations.csv`.
pub fn automations() -> String {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "id",
            "name",
            "tool",
            "owner",
            "intended_runs",
            "observed_runs",
            "observed_days",
            "intended_outcome",
            "observed_outcomes",
            "steps",
            "reviewed_at",
        ],
    );
    numbered(&mut out, "A", AUTOMATIONS);
    out
}

/// `ai_features.csv`.
pub fn ai_features() -> String {
    let mut out = String::new();
    csv::row(&mut out, &["id", "name", "tool", "owner", "active", "monitor", "inputs", "reviewed_at"]);
    numbered(&mut out, "F", AI_FEATURES);
    out
}

fn numbered<const WIDTH: usize>(out: &mut String, letter: &str, rows: &[[&str; WIDTH]]) {
    for (index, cells) in rows.iter().enumerate() {
        let id = format!("{letter}-{:02}", index + 1);
        let mut row = vec![id.as_str()];
        row.extend(cells);
        csv::row(out, &row);
    }
}
