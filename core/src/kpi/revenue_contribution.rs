//! What share of revenue marketing had a part in.

use super::revenue::{BY_SOURCE, BY_TOUCH, Of, attributed, origin, share};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::Measure;

/// `revenue_contribution`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "revenue_contribution",
        version: 2,
        name: "Revenue contribution",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "won amount of deals from marketing sources ÷ won amount of deals whose source is known; apart, won amount with a qualifying touch ÷ won amount whose touches are known",
        source: "ours",
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
            "touches.contact_id",
            "touches.at",
            "touches.kind",
            "touches.direction",
            "touches.channel",
            "touches.campaign",
            "charter.revenue",
        ],
        edge_cases: &[
            "Amounts convert at the rate of the day the deal was closed.",
            "A deal whose source nobody knows (no contact, one that is not in the data, or one without a source) leaves the value and widens its bounds, from not marketing's to marketing's.",
            "Sourced and influenced overlap: they don't add up.",
            "Touches count as for influenced pipeline.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| vec!["closed_at".into(), "amount".into(), origin(charter).into()]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    attributed(scan, Of::Won, true, true)
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let words = ("won amount from marketing sources", "won amount whose source is known");
    let sourced = share(measure, BY_SOURCE, words, measure.used);
    let touched = measure.parts.get("influenced").map_or(0, |rows| rows.used);
    let words = ("won amount with a qualifying touch", "won amount whose touches are known");
    let influenced = share(measure, BY_TOUCH, words, touched);
    Judgement {
        answer: sourced.clone(),
        parts: vec![
            Part::new("sourced", "Sourced", Unit::Rate, sourced),
            Part::new("influenced", "Influenced", Unit::Rate, influenced),
        ],
    }
}
