//! Whether attribution says the same whatever the model, the window and the chance of who bought.

use super::attribution_credit::{LOST, MODELS, START, TO, WON, effects, places, weights};
use super::deals::Deals;
use super::scan::Tally;
use super::touch_paths::{Paths, from};
use super::{
    Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Parameters, Part, Particulars, Range, Scan, Timing,
};
use crate::charter::Charter;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::map::Map;
use crate::measure::{Key, Measure};
use crate::stats::apportion::apportion;
use crate::stats::bootstrap::{self, RESAMPLES, middle, ordered};
use crate::stats::kendall::concordance;
use crate::stats::markov::MOST_CHANNELS;

/// `attribution_consistency`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "attribution_consistency",
        version: 1,
        name: "Attribution consistency",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "1 − mean over channels of the spread of their share of credit: from the least to the most by any model of attribution_credit in any of three windows, or within the middle 95% of 100 resamples by any model in its lookback window",
        source: "ours; Kendall & Babington Smith 1939 for W; Chamandy et al. 2012 for the Poisson bootstrap",
        table: "deals",
        inputs: &[
            "deals.id",
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
            "charter.kpis.attribution_credit",
        ],
        edge_cases: &[
            "Credit is that of attribution_credit, with its half-life. A deal counts if it has a touch in any of the windows; a channel if any model credits it in one of them.",
            "In a resample each deal, won or lost, occurs as often as its own Poisson(1) weights say: numbers of SplitMix64, seeded with FNV-1a (64 bit) of its id, divided by 2^64. So it is the same in any order and any sharding, and merges. The middle 95% is from the third lowest to the third highest; resamples without credit are left out.",
            "Verdict: stable where the value and the rank agreement both reach stable_percent, undisputed_percent of the credit is undisputed, and the figure isn’t thin; unstable where value or agreement is below unstable_percent; otherwise use with care.",
            "Rank agreement is Kendall’s W, corrected for ties, over all models and windows, of shares rounded to millionths. Undisputed is Σ over channels of the least share.",
            "Parts by models, windows and chance: the mean spread where only that varies. Channels: median share over models in the lookback window; its interval from the medians of resamples; bounds from least to most.",
            "Many channels have small shares and so small spreads: read the value beside agreement and undisputed credit. One channel alone, or more than 100, is unknown.",
        ],
        parameters: &[
            Parameter {
                name: "short_window_days",
                range: Range::Whole { default: 30, low: 1, high: 3650 },
                text: "a shorter window than the lookback window of attribution_credit",
            },
            Parameter {
                name: "long_window_days",
                range: Range::Whole { default: 180, low: 1, high: 3650 },
                text: "a longer window",
            },
            Parameter {
                name: "stable_percent",
                range: Range::Whole { default: 90, low: 0, high: 100 },
                text: "consistency and rank agreement from which attribution may guide budget",
            },
            Parameter {
                name: "unstable_percent",
                range: Range::Whole { default: 70, low: 0, high: 100 },
                text: "consistency or rank agreement below which no budget should move on it",
            },
            Parameter {
                name: "undisputed_percent",
                range: Range::Whole { default: 50, low: 0, high: 100 },
                text: "credit that all models, windows and resamples agree on, below which it is never stable",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["closed_at", "amount", "contact_ids", "id"]),
    measure,
    judge,
    particulars: Particulars { tables: &["touches"], ..Particulars::NONE },
};

/// The verdicts: key and words.
pub(crate) const VERDICTS: [(&str, &str); 3] = [
    ("stable", "Stable: it may guide budget"),
    ("use_with_care", "Use with care: test before you move budget"),
    ("unstable", "Unstable: do not move budget on it"),
];

/// Beside the resamples stand the windows, the lookback window first.
const WINDOWS: usize = 3;

/// The parameters of `attribution_credit`.
fn credit(charter: &Charter) -> Parameters {
    Parameters::new(&super::of("attribution_credit").definition, charter)
}

/// Sums over each resample and each window; empty until something is added.
type Sums = Vec<u64>;

fn measure(scan: &Scan) -> Measure {
    let (deals, paths) = (Deals::new(scan), Paths::new(scan));
    let credit = credit(scan.charter);
    let half_life = credit.whole("half_life_days");
    let windows = [
        credit.whole("lookback_days"),
        scan.parameters.whole("short_window_days"),
        scan.parameters.whole("long_window_days"),
    ];
    let ids = scan.table.text("id");
    let channels = paths.channels.len();
    let (start, won, lost) = (channels, channels, channels.saturating_add(1));
    let (credits, ends) = (MODELS.len().saturating_mul(channels), channels.saturating_add(2));
    let step = |from: usize, to: usize| credits.saturating_add(from.saturating_mul(ends)).saturating_add(to);
    let mut tally = Tally::new(scan.table);
    let mut measure = Measure::default();
    measure.note(Key::whole("channels"), i64::try_from(channels).unwrap_or(i64::MAX));
    let solvable = channels <= MOST_CHANNELS;
    let mut all: Vec<Sums> = vec![Sums::new(); if solvable { step(channels.saturating_add(1), 0) } else { 0 }];
    let longest = windows.into_iter().fold(0, i64::max);
    let mut of_channel = vec![0_u64; channels];
    for row in scan.rows() {
        let closed = deals.closed_in_period(row);
        // The shorter paths are the ends of the longest.
        let walked = closed.map_or_else(|_| Vec::new(), |(at, _)| paths.of(row, at, longest));
        let touched = !walked.is_empty();
        let amount = closed.and_then(|(at, won)| {
            if !won {
                return Err((Reason::NotCounted, "stage"));
            }
            let amount = deals.amount(row, at)?;
            if touched { Ok(amount) } else { Err((Reason::NoEvidence, "contact_ids")) }
        });
        let amount = tally.row(row, amount);
        let Some((_, is_won)) = closed.ok().filter(|_| touched && solvable) else { continue };
        for (window, days) in windows.iter().enumerate() {
            let first = closed.map_or(0, |(at, _)| walked.partition_point(|touch| touch.at < from(at, *days)));
            let Some(path) = walked.get(first..).filter(|path| !path.is_empty()) else { continue };
            let resamples = (window == 0).then(|| bootstrap::weights(ids.map_or("", |ids| ids.get(row))));
            let mut add = |place: usize, credit: u64| {
                if let Some(sums) = all.get_mut(place) {
                    resample(sums, window, resamples.as_ref(), credit);
                }
            };
            let mut from = start;
            for to in path.iter().map(|touch| touch.channel).chain([if is_won { won } else { lost }]) {
                add(step(from, to), 1);
                from = to;
            }
            let Some(amount) = amount else { continue };
            let milestones = paths.milestones(&deals, row, path);
            for (index, (model, _)) in MODELS.iter().enumerate() {
                let weights = weights(model, path, milestones, half_life, &|touch| paths.is_direct(touch));
                // Added to all resamples once for each channel.
                for (touch, credit) in path.iter().zip(apportion(amount, &weights)) {
                    if let Some(sum) = of_channel.get_mut(touch.channel) {
                        *sum = sum.saturating_add(credit.unsigned_abs());
                    }
                }
                for (channel, credit) in of_channel.iter_mut().enumerate().filter(|(_, credit)| **credit > 0) {
                    add(index.saturating_mul(channels).saturating_add(channel), std::mem::take(credit));
                }
            }
        }
    }
    let name = |channel: usize| paths.channels.get(channel).copied().unwrap_or("");
    for (place, sums) in all.iter().enumerate() {
        let sums = (0_i64..).zip(sums).filter(|(_, sum)| **sum > 0).map(|(at, sum)| (at, *sum));
        let sums: Map<i64, u64> = sums.collect();
        if sums.is_empty() {
            continue;
        }
        let key = match place.checked_sub(credits) {
            None => {
                let (model, _) = MODELS.get(place.checked_div(channels).unwrap_or(0)).copied().unwrap_or_default();
                Key::part(model, name(place.checked_rem(channels).unwrap_or(0)))
            }
            Some(step) => {
                let (from, to) = (step.checked_div(ends).unwrap_or(0), step.checked_rem(ends).unwrap_or(0));
                let from = if from == start { START } else { name(from) };
                let to = match to {
                    to if to == won => WON,
                    to if to == lost => LOST,
                    to => name(to),
                };
                Key::part("transition", format!("{from}{TO}{to}"))
            }
        };
        measure.counts.insert(key, sums);
    }
    tally.finish(&mut measure);
    measure
}

/// Adds a credit to a window's sum and, where it is resampled, to the sum of each resample.
#[cfg_attr(speed, optimize(speed))]
fn resample(sums: &mut Sums, window: usize, resamples: Option<&[u8; RESAMPLES]>, credit: u64) {
    if sums.is_empty() {
        sums.resize(COLUMNS, 0);
    }
    for (sum, times) in sums.iter_mut().zip(resamples.into_iter().flatten()) {
        let times = u64::from(*times);
        // No record occurs 32 times.
        let credits = if credit < u64::MAX / 32 { credit.wrapping_mul(times) } else { credit.saturating_mul(times) };
        *sum = sum.saturating_add(credits);
    }
    if let Some(sum) = sums.get_mut(RESAMPLES.saturating_add(window)) {
        *sum = sum.saturating_add(credit);
    }
}

/// The resamples and, behind them, the windows.
const COLUMNS: usize = RESAMPLES + WINDOWS;

/// The share of each channel by each model, in each resample and window.
struct Shares<'a> {
    /// Those that are credited in a window, with their places in the lists of shares.
    channels: Vec<(usize, &'a str)>,
    /// By model, then by resample or window; nothing where no credit is.
    shares: Vec<Vec<f64>>,
}

impl<'a> Shares<'a> {
    fn new(measure: &'a Measure) -> Self {
        let transitions: Vec<_> = measure.counts.iter().filter(|(key, _)| key.0 == "transition").list();
        let names: Vec<&str> = transitions.iter().map(|(key, _)| key.1.as_str()).list();
        let (names, places) = places(&names);
        let at = |sums: Option<&Map<i64, u64>>, column: usize| {
            sums.and_then(|sums| sums.get(&(column as i64))).copied().unwrap_or(0) as f64
        };
        let divided = |mut credit: Vec<f64>| {
            let whole: f64 = credit.iter().sum();
            if whole > 0.0 {
                for credit in &mut credit {
                    *credit /= whole;
                }
            } else {
                credit.clear();
            }
            credit
        };
        let mut shares: Vec<Vec<f64>> = Vec::new();
        for (model, _) in MODELS {
            let credit: Vec<_> = names.iter().map(|name| measure.histogram(model, name)).list();
            for column in 0..COLUMNS {
                shares.push(divided(credit.iter().map(|sums| at(*sums, column)).list()));
            }
        }
        for column in 0..COLUMNS {
            // A resample that no won deal of is credited divides nothing.
            let credited = shares.get(column).is_some_and(|shares| !shares.is_empty());
            let mut counts = transitions.iter().map(|(_, sums)| at(Some(sums), column));
            shares.push(if credited { divided(effects(names.len(), &places, &mut counts)) } else { Vec::new() });
        }
        let mut shares = Self { channels: Vec::new(), shares };
        for (channel, name) in names.into_iter().enumerate() {
            // Some stand only on ways that nobody credits.
            let credited =
                |model: usize| shares.of(model, channel, RESAMPLES..COLUMNS).iter().any(|share| *share > 0.0);
            if (0..shares.models()).any(credited) {
                shares.channels.push((channel, name));
            }
        }
        shares
    }

    fn models(&self) -> usize {
        self.shares.len() / COLUMNS
    }

    /// What a model gives a channel in some resamples or windows.
    fn of(&self, model: usize, channel: usize, columns: std::ops::Range<usize>) -> Vec<f64> {
        let shares = self.shares.iter().skip(model.saturating_mul(COLUMNS).saturating_add(columns.start));
        shares.take(columns.len()).filter_map(|shares| shares.get(channel)).copied().list()
    }

    /// The median over models of a channel's share in a resample or window.
    fn median(&self, channel: usize, column: usize) -> Option<f64> {
        let mut all = Vec::new();
        for model in 0..self.models() {
            all.extend(self.of(model, channel, column..column.saturating_add(1)));
        }
        let all = ordered(&mut all.into_iter());
        let (low, high) = (all.get(all.len().checked_sub(1)? / 2)?, all.get(all.len() / 2)?);
        Some((low + high) / 2.0)
    }
}

/// Widens a range to what numbers span.
fn widen(range: &mut [f64; 2], numbers: &[f64]) {
    for number in numbers {
        *range = [range[0].min(*number), range[1].max(*number)];
    }
}

const NOTHING: [f64; 2] = [f64::INFINITY, f64::NEG_INFINITY];

fn width([low, high]: [f64; 2]) -> f64 {
    (high - low).max(0.0)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let unknown = |code: &str, message: &str| Judgement { answer: Answer::undefined(code, message), parts: Vec::new() };
    if measure.noted("channels").iter().any(|(_, channels)| *channels > MOST_CHANNELS as i64) {
        return unknown("too_many", "There are too many channels to solve for. Group them.");
    }
    let shares = Shares::new(measure);
    let n = shares.channels.len();
    let models = shares.models();
    let base = RESAMPLES..RESAMPLES.saturating_add(1);
    if shares.channels.iter().all(|(channel, _)| shares.of(0, *channel, base.clone()).is_empty()) {
        return unknown("no_evidence", "No won deal has a touch that counts.");
    }
    if n < 2 {
        return unknown("one_channel", "All touches are of one channel, so there is nothing to compare.");
    }
    let mut channels = Vec::new();
    let [mut spread, mut undisputed, mut by_model, mut by_window, mut by_chance] = [0.0; 5];
    for (channel, name) in &shares.channels {
        let channel = *channel;
        let (mut whole, mut among) = (NOTHING, NOTHING);
        for model in 0..models {
            let mut window = NOTHING;
            widen(&mut window, &shares.of(model, channel, RESAMPLES..COLUMNS));
            widen(&mut among, &shares.of(model, channel, base.clone()));
            let chance = middle(&mut shares.of(model, channel, 0..RESAMPLES).into_iter());
            widen(&mut whole, &window);
            widen(&mut whole, chance.as_ref().map_or(&[], |chance| chance));
            by_window += width(window) / models as f64;
            by_chance += chance.map_or(0.0, width) / models as f64;
        }
        spread += width(whole);
        undisputed += whole[0];
        by_model += width(among);
        let Some(median) = shares.median(channel, RESAMPLES) else { continue };
        let mut interval = [median; 2];
        let resampled = middle(&mut (0..RESAMPLES).filter_map(|column| shares.median(channel, column)));
        widen(&mut interval, resampled.as_ref().map_or(&[], |resampled| resampled));
        let answer = Answer::new(median, measure.used).within(Some(interval)).bounded(Some(whole));
        channels.push(Part::new(*name, *name, Unit::Rate, answer));
    }
    let mut ranks: Vec<Vec<i64>> = Vec::new();
    for column in RESAMPLES..COLUMNS {
        for shares_of in shares.shares.iter().skip(column).step_by(COLUMNS).filter(|shares| !shares.is_empty()) {
            let share = |channel: usize| shares_of.get(channel).copied().unwrap_or(0.0);
            let millionths = shares.channels.iter().map(|(channel, _)| libm::round(share(*channel) * 1e6) as i64);
            ranks.push(millionths.list());
        }
    }
    let agreement = concordance(&ranks);
    let value = 1.0 - spread / n as f64;
    let percent = |name: &str| frame.parameters.whole(name) as f64 / 100.0;
    let least = agreement.map_or(value, |agreement| agreement.min(value));
    let thin = measure.used < frame.charter.minimum_n;
    let verdict = if least < percent("unstable_percent") {
        2
    } else {
        usize::from(least < percent("stable_percent") || undisputed < percent("undisputed_percent") || thin)
    };
    let (key, label) = VERDICTS.get(verdict).copied().unwrap_or_default();
    let answer = |value: f64| Answer::new(value, measure.used);
    let part = |key: &str, label: &str, answer: Answer| Part::new(key, label, Unit::Rate, answer);
    let agreement =
        agreement.map_or_else(|| Answer::undefined("no_order", "All models give all channels the same."), answer);
    let mean = |sum: f64| answer(sum / n as f64);
    let count = Part::new("channels", "Channels", Unit::Records, Answer::new(n as f64, u64::MAX));
    let parts = vec![
        part(key, label, answer(value)),
        part("agreement", "Rank agreement (Kendall’s W)", agreement),
        part("undisputed", "Undisputed credit", answer(undisputed)),
        part("by_model", "Mean spread by model", mean(by_model)),
        part("by_window", "Mean spread by window", mean(by_window)),
        part("by_chance", "Mean spread by chance", mean(by_chance)),
        count.with(channels),
    ];
    Judgement { answer: answer(value), parts }
}
