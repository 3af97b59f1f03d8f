//! View: what can be filtered and by which values.

use super::{FilterField, FilterValue, FiltersView, PeriodView, Subject};
use crate::period;
use crate::query::Asker;
use crate::sort::sorted;
use crate::table::TextColumn;
use crate::table::schema::schema;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Fields worth offering, with their names for people. Ids and stages are not: figures about stages would contradict
/// themselves.
const FIELDS: [(&str, &str); 5] =
    [("owner", "Owner"), ("source", "Source"), ("country", "Country"), ("account", "Account"), ("product", "Product")];
/// Periods worth offering where the data reach into them.
const PERIODS: [&str; 9] = [
    "all",
    "this-month",
    "this-quarter",
    "this-year",
    "last-30-days",
    "last-90-days",
    "last-3-months",
    "last-12-months",
    "last-4-quarters",
];
/// Values listed for each field.
const VALUES: usize = 200;

pub(super) fn build(asker: &Asker, subject: &Subject) -> FiltersView {
    FiltersView {
        periods: periods(asker, subject),
        fields: FIELDS.iter().filter_map(|(field, label)| offer(asker, field, label)).collect(),
    }
}

/// Rows by value of a column, most frequent first, then in order of the text.
pub(super) fn frequencies(column: &TextColumn) -> Vec<(u64, &str)> {
    let mut counts = vec![0_u64; column.dictionary.len()];
    for code in &column.codes {
        if let Some(count) = counts.get_mut(*code as usize) {
            *count = count.wrapping_add(1);
        }
    }
    let values = counts
        .into_iter()
        .zip(0_u32..)
        .filter(|(count, _)| *count > 0)
        .map(|(count, code)| (count, column.dictionary.text(code)));
    most_frequent_first(values)
}

fn most_frequent_first<'a>(values: impl Iterator<Item = (u64, &'a str)>) -> Vec<(u64, &'a str)> {
    let values = sorted(values.map(|(count, value)| (Reverse(count), value)).collect());
    values.into_iter().map(|(Reverse(count), value)| (count, value)).collect()
}

fn offer(asker: &Asker, field: &str, label: &str) -> Option<FilterField> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let tables =
        asker.dataset.tables.values().filter(|table| schema(&table.name).is_some_and(|schema| schema.filtered));
    for column in tables.filter_map(|table| table.text(field)) {
        for (count, value) in frequencies(column) {
            let total = counts.entry(value).or_default();
            *total = total.saturating_add(count);
        }
    }
    let distinct = counts.len() as u64;
    let blank = counts.remove("");
    if counts.is_empty() {
        return None;
    }
    let values = most_frequent_first(counts.into_iter().map(|(value, count)| (count, value)));
    let mut values: Vec<FilterValue> =
        values.into_iter().map(|(count, value)| FilterValue { value: value.to_owned(), count }).collect();
    values.truncate(VALUES.saturating_sub(usize::from(blank.is_some())));
    values.extend(blank.map(|count| FilterValue { value: String::new(), count }));
    Some(FilterField { field: field.into(), label: label.into(), values, distinct })
}

fn periods(asker: &Asker, subject: &Subject) -> Vec<PeriodView> {
    let parse = |spec: &str| period::parse(spec, subject.as_of, asker.charter, asker.zone).ok();
    let span = asker.spans.whole().map(|(first, last)| (first, last.min(subject.as_of)));
    let reaches = |period: &period::Period| {
        span.is_some_and(|(first, last)| {
            period.start.is_none_or(|start| start <= last) && period.end.is_none_or(|end| end > first)
        })
    };
    let mut periods: Vec<period::Period> = PERIODS.iter().filter_map(|spec| parse(spec)).collect();
    if let Some((_, last)) = span {
        let (year, _, _) = crate::time::date_of_day(asker.zone.day_of(last));
        periods.extend((0..5).filter_map(|back| parse(&year.checked_sub(back)?.to_string())));
    }
    periods.retain(|period| period.start.is_none() || reaches(period));
    periods.into_iter().map(PeriodView::from).collect()
}
