//! How much of what the tools can do is used.

use super::scan::Tally;
use super::stack::{Names, Use, capability, tools_part};
use super::{Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::Measure;

/// `capability_utilisation`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "capability_utilisation",
        version: 1,
        name: "Capability utilisation",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "Σ weight of capabilities in use ÷ Σ weight of capabilities whose use is known",
        source: "ours: the share of a stack's capabilities in use that Gartner's Marketing Technology Survey asks for, from evidence instead of opinion",
        table: "capabilities",
        inputs: &[
            "capabilities.tool",
            "capabilities.capability",
            "capabilities.in_use",
            "capabilities.users",
            "capabilities.weight",
        ],
        edge_cases: &[
            "A capability without evidence is unknown, not unused: it leaves the value and widens its bounds, from unused to used.",
            "Where nobody says whether it is in use, the number of its users does.",
            "A blank weight is 1.",
            "A row whose tool is not in the table of tools, where there is one, is left out.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["tool", "capability"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    let tool = scan.table.text("tool");
    let tools = scan.dataset.table("tools");
    let names = Names::new(tools);
    for row in scan.rows() {
        let id = tool.map_or("", |column| column.get(row));
        let outcome = if id.is_empty() {
            Err((Reason::BlankField, "tool"))
        } else if tools.is_some() && names.row(id).is_none() {
            Err((Reason::Unmatched, "tool"))
        } else {
            capability(scan.table, row)
        };
        if let Ok((state, weight)) = outcome {
            let mut of = Use::default();
            of.add(state, weight);
            of.write(id, &mut measure);
        }
        tally.row(row, outcome.and_then(|(state, _)| state.ok_or((Reason::NoEvidence, "in_use"))));
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let (tools, names) = (Use::read(measure), Names::new(None));
    let answer = |of: Use| of.answer("capabilities in use by weight", "capabilities whose use is known, by weight");
    Judgement {
        answer: answer(tools.iter().fold(Use::default(), |sum, (_, of)| sum.plus(*of))),
        parts: vec![tools_part(tools.iter().map(|(id, of)| names.part(id, Unit::Rate, answer(*of))).list())],
    }
}
