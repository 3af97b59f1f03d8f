//! The panel that defends a figure: what it is, who answers for it, and which rows are in it.

use crate::context::Context;
use crate::dom::{Element, div, html, span};
use crate::format::{Detail, Format};
use crate::leptos::{IntoAny, With as _};
use crate::port::Action;
use crate::text;
use mops_core::figure::{DefinitionInForce, Direction, Figure, Quantity, SignOff, SignOffState};
use mops_core::ledger::{Excluded, RowReference};
use mops_core::list::List;
use mops_core::view::View;

/// The panel of a figure.
pub fn panel(context: Context, view: &View, figure: &Figure) -> Element {
    let format = context.format(view);
    let mut list = html("dl").class("definition");
    let mut row = |term: &str, content: Element| {
        let taken = std::mem::replace(&mut list, html("dl"));
        list = taken.child(div("row").child(html("dt").text(term)).child(content));
    };
    row(text::VALUE, value(&format, figure));
    if let Some(numerator) = &figure.numerator {
        row(text::NUMERATOR, quantity(&format, numerator));
    }
    if let Some(denominator) = &figure.denominator {
        row(text::DENOMINATOR, quantity(&format, denominator));
    }
    if let Some(interval) = figure.interval {
        row(text::INTERVAL, html("dd").text(format.range(interval, figure.unit, Detail::Full)));
    }
    if let Some(target) = figure.target {
        row(text::TARGET, html("dd").text(format.value(target, figure.unit, Detail::Full)));
    }
    row(text::PERIOD, html("dd").text(period(&format, view)));
    if let Some(compared) = &view.compared_with {
        row(text::COMPARED_WITH, html("dd").text(compared.label.as_str()));
    }
    if let Some(definition) = &figure.definition {
        words(context, definition, &mut row);
        row(text::OWNER, html("dd").text(definition.owner.as_deref().unwrap_or(text::NO_OWNER)));
        row(text::SIGN_OFF, html("dd").text(sign_off(&definition.sign_off)));
    }
    row(text::ROWS, html("dd").child(ledger(&format, figure)));
    if let Some(definition) = &figure.definition {
        defined(definition, &mut row);
    }
    div("panel-body").child(list)
}

fn period(format: &Format, view: &View) -> String {
    let mut words = view.period.label.clone();
    if let (Some(start), Some(end)) = (view.period.start, view.period.end) {
        words = [&words, ": ", &text::range(&format.date(start), &format.last_day(end))].concat();
    }
    [&words, ", ", &text::as_of(&format.date(view.as_of))].concat()
}

fn value(format: &Format, figure: &Figure) -> Element {
    let shown = html("dd").child(html("strong").text(format.figure(figure, Detail::Full)));
    let shown = match &figure.undefined {
        Some(undefined) => shown.child(span("note", [" ", &undefined.message].concat())),
        None if figure.thin => shown.child(span("note", [" ", text::THIN_LONG].concat())),
        None => shown,
    };
    let possible = format.possible(figure).map(|words| span("note", [" ", &words].concat()));
    shown.maybe(possible).maybe(crate::frame::note(figure))
}

fn quantity(format: &Format, quantity: &Quantity) -> Element {
    let value = format.value(quantity.value, quantity.unit, Detail::Full);
    html("dd").text([&value, " ", &quantity.label].concat())
}

/// What the formula is and where it comes from, once the shell has fetched the words.
fn words(context: Context, definition: &DefinitionInForce, row: &mut dyn FnMut(&str, Element)) {
    if definition.formula.is_empty() {
        let wordless = context.state.with(|state| state.wordless.clone());
        if wordless.is_none() {
            context.act(&Action::Define);
        }
        return row(text::FORMULA, html("dd").child(span("note", wordless.as_deref().unwrap_or(text::LOADING))));
    }
    row(text::FORMULA, html("dd").child(span("formula", definition.formula.as_str())));
    let source = if definition.source == "ours" { text::OURS } else { &definition.source };
    row(text::SOURCE, html("dd").text(source));
}

/// What else it says.
fn defined(definition: &DefinitionInForce, row: &mut dyn FnMut(&str, Element)) {
    let direction = match definition.direction {
        Direction::Higher => text::HIGHER,
        Direction::Lower => text::LOWER,
        Direction::Band => text::BAND,
        Direction::None => text::NEITHER,
    };
    row(text::DIRECTION, html("dd").text(direction));
    if !definition.parameters.is_empty() {
        let items = definition.parameters.iter().map(|parameter| {
            html("li")
                .child(span("code", [parameter.name.as_str(), " = ", &parameter.value].concat()))
                .maybe(parameter.is_default.then(|| span("note", [" (", text::DEFAULT, ")"].concat())))
                .maybe((!parameter.text.is_empty()).then(|| div("note").text(parameter.text.as_str())))
        });
        row(text::PARAMETERS, html("dd").child(html("ul").children(items)));
    }
    row(text::INPUTS, html("dd").text(definition.inputs.join(", ")));
    row(text::VERSION, html("dd").child(span("code", [&definition.id, " ", &definition.hash].concat())));
    // The longest, of which most readers need nothing, comes last.
    if !definition.edge_cases.is_empty() {
        let items = definition.edge_cases.iter().map(|case| html("li").text(case.as_str()));
        row(text::EDGE_CASES, html("dd").child(html("ul").children(items)));
    }
}

/// A sign-off in words.
pub fn sign_off(sign_off: &SignOff) -> String {
    let state = match sign_off.state {
        SignOffState::Signed => text::SIGNED,
        SignOffState::Lapsed => text::LAPSED,
        SignOffState::Unsigned => return text::UNSIGNED.to_owned(),
    };
    text::signed(state, sign_off.by.as_deref(), sign_off.at.as_deref())
}

/// Used + left out = read, and why.
fn ledger(format: &Format, figure: &Figure) -> Element {
    let excluded: u64 = figure.excluded.iter().fold(0, |sum, entry| sum.saturating_add(entry.count));
    let count = |value: u64| format.count(value as f64);
    let sum = div("arithmetic").text(text::arithmetic(&count(figure.used), &count(excluded), &count(figure.read)));
    div("ledger").child(sum).maybe((!figure.excluded.is_empty()).then(|| reasons(format, &figure.excluded)))
}

/// Rows left out by reason, with examples.
pub fn reasons(format: &Format, excluded: &[Excluded]) -> impl IntoAny + use<> {
    let item = |entry: &Excluded| reason(format, entry.count, entry.reason.label(), &entry.examples);
    html("ul").class("reasons").children(excluded.iter().map(item))
}

/// How many, if any, why, and where to find some of them.
pub fn reason(format: &Format, count: u64, words: &str, examples: &[RowReference]) -> Element {
    let examples: Vec<String> = examples.iter().map(|example| reference(format, example)).list();
    let count = if count > 0 { format.count(count as f64) } else { String::new() };
    html("li").child(span("count", count)).child(
        div("words")
            .child(div("reason").text(words))
            .maybe((!examples.is_empty()).then(|| div("note").text(examples.join("; ")))),
    )
}

/// A place to find a row again: "line 14 (C-102), amount: “n/a”".
fn reference(format: &Format, example: &RowReference) -> String {
    let mut words = text::line(&format.count(example.line as f64));
    if !example.id.is_empty() {
        let name = if example.name.is_empty() { String::new() } else { [&example.name, ", "].concat() };
        words = [&words, " (", &name, &example.id, ")"].concat();
    }
    if !example.field.is_empty() {
        words = [&words, ", ", &example.field].concat();
    }
    if !example.found.is_empty() {
        words = [&words, ": “", &example.found, "”"].concat();
    }
    words
}
