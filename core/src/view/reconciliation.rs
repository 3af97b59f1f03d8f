//! View: what platforms claim against what the CRM has, why the two differ, and who settles it.

use super::operations::{LISTED, brief, figures, greatest_first, more, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Layout, Row, Section, State, Subject};
use crate::charter::platforms::Platform;
use crate::figure::{Figure, Unit};
use crate::fold::lower;
use crate::kpi::judgement::TOLERANCE;
use crate::list::{Joined, List};
use crate::query::Asker;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["reconciliation_gap"]);
    let (mut state, mut message) = sentence(all.first());
    let mut sections = Vec::new();
    if let Some(figure) = all.first() {
        let metrics = figure.parts.iter().filter(|part| part.unit == Unit::Ratio);
        // The sum that is furthest above what there is says most.
        let worst = metrics.clone().filter_map(|metric| Some((libm::round(metric.value? * 1e6) as i64, metric)));
        if let Some((claimed, metric)) = worst.max_by_key(|(claimed, _)| *claimed) {
            state = if claimed > 1_000_000 { State::Bad } else { State::Neutral };
            message = told(metric);
        }
        sections.extend(metrics.map(|metric| claims(asker, figure, metric)));
        sections.extend(figure.part("undeclared").map(undeclared));
    }
    brief("reconciliation", (state, message), &all, sections)
}

/// What platforms claim together, and which of them most.
fn told(metric: &Figure) -> String {
    let (Some(sum), Some(crm)) = (metric.value, metric.denominator.as_ref()) else { return String::new() };
    let of = lower(&metric.label);
    let mut message =
        ["Together platforms claim ", &amount(sum, Unit::Rate, None), " of the CRM’s ", &of, "."].joined("");
    if sum > 1.0 {
        message.push_str(" Some of it is claimed twice.");
    }
    let claimed = |platform: &&Figure| part(platform, "claimed").map_or(0, |claimed| libm::round(claimed) as i64);
    if let Some(most) = metric.parts.iter().max_by_key(claimed) {
        let [claimed, ours] = ["claimed", "ours"].map(|key| part(most, key).map(|value| value / crm.value));
        if let (Some(claimed), Some(ours)) = (claimed, ours) {
            let [claimed, by_us] = [claimed, ours].map(|share| amount(share, Unit::Rate, None));
            message.push_str(&format!(" {} alone claims {claimed}", most.label));
            message.push_str(&if ours > 0.0 {
                format!("; by our count it has {by_us}.")
            } else {
                ", and nothing in the CRM has its sources.".into()
            });
        }
    }
    message
}

fn part(figure: &Figure, key: &str) -> Option<f64> {
    figure.part(key).and_then(|part| part.value)
}

/// Each platform's claim of a metric.
fn claims(asker: &Asker, figure: &Figure, metric: &Figure) -> Section {
    let declared = |id: &str| asker.charter.platforms.iter().find(|platform| platform.id == id);
    let unit =
        metric.parts.first().and_then(|platform| platform.part("claimed")).map_or(Unit::Records, |part| part.unit);
    // Those first whose claims are furthest beyond ours.
    let beyond = |gap: &Figure| part(gap, "claimed").unwrap_or(0.0) - part(gap, "ours").unwrap_or(0.0);
    let order = greatest_first(metric.parts.iter().map(beyond).list());
    let rows = order.into_iter().filter_map(|at| metric.parts.get(at)).take(LISTED).filter_map(|gap| {
        let platform = declared(&gap.part)?;
        let (state, word, mend) = judged(gap, figure.target.unwrap_or(TOLERANCE));
        let days = platform.window_days.map(|days| days.to_string() + " days");
        let owner = platform.owner.as_ref().map(|owner| asker.charter.person_name(owner));
        let mut row = Row::of(gap);
        row.means(state, word);
        row.note = differs(asker, platform) + mend;
        row.part(gap, "claimed");
        row.part(gap, "ours");
        row.cells.push(Cell::figure(gap).means(state));
        row.text(days.as_deref().unwrap_or("not declared"));
        row.text(owner.as_deref().unwrap_or("nobody"));
        Some(row)
    });
    let columns = &[
        ("claimed", "Claimed", Some(unit)),
        ("ours", "Ours", Some(unit)),
        ("gap", "Gap", Some(Unit::Rate)),
        ("window", "Window", None),
        ("owner", "Owner", None),
    ];
    let note = match (&metric.undefined, metric.value.zip(metric.denominator.as_ref())) {
        (Some(undefined), _) => undefined.message.clone(),
        (None, Some((sum, crm))) => {
            let crm = amount(crm.value, crm.unit, Some(&asker.charter.currency));
            ["Together they claim ", &amount(sum, Unit::Rate, None), " of the CRM’s ", &crm, "."].joined("")
        }
        _ => String::new(),
    };
    section(&metric.part, &metric.label, &note, Layout::Table, columns, rows.list())
}

/// What a gap means, and what to do about it.
fn judged(gap: &Figure, bar: f64) -> (State, &'static str, &'static str) {
    match gap.value {
        None => {
            let (word, mend) = match gap.undefined.as_ref().map(|undefined| undefined.code.as_str()) {
                Some("missing_zone") => {
                    ("time zone not known", " Give the offsets of its time zone, or mend its name.")
                }
                Some("missing_table") => ("table missing", " Give the CRM’s table that it is held against."),
                _ => ("no counterpart", " Count on none of it until its sources stand in the CRM."),
            };
            (State::Unknown, word, mend)
        }
        Some(gap) if gap.abs() <= bar => (State::Good, "agrees", ""),
        Some(gap) if gap > 0.0 => (State::Warning, "claims more", " Settle one window and one definition."),
        Some(_) => (State::Warning, "claims less", " Look for links and forms that it does not see."),
    }
}

/// How a platform counts otherwise than the CRM.
fn differs(asker: &Asker, platform: &Platform) -> String {
    let mut words = platform.definition.trim().to_owned();
    if words.is_empty() {
        words.push_str("What it counts is not declared.");
    }
    let zone = platform.time_zone.as_str();
    if !zone.is_empty() && zone != asker.charter.time_zone {
        words = [&words, " Its days are those of ", zone, "."].joined("");
    }
    words
}

/// Claims that the charter doesn't know.
fn undeclared(figure: &Figure) -> Section {
    let row = |part: &Figure| {
        let mut row = Row::of(part);
        row.means(State::Warning, "not declared");
        row.note = "Declare its sources, window, time zone, definition and owner in the charter.".into();
        row.figure(part);
        row
    };
    let rows = figure.parts.iter().take(LISTED).map(row).list();
    let columns = &[("reports", "Reports", Some(Unit::Records))];
    Section { of: more(figure.parts.len()), ..section("undeclared", &figure.label, "", Layout::Table, columns, rows) }
}
