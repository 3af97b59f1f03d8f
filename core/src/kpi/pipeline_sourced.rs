//! What marketing brought into the pipeline.

use super::revenue::{BY_SOURCE, Of, amount, attributed, by_source, origin, share};
use super::{Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::measure::Measure;

/// `pipeline_sourced`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_sourced",
        version: 1,
        name: "Pipeline sourced",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ amount of deals created in the period whose source is one of the charter's marketing sources; and its share of those whose source is known",
        source: "ours, on the sourced pipeline of Salesforce's campaign influence",
        table: "deals",
        inputs: &[
            "deals.created_at",
            "deals.amount",
            "deals.currency",
            "deals.contact_ids",
            "deals.source",
            "contacts.source",
            "charter.revenue",
        ],
        edge_cases: &[
            "The source of a deal is that of its first contact, or its own where the charter says so.",
            "A deal whose source nobody knows (no contact, one that is not in the data, or one without a source) leaves the value and widens its bounds, from not marketing's to marketing's.",
            "A deal whose date is blank or can't be read widens the bounds by what it would count, where its rate is known.",
            "Amounts convert at the rate of the day the deal was created.",
            "Where no deal of the period has a usable amount and source, the sum is unknown, not 0.",
            "Parts: the share, and the amount of each source that has any.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| vec!["created_at".into(), "amount".into(), origin(charter).into()]),
    measure,
    judge,
    particulars: Particulars { is_total: true, ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    attributed(scan, Of::Created, true, false)
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let words = ("pipeline from marketing sources", "pipeline whose source is known");
    let mut parts = vec![Part::new("share", "Share", Unit::Rate, share(measure, BY_SOURCE, words, measure.used))];
    parts.extend(by_source(measure));
    Judgement { answer: amount(measure, BY_SOURCE, measure.used), parts }
}
