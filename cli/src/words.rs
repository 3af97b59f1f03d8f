//! Words and signs for what a view says, the same in every format.

use mops_charts::Style;
use mops_charts::context::plain_value;
use mops_core::figure::{Figure, SignOff, SignOffState, Status, Unit};
use mops_core::ledger::{Excluded, Reason, RowReference};
use mops_core::table::FieldReport;
use mops_core::time::{Zone, date_of_day};
use mops_core::view::{ChangeVerdict, Comparison, FunnelView, TableReport};

/// A value in a column, or a dash where there is none.
pub fn value(value: Option<f64>, unit: Unit, currency: &str) -> String {
    value.map_or_else(|| "–".into(), |value| plain_value(value, unit, Style::Column, currency))
}

/// A figure's value in a column.
pub fn of(figure: &Figure, currency: &str) -> String {
    let some = value(figure.value, figure.unit, currency);
    match figure.out_of() {
        Some(all) => format!("{some} of {}", value(Some(all.value), all.unit, currency)),
        None => some,
    }
}

/// A figure's value by itself.
pub fn alone(figure: &Figure, currency: &str) -> String {
    figure.value.map_or_else(|| "–".into(), |value| plain_value(value, figure.unit, Style::Full, currency))
}

/// Both ends of an interval without repeating their unit: `27.9–36.1%`.
pub fn interval(interval: Option<[f64; 2]>, unit: Unit) -> String {
    let Some([low, high]) = interval else { return String::new() };
    let [low, high] = [low, high].map(|end| plain_value(end, unit, Style::Column, ""));
    let bare = |text: &str| {
        text.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default().to_owned()
    };
    match unit {
        Unit::Rate => format!("{}–{high}", low.trim_end_matches('%')),
        _ => format!("{}–{}", bare(&low), bare(&high)),
    }
}

/// Sign and word of a status: never colour alone.
pub fn status(figure: &Figure) -> (&'static str, &'static str) {
    match figure.status {
        Status::OnTarget => ("✓", "on target"),
        Status::NearTarget => ("≈", "near target"),
        Status::OffTarget => ("✗", "off target"),
        Status::NoTarget => ("·", "no target"),
        Status::Undefined => ("?", "undefined"),
    }
}

/// Whether the owner stands behind the definition.
pub fn sign_off(sign_off: &SignOff) -> String {
    let by = sign_off.by.as_deref().unwrap_or("somebody");
    let at = sign_off.at.as_deref().unwrap_or("a date unknown");
    match sign_off.state {
        SignOffState::Signed => format!("signed by {by} on {at}"),
        SignOffState::Lapsed => format!("sign-off lapsed: signed by {by} on {at}, changed since"),
        SignOffState::Unsigned => "not signed off".into(),
    }
}

/// A change against the period compared with: `▲ +2.1 points, better`.
pub fn change(comparison: &Comparison, unit: Unit, currency: &str) -> String {
    let Some(difference) = comparison.difference else { return "unknown before".into() };
    let sign = if difference > 0.0 {
        "▲ +"
    } else if difference < 0.0 {
        "▼ "
    } else {
        "= "
    };
    let size = match unit {
        Unit::Rate => plain_value(difference, unit, Style::Full, "").replace('%', " pts"),
        _ => plain_value(difference, unit, Style::Compact, currency),
    };
    let verdict = match comparison.verdict {
        ChangeVerdict::Better => ", better",
        ChangeVerdict::Worse => ", worse",
        ChangeVerdict::Neutral => "",
    };
    format!("{sign}{size}{verdict}")
}

/// What keeps a change from being taken at its word.
pub fn doubts(comparison: &Comparison, zone: &Zone) -> Vec<String> {
    let chance = comparison.within_chance == Some(true) && comparison.difference.is_some();
    let begins = comparison.data_from.filter(|_| comparison.difference.is_some());
    let begins = begins.map(|first| format!("data compared with begin {}", day(first, zone)));
    chance.then(|| "the change may be chance".to_owned()).into_iter().chain(begins).collect()
}

/// `1 Oct 2024`.
fn day(instant: i64, zone: &Zone) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = date_of_day(zone.day_of(instant));
    let month = MONTHS.iter().zip(1..).find(|(_, number)| *number == month).map_or("", |(name, _)| *name);
    format!("{day} {month} {year}")
}

/// What is divided by what: `167 won deals ÷ 524 closed deals`.
pub fn quotient(figure: &Figure, currency: &str) -> String {
    let side = |quantity: &mops_core::figure::Quantity| {
        format!("{} {}", plain_value(quantity.value, quantity.unit, Style::Full, currency), quantity.label)
    };
    match (&figure.numerator, &figure.denominator) {
        (Some(numerator), Some(denominator)) => format!("{} ÷ {}", side(numerator), side(denominator)),
        (Some(only), None) | (None, Some(only)) => side(only),
        (None, None) => String::new(),
    }
}

/// Which step leaks, and what it costs.
pub fn leak(view: &FunnelView) -> Option<String> {
    let at = view.stages.iter().position(|stage| stage.is_leak)?;
    let (stage, next) = (view.stages.get(at)?, view.stages.get(at + 1)?);
    let lost = match stage.customers_lost {
        Some(lost) => format!(": about {} customers lost", plain_value(lost.round(), Unit::Records, Style::Full, "")),
        None => String::new(),
    };
    Some(format!("The largest leak is between {} and {}{lost}.", stage.label, next.label))
}

/// With a capital letter at its beginning.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count with grouped thousands.
pub fn count(count: u64) -> String {
    plain_value(count as f64, Unit::Records, Style::Full, "")
}

/// What a file was recognised as and taken for.
pub fn recognised(table: &TableReport) -> String {
    let preset = table.preset.as_ref().map(|preset| format!(", recognised as {preset}")).unwrap_or_default();
    let taken = |encoding| format!(", taken for {encoding} since it is no UTF-8");
    preset + &table.encoding.as_ref().map(taken).unwrap_or_default()
}

/// Whether cells of a table ask for something that the charter can say of how files are written.
pub fn asks_for(fields: &[FieldReport], what: &str) -> bool {
    fields.iter().flat_map(|field| &field.examples).any(|cell| cell.found.contains(what))
}

/// Why rows are left out and how many: `duplicate id: 37`.
pub fn reasons(excluded: &[Excluded]) -> Vec<String> {
    excluded.iter().map(|entry| format!("{}: {}", entry.reason.label(), count(entry.count))).collect()
}

/// `1 row`, `2 rows`.
pub fn rows(number: u64) -> String {
    format!("{} row{}", count(number), if number == 1 { "" } else { "s" })
}

/// What the charter can do about rows that are left out for a reason.
pub fn mend(reason: Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::NoFxRate => "Set the charter’s currency, or give exchange_rates for the others.",
        Reason::UnknownStage => "Name it in the charter, as a stage or as an alias of one.",
        _ => return None,
    })
}

/// Where an example stands and what was found there.
pub fn example(reference: &RowReference) -> String {
    let mut places = Vec::new();
    if reference.line > 0 {
        places.push(format!("line {}", reference.line));
    }
    if !reference.name.is_empty() {
        places.push(reference.name.clone());
    }
    if !reference.id.is_empty() {
        places.push(format!("id {}", reference.id));
    }
    let mut text = places.join(", ");
    match (reference.field.as_str(), reference.found.as_str()) {
        ("", "") => {}
        ("", found) => text.push_str(&format!(": “{found}”")),
        (field, "") => text.push_str(&format!(": {field}")),
        (field, found) => text.push_str(&format!(": {field} “{found}”")),
    }
    text
}

/// What a filter leaves as it is.
pub fn unfiltered((field, tables): &(String, Vec<&'static str>)) -> String {
    format!("Not filtered by {}: figures of {}.", clean(field), tables.join(", "))
}

/// Text of one line without control characters, so that data can't move a terminal's cursor.
pub fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_name_their_unit_once() {
        assert_eq!(interval(Some([0.279, 0.361]), Unit::Rate), "27.9–36.1%");
        assert_eq!(interval(Some([13_200.0, 19_233.4]), Unit::Money), "13,200–19,233");
        assert_eq!(interval(Some([38.0, 45.5]), Unit::Days), "38–45.5");
        assert_eq!(interval(Some([78.0, 87.0]), Unit::Minutes), "78–87");
        assert_eq!(interval(Some([1.5, 2.0]), Unit::PerWeek), "1.5–2");
        assert_eq!(interval(None, Unit::Days), "");
    }

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(clean("a\u{1b}[31m\nb"), "a [31m b");
    }
}
