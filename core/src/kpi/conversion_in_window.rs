//! How many events are followed by another within a window.

use super::buckets::{Buckets, Counted, NOWHERE, add, alone, write};
use super::operations::{Contacted, kinds};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::Joined;
use crate::measure::{Key, Measure};

/// `conversion_in_window`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "conversion_in_window",
        version: 1,
        name: "Conversion in window",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "base events followed by the conversion event within the window ÷ base events, by contact",
        source: "dbt MetricFlow, conversion metrics",
        table: "contacts",
        inputs: &["contacts.id", "touches.contact_id", "touches.at", "touches.kind"],
        edge_cases: &[
            "Base and conversion are kinds of touches. A conversion is credited to the closest base event of its contact before it, or on the same day; base ≤ conversion ≤ base + window, in calendar days.",
            "Events of a kind that a contact has on one day are one event.",
            "Base events of the period count. One whose window is not over at the as-of instant is in flight, converted or not.",
            "A contact without a base event that counts is left out.",
        ],
        parameters: &[
            Parameter {
                name: "base",
                range: Range::Choice(&["visit", "email_click", "ad_click", "form", "call", "meeting", "email_sent"]),
                text: "kind of touch that begins",
            },
            Parameter {
                name: "conversion",
                range: Range::Choice(&["form", "meeting", "call", "visit", "email_click", "ad_click"]),
                text: "kind of touch that converts",
            },
            Parameter {
                name: "window_days",
                range: Range::Whole { default: 7, low: 0, high: 3650 },
                text: "days after the base event in which a conversion counts",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["id"]),
    measure: |scan| alone(by_bucket, scan),
    judge,
    particulars: Particulars { by_bucket: Some(by_bucket), tables: &["touches"], ..Particulars::NONE },
};

#[cfg_attr(speed, optimize(speed))]
fn by_bucket(scan: &Scan, buckets: &Buckets) -> Vec<Measure> {
    let window = scan.parameters.whole("window_days");
    let bases = scan.dataset.touch_days(scan.parameters.text("base"), scan.clock);
    let conversions = scan.dataset.touch_days(scan.parameters.text("conversion"), scan.clock);
    let codes = scan.dataset.touch_codes(scan.table);
    let today = scan.clock.day_of(scan.as_of);
    // A day is in the period if its midnight is: the first that is, and the first after it that isn't.
    let first = |at: i64| {
        let day = scan.clock.day_of(at);
        if scan.clock.start_of_day(day) < at { day.saturating_add(1) } else { day }
    };
    let (start, end) = (scan.period.start.map_or(i64::MIN, first), scan.period.end.map_or(i64::MAX, first));
    let days_of_buckets = buckets.in_terms_of(&first);
    // The window of these is over.
    let over = today.saturating_sub(window);
    let given = scan.dataset.table("touches").is_some();
    let mut counted = Counted::new(scan, buckets);
    let (mut based, mut converted) = (buckets.each(), buckets.each());
    for row in scan.rows() {
        let passes = scan.filter.passes(row);
        let code = codes.get(row).copied().filter(|_| passes).unwrap_or(0);
        let (mut begun, mut young, mut counts, mut last) = (false, false, false, NOWHERE);
        let mut days = bases.of(code).peekable();
        let mut after = conversions.of(code).peekable();
        while let Some(day) = days.next() {
            if days.peek() == Some(&day) {
                continue;
            }
            // Of today, only what was before the as-of instant has been seen. No base event of today counts yet, and no
            // conversion of today is credited to one that does.
            if day > today || day == today && !seen_today(scan, row) {
                break;
            }
            begun = true;
            let inside = start <= day && day < end;
            young |= inside;
            let bucket = days_of_buckets.place(day);
            if !inside && bucket == NOWHERE || day >= over {
                continue;
            }
            counts |= inside;
            if bucket != last && bucket != NOWHERE {
                last = bucket;
                counted.count(bucket, row, Ok(()));
            }
            while after.next_if(|conversion| *conversion < day).is_some() {}
            let credited = after.peek().is_some_and(|conversion| {
                *conversion <= day.saturating_add(window) && days.peek().is_none_or(|next| conversion < next)
            });
            let places = [if inside { 0 } else { NOWHERE }, bucket];
            add(&mut based, places, 1);
            add(&mut converted, places, credited.into());
        }
        let outcome = if !passes {
            Err((Reason::OutsideFilter, ""))
        } else if !begun {
            Err((if given { Reason::NotStarted } else { Reason::NoEvidence }, ""))
        } else if !counts {
            Err((if young { Reason::InFlight } else { Reason::OutsidePeriod }, ""))
        } else {
            Ok(())
        };
        counted.count(0, row, outcome);
    }
    let mut measures: Vec<Measure> = buckets.each();
    let touches = scan.dataset.table("touches");
    for field in ["contact_id", "at", "kind"] {
        if touches.is_some_and(|table| !table.columns.contains_key(field)) {
            measures.iter_mut().for_each(|measure| measure.note(Key::part("lacks", field), 0));
        }
    }
    counted.finish(&mut measures);
    write(&based, &Key::whole("bases"), &mut measures);
    write(&converted, &Key::whole("converted"), &mut measures);
    measures
}

/// Whether a base event of the as-of instant's day came before it.
fn seen_today(scan: &Scan, row: usize) -> bool {
    let base = [scan.parameters.text("base").to_owned()];
    let is_base = kinds(scan, &base);
    let today = scan.clock.day_of(scan.as_of);
    let contacted = Contacted::new(scan);
    let mut touches = contacted.iter().flat_map(|contacted| contacted.of(row));
    touches.any(|(touch, at)| is_base(touch) && scan.clock.day_of(at) == today)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let count = |series| measure.number(series, "");
    if let Some((field, _)) = measure.noted("lacks").first() {
        let message =
            ["It needs the field “", field, "” of “touches”, and no column was recognised as that."].joined("");
        return Judgement { answer: Answer::undefined("missing_field", message), parts: Vec::new() };
    }
    let words = [frame.parameters.text("base"), frame.parameters.text("conversion")];
    let [base, conversion] = words;
    let answer = Answer::share(
        count("converted"),
        count("bases"),
        &format!("followed by {conversion}"),
        &format!("events of {base}"),
    );
    Judgement { answer, parts: Vec::new() }
}
