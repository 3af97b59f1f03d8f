//! How many links are tagged as the standard says.

use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::tracking::PARAMETERS;
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::quality::tracking::{RULES, Standard};

/// `tracking_compliance`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "tracking_compliance",
        version: 1,
        name: "Tracking compliance",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "tagged touches that break no rule of the charter's tracking standard ÷ tagged touches",
        source: "ours; channels by the rules of GA4's default channel group (Google Analytics help 9756891)",
        table: "touches",
        inputs: &[
            "charter.tracking",
            "touches.at",
            "touches.kind",
            "touches.utm_source",
            "touches.utm_medium",
            "touches.utm_campaign",
            "touches.utm_term",
            "touches.utm_content",
        ],
        edge_cases: &[
            "A touch is tagged if any UTM parameter is filled. Values are compared with case.",
            "Touches that come by a link (kinds of the standard) but are not tagged are apart: `untagged`, their share of all that come by a link. Other untagged touches are not counted.",
            "GA4's rules are taken with case here: `Email` is no e-mail. A touch that falls into none of its channels (Unassigned) breaks `known_channel`.",
            "A touch may break several rules. Parts: `untagged`, and for each rule the share of tagged touches that break it.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let at = table.time("at");
    let standard = Standard::new(table, &scan.charter.tracking);
    let mut tally = Tally::new(table);
    let mut broken = [0_u64; RULES.len()];
    let (mut compliant, mut untagged, mut by_link) = (0_u64, 0_u64, 0_u64);
    for row in scan.rows() {
        let inside = || {
            if !scan.filter.passes(row) {
                return Err((Reason::OutsideFilter, ""));
            }
            let at = scan.seen(at, row).map_err(|reason| (reason, "at"))?;
            scan.in_period(at).map_err(|reason| (reason, "at"))?;
            let (is_tagged, is_link) = (standard.is_tagged(row), standard.comes_by_link(row));
            by_link = by_link.wrapping_add(u64::from(is_link));
            if is_tagged {
                return Ok(());
            }
            untagged = untagged.wrapping_add(u64::from(is_link));
            Err(if is_link { (Reason::BlankField, "utm_source") } else { (Reason::NotCounted, "kind") })
        };
        let mut inside = inside;
        if tally.row(row, inside()).is_none() {
            continue;
        }
        let breaks = standard.breaks(row);
        for (broken, breaks) in broken.iter_mut().zip(breaks) {
            *broken = broken.wrapping_add(u64::from(breaks));
        }
        compliant = compliant.wrapping_add(u64::from(breaks.iter().all(|breaks| !breaks)));
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for (series, count) in [("compliant", compliant), ("untagged", untagged), ("by_link", by_link)] {
        measure.add(Key::whole(series), count.into());
    }
    for ((rule, _), count) in RULES.iter().zip(broken) {
        measure.add(Key::part("broken", *rule), count.into());
    }
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let count = |series, part| measure.number(series, part);
    if !PARAMETERS.iter().any(|field| frame.has(field)) {
        let answer = Answer::undefined("missing_field", "No column was recognised as a UTM parameter.");
        return Judgement { answer, parts: Vec::new() };
    }
    let tagged = measure.used;
    let answer = Answer::share(count("compliant", ""), tagged, "touches that break no rule", "tagged touches");
    let untagged = Answer::share(count("untagged", ""), count("by_link", ""), "untagged touches", "touches by a link");
    let mut parts = vec![Part::new("untagged", "Untagged", Unit::Rate, untagged)];
    parts.extend(RULES.iter().map(|(rule, label)| {
        let share = Answer::share(count("broken", rule), tagged, "touches that break the rule", "tagged touches");
        Part::new(*rule, *label, Unit::Rate, share)
    }));
    Judgement { answer, parts }
}
