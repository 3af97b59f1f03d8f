//! What tells that the operation has outgrown its habits.

use super::gates::{self, Standing, Standings, counted, parts};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Timing};
use crate::charter::gate::GateSet;
use crate::figure::{Direction, Unit};
use crate::measure::Measure;

/// `threshold_signals`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "threshold_signals",
        version: 1,
        name: "Threshold signals",
        unit: Unit::Records,
        direction: Direction::Lower,
        formula: "signals of which any figure misses its bar",
        source: "ours: six signals that marketing operations can no longer wait, read from figures",
        table: "",
        inputs: &["charter.signals"],
        edge_cases: &[
            "One figure that misses its bar raises a signal; it is quiet where every figure is known and none does, and unknown otherwise.",
            "The bounds say how many signals there would be if every figure without evidence missed its bar.",
            "Parts: the signals, 1 where raised and 0 where quiet; within them their figures alike.",
            "Rows are the signals’ figures; those without evidence are left out and listed. A figure of a period is that of the period asked for.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&[]),
    measure: |_| Measure::default(),
    judge,
    particulars: Particulars {
        figures: Listed::Of(|charter, _| gates::figures(&charter.signals)),
        compose: Some(|frame| gates::compose(&frame.charter.signals, frame)),
        ..Particulars::NONE
    },
};

/// Whether a signal is raised; nothing where what is known keeps quiet and the rest is unknown.
pub(crate) fn raised(standings: Standings) -> Option<bool> {
    match standings {
        Standings { failed: 1.., .. } => Some(true),
        Standings { unknown: 1.., .. } | Standings { passed: 0, .. } => None,
        _ => Some(false),
    }
}

fn judge(_: &Measure, frame: &Frame) -> Judgement {
    let sets = &frame.charter.signals;
    let count =
        |wanted: fn(Standings) -> bool| sets.iter().filter(|set| wanted(Standings::of(set, frame))).count() as u64;
    let signals = count(|standings| raised(standings) == Some(true));
    let most = count(|standings| standings.failed > 0 || standings.unknown > 0);
    let all = sets.len() as u64;
    let whole = counted(signals, most, all, "signals raised", "signals");
    gates::judge(whole, sets, |set: &GateSet| {
        let standings = Standings::of(set, frame);
        let answer = match raised(standings) {
            Some(true) => Answer::new(1.0, u64::MAX),
            Some(false) => Answer::new(0.0, u64::MAX),
            None => Answer::undefined("no_evidence", "Some of its figures are not known, and no other raises it.")
                .bounded(Some([0.0, 1.0])),
        };
        let mut part = Part::new(&set.id, set.label.clone(), Unit::Records, answer);
        part.target = Some(0.0);
        part.parts = parts(set, frame, Standing::Failed);
        part
    })
}
