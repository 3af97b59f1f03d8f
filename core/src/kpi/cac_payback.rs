//! How long a new customer takes to earn what it cost.

use super::amounts::Amounts;
use super::deals::Deals;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `cac_payback`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "cac_payback",
        version: 3,
        name: "CAC payback",
        unit: Unit::Months,
        direction: Direction::Lower,
        formula: "customer acquisition cost ÷ (recurring revenue a month of a deal won in the period × gross margin)",
        source: "SaaS Metrics Standards Board",
        table: "deals",
        inputs: &[
            "deals.closed_at",
            "deals.recurring_amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "contacts.stage:<customer>",
            "spend.amount",
            "charter.revenue",
        ],
        edge_cases: &[
            "Both sides are per customer: the cost of one, and the mean recurring revenue of one won deal. Aggregate revenue against the cost of one customer would be a mistake of dimensions.",
            "A won deal stands for a new customer; one without recurring revenue recorded is left out.",
            "Without the charter's gross margin it is unknown.",
            "A filter has to reach deals, contacts and spend alike: by a field that one of them lacks (owner, source, product) it is unknown.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "recurring_amount"]),
    measure,
    judge,
    particulars: Particulars {
        figures: Listed::Always(&["cac"]),
        against: &["contacts", "spend"],
        ..Particulars::NONE
    },
};

fn measure(scan: &Scan) -> Measure {
    let (deals, amounts) = (Deals::new(scan), Amounts::new(scan.table, scan.converter));
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let recurring =
            deals.won_in_period(row).and_then(|at| amounts.of("recurring_amount", row, scan.clock.day_of(at)));
        if let Some(amount) = tally.row(row, recurring) {
            measure.add(Key::whole("recurring"), amount.into());
        }
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let money = |value, label| Quantity::new(value, Unit::Money, label);
    let recurring = to_units(measure.sum("recurring", "")) / measure.used as f64;
    let cost = frame.figure("cac").and_then(|figure| figure.value);
    let answer = match (cost, frame.charter.revenue.gross_margin) {
        (None, _) => Answer::undefined("no_evidence", "The cost of a new customer is unknown."),
        (_, None) => Answer::undefined("missing_margin", "The charter gives no gross margin."),
        _ if measure.used == 0 => {
            Answer::undefined("no_evidence", "No deal won in the period says what it brings in a month.")
        }
        (Some(cost), Some(margin)) => Answer::quotient(
            money(cost, "cost of a new customer"),
            money(recurring * margin, "gross margin a month of a new customer"),
        )
        .from_records(measure.used),
    };
    let mean = if measure.used == 0 {
        Answer::undefined("no_evidence", "No deal won in the period says what it brings in a month.")
    } else {
        Answer::new(recurring, measure.used)
    };
    Judgement {
        answer,
        parts: vec![Part::new("recurring", "Recurring revenue a month of a won deal", Unit::Money, mean)],
    }
}
