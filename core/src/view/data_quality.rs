//! View: how good the data are, by field, owner and source, and which rows to mend first.

use super::board::{Heading, plural};
use super::operations::{board, by_value, figures, section};
use super::words::{amount, value};
use super::{BoardView, Layout, Row, Section, State, Subject};
use crate::figure::{Direction, Figure, Unit};
use crate::fold::lower;
use crate::kpi::data_quality::{is_current, rule_id};
use crate::kpi::{self, Answer, Definition, Judgement, Kpi, Listed, Particulars, Scan, Timing, registry};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::map::Map;
use crate::measure::{Key, Measure};
use crate::quality::{FieldCells, Filled, Link, Records, Stages, fields, prepare};
use crate::query::Asker;
use crate::sort::sorted;
use crate::sum::Sum;
use crate::table::{Dataset, Table};
use std::cmp::Reverse;
use std::rc::Rc;

/// Rows to mend that are listed.
const LISTED: usize = 200;

/// The figures, the most important first.
const FIGURES: [&str; 6] = [
    "data_quality",
    "data_completeness",
    "duplicate_rate",
    "tracking_compliance",
    "consent_currency",
    "suppression_health",
];

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &FIGURES);
    let figure = asker.figure_of(&subject.question(asker, kpi::of("data_quality")));
    let mend = mend(asker, subject);
    let (state, message) = sentence(&figure, mend.of.unwrap_or(0));
    let sections = vec![
        dimensions(&figure),
        effects(asker, subject, &figure),
        mend,
        by_field(asker, &figure),
        groups(asker, subject, "owner", "By owner"),
        groups(asker, subject, "source", "By source"),
    ];
    board("data_quality", (state, message), &all, sections)
}

/// The dimensions among a figure's parts.
fn dimension_parts(figure: &Figure) -> impl Iterator<Item = &Figure> {
    figure.parts.iter().filter(|part| part.part != "fields")
}

fn sentence(figure: &Figure, rows: u64) -> (State, String) {
    let Some(whole) = value(figure) else {
        let why = figure.undefined.as_ref().map(|undefined| undefined.message.clone());
        return (State::Unknown, why.unwrap_or_default());
    };
    let known = dimension_parts(figure).filter_map(|part| Some((part.value?, part)));
    let worst = known.min_by(|one, other| one.0.total_cmp(&other.0));
    let weakest = worst.map_or_else(String::new, |(value, part)| {
        format!(" Weakest is {}, at {}.", lower(&part.label), amount(value, Unit::Rate, None))
    });
    (
        State::of(figure),
        format!(
            "Data quality is {whole}.{weakest} {} something to mend.",
            plural(usize::try_from(rows).unwrap_or(usize::MAX), "contact has", "contacts have")
        ),
    )
}

fn dimensions(figure: &Figure) -> Section {
    let rows = dimension_parts(figure).map(|part| {
        let worst = part.parts.iter().filter_map(|part| Some((part.value?, part)));
        let worst = worst.filter(|(value, _)| *value < 1.0).min_by(|one, other| one.0.total_cmp(&other.0));
        let mut row = Row::of(part);
        if part.value.is_none() {
            row.means(State::Unknown, "unknown");
        }
        if let Some((value, part)) = worst {
            row.note = format!("Weakest: {}, at {}.", part.label, amount(value, Unit::Rate, None));
        }
        row.figure(part);
        row
    });
    let note = "An unknown dimension leaves the mean and widens its bounds.";
    let columns = &[("share", "Checks passed", Some(Unit::Rate))];
    section("dimensions", "Dimensions", note, Layout::Bars, columns, rows.list())
}

/// Fields and rules, the weakest first. A field that may be blank is not weak for being blank.
fn by_field(asker: &Asker, figure: &Figure) -> Section {
    let required = asker.charter.required_by_stage().pop().unwrap_or_default();
    let is_required = |name: &str| {
        let field = name.strip_prefix("contacts.");
        field.is_none_or(|field| required.contains(&field))
    };
    let mut names: Vec<&str> = Vec::new();
    for part in figure.parts.iter().filter(|part| part.part != "uniqueness").flat_map(|part| &part.parts) {
        if !names.contains(&part.part.as_str()) {
            names.push(&part.part);
        }
    }
    let shown = ["fields", "validity", "consistency", "currentness", "referential_integrity"];
    let of = |dimension: &str, name: &str| figure.part(dimension)?.part(name)?.value;
    let rows = names.into_iter().enumerate().map(|(index, name)| {
        let values = shown.map(|dimension| of(dimension, name));
        let optional = usize::from(!is_required(name));
        let lowest = values.iter().skip(optional).flatten().fold(1.0_f64, |low, value| low.min(*value));
        (libm::round(lowest * 1e9) as i64, index, name, values)
    });
    let order = sorted(rows.clone().map(|(lowest, index, ..)| (lowest, index)).list());
    let all: Vec<_> = rows.list();
    let rows = order.into_iter().filter_map(|(_, index)| all.get(index)).map(|(_, _, name, values)| {
        let mut row = Row::new(name, name);
        for value in values {
            row.number(*value);
        }
        row
    });
    let labels = ["Filled and valid", "Valid where filled", "Consistent", "Current", "Refers to what is there"];
    let columns: Vec<Heading> = shown.into_iter().zip(labels).map(|(id, label)| (id, label, Some(Unit::Rate))).list();
    let columns = &columns;
    let note = "The weakest first; fields that no stage requires only by what is in them. Filled counts all records.";
    Section { folded: true, ..section("by_field", "By field and rule", note, Layout::Matrix, columns, rows.list()) }
}

/// The dimensions for each of the most frequent values of a field.
fn groups(asker: &Asker, subject: &Subject, field: &str, label: &str) -> Section {
    let question = subject.question(asker, kpi::of("data_quality"));
    let (rows, of) = by_value(asker, &question, field, &|row, figure, count| {
        row.figure(figure);
        for part in dimension_parts(figure) {
            row.figure(part);
        }
        row.number(Some(count as f64));
    });
    let columns = &[
        ("quality", "Data quality", Some(Unit::Rate)),
        ("completeness", "Completeness", Some(Unit::Rate)),
        ("validity", "Validity", Some(Unit::Rate)),
        ("uniqueness", "Uniqueness", Some(Unit::Rate)),
        ("consistency", "Consistency", Some(Unit::Rate)),
        ("currentness", "Currentness", Some(Unit::Rate)),
        ("referential_integrity", "Referential integrity", Some(Unit::Rate)),
        ("contacts", "Contacts", Some(Unit::Records)),
    ];
    Section { of, folded: true, ..section(&format!("by_{field}"), label, "", Layout::Matrix, columns, rows) }
}

/// Contacts with faults, those with most first.
fn mend(asker: &Asker, subject: &Subject) -> Section {
    let columns = &[
        ("line", "Line", Some(Unit::Records)),
        ("missing", "Missing", None),
        ("invalid", "Not valid", None),
        ("broken", "Rules broken", None),
        ("duplicate_of", "Repeats", None),
    ];
    let note = "Most faults first; ids only. Export the list and hand it to the owners.";
    let mut listed = section("mend", "Contacts to mend", note, Layout::Table, columns, Vec::new());
    let question = subject.question(asker, &FAULTY);
    let faults = asker.measure(&question);
    asker.look(&question, &mut |scan| {
        listed.rows = rows(scan, faults.histogram(WORST, "").unwrap_or(&Map::new()));
        listed.of = Some(faults.number(OF, ""));
    });
    listed
}

/// Contacts with faults, looked for in steps as figures are counted: how many there are, and the rows of those with most,
/// with how many faults each has.
static FAULTY: Kpi = Kpi {
    definition: Definition {
        id: "contacts_to_mend",
        version: 1,
        name: "",
        unit: Unit::Records,
        direction: Direction::None,
        formula: "",
        source: "",
        table: "contacts",
        inputs: &[],
        edge_cases: &[],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&[]),
    measure: faulty,
    judge: |measure, _| Judgement { answer: Answer::new(0.0, measure.used), parts: Vec::new() },
    particulars: Particulars {
        prepare: Some(|dataset, charter, as_of, budget| {
            dataset.find_entities(&charter.data_standard, as_of, budget)
                && prepare(dataset, charter, "contacts", budget)
        }),
        ..Particulars::NONE
    },
};

const WORST: &str = "worst";
const OF: &str = "of";

type Worst<'a> = Vec<(Reverse<u64>, u64, &'a str, usize)>;

/// A row by how soon it is listed: most faults first, then by line and id.
fn place(table: &Table, row: usize, faults: u64) -> (Reverse<u64>, u64, &str, usize) {
    (Reverse(faults), table.line(row), table.text("id").map_or("", |ids| ids.get(row)), row)
}

fn faulty(scan: &Scan) -> Measure {
    let table = scan.table;
    let checks = Checks::new(scan);
    // The worst so far; cut from time to time, so that it stays short.
    let mut worst: Worst = Vec::new();
    let mut of = 0_i128;
    for row in scan.rows() {
        if kpi::data_completeness::visible(scan, table.time("created_at"), row).is_err() {
            continue;
        }
        let faults = checks.count(row);
        if faults > 0 {
            of = of.plus(1);
            worst.push(place(table, row, faults as u64));
            if worst.len() >= 20 * LISTED {
                worst = sorted(worst);
                worst.truncate(LISTED);
            }
        }
    }
    let mut measure = Measure::default();
    measure.add(Key::whole(OF), of);
    for (Reverse(faults), .., row) in sorted(worst).into_iter().take(LISTED) {
        measure.count(Key::whole(WORST), row as i64, faults);
    }
    measure
}

/// The worst rows of all steps, with what is wrong in each.
fn rows(scan: &Scan, worst: &Map<i64, u64>) -> Vec<Row> {
    let checks = Checks::new(scan);
    let worst: Worst = worst.iter().map(|(row, faults)| place(scan.table, *row as usize, *faults)).list();
    let rows = sorted(worst).into_iter().take(LISTED).map(|(Reverse(faults), line, id, row)| {
        let [missing, invalid, broken] = checks.names(row);
        let repeats = checks.repeats(row, scan.dataset);
        let mut row = Row::new(id, id);
        row.means(State::Warning, &plural(faults as usize, "fault", "faults"));
        row.number(Some(line as f64));
        for text in [missing, invalid, broken, repeats] {
            row.text(&text);
        }
        row
    });
    rows.list()
}

/// Everything a contact is held against.
struct Checks<'a> {
    scan: &'a Scan<'a>,
    required: Vec<Vec<&'a str>>,
    stages: Stages<'a>,
    cells: Vec<FieldCells<'a>>,
    needed: Vec<Option<FieldCells<'a>>>,
    records: Records<'a>,
    links: Vec<Link<'a>>,
    updated: Option<&'a [i64]>,
    entities: Option<Rc<crate::duplicates::Entities>>,
}

impl<'a> Checks<'a> {
    fn new(scan: &'a Scan<'a>) -> Self {
        let standard = &scan.charter.data_standard;
        let required = scan.charter.required_by_stage();
        let all = required.last().cloned().unwrap_or_default();
        Self {
            scan,
            required,
            stages: Stages::new(scan.table, scan.charter, scan.as_of),
            cells: fields(scan.dataset, scan.charter, scan.table, &mut { usize::MAX }),
            needed: all.into_iter().map(|field| FieldCells::new(scan.table, field)).list(),
            records: Records::new(scan),
            links: Link::all(scan.dataset, scan.charter, scan.table, &mut { usize::MAX }),
            updated: scan.table.time("updated_at"),
            entities: scan.dataset.entities(standard, scan.as_of),
        }
    }

    /// Calls for each fault: its kind (0 missing, 1 invalid, 2 rule broken) and the field or rule.
    fn each(&self, row: usize, fault: &mut dyn FnMut(usize, &str)) {
        let fields = self.required.get(self.stages.of(row)).map_or(0, Vec::len);
        for cells in self.needed.iter().take(fields).flatten().filter(|cells| cells.filled(row) == Filled::Blank) {
            fault(0, cells.name);
        }
        for cells in self.cells.iter().filter(|cells| cells.has_rule && cells.filled(row) == Filled::Invalid) {
            fault(1, cells.name);
        }
        for rule in &self.scan.charter.data_standard.consistency {
            if self.records.concerns(*rule) && self.records.keeps(*rule, row) == Some(false) {
                fault(2, rule_id(*rule));
            }
        }
        for link in self.links.iter().filter(|link| link.holds(row) == Some(false)) {
            fault(2, link.field);
        }
        if is_current(self.scan, self.updated, row) == Some(false) {
            fault(2, "current_days");
        }
    }

    fn count(&self, row: usize) -> usize {
        let mut faults = 0_usize;
        self.each(row, &mut |_, _| faults = faults.plus(1));
        let repeats = self.entities.as_ref().is_some_and(|entities| !entities.is_first(row));
        faults.plus(usize::from(repeats))
    }

    fn names(&self, row: usize) -> [String; 3] {
        let mut names: [String; 3] = Default::default();
        self.each(row, &mut |kind, name| {
            if let Some(names) = names.get_mut(kind) {
                if !names.is_empty() {
                    names.push_str(", ");
                }
                names.push_str(name);
            }
        });
        names
    }

    /// The id of the record that this one repeats.
    fn repeats(&self, row: usize, dataset: &Dataset) -> String {
        let first = self.entities.as_ref().map_or(row, |entities| entities.first(row));
        let ids = dataset.table("contacts").and_then(|table| table.text("id"));
        if first == row { String::new() } else { ids.map_or("", |ids| ids.get(first)).to_owned() }
    }
}

/// What a mended field would change: figures that leave rows out, or are open, for want of it.
fn effects(asker: &Asker, subject: &Subject, quality: &Figure) -> Section {
    let mut rows = Vec::new();
    let usable = quality.part("fields").map(|part| part.parts.as_slice()).unwrap_or_default();
    for part in usable {
        let Some(share) = part.value.filter(|share| *share < 1.0) else { continue };
        let readers = registry().iter().filter(|kpi| {
            kpi.particulars.compose.is_none() && !is_quality(kpi) && kpi.definition.inputs.contains(&part.part.as_str())
        });
        for kpi in readers {
            let figure = asker.figure_of(&subject.question(asker, kpi));
            let field = part.part.split_once('.').map_or("", |(_, field)| field);
            let blank = figure.excluded.iter().find(|excluded| {
                excluded.reason == Reason::BlankField && excluded.examples.iter().any(|row| row.field == field)
            });
            if figure.bounds.is_none() && blank.is_none() {
                continue;
            }
            let mut note = match (figure.bounds, value(&figure), &figure.undefined) {
                (Some([low, high]), ..) => {
                    let [low, high] = [low, high].map(|end| amount(end, figure.unit, figure.currency.as_deref()));
                    format!("{} could be anywhere between {low} and {high}.", figure.label)
                }
                (None, Some(value), _) => format!("{} is {value}.", figure.label),
                (None, None, undefined) => undefined.as_ref().map_or_else(String::new, |why| why.message.clone()),
            };
            if let Some(blank) = blank {
                note.push_str(&format!(" {} of its rows are left out for a blank field.", blank.count));
            }
            let mut row =
                Row::new(&[&part.part, " ", &figure.id].joined(""), &[&part.part, " → ", &figure.label].joined(""));
            row.state = if figure.bounds.is_some() { State::Unknown } else { State::Warning };
            row.note = note;
            row.number(Some(1.0 - share));
            rows.push(row);
        }
    }
    let columns = &[("lacking", "Records without it", Some(Unit::Rate))];
    let note = if rows.is_empty() {
        "No figure hangs on what is blank or wrong."
    } else {
        "What is blank or wrong leaves these figures open, or rows out of them."
    };
    section("effects", "What mending would change", note, Layout::List, columns, rows)
}

fn is_quality(kpi: &Kpi) -> bool {
    ["data_completeness", "data_quality", "deal_data_quality"].contains(&kpi.definition.id)
}
