//! What a charter must hold to be sound.

use super::money::{date, rate_of};
use super::{Charter, KpiSettings, ParameterValue, Stage};
use crate::error::{Code, Error};
use crate::figure::Unit;
use crate::fold::lower;
use crate::kpi::{self, Parameters};
use crate::map::Map;
use crate::read::{nearest, push_key};
use crate::table::schema;

impl Charter {
    /// Every fault that the shape alone can't exclude, with its JSON pointer, reason and mend. With a fault, the
    /// charter has no sure meaning, so it is refused.
    pub fn check(&self) -> Vec<Error> {
        self.examine().faults
    }

    /// What is wrong in the organisation rather than in the document: two people accountable for one thing, an owner
    /// who isn't there, a sign-off that has lapsed. The charter holds all the same, since figures have to show it.
    pub fn findings(&self) -> Vec<Error> {
        self.examine().findings
    }

    fn examine(&self) -> Faults {
        let mut faults = Faults::default();
        self.check_calendar(&mut faults);
        self.check_money(&mut faults);
        self.check_lifecycle(&mut faults);
        self.check_deal_stages(&mut faults);
        self.check_stack(&mut faults);
        self.check_revenue(&mut faults);
        self.check_platforms(&mut faults);
        self.check_sources(&mut faults);
        self.check_kpis(&mut faults);
        self.check_governance(&mut faults);
        self.check_data_standard(&mut faults);
        self.check_tracking(&mut faults);
        self.check_operations(&mut faults);
        self.check_gates(&mut faults);
        self.check_control_stack(&mut faults);
        faults
    }

    fn check_calendar(&self, faults: &mut Faults) {
        if self.time_zone.trim().is_empty() {
            faults.add("/time_zone", "the time zone is empty.", "Give an IANA name such as \"Europe/Berlin\".");
        }
        if !(1..=12).contains(&self.fiscal_year_start_month) {
            faults.add(
                "/fiscal_year_start_month",
                format!("there is no month {}.", self.fiscal_year_start_month),
                "Give a number from 1 to 12.",
            );
        }
    }

    fn check_money(&self, faults: &mut Faults) {
        if !is_currency(&self.currency) {
            faults.add("/currency", not_a_currency(&self.currency), "Give three capital letters, such as \"EUR\".");
        }
        let mut seen = Map::new();
        for (index, rate) in self.exchange_rates.iter().enumerate() {
            let at = |field: &str| format!("/exchange_rates/{index}/{field}");
            if !is_currency(&rate.currency) {
                faults.add(at("currency"), not_a_currency(&rate.currency), "Give three capital letters.");
            } else if rate.currency == self.currency {
                faults.add(
                    at("currency"),
                    "this is the charter's own currency, which needs no rate.",
                    "Remove the rate, or name the other currency.",
                );
            }
            faults.date(at("from"), &rate.from);
            if rate_of(&rate.rate).is_none() {
                faults.add(
                    at("rate"),
                    format!("“{}” is not a positive decimal number with at most nine decimals.", rate.rate),
                    "Write it as text with a point, such as \"1.0837\".",
                );
            }
            if let Some(before) = seen.insert((&rate.currency, &rate.from), index) {
                faults.add(
                    format!("/exchange_rates/{index}"),
                    format!("{} has two rates from {}: see also number {before}.", rate.currency, rate.from),
                    "Keep one of them.",
                );
            }
        }
    }

    fn check_lifecycle(&self, faults: &mut Faults) {
        let lifecycle = &self.lifecycle;
        if lifecycle.stages.len() < 2 {
            faults.add("/lifecycle/stages", "a lifecycle needs at least two stages.", "Name them in order.");
        }
        let position = |id: &str| lifecycle.stages.iter().position(|stage| stage.id == id);
        let (lead, customer) = (position(&lifecycle.lead), position(&lifecycle.customer));
        for (field, id, found) in
            [("lead", &lifecycle.lead, lead.is_some()), ("customer", &lifecycle.customer, customer.is_some())]
        {
            if !found {
                let known: Vec<&str> = lifecycle.stages.iter().map(|stage| stage.id.as_str()).collect();
                faults.add(
                    format!("/lifecycle/{field}"),
                    format!("no stage has the id “{id}”."),
                    format!("Use one of: {}.", known.join(", ")),
                );
            }
        }
        if let (Some(lead), Some(customer)) = (lead, customer)
            && lead >= customer
        {
            faults.add(
                "/lifecycle/customer",
                "the customer stage does not come after the lead stage.",
                "Put the stages in order, from first contact to customer.",
            );
        }
        let mut names = Names::default();
        for (list, stages) in [("stages", &lifecycle.stages), ("exits", &lifecycle.exits)] {
            for (index, stage) in stages.iter().enumerate() {
                let at = format!("/lifecycle/{list}/{index}");
                check_stage(stage, &at, faults);
                if let Some(before) = stages.iter().take(index).position(|before| before.id == stage.id) {
                    faults.add(
                        format!("{at}/id"),
                        format!("the stages loop: “{}” comes again after /lifecycle/{list}/{before}.", stage.id),
                        "Name each stage once, in one order; a way back is an exit.",
                    );
                    continue;
                }
                names.add(&at, &stage.id, &stage.label, &stage.aliases, faults);
            }
        }
    }

    fn check_deal_stages(&self, faults: &mut Faults) {
        let mut names = Names::default();
        for (index, stage) in self.deal_stages.iter().enumerate() {
            let at = format!("/deal_stages/{index}");
            if stage.id.trim().is_empty() {
                faults.add(format!("{at}/id"), "the id is empty.", "Give the stage's id as the data have it.");
            }
            if stage.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
                faults.add(format!("{at}/probability"), "a probability is from 0 to 1.", "Write 20% as 0.2.");
            }
            names.add(&at, &stage.id, &stage.label, &stage.aliases, faults);
        }
    }

    fn check_sources(&self, faults: &mut Faults) {
        for (table, mapping) in &self.sources {
            let mut at = String::from("/sources");
            push_key(&mut at, table);
            let Some(schema) = schema::input(table) else {
                let known: Vec<&str> = schema::TABLES.iter().map(|schema| schema.name).collect();
                faults.add(at, format!("there is no table “{table}”."), format!("Use one of: {}.", known.join(", ")));
                continue;
            };
            for (field, header) in &mapping.columns {
                let mut at = format!("{at}/columns");
                push_key(&mut at, field);
                let is_stage = field
                    .strip_prefix("stage:")
                    .is_some_and(|id| schema.name == "contacts" && self.stage_ids().any(|known| known == id));
                let is_match = schema.name == "contacts" && super::data_standard::is_match(field);
                if schema.field(field).is_none() && !is_stage && !is_match {
                    let mut known: Vec<String> = schema.fields.iter().map(|field| field.name.to_owned()).collect();
                    if schema.name == "contacts" {
                        known.extend(self.stage_ids().map(|id| format!("stage:{id}")));
                    }
                    faults.add(
                        at.clone(),
                        format!("{table} has no field “{field}”."),
                        format!("Use one of: {}.", known.join(", ")),
                    );
                }
                if header.trim().is_empty() {
                    faults.add(at, "the header is empty.", "Give the header as it stands in the file.");
                }
            }
            if mapping.decimal_sign.is_some_and(|sign| !matches!(sign, '.' | ',')) {
                faults.add(format!("{at}/decimal_sign"), "neither “.” nor “,”.", "Give one of the two.");
            }
            if mapping.delimiter.is_some_and(|sign| !sign.is_ascii() || matches!(sign, '"' | '\r' | '\n')) {
                faults.add(
                    format!("{at}/delimiter"),
                    "a delimiter is one ASCII character, neither quote nor line end.",
                    "Give one such as “;”.",
                );
            }
        }
    }

    fn check_kpis(&self, faults: &mut Faults) {
        for (id, settings) in &self.kpis {
            let mut at = String::from("/kpis");
            push_key(&mut at, id);
            for (field, value) in [("target", settings.target), ("tolerance", settings.tolerance)] {
                if value.is_some_and(|value| !value.is_finite() || (field == "tolerance" && value < 0.0)) {
                    faults.add(format!("{at}/{field}"), "not a usable number.", "Give a number from 0 upward.");
                }
            }
            self.check_kpi(id, settings, &at, faults);
            if let Some(owner) = &settings.owner {
                self.check_person(format!("{at}/owner"), owner, faults);
            }
            if let Some(sign_off) = &settings.sign_off {
                for (field, text) in [("by", &sign_off.by), ("hash", &sign_off.hash)] {
                    if text.trim().is_empty() {
                        faults.add(
                            format!("{at}/sign_off/{field}"),
                            "a sign-off needs a name, a date and the definition's hash.",
                            "`mops charter sign` writes all three.",
                        );
                    }
                }
                faults.date(format!("{at}/sign_off/at"), &sign_off.at);
                self.check_authority(id, &sign_off.by, &format!("{at}/sign_off/by"), faults);
            }
        }
    }

    fn check_authority(&self, id: &str, by: &str, at: &str, faults: &mut Faults) {
        if by.trim().is_empty() || self.people.is_empty() || self.may_sign(by) == Some(true) {
            return;
        }
        let why = match self.person(by) {
            Some(person) if person.authority.is_none() => "nothing says whether they have authority",
            Some(_) => "they have no authority",
            None => "nobody of that name is in “people”",
        };
        let mend = format!("Let somebody sign who has authority: `mops charter sign {id} --by NAME --at DATE`.");
        faults.find(at, format!("“{by}” signed {id}, and {why}."), mend);
    }

    fn check_kpi(&self, id: &str, settings: &KpiSettings, at: &str, faults: &mut Faults) {
        let Some(kpi) = kpi::find(id) else {
            let known: Vec<&str> = kpi::registry().iter().map(|kpi| kpi.definition.id).collect();
            let mend = match nearest(id, &known) {
                Some(name) => format!("Did you mean “{name}”?"),
                None => format!("Use one of: {}.", known.join(", ")),
            };
            return faults.add(at, format!("there is no KPI “{id}”."), mend);
        };
        let definition = &kpi.definition;
        if let Some(record) = &settings.sign_off
            && record.hash != definition.hash(self, &Parameters::new(definition, self))
        {
            faults.find(
                format!("{at}/sign_off/hash"),
                format!("{id} has changed since {} signed it.", self.person_name(&record.by)),
                format!("Sign it as it is now: `mops charter sign {id} --by NAME --at DATE`."),
            );
        }
        if definition.unit == Unit::Rate && settings.target.is_some_and(|target| !(0.0..=1.0).contains(&target)) {
            faults.add(format!("{at}/target"), "the target of a rate is a share from 0 to 1.", "Write 25% as 0.25.");
        }
        for (name, value) in &settings.parameters {
            let mut at = format!("{at}/parameters");
            push_key(&mut at, name);
            let Some(parameter) = definition.parameters.iter().find(|parameter| parameter.name == name) else {
                let known: Vec<&str> = definition.parameters.iter().map(|parameter| parameter.name).collect();
                let mend = if known.is_empty() {
                    "It has none: remove it.".to_owned()
                } else {
                    format!("Use one of: {}.", known.join(", "))
                };
                faults.add(at, format!("{id} has no parameter “{name}”."), mend);
                continue;
            };
            if parameter.accept(value, &self.lifecycle).is_none() {
                let found = match value {
                    ParameterValue::Number(number) => number.to_string(),
                    ParameterValue::Text(text) => format!("“{text}”"),
                };
                faults.add(
                    at,
                    format!("{found} is not possible here."),
                    format!("It may be {}.", parameter.range_text()),
                );
            }
        }
    }

    /// Ids of all stages and exits.
    pub(crate) fn stage_ids(&self) -> impl Iterator<Item = &str> {
        self.lifecycle.stages.iter().chain(&self.lifecycle.exits).map(|stage| stage.id.as_str())
    }
}

fn check_stage(stage: &Stage, at: &str, faults: &mut Faults) {
    if stage.id.trim().is_empty() {
        faults.add(format!("{at}/id"), "the id is empty.", "Give a short word, such as \"lead\".");
    }
    if stage.label.trim().is_empty() {
        faults.add(format!("{at}/label"), "the label is empty.", "Give the stage's name for people.");
    }
    if stage.target.is_some_and(|target| !(0.0..=1.0).contains(&target)) {
        faults.add(format!("{at}/target"), "a target is a share from 0 to 1.", "Write 25% as 0.25.");
    }
}

/// Names that stages go by: each may stand for one stage only.
#[derive(Default)]
struct Names(Map<String, String>);

impl Names {
    fn add(&mut self, at: &str, id: &str, label: &str, aliases: &[String], faults: &mut Faults) {
        let aliases =
            aliases.iter().enumerate().map(|(index, alias)| (format!("{at}/aliases/{index}"), alias.as_str()));
        let own = [(format!("{at}/id"), id), (format!("{at}/label"), label)];
        for (pointer, name) in own.into_iter().chain(aliases) {
            let name = lower(name.trim());
            if name.is_empty() {
                continue;
            }
            match self.0.get(&name) {
                Some(other) if other != at => faults.add(
                    pointer,
                    format!("“{name}” already stands for the stage at {other}; names are compared without case."),
                    "Give each name to one stage only.",
                ),
                _ => {
                    self.0.insert(name, at.to_owned());
                }
            }
        }
    }
}

/// What a check notes.
#[derive(Default)]
pub(super) struct Faults {
    faults: Vec<Error>,
    findings: Vec<Error>,
}

impl Faults {
    /// The charter can't be meant so: it is refused.
    #[inline(never)]
    pub(super) fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>, mend: impl Into<String>) {
        self.faults.push(fault(pointer.into(), message.into(), mend.into()));
    }

    /// The charter says so, and it is wrong: told, and shown in figures.
    pub(super) fn find(&mut self, pointer: impl Into<String>, message: impl Into<String>, mend: impl Into<String>) {
        self.findings.push(fault(pointer.into(), message.into(), mend.into()));
    }

    /// Ids of the items of a list: none may be empty or come twice.
    pub(super) fn distinct(&mut self, list: &str, ids: &mut dyn Iterator<Item = &str>) {
        let mut seen: Vec<&str> = Vec::new();
        for (index, id) in ids.enumerate() {
            let at = || format!("{list}/{index}/id");
            if id.trim().is_empty() {
                self.add(at(), "the id is empty.", "Give a short word that nothing else in the list has.");
            } else if let Some(before) = seen.iter().position(|known| *known == id) {
                self.add(at(), format!("“{id}” is already the id of {list}/{before}."), "Give each its own id.");
            }
            seen.push(id);
        }
    }

    /// A date has to be one.
    pub(super) fn date(&mut self, pointer: String, text: &str) {
        if date(text).is_none() {
            self.add(pointer, not_a_date(text), "Write it as 2026-01-31.");
        }
    }
}

fn fault(pointer: String, message: String, mend: String) -> Error {
    Error::new(Code::BadCharter, message).at_pointer(pointer).mend(mend)
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn not_a_currency(code: &str) -> String {
    format!("“{code}” is not an ISO 4217 code.")
}

fn not_a_date(text: &str) -> String {
    format!("“{text}” is not a date.")
}
