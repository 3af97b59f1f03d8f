//! Who answers for what: people, functions, responsibilities, and the rules that keep contacts from being sent to.

use super::Charter;
use super::check::{Faults, Place};
use super::tables::{Cell, day, flag, number};
use crate::fold::lower;
use crate::list::{Joined, List};
use crate::read::{nearest, read_fields, read_words};
use crate::time::Zone;
use serde::Serialize;

/// Somebody the charter refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// What the charter refers to them by.
    pub id: String,
    /// Their name.
    #[serde(default)]
    pub name: String,
    /// The team they work in: `marketing_operations`, `it`, `sales`.
    #[serde(default)]
    pub team: String,
    /// Whether they may decide about what they are accountable for and sign definitions. Unknown where left out.
    #[serde(default)]
    pub authority: Option<bool>,
}

/// A layer of control.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Who decides and answers.
    #[default]
    People,
    /// How work is done.
    Process,
    /// What it is done with.
    Platform,
    /// How it is known to work.
    Proof,
}

impl Layer {
    /// From the ground up, with names for people.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::People, "people", "People"),
        (Self::Process, "process", "Process"),
        (Self::Platform, "platform", "Platform"),
        (Self::Proof, "proof", "Proof"),
    ];

    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(layer, ..)| *layer == self).map_or("", |(_, word, _)| word)
    }
}

/// Something that somebody has to answer for: lead routing, consent, the CRM, a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// Whether the operation depends on it.
    pub critical: bool,
    /// Ids of the people accountable for it. It should be one: nobody is a gap, two are a conflict.
    #[serde(default)]
    pub accountable: Vec<String>,
}

/// Work that belongs to a team, and who has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Responsibility {
    /// Its id; one of the usual ones, or one of the organisation's own.
    pub id: String,
    /// Its name for people; the usual one where left out.
    #[serde(default)]
    pub label: String,
    /// The team that has it. Unknown where left out.
    #[serde(default)]
    pub held_by: String,
    /// The team that should have it; the usual one where left out.
    #[serde(default)]
    pub should_be_held_by: String,
}

/// The split between marketing operations and IT: id, name for people, the team that should have it. Source:
/// `ops_alignment` names it.
pub const RESPONSIBILITIES: [(&str, &str, &str); 11] = [
    (REPORTING_LINE, "Line management of marketing operations", "marketing"),
    ("configuration", "Configuration of marketing technology", "marketing_operations"),
    ("lead_management", "Lead management", "marketing_operations"),
    ("data_quality", "Data quality", "marketing_operations"),
    ("attribution", "Reporting and attribution", "marketing_operations"),
    ("campaign_operations", "Campaign operations", "marketing_operations"),
    ("security", "Infrastructure security", "it"),
    ("network", "Network access", "it"),
    ("single_sign_on", "Single sign-on and authentication", "it"),
    ("privacy", "Data privacy compliance", "it"),
    ("enterprise_integration", "Enterprise integration architecture", "it"),
];

/// The responsibility whose holder is the team that marketing operations reports to.
pub const REPORTING_LINE: &str = "reporting_line";

/// A rule by which contacts are left out of sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SuppressionRule {
    /// Its id.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub label: String,
    /// Id of the person who answers for it.
    #[serde(default)]
    pub owner: String,
    /// The date on which it was last reviewed (`2026-01-31`).
    #[serde(default)]
    pub reviewed_at: Option<String>,
}

/// How often things are looked at again, and how old they may be. Policies that a KPI names among its inputs are part
/// of its definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Policies {
    /// Days for which consent to marketing holds. The law names none, so there is no default: without it the currency
    /// of consent is unknown.
    pub consent_age_days: Option<u32>,
    /// Days within which a tool's access rights are reviewed.
    pub access_review_days: u32,
    /// Days within which an automation is reviewed.
    pub automation_review_days: u32,
    /// Days within which a suppression rule is reviewed.
    pub suppression_review_days: u32,
    /// Days within which an AI feature is reviewed.
    pub ai_review_days: u32,
    /// Hours within which an integration has to have worked.
    pub integration_freshness_hours: u32,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            consent_age_days: None,
            access_review_days: 365,
            automation_review_days: 180,
            suppression_review_days: 180,
            ai_review_days: 180,
            integration_freshness_hours: 24,
        }
    }
}

impl Policies {
    /// Every policy by its name.
    pub fn all(&self) -> [(&'static str, Option<u32>); 6] {
        [
            ("consent_age_days", self.consent_age_days),
            ("access_review_days", Some(self.access_review_days)),
            ("automation_review_days", Some(self.automation_review_days)),
            ("suppression_review_days", Some(self.suppression_review_days)),
            ("ai_review_days", Some(self.ai_review_days)),
            ("integration_freshness_hours", Some(self.integration_freshness_hours)),
        ]
    }
}

read_fields! {
    Person { id; name, team, authority }
    Function { id, label, layer, critical; accountable }
    Responsibility { id; label, held_by, should_be_held_by }
    SuppressionRule { id; label, owner, reviewed_at }
    Policies {
        ;
        consent_age_days, access_review_days, automation_review_days, suppression_review_days, ai_review_days,
        integration_freshness_hours
    }
}

read_words! { Layer { People, Process, Platform, Proof } }

/// Whether two names mean the same team: `Marketing Operations` is `marketing_operations`.
pub fn same_team(one: &str, other: &str) -> bool {
    let plain = |name: &str| lower(name.trim()).replace([' ', '-'], "_");
    plain(one) == plain(other)
}

impl Charter {
    /// A person by id or name.
    pub fn person(&self, reference: &str) -> Option<&Person> {
        let name = reference.trim();
        let by_id = self.people.iter().find(|person| person.id == name);
        by_id.or_else(|| self.people.iter().find(|person| lower(&person.name) == lower(name)))
    }

    /// A person's name, or what the charter refers to them by.
    pub fn person_name(&self, reference: &str) -> String {
        let name = self.person(reference).map_or("", |person| person.name.as_str());
        if name.is_empty() { reference.to_owned() } else { name.to_owned() }
    }

    /// The usual responsibilities with what the charter says of them, then the organisation's own.
    pub fn all_responsibilities(&self) -> Vec<Responsibility> {
        let usual = RESPONSIBILITIES.iter().map(|(id, label, team)| Responsibility {
            id: (*id).into(),
            label: (*label).into(),
            held_by: String::new(),
            should_be_held_by: (*team).into(),
        });
        let mut all: Vec<Responsibility> = usual.list();
        for own in &self.responsibilities {
            match all.iter_mut().find(|known| known.id == own.id) {
                Some(known) => {
                    let own = own.clone();
                    for (said, place) in [
                        (own.label, &mut known.label),
                        (own.held_by, &mut known.held_by),
                        (own.should_be_held_by, &mut known.should_be_held_by),
                    ] {
                        if !said.is_empty() {
                            *place = said;
                        }
                    }
                }
                None => all.push(own.clone()),
            }
        }
        if let (Some(to), Some(line)) = (&self.reports_to, all.first_mut()) {
            line.held_by = self.person(to).map_or(to, |person| &person.team).clone();
        }
        all
    }

    pub(super) fn function_rows(&self) -> Vec<Vec<Cell>> {
        let row = |function: &Function| {
            let people: Vec<_> = function.accountable.iter().map(|person| self.person(person)).list();
            let names: Vec<String> = function.accountable.iter().map(|person| self.person_name(person)).list();
            let authority = match people.as_slice() {
                [Some(person)] => person.authority,
                // Where the charter lists nobody, nobody can be missing from it.
                [None] if !self.people.is_empty() => Some(false),
                _ => None,
            };
            vec![
                Cell::Text(function.id.clone()),
                Cell::Text(function.label.clone()),
                Cell::Text(function.layer.word().into()),
                flag(Some(function.critical)),
                Cell::Text(names.joined("; ")),
                number(names.len()),
                flag(authority),
            ]
        };
        self.functions.iter().map(row).list()
    }

    pub(super) fn responsibility_rows(&self) -> Vec<Vec<Cell>> {
        let row = |responsibility: Responsibility| {
            let Responsibility { id, label, held_by, should_be_held_by } = responsibility;
            let right = !held_by.is_empty() && !should_be_held_by.is_empty();
            let right = right.then(|| same_team(&held_by, &should_be_held_by));
            vec![Cell::Text(id), Cell::Text(label), Cell::Text(held_by), Cell::Text(should_be_held_by), flag(right)]
        };
        self.all_responsibilities().into_iter().map(row).list()
    }

    pub(super) fn suppression_rows(&self, zone: &Zone) -> Vec<Vec<Cell>> {
        let row = |rule: &SuppressionRule| {
            vec![
                Cell::Text(rule.id.clone()),
                Cell::Text(rule.label.clone()),
                Cell::Text(if rule.owner.is_empty() { String::new() } else { self.person_name(&rule.owner) }),
                day(rule.reviewed_at.as_deref(), zone),
            ]
        };
        self.suppression_rules.iter().map(row).list()
    }

    pub(super) fn check_governance(&self, faults: &mut Faults) {
        faults.distinct(&Place::at("/people"), &|at| Some(&self.people.get(at)?.id));
        faults.distinct(&Place::at("/functions"), &|at| Some(&self.functions.get(at)?.id));
        faults.distinct(&Place::at("/responsibilities"), &|at| Some(&self.responsibilities.get(at)?.id));
        faults.distinct(&Place::at("/suppression_rules"), &|at| Some(&self.suppression_rules.get(at)?.id));
        for (index, rule) in self.suppression_rules.iter().enumerate() {
            let at = Place::at("/suppression_rules").nth(index);
            if let Some(date) = &rule.reviewed_at {
                faults.date(&at.field("reviewed_at"), date);
            }
            if !rule.owner.is_empty() {
                self.check_person(&at.field("owner"), &rule.owner, faults);
            }
        }
        let policies = Place::at("/policies");
        for (name, value) in self.policies.all() {
            if value == Some(0) {
                let message = format_args!("0 leaves no time at all.");
                faults.add(&policies.field(name), message, "Give a whole number from 1 up.");
            }
        }
        for (index, function) in self.functions.iter().enumerate() {
            self.check_function(index, function, faults);
        }
        if let Some(to) = &self.reports_to
            && self.person(to).is_some_and(|person| person.team.is_empty())
        {
            faults.find(
                &Place::at("/reports_to"),
                format_args!(
                    "nothing says which team {} works in, so the reporting line is unknown.",
                    self.person_name(to)
                ),
                "Give that person a “team”, or name the team here.",
            );
        }
    }

    fn check_function(&self, index: usize, function: &Function, faults: &mut Faults) {
        let at = Place::at("/functions").nth(index);
        let at = at.field("accountable");
        let label = &function.label;
        for (index, person) in function.accountable.iter().enumerate() {
            self.check_person(&at.nth(index), person, faults);
        }
        match function.accountable.as_slice() {
            [] if function.critical => {
                let message = format_args!("nobody is accountable for {label}, which is critical.");
                faults.find(&at, message, "Name one person.");
            }
            [_, _, ..] => {
                let names: Vec<String> = function.accountable.iter().map(|person| self.person_name(person)).list();
                faults.find(
                    &at,
                    format_args!(
                        "{} are accountable for {label}: that is a conflict, not coverage.",
                        names.joined(" and ")
                    ),
                    "Keep the one who decides.",
                );
            }
            [one] if self.person(one).is_some_and(|person| person.authority == Some(false)) => {
                let name = self.person_name(one);
                faults.find(
                    &at,
                    format_args!("{name} is accountable for {label} and has no authority."),
                    "Give them authority, or name somebody who has it.",
                );
            }
            _ => {}
        }
    }

    /// Finds fault with a reference to somebody whom the charter doesn't list, if it lists anybody.
    pub(super) fn check_person(&self, at: &Place, reference: &str, faults: &mut Faults) {
        if self.people.is_empty() || self.person(reference).is_some() {
            return;
        }
        let known: Vec<&str> = self.people.iter().flat_map(|person| [person.id.as_str(), &person.name]).list();
        let mend = match nearest(reference, &known) {
            Some(name) => format!("Did you mean “{name}”?"),
            None => "Add them to “people”, or name somebody who is there.".into(),
        };
        faults.find(at, format_args!("nobody in “people” is “{reference}”."), &mend);
    }
}
