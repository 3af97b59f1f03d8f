//! How many campaigns went live after passing their checks.

use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::sum::Sum;
use crate::table::is_known;

/// `quality_control`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "quality_control",
        version: 1,
        name: "Quality control",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "launches that passed the quality checklist and the brand review before going live ÷ launches",
        source: "ours",
        table: "campaigns",
        inputs: &[
            "campaigns.launched_at",
            "campaigns.qa_passed",
            "campaigns.checked_at",
            "campaigns.brand_approved",
            "campaigns.approved_at",
        ],
        edge_cases: &[
            "A launch belongs to the period in which it went live.",
            "Checked or approved after going live has not passed. One check that failed is enough to fail, whatever is not known of the other.",
            "Nobody says whether it passed, or passed without a date: unknown, left out, and in the bounds.",
            "Parts: `checklist` and `brand`, each over the launches of which it is known.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["launched_at"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let launched = table.time("launched_at");
    let checks = [("qa_passed", "checked_at"), ("brand_approved", "approved_at")];
    let columns = checks.map(|(flag, date)| (table.flag(flag), table.time(date)));
    let mut tallies = [(); 3].map(|()| Tally::new(table));
    let mut counts = [0_u64; 3];
    for row in scan.rows() {
        let at = || {
            if !scan.filter.passes(row) {
                return Err((Reason::OutsideFilter, ""));
            }
            scan.entered(launched, row, "launched_at")
        };
        let at = at();
        let passed = |(flag, date): (Option<&[i64]>, Option<&[i64]>), at: i64| {
            let cell =
                |cells: Option<&[i64]>| cells.and_then(|cells| cells.get(row)).copied().filter(|it| is_known(*it));
            match (cell(flag)?, cell(date)) {
                (0, _) => Some(false),
                (_, date) => date.map(|date| date <= at),
            }
        };
        let outcome = |check: usize| {
            let at = at?;
            let known = columns.map(|column| passed(column, at));
            let found = match (check, known) {
                (0, [checklist, _]) => checklist,
                (1, [_, brand]) => brand,
                (_, [Some(false), _] | [_, Some(false)]) => Some(false),
                (_, [checklist, brand]) => checklist.and(brand),
            };
            found.ok_or((Reason::NoEvidence, if check == 1 { "brand_approved" } else { "qa_passed" }))
        };
        for (check, (tally, count)) in tallies.iter_mut().zip(&mut counts).enumerate() {
            *count = count.wrapping_add(u64::from(tally.row(row, outcome(check)).unwrap_or(false)));
        }
    }
    let mut measure = Measure::default();
    let [checklist, brand, both] = tallies;
    both.finish(&mut measure);
    checklist.finish_part("checklist", &mut measure);
    brand.finish_part("brand", &mut measure);
    for (part, count) in ["checklist", "brand", ""].into_iter().zip(counts) {
        measure.add(Key::part("passed", part), count.into());
    }
    measure
}

fn judge(measure: &Measure, _: &Frame) -> Judgement {
    let answer = |part: &str| {
        let (used, excluded) =
            measure.parts.get(part).map_or((measure.used, &measure.excluded), |rows| (rows.used, &rows.excluded));
        let passed = measure.number("passed", part);
        let open = excluded.count(Reason::NoEvidence);
        let all = used.plus(open) as f64;
        let bounds = (open > 0).then(|| [passed as f64 / all, passed.plus(open) as f64 / all]);
        Answer::share(passed, used, "launches that passed before going live", "launches whose checks are known")
            .bounded(bounds)
    };
    Judgement {
        answer: answer(""),
        parts: vec![
            Part::new("checklist", "Quality checklist", Unit::Rate, answer("checklist")),
            Part::new("brand", "Brand review", Unit::Rate, answer("brand")),
        ],
    }
}
