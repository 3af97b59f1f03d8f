//! What each channel returns for what it costs.

use super::deals::folded;
use super::revenue::{
    BY_SOURCE, Of, amount, attributed, no_spend, note_matched, note_spend, noted, origin, roi, unread_part,
};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::revenue::SourcedBy;
use crate::figure::{Direction, Unit};
use crate::list::List;
use crate::measure::Measure;
use crate::money::to_units;
use crate::sum::Sum;

/// `channel_roi`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "channel_roi",
        version: 4,
        name: "Channel ROI",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "for each channel: (won amount of deals that came from it − its cost) ÷ its cost; the whole is that of all channels together that are a source of anything",
        source: "Salesforce campaign ROI, by channel",
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
            "spend.channel",
            "charter.revenue",
        ],
        edge_cases: &[
            "A channel counts where its name is the source of contacts (or of deals, where the charter says so), compared without case; of several spellings the first in the alphabet is shown.",
            "Spend without a channel, or on one that is no source of anything, is a row of its own and in no ROI. With the cost of the channels it is the cost of marketing in marketing ROI, which counts only what marketing's sources won.",
            "Amounts below zero, such as credit notes, lower the cost of their channel; where it comes to less than zero there is no ROI.",
            "A source without spend has no ROI.",
            "A deal whose source nobody knows (no contact, one that is not in the data, or one without a source) leaves the value and widens the bounds of the whole and of each channel, from none of it to all.",
            "Where no won deal of the period has a usable amount and a known source, value and channels are unknown.",
            "A filter has to reach both: by a field that deals has and spend lacks (owner, source), or the other way round, it is unknown. By campaign it chooses deals and costs.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Of(|charter, _| vec!["closed_at".into(), "amount".into(), origin(charter).into()]),
    measure,
    judge,
    particulars: Particulars { against: &["spend"], ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let mut measure = attributed(scan, Of::Won, true, false);
    note_spend(scan, scan.period, &mut measure);
    let by_deal = scan.charter.revenue.sourced_by == SourcedBy::Deal;
    note_matched(scan, if by_deal { "deals" } else { "contacts" }, &mut measure);
    measure
}

/// A channel: what it won and what it cost, each where known.
struct Channel<'a> {
    name: &'a str,
    won: i128,
    cost: Option<i64>,
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let matched = measure.noted("matched");
    let mut channels: Vec<Channel> = Vec::new();
    let mut unmatched = 0_i64;
    for (name, cost) in measure.noted("cost_by_channel") {
        if !matched.iter().any(|(known, _)| *known == name) {
            unmatched = unmatched.plus(cost);
            continue;
        }
        channels.push(Channel { name, won: 0, cost: Some(cost) });
    }
    for (key, won) in measure.sums.iter().filter(|(key, _)| key.0 == "by_source") {
        match channels.iter_mut().find(|channel| folded(channel.name) == folded(&key.1)) {
            Some(channel) => channel.won = channel.won.plus(*won),
            None => channels.push(Channel { name: &key.1, won: *won, cost: None }),
        }
    }
    let paid = channels.iter().filter_map(|channel| Some((channel.won, channel.cost?)));
    let (won, cost) = paid.fold((0_i128, 0_i128), |(won, cost), (more, of)| (won.plus(more), cost.plus(of.into())));
    let unknown = measure.sum("unknown_source", "");
    let untold = amount(measure, BY_SOURCE, measure.used).value.clone().err();
    let of = |won, cost, n| {
        let answer = roi([won, unknown], 1.0, cost, n);
        match &untold {
            // The bounds say what it could be all the same.
            Some(why) if answer.value.is_ok() => answer.lacking(why),
            _ => answer,
        }
    };
    let mut parts: Vec<Part> = channels
        .iter()
        .map(|channel| {
            let answer = match channel.cost {
                Some(cost) => of(channel.won, cost.into(), u64::MAX),
                None => Answer::undefined("no_cost", "Nothing was spent on it."),
            };
            Part::new(channel.name, channel.name, Unit::Rate, answer)
        })
        .list();
    let differs = unmatched != 0;
    let unmatched = match noted(measure, "cost") {
        Some(_) => Answer::new(to_units(unmatched.into()), u64::MAX),
        None => no_spend(measure),
    };
    // Of all spend, be there a filter or not.
    if frame.reach.apart.is_none() {
        parts.push(Part::new("unmatched_spend", "Spend without a known channel", Unit::Money, unmatched));
    }
    parts.extend(unread_part(measure));
    let mut answer = if noted(measure, "cost").is_none() { no_spend(measure) } else { of(won, cost, measure.used) };
    answer.note = differs.then(|| {
        "Spend without a known channel is not in it. Marketing ROI sets all cost of marketing against what marketing’s \
         sources won, so the two differ."
            .into()
    });
    Judgement { answer, parts }
}
