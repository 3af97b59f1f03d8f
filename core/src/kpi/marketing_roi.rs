//! What marketing returns for what it costs.

use super::revenue::{BASIS, BY_SOURCE, Of, amount, attributed, no_spend, note_spend, noted, origin, roi, unread_part};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::Measure;
use crate::money::to_units;

/// `marketing_roi`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "marketing_roi",
        version: 3,
        name: "Marketing ROI",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "(won amount attributed to marketing − cost of marketing) ÷ cost of marketing",
        source: "Salesforce campaign ROI",
        table: "deals",
        inputs: &[
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deals.contact_ids",
            "deals.source",
            "contacts.source",
            "spend.at",
            "spend.amount",
            "spend.currency",
            "spend.category",
            "charter.revenue",
        ],
        edge_cases: &[
            "Won and spent in the same period. Costs convert at the rate of their own day.",
            "A deal whose source nobody knows (no contact, one that is not in the data, or one without a source) leaves the value and widens its bounds, from not marketing's to marketing's.",
            "No cost, or none recorded: unknown. So is the return where no won deal of the period has a usable amount and is known to be marketing's or not.",
            "Cost is every cost line but sales, or those the charter names. It also holds what was spent on no known channel, which channel ROI leaves out and shows as a row of its own.",
            "Amounts below zero, such as credit notes, lower the cost; where it comes to less than zero there is no ROI.",
            "Rows of spend that can't be read, of any time and cost line, are counted in a part.",
            "A filter has to reach both: by a field that deals has and spend lacks (owner, source), or the other way round, it is unknown. By campaign it chooses deals and costs.",
        ],
        parameters: &[
            BASIS,
            Parameter {
                name: "of",
                range: Range::Choice(&["revenue", "gross_margin"]),
                text: "what is set against the cost: all of the attributed revenue, or the charter's margin of it",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| vec!["closed_at".into(), "amount".into(), origin(charter).into()]),
    measure,
    judge,
    particulars: Particulars { against: &["spend"], ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let sourced = scan.parameters.text("attribution") == "sourced";
    let mut measure = attributed(scan, Of::Won, sourced, !sourced);
    note_spend(scan, scan.period, &mut measure);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let margin = match frame.parameters.text("of") {
        "gross_margin" => frame.charter.revenue.gross_margin,
        _ => Some(1.0),
    };
    let cost = noted(measure, "cost");
    let attributed = match frame.parameters.text("attribution") {
        "influenced" => ["influenced", "", "unknown_touches"],
        "influenced_fractional" => ["fraction", "", "unknown_touches"],
        _ => BY_SOURCE,
    };
    let [won, _, unknown] = attributed.map(|series| measure.sum(series, ""));
    let part = amount(measure, attributed, measure.used);
    let answer = match (margin, cost) {
        (None, _) => Answer::undefined("missing_margin", "The charter gives no gross margin."),
        (_, None) => no_spend(measure),
        (Some(margin), Some(cost)) => {
            let answer = roi([won, unknown], margin, cost.into(), measure.used);
            match &part.value {
                // The bounds say what it could be all the same.
                Err(why) => answer.lacking(why),
                Ok(_) => answer,
            }
        }
    };
    let cost = cost.map_or_else(|| no_spend(measure), |cost| Answer::new(to_units(cost.into()), u64::MAX));
    let mut parts = vec![
        Part::new("won", "Attributed won amount", Unit::Money, part),
        Part::new("cost", "Cost of marketing", Unit::Money, cost),
    ];
    parts.retain(|part| frame.reach.apart.is_none() || part.key == "won");
    parts.extend(unread_part(measure));
    Judgement { answer, parts }
}
