//! What a KPI is: its text, its parameters, and the hash that a sign-off signs.

use crate::charter::{Charter, DealStage, DealState, Lifecycle, ParameterValue};
use crate::figure::{DefinitionInForce, Direction, ParameterInForce, SignOff, SignOffState, Unit};
use crate::list::{Joined, List};
use std::fmt::Write;
use std::hash::{Hash, Hasher};

/// The definition of a KPI, as written in its file.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The id in code, attributes and JSON.
    pub id: &'static str,
    /// Rises when the formula changes, so that sign-offs lapse.
    pub version: u32,
    /// Its name for people.
    pub name: &'static str,
    /// What its value is a number of.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// The formula in words and signs.
    pub formula: &'static str,
    /// Where the formula comes from; "ours" where no authority exists.
    pub source: &'static str,
    /// The table whose rows it reads.
    pub table: &'static str,
    /// Fields it reads, as `table.field`.
    pub inputs: &'static [&'static str],
    /// What happens at the edges.
    pub edge_cases: &'static [&'static str],
    /// What the charter can set.
    pub parameters: &'static [Parameter],
    /// Whether the charter's lifecycle model is part of the definition.
    pub uses_lifecycle: bool,
    /// What a period means to it.
    pub timing: Timing,
}

/// What a period means to a KPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// It counts what happened in the period.
    Period,
    /// It counts what became of the records of a period by the as-of instant, so that a young period looks worse than
    /// it will be. One that censors or reads at a fixed age is [`Timing::Period`].
    Cohort,
    /// It is a state at the as-of instant: no period, no comparison, no trend.
    Snapshot,
}

/// A parameter of a definition.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name in the charter.
    pub name: &'static str,
    /// What it may be, and what it is where the charter is silent.
    pub range: Range,
    /// What it does.
    pub text: &'static str,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// A whole number from `low` to `high`.
    Whole {
        /// Where the charter is silent.
        default: u32,
        /// Least.
        low: u32,
        /// Most.
        high: u32,
    },
    /// One of some words; the first where the charter is silent.
    Choice(&'static [&'static str]),
    /// The id of a lifecycle stage.
    Stage(StageDefault),
}

/// The stage that holds where the charter is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageDefault {
    /// The lifecycle's `lead`.
    Lead,
    /// The lifecycle's `customer`.
    Customer,
}

/// Parameters without what is said of them.
pub(super) const fn bare<const N: usize>(parameters: &[Parameter]) -> [Parameter; N] {
    let mut bare = [Parameter { name: "", range: Range::Choice(&[]), text: "" }; N];
    let (mut from, mut to) = (parameters, bare.as_mut_slice());
    while let ([first, rest @ ..], [place, places @ ..]) = (from, to) {
        *place = Parameter { text: "", ..*first };
        (from, to) = (rest, places);
    }
    bare
}

impl Parameter {
    /// Its value where the charter is silent, as text.
    pub fn default_text(&self, lifecycle: &Lifecycle) -> String {
        match self.range {
            Range::Whole { default, .. } => default.to_string(),
            Range::Choice(words) => words.first().copied().unwrap_or_default().to_owned(),
            Range::Stage(StageDefault::Lead) => lifecycle.lead.clone(),
            Range::Stage(StageDefault::Customer) => lifecycle.customer.clone(),
        }
    }

    /// What it may be, in words.
    pub fn range_text(&self) -> String {
        match self.range {
            Range::Whole { low, high, .. } => {
                format!("a whole number from {low} to {high}")
            }
            Range::Choice(words) => format!("one of {}", words.joined(", ")),
            Range::Stage(_) => "the id of a lifecycle stage".into(),
        }
    }

    /// The value as text, if it is one the parameter may have.
    pub fn accept(&self, value: &ParameterValue, lifecycle: &Lifecycle) -> Option<String> {
        match (self.range, value) {
            (Range::Whole { low, high, .. }, ParameterValue::Number(number)) => {
                let fits = libm::trunc(*number) == *number && (f64::from(low)..=f64::from(high)).contains(number);
                fits.then(|| (*number as u32).to_string())
            }
            (Range::Choice(words), ParameterValue::Text(word)) => words.contains(&word.as_str()).then(|| word.clone()),
            (Range::Stage(_), ParameterValue::Text(id)) => {
                lifecycle.stages.iter().any(|stage| stage.id == *id).then(|| id.clone())
            }
            _ => None,
        }
    }
}

/// The parameters of a KPI with the values in force, in the definition's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    /// Those of a definition under a charter. A value the parameter can't have counts as silence; the charter's own
    /// check has said so.
    pub fn new(definition: &Definition, charter: &Charter) -> Self {
        let settings = charter.kpis.get(definition.id);
        let value = |parameter: &Parameter| {
            settings
                .and_then(|settings| settings.parameters.get(parameter.name))
                .and_then(|value| parameter.accept(value, &charter.lifecycle))
                .unwrap_or_else(|| parameter.default_text(&charter.lifecycle))
        };
        Self(definition.parameters.iter().map(|parameter| (parameter.name, value(parameter))).list())
    }

    /// Puts another value in force.
    pub fn set(&mut self, name: &str, value: &str) {
        for (known, current) in &mut self.0 {
            if *known == name {
                *current = value.to_owned();
            }
        }
    }

    /// A value as text; "" where there is no such parameter.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// A value as a whole number; 0 where there is no such parameter.
    pub fn whole(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }
}

impl Definition {
    /// FNV-1a (64 bit, hexadecimal) over everything that changes what the figure means: id, version, parameters in
    /// force and, where it matters, policies, the order of lifecycle stages and which have no dates, what the deal stages
    /// mean, or the parts of the charter among its inputs.
    pub fn hash(&self, charter: &Charter, parameters: &Parameters) -> String {
        let mut text = format!("{}\nversion={}\n", self.id, self.version);
        for (name, value) in &parameters.0 {
            let _ = writeln!(text, "{name}={value}");
        }
        if self.uses_lifecycle {
            let lifecycle = &charter.lifecycle;
            for (role, stages) in [("stage", &lifecycle.stages), ("exit", &lifecycle.exits)] {
                for stage in stages {
                    let _ = writeln!(text, "{role}={}", stage.id);
                }
            }
            let _ = writeln!(text, "lead={}\ncustomer={}", lifecycle.lead, lifecycle.customer);
            for stage in lifecycle.undated.borrow().iter().filter(|_| self.counts_stages()) {
                let _ = writeln!(text, "undated={stage}");
            }
        }
        if self.inputs.contains(&"deals.stage") {
            for DealStage { id, state, qualified, .. } in &charter.deal_stages {
                let state = match state {
                    DealState::Open => "Open",
                    DealState::Won => "Won",
                    DealState::Lost => "Lost",
                };
                let _ = writeln!(text, "deal_stage={id} {state} qualified={qualified}");
            }
        }
        if self.inputs.contains(&"charter.deal_stages") {
            for stage in &charter.deal_stages {
                let _ = writeln!(text, "probability={:x}", stage.probability.map_or(0, f64::to_bits));
            }
        }
        for (name, value) in charter.policies.all() {
            if self.inputs.iter().any(|input| input.strip_prefix("charter.policies.") == Some(name)) {
                let _ = writeln!(text, "policy {name}={}", value.unwrap_or(0));
            }
        }
        for (input, sets) in charter.gate_sets() {
            for (set, gate) in sets.iter().flat_map(|set| set.gates.iter().map(move |gate| (set, gate))) {
                if self.inputs.contains(&input) {
                    let part = gate.part.as_deref().unwrap_or_default();
                    let [least, most] = [gate.at_least, gate.at_most].map(|bar| bar.map_or(0, f64::to_bits));
                    let _ = writeln!(text, "gate={} {} {}/{part} {least:x} {most:x}", set.id, gate.id, gate.figure);
                }
            }
        }
        let mut hash = Fnv::default();
        hash.write(text.as_bytes());
        for input in self.inputs {
            match *input {
                "charter.data_standard" => charter.data_standard.hash(&mut hash),
                "charter.stack.connections" => charter.stack.connections.hash(&mut hash),
                "charter.stack.admin_hourly_rate" => {
                    charter.stack.admin_hourly_rate.map(|rate| libm::rint(rate * 1e6) as i64).hash(&mut hash);
                }
                "charter.revenue.targets" => {
                    for target in &charter.revenue.targets {
                        (&target.from, &target.until, target.amount.to_bits()).hash(&mut hash);
                    }
                }
                "charter.kpis.attribution_credit" => {
                    let credit =
                        crate::kpi::find("attribution_credit").map(|kpi| Parameters::new(&kpi.definition, charter));
                    credit.unwrap_or_default().0.hash(&mut hash);
                }
                "charter.platforms" => charter.platforms.hash(&mut hash),
                "charter.revenue.sourced_by" => charter.revenue.sourced_by.hash(&mut hash),
                "charter.revenue" => charter.revenue.hash(&mut hash),
                "charter.control_stack" => charter.control_stack.hash(&mut hash),
                "charter.tracking" => charter.tracking.hash(&mut hash),
                "charter.operations" => charter.operations.hash(&mut hash),
                _ => {}
            }
        }
        format!("{:016x}", hash.finish())
    }

    /// The name of its figure, with the stages that parameters choose: "Time in stage (Lead)".
    pub(super) fn label(&self, frame: &super::Frame) -> String {
        let (mut label, mut next) = (self.name.to_owned(), " (");
        for parameter in self.parameters.iter().filter(|known| matches!(known.range, Range::Stage(_))) {
            label.push_str(next);
            label.push_str(&frame.stage_label(frame.parameters.text(parameter.name)));
            next = " → ";
        }
        if next != " (" {
            label.push(')');
        }
        label
    }

    /// Whether it counts each stage by its dates alone, so that one without dates matters to it.
    pub fn counts_stages(&self) -> bool {
        self.inputs.contains(&"contacts.stage:<each lifecycle stage>") && !self.inputs.contains(&"contacts.stage")
    }

    /// Adds the words that hold under every charter, for where no `definitions.json` is at hand.
    #[cfg(feature = "prose")]
    pub fn tell(&self, in_force: &mut DefinitionInForce) {
        in_force.formula = self.formula.into();
        in_force.source = self.source.into();
        in_force.edge_cases = self.edge_cases.iter().map(|edge| (*edge).into()).list();
        for parameter in &mut in_force.parameters {
            let known = self.parameters.iter().find(|known| known.name == parameter.name);
            parameter.text = known.map(|known| known.text.into()).unwrap_or_default();
        }
    }

    /// The definition as it holds under a charter, without its words.
    pub fn in_force(&self, charter: &Charter, parameters: &Parameters) -> DefinitionInForce {
        let settings = charter.kpis.get(self.id);
        let hash = self.hash(charter, parameters);
        let record = settings.and_then(|settings| settings.sign_off.as_ref());
        let sign_off = SignOff {
            state: match record {
                None => SignOffState::Unsigned,
                Some(record) if record.hash == hash => SignOffState::Signed,
                Some(_) => SignOffState::Lapsed,
            },
            by: record.map(|record| charter.person_name(&record.by)),
            at: record.map(|record| record.at.clone()),
        };
        let in_force = |parameter: &Parameter| ParameterInForce {
            name: parameter.name.into(),
            value: parameters.text(parameter.name).into(),
            is_default: parameters.text(parameter.name) == parameter.default_text(&charter.lifecycle),
            text: String::new(),
        };
        DefinitionInForce {
            id: self.id.into(),
            hash,
            name: self.name.into(),
            formula: String::new(),
            source: String::new(),
            direction: self.direction,
            inputs: self.inputs.iter().map(|input| (*input).into()).list(),
            edge_cases: Vec::new(),
            parameters: self.parameters.iter().map(in_force).list(),
            owner: settings.and_then(|settings| Some(charter.person_name(settings.owner.as_ref()?))),
            sign_off,
        }
    }
}

/// FNV-1a, 64 bit, the same on every platform.
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    // Lengths and variants have the platform's width, which must not tell.
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_i64(value as i64);
    }

    // Every platform this runs on is little-endian; written out, it holds on any.
    fn write_u32(&mut self, value: u32) {
        self.write(&value.to_le_bytes());
    }

    fn write_u64(&mut self, value: u64) {
        self.write(&value.to_le_bytes());
    }

    fn write_i64(&mut self, value: i64) {
        self.write(&value.to_le_bytes());
    }
}
