//! View: whether attribution may guide budget, what each channel is owed under every model, and how much of that is the
//! choice of model and window, or chance.

use super::board::Heading;
use super::operations::{LISTED, brief, figures, greatest, more, one, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Unit};
use crate::kpi::attribution_consistency::VERDICTS;
use crate::kpi::{self, Parameters};
use crate::list::{Joined, List};
use crate::query::Asker;
use crate::sort::sorted;
use crate::sum::Sum;

/// A channel's shares of the whole.
struct Channel<'a> {
    name: &'a str,
    /// One for each model; nothing where the model can't be solved.
    shares: Vec<Option<f64>>,
    /// The models that give it least and most.
    least_by: &'a str,
    most_by: &'a str,
    median: f64,
    /// From least to most by any model, window and resample; by any model where no more is known.
    bounds: [f64; 2],
    /// What chance leaves of the median.
    interval: Option<[f64; 2]>,
}

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["attribution_consistency", "attribution_credit"]);
    let find = |id: &str| one(&all, id);
    let (consistency, credit) = (find("attribution_consistency"), find("attribution_credit"));
    let channels = credit.map(|credit| channels(credit, consistency.map(AsRef::as_ref))).unwrap_or_default();
    let verdict = consistency.and_then(|figure| VERDICTS.iter().position(|(key, _)| figure.part(key).is_some()));
    let (mut state, mut message) = sentence(credit);
    if let Some(channel) = channels.first() {
        let [least, most] = channel.bounds.map(|share| amount(share, Unit::Rate, None));
        (state, message) = match verdict.and_then(|verdict| VERDICTS.get(verdict)) {
            Some((_, words)) => (state_of(verdict), format!("{words}.")),
            None => (State::Neutral, String::new()),
        };
        if width(channel) > 0 {
            message.push_str(&format!(
                " {} depends most on how it is counted: from {least} to {most} of the credit, least by “{}” and most \
                 by “{}”.",
                named(channel.name),
                channel.least_by,
                channel.most_by
            ));
        } else if channels.len() == 1 {
            message.push_str("All touches that count are of one channel.");
        }
        message = message.trim_start().to_owned();
    }
    let mut sections = Vec::new();
    if let Some(figure) = credit.filter(|_| !channels.is_empty()) {
        let parameters = Parameters::new(&kpi::of("attribution_consistency").definition, asker.charter);
        sections.push(spreads(&channels, &parameters));
        sections.extend(consistency.filter(|figure| figure.value.is_some()).map(|figure| causes(figure)));
        sections.push(models(figure, &channels));
    }
    brief("attribution", (state, message), &all, sections)
}

/// What a verdict means for the reader.
fn state_of(verdict: Option<usize>) -> State {
    match verdict {
        Some(0) => State::Good,
        Some(1) => State::Warning,
        Some(_) => State::Bad,
        None => State::Unknown,
    }
}

/// The channels, those first whose share depends most on how it is counted.
fn channels<'a>(credit: &'a Figure, consistency: Option<&'a Figure>) -> Vec<Channel<'a>> {
    let Some(whole) = credit.value.filter(|whole| *whole > 0.0) else { return Vec::new() };
    let counted = consistency.and_then(|figure| figure.part("channels"));
    // Every model that divides each deal by itself names the same channels.
    let names = counted.or_else(|| credit.part("linear")).map(|part| part.parts.as_slice()).unwrap_or_default();
    let found = names.iter().filter_map(|channel| {
        let name = channel.part.as_str();
        let share = |model: &Figure| {
            // A model that is solved and doesn't name a channel gives it nothing.
            model.value.map(|_| model.part(name).and_then(|part| part.value).unwrap_or(0.0) / whole)
        };
        let shares: Vec<Option<f64>> = credit.parts.iter().map(share).list();
        let known = credit.parts.iter().zip(&shares);
        let known = known.filter_map(|(model, share)| Some((share.map(millionths)?, model.label.as_str())));
        let known: Vec<(i64, &str)> = sorted(known.list());
        let at = |at: usize| known.get(at).map(|(share, _)| *share as f64 / 1e6);
        let middle = (at(known.len().minus(1) / 2)? + at(known.len() / 2)?) / 2.0;
        let (least, most) = (known.first()?, known.last()?);
        let counted = counted.and(channel.value);
        Some(Channel {
            name,
            shares,
            least_by: least.1,
            most_by: most.1,
            median: counted.unwrap_or(middle),
            bounds: channel.bounds.filter(|_| counted.is_some()).unwrap_or([at(0)?, most.0 as f64 / 1e6]),
            interval: channel.interval.filter(|_| counted.is_some()),
        })
    });
    let found: Vec<Channel> = found.list();
    greatest(found, &|channel| width(channel) as f64)
}

fn millionths(share: f64) -> i64 {
    libm::round(share * 1e6) as i64
}

/// From the least to the most that a channel has, in millionths of the whole.
fn width(channel: &Channel) -> i64 {
    millionths(channel.bounds[1]).minus(millionths(channel.bounds[0]))
}

/// Whether a channel may guide budget, by the bars that hold for all of them; never where it has twice as much counted
/// one way as another.
fn judged(channel: &Channel, parameters: &Parameters) -> usize {
    let [least, most] = channel.bounds;
    let consistency = 100.0 * (1.0 - (most - least));
    let below = |name: &str| consistency < parameters.whole(name) as f64;
    if below("unstable_percent") { 2 } else { usize::from(below("stable_percent") || most >= 2.0 * least) }
}

fn named(channel: &str) -> &str {
    if channel.is_empty() { "(blank)" } else { channel }
}

/// Each channel's share, from the least to the most.
fn spreads(channels: &[Channel], parameters: &Parameters) -> Section {
    let rows = channels.iter().take(LISTED).map(|channel| {
        let verdict = judged(channel, parameters);
        let word = ["stable", "use with care", "do not move budget"].get(verdict).copied().unwrap_or_default();
        let mut row = Row::new(channel.name, named(channel.name));
        row.means(state_of(Some(verdict)), word);
        row.between(Some(channel.median), Some(channel.bounds));
        row.between(None, channel.interval);
        row.text(channel.least_by);
        row.text(channel.most_by);
        row
    });
    let columns = &[
        ("share", "Share of credit", Some(Unit::Rate)),
        ("chance", "95% of resamples", Some(Unit::Rate)),
        ("least", "Lowest model", None),
        ("most", "Highest model", None),
    ];
    let note = "The median of the models, and from the least to the most that any of them gives in any window or \
                resample. Where that depends on the choice, test before you move budget.";
    Section {
        of: more(channels.len()),
        ..section("channels", "Credit by channel", note, Layout::Bars, columns, rows.list())
    }
}

/// What makes shares spread.
fn causes(figure: &Figure) -> Section {
    let rows =
        [("by_model", "Model"), ("by_window", "Window"), ("by_chance", "Chance")].iter().filter_map(|(key, label)| {
            let part = figure.part(key)?;
            let mut row = Row::new(&part.part, label);
            row.figure(part);
            Some(row)
        });
    let said = ["undisputed", "agreement"].iter().filter_map(|key| {
        let part = figure.part(key)?;
        Some([&part.label, ": ", &amount(part.value?, Unit::Rate, None), "."].joined(""))
    });
    let note = said.list().joined(" ");
    let columns = &[("spread", "Mean spread if only this varies", Some(Unit::Rate))];
    section("causes", "What the spread comes from", &note, Layout::Bars, columns, rows.list())
}

/// The models side by side.
fn models(figure: &Figure, channels: &[Channel]) -> Section {
    let columns: Vec<Heading> =
        figure.parts.iter().map(|model| (model.part.as_str(), model.label.as_str(), Some(Unit::Rate))).list();
    let rows = channels.iter().take(LISTED).map(|channel| {
        let mut row = Row::new(channel.name, named(channel.name));
        for (share, model) in channel.shares.iter().zip(&figure.parts) {
            match share {
                Some(_) => row.number(*share),
                None => row.cells.push(Cell::figure(model).means(State::Unknown)),
            }
        }
        row
    });
    let note = "Each column divides the same won amount.";
    Section {
        of: more(channels.len()),
        ..section("models", "Models side by side", note, Layout::Matrix, &columns, rows.list())
    }
}
