//! How much pipeline was opened.

use super::buckets::{Buckets, Counted, add, alone, write};
use super::deals::{Deals, NO_DAY, is_undated};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::measure::{Key, Measure};

/// `pipeline_created`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_created",
        version: 1,
        name: "Pipeline created",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ amount of the deals created in the period",
        source: "Salesforce help, campaign influence reports",
        table: "deals",
        inputs: &["deals.created_at", "deals.amount", "deals.currency"],
        edge_cases: &[
            "Deals count whatever became of them since, with their present amount.",
            "Amounts convert at the rate of the day the deal was created.",
            "A deal without a readable amount or exchange rate, or with a negative amount, is left out. If every deal of the period is, the sum is unknown, not 0.",
            "A deal whose date is blank or can't be read widens the bounds by its amount, where its rate is known and nothing else has a fault.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["created_at", "amount"]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { is_total: true, by_bucket: Some(by_bucket), ..Particulars::NONE },
};

pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let deals = Deals::new(scan);
    let mut counted = Counted::new(scan, buckets);
    let [mut sum, mut created] = [(); 2].map(|()| buckets.each());
    let mut undated = Measure::default();
    for row in scan.rows() {
        let at = deals.visible(row).and_then(|()| deals.created(row));
        if let Ok(at) = at {
            add(&mut created, counted.places(at), 1);
        }
        if is_undated(at) {
            deals.undated(row, NO_DAY, "amount", &mut undated);
        }
        if let Some((amount, places)) = counted.value(row, at, "created_at", &|at| deals.amount(row, at)) {
            add(&mut sum, places, amount.into());
        }
    }
    let mut measures = buckets.each();
    counted.finish(&mut measures);
    for measure in &mut measures {
        measure.merge(&undated);
    }
    write(&sum, &Key::whole("amount"), &mut measures);
    write(&created, &Key::whole("created"), &mut measures);
    measures
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let created = measure.number("created", "");
    let sum = measure.sum("amount", "");
    let answer = if measure.used == 0 && created > 0 {
        Answer::undefined("missing_amount", "None of the deals created in the period has an amount that can be used.")
    } else {
        let amount = Quantity::money(sum, "amount of deals created in the period");
        Answer::new(amount.value, measure.used).of(Some(amount), None)
    };
    let deals = Part::new("deals", "Deals in it", Unit::Records, Answer::counted(measure));
    Judgement { answer: answer.undated(measure, "amount"), parts: vec![deals] }
}
