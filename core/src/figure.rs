//! A number that can be defended.

use crate::ledger::Excluded;
use crate::money::to_units;
use serde::{Deserialize, Serialize};

/// What a value is a number of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share; 1 is 100%.
    #[default]
    Rate,
    /// An amount in the charter's currency.
    Money,
    /// An amount in the charter's currency for each day.
    MoneyPerDay,
    /// Calendar days in the charter's time zone.
    Days,
    /// Records: contacts, deals, tools.
    Records,
    /// An amount in the charter's currency for each year.
    MoneyPerYear,
    /// A quotient that is no share: 1.2 is 1.2 times.
    Ratio,
    /// Points from 0 to 100.
    Score,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Months.
    Months,
    /// How many for each week.
    PerWeek,
}

impl Unit {
    /// What it is, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Rate => "a share",
            Self::Money => "money, in the charter’s currency",
            Self::MoneyPerDay => "money for each day, in the charter’s currency",
            Self::Days => "days",
            Self::MoneyPerYear => "money for each year, in the charter’s currency",
            Self::Ratio => "a quotient",
            Self::Score => "points from 0 to 100",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Months => "months",
            Self::PerWeek => "how many a week",
            Self::Records => "records",
        }
    }
}

/// Which way is better. Part of the definition, so that colour and arrow never guess.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    #[default]
    Higher,
    /// Less is better.
    Lower,
    /// Near the target is better than either side of it.
    Band,
    /// Neither: the value informs.
    None,
}

impl Direction {
    /// Which way that is, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Band => "near the target",
            Self::None => "neither: it informs",
        }
    }
}

/// One side of a quotient, named.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// How many or how much.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
    /// In words: "won deals".
    pub label: String,
}

impl Quantity {
    /// A quantity of a unit.
    #[inline(never)]
    pub fn new(value: f64, unit: Unit, label: &str) -> Self {
        Self { value, unit, label: label.into() }
    }

    /// A number of records.
    #[inline(never)]
    pub fn records(n: u64, label: &str) -> Self {
        Self::new(n as f64, Unit::Records, label)
    }

    /// An amount in millionths.
    #[inline(never)]
    pub fn money(amount: i128, label: &str) -> Self {
        Self::new(to_units(amount), Unit::Money, label)
    }
}

/// Why a figure has no value. Unknown is never 0, 100% or "on target".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undefined {
    /// A stable word: `zero_denominator`, `missing_table`, `missing_field`, `no_target`, `not_reached`, …
    pub code: String,
    /// In words, with what would make it defined.
    pub message: String,
}

impl Undefined {
    /// A reason with its words.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

/// Where a figure stands against its target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// At the target or better.
    #[default]
    OnTarget,
    /// Worse than the target, within the charter's tolerance.
    NearTarget,
    /// Worse than the target.
    OffTarget,
    /// The charter sets no target.
    NoTarget,
    /// The figure has no value.
    Undefined,
}

/// Whether the owner of a definition stands behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOffState {
    /// Signed, and unchanged since.
    #[default]
    Signed,
    /// Signed once; the definition has changed since.
    Lapsed,
    /// Nobody has signed.
    Unsigned,
}

/// A sign-off, as shown with a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// Whether it holds.
    pub state: SignOffState,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as the charter writes it (`2026-01-31`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A parameter of a definition with the value in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterInForce {
    /// Its name in the charter.
    pub name: String,
    /// Its value, as text.
    pub value: String,
    /// Whether nobody set it.
    pub is_default: bool,
    /// What it does; "" where the view comes without words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A definition in force: what the KPI is here, under this charter. The words that hold under every charter (formula,
/// source, edge cases, what parameters do) are no part of a view that the core gives: `definitions.json` has them by id,
/// and reports add them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DefinitionInForce {
    /// The KPI's id in code, attributes and JSON.
    pub id: String,
    /// Changes with the formula's version and every parameter: what a sign-off signs.
    pub hash: String,
    /// Its name for people.
    pub name: String,
    /// The formula in words and signs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// Where the formula comes from; "ours" where no authority exists.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Which way is better.
    pub direction: Direction,
    /// Tables and fields it reads.
    pub inputs: Vec<String>,
    /// What happens at the edges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edge_cases: Vec<String>,
    /// Parameters in force.
    pub parameters: Vec<ParameterInForce>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether the owner stands behind it.
    pub sign_off: SignOff,
}

/// A value with everything that defends it. Parts (stages, groups, semantics) are figures too, without a
/// definition of their own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The KPI's id.
    pub id: String,
    /// The part's key ("marketing_qualified_lead", "by_value"), or "" for the whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Its name for people.
    pub label: String,
    /// The value, or nothing where it is undefined.
    pub value: Option<f64>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undefined: Option<Undefined>,
    /// What the value is a number of.
    pub unit: Unit,
    /// ISO 4217 code, for money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What is divided.
    pub numerator: Option<Quantity>,
    /// By what.
    pub denominator: Option<Quantity>,
    /// The 95% interval, where one exists.
    pub interval: Option<[f64; 2]>,
    /// Least and most that the value could be if everything unknown were known: what missing evidence leaves open, not
    /// chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 2]>,
    /// Rows read. `used + excluded = read`.
    pub read: u64,
    /// Rows that count.
    pub used: u64,
    /// Rows left out, by reason.
    pub excluded: Vec<Excluded>,
    /// Too few records to lean on, by the charter's `minimum_n`.
    pub thin: bool,
    /// What a reader has to know of how it was counted, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Fields of the reader's filter that choose none of its rows: its table has no such field, or is of the operation
    /// itself and takes no filter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfiltered: Vec<String>,
    /// The target, where the charter sets one.
    pub target: Option<f64>,
    /// Where it stands against the target.
    pub status: Status,
    /// The definition in force; parts have none of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<DefinitionInForce>,
    /// Breakdowns, in their own order.
    #[serde(default)]
    pub parts: Vec<Figure>,
}

impl Figure {
    /// How many there are in all, where the value counts some of them: 6 of 14 steps.
    pub fn out_of(&self) -> Option<&Quantity> {
        let counts = self.unit == Unit::Records && self.numerator.as_ref().map(|some| some.value) == self.value;
        self.denominator.as_ref().filter(|all| counts && all.unit == Unit::Records)
    }

    /// A part by its key.
    pub fn part(&self, key: &str) -> Option<&Self> {
        self.parts.iter().find(|part| part.part == key)
    }
}
