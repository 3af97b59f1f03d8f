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

const fn field(name: &'static str, kind: Kind, text: &'static str) -> Field {
    Field { name, kind, read: true, text }
}

const fn unread(name: &'static str, kind: Kind, text: &'static str) -> Field {
    Field { name, kind, read: false, text }
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
    /// The field whose duplicates are rejected, if any.
    pub key: Option<&'static str>,
}

/// Every table there is.
pub const TABLES: &[TableSchema] = &[
    TableSchema {
        name: "contacts",
        text: "people, with the time each entered a lifecycle stage",
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
            unread("email", Kind::Text, "e-mail address"),
            unread("name", Kind::Text, "name"),
            unread("phone", Kind::Text, "telephone number"),
            unread("first_owner", Kind::Text, "who looked after it first"),
            unread("assigned_at", Kind::Time, "when it was given to its owner"),
            unread("first_response_at", Kind::Time, "first human outbound touch"),
        ],
    },
    TableSchema {
        name: "stage_events",
        text: "the long form of the stage times: one row for each entry of a contact into a stage",
        key: None,
        fields: &[
            field("contact_id", Kind::Text, "the contact's id"),
            field("stage", Kind::Text, "the stage entered"),
            field("at", Kind::Time, "when"),
        ],
    },
    TableSchema {
        name: "deals",
        text: "sales opportunities",
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
            unread("name", Kind::Text, "name"),
            unread("campaign", Kind::Text, "campaign"),
            unread("contact_ids", Kind::Text, "contacts that belong to it"),
        ],
    },
];

/// The schema of a table.
pub fn schema(table: &str) -> Option<&'static TableSchema> {
    TABLES.iter().find(|schema| schema.name == table)
}

impl TableSchema {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
