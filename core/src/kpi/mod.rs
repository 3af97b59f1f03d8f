//! The KPIs: one file each, with its definition, measure, judgement and tests; [`registry`] is the list.

pub(crate) mod buckets;
pub mod definition;
pub mod groups;
pub mod judgement;
pub mod scan;
pub(crate) mod sides;

mod ai_oversight;
pub(crate) mod amounts;
pub(crate) mod attribution_consistency;
mod attribution_credit;
pub(crate) mod automation_drift;
mod average_deal;
mod budget_accuracy;
mod budget_pacing;
mod budgets;
mod cac;
mod cac_payback;
pub(crate) mod campaign_cycle_time;
mod campaign_velocity;
mod capability_utilisation;
mod channel_roi;
mod consent_currency;
pub(crate) mod control_stack;
mod conversion_in_window;
pub mod conversion_matured;
mod cost_per_stage;
pub(crate) mod coverage;
pub(crate) mod data_completeness;
pub(crate) mod data_quality;
pub(crate) mod deals;
mod definition_coverage;
mod duplicate_rate;
mod forecast_reliability;
pub(crate) mod gates;
mod intake_balance;
pub(crate) mod integration_coverage;
pub(crate) mod integration_health;
mod lead_to_customer;
pub mod lifecycle_conversion;
mod marketing_roi;
pub(crate) mod operations;
mod ops_alignment;
mod ownership_coverage;
mod permission_review;
mod pipeline_coverage;
mod pipeline_created;
mod pipeline_forecast;
mod pipeline_influenced;
mod pipeline_sourced;
mod pipeline_velocity;
mod quality_control;
pub(crate) mod readiness;
mod reconciliation_gap;
pub(crate) mod renewal_exposure;
mod reporting_rhythm;
pub(crate) mod revenue;
mod revenue_contribution;
pub(crate) mod rollout;
mod routing_accuracy;
mod sales_cycle;
mod seat_utilisation;
mod segment_health;
mod shelfware_cost;
mod speed_to_lead;
pub(crate) mod stack;
pub(crate) mod stack_redundancy;
mod stack_utilisation;
mod stage_leak;
pub(crate) mod suppression_health;
pub(crate) mod threshold_signals;
mod time_in_stage;
mod total_cost_of_ownership;
mod touch_paths;
mod tracking_compliance;
pub mod velocity_by_cohort;
mod win_rate;

pub use definition::{Definition, Parameter, Parameters, Range, Timing};
pub(crate) use judgement::value;
pub use judgement::{Answer, Frame, Judgement, Part, figure};
pub use scan::{Filter, Scan};

use crate::charter::Charter;
use crate::list::List;
use crate::map::Map;
use crate::measure::Measure;
use crate::table::Dataset;
use crate::table::schema::schema;
use std::rc::Rc;

/// A KPI: what it means, how it counts rows, and what it makes of the counts.
#[derive(Debug, Clone, Copy)]
pub struct Kpi {
    /// What it means.
    pub definition: Definition,
    /// Fields it can't do without. The first is the date that places a record in a period.
    pub needs: Listed,
    /// Counts rows.
    pub measure: fn(&Scan) -> Measure,
    /// Makes an answer of the counts.
    pub judge: fn(&Measure, &Frame) -> Judgement,
    /// What sets it apart from a KPI that counts the rows of one table alone.
    pub particulars: Particulars,
}

/// Names of fields or KPIs.
#[derive(Debug, Clone, Copy)]
pub enum Listed {
    /// Those, under every charter.
    Always(&'static [&'static str]),
    /// Those that the charter and the parameters name.
    Of(fn(&Charter, &Parameters) -> Vec<String>),
}

impl Listed {
    /// Those in force.
    pub fn list(&self, charter: &Charter, parameters: &Parameters) -> Vec<String> {
        match self {
            Self::Always(names) => names.iter().map(|name| (*name).to_owned()).list(),
            Self::Of(names) => names(charter, parameters),
        }
    }
}

/// What sets a KPI apart from one that counts the rows of one table alone.
#[derive(Debug, Clone, Copy)]
pub struct Particulars {
    /// Other KPIs whose figures it is judged with, by id. Only those before it in the registry can be.
    pub figures: Listed,
    /// How many earlier periods it is judged against.
    pub history: u32,
    /// Counts evidence other than rows, for a KPI without a table of its own: the figures it is made of.
    pub compose: Option<fn(&Frame) -> Measure>,
    /// Which dates place a row in a period, for a trend that looks at the rows of each bucket.
    pub dates: Dates,
    /// Counts the rows of a period and of the buckets of its trend in one pass: then dates are not asked for. One that
    /// has a history counts its periods so too, each as of an instant of its own. A property test holds each bucket to
    /// what it is by itself.
    pub(crate) by_bucket: Option<buckets::ByBucket>,
    /// Under some parameters, the KPI without any that counts the same: then both are counted once.
    pub same_as: fn(&Parameters) -> Option<&'static str>,
    /// What the records of its table are held against: other tables, or `sides::TARGETS`. A filter has to reach all
    /// of them, or none.
    pub against: &'static [&'static str],
    /// Tables beside its own without which nothing is known.
    pub tables: &'static [&'static str],
    /// Whether it grows with the records counted: what is aimed at with all of them is no target for some.
    pub is_total: bool,
    /// Finds what it looks up for each row, where that takes long.
    pub prepare: Option<Prepare>,
}

/// Works for so many rows and comparisons on what is known by an instant; says whether all is found.
pub type Prepare = fn(&Dataset, &Charter, i64, &mut usize) -> bool;

/// Which dates place a row in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// The first field that the KPI needs.
    First,
    /// Any that it reads of its table.
    Any,
    /// Not even those: it counts rows whose dates all lie outside the period, such as deals still open at its end.
    Outside,
}

impl Particulars {
    /// Of most KPIs.
    pub const NONE: Self = Self {
        figures: Listed::Always(&[]),
        history: 0,
        compose: None,
        dates: Dates::First,
        by_bucket: None,
        same_as: |_| None,
        against: &[],
        tables: &[],
        is_total: false,
        prepare: None,
    };
}

impl Kpi {
    /// Without the words of its definition.
    const fn bare(self, parameters: &'static [Parameter]) -> Self {
        let definition = Definition { formula: "", source: "", edge_cases: &[], parameters, ..self.definition };
        Self { definition, ..self }
    }

    /// Whether the period asked for reaches it: a state has none of its own, but one that is made of figures is made of
    /// those of the period.
    pub(crate) fn has_period(&self) -> bool {
        self.definition.timing != Timing::Snapshot || self.particulars.compose.is_some()
    }

    /// Whether rows with none of its dates in the period add nothing, so that a trend need not look at them.
    pub(crate) fn narrows(&self) -> bool {
        self.has_period() && self.particulars.dates != Dates::Outside
    }

    /// What of a reader's filter applies to its table: all of it or nothing.
    pub(crate) fn takes(&self, filter: &Rc<Map<String, Vec<String>>>) -> Rc<Map<String, Vec<String>>> {
        let is_filtered = schema(self.definition.table).is_none_or(|table| table.filtered);
        if is_filtered { Rc::clone(filter) } else { Rc::default() }
    }
}

/// What is kept of KPIs: all, or all but the words (see the feature `prose`).
macro_rules! listed {
    ($($kpi:expr),* $(,)?) => {
        &[$(&{
            const KPI: Kpi = $kpi;
            const PARAMETERS: [Parameter; KPI.definition.parameters.len()] = definition::bare(KPI.definition.parameters);
            if cfg!(feature = "prose") { KPI } else { KPI.bare(&PARAMETERS) }
        }),*]
    };
}

/// Every KPI, in the order in which reports show them. A new one is its file and a line here.
static REGISTRY: &[&Kpi] = listed![
    lifecycle_conversion::KPI,
    lead_to_customer::KPI,
    conversion_matured::KPI,
    time_in_stage::KPI,
    stage_leak::KPI,
    velocity_by_cohort::KPI,
    pipeline_created::KPI,
    win_rate::KPI,
    average_deal::KPI,
    sales_cycle::KPI,
    pipeline_velocity::KPI,
    pipeline_sourced::KPI,
    pipeline_influenced::KPI,
    pipeline_coverage::KPI,
    revenue_contribution::KPI,
    marketing_roi::KPI,
    channel_roi::KPI,
    cost_per_stage::KPI,
    cac::KPI,
    cac_payback::KPI,
    forecast_reliability::KPI,
    pipeline_forecast::KPI,
    budget_pacing::KPI,
    budget_accuracy::KPI,
    data_completeness::KPI,
    duplicate_rate::KPI,
    data_quality::DEALS,
    data_quality::KPI,
    tracking_compliance::KPI,
    consent_currency::KPI,
    suppression_health::KPI,
    ai_oversight::KPI,
    quality_control::KPI,
    speed_to_lead::KPI,
    routing_accuracy::KPI,
    conversion_in_window::KPI,
    campaign_cycle_time::KPI,
    campaign_velocity::KPI,
    intake_balance::KPI,
    reporting_rhythm::KPI,
    segment_health::KPI,
    attribution_credit::KPI,
    attribution_consistency::KPI,
    reconciliation_gap::KPI,
    seat_utilisation::KPI,
    capability_utilisation::KPI,
    stack_utilisation::KPI,
    shelfware_cost::KPI,
    stack_redundancy::KPI,
    renewal_exposure::KPI,
    total_cost_of_ownership::KPI,
    integration_health::KPI,
    integration_coverage::KPI,
    automation_drift::KPI,
    permission_review::KPI,
    ownership_coverage::KPI,
    definition_coverage::KPI,
    ops_alignment::KPI,
    // Made of the figures above, so they stand last.
    control_stack::KPI,
    threshold_signals::KPI,
    readiness::KPI,
    rollout::KPI,
];

/// Every KPI, in the order in which reports show them.
pub fn registry() -> &'static [&'static Kpi] {
    REGISTRY
}

/// The figures that gates may name: those that stand before what is made of gates.
pub(crate) fn gated() -> Vec<&'static str> {
    let ids = registry().iter().map(|kpi| kpi.definition.id);
    ids.take_while(|id| *id != threshold_signals::KPI.definition.id).list()
}

/// A KPI that is in the registry, by its id. Code that asks for it so, and not by its own file, keeps its words out of
/// a module that has no use for them.
#[expect(clippy::indexing_slicing, reason = "the registry is not empty; its tests ask for every KPI")]
pub(crate) fn of(id: &str) -> &'static Kpi {
    find(id).unwrap_or(REGISTRY[0])
}

/// A KPI by its id.
pub fn find(id: &str) -> Option<&'static Kpi> {
    registry().iter().find(|kpi| kpi.definition.id == id).copied()
}

#[cfg(test)]
pub(crate) mod tests;
