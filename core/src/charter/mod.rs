//! The charter: one document that says what the organisation's numbers mean and who answers for them.
//!
//! A missing charter means the documented defaults below. A wrong one gives an error with a JSON pointer and what
//! was expected: see [`Charter::parse`].

pub mod check;
pub mod control_stack;
pub mod data_standard;
pub mod gate;
pub mod governance;
mod lifecycle;
pub mod money;
pub mod operations;
pub mod parse;
pub mod platforms;
pub mod readiness;
pub mod revenue;
mod rollout;
mod signals;
pub mod stack;
pub mod tables;
#[cfg(test)]
mod tests;
pub mod tracking;

pub use data_standard::{ConsistencyRule, DataStandard, FieldRule, Reference, Shape, Weights};
pub use operations::{BusinessHours, Operations, RoutingRule};
pub use tracking::Tracking;

pub use governance::{Function, Layer, Person, Policies, Responsibility, SuppressionRule};

use crate::map::Map;
use crate::read::usual;
use serde::Serialize;
use std::cell::RefCell;

/// The charter's JSON Schema, for editors and for `mops charter schema`. `$comment` is allowed in every object.
#[cfg(feature = "schema")]
pub fn json_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Charter).to_value();
    allow_comments(&mut schema);
    schema
}

/// Objects of the charter take no unknown fields; notes are the exception.
#[cfg(feature = "schema")]
fn allow_comments(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(serde_json::Value::Object(properties)) = fields.get_mut("properties") {
                properties.insert("$comment".into(), serde_json::json!({ "description": "A note; ignored." }));
            }
            fields.values_mut().for_each(allow_comments);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(allow_comments),
        _ => {}
    }
}

/// The governance document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Charter {
    /// Address of the JSON Schema, for editors.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The organisation's name.
    pub organisation: String,
    /// IANA time zone in which days begin and end.
    pub time_zone: String,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_year_start_month: u32,
    /// First day of the week.
    pub week_start: Weekday,
    /// The one currency in which money is shown, as ISO 4217 code.
    pub currency: String,
    /// Dated exchange rates into that currency.
    pub exchange_rates: Vec<ExchangeRate>,
    /// Below this many records a figure is marked thin.
    pub minimum_n: u64,
    /// Cell contents that mean "nothing", compared without case and surrounding space; empty cells always do.
    pub blanks: Vec<String>,
    /// The one lifecycle model.
    pub lifecycle: Lifecycle,
    /// What the deal stages mean.
    pub deal_stages: Vec<DealStage>,
    /// The stack as it should be.
    pub stack: stack::Stack,
    /// What counts as marketing's, what a customer costs, and what is aimed at.
    pub revenue: revenue::Revenue,
    /// Platforms that report what they brought.
    pub platforms: Vec<platforms::Platform>,
    /// How columns of files that no preset knows map to fields, by table.
    pub sources: Map<String, Mapping>,
    /// Parameters, targets, owners and sign-offs, by KPI id.
    pub kpis: Map<String, KpiSettings>,
    /// Who is referred to elsewhere as owner, as accountable or as signer, by id or by name.
    pub people: Vec<Person>,
    /// What somebody has to answer for.
    pub functions: Vec<Function>,
    /// Which team has which work; the usual responsibilities are known, so only their holders need be named.
    pub responsibilities: Vec<Responsibility>,
    /// The person or team that marketing operations reports to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_to: Option<String>,
    /// Rules by which contacts are left out of sends.
    pub suppression_rules: Vec<SuppressionRule>,
    /// How often things are looked at again.
    pub policies: Policies,
    /// What good data are.
    pub data_standard: DataStandard,
    /// How links are tagged.
    pub tracking: Tracking,
    /// How work runs.
    pub operations: Operations,
    /// Decisions that readiness is asked about, and the gates of each.
    pub readiness: readiness::Readiness,
    /// The rollout plan: phases, and the steps of each.
    pub rollout: Vec<gate::GateSet>,
    /// The control stack: its pillars and layers, and the figures that each is scored by.
    pub control_stack: control_stack::ControlStack,
    /// Threshold signals: each raised when any of its figures misses its bar.
    pub signals: Vec<gate::GateSet>,
}

impl Default for Charter {
    /// With the usual lifecycle and the stages of the sales pipelines that HubSpot and Salesforce begin with: whether a deal
    /// there is qualified, and the probability that they give.
    fn default() -> Self {
        let none = Self {
            schema: None,
            organisation: String::new(),
            time_zone: "UTC".into(),
            fiscal_year_start_month: 1,
            week_start: Weekday::Monday,
            currency: "USD".into(),
            exchange_rates: Vec::new(),
            minimum_n: 30,
            blanks: Vec::new(),
            lifecycle: Lifecycle::default(),
            deal_stages: Vec::new(),
            stack: stack::Stack::default(),
            revenue: revenue::Revenue::default(),
            platforms: Vec::new(),
            sources: Map::new(),
            kpis: Map::new(),
            people: Vec::new(),
            functions: Vec::new(),
            responsibilities: Vec::new(),
            reports_to: None,
            suppression_rules: Vec::new(),
            policies: Policies::default(),
            data_standard: DataStandard::default(),
            tracking: Tracking::default(),
            operations: Operations::default(),
            readiness: readiness::Readiness::default(),
            rollout: rollout::default(),
            control_stack: control_stack::ControlStack::default(),
            signals: signals::default(),
        };
        let mut charter = usual(none, include_str!("usual/charter.json"));
        charter.lifecycle.is_usual = true;
        charter
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the days say it")]
pub enum Weekday {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// From a date on, what one unit of a currency is worth in the charter's currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExchangeRate {
    /// ISO 4217 code of the other currency.
    pub currency: String,
    /// First date on which it holds (`2026-01-01`).
    pub from: String,
    /// As decimal text ("1.0837"), so that nothing is lost; at most nine decimals.
    pub rate: String,
}

/// The lifecycle model: one order of stages, and the ways out of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// In order, at least two.
    pub stages: Vec<Stage>,
    /// Id of the stage that counts as lead.
    pub lead: String,
    /// Id of the stage that counts as customer.
    pub customer: String,
    /// Ways out (disqualified, recycled): they compete with becoming a customer.
    #[serde(default)]
    pub exits: Vec<Stage>,
    /// Whether the charter leaves the lifecycle out, so that these are the usual stages and not the organisation's own.
    #[serde(skip)]
    pub is_usual: bool,
    /// Ids of usual stages that the data have no dates of: they are not counted. A session finds them in its data and
    /// notes them here, so a charter is of one session at a time.
    #[serde(skip)]
    pub undated: RefCell<Vec<String>>,
}

/// A lifecycle stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its id in figures, filters and JSON.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Further names it goes by in the data, compared without case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Target for the conversion from this stage to the next, 0 to 1.
    #[serde(default)]
    pub target: Option<f64>,
}

/// What a deal in a stage is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DealState {
    /// In flight.
    #[default]
    Open,
    /// Closed and won.
    Won,
    /// Closed and lost.
    Lost,
}

/// A deal stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DealStage {
    /// As it stands in the data, compared without case.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub label: String,
    /// Further names it goes by in the data, compared without case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Open, won or lost.
    pub state: DealState,
    /// Whether an open deal here counts as qualified pipeline.
    #[serde(default)]
    pub qualified: bool,
    /// How likely the CRM says that a deal here is won, 0 to 1.
    #[serde(default)]
    pub probability: Option<f64>,
}

/// How one table is read from its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Field → header. Goes before any preset. A header may stand for a stage's date beside
    /// another one, such as that of the record.
    pub columns: Map<String, String>,
    /// Order of day and month in dates like 03/04/2026, where the data leave it open.
    pub date_order: Option<DateOrder>,
    /// `,` or `.`: the decimal sign of amounts. Otherwise read from each amount where it is beyond doubt; the others of the
    /// file ("1.234") follow those, or are read as in English where those say nothing or not the same.
    pub decimal_sign: Option<char>,
    /// Delimiter of CSV files, otherwise detected.
    pub delimiter: Option<char>,
}

/// Order of day and month in a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2026.
    #[default]
    DayMonthYear,
    /// 12/31/2026.
    MonthDayYear,
}

/// What the charter says about one KPI.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct KpiSettings {
    /// Id or name of the person who answers for it.
    pub owner: Option<String>,
    /// Its target, in the KPI's unit (a rate of 25% is 0.25). That of a total (pipeline created, campaigns a week) is of
    /// all records: behind a filter that chooses some of them it has none.
    pub target: Option<f64>,
    /// How far from the target still counts as near, as a share of the target.
    pub tolerance: Option<f64>,
    /// Parameters by name; `mops explain KPI` lists them.
    pub parameters: Map<String, ParameterValue>,
    /// Who stands behind the definition.
    pub sign_off: Option<SignOffRecord>,
}

/// A parameter's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ParameterValue {
    /// A number.
    Number(f64),
    /// A word: a stage id, a semantics.
    Text(String),
}

impl Default for ParameterValue {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// A sign-off as written in the charter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignOffRecord {
    /// Id or name of the person who signed.
    pub by: String,
    /// The date (`2026-01-31`).
    pub at: String,
    /// The definition's hash when it was signed.
    pub hash: String,
}
