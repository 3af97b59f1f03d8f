// Boards made up by hand, one for each layout and state that a board can have: for tests and pictures that need no data.

const definition = (id, name, sign_off = { state: "signed", by: "Ines Berg", at: "2025-11-03" }) => ({
  id, hash: "5f1d0c2ab37e9a44", name, formula: `${name}, as a formula in words`, source: "ours", direction: "higher",
  inputs: ["tools.annual_cost", "capabilities.in_use"], edge_cases: ["A capability nobody looked at is unknown, not unused."],
  parameters: [{ name: "active_days", value: "90", is_default: true, text: "Days within which a seat counts as used." }],
  owner: "Marketing operations", sign_off,
});

export const figure = (id, label, value, unit, more = {}) => ({
  id, label, value, unit, currency: unit.startsWith("money") ? "EUR" : undefined,
  numerator: null, denominator: null, interval: null, read: 40, used: 40, excluded: [], thin: false, target: null,
  status: value === null ? "undefined" : "no_target", definition: definition(id, label), parts: [], ...more,
});

export const number = (value, more = {}) => ({ value, bounds: null, text: "", state: "neutral", ...more });
export const words = (text, state = "neutral") => ({ value: null, bounds: null, text, state });
export const row = (id, label, state, word, note, cells = []) => ({ id, label, state, word, note, cells });
export const column = (id, label, unit = null) => ({ id, label, unit });
export const section = (id, label, layout, columns, rows, more = {}) => ({ id, label, note: "", layout, columns, rows, folded: false, of: null, ...more });

export const period = { id: "2025", label: "2025", start: 1735686000000, end: 1767222000000 };
export const view = (name, message, state, figures, sections) => ({
  as_of: 1767222000000, time_zone: "Europe/Berlin", currency: "EUR", organisation: "Larkfield", period,
  compared_with: null, filter: {}, body: { view: "board", name, message, state, figures, sections },
});

const lapsed = { state: "lapsed", by: "Ines Berg", at: "2025-02-14" };
const unmeasured = (count, ...ids) => [{ reason: "no_evidence", count, examples: ids.map((id, line) => ({ line: line + 2, id })) }];

const stack = view("stack", "A third of the stack’s cost, €212,000 a year, buys capabilities that nobody uses", "bad", [
  figure("stack_utilisation", "Stack utilisation", 0.384, "rate", {
    bounds: [0.311, 0.472], excluded: unmeasured(3, "hotjar", "sixsense", "outreach"), target: 0.6, status: "off_target",
  }),
  figure("seat_utilisation", "Seat utilisation", 0.716, "rate", { interval: [0.69, 0.741], target: 0.75, status: "near_target" }),
  figure("shelfware_cost", "Shelfware cost", 212_400, "money_per_year", { bounds: [181_000, 246_500] }),
  figure("total_cost_of_ownership", "Total cost of ownership", 1_184_000, "money_per_year", { definition: definition("total_cost_of_ownership", "Total cost of ownership", lapsed) }),
  figure("stack_redundancy", "Redundant capabilities", 9, "records", { target: 10, status: "on_target" }),
  figure("renewal_exposure", "Renewals in 90 days", null, "money_per_year", { undefined: { code: "missing_field", message: "No tool says when it renews: fill tools.renewal_at." } }),
], [
  section("tools", "Tools by cost", "table", [
    column("cost", "Cost a year", "money_per_year"), column("seats", "Seats in use", "rate"), column("capabilities", "Capabilities in use", "rate"),
    column("per_user", "Cost per active user", "money_per_year"), column("owner", "Owner"),
  ], [
    row("salesforce", "Salesforce Sales Cloud", "good", "well used", "", [number(284_000), number(0.93), number(0.71), number(1_890), words("Revenue operations")]),
    row("marketo", "Marketo Engage", "warning", "half used", "Scoring and A/B tests are paid for and not switched on.", [number(148_000), number(0.61), number(0.42, { bounds: [0.38, 0.51] }), number(12_300), words("Ana Duarte")]),
    row("sixsense", "6sense", "unknown", "not measured", "No usage export. Ask the vendor for seat logs before the renewal in March.", [number(96_000), words("no usage export"), number(null, { bounds: [0, 1] }), words("no active users known"), words("")]),
    row("hotjar", "Hotjar", "bad", "shelfware", "One person used it in 90 days. Cancel by 28 February or move to the free plan.", [number(4_800), number(0.04, { state: "bad" }), number(0.11, { state: "bad" }), number(4_800), words("No owner", "bad")]),
  ], { of: 41, note: "Licence, people and upkeep together; least used first within a cost band." }),
  section("redundancy", "Candidates for consolidation", "list", [column("tools", "Tools"), column("saving", "Saves", "money_per_year"), column("breaks", "Hangs on it")], [
    row("email", "E-mail sending for campaigns", "bad", "3 tools", "Mailchimp has the fewest active users; moving its two automations to Marketo lets it go.", [words("Marketo, Mailchimp, HubSpot"), number(38_400), words("2 integrations, 2 automations")]),
    row("forms", "Forms on the website", "warning", "2 tools", "Typeform is used by events only.", [words("Marketo, Typeform"), number(3_100), words("1 integration")]),
  ]),
  section("benchmarks", "Benchmarks", "bars", [column("utilisation", "Utilisation", "rate"), column("source", "Source")], [
    row("ours", "Larkfield", "neutral", "", "", [number(0.384, { bounds: [0.311, 0.472] }), words("this stack")]),
    row("2020", "Survey 2020", "neutral", "", "", [number(0.58), words("Gartner 2020")]),
    row("2022", "Survey 2022", "neutral", "", "", [number(0.42), words("Gartner 2022")]),
    row("2023", "Survey 2023", "neutral", "", "", [number(0.33), words("Gartner 2023")]),
  ]),
]);

const nodes = [
  ["web", "Website", "good"], ["forms", "Typeform", "warning"], ["ads", "Google Ads", "good"], ["linkedin", "LinkedIn Ads", "unknown"],
  ["events", "Eventbrite", "good"], ["marketo", "Marketo Engage", "warning"], ["enrich", "Clearbit", "good"], ["crm", "Salesforce Sales Cloud", "good"],
  ["outreach", "Outreach", "bad"], ["erp", "NetSuite", "good"], ["bi", "Looker", "good"], ["warehouse", "Snowflake", "good"], ["survey", "Delighted", "unknown"], ["chat", "Drift", "neutral"],
];
const links = [
  ["web", "marketo", "good", "stable", "Ana Duarte"], ["forms", "marketo", "warning", "workaround", "Ana Duarte"], ["ads", "marketo", "good", "stable", "Ben Ito"],
  ["linkedin", "marketo", "unknown", "unknown", ""], ["events", "marketo", "good", "stable", "Events"], ["enrich", "marketo", "good", "stable", "Ana Duarte"],
  ["marketo", "crm", "good", "stable", "Ana Duarte"], ["crm", "marketo", "good", "stable", "Ana Duarte"], ["crm", "outreach", "bad", "broken", ""],
  ["outreach", "crm", "warning", "workaround", "Sales"], ["crm", "erp", "good", "stable", "Finance"], ["crm", "warehouse", "good", "stable", "Data"],
  ["marketo", "warehouse", "good", "stable", "Data"], ["erp", "warehouse", "good", "stable", "Data"], ["warehouse", "bi", "good", "stable", "Data"], ["chat", "crm", "warning", "workaround", ""],
];
const names = Object.fromEntries(nodes.map(([id, label]) => [id, label]));
const systemMap = view("system_map", "Salesforce to Outreach is broken and nobody owns it: new leads reach no sequence", "bad", [
  figure("integration_health", "Integration health", 0.62, "rate", { bounds: [0.62, 0.69], target: 0.9, status: "off_target", excluded: unmeasured(1, "linkedin-marketo") }),
  figure("integration_coverage", "Integration coverage", 0.875, "rate", { target: 0.9, status: "near_target" }),
], [
  section("tools", "Tools and integrations", "graph", [column("category", "Category"), column("owner", "Owner"), column("breaks", "Stops when it breaks")],
    nodes.map(([id, label, state]) => row(id, label, state, state === "bad" ? "integration broken" : "", state === "bad" ? "Last success 41 days ago." : "",
      [words("Tool"), words(state === "unknown" ? "" : "Ana Duarte"), words(id === "crm" ? "6 tools" : "–")]))),
  section("tools_links", "Integrations", "table", [column("from", "From"), column("to", "To"), column("owner", "Owner"), column("last_success", "Last success"), column("errors", "Errors", "rate")],
    links.map(([from, to, state, word, owner]) => row(`${from}-${to}`, `${names[from]} → ${names[to]}`, state, word, state === "bad" ? "Fix it or switch the sequence off: new leads are not called." : "",
      [words(from), words(to), words(owner), words(state === "bad" ? "22 Nov 2025" : "1 Jan 2026"), number(state === "bad" ? 0.94 : 0.004)]))),
]);

const dimensions = ["Completeness", "Validity", "Uniqueness", "Consistency", "Currentness"];
const dataQuality = view("data_quality", "31% of qualified leads have no source: sourced pipeline could be anywhere between €1.9 M and €3.4 M", "warning", [
  figure("data_quality", "Data quality", 0.813, "rate", { bounds: [0.79, 0.84], target: 0.9, status: "off_target" }),
  figure("data_completeness", "Completeness", 0.744, "rate", { interval: [0.731, 0.757], target: 0.85, status: "off_target" }),
  figure("duplicate_rate", "Duplicates", 0.038, "rate", { target: 0.03, status: "near_target" }),
], [
  section("fields", "Quality by field", "matrix", dimensions.map((name) => column(name.toLowerCase(), name, "rate")),
    ["E-mail", "Country", "Source", "Owner", "Company name"].map((label, index) => row(label, label, "neutral", "", "",
      dimensions.map((_, at) => (index + at) % 4 === 3 ? words("not checked") : number(Math.max(0, 1 - 0.13 * index - 0.07 * at)))))),
  section("mend", "Rows to mend, worst first", "table", [column("row", "Row"), column("fault", "What is wrong"), column("effect", "What mending changes")], [
    row("C-1027", "Orlik Interiors S.A.", "bad", "", "", [words("contacts, line 1,028"), words("no source, no country"), words("enters pipeline_sourced")]),
    row("C-2210", "(blank)", "bad", "", "", [words("contacts, line 2,211"), words("no e-mail"), words("counts as a duplicate of C-88")]),
  ], { of: 1429, folded: true }),
]);

const controlStack = view("control_stack", "Held down by data quality: no layer above Foundation can score more than 58", "warning", [
  figure("control_stack", "Control stack", 54, "score", { bounds: [49, 61], target: 75, status: "off_target" }),
], [
  section("layers", "Layers", "bars", [column("score", "Score", "score"), column("capped", "Held down by")], [
    row("executive", "Executive", "warning", "held down", "Would score 82 on its own figures.", [number(58), words("Foundation")]),
    row("control", "Control", "warning", "", "Two sign-offs have lapsed.", [number(54), words("")]),
    row("operational", "Operational", "good", "", "", [number(58, { bounds: [51, 58] }), words("Foundation")]),
    row("foundation", "Foundation", "bad", "weakest", "Data quality is 81% against a bar of 90%.", [number(58, { bounds: [52, 63] }), words("data quality")]),
  ]),
]);

const readiness = view("readiness", "ABM launch: fix first. Two gates fail and one can’t be told", "bad", [
  figure("readiness", "Gates passed", 0.571, "rate", { bounds: [0.571, 0.714] }),
], [
  section("abm_launch", "ABM launch", "list", [column("figure", "Figure"), column("value", "Now", "rate"), column("needed", "Needed", "rate")], [
    row("accounts", "Target accounts are known", "good", "passed", "212 accounts have an owner and a segment.", [words("data_completeness"), number(0.97), number(0.95)]),
    row("duplicates", "Accounts are unique", "bad", "failed", "3.8% of accounts are duplicates. Merge the 41 pairs under “Rows to mend”.", [words("duplicate_rate"), number(0.038), number(0.02)]),
    row("intent", "Intent data can be trusted", "unknown", "unknown", "Nobody measured 6sense. A usage export would turn this gate.", [words("capability_utilisation"), words("not known"), number(0.5)]),
  ], { note: "Never an average: one failed gate is enough to wait." }),
  section("migration", "Platform migration", "list", [], [], { note: "No automation inventory was given, so no duration can be estimated." }),
]);

const campaigns = view("campaigns", "Campaigns take 34 days from brief to launch; 61% were on time", "warning", [
  figure("campaign_cycle_time", "Campaign cycle time", 34, "days", { interval: [29, 41] }),
  figure("quality_control", "Launches without a fault", 0.79, "rate", { target: 0.85, status: "off_target", thin: true }),
], [
  section("calendar", "Launches by month", "series", [column("launches", "Launches", "records"), column("due", "Due", "records"), column("asked", "Asked for", "records")],
    [8, 9, 8, 10, 12, 10, 13, 14].map((value, index) => row(`2025-${index + 1}`, `${index + 1}/2025`, "neutral", "", "", [
      number(value, { bounds: [value - 2, value + 3] }), index < 7 ? number(value + (index % 2 ? -1 : 2)) : words("not over yet"), number(value + 4),
    ]))),
]);

const empty = view("signals", "", "neutral", [], []);
const signals = view("signals", "Two of six signals are raised", "warning", [figure("threshold_signals", "Signals raised", 2, "records", { bounds: [2, 3] })], [
  section("signals", "Signals", "list", [], [
    row("lead_quality", "Lead quality is disputed", "bad", "raised", "Sales rejects 34% of qualified leads, up from 19%.", []),
    row("reports", "Reports contradict one another", "bad", "raised", "Google Ads claims 214 leads where the CRM has 131.", []),
    row("launches", "Launches are unpredictable", "unknown", "unknown", "No campaign has step times.", []),
    row("tools", "Tools duplicate data", "good", "quiet", "Duplicates are 3.8% and steady.", []),
  ]),
]);

/** A made-up board for each of some widgets: every layout and state occurs. */
const months = ["2025-07", "2025-08", "2025-09", "2025-10"];
const forecast = view("forecast", "Forecasts ran 8.4% over what came in; 1 of 3 periods came within 10%. Of the open pipeline €412,000 should be won within 90 days (95% interval €318,000 to €507,000).", "warning", [
  figure("forecast_reliability", "Forecast reliability", 0.137, "rate", { used: 3, thin: true, target: 0.1, status: "off_target" }),
  figure("pipeline_forecast", "Pipeline forecast", 412_000, "money", {
    interval: [318_000, 507_000], denominator: { value: 1_640_000, unit: "money", label: "open pipeline" },
  }),
], [
  section("periods", "Forecast and actual by period", "series", [column("forecast", "Forecast", "money"), column("actual", "Actual", "money")], [
    row("2025-q1", "Q1 2025", "neutral", "", "", [number(880_000), number(815_000)]),
    row("2025-q2", "Q2 2025", "neutral", "", "", [number(910_000), number(902_000)]),
    row("2025-q3", "Q3 2025", "neutral", "", "", [number(1_020_000), number(null, { text: "not over yet", state: "unknown" })]),
  ], { note: "Forecasts as they stood 30 days before each period’s end." }),
  section("methods", "How far off each method was", "table", [column("error", "Error (WAPE)", "rate"), column("of", "Measured on")], [
    row("forecast", "Forecast at the horizon", "good", "closest", "", [number(0.137, { state: "good" }), words("Revenue of a period")]),
    row("year_before", "The year before’s actual", "neutral", "", "", [number(0.22), words("Revenue of a period")]),
    row("probabilities", "Probabilities of stages", "unknown", "", "", [number(null, { text: "No stage has a probability.", state: "unknown" }), words("Won from open deals")]),
  ]),
  section("pipeline", "The pipeline’s forecast in earlier months", "series",
    [column("forecast", "By stage and age", "money"), column("actual", "Won", "money"), column("probabilities", "By probabilities", "money")],
    months.map((month, at) => row(month, month, "neutral", "", "", [number(360_000 + 20_000 * at), number(345_000 + 30_000 * (at % 3)), number(520_000 - 15_000 * at)])),
    { note: "What the deals open at the start of each month brought within 90 days." }),
  section("stages", "Open pipeline by stage and age", "table", [
    column("expected", "Expected", "money"), column("open", "Open", "money"), column("deals", "Open deals", "records"),
    column("share", "Share won of earlier ones", "rate"), column("cases", "Cases", "records"),
  ], [
    row("proposal/young", "Proposal, up to 30 days", "neutral", "", "", [number(231_000), number(550_000), number(14), number(0.42), number(118)]),
    row("proposal/old", "Proposal, over 90 days", "neutral", "", "", [number(29_700), number(270_000), number(9), number(0.11), number(64)]),
    row("/old", "Stage unknown, over 90 days", "unknown", "", "", [number(null), number(40_000), number(2), number(null), number(0)]),
  ]),
]);

const claimed = (unit) => [column("claimed", "Claimed", unit), column("ours", "Ours", unit), column("gap", "Gap", "rate"), column("window", "Window"), column("owner", "Owner")];
const reconciliation = view("reconciliation", "Together platforms claim 138% of the CRM’s revenue. Some of it is claimed twice. Search ads alone claims 81%; by our count it has 46%.", "bad", [
  figure("reconciliation_gap", "Reconciliation gap", 0.62, "rate", { target: 0.1, status: "off_target", excluded: [{ reason: "unmatched", count: 2, examples: [{ line: 9, field: "platform", found: "Shop" }] }] }),
], [
  section("revenue", "Revenue", "table", claimed("money"), [
    row("ads", "Search ads", "warning", "claims more", "Any purchase after a click. Its days are those of America/Los_Angeles. Settle one window and one definition.",
      [number(486_000), number(276_000), number(0.761, { state: "warning" }), words("30 days"), words("Tom Ellery")]),
    row("mail", "Newsletter", "good", "agrees", "Orders with the newsletter’s tag.", [number(118_000), number(112_000), number(0.054, { state: "good" }), words("7 days"), words("Ana Duarte")]),
    row("network", "Follow-up network", "unknown", "no counterpart", "What it counts is not declared. Count on none of it until its sources stand in the CRM.",
      [number(224_000), number(0), number(null, { text: "The CRM has nothing from its sources on those days.", state: "unknown" }), words("not declared"), words("nobody")]),
  ], { note: "Together they claim 138% of the CRM’s €600,000." }),
  section("leads", "Leads", "table", claimed("records"), [
    row("ads", "Search ads", "warning", "claims less", "Any form after a click. Look for links and forms that it does not see.",
      [number(310), number(402), number(-0.229, { state: "warning" }), words("30 days"), words("Tom Ellery")]),
  ]),
  section("undeclared", "Reports that the charter doesn’t declare", "table", [column("reports", "Reports", "records")], [
    row("Shop", "Shop", "warning", "not declared", "Declare its sources, window, time zone, definition and owner in the charter.", [number(2)]),
  ]),
]);

export const SAMPLES = {
  "mops-stack": stack,
  "mops-system-map": systemMap,
  "mops-data-quality": dataQuality,
  "mops-control-stack": controlStack,
  "mops-readiness": readiness,
  "mops-campaigns": campaigns,
  "mops-signals": signals,
  "mops-forecast": forecast,
  "mops-reconciliation": reconciliation,
};
export const EMPTY = empty;
