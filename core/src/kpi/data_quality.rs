//! How good the data are, in six dimensions: for deals by themselves, and for contacts and deals together.

use super::data_completeness::visible;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::charter::ConsistencyRule;
use crate::figure::{Direction, Figure, Quantity, Unit};
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};
use crate::quality::{FieldCells, Filled, Link, Records, fields, prepare};
use crate::table::is_known;

/// `deal_data_quality`.
pub static DEALS: Kpi = Kpi {
    definition: Definition {
        id: "deal_data_quality",
        version: 2,
        name: "Data quality of deals",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "weighted mean of completeness, validity, consistency, currentness and referential integrity of deals",
        source: "dimensions of ISO/IEC 25012; the mean is ours",
        table: "deals",
        inputs: &[
            "charter.data_standard",
            "deals.id",
            "deals.created_at",
            "deals.updated_at",
            "deals.closed_at",
            "deals.stage",
            "deals.contact_ids",
            "deals.campaign",
        ],
        edge_cases: EDGES,
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["id"]),
    measure,
    judge,
    particulars: Particulars {
        prepare: Some(|dataset, charter, _, budget| prepare(dataset, charter, "deals", budget)),
        ..Particulars::NONE
    },
};

/// `data_quality`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "data_quality",
        version: 2,
        name: "Data quality",
        unit: Unit::Rate,
        direction: Direction::Higher,
        formula: "weighted mean of completeness, validity, uniqueness, consistency, currentness and referential integrity",
        source: "dimensions of ISO/IEC 25012; the mean is ours",
        table: "contacts",
        inputs: &[
            "charter.data_standard",
            "contacts.id",
            "contacts.created_at",
            "contacts.updated_at",
            "contacts.stage",
            "contacts.stage:<each lifecycle stage>",
            "deals.id",
        ],
        edge_cases: EDGES,
        parameters: &[],
        uses_lifecycle: true,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["id"]),
    measure,
    judge,
    particulars: Particulars {
        figures: Listed::Always(&["data_completeness", "duplicate_rate", "deal_data_quality"]),
        prepare: Some(|dataset, charter, _, budget| prepare(dataset, charter, "contacts", budget)),
        ..Particulars::NONE
    },
};

const EDGES: &[&str] = &[
    "validity: filled cells that can be read and that the charter's data standard allows. consistency: records that keep a rule between fields, of those that can tell; stages are in order if none has an earlier date than a dated one before it, whatever the as-of date (exits and unreadable dates left out; a date without a time, as every midnight of the charter’s zone is taken, is compared by its day). currentness: records updated within the standard's days, of those with a date of updating. referential_integrity: fields that name records of another table, all of which are there.",
    "Contacts and deals are counted together in each dimension; uniqueness (1 − duplicate_rate) is of contacts.",
    "A dimension of which nothing is known leaves the mean and is named in the denominator; the bounds say what it leaves open, with what completeness and uniqueness of contacts leave open: all, where they have no value.",
    "No interval: all records are counted, none sampled.",
    "Parts: one for each dimension, with fields or rules in it, and `fields`: the share of records in which a field is filled and valid, whatever its stage requires.",
];

/// A dimension: its id, its name, and the series that count what was checked and what held.
struct Dimension {
    id: &'static str,
    label: &'static str,
    checked: &'static str,
    held: &'static str,
}

macro_rules! dimension {
    ($id:literal, $label:literal) => {
        Dimension { id: $id, label: $label, checked: concat!($id, " checked"), held: concat!($id, " held") }
    };
}

const DIMENSIONS: [Dimension; 6] = [
    dimension!("completeness", "Completeness"),
    dimension!("validity", "Validity"),
    dimension!("uniqueness", "Uniqueness"),
    dimension!("consistency", "Consistency"),
    dimension!("currentness", "Currentness"),
    dimension!("referential_integrity", "Referential integrity"),
];
const FIELDS: Dimension = dimension!("fields", "By field: filled and valid");

/// Counts checked and held, by name.
#[derive(Default)]
struct Pair {
    checked: u64,
    held: u64,
}

impl Pair {
    fn add(&mut self, held: Option<bool>) {
        if let Some(held) = held {
            self.checked = self.checked.wrapping_add(1);
            self.held = self.held.wrapping_add(u64::from(held));
        }
    }

    fn write(self, dimension: &Dimension, name: &str, measure: &mut Measure) {
        if self.checked > 0 {
            measure.add(Key::part(dimension.checked, name), self.checked.into());
            measure.add(Key::part(dimension.held, name), self.held.into());
        }
    }
}

/// Whether a record was updated within the standard's days; nothing where nobody knows.
pub(crate) fn is_current(scan: &Scan, updated: Option<&[i64]>, row: usize) -> Option<bool> {
    let updated = updated.and_then(|cells| cells.get(row)).copied().filter(|cell| is_known(*cell))?;
    Some(scan.days(updated, scan.as_of) <= i64::from(scan.charter.data_standard.current_days))
}

#[cfg_attr(speed, optimize(speed))]
fn measure(scan: &Scan) -> Measure {
    let standard = &scan.charter.data_standard;
    let table = scan.table;
    let [completeness, validity, _, consistency, currentness, references] = &DIMENSIONS;
    let records = Records::new(scan);
    let rules: Vec<ConsistencyRule> =
        standard.consistency.iter().copied().filter(|rule| records.concerns(*rule)).list();
    // All texts are judged by now.
    let cells = fields(scan.dataset, scan.charter, table, &mut { usize::MAX });
    let links = Link::all(scan.dataset, scan.charter, table, &mut { usize::MAX });
    let (created, updated) = (table.time("created_at"), table.time("updated_at"));
    // Contacts have a figure of their own for this, since stages decide what they must say.
    let required = if table.name == "deals" { standard.required_of_deals.as_slice() } else { &[] };
    let required: Vec<FieldCells> = required.iter().filter_map(|field| FieldCells::new(table, field)).list();
    let pairs = |count: usize| (0..count).map(|_| Pair::default()).list();
    let (mut filled, mut valid, mut usable) = (pairs(required.len()), pairs(cells.len()), pairs(cells.len()));
    let (mut kept, mut linked, mut current) = (pairs(rules.len()), pairs(links.len()), Pair::default());
    let mut tally = Tally::new(table);
    for row in scan.rows() {
        if tally.row(row, visible(scan, created, row)).is_none() {
            continue;
        }
        for (cells, pair) in required.iter().zip(&mut filled) {
            pair.add(Some(cells.filled(row) != Filled::Blank));
        }
        for ((cells, valid), usable) in cells.iter().zip(&mut valid).zip(&mut usable) {
            let found = cells.filled(row);
            usable.add(Some(found == Filled::Valid));
            valid.add((cells.has_rule && found != Filled::Blank).then_some(found == Filled::Valid));
        }
        for (rule, pair) in rules.iter().zip(&mut kept) {
            pair.add(records.keeps(*rule, row));
        }
        for (link, pair) in links.iter().zip(&mut linked) {
            pair.add(link.holds(row));
        }
        current.add(is_current(scan, updated, row));
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    for (dimension, cells, pairs) in
        [(completeness, &required, filled), (validity, &cells, valid), (&FIELDS, &cells, usable)]
    {
        for (cells, pair) in cells.iter().zip(pairs) {
            pair.write(dimension, cells.name, &mut measure);
        }
    }
    for (rule, pair) in rules.iter().zip(kept) {
        pair.write(consistency, rule_id(*rule), &mut measure);
    }
    for (link, pair) in links.iter().zip(linked) {
        pair.write(references, link.field, &mut measure);
    }
    current.write(currentness, "updated_at", &mut measure);
    measure
}

/// The rule's word, as the charter writes it.
pub(crate) fn rule_id(rule: ConsistencyRule) -> &'static str {
    match rule {
        ConsistencyRule::StageOrder => "stage_order",
        ConsistencyRule::StageHasDate => "stage_has_date",
        ConsistencyRule::NothingBeforeCreated => "nothing_before_created",
        ConsistencyRule::ClosedHasDate => "closed_has_date",
    }
}

/// The two sides of a figure, if it has a value.
fn sides(figure: &Figure) -> Option<[f64; 2]> {
    let (numerator, denominator) = (figure.numerator.as_ref()?, figure.denominator.as_ref()?);
    figure.value.map(|_| [numerator.value, denominator.value])
}

fn share([held, checked]: [f64; 2]) -> Answer {
    let quantity = |value, label| Quantity::new(value, Unit::Records, label);
    Answer::quotient(quantity(held, "checks passed"), quantity(checked, "checks")).from_records(checked as u64)
}

/// What one table says of a dimension: by field or rule, and in all.
fn counted(measure: &Measure, dimension: &Dimension, table: &str) -> (Vec<Part>, [f64; 2]) {
    let mut all = [0.0; 2];
    let mut parts = Vec::new();
    for (Key(series, name), checked) in &measure.sums {
        if series == dimension.checked {
            let sides = [measure.sum(dimension.held, name) as f64, *checked as f64];
            let [held, checked] = &mut all;
            *held += sides.first().copied().unwrap_or(0.0);
            *checked += sides.last().copied().unwrap_or(0.0);
            let name = format!("{table}.{name}");
            parts.push(Part::new(&name, &name, Unit::Rate, share(sides)));
        }
    }
    (parts, all)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let standard = &frame.charter.data_standard;
    let weights = &standard.weights;
    let weights = [
        weights.completeness,
        weights.validity,
        weights.uniqueness,
        weights.consistency,
        weights.currentness,
        weights.referential_integrity,
    ];
    // Contacts are held together with deals, if those are known; deals are judged alone.
    let deals = frame.figure("deal_data_quality");
    let alone = frame.table.is_some_and(|table| table.name == "deals");
    let table = if alone { "deals" } else { "contacts" };
    let mut parts = Vec::new();
    let mut unknown = Vec::new();
    let [mut sum, mut known, mut all, mut low, mut high] = [0.0; 5];
    for (dimension, weight) in DIMENSIONS.iter().zip(weights) {
        if alone && dimension.id == "uniqueness" {
            continue;
        }
        let weight = f64::from(weight);
        let (mut inner, [mut held, mut checked]) = counted(measure, dimension, table);
        let mut bounds = None;
        // Completeness and uniqueness of contacts are figures of their own.
        let own = match dimension.id {
            _ if alone => None,
            "completeness" => frame.figure("data_completeness").map(|figure| (figure, false)),
            "uniqueness" => frame.figure("duplicate_rate").map(|figure| (figure, true)),
            _ => None,
        };
        if let Some((figure, inverse)) = own {
            if let Some([above, below]) = sides(figure) {
                held += if inverse { below - above } else { above };
                checked += below;
            }
            bounds = figure.bounds.map(|[low, high]| if inverse { [1.0 - high, 1.0 - low] } else { [low, high] });
        }
        for part in deals.and_then(|figure| figure.part(dimension.id)).into_iter() {
            if let Some([above, below]) = sides(part) {
                held += above;
                checked += below;
                // What deals leave open is nothing: their columns that are missing are left out.
                bounds = bounds.map(|[low, high]| {
                    // The bounds are shares of all checks of contacts, the unknown ones too.
                    let of_contacts = (checked - below) / (1.0 - (high - low));
                    let joined = |limit| (limit * of_contacts + above) / (of_contacts + below);
                    // Without a check of contacts, nobody knows how many there would be.
                    if checked > below { [low, high].map(joined) } else { [low, high] }
                });
            }
            inner.extend(
                part.parts
                    .iter()
                    .filter_map(|part| Some(Part::new(&part.part, &part.label, Unit::Rate, share(sides(part)?)))),
            );
        }
        let answer = if checked > 0.0 {
            share([held, checked])
        } else {
            Answer::undefined("no_evidence", "Nothing in the data can tell.").bounded(Some([0.0, 1.0]))
        };
        all += weight;
        match &answer.value {
            Ok(value) => {
                let value = *value;
                sum += weight * value;
                known += weight;
                let [least, most] = bounds.unwrap_or([value, value]);
                // Rounding must not put the value outside its own bounds.
                low += weight * least.min(value);
                high += weight * most.max(value);
            }
            Err(_) => {
                unknown.push(dimension.label);
                high += weight;
            }
        }
        let answer = if answer.value.is_ok() { answer.spanning(bounds) } else { answer };
        parts.push(Part::new(dimension.id, dimension.label, Unit::Rate, answer).with(inner));
    }
    let (inner, sides) = counted(measure, &FIELDS, table);
    parts.push(Part::new(FIELDS.id, FIELDS.label, Unit::Rate, share(sides)).with(inner));
    let label = match unknown.as_slice() {
        [] => "weights of all dimensions".to_owned(),
        names => format!("weights of the dimensions known (unknown: {})", names.joined(", ")),
    };
    let quantity = |value, label| Quantity::new(value, Unit::Ratio, label);
    let answer = if measure.used == 0 || known == 0.0 {
        let code = if measure.used > 0 { "missing_field" } else { "no_evidence" };
        Answer::undefined(code, "No dimension can be told from these data.").bounded(Some([0.0, 1.0]))
    } else {
        let value = sum / known;
        let bounds = (low < sum || high > sum).then(|| [(low / all).min(value), (high / all).max(value)]);
        Answer::quotient(quantity(sum, "weighted sum of the dimensions"), quantity(known, &label)).bounded(bounds)
    };
    Judgement { answer: answer.from_records(measure.used), parts }
}
