//! View: what each channel is owed under every attribution model, and how much of that is the model's doing.

use super::board::brief;
use super::operations::{LISTED, figures, greatest_first, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Column, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Unit};
use crate::query::Asker;
use crate::sort::sorted;

/// A channel's shares of the whole.
struct Channel<'a> {
    name: &'a str,
    /// One for each model; nothing where the model can't be solved.
    shares: Vec<Option<f64>>,
    /// The models that give it least and most, with what they give.
    least: (f64, &'a str),
    most: (f64, &'a str),
    median: f64,
}

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["attribution_credit"]);
    let (mut state, mut message) = sentence(all.first());
    let channels = all.first().map(|figure| channels(figure)).unwrap_or_default();
    if let Some(channel) = channels.first() {
        let [least, most] = [channel.least, channel.most].map(|(share, _)| amount(share, Unit::Rate, None));
        let name = named(channel.name);
        (state, message) = if spread(channel) > 0 {
            let message = format!(
                "{name} depends most on the model: its share is {least} by “{}” and {most} by “{}”. No one model alone \
                 should guide the budget.",
                channel.least.1, channel.most.1
            );
            (if is_shaky(channel) { State::Warning } else { State::Neutral }, message)
        } else {
            (State::Good, "All models give every channel the same share.".into())
        };
    }
    let sections = match all.first() {
        Some(figure) if !channels.is_empty() => vec![spreads(&channels), models(figure, &channels)],
        _ => Vec::new(),
    };
    let figures = brief(all.iter().map(|figure| figure.as_ref().clone()).collect());
    BoardView { name: "attribution".into(), message, state, figures, sections }
}

/// The channels, those first whose share depends most on the model.
fn channels(figure: &Figure) -> Vec<Channel<'_>> {
    let Some(whole) = figure.value.filter(|whole| *whole > 0.0) else { return Vec::new() };
    // Every model that divides each deal by itself names the same channels.
    let names = figure.part("linear").map(|part| part.parts.as_slice()).unwrap_or_default();
    let found = names.iter().filter_map(|channel| {
        let name = channel.part.as_str();
        let share = |model: &Figure| {
            // A model that is solved and doesn't name a channel gives it nothing.
            model.value.map(|_| model.part(name).and_then(|part| part.value).unwrap_or(0.0) / whole)
        };
        let shares: Vec<Option<f64>> = figure.parts.iter().map(share).collect();
        let known = figure.parts.iter().zip(&shares);
        let known = known.filter_map(|(model, share)| Some((share.map(millionths)?, model.label.as_str())));
        let known: Vec<(i64, &str)> = sorted(known.collect());
        let middle = |at: usize| known.get(at).map(|(share, _)| *share as f64 / 1e6);
        let (low, high) = (middle(known.len().saturating_sub(1) / 2)?, middle(known.len() / 2)?);
        let (least, most) = (known.first()?, known.last()?);
        Some(Channel {
            name,
            shares,
            least: (least.0 as f64 / 1e6, least.1),
            most: (most.0 as f64 / 1e6, most.1),
            median: (low + high) / 2.0,
        })
    });
    let found: Vec<Channel> = found.collect();
    let order = greatest_first(found.iter().map(|channel| channel.most.0 - channel.least.0).collect());
    let mut found: Vec<Option<Channel>> = found.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| found.get_mut(at)?.take()).collect()
}

fn millionths(share: f64) -> i64 {
    libm::round(share * 1e6) as i64
}

/// From the least to the most that a model gives, in millionths of the whole.
fn spread(channel: &Channel) -> i64 {
    millionths(channel.most.0).saturating_sub(millionths(channel.least.0))
}

/// Whether one model gives twice what another does.
fn is_shaky(channel: &Channel) -> bool {
    channel.most.0 > 0.0 && channel.most.0 >= 2.0 * channel.least.0
}

fn named(channel: &str) -> &str {
    if channel.is_empty() { "(blank)" } else { channel }
}

fn of(channels: &[Channel]) -> Option<u64> {
    (channels.len() > LISTED).then_some(channels.len() as u64)
}

/// Each channel's share, from the model that gives least to the one that gives most.
fn spreads(channels: &[Channel]) -> Section {
    let rows = channels.iter().take(LISTED).map(|channel| {
        let shaky = is_shaky(channel);
        let share = Cell { bounds: Some([channel.least.0, channel.most.0]), ..Cell::number(Some(channel.median)) };
        Row {
            id: channel.name.into(),
            label: named(channel.name).into(),
            state: if shaky { State::Warning } else { State::Neutral },
            word: if shaky { "depends on the model".into() } else { String::new() },
            note: String::new(),
            cells: vec![share, Cell::text(channel.least.1), Cell::text(channel.most.1)],
        }
    });
    let columns = vec![
        Column::of(Unit::Rate, "share", "Share of won amount"),
        Column::text("least", "Least by"),
        Column::text("most", "Most by"),
    ];
    let note = "The median of the models, and from the least to the most that one of them gives. Where one gives twice \
                what another does, the share depends on the model: test before you move budget.";
    Section {
        of: of(channels),
        ..section("channels", "Credit by channel", note, Layout::Bars, columns, rows.collect())
    }
}

/// The models side by side.
fn models(figure: &Figure, channels: &[Channel]) -> Section {
    let columns = figure.parts.iter().map(|model| Column::of(Unit::Rate, &model.part, &model.label)).collect();
    let rows = channels.iter().take(LISTED).map(|channel| {
        let cells = channel.shares.iter().zip(&figure.parts).map(|(share, model)| match share {
            Some(_) => Cell::number(*share),
            None => Cell { state: State::Unknown, ..Cell::figure(model) },
        });
        Row { id: channel.name.into(), label: named(channel.name).into(), cells: cells.collect(), ..Row::default() }
    });
    let note = "Each column divides the same won amount.";
    Section {
        of: of(channels),
        ..section("models", "Models side by side", note, Layout::Matrix, columns, rows.collect())
    }
}
