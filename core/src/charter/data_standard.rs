//! What good data are: required fields, valid values, rules between fields, and what tells one person from another.

use super::Charter;
use super::check::{Faults, Place};
use crate::list::List;
use crate::map::Map;
use crate::read::{one_of, read_fields, read_words, usual};
use crate::table::schema::{Field, Kind, schema};
use serde::Serialize;

/// The standard that contacts and deals are held to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DataStandard {
    /// Fields of contacts that must be filled from a lifecycle stage on: stage id → fields. Where empty: e-mail
    /// always, from the lead stage on also source and owner, and from the customer stage on also account and country.
    pub required: Map<String, Vec<String>>,
    /// Fields of deals that must be filled.
    pub required_of_deals: Vec<String>,
    /// What values fields may have. Dates and numbers must always be readable.
    pub rules: Vec<FieldRule>,
    /// Rules between the fields of a record.
    pub consistency: Vec<ConsistencyRule>,
    /// Days after which a record that nobody has updated is out of date.
    pub current_days: u32,
    /// Fields that name records of another table.
    pub references: Vec<Reference>,
    /// How much each dimension weighs in the whole.
    pub weights: Weights,
    /// Fields of contacts that tell whether two records are the same person: `email`, `phone` and `name` are read as
    /// what they are, any other as text; further columns as `match:<name>`, mapped under `sources`.
    pub match_fields: Vec<String>,
}

/// What values a field may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// The field, as `contacts.country`.
    pub field: String,
    /// The only values allowed, with case; any where empty.
    #[serde(default)]
    pub allowed: Vec<String>,
    /// What its text must look like.
    #[serde(default)]
    pub shape: Option<Shape>,
    /// Least number or amount.
    #[serde(default)]
    pub least: Option<i64>,
    /// Greatest number or amount.
    #[serde(default)]
    pub most: Option<i64>,
}

/// What a text must look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    #[default]
    /// One `@`; before it a name of at most 64 bytes without white space, `<>,;`, and dots at either end or beside one
    /// another; after it labels divided by dots, two at least, of letters, digits and inner hyphens, the last one of two
    /// or more and not digits alone; at most 254 bytes.
    Email,
    /// 7 to 15 digits (ITU-T E.164), with nothing but the usual signs between them.
    Phone,
}

/// A rule between the fields of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsistencyRule {
    #[default]
    /// Contacts: stages were entered in the lifecycle's order.
    StageOrder,
    /// Contacts: the stage the record is in has a date, where that stage has dates at all.
    StageHasDate,
    /// Contacts and deals: nothing happened before the record was made.
    NothingBeforeCreated,
    /// Deals: a won or lost deal has a closing date.
    ClosedHasDate,
}

/// A field that names records of another table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The field, as `deals.contact_ids`; several ids are divided by semicolons.
    pub field: String,
    /// The table whose ids it names.
    pub to: String,
}

/// How much each dimension weighs; 0 leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the names of the dimensions say it")]
pub struct Weights {
    pub completeness: u32,
    pub validity: u32,
    pub uniqueness: u32,
    pub consistency: u32,
    pub currentness: u32,
    pub referential_integrity: u32,
}

read_fields! {
    DataStandard {
        ; required, required_of_deals, rules, consistency, current_days, references, weights, match_fields
    }
    FieldRule { field; allowed, shape, least, most }
    Reference { field, to; }
    Weights { ; completeness, validity, uniqueness, consistency, currentness, referential_integrity }
}

read_words! {
    Shape { Email, Phone }
    ConsistencyRule { StageOrder, StageHasDate, NothingBeforeCreated, ClosedHasDate }
}

impl Default for Weights {
    fn default() -> Self {
        Self { completeness: 1, validity: 1, uniqueness: 1, consistency: 1, currentness: 1, referential_integrity: 1 }
    }
}

impl Default for DataStandard {
    fn default() -> Self {
        let none = Self {
            required: Map::new(),
            required_of_deals: Vec::new(),
            rules: Vec::new(),
            consistency: Vec::new(),
            current_days: 365,
            references: Vec::new(),
            weights: Weights::default(),
            match_fields: Vec::new(),
        };
        usual(
            none,
            r#"{"required_of_deals": ["stage", "created_at", "amount", "owner"],
            "rules": [
                {"field": "contacts.email", "shape": "email"},
                {"field": "contacts.phone", "shape": "phone"},
                {"field": "deals.amount", "least": 0}
            ],
            "consistency": ["stage_order", "stage_has_date", "nothing_before_created", "closed_has_date"],
            "references": [
                {"field": "deals.contact_ids", "to": "contacts"},
                {"field": "deals.campaign", "to": "campaigns"}
            ],
            "match_fields": ["email", "phone", "name", "last_name", "account"]}"#,
        )
    }
}

impl Charter {
    /// Fields that a contact must have filled in each stage of the lifecycle, in order: what a stage needs, all later
    /// ones need too.
    pub fn required_by_stage(&self) -> Vec<Vec<&str>> {
        let standard = &self.data_standard;
        let mut needed: Vec<&str> = Vec::new();
        let stages = self.lifecycle.stages.iter().enumerate().map(|(index, stage)| {
            let mut more: Vec<&str> = Vec::new();
            if standard.required.is_empty() {
                let is = |id: &String| stage.id == *id;
                more.extend((index == 0).then_some("email"));
                more.extend(is(&self.lifecycle.lead).then_some(["source", "owner"]).into_iter().flatten());
                more.extend(is(&self.lifecycle.customer).then_some(["account", "country"]).into_iter().flatten());
            } else if let Some(fields) = standard.required.get(&stage.id) {
                more.extend(fields.iter().map(String::as_str));
            }
            for field in more {
                if !needed.contains(&field) {
                    needed.push(field);
                }
            }
            needed.clone()
        });
        stages.list()
    }

    pub(super) fn check_data_standard(&self, faults: &mut Faults) {
        let standard = &self.data_standard;
        let is_stage = |field: &str| field.strip_prefix("stage:").is_some_and(|id| self.stage_ids().any(|it| it == id));
        let top = Place::at("/data_standard");
        let contact = |field: &str| known("contacts", field).is_some() || is_stage(field) || is_match(field);
        let required = top.field("required");
        for (stage, fields) in &standard.required {
            let at = required.field(stage);
            if !self.lifecycle.stages.iter().any(|known| known.id == *stage) {
                let known: Vec<&str> = self.lifecycle.stages.iter().map(|stage| stage.id.as_str()).list();
                faults.add(&at, format_args!("no stage has the id “{stage}”."), &one_of(&known));
            }
            for (index, field) in fields.iter().enumerate().filter(|(_, field)| !contact(field)) {
                no_field(&at.nth(index), "contacts", field, faults);
            }
        }
        for (index, field) in standard.required_of_deals.iter().enumerate() {
            if known("deals", field).is_none() {
                no_field(&top.field("required_of_deals").nth(index), "deals", field, faults);
            }
        }
        for (index, field) in standard.match_fields.iter().enumerate() {
            if !is_match(field) && known("contacts", field).is_none_or(|field| field.kind != Kind::Text) {
                let message = format_args!("contacts has no text field “{field}”.");
                let mend = "Name a text field, or a further column as “match:<name>”.";
                faults.add(&top.field("match_fields").nth(index), message, mend);
            }
        }
        for (index, rule) in standard.rules.iter().enumerate() {
            let at = top.field("rules").nth(index);
            let Some(field) = two(&rule.field).and_then(|(table, field)| known(table, field)) else {
                unknown(&at, &rule.field, "Write it as “contacts.country”.", faults);
                continue;
            };
            let textual = field.kind == Kind::Text;
            let numeric = matches!(field.kind, Kind::Money | Kind::Number);
            if (!rule.allowed.is_empty() || rule.shape.is_some()) && !textual {
                let message = format_args!("only text has allowed values or a shape.");
                faults.add(&at, message, "Give least and most for a number.");
            }
            if (rule.least.is_some() || rule.most.is_some()) && !numeric {
                let message = format_args!("only a number has a least or greatest value.");
                faults.add(&at, message, "Give allowed values for text.");
            }
            if rule.least.zip(rule.most).is_some_and(|(least, most)| least > most) {
                faults.add(&at, format_args!("the least value is above the greatest."), "Change one of them.");
            }
        }
        for (index, reference) in standard.references.iter().enumerate() {
            let at = top.field("references").nth(index);
            let field = two(&reference.field).filter(|(table, _)| ["contacts", "deals"].contains(table));
            if field.and_then(|(table, field)| known(table, field)).is_none_or(|field| field.kind != Kind::Text) {
                let mend = "Name a text field of contacts or deals, as “deals.contact_ids”.";
                unknown(&at, &reference.field, mend, faults);
            }
            if schema(&reference.to).is_none_or(|table| table.key.is_none()) {
                let mend = "Name a table whose records have ids, such as “contacts” or “campaigns”.";
                faults.add(&at.field("to"), format_args!("“{}” is no table with ids.", reference.to), mend);
            }
        }
        if standard.current_days == 0 {
            let at = top.field("current_days");
            faults.add(&at, format_args!("0 days leave nothing current."), "Give a number of days.");
        }
    }
}

/// Whether a field is a further column that only tells records apart.
pub(crate) fn is_match(field: &str) -> bool {
    field.strip_prefix("match:").is_some_and(|name| !name.is_empty())
}

/// `contacts.email` as table and field.
pub(crate) fn two(path: &str) -> Option<(&str, &str)> {
    path.split_once('.')
}

fn known(table: &str, field: &str) -> Option<&'static Field> {
    schema(table)?.field(field).filter(|field| field.read)
}

fn unknown(at: &Place, path: &str, mend: &str, faults: &mut Faults) {
    faults.add(&at.field("field"), format_args!("there is no such field as “{path}”."), mend);
}

fn no_field(at: &Place, table: &str, field: &str, faults: &mut Faults) {
    let fields = schema(table).map(|schema| schema.fields).unwrap_or_default();
    let known: Vec<&str> = fields.iter().filter(|field| field.read).map(|field| field.name).list();
    faults.add(at, format_args!("{table} has no field “{field}”."), &one_of(&known));
}
