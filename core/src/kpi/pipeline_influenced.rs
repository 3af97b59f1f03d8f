//! What marketing touched of the pipeline.

use super::revenue::{BY_TOUCH, Of, amount, attributed, share};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::Measure;

/// `pipeline_influenced`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_influenced",
        version: 2,
        name: "Pipeline influenced",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ amount of deals created in the period with at least one qualifying touch in the window before they close; beside it Σ amount × qualifying touches ÷ all touches there",
        source: "Salesforce Customizable Campaign Influence; the fraction by touches is ours",
        table: "deals",
        inputs: &[
            "deals.created_at",
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.contact_ids",
            "contacts.id",
            "touches.contact_id",
            "touches.at",
            "touches.kind",
            "touches.direction",
            "touches.channel",
            "touches.campaign",
            "charter.revenue",
        ],
        edge_cases: &[
            "The window ends when the deal closes, or at the as-of instant while it is open, and begins that many times 24 hours before; both ends are in it.",
            "A touch qualifies if it has a channel or a campaign and is neither outbound nor a mail sent or an unsubscribe: something the contact did.",
            "A deal whose date is blank or can't be read widens the bounds by what it would count, where its rate is known.",
            "Any touch counts the whole amount; the fraction counts the touches' share of it, so that it adds up to less than all. It is rounded to the millionth for each deal.",
            "A deal without contacts, or data without touches, is unknown: it widens the bounds. A deal whose first contact is not in the data and none of whose contacts was ever touched may be of people whom another system names otherwise: its touches are unknown too. A deal nobody touched is not influenced.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["created_at", "amount", "contact_ids"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    attributed(scan, Of::Created, false, true)
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let words = ("pipeline with a qualifying touch", "pipeline whose touches are known");
    let whole = amount(measure, BY_TOUCH, measure.used);
    let fraction = amount(measure, ["fraction", "", "unknown_touches"], measure.used);
    let parts = vec![
        Part::new("share", "Share", Unit::Rate, share(measure, BY_TOUCH, words, measure.used)),
        Part::new("fractional", "By share of touches", Unit::Money, fraction),
    ];
    Judgement { answer: whole, parts }
}
