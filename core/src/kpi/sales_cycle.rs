//! How long it takes to win a deal.

use super::buckets::{Buckets, alone};
use super::deals::won_by_bucket;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::Measure;
use crate::stats::quantile::{Counts, mean, median, median_interval, total};

/// `sales_cycle`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "sales_cycle",
        version: 1,
        name: "Sales cycle",
        unit: Unit::Days,
        direction: Direction::Lower,
        formula: "median days from created to closed of won deals; beside it their mean",
        source: "ours: the usual definition, without an authority",
        table: "deals",
        inputs: &["deals.created_at", "deals.closed_at", "deals.stage", "deals.is_won", "deals.is_closed"],
        edge_cases: &[
            "A deal belongs to the period in which it was won.",
            "A deal that was created after the as-of instant is left out as such.",
            "Durations are whole calendar days in the charter's time zone; the same day is 0.",
            "A deal closed before it was created is left out as a negative duration.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "created_at"]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    won_by_bucket(scan, buckets, "days", &|deals, row, at| deals.days_to(row, at))
}

/// The median of days, with its order-statistic interval.
pub(super) fn middle(days: &Counts) -> Answer {
    median(days).map_or_else(none_won, |middle| {
        let limits = median_interval(days).map(|limits| limits.map(|limit| limit as f64));
        Answer::new(middle, total(days)).within(limits)
    })
}

fn none_won() -> Answer {
    Answer::undefined("zero_denominator", "There are no won deals.")
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let none = Counts::new();
    let days = measure.histogram("days", "").unwrap_or(&none);
    let middle = middle(days);
    let mean = mean(days).map_or_else(none_won, |mean| Answer::new(mean, total(days)));
    Judgement {
        answer: middle.clone(),
        parts: vec![Part::new("median", "Median", Unit::Days, middle), Part::new("mean", "Mean", Unit::Days, mean)],
    }
}
