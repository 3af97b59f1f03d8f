use super::{Grain, Period, as_of, buckets, parse};
use crate::charter::{Charter, Weekday};
use crate::time::{OffsetChange, Zone};

const HOUR: i64 = 3_600_000;

fn berlin() -> Zone {
    Zone {
        name: "Europe/Berlin".into(),
        changes: vec![
            OffsetChange { from: i64::MIN, offset: HOUR },
            OffsetChange { from: 1_743_296_400_000, offset: 2 * HOUR },
            OffsetChange { from: 1_761_440_400_000, offset: HOUR },
        ],
        ..Zone::default()
    }
}

fn april() -> Charter {
    Charter { fiscal_year_start_month: 4, ..Charter::default() }
}

/// The bounds of a period as dates of Berlin.
fn bounds(period: &Period) -> String {
    Period::between(period.start.unwrap(), period.end.unwrap(), &berlin()).id
}

fn read(spec: &str, at: &str) -> Period {
    parse(spec, as_of(at, &berlin()).unwrap(), &april(), &berlin()).unwrap()
}

#[test]
fn specs() {
    for (spec, at, expected) in [
        ("2025", "2026-01-01", "2025-01-01/2026-01-01"),
        ("2025-Q1", "2026-01-01", "2025-01-01/2025-04-01"),
        ("2025-12", "2026-01-01", "2025-12-01/2026-01-01"),
        ("2025-W01", "2026-01-01", "2024-12-30/2025-01-06"),
        ("2026-W53", "2026-01-01", "2026-12-28/2027-01-04"),
        ("FY2025", "2026-01-01", "2024-04-01/2025-04-01"),
        ("FY2025-Q4", "2026-01-01", "2025-01-01/2025-04-01"),
        ("last-12-months", "2026-01-01", "2025-01-01/2026-01-01"),
        ("last-12-months", "2026-01-15", "2025-01-15/2026-01-15"),
        ("last-1-months", "2025-03-31", "2025-02-28/2025-03-31"),
        ("last-2-quarters", "2026-01-01", "2025-07-01/2026-01-01"),
        ("last-7-days", "2025-04-02", "2025-03-26/2025-04-02"),
        ("last-7-days", "2025-04-02T23:30:00Z", "2025-03-27/2025-04-03"),
        ("last-2-weeks", "2025-04-02", "2025-03-19/2025-04-02"),
        ("this-week", "2026-01-01", "2025-12-29/2026-01-05"),
        ("this-month", "2026-01-01", "2026-01-01/2026-02-01"),
        ("this-quarter", "2025-12-31", "2025-10-01/2026-01-01"),
        ("this-year", "2025-12-31", "2025-01-01/2026-01-01"),
        ("2025-01-15/2025-02-01", "2026-01-01", "2025-01-15/2025-02-01"),
    ] {
        assert_eq!(bounds(&read(spec, at)), expected, "{spec} at {at}");
        assert_eq!(read(spec, at).id, spec);
    }
    let all = read("all", "2026-01-01");
    assert_eq!((all.start, all.end), (None, None));
}

#[test]
fn wrong_specs() {
    for spec in [
        "",
        "2025-13",
        "2025-Q5",
        "2025-W54",
        "2025-W53",
        "last-0-days",
        "last-99999-years",
        "this-days",
        "FY25",
        "0000",
        "2025-02-01/2025-01-01",
        "9999-W60",
        "2025-1",
        "last--1-days",
    ] {
        assert!(parse(spec, 1_767_222_000_000, &april(), &berlin()).is_err(), "{spec}");
    }
    assert!(as_of("tomorrow", &berlin()).is_err());
    assert!(as_of("2026-01-31T12:00:00", &berlin()).is_err());
}

#[test]
fn half_open_and_clock_changes() {
    let march = read("2025-03", "2026-01-01");
    assert!(march.contains(march.start.unwrap()) && !march.contains(march.end.unwrap()));
    assert_eq!(march.end.unwrap() - march.start.unwrap(), (31 * 24 - 1) * HOUR);
    assert_eq!(as_of("2026-01-31", &berlin()).unwrap(), as_of("2026-01-31T00:00:00+01:00", &berlin()).unwrap());
}

#[test]
fn before() {
    let zone = berlin();
    for (spec, previous, year) in [
        ("2025", "2024", "2024"),
        ("2025-Q1", "2024-Q4", "2024-Q1"),
        ("2025-03", "2025-02", "2024-03"),
        ("2025-W01", "2024-W52", "2024-W01"),
        ("2020-W53", "2020-W52", "2020-W01"),
        ("FY2025-Q1", "FY2024-Q4", "FY2024-Q1"),
        ("this-month", "2025-12", "2025-01"),
        ("last-12-months", "2024-01-01/2025-01-01", "2024-01-01/2025-01-01"),
        ("last-3-months", "2025-07-01/2025-10-01", "2024-10-01/2025-01-01"),
        ("last-30-days", "2025-11-02/2025-12-02", "2024-12-02/2025-01-01"),
        ("2025-02-01/2025-03-01", "2025-01-01/2025-02-01", "2024-02-01/2024-03-01"),
        ("2025-02-15/2025-03-15", "2025-01-15/2025-02-15", "2024-02-15/2024-03-15"),
        ("2025-02-10/2025-02-20", "2025-01-31/2025-02-10", "2024-02-10/2024-02-20"),
    ] {
        let period = read(spec, "2026-01-01");
        assert_eq!(period.previous(&april(), &zone).unwrap().id, previous, "before {spec}");
        assert_eq!(period.year_before(&april(), &zone).unwrap().id, year, "a year before {spec}");
        assert_eq!(period.previous(&april(), &zone).unwrap().end, period.start, "{spec}");
    }
    // Seven months before, and seven before those: not as many days as the ones before have.
    let mut period = read("last-7-months", "2026-02-05");
    for before in ["2024-12-05/2025-07-05", "2024-05-05/2024-12-05", "2023-10-05/2024-05-05"] {
        period = period.previous(&april(), &zone).unwrap();
        assert_eq!(period.id, before);
    }
    assert_eq!(
        read("2025-01-30/2025-03-30", "2026-01-01").previous(&april(), &zone).unwrap().id,
        "2024-12-02/2025-01-30"
    );
    assert_eq!(read("all", "2026-01-01").previous(&april(), &zone), None);
    assert_eq!(read("0001", "2026-01-01").previous(&april(), &zone), None);
}

#[test]
fn in_buckets() {
    let ids = |spec: &str, grain: Grain| -> Vec<String> {
        let all = buckets(&read(spec, "2026-01-01"), grain, &april(), &berlin());
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
        all.into_iter().map(|period| period.id).collect()
    };
    assert_eq!(ids("2025-Q1", Grain::Month), ["2025-01", "2025-02", "2025-03"]);
    assert_eq!(ids("2025", Grain::Quarter), ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]);
    assert_eq!(
        ids("2025-01-15/2025-03-02", Grain::Month),
        ["2025-01-15/2025-02-01", "2025-02", "2025-03-01/2025-03-02"]
    );
    assert_eq!(ids("2025-03", Grain::Week).len(), 6);
    assert!(ids("all", Grain::Month).is_empty());
    assert_eq!(ids("0002-01-01/9999-01-01", Grain::Week).len(), super::MOST_BUCKETS);
    assert_eq!(read("2025", "2026-01-01").grain(), Grain::Month);
    assert_eq!(read("2025-Q1", "2026-01-01").grain(), Grain::Week);
}

#[test]
fn weeks_that_begin_on_sunday() {
    let charter = Charter { week_start: Weekday::Sunday, ..Charter::default() };
    let week = parse("2025-W01", 0, &charter, &berlin()).unwrap();
    assert_eq!(bounds(&week), "2024-12-29/2025-01-05");
}
