//! How many leads become customers, in three readings that are often mixed up.

use super::buckets::{Buckets, Counted, alone, tick, write};
use super::scan::{happened, stage_field};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
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
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

#[cfg_attr(speed, optimize(speed))]
pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let lifecycle = &scan.charter.lifecycle;
    let (lead_field, customer_field) = (stage_field(&lifecycle.lead), stage_field(&lifecycle.customer));
    let (leads, customers) = (scan.table.time(&lead_field), scan.table.time(&customer_field));
    let (lead_field, customer_field) = (lead_field.as_str(), customer_field.as_str());
    let mut counted = [(); 3].map(|()| Counted::new(scan, buckets));
    let mut sides = [(); 6].map(|()| buckets.each::<u64>());
    let [cohorts, snapshots, reverses] = &mut counted;
    let [cohort_above, cohort_below, snapshot_above, snapshot_below, reverse_above, reverse_below] = &mut sides;
    for row in scan.rows() {
        let (lead, customer) = (scan.started(leads, row, lead_field), scan.started(customers, row, customer_field));
        let (led, bought) = (happened(lead), happened(customer));
        let converted = |lead| match bought? {
            Some(customer) if customer < lead => Err((Reason::StageOutOfOrder, customer_field)),
            customer => Ok(customer.is_some()),
        };
        if let Some((converts, places)) = cohorts.row(row, lead, lead_field, converted) {
            tick(cohort_above, places, converts);
            tick(cohort_below, places, true);
        }
        let dates = match (bought, led) {
            _ if !scan.filter.passes(row) => Err((Reason::OutsideFilter, "")),
            (Ok(customer), Ok(lead)) => Ok([customer, lead]),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        };
        let [above, below] = snapshots.either(row, dates, lead_field);
        tick(snapshot_above, above, true);
        tick(snapshot_below, below, true);
        let customer = match customer {
            Err((Reason::NotStarted, _)) => Err((Reason::NotCounted, customer_field)),
            other => other,
        };
        let was_lead = |customer: i64| Ok(led?.is_some_and(|lead| lead <= customer));
        if let Some((through, places)) = reverses.row(row, customer, customer_field, was_lead) {
            tick(reverse_above, places, through);
            tick(reverse_below, places, true);
        }
    }
    let mut measures = buckets.each();
    let [cohort, snapshot, reverse] = counted;
    cohort.finish(&mut measures);
    snapshot.finish_part("snapshot", &mut measures);
    reverse.finish_part("reverse_cohort", &mut measures);
    let sides = sides.iter();
    let keys = ["cohort", "snapshot", "reverse_cohort"]
        .map(|reading| ["numerator", "denominator"].map(|side| Key::part(side, reading)));
    for (key, sums) in keys.as_flattened().iter().zip(sides) {
        write(sums, key, &mut measures);
    }
    measures
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
        &format!("records that went on to {customer}"),
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
        &format!("records that were {lead} by then"),
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
