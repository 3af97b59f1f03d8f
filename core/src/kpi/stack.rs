//! What the tools of a stack have in common: what they cost, who uses them, and for what.

use super::amounts::{Amounts, number};
use super::deals::Fault;
use super::{Answer, Parameter, Part, Range};
use crate::charter::Charter;
use crate::charter::money::Converter;
use crate::figure::{Figure, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::sum::Sum;
use crate::table::{BLANK, Dataset, Table, TextColumn, is_known};

/// The tools of a table, with what other tables say of them.
pub(crate) struct Tools<'a> {
    table: &'a Table,
    amounts: Amounts<'a>,
    day: i64,
    rate: Option<i64>,
    capabilities: Option<&'a TextColumn>,
    /// By the code of the tool in `capabilities`.
    uses: Vec<Use>,
}

/// How much of what something offers is used. Weights and seats in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// In use.
    pub(crate) used: i64,
    /// Known not to be in use.
    pub(crate) unused: i64,
    /// Nobody knows.
    pub(crate) unknown: i64,
    /// How many capabilities are in use.
    pub(crate) number: i64,
}

/// The parameter that says which of the two utilisations a KPI looks at.
pub(super) const UTILISATION: Parameter = Parameter {
    name: "utilisation",
    range: Range::Choice(&["seats", "capabilities"]),
    text: "which use counts: that of seats or that of capabilities",
};

/// The number of records that figures of a whole stack lean on: counting everything there is, nothing is a sample, so
/// nothing is thin.
pub(crate) const CENSUS: u64 = u64::MAX;

impl<'a> Tools<'a> {
    pub(crate) fn new(
        table: &'a Table,
        dataset: &'a Dataset,
        charter: &Charter,
        converter: &'a Converter,
        day: i64,
    ) -> Self {
        let rows = dataset.table("capabilities");
        let capabilities = rows.and_then(|rows| rows.text("tool"));
        let mut uses = vec![Use::default(); capabilities.map_or(0, |column| column.dictionary.len())];
        if let (Some(rows), Some(column)) = (rows, capabilities) {
            for (row, code) in column.codes.iter().enumerate() {
                if let (Some(of), Ok((state, weight))) = (uses.get_mut(*code as usize), capability(rows, row)) {
                    of.add(state, weight);
                }
            }
        }
        let rate = charter.stack.admin_hourly_rate.map(|rate| libm::rint(rate * UNIT as f64) as i64);
        Self { table, amounts: Amounts::new(table, converter), day, rate, capabilities, uses }
    }

    /// The tool's id, if it has one.
    pub(crate) fn id(&self, row: usize) -> &'a str {
        self.table.text("id").map_or("", |column| column.get(row))
    }

    /// An amount of a tool, in millionths of the charter's currency at the rate of the as-of day.
    pub(crate) fn amount(&self, field: &'static str, row: usize) -> Result<i64, Fault> {
        self.amounts.of(field, row, self.day)
    }

    /// What a year of the hours spent on a tool costs.
    pub(crate) fn people(&self, row: usize) -> Result<i64, Fault> {
        let field = "admin_hours";
        let hours = number(self.table.money(field), row).map_err(|reason| (reason, field))?;
        let rate = self.rate.ok_or((Reason::NoEvidence, field))?;
        Ok(share_of(i128::from(rate).times(12), hours.into(), UNIT.into()))
    }

    /// Seats paid for, in millionths.
    pub(crate) fn licensed(&self, row: usize) -> Result<i64, Fault> {
        self.count("seats_licensed", row)
    }

    /// Seats used, in millionths. A blank is no evidence of idleness.
    pub(crate) fn active(&self, row: usize) -> Result<i64, Fault> {
        self.count("seats_active", row)
            .map_err(|(reason, field)| (if reason == Reason::BlankField { Reason::NoEvidence } else { reason }, field))
    }

    fn count(&self, field: &'static str, row: usize) -> Result<i64, Fault> {
        number(self.table.money(field), row).map_err(|reason| (reason, field))
    }

    /// How its seats are used: at most all of those paid for.
    pub(crate) fn seats(&self, row: usize) -> Result<Use, Fault> {
        let licensed = self.licensed(row)?;
        Ok(match self.active(row) {
            Ok(active) => {
                let used = active.min(licensed);
                Use { used, unused: licensed.minus(used), ..Use::default() }
            }
            Err(_) => Use { unknown: licensed, ..Use::default() },
        })
    }

    /// How its capabilities are used; nothing known where none are listed.
    pub(crate) fn capabilities(&self, row: usize) -> Use {
        let code = self.capabilities.and_then(|column| column.dictionary.find(self.id(row)).filter(|code| *code > 0));
        code.and_then(|code| self.uses.get(code as usize)).copied().unwrap_or_default()
    }

    /// Its use in the sense that a KPI's parameter names.
    pub(crate) fn utilisation(&self, of: &str, row: usize) -> Use {
        if of == "capabilities" { self.capabilities(row) } else { self.seats(row).unwrap_or_default() }
    }

    /// Whether several people use one login, so that its seats say little.
    pub(crate) fn shared(&self, row: usize) -> bool {
        self.table.flag("shared_logins").and_then(|cells| cells.get(row)) == Some(&1)
    }
}

/// Whether a capability is in use, where anybody knows, and its weight in millionths. People who use it are evidence
/// that it is used.
pub(crate) fn capability(table: &Table, row: usize) -> Result<(Option<bool>, i64), Fault> {
    if table.text("capability").is_none_or(|column| column.get(row).is_empty()) {
        return Err((Reason::BlankField, "capability"));
    }
    let weight = match number(table.money("weight"), row) {
        Err(Reason::BlankField) => UNIT,
        other => other.map_err(|reason| (reason, "weight"))?,
    };
    Ok((used(table, row), weight))
}

/// Whether a capability is in use, where anybody knows.
pub(crate) fn used(table: &Table, row: usize) -> Option<bool> {
    let flag = table.flag("in_use").and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK);
    let users = || number(table.money("users"), row).ok().map(|users| users > 0);
    if is_known(flag) { Some(flag != 0) } else { users() }
}

impl Use {
    /// Adds a capability.
    pub(crate) fn add(&mut self, state: Option<bool>, weight: i64) {
        let side = match state {
            Some(true) => &mut self.used,
            Some(false) => &mut self.unused,
            None => &mut self.unknown,
        };
        *side = side.plus(weight);
        self.number = self.number.plus(i64::from(state == Some(true)));
    }

    fn known(self) -> i64 {
        self.used.plus(self.unused)
    }

    fn all(self) -> i64 {
        self.known().plus(self.unknown)
    }

    /// Used ÷ known.
    pub(crate) fn share(self) -> Option<f64> {
        (self.known() > 0).then(|| self.used as f64 / self.known() as f64)
    }

    /// The share if nothing unknown were used, and if all were; anything where nothing at all is known.
    pub(crate) fn bounds(self) -> [f64; 2] {
        let all = self.all() as f64;
        if self.all() == 0 {
            return [0.0, 1.0];
        }
        // The quotient of the same numbers as the share's where nothing is unknown, so that rounding can't part them.
        [self.used as f64 / all, self.used.plus(self.unknown) as f64 / all]
    }

    /// The share of an amount that lies idle: as known, at least and at most.
    pub(crate) fn idle(self, amount: i64) -> (Option<i64>, [i64; 2]) {
        let (amount, all) = (i128::from(amount), i128::from(self.all()));
        let known = (self.known() > 0).then(|| share_of(amount, self.unused.into(), self.known().into()));
        if all == 0 {
            return (known, [0, share_of(amount, 1, 1)]);
        }
        let most = self.unused.plus(self.unknown);
        (known, [share_of(amount, self.unused.into(), all), share_of(amount, most.into(), all)])
    }

    /// Used ÷ known with its bounds.
    pub(crate) fn answer(self, of: &str, by: &str) -> Answer {
        evidence([self.used, self.unused, self.unknown].map(i128::from), UNIT.into(), Unit::Records, (of, by))
    }

    /// The use of both.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            used: self.used.plus(other.used),
            unused: self.unused.plus(other.unused),
            unknown: self.unknown.plus(other.unknown),
            number: self.number.plus(other.number),
        }
    }

    /// Writes the use of one tool into a measure.
    pub(crate) fn write(self, id: &str, measure: &mut Measure) {
        for (series, value) in [("used", self.used), ("unused", self.unused), ("unknown", self.unknown)] {
            measure.add(Key::part(series, id), value.into());
        }
    }

    /// The uses in a measure, by tool.
    pub(crate) fn read(measure: &Measure) -> Vec<(&str, Self)> {
        let sum = |series, id: &str| i64::try_from(measure.sum(series, id)).unwrap_or(i64::MAX);
        let ids = measure.sums.keys().filter(|key| key.0 == "used").map(|key| key.1.as_str());
        ids.map(|id| {
            let [used, unused, unknown] = ["used", "unused", "unknown"].map(|series| sum(series, id));
            (id, Self { used, unused, unknown, number: 0 })
        })
        .list()
    }
}

/// A share of what is known, bounded by what isn't: `[yes, no, unknown]`, each in parts of a `unit`.
pub(crate) fn evidence(sides: [i128; 3], per: i128, unit: Unit, (of, by): (&str, &str)) -> Answer {
    let [yes, no, unknown] = sides;
    let known = yes.plus(no);
    let all = known.plus(unknown);
    let scale = |parts: i128| if per == 1 { parts as f64 } else { to_units(parts) };
    let quantity = |parts, label| Quantity::new(scale(parts), unit, label);
    let answer = if known == 0 && unknown > 0 {
        Answer::undefined("no_evidence", format!("There is no evidence: 0 {by}."))
    } else {
        let mut quotient = Answer::quotient(quantity(yes, of), quantity(known, by));
        // Of the integers, so that a value and its bounds are rounded alike.
        if let Ok(value) = &mut quotient.value {
            *value = yes as f64 / known as f64;
        }
        quotient
    };
    let limit = |parts: i128| parts as f64 / all as f64;
    answer.from_records(CENSUS).spanning((unknown > 0).then(|| [limit(yes), limit(yes.plus(unknown))]))
}

/// `amount × part ÷ whole`, rounded half to even. 0 where the whole is.
pub(crate) fn share_of(amount: i128, part: i128, whole: i128) -> i64 {
    let product = amount.times(part);
    let (Some(quotient), Some(rest)) = (product.checked_div_euclid(whole), product.checked_rem_euclid(whole)) else {
        return 0;
    };
    let twice = rest.times(2);
    let up = twice > whole || (twice == whole && quotient.rem_euclid(2) == 1);
    i64::try_from(quotient.plus(i128::from(up))).unwrap_or(i64::MAX)
}

/// The part that lists tools, and how many there are.
pub(crate) fn tools_part(parts: Vec<Part>) -> Part {
    let n = parts.len() as u64;
    Part::new("tools", "By tool", Unit::Records, Answer::new(n as f64, n)).with(parts)
}

/// Names of tools by id.
pub(crate) struct Names<'a> {
    table: Option<&'a Table>,
    /// Row by the code of the id.
    rows: Vec<usize>,
}

impl<'a> Names<'a> {
    /// Of a table of tools, if it is there.
    pub(crate) fn new(table: Option<&'a Table>) -> Self {
        let ids = table.and_then(|table| table.text("id"));
        let mut rows = vec![usize::MAX; ids.map_or(0, |column| column.dictionary.len())];
        for (row, code) in ids.map_or(&[][..], |column| &column.codes).iter().enumerate() {
            if let Some(place) = rows.get_mut(*code as usize) {
                *place = row;
            }
        }
        Self { table, rows }
    }

    /// The row of a tool.
    pub(crate) fn row(&self, id: &str) -> Option<usize> {
        let code = self.table?.text("id")?.dictionary.find(id).filter(|code| *code > 0)?;
        self.rows.get(code as usize).copied().filter(|row| *row != usize::MAX)
    }

    /// Its name for people: its id where it has no other.
    pub(crate) fn name<'n>(&self, id: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let name = || Some(self.table?.text("name")?.get(self.row(id)?));
        name().filter(|name| !name.is_empty()).unwrap_or(id)
    }

    /// A part for one tool.
    pub(crate) fn part(&self, id: &str, unit: Unit, answer: Answer) -> Part {
        Part::new(id, self.name(id), unit, answer)
    }
}

/// Says what the rows that a figure leaves out are called, where they are no people or deals.
pub(crate) fn name_rows(figure: &mut Figure, table: &str, dataset: &Dataset) {
    if !matches!(table, "tools" | "integrations" | "automations" | "ai_features" | "campaigns") {
        return;
    }
    let rows = dataset.table(table);
    let (names, tools) = (Names::new(rows), Names::new(dataset.table("tools")));
    let end = |field: &str, row: usize| rows?.text(field).map(|tools| tools.get(row));
    for example in figure.excluded.iter_mut().flat_map(|excluded| &mut excluded.examples) {
        let ends = names.row(&example.id).and_then(|row| Some([end("from", row)?, end("to", row)?]));
        let name = match ends {
            Some([from, to]) => [tools.name(from), " → ", tools.name(to)].joined(""),
            None => names.name(&example.id).to_owned(),
        };
        if name != example.id {
            example.name = name;
        }
    }
    for part in &mut figure.parts {
        name_rows(part, table, dataset);
    }
}
