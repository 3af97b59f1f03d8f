use super::{amount, date, flag};
use crate::charter::DateOrder;
use crate::time::{Clock, OffsetChange, Zone};
use chrono::DateTime;

#[test]
fn amounts() {
    let read = |cell| amount::read(cell, None);
    for (cell, millionths) in [
        ("0", 0),
        ("1054", 1_054_000_000),
        ("1,234.56", 1_234_560_000),
        ("1.234,56", 1_234_560_000),
        ("1,234", 1_234_000_000),
        ("1.234", 1_234_000),
        ("1.234.567", 1_234_567_000_000),
        ("12,5", 12_500_000),
        ("0,125", 125_000),
        ("1234,567", 1_234_567_000),
        ("12,34,567.5", 1_234_567_500_000),
        ("$1,000", 1_000_000_000),
        ("-$5", -5_000_000),
        ("$-5", -5_000_000),
        ("5-", -5_000_000),
        ("\u{2212}5", -5_000_000),
        ("(99.99)", -99_990_000),
        ("($1,000.10)", -1_000_100_000),
        ("EUR 1 234,50", 1_234_500_000),
        ("1\u{a0}234,50 €", 1_234_500_000),
        ("1'234.50 CHF", 1_234_500_000),
        (".5", 500_000),
        ("1e3", 1_000_000_000),
        ("1.5E-2", 15_000),
        ("0.1234565", 123_456),
        ("0.1234575", 123_458),
        ("0.12345650001", 123_457),
        ("0.0000004", 0),
        ("6e-7", 1),
        ("5e-7", 0),
        ("9223372036854.775806", 9_223_372_036_854_775_806),
    ] {
        assert_eq!(read(cell), Some(millionths), "{cell}");
    }
    for cell in [
        "",
        "abc",
        "1,2,3",
        "1.2.3",
        "--5",
        "(-5)",
        "12,34",
        "1,23.4,5",
        "9223372036854.775807",
        "1e30",
        "5%",
        "1 2",
        ".",
    ] {
        let expected = if cell == "12,34" { Some(12_340_000) } else { None };
        assert_eq!(read(cell), expected, "{cell}");
    }
    assert_eq!(amount::read("1.234", Some(',')), Some(1_234_000_000));
    assert_eq!(amount::read("1.5", Some(',')), None);
    assert_eq!(amount::read("1,234", Some(',')), Some(1_234_000));
}

#[test]
fn dates() {
    let hour = 3_600_000;
    let zone = Zone {
        name: "Europe/Berlin".into(),
        changes: vec![
            OffsetChange { from: i64::MIN, offset: hour },
            OffsetChange { from: 1_743_296_400_000, offset: 2 * hour },
            OffsetChange { from: 1_761_440_400_000, offset: hour },
        ],
        ..Zone::default()
    };
    let clock = Clock::new(zone);
    let same = |cell: &str, instant: &str| {
        let instant = DateTime::parse_from_rfc3339(instant).unwrap().timestamp_millis();
        assert_eq!(date::read(cell, &clock, None), Ok(instant), "{cell}");
    };
    same("2025-03-01", "2025-03-01T00:00:00+01:00");
    same("2025-07-01", "2025-07-01T00:00:00+02:00");
    same("2025-03-01 14:22", "2025-03-01T14:22:00+01:00");
    same("2025-03-01T14:22:05.678Z", "2025-03-01T14:22:05.678Z");
    same("2025-03-01T14:22:05.000+0000", "2025-03-01T14:22:05Z");
    same("2025-03-01T14:22:05-08:00", "2025-03-01T14:22:05-08:00");
    same("1740787200000", "2025-03-01T00:00:00Z");
    same("1740787200", "2025-03-01T00:00:00Z");
    same("20250301", "2025-03-01T00:00:00+01:00");
    same("31.12.2025", "2025-12-31T00:00:00+01:00");
    same("03.04.2025", "2025-04-03T00:00:00+02:00");
    same("12/31/2025", "2025-12-31T00:00:00+01:00");
    same("31/12/2025 23:59", "2025-12-31T23:59:00+01:00");
    same("12/31/2025, 2:30 PM", "2025-12-31T14:30:00+01:00");
    same("12/31/2025 12:00 AM", "2025-12-31T00:00:00+01:00");
    same("12/31/2025 2:30\u{202f}PM", "2025-12-31T14:30:00+01:00");
    same("5/5/2025", "2025-05-05T00:00:00+02:00");
    same("Mar 3, 2025", "2025-03-03T00:00:00+01:00");
    same("3 March 2025 09:05", "2025-03-03T09:05:00+01:00");
    same("Mon, 3 Mar 2025 09:05:00 GMT", "2025-03-03T09:05:00Z");
    // Skipped and repeated hours of the changes of clocks.
    same("2025-03-30 02:30", "2025-03-30T03:30:00+02:00");
    same("2025-10-26 02:30", "2025-10-26T02:30:00+02:00");
    for cell in [
        "2025-02-30",
        "2025-13-01",
        "0000-01-01",
        "10000-01-01",
        "soon",
        "45717",
        "31/31/2025",
        "1/2/25",
        "2025-01-01 25:00",
        "12/31/2025 13:00 PM",
    ] {
        assert!(date::read(cell, &clock, None).is_err(), "{cell}");
    }
    assert_eq!(date::read("03/04/2025", &clock, None), Err("day or month first? set date_order"));
    let april = date::read("2025-04-03", &clock, None);
    assert_eq!(date::read("03/04/2025", &clock, Some(DateOrder::DayMonthYear)), april);
    assert_eq!(date::read("04/03/2025", &clock, Some(DateOrder::MonthDayYear)), april);
    // Points leave nothing open, whatever the other dates of the file do.
    assert_eq!(date::read("03.04.2025", &clock, Some(DateOrder::MonthDayYear)), april);
}

#[test]
fn flags() {
    assert_eq!(["TRUE", "yes", "1"].map(flag::read), [Some(1); 3]);
    assert_eq!(["False", "no", "0"].map(flag::read), [Some(0); 3]);
    assert_eq!(["WAHR", "Ja", "oui", "sí"].map(flag::read), [Some(1); 4]);
    assert_eq!(["FALSCH", "nein", "Non", "FALSO"].map(flag::read), [Some(0); 4]);
    assert_eq!(flag::read("maybe"), None);
}

/// A sign says which currencies it may stand for: dollars and pesos share one, pounds another; a krona is neither.
#[test]
fn signs_of_currencies() {
    let fits = |cell, currency| amount::is_in(cell, currency);
    assert!(fits("$5", "USD") && fits("5 $", "CAD") && fits("$5", "MXN"));
    assert!(!fits("$5", "EUR") && !fits("$5", "SEK") && !fits("$5", "CHF"));
    assert!(fits("£5", "GBP") && fits("£5", "EGP") && !fits("£5", "EUR"));
    assert!(fits("SEK 5", "SEK") && !fits("USD 5", "SEK") && fits("5", "SEK"));
}
