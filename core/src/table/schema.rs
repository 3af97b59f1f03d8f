//! The fields of each table.

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A date or an instant.
    Time,
    /// An amount of money.
    Money,
    /// A plain number.
    Number,
    /// Yes or no.
    Flag,
}

/// A field of a table.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in mappings, filters and JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether any figure reads it. Fields that none reads (names, addresses) are recognised and left unread.
    pub read: bool,
    /// One line for people.
    pub text: &'static str,
}

/// What is said to people, who read it in the terminal.
const fn words(text: &'static str) -> &'static str {
    if cfg!(feature = "prose") { text } else { "" }
}

const fn field(name: &'static str, kind: Kind, text: &'static str) -> Field {
    Field { name, kind, read: true, text: words(text) }
}

const fn unread(name: &'static str, kind: Kind, text: &'static str) -> Field {
    Field { name, kind, read: false, text: words(text) }
}

/// The kind of a table.
#[derive(Debug, Clone, Copy)]
pub struct TableSchema {
    /// Its name.
    pub name: &'static str,
    /// One line for people.
    pub text: &'static str,
    /// Its fields. `contacts` also has one `stage:<id>` of [`Kind::Time`] for every stage and exit of the charter.
    pub fields: &'static [Field],
    /// Whether a reader's filter (owner, source, country) applies: it is about records, not about what they are made
    /// with.
    pub filtered: bool,
    /// Fields without which rows can't be told to be of this table.
    pub needed: &'static [&'static str],
    /// The field whose duplicates are rejected, if any.
    pub key: Option<&'static str>,
}

/// Every table that is read from files.
pub const TABLES: &[TableSchema] = &[
    TableSchema {
        name: "contacts",
        text: words("people, with the time each entered a lifecycle stage"),
        needed: &["id"],
        filtered: true,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "the record's id in its system"),
            field("created_at", Kind::Time, "when the record was made"),
            field("updated_at", Kind::Time, "when it was last changed; decides between duplicates"),
            field("owner", Kind::Text, "who looks after it"),
            field("source", Kind::Text, "where it first came from"),
            field("account", Kind::Text, "the company it belongs to"),
            field("country", Kind::Text, "country"),
            field("stage", Kind::Text, "lifecycle stage now"),
            field("email", Kind::Text, "e-mail address"),
            field("name", Kind::Text, "name, or the given one"),
            field("last_name", Kind::Text, "family name, where the name holds the given one only"),
            field("phone", Kind::Text, "telephone number"),
            field("first_owner", Kind::Text, "who looked after it first"),
            field("assigned_at", Kind::Time, "when it was given to its owner"),
            field("first_response_at", Kind::Time, "first human outbound touch"),
            field("region", Kind::Text, "sales region"),
            field("segment", Kind::Text, "market segment"),
            field("consent_state", Kind::Text, "consent to marketing: given, withdrawn or blank for unknown"),
            field("consent_basis", Kind::Text, "lawful basis on which it may be written to"),
            field("consent_at", Kind::Time, "when consent was given"),
            field("suppressed", Kind::Flag, "whether nothing may be sent to it"),
            field("suppressed_at", Kind::Time, "since when"),
        ],
    },
    TableSchema {
        name: "stage_events",
        text: words("the long form of the stage times: one row for each entry of a contact into a stage"),
        needed: &["contact_id", "stage", "at"],
        filtered: true,
        key: None,
        fields: &[
            field("contact_id", Kind::Text, "the contact's id"),
            field("stage", Kind::Text, "the stage entered"),
            field("at", Kind::Time, "when"),
        ],
    },
    TableSchema {
        name: "deals",
        text: words("sales opportunities"),
        needed: &["id"],
        filtered: true,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "the deal's id in its system"),
            field("amount", Kind::Money, "its amount"),
            field("currency", Kind::Text, "ISO 4217 code of the amount; the charter's currency where blank"),
            field("stage", Kind::Text, "deal stage now"),
            field("created_at", Kind::Time, "when it was opened"),
            field("closed_at", Kind::Time, "when it was won or lost"),
            field("expected_close_at", Kind::Time, "when it is expected to close"),
            field("updated_at", Kind::Time, "when it was last changed; decides between duplicates"),
            field("is_won", Kind::Flag, "whether it was won; the charter's deal stages decide where absent"),
            field("is_closed", Kind::Flag, "whether it is closed; the charter's deal stages decide where absent"),
            field("owner", Kind::Text, "who looks after it"),
            field("source", Kind::Text, "where it first came from"),
            field("account", Kind::Text, "the company it is with"),
            field("country", Kind::Text, "country"),
            field("product", Kind::Text, "product"),
            field("region", Kind::Text, "sales region"),
            field("segment", Kind::Text, "market segment"),
            field("campaign", Kind::Text, "the campaign it came from"),
            field(
                "contact_ids",
                Kind::Text,
                "contacts that belong to it, the first one leading, divided by semicolons",
            ),
            field("forecast_category", Kind::Text, "how sure the seller is"),
            field("recurring_amount", Kind::Money, "recurring revenue a month"),
            unread("name", Kind::Text, "name"),
        ],
    },
    TableSchema {
        name: "deal_stage_events",
        text: words("one row for each entry of a deal into a stage"),
        needed: &["deal_id", "stage", "at"],
        filtered: true,
        key: None,
        fields: &[
            field("deal_id", Kind::Text, "the deal's id"),
            field("stage", Kind::Text, "the stage entered"),
            field("at", Kind::Time, "when"),
        ],
    },
    TableSchema {
        name: "touches",
        text: words("what passed between the organisation and a contact"),
        needed: &["contact_id", "at"],
        filtered: true,
        key: None,
        fields: &[
            field("contact_id", Kind::Text, "the contact's id"),
            field("at", Kind::Time, "when"),
            field(
                "kind",
                Kind::Text,
                "what it was: email_sent, email_open, email_click, form, call, meeting, ad_click, visit, unsubscribe",
            ),
            field("direction", Kind::Text, "inbound or outbound"),
            field("automated", Kind::Flag, "whether a machine did it"),
            field("channel", Kind::Text, "marketing channel"),
            field("campaign", Kind::Text, "campaign"),
            field("owner", Kind::Text, "who made it"),
            field("utm_source", Kind::Text, "UTM source"),
            field("utm_medium", Kind::Text, "UTM medium"),
            field("utm_campaign", Kind::Text, "UTM campaign"),
            field("utm_term", Kind::Text, "UTM term"),
            field("utm_content", Kind::Text, "UTM content"),
        ],
    },
    TableSchema {
        name: "campaigns",
        text: words("campaigns, with the time each step was done"),
        needed: &["id", "launched_at"],
        filtered: true,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "the campaign's id in its system"),
            field("name", Kind::Text, "name"),
            field("channel", Kind::Text, "marketing channel"),
            field("owner", Kind::Text, "who runs it"),
            field("segment", Kind::Text, "market segment"),
            field("budget", Kind::Money, "its budget"),
            field("currency", Kind::Text, "ISO 4217 code of the budget"),
            field("briefed_at", Kind::Time, "when the brief was accepted"),
            field("built_at", Kind::Time, "when it was built"),
            field("checked_at", Kind::Time, "when quality assurance was done"),
            field("approved_at", Kind::Time, "when it was approved"),
            field("launched_at", Kind::Time, "when it went live"),
            field("due_at", Kind::Time, "when it should go live"),
            field("ended_at", Kind::Time, "when it ended"),
            field("returns", Kind::Number, "how often it was sent back"),
            field("qa_passed", Kind::Flag, "whether it passed the quality checklist"),
            field("brand_approved", Kind::Flag, "whether it passed the brand review"),
        ],
    },
    TableSchema {
        name: "spend",
        text: words("what was spent, by day or period"),
        needed: &["at", "amount"],
        filtered: true,
        key: None,
        fields: &[
            field("at", Kind::Time, "the day, or the first of the period"),
            field("channel", Kind::Text, "marketing channel"),
            field("campaign", Kind::Text, "campaign"),
            field("category", Kind::Text, "cost line: media, tools, people, agency, sales"),
            field("amount", Kind::Money, "amount"),
            field("currency", Kind::Text, "ISO 4217 code of the amount"),
        ],
    },
    TableSchema {
        name: "budgets",
        text: words("what was planned, by period"),
        needed: &["start_at", "end_at", "amount"],
        filtered: false,
        key: None,
        fields: &[
            field("start_at", Kind::Time, "first day of the period"),
            field("end_at", Kind::Time, "first day after it"),
            field("planned_at", Kind::Time, "when the plan was made"),
            field("channel", Kind::Text, "marketing channel"),
            field("campaign", Kind::Text, "campaign"),
            field("amount", Kind::Money, "amount"),
            field("currency", Kind::Text, "ISO 4217 code of the amount"),
        ],
    },
    TableSchema {
        name: "forecasts",
        text: words("what was forecast for a period, and when"),
        needed: &["start_at", "made_at", "amount"],
        filtered: false,
        key: None,
        fields: &[
            field("start_at", Kind::Time, "first day of the period"),
            field("end_at", Kind::Time, "first day after it"),
            field("made_at", Kind::Time, "when the forecast was made"),
            field("amount", Kind::Money, "amount"),
            field("currency", Kind::Text, "ISO 4217 code of the amount"),
        ],
    },
    TableSchema {
        name: "actuals",
        text: words("what a period really brought"),
        needed: &["start_at", "end_at", "amount"],
        filtered: false,
        key: None,
        fields: &[
            field("start_at", Kind::Time, "first day of the period"),
            field("end_at", Kind::Time, "first day after it"),
            field("amount", Kind::Money, "amount"),
            field("currency", Kind::Text, "ISO 4217 code of the amount"),
        ],
    },
    TableSchema {
        name: "requests",
        text: words("what was asked of marketing operations"),
        needed: &["id", "kind"],
        filtered: true,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "the request's id"),
            field("requester", Kind::Text, "who asked"),
            field("owner", Kind::Text, "who works on it"),
            field("kind", Kind::Text, "strategic or reactive, or a kind the charter names so"),
            field("created_at", Kind::Time, "when it was asked"),
            field("started_at", Kind::Time, "when work began"),
            field("closed_at", Kind::Time, "when it was done"),
            field("due_at", Kind::Time, "when it should be done"),
        ],
    },
    TableSchema {
        name: "platform_reports",
        text: words("what platforms say of themselves"),
        needed: &["platform", "metric", "value"],
        filtered: false,
        key: None,
        fields: &[
            field("platform", Kind::Text, "the platform"),
            field("metric", Kind::Text, "leads, deals or revenue"),
            field("start_at", Kind::Time, "first day of the period"),
            field("end_at", Kind::Time, "first day after it"),
            field("value", Kind::Number, "what it claims"),
        ],
    },
    TableSchema {
        name: "reports",
        text: words("reports that were due"),
        needed: &["name", "due_at"],
        filtered: false,
        key: None,
        fields: &[
            field("name", Kind::Text, "the report"),
            field("owner", Kind::Text, "who makes it"),
            field("due_at", Kind::Time, "when it is due"),
            field("delivered_at", Kind::Time, "when it was delivered"),
            field("hours", Kind::Number, "hours it took to compile"),
        ],
    },
    TableSchema {
        name: "tools",
        text: words("the tools that are paid for"),
        needed: &["id", "annual_cost"],
        filtered: false,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "the tool's id, to which other tables refer"),
            field("name", Kind::Text, "its name"),
            field("category", Kind::Text, "what kind of tool"),
            field("owner", Kind::Text, "who answers for it"),
            field("annual_cost", Kind::Money, "licence a year"),
            field("currency", Kind::Text, "ISO 4217 code of its costs"),
            field("seats_licensed", Kind::Number, "seats paid for"),
            field("seats_active", Kind::Number, "seats used within the active window; blank where nobody measured"),
            field("shared_logins", Kind::Flag, "whether several people use one login"),
            field("admin_hours", Kind::Number, "hours of upkeep a month"),
            field("integration_cost", Kind::Money, "upkeep of its integrations a year"),
            field("training_cost", Kind::Money, "training a year"),
            field("renewal_at", Kind::Time, "when the contract renews"),
            field("access_reviewed_at", Kind::Time, "when its access rights were last reviewed"),
        ],
    },
    TableSchema {
        name: "capabilities",
        text: words("what each tool can do, and whether it is used for that"),
        needed: &["tool", "capability"],
        filtered: false,
        key: None,
        fields: &[
            field("tool", Kind::Text, "the tool's id"),
            field("capability", Kind::Text, "what it can do"),
            field("purpose", Kind::Text, "what for, or for whom"),
            field("in_use", Kind::Flag, "whether it is used; blank where nobody knows"),
            field("weight", Kind::Number, "how much it matters; 1 where blank"),
            field("users", Kind::Number, "people who use it"),
        ],
    },
    TableSchema {
        name: "integrations",
        text: words("connections between tools"),
        needed: &["id", "from", "to"],
        filtered: false,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "its id"),
            field("from", Kind::Text, "id of the tool data come from"),
            field("to", Kind::Text, "id of the tool data go to"),
            field("state", Kind::Text, "stable, workaround, broken or blank for unknown"),
            field("owner", Kind::Text, "who answers for it"),
            field("last_success_at", Kind::Time, "when it last worked"),
            field("runs", Kind::Number, "runs counted"),
            field("errors", Kind::Number, "runs that failed"),
            field("criticality", Kind::Number, "how much depends on it; 1 where blank"),
        ],
    },
    TableSchema {
        name: "automations",
        text: words("workflows that run by themselves"),
        needed: &["id", "intended_runs"],
        filtered: false,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "its id"),
            field("name", Kind::Text, "its name"),
            field("tool", Kind::Text, "id of the tool it runs in"),
            field("owner", Kind::Text, "who answers for it"),
            field("intended_runs", Kind::Number, "runs that were intended in the days counted"),
            field("observed_runs", Kind::Number, "runs that were counted"),
            field("observed_days", Kind::Number, "days over which they were counted"),
            field("intended_outcome", Kind::Number, "share of runs that should reach their outcome, 0 to 1"),
            field("observed_outcomes", Kind::Number, "runs that reached it"),
            field("steps", Kind::Number, "steps it has"),
            field("reviewed_at", Kind::Time, "when it was last reviewed"),
        ],
    },
    TableSchema {
        name: "ai_features",
        text: words("features that decide or write by themselves"),
        needed: &["id", "inputs"],
        filtered: false,
        key: Some("id"),
        fields: &[
            field("id", Kind::Text, "its id"),
            field("name", Kind::Text, "its name"),
            field("tool", Kind::Text, "id of the tool it is part of"),
            field("owner", Kind::Text, "who answers for it"),
            field("active", Kind::Flag, "whether it is switched on"),
            field("monitor", Kind::Text, "what watches its results"),
            field("inputs", Kind::Text, "fields it works from, as contacts.email, divided by semicolons"),
            field("reviewed_at", Kind::Time, "when it was last reviewed"),
        ],
    },
];

/// Tables that are drawn from the charter and never read from a file.
pub const CHARTER_TABLES: &[TableSchema] = &[
    TableSchema {
        name: "functions",
        text: words("what somebody has to answer for, as the charter lists it"),
        needed: &[],
        filtered: false,
        key: None,
        fields: &[
            field("id", Kind::Text, "its id"),
            field("label", Kind::Text, "its name"),
            field("layer", Kind::Text, "people, process, platform or proof"),
            field("critical", Kind::Flag, "whether the operation depends on it"),
            field("accountable", Kind::Text, "who is accountable, divided by semicolons"),
            field("accountables", Kind::Number, "how many are"),
            field("authority", Kind::Flag, "whether the one who is accountable has authority; blank where unknown"),
        ],
    },
    TableSchema {
        name: "definitions",
        text: words("the KPIs that the charter names, with their sign-offs"),
        needed: &[],
        filtered: false,
        key: None,
        fields: &[
            field("id", Kind::Text, "the KPI's id"),
            field("label", Kind::Text, "its name"),
            field("owner", Kind::Text, "who answers for it"),
            field("state", Kind::Text, "signed, lapsed or unsigned"),
            field("signed_by", Kind::Text, "who signed"),
            field("signed_at", Kind::Time, "when"),
            field("authority", Kind::Flag, "whether the signer has authority; blank where unknown"),
        ],
    },
    TableSchema {
        name: "responsibilities",
        text: words("which team has which work"),
        needed: &[],
        filtered: false,
        key: None,
        fields: &[
            field("id", Kind::Text, "its id"),
            field("label", Kind::Text, "its name"),
            field("held_by", Kind::Text, "the team that has it"),
            field("should_be_held_by", Kind::Text, "the team that should"),
            field("aligned", Kind::Flag, "whether they are the same; blank where one is unknown"),
        ],
    },
    TableSchema {
        name: "suppression_rules",
        text: words("rules by which contacts are left out of sends"),
        needed: &[],
        filtered: false,
        key: None,
        fields: &[
            field("id", Kind::Text, "its id"),
            field("label", Kind::Text, "its name"),
            field("owner", Kind::Text, "who answers for it"),
            field("reviewed_at", Kind::Time, "when it was last reviewed"),
        ],
    },
];

/// The schema of a table, be it read from files or drawn from the charter.
pub fn schema(table: &str) -> Option<&'static TableSchema> {
    input(table).or_else(|| CHARTER_TABLES.iter().find(|schema| schema.name == table))
}

/// The schema of a table that is read from files.
pub fn input(table: &str) -> Option<&'static TableSchema> {
    TABLES.iter().find(|schema| schema.name == table)
}

impl TableSchema {
    /// The field that says which record a row is about, without which it can't be used. Lines of spend, plans or
    /// capabilities are about none.
    pub fn id(&self) -> Option<&'static str> {
        self.key.or_else(|| self.needed.first().copied().filter(|field| matches!(*field, "contact_id" | "deal_id")))
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
