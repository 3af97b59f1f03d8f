//! What a charter must hold to be sound.

use super::money::{date, rate_of};
use super::{Charter, ExchangeRate, KpiSettings, ParameterValue, Stage};
use crate::error::{Code, Error};
use crate::figure::Unit;
use crate::fold::lower;
use crate::kpi::{self, Definition, Parameters};
use crate::list::List;
use crate::map::Map;
use crate::read::{meant, one_of, push_key};
use crate::table::schema;
use crate::write::plain;
use std::fmt;

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
            let mend = "Give an IANA name such as \"Europe/Berlin\".";
            faults.add(&Place::at("/time_zone"), format_args!("the time zone is empty."), mend);
        }
        if !(1..=12).contains(&self.fiscal_year_start_month) {
            faults.add(
                &Place::at("/fiscal_year_start_month"),
                format_args!("there is no month {}.", self.fiscal_year_start_month),
                "Give a number from 1 to 12.",
            );
        }
    }

    fn check_money(&self, faults: &mut Faults) {
        if !is_currency(&self.currency) {
            faults.no_currency(&Place::at("/currency"), &self.currency, "Give three capital letters, such as \"EUR\".");
        }
        for (index, rate) in self.exchange_rates.iter().enumerate() {
            let ExchangeRate { currency, from, rate: worth } = rate;
            let at = Place::at("/exchange_rates").nth(index);
            if !is_currency(currency) {
                faults.no_currency(&at.field("currency"), currency, "Give three capital letters.");
            } else if *currency == self.currency {
                faults.add(
                    &at.field("currency"),
                    format_args!("this is the charter's own currency, which needs no rate."),
                    "Remove the rate, or name the other currency.",
                );
            }
            faults.date(&at.field("from"), from);
            if rate_of(worth).is_none() {
                faults.add(
                    &at.field("rate"),
                    format_args!("“{worth}” is not a positive decimal number with at most nine decimals."),
                    "Write it as text with a point, such as \"1.0837\".",
                );
            }
            let mut before = self.exchange_rates.iter().take(index);
            if let Some(before) = before.rposition(|other| (&other.currency, &other.from) == (currency, from)) {
                faults.add(
                    &at,
                    format_args!("{currency} has two rates from {from}: see also number {before}."),
                    "Keep one of them.",
                );
            }
        }
    }

    fn check_lifecycle(&self, faults: &mut Faults) {
        let lifecycle = &self.lifecycle;
        if lifecycle.stages.len() < 2 {
            let at = Place::at("/lifecycle/stages");
            faults.add(&at, format_args!("a lifecycle needs at least two stages."), "Name them in order.");
        }
        let top = Place::at("/lifecycle");
        let known: Vec<&str> = lifecycle.stages.iter().map(|stage| stage.id.as_str()).list();
        let [lead, customer] = [("lead", &lifecycle.lead), ("customer", &lifecycle.customer)].map(|(field, id)| {
            let found = known.iter().position(|known| known == id);
            if found.is_none() {
                faults.add(&top.field(field), format_args!("no stage has the id “{id}”."), &one_of(&known));
            }
            found
        });
        if let (Some(lead), Some(customer)) = (lead, customer)
            && lead >= customer
        {
            faults.add(
                &top.field("customer"),
                format_args!("the customer stage does not come after the lead stage."),
                "Put the stages in order, from first contact to customer.",
            );
        }
        let mut names = Names::default();
        for (list, stages) in [("stages", &lifecycle.stages), ("exits", &lifecycle.exits)] {
            for (index, stage) in stages.iter().enumerate() {
                let at = top.field(list).nth(index);
                check_stage(stage, &at, faults);
                if let Some(before) = stages.iter().take(index).position(|before| before.id == stage.id) {
                    faults.add(
                        &at.field("id"),
                        format_args!("the stages loop: “{}” comes again after /lifecycle/{list}/{before}.", stage.id),
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
            let at = Place::at("/deal_stages").nth(index);
            faults.no_id(&at, &stage.id, "Give the stage's id as the data have it.");
            faults.share(
                &at.field("probability"),
                stage.probability,
                format_args!("a probability is from 0 to 1."),
                "20% as 0.2",
            );
            names.add(&at, &stage.id, &stage.label, &stage.aliases, faults);
        }
    }

    fn check_sources(&self, faults: &mut Faults) {
        let top = Place::at("/sources");
        for (table, mapping) in &self.sources {
            let at = top.field(table);
            let Some(schema) = schema::input(table) else {
                let known: Vec<&str> = schema::TABLES.iter().map(|schema| schema.name).list();
                faults.add(&at, format_args!("there is no table “{table}”."), &one_of(&known));
                continue;
            };
            let columns = at.field("columns");
            for (field, header) in &mapping.columns {
                let at = columns.field(field);
                let is_stage = field
                    .strip_prefix("stage:")
                    .is_some_and(|id| schema.name == "contacts" && self.stage_ids().any(|known| known == id));
                let is_match = schema.name == "contacts" && super::data_standard::is_match(field);
                if schema.field(field).is_none() && !is_stage && !is_match {
                    let mut known: Vec<&str> = schema.fields.iter().map(|field| field.name).list();
                    let stages: Vec<String> = self.stage_ids().map(|id| format!("stage:{id}")).list();
                    if schema.name == "contacts" {
                        known.extend(stages.iter().map(String::as_str));
                    }
                    faults.add(&at, format_args!("{table} has no field “{field}”."), &one_of(&known));
                }
                if header.trim().is_empty() {
                    faults.add(&at, format_args!("the header is empty."), "Give the header as it stands in the file.");
                }
            }
            if mapping.decimal_sign.is_some_and(|sign| !matches!(sign, '.' | ',')) {
                faults.add(&at.field("decimal_sign"), format_args!("neither “.” nor “,”."), "Give one of the two.");
            }
            if mapping.delimiter.is_some_and(|sign| !sign.is_ascii() || matches!(sign, '"' | '\r' | '\n')) {
                faults.add(
                    &at.field("delimiter"),
                    format_args!("a delimiter is one ASCII character, neither quote nor line end."),
                    "Give one such as “;”.",
                );
            }
        }
    }

    fn check_kpis(&self, faults: &mut Faults) {
        let top = Place::at("/kpis");
        for (id, settings) in &self.kpis {
            let at = top.field(id);
            for (field, value) in [("target", settings.target), ("tolerance", settings.tolerance)] {
                if value.is_some_and(|value| !value.is_finite() || (field == "tolerance" && value < 0.0)) {
                    faults.add(&at.field(field), format_args!("not a usable number."), "Give a number from 0 upward.");
                }
            }
            self.check_kpi(id, settings, &at, faults);
            if let Some(owner) = &settings.owner {
                self.check_person(&at.field("owner"), owner, faults);
            }
            if let Some(sign_off) = &settings.sign_off {
                let at = at.field("sign_off");
                for (field, text) in [("by", &sign_off.by), ("hash", &sign_off.hash)] {
                    if text.trim().is_empty() {
                        faults.add(
                            &at.field(field),
                            format_args!("a sign-off needs a name, a date and the definition's hash."),
                            "`mops charter sign` writes all three.",
                        );
                    }
                }
                faults.date(&at.field("at"), &sign_off.at);
                self.check_authority(id, &sign_off.by, &at.field("by"), faults);
            }
        }
    }

    fn check_authority(&self, id: &str, by: &str, at: &Place, faults: &mut Faults) {
        if by.trim().is_empty() || self.people.is_empty() || self.may_sign(by) == Some(true) {
            return;
        }
        let why = match self.person(by) {
            Some(person) if person.authority.is_none() => "nothing says whether they have authority",
            Some(_) => "they have no authority",
            None => "nobody of that name is in “people”",
        };
        let mend = format!("Let somebody sign who has authority: `mops charter sign {id} --by NAME --at DATE`.");
        faults.find(at, format_args!("“{by}” signed {id}, and {why}."), &mend);
    }

    fn check_kpi(&self, id: &str, settings: &KpiSettings, at: &Place, faults: &mut Faults) {
        let Some(kpi) = kpi::find(id) else {
            let known: Vec<&str> = kpi::registry().iter().map(|kpi| kpi.definition.id).list();
            return faults.add(at, format_args!("there is no KPI “{id}”."), &meant(id, &known));
        };
        let definition = &kpi.definition;
        if let Some(record) = &settings.sign_off
            && record.hash != definition.hash(self, &Parameters::new(definition, self))
        {
            faults.find(
                &at.field("sign_off").field("hash"),
                format_args!("{id} has changed since {} signed it.", self.person_name(&record.by)),
                &format!("Sign it as it is now: `mops charter sign {id} --by NAME --at DATE`."),
            );
        }
        if is_share(definition) {
            let message = format_args!("the target of a rate is a share from 0 to 1.");
            faults.share(&at.field("target"), settings.target, message, "25% as 0.25");
        }
        let parameters = at.field("parameters");
        for (name, value) in &settings.parameters {
            let at = parameters.field(name);
            let Some(parameter) = definition.parameters.iter().find(|parameter| parameter.name == name) else {
                let known: Vec<&str> = definition.parameters.iter().map(|parameter| parameter.name).list();
                let mend = if known.is_empty() { "It has none: remove it.".to_owned() } else { one_of(&known) };
                faults.add(&at, format_args!("{id} has no parameter “{name}”."), &mend);
                continue;
            };
            if parameter.accept(value, &self.lifecycle).is_none() {
                let found = match value {
                    ParameterValue::Number(number) => plain(*number),
                    ParameterValue::Text(text) => format!("“{text}”"),
                };
                let mend = format!("It may be {}.", parameter.range_text());
                faults.add(&at, format_args!("{found} is not possible here."), &mend);
            }
        }
    }

    /// Ids of all stages and exits.
    pub(crate) fn stage_ids(&self) -> impl Iterator<Item = &str> {
        self.lifecycle.stages.iter().chain(&self.lifecycle.exits).map(|stage| stage.id.as_str())
    }
}

/// Whether a figure lies between 0 and 1: what money brings back may be a multiple of it.
pub(super) fn is_share(definition: &Definition) -> bool {
    definition.unit == Unit::Rate && !definition.id.ends_with("_roi")
}

fn check_stage(stage: &Stage, at: &Place, faults: &mut Faults) {
    faults.no_id(at, &stage.id, "Give a short word, such as \"lead\".");
    if stage.label.trim().is_empty() {
        faults.add(&at.field("label"), format_args!("the label is empty."), "Give the stage's name for people.");
    }
    faults.share(&at.field("target"), stage.target, format_args!("a target is a share from 0 to 1."), "25% as 0.25");
}

/// Names that stages go by: each may stand for one stage only.
#[derive(Default)]
struct Names(Map<String, String>);

impl Names {
    fn add(&mut self, at: &Place, id: &str, label: &str, aliases: &[String], faults: &mut Faults) {
        self.one(at, &at.field("id"), id, faults);
        self.one(at, &at.field("label"), label, faults);
        for (index, alias) in aliases.iter().enumerate() {
            self.one(at, &at.field("aliases").nth(index), alias, faults);
        }
    }

    fn one(&mut self, stage: &Place, at: &Place, name: &str, faults: &mut Faults) {
        let (name, stage) = (lower(name.trim()), stage.to_string());
        if name.is_empty() {
            return;
        }
        match self.0.get(&name) {
            Some(other) if *other != stage => faults.add(
                at,
                format_args!("“{name}” already stands for the stage at {other}; names are compared without case."),
                "Give each name to one stage only.",
            ),
            _ => {
                self.0.insert(name, stage);
            }
        }
    }
}

/// A place in the charter. It is written out, as a JSON pointer, only where something is wrong.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    inside: Option<&'a Place<'a>>,
    /// A pointer where it is inside nothing, otherwise a key.
    name: &'a str,
    item: Option<usize>,
}

impl<'a> Place<'a> {
    /// Where a pointer points.
    #[inline(never)]
    pub(super) fn at(pointer: &'a str) -> Self {
        Self { inside: None, name: pointer, item: None }
    }

    /// What a key names in here.
    #[inline(never)]
    pub(super) fn field(&'a self, name: &'a str) -> Self {
        Self { inside: Some(self), name, item: None }
    }

    /// An item of the list that is here.
    #[inline(never)]
    pub(super) fn nth(self, index: usize) -> Self {
        Self { item: Some(index), ..self }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.inside {
            Some(inside) => {
                let mut key = String::new();
                push_key(&mut key, self.name);
                write!(f, "{inside}{key}")?;
            }
            None => f.write_str(self.name)?,
        }
        self.item.map_or(Ok(()), |index| write!(f, "/{index}"))
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
    pub(super) fn add(&mut self, at: &Place, message: fmt::Arguments, mend: &str) {
        self.faults.push(fault(at, message, mend));
    }

    /// The charter says so, and it is wrong: told, and shown in figures.
    pub(super) fn find(&mut self, at: &Place, message: fmt::Arguments, mend: &str) {
        self.findings.push(fault(at, message, mend));
    }

    /// Something needs an id.
    pub(super) fn no_id(&mut self, at: &Place, id: &str, mend: &str) {
        if id.trim().is_empty() {
            self.add(&at.field("id"), format_args!("the id is empty."), mend);
        }
    }

    /// Ids of the items of a list: none may be empty or come twice.
    pub(super) fn distinct<'a>(&mut self, list: &Place, id: &dyn Fn(usize) -> Option<&'a str>) {
        let mut seen: Vec<&str> = Vec::new();
        for (index, id) in (0..).map_while(id).enumerate() {
            let at = list.nth(index);
            self.no_id(&at, id, "Give a short word that nothing else in the list has.");
            if let Some(before) = seen.iter().position(|known| *known == id && !id.trim().is_empty()) {
                let message = format_args!("“{id}” is already the id of {list}/{before}.");
                self.add(&at.field("id"), message, "Give each its own id.");
            }
            seen.push(id);
        }
    }

    /// A date has to be one.
    pub(super) fn date(&mut self, at: &Place, text: &str) {
        if date(text).is_none() {
            self.add(at, format_args!("“{text}” is not a date."), "Write it as 2026-01-31.");
        }
    }

    /// A share is from 0 to 1.
    pub(super) fn share(&mut self, at: &Place, value: Option<f64>, message: fmt::Arguments, example: &str) {
        if value.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            self.add(at, message, &format!("Write {example}."));
        }
    }

    fn no_currency(&mut self, at: &Place, code: &str, mend: &str) {
        self.add(at, format_args!("“{code}” is not an ISO 4217 code."), mend);
    }
}

fn fault(at: &Place, message: fmt::Arguments, mend: &str) -> Error {
    Error::new(Code::BadCharter, message.to_string()).at_pointer(at.to_string()).mend(mend)
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
