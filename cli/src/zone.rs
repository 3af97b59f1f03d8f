//! Time zones as the core wants them: a table of offset changes from 1970 to 2040, found by bisecting.

use chrono::{Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use mops_core::charter::Charter;
use mops_core::error::{Code, Error};
use mops_core::time::{DAY, OffsetChange, Zone, day_of_date};

/// The zone of an IANA name.
pub fn zone(name: &str) -> Result<Zone, Error> {
    let Ok(tz) = name.parse::<Tz>() else { return Err(unknown(name)) };
    let (Some(first), Some(last)) = (day_of_date(1970, 1, 1), day_of_date(2041, 1, 1)) else {
        return Ok(Zone::utc());
    };
    let mut old = offset(tz, first * DAY);
    let mut changes = vec![OffsetChange { from: first * DAY, offset: old }];
    for day in first..last {
        let new = offset(tz, (day + 1) * DAY);
        if old != new {
            changes.push(OffsetChange { from: bisect(tz, day * DAY, (day + 1) * DAY), offset: new });
        }
        old = new;
    }
    Ok(Zone { name: name.to_owned(), changes, ..Zone::default() })
}

/// The zone of a charter, with those in which its platforms report.
pub fn zones(charter: &Charter) -> Result<Zone, Error> {
    let mut own = zone(&charter.time_zone)?;
    for (index, platform) in charter.platforms.iter().enumerate() {
        if own.named(&platform.time_zone).is_none() {
            let at = format!("/platforms/{index}/time_zone");
            own.others.push(zone(&platform.time_zone).map_err(|error| error.at_pointer(at))?);
        }
    }
    Ok(own)
}

/// Local time − UTC in milliseconds.
fn offset(tz: Tz, instant: i64) -> i64 {
    let utc = Utc.timestamp_millis_opt(instant).single().unwrap_or_default().naive_utc();
    i64::from(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * 1000
}

/// The first instant after `low` with the offset of `high`.
fn bisect(tz: Tz, mut low: i64, mut high: i64) -> i64 {
    let target = offset(tz, high);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(tz, middle) == target { high = middle } else { low = middle }
    }
    high
}

fn unknown(name: &str) -> Error {
    let nearest = TZ_VARIANTS
        .iter()
        .map(|tz| (strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &tz.name().to_lowercase()), tz.name()))
        .filter(|(likeness, _)| *likeness > 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let mend = match nearest {
        Some((_, nearest)) => format!("Did you mean {nearest}?"),
        None => "Write an IANA name such as Europe/Berlin, America/New_York or UTC.".into(),
    };
    Error::new(Code::BadCharter, format!("“{name}” is no time zone.")).at_pointer("/time_zone").mend(mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn berlin_changes_its_clocks() {
        let zone = zone("Europe/Berlin").unwrap();
        assert!(zone.changes.contains(&OffsetChange { from: 1_743_296_400_000, offset: 7_200_000 }));
        assert!(zone.changes.contains(&OffsetChange { from: 1_761_440_400_000, offset: 3_600_000 }));
        let day = day_of_date(2025, 7, 1).unwrap();
        assert_eq!(zone.start_of_day(day), day * DAY - 7_200_000);
    }

    #[test]
    fn every_zone_agrees_with_its_source_on_each_new_year_and_midsummer() {
        for tz in TZ_VARIANTS.iter().step_by(17) {
            let zone = zone(tz.name()).unwrap();
            for year in 1970..=2040 {
                for month in [1, 7] {
                    let instant = day_of_date(year, month, 1).unwrap() * DAY;
                    assert_eq!(zone.offset_at(instant), offset(*tz, instant), "{} {year}-{month}", tz.name());
                }
            }
        }
    }

    #[test]
    fn utc_never_changes() {
        assert_eq!(zone("UTC").unwrap().changes.len(), 1);
    }

    #[test]
    fn unknown_zones_get_a_suggestion() {
        assert!(zone("Europe/Berlim").unwrap_err().mend.contains("Europe/Berlin"));
        assert!(zone("?").unwrap_err().mend.contains("IANA"));
    }
}
