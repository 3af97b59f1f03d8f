//! How work runs: when the house is open, who gets which lead, and which requests move it forward.

use super::check::{Faults, Place};
use super::{Charter, Weekday};
use crate::map::Map;
use crate::read::{read_fields, usual};
use crate::sum::Sum;
use crate::table::schema::{Kind, schema};
use serde::Serialize;

/// How work runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Operations {
    /// When the house is open, in the charter's time zone, at most once a day. Where empty, always.
    pub business_hours: Vec<BusinessHours>,
    /// Dates on which it is closed (`2026-12-25`).
    pub holidays: Vec<String>,
    /// Who gets which contact. A contact is given by all rules that fit it; rules that name different owners leave it
    /// ambiguous.
    pub routing: Vec<RoutingRule>,
    /// Kinds of requests that move the organisation forward.
    pub strategic_kinds: Vec<String>,
    /// Kinds of requests that react to what comes in.
    pub reactive_kinds: Vec<String>,
    /// Kinds of touches by which a contact shows interest. Opens are not among them by default: machines open mail too.
    pub engagement_kinds: Vec<String>,
}

/// When the house is open on a day of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// The day.
    pub day: Weekday,
    /// From when on (`09:00`).
    pub from: String,
    /// Until when (`17:30`).
    pub until: String,
}

/// Who gets the contacts that fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Its id.
    pub id: String,
    /// Text fields of contacts and the values that fit, with case; all of them must.
    pub when: Map<String, Vec<String>>,
    /// The owners it may be given to.
    pub owners: Vec<String>,
}

read_fields! {
    Operations {
        ; business_hours, holidays, routing, strategic_kinds, reactive_kinds, engagement_kinds
    }
    BusinessHours { day, from, until; }
    RoutingRule { id, when, owners; }
}

impl Default for Operations {
    fn default() -> Self {
        let none = Self {
            business_hours: Vec::new(),
            holidays: Vec::new(),
            routing: Vec::new(),
            strategic_kinds: Vec::new(),
            reactive_kinds: Vec::new(),
            engagement_kinds: Vec::new(),
        };
        usual(
            none,
            r#"{"business_hours": [
                {"day": "monday", "from": "09:00", "until": "17:00"},
                {"day": "tuesday", "from": "09:00", "until": "17:00"},
                {"day": "wednesday", "from": "09:00", "until": "17:00"},
                {"day": "thursday", "from": "09:00", "until": "17:00"},
                {"day": "friday", "from": "09:00", "until": "17:00"}
            ],
            "strategic_kinds": ["strategic"],
            "reactive_kinds": ["reactive"],
            "engagement_kinds": ["email_click", "ad_click", "form", "meeting", "visit"]}"#,
        )
    }
}

/// `09:30` as minutes of the day; 24:00 is its end.
pub(crate) fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten().map(i64::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours.times(60).plus(minutes);
    (minutes < 60 && all <= 1440).then_some(all)
}

impl Charter {
    pub(super) fn check_operations(&self, faults: &mut Faults) {
        let operations = &self.operations;
        let top = Place::at("/operations");
        let mut days = Vec::new();
        for (index, hours) in operations.business_hours.iter().enumerate() {
            let at = top.field("business_hours").nth(index);
            if minutes(&hours.from).zip(minutes(&hours.until)).is_none_or(|(from, until)| from >= until) {
                let mend = "Write them as 09:00 and 17:30, the earlier one first.";
                faults.add(&at, format_args!("the hours are none."), mend);
            }
            if days.contains(&hours.day) {
                faults.add(&at, format_args!("this day already has hours."), "Give each day once.");
            }
            days.push(hours.day);
        }
        for (index, holiday) in operations.holidays.iter().enumerate() {
            faults.date(&top.field("holidays").nth(index), holiday);
        }
        faults.distinct(&top.field("routing"), &|at| Some(&operations.routing.get(at)?.id));
        for (index, rule) in operations.routing.iter().enumerate() {
            let at = top.field("routing").nth(index);
            if rule.owners.is_empty() {
                faults.add(&at.field("owners"), format_args!("nobody gets what fits."), "Name at least one owner.");
            }
            for (field, _) in rule.when.iter() {
                let known = schema("contacts").and_then(|contacts| contacts.field(field));
                if known.is_none_or(|field| field.kind != Kind::Text) {
                    let message = format_args!("contacts has no text field “{field}”.");
                    faults.add(&at.field("when"), message, "Use a text field such as country, region or source.");
                }
            }
        }
        if let Some(kind) = operations.strategic_kinds.iter().find(|kind| operations.reactive_kinds.contains(kind)) {
            let message = format_args!("“{kind}” is strategic and reactive.");
            faults.add(&top.field("strategic_kinds"), message, "Keep it in one of the two.");
        }
    }
}
