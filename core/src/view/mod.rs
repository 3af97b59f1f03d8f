//! Views: plain data, one for each widget. Whatever a widget shows is here, so that the browser, the terminal, the
//! tests and `getView()` read the same thing.

mod attribution;
pub mod board;
mod budget;
pub mod cohorts;
mod control_stack;
mod data_quality;
mod fields;
pub mod filters;
mod forecast;
pub mod funnel;
mod gates;
mod governance;
pub mod inventory;
pub mod kpi;
mod operations;
pub mod read;
mod readiness;
mod reconciliation;
mod rollout;
pub mod scorecard;
mod signals;
mod stack;
mod system_map;
mod words;

pub use board::{BoardView, Cell, Column, Layout, Row, Section, State};

use crate::error::{Code, Error};
use crate::figure::{Figure, Unit};
use crate::kpi::{Kpi, Parameters, Timing};
use crate::ledger::Excluded;
use crate::list::Joined;
use crate::map::Map;
use crate::period::Period;
use crate::query::{Asker, Query, Question};
use crate::sort::sorted;
use crate::table::schema::{Kind, TABLES, TableSchema};
use crate::table::{FieldReport, UnmatchedHeader};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The instant up to which events are seen, in epoch milliseconds.
    pub as_of: i64,
    /// IANA name of the charter's time zone, in which the instants of this view are days.
    pub time_zone: String,
    /// ISO 4217 code of all money in this view.
    pub currency: String,
    /// The organisation's name; "" without a charter.
    pub organisation: String,
    /// The period asked for.
    pub period: PeriodView,
    /// The period compared with, if any.
    pub compared_with: Option<PeriodView>,
    /// Filters in force: field → values.
    pub filter: Map<String, Vec<String>>,
    /// What was asked for.
    pub body: Body,
}

/// A half-open period `[start, end)` in epoch milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodView {
    /// As a query writes it: `2025-Q1`, `last-12-months`, `all`.
    pub id: String,
    /// For people, in English: "Q1 2025", "last 12 months".
    pub label: String,
    /// First instant, if bounded.
    pub start: Option<i64>,
    /// First instant after it, if bounded.
    pub end: Option<i64>,
}

/// What a view shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum Body {
    /// One figure as a card.
    Kpi(KpiView),
    /// Several figures as a table.
    Scorecard(ScorecardView),
    /// The lifecycle as a funnel.
    Funnel(FunnelView),
    /// Conversion by cohort and age, and over time.
    Cohorts(CohortsView),
    /// What can be filtered and by which values.
    Filters(FiltersView),
    /// What was read, recognised and rejected.
    Inventory(InventoryView),
    /// Figures and the lists they lead to.
    Board(BoardView),
}

impl Default for Body {
    fn default() -> Self {
        Self::Scorecard(ScorecardView::default())
    }
}

/// One figure, its change and its trend.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KpiView {
    /// The figure for the period.
    pub figure: Figure,
    /// The same figure for the period compared with.
    pub comparison: Option<Comparison>,
    /// The same figure for each of the buckets leading up to the period's end, oldest first.
    pub trend: Vec<TrendPoint>,
    /// Records of the period may still convert: the figure follows a cohort, and less than the `horizon_days` of
    /// `conversion_matured` have passed since the period's end.
    pub maturing: bool,
    /// The figure by segment, most rows first, where the query names a segment; then "" (blank); then [`OTHER`], all
    /// remaining values pooled, so that the segments cover every row.
    pub segments: Vec<Figure>,
    /// The field the segments are values of.
    pub segment_field: Option<String>,
}

/// The key of the segment that pools the values not shown by name. Text from data is trimmed, so none begins with a
/// space.
pub const OTHER: &str = " other";

/// A figure against its own past: the period compared with, seen at the age that the figure's period has at the
/// as-of instant. So a month half over is held against the same half of the month before, and a young cohort
/// against an equally young one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The figure then; nothing where it was undefined.
    pub value: Option<f64>,
    /// Its 95% interval then.
    pub interval: Option<[f64; 2]>,
    /// Now − then, in the figure's unit.
    pub difference: Option<f64>,
    /// (now − then) ÷ then; nothing where then is 0.
    pub relative: Option<f64>,
    /// Whether the change is for the better, the worse, or neither, by the KPI's direction.
    pub verdict: ChangeVerdict,
    /// Whether the two intervals overlap, so that the change may be chance; nothing without intervals.
    pub within_chance: Option<bool>,
    /// When the data begin, where that is after the compared period's start (by more than a twentieth of its length).
    /// The period then lacks records, so there is no verdict.
    pub data_from: Option<i64>,
}

/// What a change means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeVerdict {
    /// For the better.
    #[default]
    Better,
    /// For the worse.
    Worse,
    /// No change, or no direction, or unknown.
    Neutral,
}

/// A figure in one bucket of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The bucket.
    pub period: PeriodView,
    /// The figure in it; nothing where undefined.
    pub value: Option<f64>,
    /// Its 95% interval.
    pub interval: Option<[f64; 2]>,
    /// Rows used.
    pub used: u64,
    /// Too few records to lean on.
    pub thin: bool,
    /// The bucket is not over at the as-of instant, or the figure follows a cohort whose records may still convert: see
    /// [`KpiView::maturing`].
    pub unfinished: bool,
}

/// Figures as a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScorecardView {
    /// One per KPI, in the order asked for.
    pub rows: Vec<KpiView>,
}

/// The lifecycle as a funnel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelView {
    /// `lifecycle_conversion`, whose parts are the stages.
    pub figure: Figure,
    /// `all_stages` or `any_stages`.
    pub semantics: String,
    /// In order.
    pub stages: Vec<FunnelStage>,
    /// `stage_leak`: the step that loses most; its parts are the steps.
    pub leak: Figure,
}

/// One stage of the funnel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelStage {
    /// The stage's id.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// Records that reached it; nothing where no column tells who did, which is not nobody.
    pub count: Option<u64>,
    /// The same in the period compared with.
    pub compared_count: Option<u64>,
    /// count ÷ count of the first stage.
    pub cumulative: Option<f64>,
    /// count of the next stage ÷ count; nothing for the last stage or where undefined.
    pub next_rate: Option<f64>,
    /// Its 95% Wilson interval.
    pub next_interval: Option<[f64; 2]>,
    /// The same rate in the period compared with.
    pub compared_next_rate: Option<f64>,
    /// Target of the step to the next stage.
    pub next_target: Option<f64>,
    /// Median days in this stage (`time_in_stage`); nothing where undefined.
    pub median_days: Option<f64>,
    /// Customers lost in the period at the step to the next stage (`stage_leak`).
    pub customers_lost: Option<f64>,
    /// Whether this step is the leak.
    pub is_leak: bool,
    /// Too few records to lean on.
    pub thin: bool,
}

/// Conversion by cohort and age, and over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortsView {
    /// `velocity_by_cohort`.
    pub figure: Figure,
    /// `conversion_matured`.
    pub matured: Figure,
    /// Name of the stage cohorts start from, for people.
    pub from_label: String,
    /// Name of the stage converted to, for people.
    pub to_label: String,
    /// Oldest first.
    pub cohorts: Vec<Cohort>,
    /// Ages in months, 0 first: the columns of the matrix.
    pub ages: Vec<u32>,
    /// Share converted by day since the start, in-flight records censored.
    pub curve: Vec<CurvePoint>,
    /// Where half have converted, if they ever do.
    pub median_days: Option<f64>,
}

/// Records that started in the same month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cohort {
    /// The month.
    pub period: PeriodView,
    /// Records in it.
    pub size: u64,
    /// Too few records to lean on.
    pub thin: bool,
    /// One for each age; nothing where the cohort is younger than that: blank, not 0.
    pub cells: Vec<Option<CohortCell>>,
}

/// Conversion of a cohort up to an age.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortCell {
    /// Records converted up to this age.
    pub converted: u64,
    /// converted ÷ size.
    pub rate: f64,
}

/// A point of the conversion curve: it holds from this day to the next point's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Days since the start.
    pub day: f64,
    /// Share converted.
    pub rate: f64,
    /// 95% limits.
    pub low: Option<f64>,
    /// 95% limits.
    pub high: Option<f64>,
    /// Share lost or recycled by then, where that competes.
    pub competing: Option<f64>,
    /// Records still at risk just before.
    pub at_risk: u64,
}

/// What can be filtered and by which values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FiltersView {
    /// Periods worth offering, given the data.
    pub periods: Vec<PeriodView>,
    /// Fields worth offering.
    pub fields: Vec<FilterField>,
}

/// A field to filter by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterField {
    /// Its name.
    pub field: String,
    /// For people.
    pub label: String,
    /// Its values by descending number of rows; at most 200, blanks last with value "".
    pub values: Vec<FilterValue>,
    /// How many distinct values there are in all.
    pub distinct: u64,
}

/// A value to filter by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterValue {
    /// As it stands in the data; "" is blank.
    pub value: String,
    /// Rows that have it, over all tables.
    pub count: u64,
}

/// What was read, recognised and rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryView {
    /// One for each table given.
    pub tables: Vec<TableReport>,
    /// Whether a charter was given; otherwise the defaults hold.
    pub has_charter: bool,
    /// What the charter's check finds in the organisation; what it finds in the document is an error instead.
    pub findings: Vec<Finding>,
}

/// Something that a charter shows to be amiss: two people accountable for one thing, a sign-off that has lapsed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where in the charter (RFC 6901).
    pub pointer: String,
    /// What is amiss.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

/// What became of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Its name.
    pub table: String,
    /// File name or address.
    pub source: String,
    /// The preset that recognised the headers, if one did.
    pub preset: Option<String>,
    /// The encoding that was taken because the file is no UTF-8, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Rows in the source. `accepted + rejected = read`.
    pub read: u64,
    /// Rows kept.
    pub accepted: u64,
    /// Rows not kept, by reason.
    pub rejected: Vec<Excluded>,
    /// What became of each field.
    pub fields: Vec<FieldReport>,
    /// Headers nothing was read from.
    pub unmatched: Vec<UnmatchedHeader>,
}

/// Whether values of a unit are amounts of money.
pub fn is_money(unit: Unit) -> bool {
    matches!(unit, Unit::Money | Unit::MoneyPerDay | Unit::MoneyPerYear)
}

/// Every view there is.
pub const VIEWS: &[&str] = &[
    "kpi",
    "scorecard",
    "funnel",
    "cohorts",
    "filters",
    "inventory",
    "stack",
    "system_map",
    "governance",
    "control_stack",
    "data_quality",
    "attribution",
    "reconciliation",
    "speed_to_lead",
    "campaigns",
    "budget",
    "forecast",
    "segments",
    "readiness",
    "rollout",
    "signals",
];

/// Builds a board.
type Board = fn(&Asker, &Subject) -> BoardView;

/// What builds each board. Called by pointer, they stay functions of their own: compiled into one, all views together
/// take more.
static BOARDS: &[(&str, Board)] = &[
    ("stack", stack::build),
    ("system_map", system_map::build),
    ("governance", governance::build),
    ("control_stack", control_stack::build),
    ("data_quality", data_quality::build),
    ("attribution", attribution::build),
    ("reconciliation", reconciliation::build),
    ("speed_to_lead", operations::speed_to_lead),
    ("campaigns", operations::campaigns),
    ("budget", budget::build),
    ("forecast", forecast::build),
    ("segments", operations::segments),
    ("readiness", readiness::build),
    ("rollout", rollout::build),
    ("signals", signals::build),
];

/// Builds the view that a query asks for.
pub(crate) fn build(asker: &Asker, query: &Query, has_charter: bool) -> Result<View, Error> {
    let subject = Subject::new(asker, query)?;
    let mut body = match query.view.as_str() {
        "kpi" => Body::Kpi(kpi::build(asker, &subject, query)?),
        "scorecard" => Body::Scorecard(scorecard::build(asker, &subject, query)?),
        "funnel" => Body::Funnel(funnel::build(asker, &subject, query)?),
        "cohorts" => Body::Cohorts(cohorts::build(asker, &subject)?),
        "filters" => Body::Filters(filters::build(asker, &subject)),
        "inventory" => Body::Inventory(inventory::build(asker, has_charter)),
        name => match BOARDS.iter().find(|(board, _)| *board == name) {
            Some((_, build)) => Body::Board(build(asker, &subject)),
            None => {
                return Err(Error::new(Code::BadQuery, format!("There is no view “{name}”."))
                    .in_field("view")
                    .mend(format!("Ask for one of {}.", VIEWS.joined(", "))));
            }
        },
    };
    if let Body::Board(board) = &mut body {
        board.name_people(asker.charter);
    }
    Ok(View {
        as_of: subject.as_of,
        time_zone: asker.charter.time_zone.clone(),
        currency: asker.charter.currency.clone(),
        organisation: asker.charter.organisation.clone(),
        period: subject.period.into(),
        compared_with: subject.compared_with.map(PeriodView::from),
        filter: subject.filter.as_ref().clone(),
        body,
    })
}

/// What a query is about, read once for all views.
pub(crate) struct Subject {
    pub(crate) as_of: i64,
    pub(crate) period: Period,
    pub(crate) compared_with: Option<Period>,
    pub(crate) filter: Rc<Map<String, Vec<String>>>,
}

impl Subject {
    fn new(asker: &Asker, query: &Query) -> Result<Self, Error> {
        let (charter, zone) = (asker.charter, asker.zone);
        if query.as_of.trim().is_empty() {
            return Err(Error::new(Code::BadQuery, "The query has no as-of instant.")
                .in_field("as_of")
                .mend("Give a date such as \"2026-01-31\": the core has no clock of its own."));
        }
        let as_of = crate::period::as_of(&query.as_of, zone)?;
        let spec = query.period.as_deref().filter(|spec| !spec.trim().is_empty()).unwrap_or("all");
        let period = crate::period::parse(spec, as_of, charter, zone)?;
        let compared_with = match query.compare.as_deref().unwrap_or("none") {
            "none" | "" => None,
            "previous" => period.previous(charter, zone),
            "year" => period.year_before(charter, zone),
            other => {
                return Err(Error::new(Code::BadQuery, format!("“{other}” is nothing to compare with."))
                    .in_field("compare")
                    .mend("Say previous, year or none."));
            }
        };
        let mut filter = query.filter.clone();
        for (field, values) in filter.iter_mut() {
            text_field(field).map_err(|error| error.in_field("filter"))?;
            *values = sorted(std::mem::take(values));
            values.dedup();
        }
        Ok(Self { as_of, period, compared_with, filter: Rc::new(filter) })
    }

    /// A KPI's question about the period asked for.
    pub(crate) fn question(&self, asker: &Asker, kpi: &'static Kpi) -> Question {
        Question {
            kpi,
            period: if kpi.has_period() { self.period.clone() } else { Period::all() },
            as_of: self.as_of,
            parameters: Parameters::new(&kpi.definition, asker.charter),
            asked: Rc::clone(&self.filter),
            filter: kpi.takes(&self.filter),
            except: None,
            narrow: false,
            counts: false,
        }
    }

    /// The same question about the period compared with.
    pub(crate) fn compared(&self, asker: &Asker, question: &Question) -> Option<Question> {
        let compared_with =
            self.compared_with.as_ref().filter(|_| question.kpi.definition.timing != Timing::Snapshot)?;
        Some(asker.earlier(question, compared_with.clone()))
    }
}

/// Refuses a field that no table has as text.
pub(crate) fn text_field(field: &str) -> Result<(), Error> {
    let known = |schema: &TableSchema| schema.field(field).is_some_and(|field| field.read && field.kind == Kind::Text);
    if TABLES.iter().any(known) {
        return Ok(());
    }
    Err(Error::new(Code::BadQuery, format!("No table has a text field “{field}”."))
        .mend("Filter and break down by fields such as owner, source, country, account or product."))
}
