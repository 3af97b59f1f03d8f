//! What is about to be paid for again.

use super::scan::Tally;
use super::stack::{CENSUS, UTILISATION, Use};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `renewal_exposure`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "renewal_exposure",
        version: 1,
        name: "Renewal exposure",
        unit: Unit::Money,
        direction: Direction::None,
        formula: "Σ annual cost of the tools whose contract renews within the horizon, by how much of them is used",
        source: "ours",
        table: "tools",
        inputs: &[
            "tools.annual_cost",
            "tools.currency",
            "tools.renewal_at",
            "tools.seats_licensed",
            "tools.seats_active",
            "capabilities.tool",
            "capabilities.in_use",
            "capabilities.users",
            "capabilities.weight",
        ],
        edge_cases: &[
            "A contract that renews on the as-of day is inside; one that renewed before it is not.",
            "A tool whose renewal date is unknown could be inside: it leaves the value and widens its bounds.",
            "A tool whose use is unknown has a band of its own.",
        ],
        parameters: &[
            Parameter {
                name: "horizon_days",
                range: Range::Whole { default: 90, low: 1, high: 3650 },
                text: "days ahead that are looked at",
            },
            UTILISATION,
            Parameter {
                name: "low_below",
                range: Range::Whole { default: 40, low: 0, high: 100 },
                text: "utilisation in percent below which a tool is used little",
            },
            Parameter {
                name: "high_from",
                range: Range::Whole { default: 75, low: 0, high: 100 },
                text: "utilisation in percent from which it is used well",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["renewal_at", "annual_cost"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// The bands of utilisation, with their names for people.
const BANDS: [(&str, &str); 4] =
    [("low", "Used little"), ("middle", "Used in part"), ("high", "Used well"), ("unknown", "Use unknown")];

/// The band of a use.
pub(crate) fn band(of: Use, low_below: i64, high_from: i64) -> &'static str {
    match of.share().map(|share| share * 100.0) {
        None => "unknown",
        Some(share) if share < low_below as f64 => "low",
        Some(share) if share < high_from as f64 => "middle",
        Some(_) => "high",
    }
}

fn measure(scan: &Scan) -> Measure {
    let (tools, of) = (scan.tools(), scan.parameters.text("utilisation"));
    let [horizon, low, high] = ["horizon_days", "low_below", "high_from"].map(|name| scan.parameters.whole(name));
    let renewals = scan.table.time("renewal_at");
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let outcome = tools.amount("annual_cost", row).and_then(|cost| {
            let at = scan.date(renewals, row).map_err(|reason| {
                measure.add(Key::whole("undated"), cost.into());
                (reason, "renewal_at")
            })?;
            let days = scan.days(scan.as_of, at);
            if (0..=horizon).contains(&days) { Ok(cost) } else { Err((Reason::OutsideWindow, "renewal_at")) }
        });
        if let Some(cost) = tally.row(row, outcome) {
            measure.add(Key::part("cost", band(tools.utilisation(of, row), low, high)), cost.into());
        }
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let total = BANDS.iter().fold(0_i128, |sum, (band, _)| sum.plus(measure.sum("cost", band)));
    let undated = measure.sum("undated", "");
    let known = |cost: i128| {
        if measure.used == 0 && measure.excluded.count(Reason::OutsideWindow) == 0 {
            Answer::undefined("no_evidence", "No tool has both its cost and its renewal date known.")
        } else {
            Answer::new(to_units(cost), CENSUS)
        }
    };
    let parts = BANDS.map(|(band, label)| Part::new(band, label, Unit::Money, known(measure.sum("cost", band))));
    Judgement {
        answer: known(total).bounded((undated > 0).then(|| [total, total.plus(undated)].map(to_units))),
        parts: parts.to_vec(),
    }
}
