//! View: whether money is spent as planned, and what it returns.

use super::operations::{LISTED, brief, figures, greatest, greatest_first, more, one, reason, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Layout, Row, Section, State, Subject};
use crate::figure::{Direction, Figure, Unit};
use crate::fold::lower;
use crate::kpi::judgement::{TOLERANCE, status};
use crate::list::{Joined, List};
use crate::query::Asker;

/// The figures, the most important first.
const FIGURES: [&str; 5] = ["budget_pacing", "marketing_roi", "channel_roi", "cost_per_stage", "budget_accuracy"];

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &FIGURES);
    let find = |id: &str| one(&all, id);
    let pacing = find("budget_pacing");
    let (mut state, mut message) = sentence(pacing);
    let mut sections = Vec::new();
    if let Some(figure) = pacing {
        let plans = plans(asker, figure);
        let off = plans.iter().find(|plan| matches!(plan.state, State::Warning | State::Bad));
        if let Some(plan) = off {
            let money = |value: f64| amount(value, Unit::Money, Some(&asker.charter.currency));
            (state, message) = (
                plan.state,
                if plan.is_over {
                    let [spent, budget] = [plan.projected, plan.budget].map(money);
                    format!("{} spent {spent} of a budget of {budget}.", plan.label)
                } else {
                    let [projected, budget] = [plan.projected, plan.budget].map(money);
                    format!(
                        "{} needs somebody: at its pace {projected} of a budget of {budget} will be spent.",
                        plan.label
                    )
                },
            );
        } else if !plans.is_empty() {
            message.push_str(" No channel is off its plan.");
        }
        sections.push(channels(figure, &plans));
    }
    sections.extend(find("channel_roi").map(|figure| {
        let unmatched = rest(figure, "unmatched_spend");
        rates(asker, figure, ["returns", "Return by channel", "ROI"], &unmatched, "cost more than it won")
    }));
    sections.extend(find("cost_per_stage").map(|figure| stages(figure)));
    sections.extend(find("budget_accuracy").map(|figure| {
        let names = ["accuracy", "Finished budgets against their plans", "Accuracy of the plan"];
        rates(asker, figure, names, &rest(figure, "unbudgeted"), "off by more than the plan")
    }));
    brief("budget", (state, message), &all, sections)
}

/// A channel's budget and where it is going.
struct Plan<'a> {
    figure: &'a Figure,
    label: String,
    budget: f64,
    projected: f64,
    /// Whether its time has run out, so that nothing is projected.
    is_over: bool,
    state: State,
}

/// The channels with a budget, those first whose projection is furthest from it.
fn plans<'a>(asker: &Asker, figure: &'a Figure) -> Vec<Plan<'a>> {
    let settings = asker.charter.kpis.get("budget_pacing");
    let tolerance = settings.and_then(|settings| settings.tolerance).unwrap_or(TOLERANCE);
    // A pace of 1 is the plan, where the charter aims at nothing else.
    let target = figure.target.or(Some(1.0));
    let parts = figure.part("channels").map(|part| part.parts.as_slice()).unwrap_or_default();
    let found = parts.iter().filter_map(|part| {
        let of = |key: &str| part.part(key).and_then(|inner| inner.value);
        let judged = Figure { status: status(part.value, target, Direction::Band, tolerance), ..part.clone() };
        let (budget, projected) = (of("budget")?, of("projected")?);
        let label = spelled(asker, &part.label);
        let is_over = of("spent") == Some(projected);
        Some(Plan { figure: part, label, budget, projected, is_over, state: State::of(&judged) })
    });
    let found: Vec<Plan> = found.list();
    greatest(found, &|plan| (plan.projected - plan.budget).abs())
}

/// A part's value as a sentence, where it is worth one.
fn rest(figure: &Figure, part: &str) -> String {
    let rest = figure.part(part).and_then(|part| Some((part, part.value.filter(|value| *value > 0.0)?)));
    rest.map(|(part, value)| [&part.label, ": ", &amount(value, part.unit, part.currency.as_deref()), "."].joined(""))
        .unwrap_or_default()
}

/// A channel as the plans spell it: spellings are one in the figures.
fn spelled(asker: &Asker, name: &str) -> String {
    let same = |text: &str| (lower(text.trim()) == lower(name)).then(|| text.to_owned());
    let columns = ["budgets", "spend"].into_iter().filter_map(|table| asker.dataset.table(table)?.text("channel"));
    let known = columns.flat_map(|column| column.each(same)).flatten().find(|text| !text.is_empty());
    known.unwrap_or_else(|| if name.is_empty() { "(blank)".into() } else { name.into() })
}

fn channels(figure: &Figure, plans: &[Plan]) -> Section {
    let rows = plans.iter().take(LISTED).map(|plan| {
        let off = matches!(plan.state, State::Warning | State::Bad);
        let word = match plan.figure.value {
            None => "",
            Some(_) if !off => "on plan",
            Some(_) if plan.projected > plan.budget => "too fast",
            Some(_) => "too slow",
        };
        let mut row = Row::new(&plan.figure.part, &plan.label);
        row.means(plan.state, word);
        for part in ["projected", "budget", "spent"] {
            row.part(plan.figure, part);
        }
        row.cells.push(Cell::figure(plan.figure).means(plan.state));
        row
    });
    let columns = &[
        ("projected", "Projected at the end", Some(Unit::Money)),
        ("budget", "Budget", Some(Unit::Money)),
        ("spent", "Spent so far", Some(Unit::Money)),
        ("pace", "Pace", Some(Unit::Ratio)),
    ];
    let note = if plans.is_empty() { reason(figure).to_owned() } else { rest(figure, "unbudgeted") };
    Section {
        of: more(plans.len()),
        ..section("channels", "Pacing by channel", &note, Layout::Bars, columns, rows.list())
    }
}

/// A figure's shares by channel, the least first; those unknown last. Below 0 it has a word.
fn rates(asker: &Asker, figure: &Figure, [id, label, column]: [&str; 3], rest: &str, below: &str) -> Section {
    let parts: Vec<&Figure> = figure.parts.iter().filter(|part| part.unit == Unit::Rate).list();
    let order = greatest_first(parts.iter().map(|part| part.value.map_or(f64::MIN, |value| -value)).list());
    let rows = order.into_iter().filter_map(|at| parts.get(at)).take(LISTED).map(|part| {
        let (state, word) = match part.value {
            None => (State::Unknown, ""),
            Some(value) if value < 0.0 => (State::Warning, below),
            Some(_) => (State::Neutral, ""),
        };
        let mut row = Row::new(&part.part, &spelled(asker, &part.label));
        row.means(state, word);
        row.cells.push(Cell::figure(part).means(state));
        row
    });
    let note = if parts.is_empty() { reason(figure) } else { rest };
    let columns = &[("value", column, Some(Unit::Rate))];
    Section { of: more(parts.len()), ..section(id, label, note, Layout::Table, columns, rows.list()) }
}

/// What a record costs by the stage that it reaches.
fn stages(figure: &Figure) -> Section {
    let stages = figure.parts.iter().filter(|part| !["unmatched_spend", "spend_unread"].contains(&part.part.as_str()));
    let rows = stages.map(|part| {
        let mut row = Row::of(part);
        if part.value.is_none() {
            row.state = State::Unknown;
        }
        row.figure(part);
        // Known whether or not anything was spent on them.
        row.number(Some(part.used as f64));
        row
    });
    let columns = &[
        ("cost", "Cost of marketing for each", Some(Unit::Money)),
        ("entered", "Contacts that entered", Some(Unit::Records)),
    ];
    let rows: Vec<Row> = rows.list();
    let note = if rows.is_empty() { reason(figure) } else { "" };
    section("stages", "Cost by stage", note, Layout::Bars, columns, rows)
}
