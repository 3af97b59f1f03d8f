//! What a won deal is worth.

use super::buckets::{Buckets, alone};
use super::deals::won_by_bucket;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::measure::Measure;
use crate::money::{UNIT, to_units};
use crate::stats::quantile::{Counts, median, median_interval, total};
use crate::sum::Sum;

/// `average_deal`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "average_deal",
        version: 1,
        name: "Average deal",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ amount of won deals ÷ number of won deals; beside it their median",
        source: "ours: the usual definition, without an authority",
        table: "deals",
        inputs: &[
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
        ],
        edge_cases: &[
            "Divides by won deals only, not by won and lost ones.",
            "A deal that was created after the as-of instant is left out as such.",
            "A deal belongs to the period in which it was closed; its amount converts at the rate of that day.",
            "A won deal without a readable amount or exchange rate, or with a negative amount, is left out. An amount of 0 counts.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "amount"]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    won_by_bucket(scan, buckets, "won_amount", &|deals, row, at| deals.amount(row, at))
}

/// The mean of amounts in millionths, as a quotient of two quantities.
pub(super) fn mean(amounts: &Counts) -> Answer {
    let n = total(amounts);
    let sum =
        amounts.iter().fold(0_i128, |sum, (amount, times)| sum.plus(i128::from(*amount).times(i128::from(*times))));
    Answer::quotient(Quantity::money(sum, "amount of won deals"), Quantity::records(n, "won deals")).from_records(n)
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let none = Counts::new();
    let amounts = measure.histogram("won_amount", "").unwrap_or(&none);
    let mean = mean(amounts);
    let middle = median(amounts).map_or_else(
        || Answer::undefined("zero_denominator", "There are no won deals."),
        |middle| {
            let limits = median_interval(amounts).map(|limits| limits.map(|limit| to_units(limit.into())));
            Answer::new(middle / UNIT as f64, total(amounts)).within(limits)
        },
    );
    Judgement {
        answer: mean.clone(),
        parts: vec![Part::new("mean", "Mean", Unit::Money, mean), Part::new("median", "Median", Unit::Money, middle)],
    }
}
