//! Tables to a dataset: same-named tables appended, duplicates rejected, stage events folded into contacts.

use super::header::squash;
use crate::charter::Charter;
use crate::error::{Code, Error};
use crate::ledger::{Reason, RowReference};
use crate::list::List;
use crate::map::Map;
use crate::sort::sorted;
use crate::table::schema::input;
use crate::table::{BLANK, Column, Dataset, FieldReport, Table, TextColumn, UNREADABLE, is_known};
use std::cmp::Ordering;

/// Joins tables into a dataset. Of rows with the same id the most recently updated is kept; where that leaves a
/// choice, the row's own content decides, so that order never does. Stage events become stage times of contacts,
/// the earliest entry of each; if only events are given, contacts are made from them.
///
/// # Errors
/// If a table has a name that no table has.
pub fn assemble(charter: &Charter, tables: Vec<Table>) -> Result<Dataset, Error> {
    let mut dataset = Dataset::default();
    for table in tables {
        if input(&table.name).is_none() {
            return Err(
                Error::new(Code::BadInput, format!("there is no table “{}”.", table.name)).in_source(table.source)
            );
        }
        match dataset.tables.remove(&table.name) {
            Some(before) => dataset.tables.insert(table.name.clone(), append(before, table)),
            None => dataset.tables.insert(table.name.clone(), table),
        };
    }
    for table in dataset.tables.values_mut() {
        if let Some(key) = input(&table.name).and_then(|schema| schema.key) {
            reject_duplicates(table, key);
        }
    }
    if let Some(events) = dataset.tables.get_mut("stage_events") {
        let mut events = std::mem::take(events);
        let contacts = dataset.tables.remove("contacts");
        let contacts = fold_events(charter, &mut events, contacts);
        dataset.tables.insert("contacts".into(), contacts);
        dataset.tables.insert("stage_events".into(), events);
    }
    Ok(dataset)
}

fn append(mut table: Table, other: Table) -> Table {
    if table.source != other.source {
        table.source = [&table.source, ", ", &other.source].concat();
    }
    if table.preset != other.preset {
        table.preset = None;
    }
    table.encoding = table.encoding.or(other.encoding);
    for (field, column) in &other.columns {
        table.columns.entry(field.clone()).or_insert_with(|| blank_like(column, table.rows));
    }
    for (field, column) in table.columns.iter_mut() {
        match (column, other.columns.get(field)) {
            (Column::Text(mine), Some(Column::Text(theirs))) => append_text(mine, theirs),
            (
                Column::Time(mine) | Column::Money(mine) | Column::Flag(mine),
                Some(Column::Time(theirs) | Column::Money(theirs) | Column::Flag(theirs)),
            ) => mine.extend_from_slice(theirs),
            (Column::Text(mine), _) => mine.codes.resize(mine.codes.len().saturating_add(other.rows), 0),
            (Column::Time(mine) | Column::Money(mine) | Column::Flag(mine), _) => {
                mine.resize(mine.len().saturating_add(other.rows), BLANK);
            }
        }
    }
    for report in other.fields {
        match table.fields.iter_mut().find(|known| known.field == report.field) {
            Some(known) => merge_report(known, report),
            None => table.fields.push(report),
        }
    }
    table.rows = table.rows.saturating_add(other.rows);
    table.lines.extend_from_slice(&other.lines);
    table.rejected.merge(&other.rejected);
    for header in other.unmatched {
        if !table.unmatched.contains(&header) {
            table.unmatched.push(header);
        }
    }
    table
}

fn merge_report(report: &mut FieldReport, other: FieldReport) {
    if report.header != other.header {
        report.header = [&report.header, ", ", &other.header].concat();
    }
    report.filled = report.filled.saturating_add(other.filled);
    report.blank = report.blank.saturating_add(other.blank);
    report.unreadable = report.unreadable.saturating_add(other.unreadable);
    report.examples.extend(other.examples);
    report.examples = sorted(std::mem::take(&mut report.examples));
    report.examples.truncate(crate::ledger::EXAMPLES);
}

fn blank_like(column: &Column, rows: usize) -> Column {
    match column {
        Column::Text(_) => Column::Text(TextColumn { codes: vec![0; rows], ..TextColumn::default() }),
        Column::Time(_) => Column::Time(vec![BLANK; rows]),
        Column::Money(_) => Column::Money(vec![BLANK; rows]),
        Column::Flag(_) => Column::Flag(vec![BLANK; rows]),
    }
}

fn append_text(mine: &mut TextColumn, theirs: &TextColumn) {
    let mut codes = vec![0_u32; theirs.dictionary.len()];
    for (code, mapped) in codes.iter_mut().enumerate() {
        *mapped = mine.dictionary.code(theirs.dictionary.text(u32::try_from(code).unwrap_or(0)));
    }
    mine.codes.extend(theirs.codes.iter().map(|code| codes.get(*code as usize).copied().unwrap_or(0)));
}

/// Keeps one row of each id.
fn reject_duplicates(table: &mut Table, key: &str) {
    let Some(ids) = table.text(key) else { return };
    let mut kept: Vec<Option<u32>> = vec![None; ids.dictionary.len()];
    let mut keep = vec![true; table.rows];
    let mut any = false;
    for (row, code) in ids.codes.iter().enumerate() {
        let Some(best) = kept.get_mut(*code as usize) else { continue };
        let Ok(row) = u32::try_from(row) else { continue };
        match *best {
            None => *best = Some(row),
            Some(known) => {
                any = true;
                let loser = if prefer(table, row as usize, known as usize) == Ordering::Greater {
                    *best = Some(row);
                    known
                } else {
                    row
                };
                if let Some(keep) = keep.get_mut(loser as usize) {
                    *keep = false;
                }
            }
        }
    }
    if any {
        reject(table, &keep, |_| Reason::DuplicateId, key);
    }
}

/// Which of two rows is kept: the later updated, then the one whose content sorts last, then the earlier line.
fn prefer(table: &Table, one: usize, other: usize) -> Ordering {
    let updated = table.time("updated_at").unwrap_or_default();
    let by_update = updated.get(one).cmp(&updated.get(other));
    let by_content = || {
        table.columns.values().map(|column| match column {
            Column::Text(texts) => texts.get(one).cmp(texts.get(other)),
            Column::Time(cells) | Column::Money(cells) | Column::Flag(cells) => cells.get(one).cmp(&cells.get(other)),
        })
    };
    by_update
        .then_with(|| by_content().find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal))
        .then_with(|| table.line(other).cmp(&table.line(one)))
}

/// Moves rows to the ledger.
fn reject(table: &mut Table, keep: &[bool], reason: impl Fn(usize) -> Reason, field: &str) {
    for (row, _) in keep.iter().enumerate().filter(|(_, keep)| !**keep) {
        let line = table.line(row);
        let reference = table.text(field).map(|column| RowReference {
            line,
            id: column.get(row).to_owned(),
            ..RowReference::default()
        });
        let mut rejected = std::mem::take(&mut table.rejected);
        rejected.add(reason(row), line, || reference.unwrap_or_else(|| table.reference(row, "")));
        table.rejected = rejected;
    }
    retain(&mut table.lines, keep);
    for column in table.columns.values_mut() {
        match column {
            Column::Text(column) => retain(&mut column.codes, keep),
            Column::Time(cells) | Column::Money(cells) | Column::Flag(cells) => retain(cells, keep),
        }
    }
    table.rows = table.lines.len();
}

fn retain<T>(cells: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    cells.retain(|_| keep.next().copied().unwrap_or(false));
}

/// Turns events into stage times of contacts, and rejects the events that can't be used.
fn fold_events(charter: &Charter, events: &mut Table, contacts: Option<Table>) -> Table {
    let only_events = contacts.is_none();
    let mut contacts = contacts.unwrap_or_else(|| Table {
        name: "contacts".into(),
        source: events.source.clone(),
        preset: events.preset.clone(),
        columns: Map::from([("id".to_owned(), Column::Text(TextColumn::default()))]),
        ..Table::default()
    });
    let (Some(ids), Some(stages), Some(at)) = (events.text("contact_id"), events.text("stage"), events.time("at"))
    else {
        return contacts;
    };
    let known = StageNames::new(charter);
    let stage_of: Vec<Option<usize>> = (0..stages.dictionary.len())
        .map(|code| known.find(stages.dictionary.text(u32::try_from(code).unwrap_or(0))))
        .list();
    let mut row_of = rows_by_id(&contacts, ids);
    let mut times: Vec<Vec<i64>> = known.ids.iter().map(|id| stage_times(&contacts, id)).list();
    let mut touched = vec![false; known.ids.len()];
    let mut reasons: Vec<Option<Reason>> = Vec::with_capacity(events.rows);
    let mut new_contacts: Vec<(u32, u32)> = Vec::new();
    for row in 0..events.rows {
        let id = ids.codes.get(row).copied().unwrap_or(0);
        let stage_code = stages.codes.get(row).copied().unwrap_or(0);
        let stage = stage_of.get(stage_code as usize).copied().flatten();
        let at = at.get(row).copied().unwrap_or(BLANK);
        let contact = row_of.get(id as usize).copied().flatten();
        let reason = match (contact, stage) {
            (None, _) if !only_events => Some(Reason::Unmatched),
            _ if stage_code == 0 || at == BLANK => Some(Reason::BlankField),
            (_, None) => Some(Reason::UnknownStage),
            _ if at == UNREADABLE => Some(Reason::UnparsableDate),
            _ => None,
        };
        reasons.push(reason);
        let (None, Some(stage)) = (reason, stage) else { continue };
        let line = events.lines.get(row).copied().unwrap_or(0);
        let contact = match contact {
            Some(contact) => contact,
            None => {
                let contact = new_contacts.len();
                new_contacts.push((id, line));
                if let Some(slot) = row_of.get_mut(id as usize) {
                    *slot = Some(contact);
                }
                times.iter_mut().for_each(|cells| cells.push(BLANK));
                contact
            }
        };
        if let Some((_, first)) = new_contacts.get_mut(contact).filter(|_| only_events) {
            *first = line.min(*first);
        }
        if let (Some(cell), Some(touched)) =
            (times.get_mut(stage).and_then(|cells| cells.get_mut(contact)), touched.get_mut(stage))
        {
            *touched = true;
            if !is_known(*cell) || at < *cell {
                *cell = at;
            }
        }
    }
    if only_events {
        let mut made = TextColumn::default();
        for (id, line) in &new_contacts {
            made.push(ids.dictionary.text(*id));
            contacts.lines.push(*line);
        }
        contacts.rows = new_contacts.len();
        contacts.columns.insert("id".into(), Column::Text(made));
    }
    for ((id, cells), touched) in known.ids.iter().zip(times).zip(touched) {
        let field = ["stage:", id].concat();
        if touched || contacts.columns.contains_key(&field) {
            if touched {
                report_events(&mut contacts, &field, &cells);
            }
            contacts.columns.insert(field, Column::Time(cells));
        }
    }
    if reasons.iter().any(Option::is_some) {
        let keep: Vec<bool> = reasons.iter().map(Option::is_none).collect();
        reject(events, &keep, |row| reasons.get(row).copied().flatten().unwrap_or(Reason::Unmatched), "contact_id");
    }
    contacts
}

/// For each code of some ids, the row of the contact that has it.
fn rows_by_id(contacts: &Table, ids: &TextColumn) -> Vec<Option<usize>> {
    let mut rows = vec![None; ids.dictionary.len()];
    if let Some(own) = contacts.text("id") {
        for (row, code) in own.codes.iter().enumerate() {
            let there = ids.dictionary.find(own.dictionary.text(*code));
            if let Some(slot) = there.and_then(|code| rows.get_mut(code as usize)) {
                *slot = Some(row);
            }
        }
    }
    rows
}

fn stage_times(contacts: &Table, id: &str) -> Vec<i64> {
    match contacts.time(&["stage:", id].concat()) {
        Some(cells) => cells.to_vec(),
        None => vec![BLANK; contacts.rows],
    }
}

/// Says in the inventory that a field was filled from events.
fn report_events(contacts: &mut Table, field: &str, cells: &[i64]) {
    let count = |what: fn(&i64) -> bool| cells.iter().filter(|cell| what(cell)).count() as u64;
    let report = FieldReport {
        field: field.to_owned(),
        header: "stage_events".into(),
        matched_by: "name".into(),
        filled: count(|cell| is_known(*cell)),
        blank: count(|cell| *cell == BLANK),
        unreadable: count(|cell| *cell == UNREADABLE),
        examples: Vec::new(),
    };
    match contacts.fields.iter_mut().find(|known| known.field == field) {
        Some(known) => {
            *known = FieldReport {
                header: [&known.header, ", stage_events"].concat(),
                examples: std::mem::take(&mut known.examples),
                matched_by: known.matched_by.clone(),
                ..report
            };
        }
        None => contacts.fields.push(report),
    }
}

/// The charter's stages and exits by every name they go by.
struct StageNames {
    ids: Vec<String>,
    by_name: Vec<(String, usize)>,
}

impl StageNames {
    fn new(charter: &Charter) -> Self {
        let mut names = Self { ids: Vec::new(), by_name: Vec::new() };
        for stage in charter.lifecycle.stages.iter().chain(&charter.lifecycle.exits) {
            let index = names.ids.len();
            names.ids.push(stage.id.clone());
            for name in [&stage.id, &stage.label].into_iter().chain(&stage.aliases) {
                names.by_name.push((squash(name), index));
            }
        }
        names
    }

    fn find(&self, name: &str) -> Option<usize> {
        let name = squash(name);
        self.by_name.iter().find(|(known, _)| *known == name).map(|(_, index)| *index)
    }
}
