//! How many of the seats that are paid for are used.

use super::scan::Tally;
use super::stack::{CENSUS, Names, Use, tools_part};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::list::List;
use crate::measure::{Key, Measure};

/// `seat_utilisation`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "seat_utilisation",
        version: 1,
        name: "Seat utilisation",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "Σ active seats ÷ Σ licensed seats, over the tools whose active seats are known",
        source: "ours, on the licensed and used counts that vendors report, as Salesforce's ActiveFeatureLicenseMetric does",
        table: "tools",
        inputs: &["tools.seats_licensed", "tools.seats_active", "tools.shared_logins"],
        edge_cases: &[
            "Active is who used the tool within the window over which its vendor or the export counts.",
            "Active seats that nobody measured are unknown, not idle: such a tool leaves the value and widens its bounds, from none of its seats used to all.",
            "Of a tool with more active than licensed seats all licensed ones count as used, no more.",
            "Tools with shared logins are counted apart: several people behind one login look like one.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["seats_licensed", "seats_active"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let tools = scan.tools();
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    for row in scan.rows() {
        let seats = tools.seats(row);
        if let Ok(seats) = seats {
            seats.write(tools.id(row), &mut measure);
            if tools.shared(row) {
                measure.add(Key::part("shared", tools.id(row)), 1);
            }
        }
        tally.row(row, seats.and_then(|_| tools.active(row)));
    }
    tally.finish(&mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let (tools, names) = (Use::read(measure), Names::new(frame.table));
    let answer = |seats: Use| seats.answer("seats used", "seats paid for");
    let part = |(id, seats): &(&str, Use)| names.part(id, Unit::Rate, answer(*seats));
    let shared: Vec<Part> = tools.iter().filter(|(id, _)| measure.sum("shared", id) > 0).map(part).list();
    let count = Answer::new(shared.len() as f64, CENSUS);
    let shared = Part::new("shared_logins", "Tools with shared logins", Unit::Records, count).with(shared);
    Judgement {
        answer: answer(tools.iter().fold(Use::default(), |sum, (_, seats)| sum.plus(*seats))),
        parts: vec![shared, tools_part(tools.iter().map(part).list())],
    }
}
