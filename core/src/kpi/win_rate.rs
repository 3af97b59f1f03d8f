//! How many of the decided deals are won.

use super::buckets::{Buckets, Counted, add, alone, write};
use super::deals::Deals;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::measure::{Key, Measure};
use crate::sum::Sum;

/// `win_rate`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "win_rate",
        version: 1,
        name: "Win rate",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "won deals ÷ (won + lost deals); by value: won amount ÷ (won + lost amount)",
        source: "ours: the usual definition, without an authority",
        table: "deals",
        inputs: &[
            "deals.closed_at",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deals.amount",
            "deals.currency",
            "deals.created_at",
        ],
        edge_cases: &[
            "A deal belongs to the period in which it was closed.",
            "A deal that was created after the as-of instant is left out as such.",
            "Open deals are in flight, not lost; so is a deal that was closed after the as-of instant.",
            "Flags for won and closed go before the deal stage; a stage that the charter does not name leaves the deal out.",
            "By value: a deal without a readable amount or exchange rate, or with a negative amount, is left out of that part only. Amounts convert at the rate of the closing day.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at"]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), ..Particulars::NONE },
};

pub(super) fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let deals = Deals::new(scan);
    let [mut by_count, mut by_value] = [(); 2].map(|()| Counted::new(scan, buckets));
    let [mut lost, mut won, mut lost_amount, mut won_amount] = [(); 4].map(|()| buckets.each());
    for row in scan.rows() {
        let closed = deals.closed(row);
        let at = closed.map(|(at, _)| at);
        let [count, amount] = match closed {
            Ok((_, true)) => [&mut won, &mut won_amount],
            _ => [&mut lost, &mut lost_amount],
        };
        if let Some((_, places)) = by_count.value(row, at, "closed_at", &Ok) {
            add(count, places, 1);
        }
        if let Some((value, places)) = by_value.value(row, at, "closed_at", &|at| deals.amount(row, at)) {
            add(amount, places, value.into());
        }
    }
    let mut measures = buckets.each();
    by_count.finish(&mut measures);
    by_value.finish_part("by_value", &mut measures);
    for (series, sums) in [("lost", lost), ("won", won), ("lost_amount", lost_amount), ("won_amount", won_amount)] {
        write(&sums, &Key::whole(series), &mut measures);
    }
    measures
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let count = |series| measure.number(series, "");
    let (won, lost) = (count("won"), count("lost"));
    let by_count = Answer::share(won, won.plus(lost), "won deals", "won and lost deals");
    let (won_amount, lost_amount) = (measure.sum("won_amount", ""), measure.sum("lost_amount", ""));
    let decided = measure.parts.get("by_value").map_or(0, |rows| rows.used);
    let by_value = Answer::quotient(
        Quantity::money(won_amount, "amount of won deals"),
        Quantity::money(won_amount.plus(lost_amount), "amount of won and lost deals"),
    )
    .from_records(decided);
    Judgement {
        answer: by_count.clone(),
        parts: vec![
            Part::new("by_count", "By number of deals", Unit::Rate, by_count),
            Part::new("by_value", "By amount", Unit::Rate, by_value),
        ],
    }
}
