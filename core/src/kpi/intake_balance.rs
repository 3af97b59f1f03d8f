//! How much of the work moves the organisation forward, and how much reacts.

use super::amounts::coded;
use super::campaign_cycle_time::known;
use super::campaign_velocity::weekly;
use super::deals::folded;
use super::operations::placed;
use super::scan::{Histogram, Tally};
use super::{
    Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing,
};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure, PartRows};
use crate::stats::quantile::{Counts, median};
use crate::sum::Sum;

/// `intake_balance`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "intake_balance",
        version: 2,
        name: "Intake balance",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "strategic requests closed ÷ requests closed",
        source: "ours",
        table: "requests",
        inputs: &[
            "requests.closed_at",
            "requests.created_at",
            "requests.started_at",
            "requests.kind",
            "charter.operations",
        ],
        edge_cases: &[
            "A request belongs to the period in which it was closed. The charter says which kinds are strategic and which reactive, compared without case; any other kind is unknown: left out, and in the bounds.",
            "Parts: `balance` is held against the most that the charter allows to be reactive (the service desk trap). `throughput` is requests closed a week, whatever their kind.",
            "At the end of the period, or at the as-of instant if that comes first: `queue` (not started), `work_in_progress` (started, not closed) and `age` (median days since the request of all that are open). A request whose closing or start can't be read is left out of the three and in the bounds of the first two. Without a field for the start, these are unknown.",
        ],
        parameters: &[Parameter {
            name: "most_reactive",
            range: Range::Whole { default: 50, low: 0, high: 100 },
            text: "percent of requests that may be reactive",
        }],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "created_at"]),
    measure,
    judge,
    particulars: Particulars { dates: Dates::Outside, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (created, started, closed) = (table.time("created_at"), table.time("started_at"), table.time("closed_at"));
    let operations = &scan.charter.operations;
    let kind = |text: &str| {
        let among = |kinds: &[String]| kinds.iter().any(|kind| folded(kind) == folded(text));
        if among(&operations.strategic_kinds) { Some(true) } else { among(&operations.reactive_kinds).then_some(false) }
    };
    let kinds = table.text("kind").map(|column| coded(column, &kind));
    // What happens at the as-of instant itself is seen; the end of a period is outside it.
    let now = scan.as_of.plus(1);
    let end = scan.period.end.map_or(now, |end| end.min(now));
    let [mut tally, mut finished, mut waiting] = [(); 3].map(|()| Tally::new(table));
    let (mut days, mut ages) = (Histogram::default(), Histogram::default());
    let (mut strategic, mut queue, mut progress) = (0_i128, 0_i128, 0_i128);
    for row in scan.rows() {
        let done = placed(scan, closed, row, "closed_at").map_err(|(reason, field)| {
            let open = matches!(reason, Reason::BlankField | Reason::AfterAsOf);
            (if open { Reason::InFlight } else { reason }, field)
        });
        if let Some(at) = finished.row(row, done) {
            days.count(scan.clock.day_of(at));
        }
        let outcome = done.and_then(|_| {
            let kind =
                kinds.as_ref().and_then(|(codes, kinds)| kinds.get(*codes.get(row)? as usize).copied().flatten());
            kind.ok_or((Reason::NoEvidence, "kind"))
        });
        strategic = strategic.plus(i128::from(tally.row(row, outcome).unwrap_or(false)));
        let open = || {
            if !scan.filter.passes(row) {
                return Err((Reason::OutsideFilter, ""));
            }
            let created = scan.seen(created, row).map_err(|reason| (reason, "created_at"))?;
            let by_then = |cells: Option<&[i64]>, field: &'static str| {
                scan.event(cells, row, field).map(|at| at.is_some_and(|at| at < end))
            };
            if created >= end {
                Err((Reason::OutsidePeriod, "created_at"))
            } else if by_then(closed, "closed_at")? {
                Err((Reason::NotCounted, "closed_at"))
            } else {
                Ok((scan.days(created, end.min(scan.as_of)), by_then(started, "started_at")?))
            }
        };
        if let Some((age, is_started)) = waiting.row(row, open()) {
            ages.count(age);
            let side = if is_started { &mut progress } else { &mut queue };
            *side = side.plus(1);
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    finished.finish_part("throughput", &mut measure);
    waiting.finish_part("open", &mut measure);
    for (series, count) in [("strategic", strategic), ("queue", queue), ("work_in_progress", progress)] {
        measure.add(Key::whole(series), count);
    }
    days.finish(Key::whole("closed"), &mut measure);
    ages.finish(Key::whole("ages"), &mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let none = Counts::new();
    let counts = |series| measure.histogram(series, "").unwrap_or(&none);
    let count = |series| measure.number(series, "");
    let (strategic, unknown) = (count("strategic"), measure.excluded.count(Reason::NoEvidence));
    let all = measure.used.plus(unknown) as f64;
    let bounds = (unknown > 0).then(|| [strategic as f64 / all, strategic.plus(unknown) as f64 / all]);
    let answer = Answer::share(strategic, measure.used, "strategic requests", "requests closed").bounded(bounds);
    let least = 1.0 - frame.parameters.whole("most_reactive") as f64 / 100.0;
    let of_open = |part: Part| part.counting("open");
    let none_read = PartRows::default();
    let rows = measure.parts.get("open").unwrap_or(&none_read);
    let faulty = rows.excluded.faults();
    let open = |series| {
        let known = count(series);
        let most = known.saturating_add(faulty);
        let answer = if !frame.has("started_at") {
            Answer::undefined("missing_field", "It needs the field “started_at” of “requests”.")
        } else if rows.used == 0 && faulty > 0 {
            Answer::undefined("no_evidence", "No request says whether it was open.")
        } else {
            Answer::new(known as f64, rows.used)
        };
        answer.bounded((known < most).then_some([known as f64, most as f64]))
    };
    let ages = counts("ages");
    Judgement {
        answer: answer.clone(),
        parts: vec![
            Part::new("balance", "Against the service desk trap", Unit::Rate, answer).aiming(Some(least)),
            Part::new("throughput", "Closed a week", Unit::PerWeek, weekly(counts("closed"), frame, "requests closed")),
            of_open(Part::new("queue", "In the queue", Unit::Records, open("queue"))),
            of_open(Part::new("work_in_progress", "Work in progress", Unit::Records, open("work_in_progress"))),
            of_open(Part::new("age", "Median age of what is open", Unit::Days, known(ages, median(ages)))),
        ],
    }
}
