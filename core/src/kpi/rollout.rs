//! The 90-day plan, filled in by its figures.

use super::gates::{self, Standing, Standings, counted, parts};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Timing};
use crate::charter::gate::GateSet;
use crate::figure::{Direction, Unit};
use crate::measure::Measure;
use crate::sum::Sum;

/// `rollout`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "rollout",
        version: 1,
        name: "90-day rollout",
        unit: Unit::Records,
        direction: Direction::Higher,
        formula: "steps done, over stabilise, standardise and optimise; a step is done where its figure meets its bar",
        source: "ours: a 90-day plan whose steps are figures",
        table: "",
        inputs: &["charter.rollout"],
        edge_cases: &[
            "Nobody ticks a step off: its figure does, and a figure that falls opens its step again.",
            "A step without evidence is neither done nor open; the bounds say how many would be done if all unknown ones were.",
            "Parts: the phases, with the steps done of each; within them the steps, 1 where done and 0 where open.",
            "Rows are steps; those without evidence are left out and listed. A figure of a period is that of the period asked for.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&[]),
    measure: |_| Measure::default(),
    judge,
    particulars: Particulars {
        figures: Listed::Of(|charter, _| gates::figures(&charter.rollout)),
        compose: Some(|frame| gates::compose(&frame.charter.rollout, frame)),
        ..Particulars::NONE
    },
};

fn judge(_: &Measure, frame: &Frame) -> Judgement {
    let sets = &frame.charter.rollout;
    let mut total = Standings { passed: 0, failed: 0, unknown: 0 };
    for set in sets {
        total = total.and(Standings::of(set, frame));
    }
    let done = |standings: Standings| {
        let Standings { passed, unknown, .. } = standings;
        counted(passed, passed.plus(unknown), standings.all(), "steps done", "steps")
    };
    gates::judge(done(total), sets, |set: &GateSet| {
        let mut part = Part::new(&set.id, set.label.clone(), Unit::Records, done(Standings::of(set, frame)));
        part.parts = parts(set, frame, Standing::Passed);
        part
    })
}
