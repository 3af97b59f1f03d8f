//! What a new customer costs.

use super::revenue::{each_outlay, is_line, lagged, noted, per_record, unread_part};
use super::scan::{Tally, stage_field};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::{Key, Measure};
use crate::sum::Sum;

/// `cac`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "cac",
        version: 3,
        name: "Customer acquisition cost",
        unit: Unit::Money,
        direction: Direction::Lower,
        formula: "marketing and sales spend of the period, moved back by the charter's lag ÷ contacts that became customers in the period",
        source: "SaaS Metrics Standards Board",
        table: "contacts",
        inputs: &[
            "contacts.stage:<customer>",
            "spend.at",
            "spend.amount",
            "spend.currency",
            "spend.category",
            "charter.revenue",
        ],
        edge_cases: &[
            "Cost lines are all, or those the charter names.",
            "No new customers, no cost, or none recorded: unknown, not free.",
            "Amounts of spend below zero, such as credit notes, lower the cost; where it comes to less than zero it is unknown.",
            "Costs convert at the rate of their own day.",
            "Rows of spend that can't be read, of any time and cost line, are counted in a part.",
            "A filter has to reach both: by a field that contacts has and spend lacks (owner, source), or the other way round, it is unknown.",
        ],
        parameters: &[],
        uses_lifecycle: true,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| vec![stage_field(&charter.lifecycle.customer)]),
    measure,
    judge,
    particulars: Particulars { against: &["spend"], ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let field = stage_field(&scan.charter.lifecycle.customer);
    let cells = scan.table.time(&field);
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let entered = if scan.filter.passes(row) {
            scan.entered(cells, row, &field)
        } else {
            Err((crate::ledger::Reason::OutsideFilter, ""))
        };
        tally.row(row, entered);
    }
    tally.finish(&mut measure);
    let revenue = &scan.charter.revenue;
    let spent_in = lagged(scan.period, revenue.acquisition_lag_months, scan.clock.zone());
    let mut cost = 0_i64;
    let (unread, known) = each_outlay(scan, true, &mut |outlay| {
        if spent_in.contains(outlay.at) && is_line(&revenue.acquisition_cost_lines, outlay.category, true) {
            cost = cost.plus(outlay.amount);
        }
    });
    if known {
        measure.note(Key::whole("cost"), cost);
    }
    measure.note(Key::whole("spend_unread"), unread);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let customers = measure.used;
    let answer = per_record(measure, noted(measure, "cost"), customers, ["marketing and sales spend", "new customers"]);
    let mut parts = vec![Part::new("customers", "New customers", Unit::Records, Answer::counted(measure))];
    parts.extend(unread_part(measure));
    Judgement { answer, parts }
}
