//! Whether reports come when they are due.

use super::campaign_cycle_time::known;
use super::operations::placed;
use super::scan::{Histogram, Tally};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::{Key, Measure};
use crate::stats::quantile::{Counts, median};
use crate::sum::Sum;

/// `reporting_rhythm`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "reporting_rhythm",
        version: 1,
        name: "Reporting rhythm",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "reports delivered by the time they were due ÷ reports due",
        source: "ours",
        table: "reports",
        inputs: &["reports.due_at", "reports.delivered_at", "reports.hours"],
        edge_cases: &[
            "A report belongs to the period in which it was due. Not due by the as-of instant: left out. Due and not delivered by then: late.",
            "A due time at midnight is a day: delivered on that day is on time.",
            "hours: median hours to compile, of the reports that say so.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["due_at", "delivered_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (due, delivered, hours) = (table.time("due_at"), table.time("delivered_at"), table.money("hours"));
    let [mut tally, mut compiled] = [(); 2].map(|()| Tally::new(table));
    let mut spent = Histogram::default();
    let mut on_time = 0_i128;
    for row in scan.rows() {
        let due = placed(scan, due, row, "due_at");
        let outcome = due.and_then(|due| {
            let delivered = scan.event(delivered, row, "delivered_at")?;
            let day = scan.clock.day_of(due);
            let is_day = scan.clock.start_of_day(day) == due;
            Ok(delivered.is_some_and(|at| at <= due || (is_day && scan.clock.day_of(at) == day)))
        });
        on_time = on_time.plus(i128::from(tally.row(row, outcome).unwrap_or(false)));
        let hours = due.and_then(|_| super::amounts::number(hours, row).map_err(|reason| (reason, "hours")));
        if let Some(hours) = compiled.row(row, hours) {
            spent.count(hours);
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    compiled.finish_part("hours", &mut measure);
    measure.add(Key::whole("on_time"), on_time);
    spent.finish(Key::whole("hours"), &mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let on_time = measure.number("on_time", "");
    let none = Counts::new();
    let hours = measure.histogram("hours", "").unwrap_or(&none);
    let middle = median(hours).map(|millionths| millionths / 1e6);
    Judgement {
        answer: Answer::share(on_time, measure.used, "reports on time", "reports due"),
        parts: vec![Part::new("hours", "Median hours to compile", Unit::Hours, known(hours, middle))],
    }
}
