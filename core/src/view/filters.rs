//! View: what can be filtered and by which values.

use super::{FilterField, FilterValue, FiltersView, PeriodView, Subject};
use crate::list::List;
use crate::period;
use crate::query::Asker;
use crate::sort::sorted;
use crate::sum::Sum;
use crate::table::schema::schema;
use crate::table::{Dictionary, TextColumn};
use std::cmp::Reverse;

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

#[inline(never)]
pub(super) fn build(asker: &Asker, subject: &Subject) -> FiltersView {
    FiltersView {
        periods: periods(asker, subject),
        fields: asker
            .spans
            .offered(|| FIELDS.iter().filter_map(|(field, label)| offer(asker, field, label)).list())
            .to_vec(),
    }
}

/// Rows by value of a column, most frequent first, then in order of the text.
pub(super) fn frequencies(column: &TextColumn) -> Vec<(u64, &str)> {
    most_frequent_first(&column.dictionary, count(column))
}

/// Rows by code.
fn count(column: &TextColumn) -> Vec<u64> {
    let mut counts = vec![0_u64; column.dictionary.len()];
    for code in &column.codes {
        if let Some(count) = counts.get_mut(*code as usize) {
            *count = count.wrapping_add(1);
        }
    }
    counts
}

fn most_frequent_first(dictionary: &Dictionary, counts: Vec<u64>) -> Vec<(u64, &str)> {
    let values = counts.into_iter().zip(0_u32..).filter(|(count, _)| *count > 0);
    let values = sorted(values.map(|(count, code)| (Reverse(count), dictionary.text(code))).list());
    values.into_iter().map(|(Reverse(count), value)| (count, value)).list()
}

fn offer(asker: &Asker, field: &str, label: &str) -> Option<FilterField> {
    let mut dictionary = Dictionary::default();
    let mut counts = vec![0_u64];
    let tables =
        asker.dataset.tables.values().filter(|table| schema(&table.name).is_some_and(|schema| schema.filtered));
    for column in tables.filter_map(|table| table.text(field)) {
        for (times, code) in count(column).into_iter().zip(0_u32..).filter(|(times, _)| *times > 0) {
            let code = dictionary.code(column.dictionary.text(code)) as usize;
            counts.resize(dictionary.len(), 0);
            if let Some(total) = counts.get_mut(code) {
                *total = total.plus(times);
            }
        }
    }
    let distinct = counts.iter().filter(|count| **count > 0).count() as u64;
    let blank = counts.first_mut().map(std::mem::take).filter(|count| *count > 0);
    let values = most_frequent_first(&dictionary, counts);
    if values.is_empty() {
        return None;
    }
    let mut values: Vec<FilterValue> =
        values.into_iter().map(|(count, value)| FilterValue { value: value.to_owned(), count }).list();
    values.truncate(VALUES.minus(usize::from(blank.is_some())));
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
    let mut periods: Vec<period::Period> = PERIODS.iter().filter_map(|spec| parse(spec)).list();
    if let Some((_, last)) = span {
        let (year, _, _) = crate::time::date_of_day(asker.zone.day_of(last));
        periods.extend((0..5).filter_map(|back| parse(&year.checked_sub(back)?.to_string())));
    }
    periods.retain(|period| period.start.is_none() || reaches(period));
    periods.into_iter().map(PeriodView::from).list()
}
