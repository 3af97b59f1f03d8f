//! How much of what the stack costs goes into what is used of it.

use super::scan::Tally;
use super::stack::{CENSUS, Names, Use, tools_part};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `stack_utilisation`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "stack_utilisation",
        version: 1,
        name: "Stack utilisation",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "Σ annual cost × capability utilisation ÷ Σ annual cost, over the tools whose use is known; beside it the plain mean of the tools",
        source: "ours",
        table: "tools",
        inputs: &[
            "tools.annual_cost",
            "tools.currency",
            "capabilities.tool",
            "capabilities.in_use",
            "capabilities.users",
            "capabilities.weight",
        ],
        edge_cases: &[
            "A tool of which nothing is known leaves the value, is named, and widens the bounds: from all that is unknown being unused to all being used.",
            "A tool without a readable cost has no weight, so it leaves the value; since its weight could be anything, the bounds reach to its own.",
            "Seats say nothing here: a tool that everybody opens for one purpose is used little.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["annual_cost"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let tools = scan.tools();
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let (id, of) = (tools.id(row), tools.capabilities(row));
        of.write(id, &mut measure);
        let cost = tools.amount("annual_cost", row);
        if let Ok(cost) = cost {
            measure.add(Key::part("cost", id), cost.into());
        }
        tally.row(row, cost.and_then(|_| of.share().ok_or((Reason::NoEvidence, "in_use"))));
    }
    tally.finish(&mut measure);
    measure
}

/// A weighted mean of what is known, and how far the unknown could move it.
#[derive(Default)]
struct Mean {
    used: f64,
    known: f64,
    all: f64,
    low: f64,
    high: f64,
    /// Limits of tools whose weight is unknown.
    loose: Option<[f64; 2]>,
    open: bool,
}

impl Mean {
    fn add(&mut self, of: Use, weight: Option<f64>) {
        let [low, high] = of.bounds();
        self.open |= weight.is_none() || low != high;
        let Some(weight) = weight else {
            let [least, most] = self.loose.unwrap_or([low, high]);
            self.loose = Some([least.min(low), most.max(high)]);
            return;
        };
        if let Some(share) = of.share() {
            self.used += weight * share;
            self.known += weight;
        }
        self.all += weight;
        self.low += weight * low;
        self.high += weight * high;
    }

    fn answer(self, unit: Unit, of: &str, by: &str) -> Answer {
        let answer = if self.known == 0.0 && self.open {
            Answer::undefined("no_evidence", "Nothing is known about the use of any tool that has a cost.")
        } else {
            Answer::quotient(Quantity::new(self.used, unit, of), Quantity::new(self.known, unit, by))
        };
        let all = self.all;
        let weighed = (all > 0.0).then(|| [self.low / all, self.high / all]);
        let [low, high] = weighed.or(self.loose).unwrap_or([0.0, 1.0]);
        let [least, most] = self.loose.unwrap_or([low, high]);
        answer.from_records(CENSUS).spanning(self.open.then(|| [low.min(least), high.max(most)]))
    }
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let (tools, names) = (Use::read(measure), Names::new(frame.table));
    let (mut weighted, mut plain) = (Mean::default(), Mean::default());
    for (id, of) in &tools {
        let cost = measure.sums.get(&Key::part("cost", *id)).copied();
        weighted.add(*of, cost.map(to_units));
        plain.add(*of, Some(1.0));
    }
    let answer = |of: Use| {
        let bounds = Some(of.bounds()).filter(|[low, high]| low != high);
        of.answer("capabilities in use by weight", "capabilities whose use is known, by weight").bounded(bounds)
    };
    let part = |(id, of): &(&str, Use)| names.part(id, Unit::Rate, answer(*of));
    let dark: Vec<Part> = tools.iter().filter(|(_, of)| of.share().is_none()).map(part).list();
    let count = Answer::new(dark.len() as f64, CENSUS);
    Judgement {
        answer: weighted.answer(
            Unit::Money,
            "annual cost × utilisation",
            "annual cost of the tools whose use is known",
        ),
        parts: vec![
            Part::new(
                "unweighted",
                "Unweighted",
                Unit::Rate,
                plain.answer(Unit::Records, "tools × utilisation", "tools whose use is known"),
            ),
            Part::new("not_measured", "Tools not measured", Unit::Records, count).with(dark),
            tools_part(tools.iter().map(part).list()),
        ],
    }
}
