//! Whether the connections between tools can be leant on.

use super::amounts::number;
use super::deals::{Fault, folded};
use super::scan::{Histogram, Tally};
use super::stack::{CENSUS, evidence};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::stats::quantile::median;
use crate::sum::Sum;
use crate::table::{Table, UNREADABLE, is_known};

/// `integration_health`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "integration_health",
        version: 1,
        name: "Integration health",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "Σ criticality of integrations that are stable, owned and fresh ÷ Σ criticality of those of which that is known",
        source: "ours",
        table: "integrations",
        inputs: &[
            "integrations.state",
            "integrations.owner",
            "integrations.last_success_at",
            "integrations.criticality",
            "integrations.runs",
            "integrations.errors",
            "charter.policies.integration_freshness_hours",
        ],
        edge_cases: &[
            "Held together by a workaround is a state of its own and not stable.",
            "One without an owner fails, whatever its state; so does one whose last success is too long ago.",
            "Where the state or the last success is unknown and nothing else fails it, the integration is unknown: it leaves the value and widens its bounds.",
            "A blank criticality is 1.",
            "Parts: how many are in each state, without owner or stale; median hours since the last success; failed ÷ counted runs of those that count both.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["state"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

const HOUR: i64 = 3_600_000;

/// What is known of one integration.
pub(crate) struct Health {
    /// `stable`, `workaround`, `broken` or `unknown`.
    pub(crate) state: &'static str,
    /// Whether somebody answers for it.
    pub(crate) owned: bool,
    /// Milliseconds since it last worked.
    pub(crate) age: Result<i64, Reason>,
    /// Whether it worked lately.
    pub(crate) fresh: Option<bool>,
    /// Whether it can be leant on, or what is not known for that.
    pub(crate) healthy: Result<bool, Fault>,
}

/// Looks at one integration.
pub(crate) fn health(table: &Table, row: usize, as_of: i64, freshness_hours: u32) -> Health {
    let text = |field| table.text(field).map_or("", |column| column.get(row));
    let state = match folded(text("state")).as_str() {
        "stable" => "stable",
        "workaround" => "workaround",
        "broken" => "broken",
        _ => "unknown",
    };
    let owned = !text("owner").is_empty();
    let at = table.time("last_success_at").and_then(|cells| cells.get(row)).copied();
    let age = match at {
        Some(at) if is_known(at) && at > as_of => Err(Reason::AfterAsOf),
        Some(at) if is_known(at) => Ok(as_of.minus(at)),
        Some(UNREADABLE) => Err(Reason::UnparsableDate),
        _ => Err(Reason::NoEvidence),
    };
    let fresh = age.ok().map(|age| age <= i64::from(freshness_hours).times(HOUR));
    let healthy = if !owned || fresh == Some(false) || matches!(state, "workaround" | "broken") {
        Ok(false)
    } else if state == "unknown" {
        Err((Reason::NoEvidence, "state"))
    } else {
        age.map(|_| true).map_err(|reason| (reason, "last_success_at"))
    };
    Health { state, owned, age, fresh, healthy }
}

/// How much depends on an integration, in millionths.
pub(crate) fn criticality(table: &Table, row: usize) -> Result<i64, Fault> {
    match number(table.money("criticality"), row) {
        Err(Reason::BlankField) => Ok(UNIT),
        other => other.map_err(|reason| (reason, "criticality")),
    }
}

/// The parts that count integrations.
const COUNTS: [(&str, &str); 6] = [
    ("stable", "Stable"),
    ("workaround", "Held together by a workaround"),
    ("broken", "Broken"),
    ("unknown", "State unknown"),
    ("no_owner", "Without an owner"),
    ("stale", "No success lately"),
];

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let hours = scan.charter.policies.integration_freshness_hours;
    let (runs, errors) = (table.money("runs"), table.money("errors"));
    let [mut tally, mut aged, mut counted] = [(); 3].map(|()| Tally::new(table));
    let (mut ages, mut measure) = (Histogram::default(), Measure::default());
    for row in scan.rows() {
        let found = health(table, row, scan.as_of, hours);
        measure.add(Key::part("count", found.state), 1);
        for (holds, part) in [(!found.owned, "no_owner"), (found.fresh == Some(false), "stale")] {
            measure.add(Key::part("count", part), holds.into());
        }
        if let Some(age) = aged.row(row, found.age.map_err(|reason| (reason, "last_success_at"))) {
            ages.count(age.div_euclid(HOUR));
        }
        let quotient = number(runs, row).map_err(|reason| (reason, "runs")).and_then(|runs| {
            let errors = number(errors, row).map_err(|reason| (reason, "errors"))?;
            if errors > runs { Err((Reason::Ambiguous, "errors")) } else { Ok((errors, runs)) }
        });
        if let Some((errors, runs)) = counted.row(row, quotient) {
            measure.add(Key::whole("errors"), errors.into());
            measure.add(Key::whole("runs"), runs.into());
        }
        let weight = criticality(table, row);
        if let Ok(weight) = weight {
            let side = match found.healthy {
                Ok(true) => "healthy",
                Ok(false) => "unhealthy",
                Err(_) => "open",
            };
            measure.add(Key::whole(side), weight.into());
        }
        tally.row(row, weight.and(found.healthy));
    }
    tally.finish(&mut measure);
    aged.finish_part("hours_since_success", &mut measure);
    counted.finish_part("error_rate", &mut measure);
    ages.finish(Key::whole("age"), &mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let sides = ["healthy", "unhealthy", "open"].map(|series| measure.sum(series, ""));
    let words = ("integrations that are stable, owned and fresh, by criticality", "integrations known, by criticality");
    let mut parts: Vec<Part> = COUNTS
        .iter()
        .map(|(part, label)| {
            Part::new(*part, *label, Unit::Records, Answer::new(measure.sum("count", part) as f64, CENSUS))
        })
        .list();
    let age = measure.histogram("age", "").and_then(median).map_or_else(
        || Answer::undefined("no_evidence", "No integration says when it last worked."),
        |hours| Answer::new(hours, CENSUS),
    );
    parts.push(Part::new("hours_since_success", "Median time since the last success", Unit::Hours, age));
    let runs = |series, label: &str| Quantity::new(to_units(measure.sum(series, "")), Unit::Records, label);
    let failed = Answer::quotient(runs("errors", "failed runs"), runs("runs", "counted runs")).from_records(CENSUS);
    parts.push(Part::new("error_rate", "Error rate", Unit::Rate, failed));
    Judgement { answer: evidence(sides, UNIT.into(), Unit::Records, words), parts }
}
