//! Which channels won deals are owed to, by ten models.

use super::deals::Deals;
use super::scan::Tally;
use super::touch_paths::{Paths, Touch};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::stats::apportion::apportion;
use crate::stats::markov::{Chain, MOST_CHANNELS};
use crate::time::DAY;

/// `attribution_credit`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "attribution_credit",
        version: 1,
        name: "Attribution credit",
        unit: Unit::Money,
        direction: Direction::None,
        formula: "amount of deals won in the period, divided over the channels of the touches before; by first, last and last non-direct touch, linear, U 40/20/40, W 30/30/30/10, full path 4 × 22.5 + 10, time decay 2^(−age ÷ half-life), Markov removal effect and Shapley value",
        source: "Anderl, Becker, von Wangenheim & Schumann 2016, IJRM 33(3); Zhao, Mahboobi & Bagheri 2018; position models as HubSpot and Salesforce describe them",
        table: "deals",
        inputs: &[
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deals.created_at",
            "deals.contact_ids",
            "touches.contact_id",
            "touches.at",
            "touches.channel",
            "touches.kind",
            "touches.direction",
            "contacts.stage:<lead>",
        ],
        edge_cases: &[
            "A touch counts if it has a channel, is not outbound, a send or an unsubscribe, and is up to the close of the deal within the lookback window; a deal without one is left out.",
            "Touches stand in order of time, those of one instant by channel. Credit adds up to the amount of each deal, and so to the whole, to the last millionth: what is left over goes to the largest remainders, the earliest first.",
            "One touch has all; in position models two have half each. A milestone that is unknown leaves its weight to the others, and touches that are several milestones add theirs; the other touches share the rest. Time decay is counted in 2^−40 of the last touch.",
            "The Markov chain learns from won and lost deals of the period and divides the whole by removal effect, solved exactly and counted in 2^−40; beyond 100 channels it is unknown.",
            "In the Shapley game a coalition is worth the deals touched by its channels only: exact for any number of channels.",
            "Parts: the models; within them the channels, with the deals credited.",
        ],
        parameters: &[
            Parameter {
                name: "lookback_days",
                range: Range::Whole { default: 90, low: 1, high: 3650 },
                text: "days before the close within which a touch counts",
            },
            Parameter {
                name: "half_life_days",
                range: Range::Whole { default: 7, low: 1, high: 365 },
                text: "days in which a touch loses half its weight under time decay",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "amount", "contact_ids"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, tables: &["touches"], ..Particulars::NONE },
};

/// The models that divide each deal by itself, with names for people.
pub(super) const MODELS: [(&str, &str); 9] = [
    ("first", "First touch"),
    ("last", "Last touch"),
    ("last_non_direct", "Last non-direct touch"),
    ("linear", "Linear"),
    ("u_shaped", "U-shaped"),
    ("w_shaped", "W-shaped"),
    ("full_path", "Full path"),
    ("time_decay", "Time decay"),
    ("shapley", "Shapley value"),
];

/// Ends of a path in the names of transitions. Text from data is trimmed, so no channel is called so.
pub(super) const START: &str = " start";
pub(super) const WON: &str = " won";
pub(super) const LOST: &str = " lost";
/// Divides the names of a transition.
pub(super) const TO: char = '\u{1f}';

/// Weights of a position model: marked touches have theirs, and the others share the rest.
fn position(touches: usize, marks: &[(Option<usize>, u64)], rest: u64) -> Vec<u64> {
    if touches <= 2 {
        return vec![1; touches];
    }
    let mut weights = vec![0_u64; touches];
    for (at, weight) in marks {
        if let Some(place) = at.and_then(|at| weights.get_mut(at)) {
            *place = place.saturating_add(*weight);
        }
    }
    let others = weights.iter().filter(|weight| **weight == 0).count() as u64;
    for weight in &mut weights {
        *weight = if *weight == 0 { rest } else { weight.saturating_mul(others.max(1)) };
    }
    weights
}

/// What each touch of a path weighs under a model.
pub(super) fn weights(
    model: &str,
    path: &[Touch],
    [lead, made]: [Option<usize>; 2],
    half_life: i64,
    direct: &dyn Fn(&Touch) -> bool,
) -> Vec<u64> {
    let n = path.len();
    let (first, last) = (Some(0), n.checked_sub(1));
    let only = |at: Option<usize>| (0..n).map(|index| u64::from(Some(index) == at)).collect();
    match model {
        "first" => only(first),
        "last" => only(last),
        "last_non_direct" => only(path.iter().rposition(|touch| !direct(touch)).or(last)),
        "u_shaped" => position(n, &[(first, 400), (last, 400)], 200),
        "w_shaped" => position(n, &[(first, 300), (lead, 300), (made, 300)], 100),
        "full_path" => position(n, &[(first, 225), (lead, 225), (made, 225), (last, 225)], 100),
        "time_decay" => {
            let latest = path.last().map_or(0, |touch| touch.at);
            let weight = |touch: &Touch| {
                let age = latest.saturating_sub(touch.at) as f64 / (DAY as f64 * half_life.max(1) as f64);
                libm::round(libm::exp2(40.0 - age)) as u64
            };
            path.iter().map(weight).collect()
        }
        "shapley" => {
            let fresh = |(at, touch): (usize, &Touch)| {
                u64::from(!path.iter().take(at).any(|before| before.channel == touch.channel))
            };
            path.iter().enumerate().map(fresh).collect()
        }
        _ => vec![1; n],
    }
}

/// Amount and deals credited to a channel by a model, if it was credited.
type Credit = Option<(i128, i128)>;

fn measure(scan: &Scan) -> Measure {
    let (deals, paths) = (Deals::new(scan), Paths::new(scan));
    let (days, half_life) = (scan.parameters.whole("lookback_days"), scan.parameters.whole("half_life_days"));
    let mut tally = Tally::new(scan.table);
    let mut measure = Measure::default();
    let channels = paths.channels.len();
    let name = |channel: usize| paths.channels.get(channel).copied().unwrap_or("");
    // The start and both ends of a path stand after the channels.
    let end = |place: usize| [START, WON, LOST].get(place.wrapping_sub(channels)).copied();
    let ends = channels.saturating_add(3);
    let mut steps: Vec<i64> = Vec::new();
    // By model and channel: amount and deals credited, and whether the channel was credited at all.
    let mut credits: Vec<Credit> = vec![None; MODELS.len().saturating_mul(channels)];
    for row in scan.rows() {
        let closed = deals.closed_in_period(row);
        let path = closed.map_or_else(|_| Vec::new(), |(at, _)| paths.of(row, at, days));
        let amount = closed.and_then(|(at, won)| {
            if !won {
                return Err((Reason::NotCounted, "stage"));
            }
            let amount = deals.amount(row, at)?;
            if path.is_empty() { Err((Reason::NoEvidence, "contact_ids")) } else { Ok(amount) }
        });
        if let (Ok((_, won)), false) = (closed, path.is_empty()) {
            // A won deal whose amount can't be read still shows the way.
            let mut from = channels;
            for to in path.iter().map(|touch| touch.channel).chain([channels.saturating_add(if won { 1 } else { 2 })]) {
                steps.push(from.saturating_mul(ends).saturating_add(to) as i64);
                from = to;
            }
        }
        let Some(amount) = tally.row(row, amount) else { continue };
        let milestones = paths.milestones(&deals, row, &path);
        for (index, (model, _)) in MODELS.iter().enumerate() {
            let weights = weights(model, &path, milestones, half_life, &|touch| paths.is_direct(touch));
            let credit = apportion(amount, &weights).into_iter().zip(apportion(UNIT, &weights));
            for (touch, (amount, deal)) in path.iter().zip(credit) {
                let place = index.saturating_mul(channels).saturating_add(touch.channel);
                if let Some(credit) = credits.get_mut(place) {
                    let (amounts, deals) = credit.get_or_insert((0, 0));
                    *amounts = amounts.saturating_add(amount.into());
                    *deals = deals.saturating_add(deal.into());
                }
            }
        }
    }
    tally.finish(&mut measure);
    for (place, credit) in credits.into_iter().enumerate() {
        let (Some((amount, deals)), Some((model, _))) = (credit, MODELS.get(place.checked_div(channels).unwrap_or(0)))
        else {
            continue;
        };
        let name = name(place.checked_rem(channels).unwrap_or(0));
        measure.add(Key::part(model, name), amount);
        measure.add(Key::part("deals", format!("{model}{TO}{name}")), deals);
    }
    steps.sort_unstable();
    for run in steps.chunk_by(PartialEq::eq) {
        let step = run.first().copied().unwrap_or(0) as usize;
        let text = |place: usize| end(place).unwrap_or_else(|| name(place));
        let (from, to) = (text(step.checked_div(ends).unwrap_or(0)), text(step.checked_rem(ends).unwrap_or(0)));
        measure.add(Key::part("transition", format!("{from}{TO}{to}")), run.len() as i128);
    }
    measure
}

/// The channels that transitions name, and the places of each transition's ends: channels in order, then the start or
/// converted, then lost.
pub(super) fn places<'a>(transitions: &[&'a str]) -> (Vec<&'a str>, Vec<(usize, usize)>) {
    let ends = |name: &&'a str| name.split_once(TO).unwrap_or_default();
    let to = transitions.iter().map(|name| ends(name).1).filter(|to| ![WON, LOST].contains(to));
    let mut names = crate::sort::sorted(to.list());
    names.dedup();
    let place = |name: &str| match name {
        LOST => names.len().saturating_add(1),
        name => names.iter().position(|known| *known == name).unwrap_or(names.len()),
    };
    let places = transitions.iter().map(|name| (place(ends(name).0), place(ends(name).1))).list();
    (names, places)
}

/// The removal effect of each channel, by how often each transition occurs; zeros where nobody converts.
pub(super) fn effects(channels: usize, places: &[(usize, usize)], counts: &mut dyn Iterator<Item = f64>) -> Vec<f64> {
    let mut matrix = vec![vec![0.0; channels.saturating_add(2)]; channels.saturating_add(1)];
    for ((from, to), count) in places.iter().zip(counts) {
        if let Some(cell) = matrix.get_mut(*from).and_then(|row| row.get_mut(*to)) {
            *cell += count;
        }
    }
    let count = |from: usize, to: usize| matrix.get(from).and_then(|row| row.get(to)).copied().unwrap_or(0.0);
    Chain::new(channels, &count).removal_effects().unwrap_or_else(|| vec![0.0; channels])
}

/// Divides a whole over channels by their removal effects; nothing where there are too many channels.
fn markov(measure: &Measure, total: i128) -> Option<Vec<(String, i64, i64)>> {
    let steps = measure.sums.iter().filter(|(key, _)| key.0 == "transition");
    let transitions: Vec<&str> = steps.clone().map(|(key, _)| key.1.as_str()).list();
    let (names, places) = places(&transitions);
    if names.len() > MOST_CHANNELS {
        return None;
    }
    let effects = effects(names.len(), &places, &mut steps.map(|(_, count)| *count as f64));
    // Finer steps would tell channels apart by rounding that count the same.
    let weights: Vec<u64> = effects.iter().map(|effect| libm::round(libm::ldexp(*effect, 40)) as u64).list();
    let deals = i64::try_from(measure.used).unwrap_or(i64::MAX).saturating_mul(UNIT);
    let credit =
        apportion(i64::try_from(total).unwrap_or(i64::MAX), &weights).into_iter().zip(apportion(deals, &weights));
    Some(names.into_iter().zip(credit).map(|(name, (amount, deals))| (name.to_owned(), amount, deals)).list())
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let of = |model: &str| -> Vec<(String, i128, i128)> {
        let credit = measure.sums.iter().filter(|(key, _)| key.0 == model);
        let deals = |channel: &str| measure.sum("deals", &format!("{model}{TO}{channel}"));
        credit.map(|(key, amount)| (key.1.clone(), *amount, deals(&key.1))).list()
    };
    let total: i128 = of("linear").iter().fold(0, |sum, (_, amount, _)| sum.saturating_add(*amount));
    let none = || Answer::undefined("no_evidence", "No won deal has a touch that counts.");
    let whole = if measure.used == 0 { none() } else { Answer::new(to_units(total), measure.used) };
    let part = |model: &str, label: &str, answer: Answer, channels: Vec<(String, i128, i128)>| {
        let channel = |(channel, amount, deals): (String, i128, i128)| {
            let deals = Quantity::new(to_units(deals), Unit::Records, "deals credited");
            let answer = Answer::new(to_units(amount), measure.used).of(Some(deals), None);
            Part::new(channel.as_str(), channel.as_str(), Unit::Money, answer)
        };
        Part::new(model, label, Unit::Money, answer).with(channels.into_iter().map(channel).list())
    };
    let mut parts: Vec<Part> = MODELS.iter().map(|(model, label)| part(model, label, whole.clone(), of(model))).list();
    let (answer, channels) = match markov(measure, total) {
        None => (Answer::undefined("too_many", "There are too many channels to solve for. Group them."), Vec::new()),
        Some(channels) => (
            whole.clone(),
            channels.into_iter().map(|(name, amount, deals)| (name, amount.into(), deals.into())).list(),
        ),
    };
    parts.push(part("markov", "Markov removal effect", answer, channels));
    Judgement { answer: whole, parts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;

    fn path(days: &[i64]) -> Vec<Touch> {
        days.iter().enumerate().map(|(channel, day)| Touch { at: day * DAY, channel }).collect()
    }

    fn divide(model: &str, amount: i64, path: &[Touch], milestones: [Option<usize>; 2]) -> Vec<f64> {
        let weights = weights(model, path, milestones, 7, &|_| false);
        apportion(amount * UNIT, &weights).into_iter().map(|part| to_units(part.into())).collect()
    }

    /// A worked example: 140 over Direct, Organic, Direct.
    #[test]
    fn positions() {
        let case = &reference()["position_u"];
        let three = path(&[0, 1, 2]);
        for (model, key) in [("u_shaped", "u_40_20_40"), ("linear", "linear")] {
            for (found, expected) in divide(model, 140, &three, [None; 2]).iter().zip(case[key].as_array().unwrap()) {
                assert!((found - expected.as_f64().unwrap()).abs() < 1e-4, "{model}: {found}, expected {expected}");
            }
        }
        let five = path(&[0, 1, 2, 3, 4]);
        assert_eq!(divide("w_shaped", 100, &five, [Some(1), Some(3)]), [30.0, 30.0, 5.0, 30.0, 5.0]);
        assert_eq!(divide("full_path", 100, &five, [Some(1), Some(3)]), [22.5, 22.5, 10.0, 22.5, 22.5]);
        // Lead and deal at one touch: 30 + 30 there.
        assert_eq!(divide("w_shaped", 100, &five, [Some(2), Some(2)])[2], 60.0);
        for model in ["u_shaped", "w_shaped", "full_path"] {
            assert_eq!(divide(model, 100, &path(&[0]), [Some(0); 2]), [100.0]);
            assert_eq!(divide(model, 100, &path(&[0, 1]), [Some(0); 2]), [50.0, 50.0]);
        }
    }

    /// A worked example: 12,000 over touches at days 0, 5, 12, 30 and 38 with a half-life of 7 days.
    #[test]
    fn time_decay() {
        let case = &reference()["time_decay"];
        let found = divide("time_decay", 12_000, &path(&[0, 5, 12, 30, 38]), [None; 2]);
        for (found, expected) in found.iter().zip(case["exact"].as_array().unwrap()) {
            assert!((found - expected.as_f64().unwrap()).abs() < 0.006, "{found}, expected {expected}");
        }
        assert_eq!(found.iter().sum::<f64>(), 12_000.0);
    }
}
