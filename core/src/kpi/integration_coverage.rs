//! Whether the tools that should be connected are.

use super::deals::folded;
use super::scan::Tally;
use super::stack::CENSUS;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::stack::Connection;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};

/// `integration_coverage`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "integration_coverage",
        version: 1,
        name: "Integration coverage",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "expected connections that exist ÷ expected connections",
        source: "ours, on the connections that the charter expects",
        table: "integrations",
        inputs: &["integrations.from", "integrations.to", "charter.stack.connections"],
        edge_cases: &[
            "A connection has a direction; two integrations for the same connection count once.",
            "One that is broken exists: whether it works is what integration health says.",
            "Integrations that the charter does not expect are counted apart, and are no fault.",
            "A charter that expects no connections leaves it undefined.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["from", "to"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// How a connection is told: ends without case and surrounding space.
pub(crate) fn connection(from: &str, to: &str) -> String {
    [folded(from), folded(to)].joined(" → ")
}

/// The connections that the charter expects, each once.
pub(crate) fn expected(connections: &[Connection]) -> Vec<(String, &Connection)> {
    let mut known: Vec<(String, &Connection)> = Vec::new();
    for wanted in connections {
        let key = connection(&wanted.from, &wanted.to);
        if !known.iter().any(|(other, _)| *other == key) {
            known.push((key, wanted));
        }
    }
    known
}

fn measure(scan: &Scan) -> Measure {
    let expected = expected(&scan.charter.stack.connections);
    let ends = ["from", "to"].map(|field| scan.table.text(field));
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let [from, to] = ends.map(|column| column.map_or("", |column| column.get(row)));
        let key = connection(from, to);
        let outcome = if from.is_empty() || to.is_empty() {
            Err((Reason::BlankField, if from.is_empty() { "from" } else { "to" }))
        } else if expected.iter().any(|(known, _)| *known == key) {
            Ok(())
        } else {
            Err((Reason::NotCounted, "to"))
        };
        if tally.row(row, outcome).is_some() {
            measure.add(Key::part("exists", key), 1);
        }
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let expected = expected(&frame.charter.stack.connections);
    let exists = |key: &str| measure.sum("exists", key);
    let found = expected.iter().filter(|(key, _)| exists(key) > 0).count() as u64;
    let answer = if expected.is_empty() {
        Answer::undefined("no_expectation", "The charter expects no connections: list them in “stack”.")
    } else {
        Answer::ratio(found, expected.len() as u64, "expected connections that exist", "expected connections")
            .from_records(CENSUS)
    };
    let part = |(key, wanted): &(String, &Connection)| {
        let label = [wanted.from.as_str(), wanted.to.as_str()].joined(" → ");
        Part::new(key, label, Unit::Records, Answer::new(exists(key) as f64, CENSUS))
    };
    let unexpected = Answer::new(measure.excluded.count(Reason::NotCounted) as f64, CENSUS);
    let mut parts: Vec<Part> = expected.iter().map(part).list();
    parts.push(Part::new("unexpected", "Not expected", Unit::Records, unexpected));
    Judgement { answer, parts }
}
