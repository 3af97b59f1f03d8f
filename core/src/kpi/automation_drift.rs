//! Automations that no longer do what they were built for, or at which nobody has looked.

use super::amounts::number;
use super::deals::Fault;
use super::scan::Tally;
use super::stack::evidence;
use super::{Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::UNIT;
use crate::stats::poisson::{binomial_test, poisson_test};
use crate::table::Table;

/// `automation_drift`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "automation_drift",
        version: 1,
        name: "Automation drift",
        unit: Unit::Rate,
        direction: Direction::Lower,
        formula: "automations whose runs (two-sided exact Poisson test) or outcomes (two-sided exact binomial test) differ from what was intended, or whose review is overdue ÷ automations of which that is known",
        source: "ours; the tests add up all counts no more probable than the observed one, as R's poisson.test and binom.test do",
        table: "automations",
        inputs: &[
            "automations.intended_runs",
            "automations.observed_runs",
            "automations.intended_outcome",
            "automations.observed_outcomes",
            "automations.reviewed_at",
            "charter.policies.automation_review_days",
        ],
        edge_cases: &[
            "Intended and observed runs are of the same days.",
            "Without a recorded intent, observed runs or a date of review, and with nothing else that shows drift, an automation is unknown: it leaves the value and widens its bounds.",
            "Outcomes are only tested where an intended share is given; then the outcomes must be, too.",
            "A test at a level of 1% calls one automation in a hundred drifting that is not.",
        ],
        parameters: &[Parameter {
            name: "level_percent",
            range: Range::Whole { default: 1, low: 1, high: 20 },
            text: "level of the tests in percent: how improbable a count must be to show drift",
        }],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["intended_runs", "observed_runs"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// What each test says of an automation: whether it drifts, or why that is unknown.
pub(crate) struct Drift {
    /// Runs against intended runs.
    pub(crate) runs: Result<bool, Fault>,
    /// Outcomes against their intended share; nothing where none is intended.
    pub(crate) outcomes: Option<Result<bool, Fault>>,
}

impl Drift {
    /// Looks at one automation.
    pub(crate) fn of(table: &Table, row: usize, level: f64) -> Self {
        let intended = |field: &'static str| {
            number(table.money(field), row)
                .map_err(|reason| (if reason == Reason::BlankField { Reason::NoEvidence } else { reason }, field))
        };
        let whole = |field| {
            let count = intended(field)?;
            let runs = u64::try_from(count.div_euclid(UNIT)).unwrap_or(0);
            if count.rem_euclid(UNIT) == 0 { Ok(runs) } else { Err((Reason::UnparsableNumber, field)) }
        };
        let improbable = |p: Option<f64>| p.map(|p| p < level);
        let observed = whole("observed_runs");
        let runs = intended("intended_runs").and_then(|mean| {
            improbable(poisson_test(observed?, mean as f64 / UNIT as f64))
                .ok_or((Reason::UnparsableNumber, "intended_runs"))
        });
        let outcomes = match intended("intended_outcome") {
            Err((Reason::NoEvidence, _)) => None,
            share => Some(share.and_then(|share| {
                let reached = whole("observed_outcomes")?;
                improbable(binomial_test(reached, observed?, share as f64 / UNIT as f64))
                    .ok_or((Reason::Ambiguous, "observed_outcomes"))
            })),
        };
        Self { runs, outcomes }
    }

    /// Whether it drifts in any way, given whether its review is overdue.
    pub(crate) fn any(&self, overdue: Result<bool, Fault>) -> Result<bool, Fault> {
        let tests = [self.runs, self.outcomes.unwrap_or(Ok(false)), overdue];
        if tests.contains(&Ok(true)) { Ok(true) } else { tests.into_iter().find(Result::is_err).unwrap_or(Ok(false)) }
    }
}

/// The tests, with their names for people.
const TESTS: [(&str, &str); 3] =
    [("runs", "Runs differ from intent"), ("outcomes", "Outcomes differ from intent"), ("review", "Review overdue")];

fn measure(scan: &Scan) -> Measure {
    let level = scan.parameters.whole("level_percent") as f64 / 100.0;
    let (reviewed, limit) = (scan.table.time("reviewed_at"), scan.charter.policies.automation_review_days.into());
    let mut measure = Measure::default();
    let mut whole = Tally::new(scan.table);
    let mut tests = TESTS.map(|_| Tally::new(scan.table));
    for row in scan.rows() {
        let drift = Drift::of(scan.table, row, level);
        let overdue = scan
            .within(reviewed, row, limit)
            .map(|within| !within)
            .map_err(|reason| (if reason == Reason::BlankField { Reason::NoEvidence } else { reason }, "reviewed_at"));
        let outcomes = drift.outcomes.unwrap_or(Err((Reason::NotCounted, "intended_outcome")));
        for ((tally, (test, _)), outcome) in tests.iter_mut().zip(TESTS).zip([drift.runs, outcomes, overdue]) {
            if !matches!(outcome, Err((Reason::NotCounted, _))) {
                measure.add(Key::part(side(outcome), test), 1);
            }
            tally.row(row, outcome);
        }
        let any = drift.any(overdue);
        measure.add(Key::whole(side(any)), 1);
        whole.row(row, any);
    }
    whole.finish(&mut measure);
    for (tally, (test, _)) in tests.into_iter().zip(TESTS) {
        tally.finish_part(test, &mut measure);
    }
    measure
}

fn side(outcome: Result<bool, Fault>) -> &'static str {
    match outcome {
        Ok(true) => "drifting",
        Ok(false) => "as_intended",
        Err(_) => "unknown",
    }
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let share = |part: &str| {
        let sides = ["drifting", "as_intended", "unknown"].map(|series| measure.sum(series, part));
        evidence(sides, 1, Unit::Records, ("automations that drift or are overdue", "automations known"))
    };
    let part = |(test, label): (&str, &str)| Part::new(test, label, Unit::Rate, share(test));
    Judgement { answer: share(""), parts: TESTS.map(part).to_vec() }
}
