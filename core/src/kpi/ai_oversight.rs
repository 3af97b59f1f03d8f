//! Whether features that decide by themselves are watched, and fed with good data.

use super::scan::Tally;
use super::stack::CENSUS;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::sum::Sum;
use crate::table::{BLANK, is_known};

/// `ai_oversight`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "ai_oversight",
        version: 3,
        name: "AI oversight",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "active AI features with owner, monitor and input data above the quality bar ÷ active AI features",
        source: "ours",
        table: "ai_features",
        inputs: &[
            "ai_features.id",
            "ai_features.active",
            "ai_features.owner",
            "ai_features.monitor",
            "ai_features.inputs",
            "charter.data_standard",
        ],
        edge_cases: &[
            "The quality of its inputs is read from data_quality and deal_data_quality: the share of records in which the field is filled and valid. Each input must reach the bar.",
            "An input whose quality is not measured, or a feature of which nobody says whether it is active, is unknown: it leaves the figure, and the bounds say what it leaves open. Without owner or monitor a feature fails whatever its inputs; without a field for one of the two nothing is known.",
            "A feature that names no inputs is unknown. Rows used are active features, those left open among them. A reader's filter is about records and leaves the quality of inputs as it is.",
            "Of inputs that are measured, one below the bar decides, whatever the others are.",
            "No interval: all features are counted, none sampled.",
            "Parts: the shares with an owner, with a monitor, and with good inputs.",
        ],
        parameters: &[Parameter {
            name: "quality_bar",
            range: Range::Whole { default: 90, low: 0, high: 100 },
            text: "percent of records in which an input has to be filled and valid",
        }],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["inputs", "owner", "monitor"]),
    measure,
    judge,
    particulars: Particulars { figures: Listed::Always(&["data_quality", "deal_data_quality"]), ..Particulars::NONE },
};

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (active, owner, monitor, inputs) =
        (table.flag("active"), table.text("owner"), table.text("monitor"), table.text("inputs"));
    let mut tally = Tally::new(table);
    let mut measure = Measure::default();
    for row in scan.rows() {
        let is_active = if scan.filter.passes(row) {
            match active.map(|cells| cells.get(row).copied().unwrap_or(BLANK)) {
                Some(0) => Err((Reason::NotCounted, "active")),
                Some(cell) if !is_known(cell) => Err((Reason::NoEvidence, "active")),
                None => Err((Reason::NoEvidence, "active")),
                Some(_) => Ok(()),
            }
        } else {
            Err((Reason::OutsideFilter, ""))
        };
        if tally.row(row, is_active).is_none() {
            continue;
        }
        let has = |column: Option<&crate::table::TextColumn>| column.is_some_and(|column| !column.get(row).is_empty());
        let (owned, watched) = (has(owner), has(monitor));
        measure.add(Key::whole("owned"), owned.into());
        measure.add(Key::whole("watched"), watched.into());
        // Whether the inputs are good is for the figures to say.
        let inputs = inputs.map_or("", |column| column.get(row));
        measure.add(Key::part("features", inputs), 1);
        measure.add(Key::part("overseen", inputs), (owned && watched).into());
    }
    tally.finish(&mut measure);
    measure
}

/// The quality of a field, `contacts.email`, if it is measured.
pub(crate) fn quality_of(frame: &Frame, field: &str) -> Option<f64> {
    let of = |id: &str| frame.figure(id)?.part("fields")?.part(field)?.value;
    of("data_quality").or_else(|| of("deal_data_quality"))
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let bar = frame.parameters.whole("quality_bar") as f64 / 100.0;
    let count = |series, part: &str| measure.number(series, part);
    let (mut good, mut poor, mut passed, mut open) = (0_u64, 0_u64, 0_u64, 0_u64);
    for Key(series, inputs) in measure.sums.keys() {
        if series != "features" {
            continue;
        }
        let (features, overseen) = (count("features", inputs), count("overseen", inputs));
        let fields = || inputs.split(';').map(str::trim).filter(|field| !field.is_empty());
        let below = fields().filter_map(|field| quality_of(frame, field)).any(|quality| quality < bar);
        let known = fields().next().is_some() && fields().all(|field| quality_of(frame, field).is_some());
        if below {
            poor = poor.plus(features);
        } else if known {
            good = good.plus(features);
            passed = passed.plus(overseen);
        } else {
            open = open.plus(overseen);
        }
    }
    // Failed whatever their inputs, or judged; the rest is open.
    let decided = measure.used.minus(open);
    let inactive_unknown = measure.excluded.count(Reason::NoEvidence);
    let left_open = open.plus(inactive_unknown);
    let all = measure.used.plus(inactive_unknown) as f64;
    let bounds = (left_open > 0).then(|| {
        let low = passed as f64 / all;
        // Those of which nobody knows whether they are active may be none of them.
        let high = passed.plus(left_open) as f64 / decided.plus(left_open) as f64;
        [low, high]
    });
    let share = |count: u64, of: u64, label: &str, by: &str| Answer::ratio(count, of, label, by).from_records(CENSUS);
    let answer = share(passed, decided, "features overseen, with good inputs", "active AI features that can be judged");
    let answer = if decided == 0 && left_open > 0 {
        Answer::undefined("no_evidence", "Whether the features are active, or how good their inputs are, is not known.")
            .bounded(Some([0.0, 1.0]))
    } else {
        answer.bounded(bounds)
    };
    let part = |key: &str, label: &str, count: u64, of: u64, by: &str| {
        Part::new(key, label, Unit::Rate, share(count, of, "features", by))
    };
    let (active, known) = ("active AI features", "active AI features whose inputs are known");
    Judgement {
        answer,
        parts: vec![
            part("owned", "With an owner", count("owned", ""), measure.used, active),
            part("watched", "With a monitor", count("watched", ""), measure.used, active),
            part("inputs", "With good inputs, of those known", good, good.plus(poor), known),
        ],
    }
}
