//! How many leads become customers, in three readings that are often mixed up.

use super::scan::{Tally, stage_field};
use super::{Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};

/// `lead_to_customer`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "lead_to_customer",
        version: 1,
        name: "Lead to customer",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "cohort: leads of the period that are customers by the as-of instant ÷ leads of the period",
        source: "ours",
        table: "contacts",
        inputs: &["contacts.stage:<lead>", "contacts.stage:<customer>"],
        edge_cases: &[
            "cohort (the figure): a record belongs to the period in which it became a lead. A young cohort has had less time: its rate can only rise.",
            "snapshot: customers of the period ÷ leads of the period, each by its own date. They are different people, so it can be over 100% and has no interval.",
            "reverse_cohort: of the customers of the period, the share that was a lead at or before becoming a customer. Looks back, and says how many customers came through the lifecycle at all.",
            "snapshot, reverse_cohort: a record of which either date can’t be read is left out.",
            "cohort: a record that became a customer before it became a lead is left out as out of order.",
        ],
        parameters: &[],
        uses_lifecycle: true,
        timing: Timing::Cohort,
    },
    needs: Listed::Of(|charter, _| {
        vec![stage_field(&charter.lifecycle.lead), stage_field(&charter.lifecycle.customer)]
    }),
    measure,
    judge,
    particulars: Particulars { dates: Dates::Any, ..Particulars::NONE },
};

/// Counts of one reading: what is divided, and by what.
type Sides = [u64; 2];

#[inline]
fn count(tally: &mut Tally, [above, below]: &mut Sides, row: usize, outcome: Result<Sides, (Reason, &str)>) {
    let [more_above, more_below] = tally.row(row, outcome).unwrap_or_default();
    *above = above.wrapping_add(more_above);
    *below = below.wrapping_add(more_below);
}

#[cfg_attr(speed, optimize(speed))]
fn measure(scan: &Scan) -> Measure {
    let lifecycle = &scan.charter.lifecycle;
    let (lead_field, customer_field) = (stage_field(&lifecycle.lead), stage_field(&lifecycle.customer));
    let (leads, customers) = (scan.table.time(&lead_field), scan.table.time(&customer_field));
    let (lead_field, customer_field) = (lead_field.as_str(), customer_field.as_str());
    let filtered = |row| if scan.filter.passes(row) { Ok(()) } else { Err((Reason::OutsideFilter, "")) };
    let cohort = |row: usize| {
        filtered(row)?;
        let lead = scan.entered(leads, row, lead_field)?;
        let customer = scan.event(customers, row, customer_field)?;
        if customer.is_some_and(|customer| customer < lead) {
            return Err((Reason::StageOutOfOrder, customer_field));
        }
        Ok([u64::from(customer.is_some()), 1])
    };
    let snapshot = |row: usize| {
        filtered(row)?;
        let (lead, customer) = (scan.event(leads, row, lead_field)?, scan.event(customers, row, customer_field)?);
        let inside = |at: Option<i64>| at.is_some_and(|at| scan.in_period(at).is_ok());
        match (inside(customer), inside(lead)) {
            (false, false) if lead.is_none() && customer.is_none() => Err((Reason::NotStarted, lead_field)),
            (false, false) => Err((Reason::OutsidePeriod, lead_field)),
            (customer, lead) => Ok([u64::from(customer), u64::from(lead)]),
        }
    };
    let reverse = |row: usize| {
        filtered(row)?;
        let customer = match scan.entered(customers, row, customer_field) {
            Err((Reason::NotStarted, _)) => return Err((Reason::NotCounted, customer_field)),
            other => other?,
        };
        let lead = scan.event(leads, row, lead_field)?;
        Ok([u64::from(lead.is_some_and(|lead| lead <= customer)), 1])
    };
    let mut tallies = [(); 3].map(|()| Tally::new(scan.table));
    let mut sides: [Sides; 3] = [[0; 2]; 3];
    let [cohorts, snapshots, reverses] = &mut tallies;
    let [of_cohort, of_snapshot, of_reverse] = &mut sides;
    for row in scan.rows() {
        count(cohorts, of_cohort, row, cohort(row));
        count(snapshots, of_snapshot, row, snapshot(row));
        count(reverses, of_reverse, row, reverse(row));
    }
    let mut measure = Measure::default();
    let [cohort, snapshot, reverse] = tallies;
    cohort.finish(&mut measure);
    snapshot.finish_part("snapshot", &mut measure);
    reverse.finish_part("reverse_cohort", &mut measure);
    for (reading, [above, below]) in ["cohort", "snapshot", "reverse_cohort"].into_iter().zip(sides) {
        measure.add(Key::part("numerator", reading), above.into());
        measure.add(Key::part("denominator", reading), below.into());
    }
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let lifecycle = &frame.charter.lifecycle;
    let (lead, customer) = (frame.stage_label(&lifecycle.lead), frame.stage_label(&lifecycle.customer));
    let count = |side, reading| measure.number(side, reading);
    let sides = |reading| (count("numerator", reading), count("denominator", reading));
    let (converted, leads) = sides("cohort");
    let cohort = Answer::share(
        converted,
        leads,
        &format!("of them that reached {customer}"),
        &format!("records that became {lead} in the period"),
    );
    let (customers, leads) = sides("snapshot");
    let snapshot = Answer::ratio(
        customers,
        leads,
        &format!("records that became {customer} in the period"),
        &format!("records that became {lead} in the period"),
    );
    let (through, customers) = sides("reverse_cohort");
    let reverse = Answer::share(
        through,
        customers,
        &format!("of them that were {lead} at or before that"),
        &format!("records that became {customer} in the period"),
    );
    Judgement {
        answer: cohort.clone(),
        parts: vec![
            Part::new("cohort", "Cohort: leads of the period that are customers now", Unit::Rate, cohort),
            Part::new("snapshot", "Snapshot: customers of the period ÷ leads of the period", Unit::Rate, snapshot),
            Part::new(
                "reverse_cohort",
                "Reverse cohort: customers of the period that had been leads",
                Unit::Rate,
                reverse,
            ),
        ],
    }
}
