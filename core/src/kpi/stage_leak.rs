//! The step at which most customers are lost.

use super::buckets::alone;
use super::lifecycle_conversion::{all_stages, first_stage, reached, step_key};
use super::scan::stage_field;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Timing};
use crate::figure::{Direction, Unit};
use crate::list::List;
use crate::measure::Measure;
use crate::sum::Sum;

/// Periods before that a step is held against.
const HISTORY: u32 = 12;
/// Fewer of them are no habit.
const LEAST_HISTORY: usize = 3;

/// `stage_leak`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "stage_leak",
        version: 1,
        name: "Stage leak",
        unit: Unit::Records,
        direction: Direction::Lower,
        formula: "for each step up to customer: max(0, benchmark − n(si+1) ÷ n(si)) × n(si) × the next-step rates after it; the figure is the largest",
        source: "ours",
        table: "contacts",
        inputs: &["contacts.stage:<each lifecycle stage>"],
        edge_cases: &[
            "Counts as lifecycle_conversion does under all_stages.",
            "The benchmark is the charter's target of the stage; without one, the median of the step's rate in the twelve periods of the same length before, each seen at the age that this period has now. At least three of them must have a rate.",
            "For a period without bounds there is no period before: only targets count.",
            "A step with neither target nor history is unknown, not without a leak; so is one after which nobody came.",
            "0 means that no known step is below its benchmark.",
            "Parts: one for each step under `from→to`, in customers lost, with `actual` and `benchmark` in it.",
        ],
        parameters: &[],
        uses_lifecycle: true,
        timing: Timing::Cohort,
    },
    needs: Listed::Of(first_stage),
    measure: |scan| alone(all_stages, scan),
    judge,
    particulars: Particulars { history: HISTORY, is_total: true, by_bucket: Some(all_stages), ..Particulars::NONE },
};

/// The rate of a step, if anybody came to its beginning.
fn rate(measure: &Measure, from: &str, to: &str) -> Option<f64> {
    let base = reached(measure, from);
    (base > 0).then(|| reached(measure, to) as f64 / base as f64)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let lifecycle = &frame.charter.lifecycle;
    let stages = lifecycle.counted();
    let customer = stages.iter().position(|stage| stage.id == lifecycle.customer).unwrap_or(0);
    let steps: Vec<_> = stages.iter().zip(stages.iter().skip(1)).take(customer).list();
    let mut worst: Option<Answer> = None;
    let mut parts = Vec::new();
    for (index, (from, to)) in steps.iter().enumerate() {
        let n = reached(measure, &from.id);
        let known = stages.iter().take(index.plus(2)).all(|stage| frame.has(&stage_field(&stage.id)));
        let actual = if known {
            Answer::share(
                reached(measure, &to.id),
                n,
                &format!("records that reached {}", to.label),
                &format!("records that reached {}", from.label),
            )
        } else {
            Answer::undefined(
                "missing_field",
                format!("No column tells when records entered “{}” or a stage before it.", to.label),
            )
        };
        let (benchmark, words) = benchmark(frame, &from.id, &to.id, from.target);
        let onward = steps
            .iter()
            .skip(index.plus(1))
            .try_fold(1.0, |product, (from, to)| rate(measure, &from.id, &to.id).map(|rate| product * rate));
        let lost = match (&actual.value, &benchmark.value, onward) {
            (Err(undefined), _, _) | (_, Err(undefined), _) => Answer::from_value(Err(undefined.clone())),
            (_, _, None) => Answer::undefined(
                "zero_denominator",
                "Nobody reached a later stage, so what a lost record would have become is unknown.",
            ),
            (Ok(actual), Ok(benchmark), Some(onward)) => {
                Answer::new((benchmark - actual).max(0.0) * n as f64 * onward, n)
            }
        };
        let most = worst.as_ref().and_then(|worst| worst.value.clone().ok());
        if lost.value.as_ref().is_ok_and(|lost| most.is_none_or(|most| *lost > most)) {
            worst = Some(lost.clone());
        }
        parts.push(
            Part::new(step_key(&from.id, &to.id), format!("{} → {}", from.label, to.label), Unit::Records, lost).with(
                vec![
                    Part::new("actual", "Rate of the step", Unit::Rate, actual),
                    Part::new("benchmark", words, Unit::Rate, benchmark),
                ],
            ),
        );
    }
    let answer = worst.unwrap_or_else(|| {
        let message = "No step has both a rate and a benchmark. Give the stages targets in the charter, or ask for a bounded period with at least three such periods before it.";
        Answer::undefined("no_target", message)
    });
    Judgement { answer, parts }
}

/// What a step is held against, and what that is.
fn benchmark(frame: &Frame, from: &str, to: &str, target: Option<f64>) -> (Answer, String) {
    if let Some(target) = target {
        return (Answer::new(target, frame.charter.minimum_n), "Target".into());
    }
    let mut rates: Vec<f64> = Vec::new();
    for rate in frame.history.iter().filter_map(|measure| rate(measure, from, to)) {
        rates.insert(rates.partition_point(|known| known.total_cmp(&rate).is_le()), rate);
    }
    let words = format!("Median of {} periods before", rates.len());
    if rates.len() < LEAST_HISTORY {
        let message = "The charter sets no target for the step, and fewer than three periods before have a rate.";
        return (Answer::undefined("no_target", message), words);
    }
    let middle = |rank: usize| rates.get(rank).copied().unwrap_or(0.0);
    let high = rates.len() / 2;
    let low = rates.len().minus(1) / 2;
    let base = frame.history.iter().map(|measure| reached(measure, from)).fold(0_u64, u64::saturating_add);
    (Answer::new((middle(low) + middle(high)) / 2.0, base), words)
}
