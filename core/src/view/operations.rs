//! Views of operations: speed to lead and routing, campaigns and intake, segments.

use super::board::Heading;
use super::words::{amount, value};
use super::{BoardView, Cell, Column, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Status, Unit};
use crate::kpi::campaign_cycle_time::STEPS;
use crate::kpi::{Kpi, find};
use crate::list::List;
use crate::period::{Grain, Period, buckets};
use crate::query::{Asker, Question};
use crate::sort::ranked;
use crate::sum::Sum;
use crate::time::DAY;
use std::rc::Rc;

/// Owners, sources and campaigns that are listed.
pub(super) const LISTED: usize = 20;
/// Weeks of a calendar.
const WEEKS: i64 = 26;

pub(super) fn question(asker: &Asker, subject: &Subject, id: &str) -> Option<Question> {
    find(id).map(|kpi: &'static Kpi| subject.question(asker, kpi))
}

pub(super) fn figures(asker: &Asker, subject: &Subject, ids: &[&str]) -> Vec<Rc<Figure>> {
    ids.iter().filter_map(|id| question(asker, subject, id)).map(|question| asker.figure_of(&question)).list()
}

pub(super) fn board(
    name: &str,
    (state, message): (State, String),
    figures: &[Rc<Figure>],
    sections: Vec<Section>,
) -> BoardView {
    let figures = figures.iter().map(|figure| figure.as_ref().clone()).list();
    BoardView { name: name.into(), message, state, figures, sections }
}

/// The same without the breakdowns of the figures' parts, which stand in the sections.
pub(super) fn brief(name: &str, told: (State, String), figures: &[Rc<Figure>], sections: Vec<Section>) -> BoardView {
    let mut view = board(name, told, figures, sections);
    for part in view.figures.iter_mut().flat_map(|figure| &mut figure.parts) {
        part.parts.clear();
    }
    view
}

/// One of some figures, by its KPI.
#[inline(never)]
pub(super) fn one<'a>(figures: &'a [Rc<Figure>], id: &str) -> Option<&'a Rc<Figure>> {
    figures.iter().find(|figure| figure.id == id)
}

#[inline(never)]
pub(super) fn section(
    id: &str,
    label: &str,
    note: &str,
    layout: Layout,
    columns: &[Heading],
    rows: Vec<Row>,
) -> Section {
    let columns = Column::list(columns);
    Section { id: id.into(), label: label.into(), note: note.into(), layout, columns, rows, ..Section::default() }
}

/// The cell of a part, or of the whole for "value".
fn cell(figure: &Figure, part: &str) -> Cell {
    if part == "value" { Cell::figure(figure) } else { figure.part(part).map(Cell::figure).unwrap_or_default() }
}

/// A row for each of the most frequent values of a field, the most frequent first, with what it means; its cells are
/// filled from the figure and the number of records. And how many values there are, where not all are listed.
pub(super) fn by_value(
    asker: &Asker,
    question: &Question,
    field: &str,
    fill: &dyn Fn(&mut Row, &Figure, u64),
) -> (Vec<Row>, Option<u64>) {
    let column = asker.table(question).and_then(|table| table.text(field));
    let values = column.map(super::filters::frequencies).unwrap_or_default();
    let mut rows = Vec::new();
    for (count, value) in values.iter().take(LISTED) {
        let figure = asker.figure_of(&question.with(field, value));
        let mut row = Row::new(value, if value.is_empty() { "(blank)" } else { value });
        row.state = State::of(&figure);
        fill(&mut row, &figure, *count);
        rows.push(row);
    }
    (rows, more(values.len()))
}

/// How many there are, where not all are listed.
pub(super) fn more(all: usize) -> Option<u64> {
    (all > LISTED).then_some(all as u64)
}

/// A figure's parts for each of the most frequent values of a field.
fn groups(asker: &Asker, question: &Question, field: &str, label: &str, parts: &[Heading]) -> Section {
    let (rows, of) = by_value(asker, question, field, &|row, figure, _| {
        for (part, ..) in parts {
            row.cells.push(cell(figure, part));
        }
        row.number(Some(figure.used as f64));
    });
    let columns = [parts, &[("records", "Records", Some(Unit::Records))]].concat();
    Section { of, ..section(&format!("by_{field}"), label, "", Layout::Table, &columns, worst_first(rows)) }
}

/// Where the values are, the greatest first; equal ones, to the millionth, as they were.
pub(super) fn greatest_first(values: Vec<f64>) -> Vec<usize> {
    greatest((0..values.len()).list(), &|at| values.get(*at).copied().unwrap_or_default())
}

/// Things in order of a value, the greatest first; equal ones as they were.
pub(super) fn greatest<T>(things: Vec<T>, value: &dyn Fn(&T) -> f64) -> Vec<T> {
    ranked(things, &|thing| -libm::round(value(thing) * 1e6) as i64)
}

/// Why a figure has no value; "" where it has one.
pub(super) fn reason(figure: &Figure) -> &str {
    figure.undefined.as_ref().map_or("", |undefined| undefined.message.as_str())
}

/// Rows by what they mean, those that need somebody first; alike ones as they were.
pub(super) fn worst_first(rows: Vec<Row>) -> Vec<Row> {
    ranked(rows, &|row| match row.state {
        State::Bad => 0,
        State::Warning => 1,
        State::Unknown => 2,
        State::Neutral => 3,
        State::Good => 4,
    })
}

/// What a figure says, and what its status means.
pub(super) fn sentence(figure: Option<&Rc<Figure>>) -> (State, String) {
    let Some(figure) = figure else { return (State::Unknown, String::new()) };
    let said = match (value(figure), &figure.undefined) {
        (Some(value), _) => format!("{} is {value}.", figure.label),
        (None, Some(undefined)) => format!("{} is unknown: {}", figure.label, undefined.message),
        (None, None) => String::new(),
    };
    (State::of(figure), said)
}

/// A part's value in a sentence, where it is known.
fn also(message: &mut String, figure: Option<&Rc<Figure>>, part: &str) {
    let part = figure.and_then(|figure| figure.part(part));
    if let Some((part, value)) = part.and_then(|part| Some((part, value(part)?))) {
        message.push_str(&format!(" {}: {value}.", part.label));
    }
}

pub(super) fn speed_to_lead(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["speed_to_lead", "routing_accuracy"]);
    let (state, mut message) = sentence(all.first());
    also(&mut message, all.first(), "within_sla");
    also(&mut message, all.first(), "never_contacted");
    let mut sections = Vec::new();
    if let Some(question) = question(asker, subject, "speed_to_lead") {
        const PARTS: [Heading; 4] = [
            ("value", "Median", Some(Unit::Minutes)),
            ("p90", "90th percentile", Some(Unit::Minutes)),
            ("within_sla", "Within the SLA", Some(Unit::Rate)),
            ("never_contacted", "Never contacted", Some(Unit::Rate)),
        ];
        sections.push(groups(asker, &question, "owner", "Speed by owner", &PARTS));
        sections.push(groups(asker, &question, "source", "Speed by source", &PARTS));
    }
    if let Some(question) = question(asker, subject, "routing_accuracy") {
        const PARTS: [Heading; 4] = [
            ("value", "Routed by the rules", Some(Unit::Rate)),
            ("match_rate", "Matched by a rule", Some(Unit::Rate)),
            ("time_to_route", "Median time to route", Some(Unit::Minutes)),
            ("reassigned", "Reassigned", Some(Unit::Rate)),
        ];
        for (field, label) in [("region", "Routing by region"), ("country", "Routing by country")] {
            let routing = groups(asker, &question, field, label, &PARTS);
            if !routing.rows.is_empty() {
                sections.push(routing);
            }
        }
    }
    board("speed_to_lead", (state, message), &all, sections)
}

pub(super) fn campaigns(asker: &Asker, subject: &Subject) -> BoardView {
    let ids = ["campaign_cycle_time", "campaign_velocity", "intake_balance", "quality_control", "reporting_rhythm"];
    let all = figures(asker, subject, &ids);
    let find = |id: &str| one(&all, id);
    let (mut state, mut message) = sentence(find("campaign_cycle_time"));
    also(&mut message, find("campaign_cycle_time"), "on_time");
    let intake = find("intake_balance");
    if let Some(balance) =
        intake.and_then(|figure| figure.part("balance")).filter(|part| part.status == Status::OffTarget)
    {
        let share = balance.value.map(|share| amount(1.0 - share, Unit::Rate, None)).unwrap_or_default();
        message.push_str(&format!(" Service desk trap: {share} of the requests closed were reactive."));
        state = State::Bad;
    }
    let steps = STEPS.iter().filter_map(|(id, label, ..)| {
        let part = find("campaign_cycle_time")?.part(id)?;
        let mut row = Row::new(id, label);
        row.figure(part);
        row.number(Some(part.used as f64));
        Some(row)
    });
    let columns = &[("days", "Median days", Some(Unit::Days)), ("campaigns", "Campaigns", Some(Unit::Records))];
    let steps = section(
        "steps",
        "Time by step",
        "Medians of steps needn’t add up to the whole.",
        Layout::Bars,
        columns,
        steps.list(),
    );
    let queue = intake.map(|figure| {
        let parts = figure.parts.iter().map(|part| {
            let mut row = Row::of(part);
            row.state = State::of(part);
            row.text(value(part).as_deref().unwrap_or("unknown"));
            row
        });
        section("intake", "Intake and queue", "", Layout::Table, &[("value", "Value", None)], parts.list())
    });
    let mut sections = vec![steps, calendar(asker, subject)];
    sections.extend(queue);
    sections.push(late(asker, subject));
    board("campaigns", (state, message), &all, sections)
}

/// Launches in each of the last weeks of the period.
fn calendar(asker: &Asker, subject: &Subject) -> Section {
    let mut rows = Vec::new();
    if let Some(question) = question(asker, subject, "campaign_velocity") {
        let end = question.period.end.map_or(question.as_of, |end| end.min(question.as_of));
        let from = end.minus(WEEKS.times(7).times(DAY));
        let from = question.period.start.map_or(from, |start| start.max(from));
        let wide = Period::between(asker.zone.start_of_day(asker.zone.day_of(from)), end, asker.zone);
        for week in buckets(&wide, Grain::Week, asker.charter, asker.zone) {
            let mut row = Row::new(&week.id, &week.label);
            let figure = asker.figure_of(&Question { period: week, ..question.clone() });
            row.number(Some(figure.used as f64));
            rows.push(row);
        }
    }
    let columns = &[("launches", "Launches", Some(Unit::Records))];
    section("calendar", "Launches by week", "", Layout::Series, columns, rows)
}

/// Campaigns that should have gone live and have not, the longest overdue first.
fn late(asker: &Asker, subject: &Subject) -> Section {
    let mut found: Vec<(i64, &str, usize)> = Vec::new();
    let table = asker.dataset.table("campaigns");
    if let Some(table) = table {
        let filter = crate::kpi::Filter::new(table, &subject.filter);
        let known = |cells: Option<&[i64]>, row: usize| {
            let cell = cells.and_then(|cells| cells.get(row)).copied();
            cell.filter(|cell| crate::table::is_known(*cell) && *cell <= subject.as_of)
        };
        let today = asker.zone.day_of(subject.as_of);
        for row in (0..table.rows).filter(|row| filter.passes(*row)) {
            let due = known(table.time("due_at"), row).filter(|_| known(table.time("launched_at"), row).is_none());
            if let Some(days) = due.map(|due| today.minus(asker.zone.day_of(due))).filter(|days| *days > 0) {
                found.push((days.saturating_neg(), table.text("id").map_or("", |ids| ids.get(row)), row));
            }
        }
    }
    let of = found.len() as u64;
    let mut found = crate::sort::sorted(found);
    found.truncate(LISTED);
    let text = |field: &str, row: usize| table.and_then(|table| table.text(field)).map_or("", |column| column.get(row));
    let rows = found.into_iter().map(|(days, id, row)| {
        let name = text("name", row);
        let mut listed = Row::new(id, if name.is_empty() { id } else { name });
        listed.means(State::Bad, "overdue");
        listed.number(Some(days.saturating_neg() as f64));
        listed.text(text("owner", row));
        listed
    });
    let columns = &[("overdue", "Days overdue", Some(Unit::Days)), ("owner", "Owner", None)];
    Section { of: Some(of), ..section("overdue", "Overdue campaigns", "", Layout::Table, columns, rows.list()) }
}

pub(super) fn segments(asker: &Asker, subject: &Subject) -> BoardView {
    let all =
        figures(asker, subject, &["segment_health", "conversion_in_window", "consent_currency", "suppression_health"]);
    let whole = all.first();
    let (state, mut message) = sentence(whole);
    let parts = whole.map(|figure| figure.parts.as_slice()).unwrap_or_default();
    let share = |part: &Figure, key: &str| part.part(key).and_then(|inner| inner.value);
    // The most exhausted first; then by name, in which they already are.
    let order = greatest_first(parts.iter().map(|part| share(part, "exhausted").unwrap_or(0.0)).list());
    let tired = order.first().and_then(|at| parts.get(*at)).and_then(|part| Some((part, share(part, "exhausted")?)));
    if let Some((part, share)) = tired.filter(|(_, share)| *share > 0.0) {
        message.push_str(&format!(
            " Most exhausted is {}: {} of those sent to.",
            part.label,
            amount(share, Unit::Rate, None)
        ));
    }
    let rows = order.iter().filter_map(|at| parts.get(*at)).map(|part| {
        let mut row = Row::of(part);
        for key in ["engaged", "exhausted", "opt_out"] {
            row.part(part, key);
        }
        row.number(part.denominator.as_ref().map(|sent| sent.value));
        // More who are worn out than who listen: rest it.
        if share(part, "exhausted") > share(part, "engaged") {
            row.means(State::Bad, "tired");
            row.note = "More are worn out than listen: send less, or to fewer.".into();
        }
        row
    });
    let columns = &[
        ("engaged", "Engaged", Some(Unit::Rate)),
        ("exhausted", "Exhausted", Some(Unit::Rate)),
        ("opt_out", "Opted out", Some(Unit::Rate)),
        ("sent", "Contacts sent to", Some(Unit::Records)),
    ];
    let rows = rows.list();
    let sections = vec![section("segments", "Segments", "The most exhausted first.", Layout::Table, columns, rows)];
    board("segments", (state, message), &all, sections)
}
