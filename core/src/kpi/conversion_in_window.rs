//! How many events are followed by another within a window.

use super::operations::{Contacted, kinds};
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Parameter, Range, Scan, Timing, no_figures};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::stats::pairing::pair;

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
    needs: |_, _| vec!["created_at".into()],
    figures: no_figures,
    history: 0,
    measure,
    compose: None,
    judge,
};

fn measure(scan: &Scan) -> Measure {
    let parameters = scan.parameters;
    let window = parameters.whole("window_days");
    let words = [vec![parameters.text("base").to_owned()], vec![parameters.text("conversion").to_owned()]];
    let [base, conversion] = &words;
    let (is_base, is_conversion) = (kinds(scan, base), kinds(scan, conversion));
    let contacted = Contacted::new(scan);
    let today = scan.clock.day_of(scan.as_of);
    let inside = |day: i64| scan.in_period(scan.clock.start_of_day(day)).is_ok();
    let mut tally = Tally::new(scan.table);
    let (mut bases, mut converted) = (0_i128, 0_i128);
    let [mut base_days, mut conversion_days] = [(); 2].map(|()| Vec::new());
    for row in scan.rows() {
        base_days.clear();
        conversion_days.clear();
        for (touch, at) in contacted.iter().flat_map(|contacted| contacted.of(row)) {
            if is_base(touch) {
                base_days.push(scan.clock.day_of(at));
            }
            if is_conversion(touch) {
                conversion_days.push(scan.clock.day_of(at));
            }
        }
        base_days.sort_unstable();
        base_days.dedup();
        conversion_days.sort_unstable();
        let counts = |day: i64| inside(day) && day.saturating_add(window) < today;
        let count = base_days.iter().filter(|day| counts(**day)).count();
        let outcome = if !scan.filter.passes(row) {
            Err((Reason::OutsideFilter, ""))
        } else if base_days.is_empty() {
            Err((Reason::NotStarted, ""))
        } else if count == 0 {
            let young = base_days.iter().any(|day| inside(*day));
            Err((if young { Reason::InFlight } else { Reason::OutsidePeriod }, ""))
        } else {
            Ok(())
        };
        if tally.row(row, outcome).is_some() {
            let pairs = pair(&base_days, &conversion_days, window);
            let mut credited: Vec<i64> = pairs.into_iter().map(|(base, _)| base).collect();
            credited.dedup();
            bases = bases.saturating_add(count as i128);
            converted = converted.saturating_add(credited.into_iter().filter(|day| counts(*day)).count() as i128);
        }
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    measure.add(Key::whole("bases"), bases);
    measure.add(Key::whole("converted"), converted);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let count = |series| u64::try_from(measure.sum(series, "")).unwrap_or(0);
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
