//! Whether to go ahead.

use super::gates::{self, Standing, Standings, counted, parts};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Timing};
use crate::charter::gate::GateSet;
use crate::figure::{Direction, Unit};
use crate::measure::Measure;
use crate::sum::Sum;

/// `readiness`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "readiness",
        version: 1,
        name: "Readiness",
        unit: Unit::Records,
        direction: Direction::Higher,
        formula: "decisions whose every gate passed; a gate passes where its figure meets its bar",
        source: "ours: gates for an ABM launch, a platform migration, a tool purchase and an AI feature",
        table: "",
        inputs: &["charter.readiness"],
        edge_cases: &[
            "A decision with a failed gate is “fix first”; without one but with an unknown gate “can’t tell”; with all passed “go”. Never an average. Where none can be told, their number is unknown.",
            "A gate is unknown where its figure is, or where what is unknown of the figure decides: its bounds lie on both sides of the bar.",
            "Parts: the decisions, with the gates passed of each; within them the gates, 1 where passed and 0 where failed, with the value and the bar.",
            "Rows are gates; those without evidence are left out and listed. A figure of a period is that of the period asked for.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&[]),
    measure: |_| Measure::default(),
    judge,
    particulars: Particulars {
        figures: Listed::Of(|charter, _| gates::figures(&charter.readiness.decisions)),
        compose: Some(|frame| gates::compose(&frame.charter.readiness.decisions, frame)),
        ..Particulars::NONE
    },
};

/// Whether to go ahead with a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every gate passed.
    Go,
    /// A gate failed.
    FixFirst,
    /// No gate failed and some are unknown, or there is none.
    CannotTell,
}

impl Verdict {
    pub(crate) fn of(standings: Standings) -> Self {
        match standings {
            Standings { failed: 1.., .. } => Self::FixFirst,
            Standings { unknown: 1.., .. } | Standings { passed: 0, .. } => Self::CannotTell,
            _ => Self::Go,
        }
    }
}

fn judge(_: &Measure, frame: &Frame) -> Judgement {
    let sets = &frame.charter.readiness.decisions;
    let count = |wanted| sets.iter().filter(|set| Verdict::of(Standings::of(set, frame)) == wanted).count() as u64;
    let go = count(Verdict::Go);
    let most = go.plus(count(Verdict::CannotTell));
    let whole = counted(go, most, sets.len() as u64, "decisions to go ahead with", "decisions");
    gates::judge(whole, sets, |set: &GateSet| {
        let standings = Standings::of(set, frame);
        let Standings { passed, unknown, .. } = standings;
        let answer = counted(passed, passed.plus(unknown), standings.all(), "gates passed", "gates");
        let mut part = Part::new(&set.id, set.label.clone(), Unit::Records, answer);
        part.parts = parts(set, frame, Standing::Passed);
        part
    })
}
