//! How much pipeline was opened.

use super::deals::Deals;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::measure::{Key, Measure};
use crate::money::to_units;

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
            "Amounts convert at the rate of the day on which the deal was created.",
            "A deal without a readable amount or exchange rate, or with a negative amount, is left out. If every deal of the period is, the sum is unknown, not 0.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["created_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let deals = Deals::new(scan);
    let mut tally = Tally::new(scan.table);
    let mut sum = 0_i128;
    let mut created = 0_u64;
    for row in scan.rows() {
        let at = deals.visible(row).and_then(|()| {
            let at = deals.created(row)?;
            scan.in_period(at).map_err(|reason| (reason, "created_at"))?;
            Ok(at)
        });
        created = created.wrapping_add(u64::from(at.is_ok()));
        if let Some(amount) = tally.row(row, at.and_then(|at| deals.amount(row, at))) {
            sum = sum.saturating_add(amount.into());
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    measure.add(Key::whole("amount"), sum);
    measure.add(Key::whole("created"), created.into());
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let created = measure.number("created", "");
    let sum = to_units(measure.sum("amount", ""));
    let answer = if measure.used == 0 && created > 0 {
        Answer::undefined("missing_amount", "None of the deals created in the period has an amount that can be used.")
    } else {
        Answer {
            numerator: Some(Quantity {
                value: sum,
                unit: Unit::Money,
                label: "amount of deals created in the period".into(),
            }),
            ..Answer::new(sum, measure.used)
        }
    };
    let deals = Answer::new(measure.used as f64, measure.used);
    Judgement { answer, parts: vec![Part::new("deals", "Deals it is the sum of", Unit::Records, deals)] }
}
