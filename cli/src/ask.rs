//! From what was typed to a query.

use crate::arguments::Question;
use crate::failure::{Failure, misuse};
use mops_core::map::Map;
use mops_core::query::Query;
use mops_core::table::Dataset;
use mops_core::table::schema::{TABLES, input};
use mops_core::time::{Zone, date_of_day, iso_day};
use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

/// A query of a view, with what holds for every view.
pub fn query(view: &str, question: &Question, zone: &Zone) -> Result<Query, Failure> {
    let mut filter: Map<String, Vec<String>> = Map::new();
    for term in &question.filter {
        let Some((field, value)) = term.split_once('=') else {
            return Err(misuse(format!("The filter “{term}” has no “=”."), "Write --filter field=value."));
        };
        filter.entry(field.trim().to_owned()).or_default().push(value.trim().to_owned());
    }
    Ok(Query {
        view: view.to_owned(),
        as_of: question.as_of.clone().unwrap_or_else(|| today(zone)),
        period: question.period.clone(),
        compare: question.compare.clone(),
        filter,
        ..Query::default()
    })
}

/// Refuses a filter by a field that no file has: every figure would be of all rows, and called filtered.
pub fn reach(question: &Question, dataset: &Dataset) -> Result<(), Failure> {
    let fields = question.filter.iter().filter_map(|term| term.split_once('=')).map(|(field, _)| field.trim());
    let known = |field: &str| TABLES.iter().any(|schema| schema.field(field).is_some_and(|field| field.read));
    let lost = |field: &&str| known(field) && !dataset.tables.values().any(|table| table.text(field).is_some());
    match { fields }.find(lost) {
        Some(field) => Err(misuse(
            format!(
                "No file has a column that is read as “{field}”, so a filter by it would leave every figure as it is."
            ),
            "Map a column in the charter, under sources, or ask without that filter.",
        )),
        None => Ok(()),
    }
}

/// Which of some tables a filter by a field leaves as they are, by field.
pub fn beyond(
    question: &Question,
    dataset: &Dataset,
    tables: &BTreeSet<&'static str>,
) -> Vec<(String, Vec<&'static str>)> {
    let fields: BTreeSet<&str> =
        question.filter.iter().filter_map(|term| term.split_once('=')).map(|(field, _)| field.trim()).collect();
    // A filter is never expected of what the charter says.
    let files = || tables.iter().filter_map(|table| input(table).zip(dataset.table(table)));
    let of = |field: &str| {
        let beyond = files().filter(|(schema, table)| !schema.filtered || table.text(field).is_none());
        beyond.map(|(schema, _)| schema.name).collect::<Vec<_>>()
    };
    fields.into_iter().map(|field| (field.to_owned(), of(field))).filter(|(_, tables)| !tables.is_empty()).collect()
}

/// Today's date in a zone: the one place where the clock is read.
fn today(zone: &Zone) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    iso_day(zone.day_of(i64::try_from(now).unwrap_or(i64::MAX)))
}

/// An instant as people in the zone write it: `2026-01-01`, with the time where it is not midnight.
pub fn moment(instant: i64, zone: &Zone) -> String {
    let day = zone.day_of(instant);
    if zone.start_of_day(day) == instant { iso_day(day) } else { rfc3339(instant, zone) }
}

/// An instant with its offset: `2026-01-01T00:00:00+01:00`.
pub fn rfc3339(instant: i64, zone: &Zone) -> String {
    let offset = zone.offset_at(instant);
    let local = instant.saturating_add(offset);
    let (year, month, day) = date_of_day(local.div_euclid(86_400_000));
    let second = local.rem_euclid(86_400_000) / 1000;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let clock = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let minutes = offset.abs() / 60_000;
    match offset {
        0 => clock + "Z",
        _ => format!("{clock}{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_carry_their_offset() {
        let zone = crate::zone::zone("Europe/Berlin").unwrap();
        assert_eq!(rfc3339(1_767_222_000_000, &zone), "2026-01-01T00:00:00+01:00");
        assert_eq!(moment(1_767_222_000_000, &zone), "2026-01-01");
        assert_eq!(rfc3339(1_767_225_600_000, &Zone::utc()), "2026-01-01T00:00:00Z");
        assert_eq!(moment(1_767_225_600_000, &zone), "2026-01-01T01:00:00+01:00");
    }

    #[test]
    fn filters_gather_values() {
        let question =
            Question { filter: vec!["owner=Ana".into(), "owner=Bo=b".into(), "source=".into()], ..Question::default() };
        let query = query("kpi", &question, &Zone::utc()).ok().unwrap();
        assert_eq!(query.filter.get("owner").unwrap().as_slice(), ["Ana", "Bo=b"]);
        assert_eq!(query.filter.get("source").unwrap().as_slice(), [""]);
    }
}
