//! What a KPI makes of a measure, and how that becomes a figure.

use super::Kpi;
use super::definition::Parameters;
use super::sides::Reach;
use crate::charter::Charter;
use crate::figure::{Direction, Figure, Quantity, Status, Undefined, Unit};
use crate::ledger::Ledger;
use crate::list::{Joined, List};
use crate::measure::Measure;
use crate::money::to_units;
use crate::period::Period;
use crate::stats::wilson;
use crate::sum::Sum;
use crate::table::{Table, schema};
use crate::time::Zone;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// Everything a KPI may know while it judges a measure.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The charter in force.
    pub charter: &'a Charter,
    /// The charter's time zone.
    pub zone: &'a Zone,
    /// Events after this instant are not seen.
    pub as_of: i64,
    /// The period asked for.
    pub period: &'a Period,
    /// The KPI's parameters in force.
    pub parameters: &'a Parameters,
    /// The table that was measured, to tell a field that is absent from one that is blank.
    pub table: Option<&'a Table>,
    /// Measures of the periods before, latest first, each seen at the age this period has now; as many as
    /// [`Particulars::history`](super::Particulars::history) asks for and the calendar gives.
    pub history: &'a [Rc<Measure>],
    /// The figures that [`Particulars::figures`](super::Particulars::figures) names, in the registry's order.
    pub figures: &'a [Rc<Figure>],
    /// What the filter does to the sides of the figure.
    pub reach: &'a Reach,
}

impl Frame<'_> {
    /// Whether the table has a field.
    pub fn has(&self, field: &str) -> bool {
        self.table.is_some_and(|table| table.columns.contains_key(field))
    }

    /// A figure among those the KPI named.
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        self.figures.iter().map(Rc::as_ref).find(|figure| figure.id == id)
    }

    /// The name of a lifecycle stage or exit for people.
    pub fn stage_label(&self, id: &str) -> String {
        let lifecycle = &self.charter.lifecycle;
        let stage = lifecycle.stages.iter().chain(&lifecycle.exits).find(|stage| stage.id == id);
        stage.map_or_else(|| id.to_owned(), |stage| stage.label.clone())
    }
}

/// The part of a sum that is of records of no known date.
pub(crate) const UNDATED: &str = "undated";

/// What a sum could be: what was left out for want of a date alone, in the part [`UNDATED`], could be of it too. Where
/// anything was left out for another fault, nobody knows how much that is.
pub(super) fn between(measure: &Measure, series: &'static str) -> Option<[i128; 2]> {
    let least = measure.sum(series, "");
    let known = measure.number("known", UNDATED) == measure.excluded.faults();
    known.then(|| [least, least.plus(measure.sum(series, UNDATED))])
}

/// A value with what it was made from. Hundreds of places make one and hand it on, so it is one pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(Box<Told>);

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The value, or why there is none.
    pub value: Result<f64, Undefined>,
    /// What is divided.
    pub numerator: Option<Quantity>,
    /// By what.
    pub denominator: Option<Quantity>,
    /// The 95% interval, where one exists.
    pub interval: Option<[f64; 2]>,
    /// What it could be if everything unknown were known.
    pub bounds: Option<[f64; 2]>,
    /// Records that the value leans on; few of them make it thin.
    pub n: u64,
    /// What a reader has to know of it, in plain words.
    pub note: Option<String>,
}

impl Deref for Answer {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Answer {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

impl Answer {
    /// No value.
    pub fn undefined(code: &str, message: impl Into<String>) -> Self {
        Self::from_value(Err(Undefined::new(code, message)))
    }

    /// A value, or why there is none.
    pub(super) fn from_value(value: Result<f64, Undefined>) -> Self {
        Self(Box::new(Told {
            value,
            numerator: None,
            denominator: None,
            interval: None,
            bounds: None,
            n: 0,
            note: None,
        }))
    }

    /// A value from `n` records.
    pub fn new(value: f64, n: u64) -> Self {
        Self::from_value(Ok(value)).from_records(n)
    }

    /// A share of records with its Wilson interval.
    pub fn share(numerator: u64, denominator: u64, of: &str, by: &str) -> Self {
        Self::ratio(numerator, denominator, of, by).within(wilson(numerator, denominator))
    }

    /// A quotient of records where the one side is no part of the other.
    pub fn ratio(numerator: u64, denominator: u64, of: &str, by: &str) -> Self {
        Self::quotient(Quantity::records(numerator, of), Quantity::records(denominator, by)).from_records(denominator)
    }

    /// A quotient of any two quantities.
    pub fn quotient(numerator: Quantity, denominator: Quantity) -> Self {
        let value = if denominator.value > 0.0 {
            Ok(numerator.value / denominator.value)
        } else {
            let (code, less) =
                if denominator.value < 0.0 { ("negative_denominator", "less than ") } else { ("zero_denominator", "") };
            let words = ["There is nothing to divide by: ", less, "0 ", &denominator.label, "."];
            Err(Undefined::new(code, words.joined("")))
        };
        Self::from_value(value).of(Some(numerator), Some(denominator))
    }

    /// Gives the interval.
    pub fn within(mut self, interval: Option<[f64; 2]>) -> Self {
        self.interval = interval;
        self
    }

    /// Says what it could be if everything unknown were known.
    pub fn bounded(mut self, bounds: Option<[f64; 2]>) -> Self {
        self.bounds = bounds;
        self
    }

    /// Says what a sum of amounts could be, where not all are dated.
    pub(super) fn undated(self, measure: &Measure, series: &'static str) -> Self {
        let bounds = between(measure, series).filter(|[least, most]| least < most);
        self.bounded(bounds.map(|limits| limits.map(to_units)))
    }

    /// So many records of a period; those left out for a fault could be of it too.
    pub(super) fn counted(measure: &Measure) -> Self {
        let [least, more] = [measure.used, measure.excluded.faults()];
        Self::new(least as f64, least).bounded((more > 0).then(|| [least, least.plus(more)].map(|n| n as f64)))
    }

    /// The same, where rounding may have moved the value past its own bounds.
    pub fn spanning(self, bounds: Option<[f64; 2]>) -> Self {
        let value = self.value.as_ref().ok().copied();
        let wide = |[low, high]: [f64; 2]| [low.min(value.unwrap_or(low)), high.max(value.unwrap_or(high))];
        self.bounded(bounds.map(wide))
    }

    /// Says how many records the value leans on.
    pub fn from_records(mut self, n: u64) -> Self {
        self.n = n;
        self
    }

    /// Takes the value away, with what was divided.
    pub fn lacking(mut self, why: &Undefined) -> Self {
        self.value = Err(why.clone());
        self.of(None, None)
    }

    /// Gives what is divided, and by what.
    pub fn of(mut self, numerator: Option<Quantity>, denominator: Option<Quantity>) -> Self {
        self.numerator = numerator;
        self.denominator = denominator;
        self
    }
}

/// One breakdown of a figure. One pointer, as its answer is.
#[derive(Debug, Clone, PartialEq)]
pub struct Part(Box<Breakdown>);

/// What a breakdown is.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// Its key; also names its rows in [`Measure::parts`], where it counts other rows than the whole does.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What its value is a number of.
    pub unit: Unit,
    /// Its value.
    pub answer: Answer,
    /// Its own target.
    pub target: Option<f64>,
    /// Its own breakdowns.
    pub parts: Vec<Part>,
    /// The part whose rows it counts, where that is another one.
    pub rows_of: Option<String>,
}

impl Deref for Part {
    type Target = Breakdown;

    fn deref(&self) -> &Breakdown {
        &self.0
    }
}

impl DerefMut for Part {
    fn deref_mut(&mut self) -> &mut Breakdown {
        &mut self.0
    }
}

impl Part {
    /// A part without target or breakdowns.
    pub fn new(key: impl Into<String>, label: impl Into<String>, unit: Unit, answer: Answer) -> Self {
        let (key, label) = (key.into(), label.into());
        Self(Box::new(Breakdown { key, label, unit, answer, target: None, parts: Vec::new(), rows_of: None }))
    }

    /// Gives its own breakdowns.
    pub fn with(mut self, parts: Vec<Self>) -> Self {
        self.parts = parts;
        self
    }

    /// Gives its own target.
    pub fn aiming(mut self, target: Option<f64>) -> Self {
        self.target = target;
        self
    }

    /// Says which other part's rows it counts.
    pub fn counting(mut self, rows_of: &str) -> Self {
        self.rows_of = Some(rows_of.into());
        self
    }
}

/// What a KPI makes of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The figure's value.
    pub answer: Answer,
    /// Its breakdowns.
    pub parts: Vec<Part>,
}

/// Judges a measure and puts everything around it that defends the figure.
pub fn figure(kpi: &Kpi, measure: &Measure, frame: &Frame) -> Figure {
    let definition = &kpi.definition;
    let mut figure = value(kpi, measure, frame);
    figure.definition = Some(definition.in_force(frame.charter, frame.parameters));
    figure.note = figure.note.or_else(|| frame.charter.lifecycle.note().filter(|_| definition.counts_stages()));
    figure.unfiltered = frame.reach.unfiltered.clone();
    figure
}

/// The same without the definition in force, where only the value is shown.
pub(crate) fn value(kpi: &Kpi, measure: &Measure, frame: &Frame) -> Figure {
    let definition = &kpi.definition;
    let Judgement { mut answer, mut parts } = (kpi.judge)(measure, frame);
    if let Some(undefined) = missing(kpi, frame) {
        // Sums over a column that isn't there are no zeros.
        parts.clear();
        answer = Answer::from_value(Err(undefined));
    } else if let Some(undefined) = &frame.reach.apart {
        // What stands on one side alone holds all the same.
        parts.retain(|part| part.answer.value.is_ok() && part.answer.numerator.is_none());
        answer = Answer::from_value(Err(undefined.clone()));
    }
    let settings = frame.charter.kpis.get(definition.id);
    let tolerance = settings.and_then(|settings| settings.tolerance).unwrap_or(TOLERANCE);
    let whole = Whole { kpi, measure, frame, tolerance };
    let mut figure = whole.dress(definition.label(frame), definition.unit, answer, (measure.used, &measure.excluded));
    let is_part = frame.reach.some && kpi.particulars.is_total;
    whole.aim(&mut figure, settings.and_then(|settings| settings.target).filter(|_| !is_part));
    figure.parts = parts.into_iter().map(|part| whole.part(part)).list();
    figure
}

/// How far from its target a value still counts as near, as a share of the target, where the charter is silent.
pub const TOLERANCE: f64 = 0.1;

/// The table or field that the KPI can't do without, if it is absent.
fn missing(kpi: &Kpi, frame: &Frame) -> Option<Undefined> {
    if kpi.particulars.compose.is_some() {
        return None;
    }
    let own = kpi.definition.table;
    if let Some(table) = Some(own).filter(|_| frame.table.is_none()).or(frame.reach.absent) {
        let charter = schema::CHARTER_TABLES.iter().any(|schema| schema.name == table);
        let (code, message) = if charter {
            ("not_in_charter", format!("The charter says nothing about {}.", table.replace('_', " ")))
        } else {
            ("missing_table", format!("It needs the table “{table}”, which was not given."))
        };
        return Some(Undefined::new(code, message));
    }
    let field = kpi.needs.list(frame.charter, frame.parameters).into_iter().find(|field| !frame.has(field))?;
    let message = format!(
        "It needs the field “{field}” of “{own}”, and no column was recognised as that. Map one in the charter."
    );
    Some(Undefined::new("missing_field", message))
}

struct Whole<'a> {
    kpi: &'a Kpi,
    measure: &'a Measure,
    frame: &'a Frame<'a>,
    tolerance: f64,
}

impl Whole<'_> {
    fn part(&self, part: Part) -> Figure {
        let part = *part.0;
        let rows = self.measure.parts.get(part.rows_of.as_ref().unwrap_or(&part.key));
        let rows = rows.map_or((self.measure.used, &self.measure.excluded), |rows| (rows.used, &rows.excluded));
        let mut figure = self.dress(part.label, part.unit, part.answer, rows);
        figure.part = part.key;
        self.aim(&mut figure, part.target);
        figure.parts = part.parts.into_iter().map(|part| self.part(part)).list();
        figure
    }

    fn dress(&self, label: String, unit: Unit, answer: Answer, (used, excluded): (u64, &Ledger)) -> Figure {
        let answer = *answer.0;
        let silent = !self.frame.reach.narrow && used == 0 && answer.n == 0 && excluded.hides_all();
        let value = answer.value.and_then(|value| match value {
            // A quotient of finite numbers can still be too large for an f64; such a value would be no number in JSON.
            _ if !value.is_finite() => Err(Undefined::new("too_large", "The value is too large to show.")),
            0.0 if silent => Err(Undefined::new("no_evidence", "Every row that could count was left out for a fault.")),
            _ => Ok(value),
        });
        let money = matches!(unit, Unit::Money | Unit::MoneyPerDay | Unit::MoneyPerYear);
        let thin = value.is_ok() && answer.n < self.frame.charter.minimum_n;
        let bounds = answer.bounds.filter(|limits| limits.iter().all(|limit| limit.is_finite()));
        let interval = answer.interval.filter(|limits| value.is_ok() && limits.iter().all(|limit| limit.is_finite()));
        let (value, undefined) = match value {
            Ok(value) => (Some(value), None),
            Err(undefined) => (None, Some(with_faults(undefined, excluded))),
        };
        Figure {
            id: self.kpi.definition.id.into(),
            part: String::new(),
            label,
            value,
            undefined,
            unit,
            currency: money.then(|| self.frame.charter.currency.clone()),
            numerator: answer.numerator,
            denominator: answer.denominator,
            interval,
            bounds,
            read: self.measure.read,
            used,
            excluded: excluded.entries(),
            thin,
            note: answer.note,
            unfiltered: Vec::new(),
            target: None,
            status: Status::NoTarget,
            definition: None,
            parts: Vec::new(),
        }
    }

    fn aim(&self, figure: &mut Figure, target: Option<f64>) {
        figure.target = target;
        figure.status = status(figure.value, target, self.kpi.definition.direction, self.tolerance);
    }
}

/// Where there is nothing to divide by, what rows with faults have to do with it.
fn with_faults(mut undefined: Undefined, excluded: &Ledger) -> Undefined {
    if undefined.code == "zero_denominator" {
        for (reason, count) in excluded.counts().filter(|(reason, _)| reason.is_fault() && !reason.is_no_record()) {
            let rows = if count == 1 { " row was" } else { " rows were" };
            for text in [" ", &count.to_string(), rows, " left out: ", reason.label(), "."] {
                undefined.message.push_str(text);
            }
        }
    }
    undefined
}

/// Where a value stands against a target.
pub fn status(value: Option<f64>, target: Option<f64>, direction: Direction, tolerance: f64) -> Status {
    let Some(value) = value else { return Status::Undefined };
    let Some(target) = target else { return Status::NoTarget };
    let short = match direction {
        Direction::Higher => target - value,
        Direction::Lower => value - target,
        Direction::Band => {
            // Inside the tolerance is on target, up to twice as far is near.
            return match (value - target).abs() {
                off if off <= tolerance * target.abs() => Status::OnTarget,
                off if off <= 2.0 * tolerance * target.abs() => Status::NearTarget,
                _ => Status::OffTarget,
            };
        }
        Direction::None => return Status::NoTarget,
    };
    if short <= 0.0 {
        Status::OnTarget
    } else if short <= tolerance * target.abs() {
        Status::NearTarget
    } else {
        Status::OffTarget
    }
}
