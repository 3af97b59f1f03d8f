//! How quickly each month's leads become customers.

use super::scan::stage_field;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::map::Map;
use crate::measure::{Key, Measure};
use crate::stats::quantile::Counts;
use crate::time::{Clock, Zone, day_of_date, month_of_day};

/// `velocity_by_cohort`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "velocity_by_cohort",
        version: 1,
        name: "Velocity by cohort",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "for each month of leads and each age in calendar months: customers by then ÷ leads; the figure pools the months that are age_months old",
        source: "ours",
        table: "contacts",
        inputs: &["contacts.stage:<lead>", "contacts.stage:<customer>"],
        edge_cases: &[
            "A record belongs to the month, in the charter's time zone, in which it became a lead. Age 0 is that month itself.",
            "A cell is blank, not 0, until the last day of that age is over for the whole month of leads.",
            "The figure leaves out months younger than age_months; where all are, it is unknown.",
            "A record that became a customer before it became a lead is left out as a negative duration.",
            "Parts: one for each month, at the age of age_months.",
        ],
        parameters: &[Parameter {
            name: "age_months",
            range: Range::Whole { default: 3, low: 0, high: 60 },
            text: "age in calendar months at which cohorts are pooled",
        }],
        uses_lifecycle: true,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| {
        vec![stage_field(&charter.lifecycle.lead), stage_field(&charter.lifecycle.customer)]
    }),
    measure,
    judge,
    particulars: Particulars::NONE,
};

#[cfg_attr(speed, optimize(speed))]
fn measure(scan: &Scan) -> Measure {
    let lifecycle = &scan.charter.lifecycle;
    let (lead_field, customer_field) = (stage_field(&lifecycle.lead), stage_field(&lifecycle.customer));
    let (leads, customers) = (scan.table.time(&lead_field), scan.table.time(&customer_field));
    let outcome = |row: usize, lead: i64| {
        let customer = scan.event(customers, row, &customer_field)?;
        if customer.is_some_and(|customer| customer < lead) {
            return Err((Reason::NegativeDuration, customer_field.as_str()));
        }
        let month = month_of(scan.clock, lead);
        Ok((month, customer.map(|customer| month_of(scan.clock, customer).saturating_sub(month))))
    };
    let (rows, mut tally) = scan.placed(leads, &lead_field, Reason::NotStarted);
    let mut cohorts: Map<i64, (u64, Counts)> = Map::new();
    for (row, lead) in rows {
        let Some((month, age)) = tally.row(row, outcome(row, lead)) else { continue };
        let (size, converted) = cohorts.entry(month).or_default();
        *size = size.wrapping_add(1);
        if let Some(age) = age {
            let count = converted.entry(age).or_default();
            *count = count.wrapping_add(1);
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for (month, (size, converted)) in cohorts {
        measure.count(Key::whole("leads"), month, size);
        if !converted.is_empty() {
            measure.counts.insert(Key::part("converted", month_id(month)), converted);
        }
    }
    measure
}

/// Months since year 0 of an instant, in the charter's time zone.
#[inline]
fn month_of(clock: &Clock<&Zone>, instant: i64) -> i64 {
    month_of_day(clock.day_of(instant))
}

/// `2026-01`.
fn month_id(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12).saturating_add(1))
}

/// The local midnight at which a month begins.
fn month_start(zone: &Zone, month: i64) -> Option<i64> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let number = u32::try_from(month.rem_euclid(12).saturating_add(1)).ok()?;
    day_of_date(year, number, 1).map(|day| zone.start_of_day(day))
}

/// The leads of one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCohort {
    /// `2026-01`.
    pub id: String,
    /// How many.
    pub size: u64,
    /// Customers up to each age in months, from 0, as far as the cohort is old enough.
    pub converted: Vec<u64>,
}

/// The cohorts of a measure, oldest first.
pub fn cohorts(measure: &Measure, zone: &Zone, as_of: i64) -> Vec<MonthCohort> {
    let Some(leads) = measure.histogram("leads", "") else { return Vec::new() };
    let cohort = |(month, size): (&i64, &u64)| {
        let id = month_id(*month);
        let ages = measure.histogram("converted", &id);
        let mut sum = 0_u64;
        let converted = (0..MOST_AGES)
            .take_while(|age| {
                let over = month.saturating_add(*age).saturating_add(1);
                month_start(zone, over).is_some_and(|over| over <= as_of)
            })
            .map(|age| {
                sum = sum.saturating_add(ages.and_then(|ages| ages.get(&age)).copied().unwrap_or(0));
                sum
            })
            .list();
        MonthCohort { id, size: *size, converted }
    };
    leads.iter().map(cohort).list()
}

/// Ages that are looked at; the parameter `age_months` ends below.
const MOST_AGES: i64 = 61;

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let lifecycle = &frame.charter.lifecycle;
    let (lead, customer) = (frame.stage_label(&lifecycle.lead), frame.stage_label(&lifecycle.customer));
    let age = frame.parameters.whole("age_months");
    let cohorts = cohorts(measure, frame.zone, frame.as_of);
    let of = format!("records that reached {customer} by month {age}");
    let by = format!("records that became {lead} in months that are {age} months old");
    let at = |cohort: &MonthCohort| usize::try_from(age).ok().and_then(|age| cohort.converted.get(age).copied());
    let mature: Vec<(u64, u64)> = cohorts.iter().filter_map(|cohort| Some((at(cohort)?, cohort.size))).list();
    let young = || Answer::undefined("not_reached", format!("Not yet {age} months old."));
    let answer = if mature.is_empty() && !cohorts.is_empty() {
        young()
    } else {
        let (converted, size) = mature.iter().fold((0_u64, 0_u64), |(converted, size), (more, leads)| {
            (converted.saturating_add(*more), size.saturating_add(*leads))
        });
        Answer::share(converted, size, &of, &by)
    };
    let part = |cohort: &MonthCohort| {
        let by = format!("records that became {lead} in {}", cohort.id);
        let answer = at(cohort).map_or_else(young, |converted| Answer::share(converted, cohort.size, &of, &by));
        Part::new(&cohort.id, &cohort.id, Unit::Rate, answer)
    };
    Judgement { answer, parts: cohorts.iter().map(part).list() }
}
