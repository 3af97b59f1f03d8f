//! The search for duplicates, a bounded number of rows, texts and comparisons at a time: over a million records it takes
//! seconds, and a page that has no Worker must stay alive meanwhile.

use super::compare::{Comparator, Judge, Texts, comparators};
use super::{Entities, Groups, WINDOW, made_first};
use crate::charter::DataStandard;
use crate::sort::Sorting;
use crate::table::{BLANK, Table, is_known};
use std::cmp::Ordering;

/// What is done at a time, however much is asked for: some milliseconds' worth.
pub(super) const MOST: usize = 1 << 19;

#[cfg(test)]
thread_local! {
    /// Rows, texts, values, comparisons and pairs that were looked at.
    pub(super) static WORK: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts what a step does, for the test that holds it to its budget.
fn work(many: usize) {
    #[cfg(test)]
    WORK.set(WORK.get() + many);
    #[cfg(not(test))]
    let _ = many;
}

/// How far a search is.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    as_of: i64,
    fields: Vec<Comparator>,
    /// Rows made by the as-of instant.
    rows: Vec<u32>,
    /// The value of each field, row by row.
    cells: Vec<u32>,
    ids: Texts,
    by_id: Vec<u32>,
    sorting: Sorting,
    /// Rows in the order in which they are compared; while they are put in order by another field: where they come,
    /// where the rows of each value begin, and how many rows have smaller values.
    order: Vec<u32>,
    placed: Vec<u32>,
    starts: Vec<u32>,
    sum: u32,
    groups: Groups,
    /// For each group the row that comes first, then the same for each row.
    best: Vec<u32>,
    found: Entities,
    phase: Phase,
    /// The next item of the phase.
    at: usize,
}

/// What is done item by item; `field` is the number of a comparator.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Which rows are there at all.
    Rows,
    /// Texts are normalised, put in order and numbered; rows get their values, and values their weights.
    Read {
        field: usize,
    },
    Sort {
        field: usize,
    },
    Number {
        field: usize,
    },
    Fill {
        field: usize,
    },
    Weigh {
        field: usize,
    },
    /// Rows are put in order of their ids, for ties would leave the neighbours to the order of rows.
    ReadIds,
    SortIds,
    /// Rows are put in order of one field after another, the leading one last: where each value begins, and the rows.
    Starts {
        lead: usize,
        pass: usize,
    },
    Place {
        lead: usize,
        pass: usize,
    },
    /// Neighbours are compared.
    Pairs {
        lead: usize,
    },
    /// Of each group the row that comes first, then the group of each row.
    Firsts,
    Members,
    Done,
}

impl Search {
    /// Nothing done yet.
    pub(crate) fn new(table: &Table, standard: &DataStandard, as_of: i64) -> Self {
        let fields = comparators(table, standard);
        Self {
            as_of,
            cells: vec![0; table.rows.saturating_mul(fields.len())],
            groups: Groups::new(table.rows),
            phase: if fields.is_empty() { Phase::Done } else { Phase::Rows },
            fields,
            rows: Vec::new(),
            ids: Texts::default(),
            by_id: Vec::new(),
            sorting: Sorting::default(),
            order: Vec::new(),
            placed: Vec::new(),
            starts: Vec::new(),
            sum: 0,
            best: Vec::new(),
            found: Entities::default(),
            at: 0,
        }
    }

    /// What was found, once a step has said that it is done. Nothing where the table has none of the match fields.
    pub(crate) fn entities(self) -> Option<Entities> {
        (!self.fields.is_empty()).then_some(self.found)
    }

    /// Goes on for about as long as measuring so many rows takes, for one item at least and [`MOST`] at most; says whether
    /// it is done.
    pub(crate) fn step(&mut self, table: &Table, budget: &mut usize) -> bool {
        // Who has just done what was quick would ask for too much of what comes next.
        *budget = (*budget).min(MOST);
        while *budget > 0 && !matches!(self.phase, Phase::Done) {
            let cost = self.cost();
            let mut items = budget.div_ceil(cost);
            let most = items;
            let is_done = match self.phase {
                Phase::Sort { field } => {
                    let by = self.fields.get(field);
                    self.sorting.step(&mut items, &|one, other| {
                        work(1);
                        by.map_or(Ordering::Equal, |by| by.compare(one, other))
                    })
                }
                Phase::SortIds => {
                    let codes = table.text("id").map_or(&[][..], |ids| &ids.codes);
                    let code = |row: u32| codes.get(row as usize).copied().unwrap_or(0);
                    self.sorting.step(&mut items, &|one, other| {
                        work(1);
                        self.ids.compare(code(one), code(other))
                    })
                }
                _ => {
                    let end = self.length(table);
                    let until = self.at.saturating_add(items).min(end);
                    items = items.saturating_sub(until.saturating_sub(self.at));
                    self.go_on(table, until);
                    self.at = until;
                    until == end
                }
            };
            *budget = budget.saturating_sub(most.saturating_sub(items).saturating_mul(cost).max(1));
            if is_done {
                self.at = 0;
                self.phase = self.next(table);
            }
        }
        matches!(self.phase, Phase::Done)
    }

    /// How many rows can be measured in the time of one item, roughly: all slices of the work take about as long.
    fn cost(&self) -> usize {
        match self.phase {
            Phase::Read { .. } => 64,
            Phase::Pairs { .. } => WINDOW.saturating_mul(16),
            Phase::Done => 1,
            _ => 8,
        }
    }

    /// Items of the phase.
    fn length(&self, table: &Table) -> usize {
        let text = |field: usize| self.fields.get(field).and_then(|by| table.text(&by.field));
        match self.phase {
            Phase::Rows | Phase::Fill { .. } | Phase::Members => table.rows,
            Phase::Read { field } => text(field).map_or(0, |column| column.dictionary.len()),
            Phase::ReadIds => table.text("id").map_or(0, |column| column.dictionary.len()),
            Phase::Number { .. } | Phase::Place { .. } | Phase::Pairs { .. } => self.order.len(),
            Phase::Weigh { field } => self.fields.get(field).map_or(0, Comparator::values),
            Phase::Starts { lead, pass } => self.fields.get(self.sorts_by(lead, pass)).map_or(0, Comparator::values),
            Phase::Firsts => self.rows.len(),
            Phase::Sort { .. } | Phase::SortIds | Phase::Done => 0,
        }
    }

    /// The field by which a pass puts rows in order, of as many passes as there are fields: from the last that breaks ties
    /// to the first, and then by the field itself.
    fn sorts_by(&self, lead: usize, pass: usize) -> usize {
        let fields = self.fields.len();
        lead.saturating_add(fields).saturating_sub(1).saturating_sub(pass).checked_rem(fields).unwrap_or(0)
    }

    /// Whether rows with the same value of a field are one person: then it matters little which of them are neighbours.
    fn leads_to_one(&self, lead: usize) -> bool {
        self.fields.get(lead).is_some_and(Comparator::is_identity)
    }

    fn begin(&mut self, lead: usize) -> Phase {
        if lead == self.fields.len() {
            self.best = (0..u32::try_from(self.found.first.len()).unwrap_or(u32::MAX)).collect();
            return Phase::Firsts;
        }
        self.order.clone_from(&self.by_id);
        let passes = self.fields.len();
        Phase::Starts { lead, pass: if self.leads_to_one(lead) { passes.saturating_sub(1) } else { 0 } }
    }

    /// What comes after a phase.
    fn next(&mut self, table: &Table) -> Phase {
        let fields = self.fields.len();
        match self.phase {
            Phase::Rows => Phase::Read { field: 0 },
            Phase::Read { field } => {
                self.sorting = Sorting::new(self.fields.get(field).map(Comparator::filled).unwrap_or_default());
                Phase::Sort { field }
            }
            Phase::Sort { field } => {
                self.order = std::mem::take(&mut self.sorting).places();
                Phase::Number { field }
            }
            Phase::Number { field } => Phase::Fill { field },
            Phase::Fill { field } => Phase::Weigh { field },
            Phase::Weigh { field } if field.saturating_add(1) < fields => {
                Phase::Read { field: field.saturating_add(1) }
            }
            Phase::Weigh { .. } => Phase::ReadIds,
            Phase::ReadIds => {
                self.sorting = Sorting::new(self.rows.clone());
                Phase::SortIds
            }
            Phase::SortIds => {
                self.by_id = std::mem::take(&mut self.sorting).places();
                self.found.first = vec![0; table.rows];
                self.begin(0)
            }
            Phase::Starts { lead, pass } => {
                self.placed.clear();
                self.placed.resize(self.order.len(), 0);
                Phase::Place { lead, pass }
            }
            Phase::Place { lead, pass } => {
                std::mem::swap(&mut self.order, &mut self.placed);
                self.starts.clear();
                self.sum = 0;
                let pass = pass.saturating_add(1);
                if pass < fields {
                    return Phase::Starts { lead, pass };
                }
                // Those that are blank come first.
                self.at = self.fields.get(lead).map_or(0, |by| by.rows(0)) as usize;
                Phase::Pairs { lead }
            }
            Phase::Pairs { lead } => self.begin(lead.saturating_add(1)),
            Phase::Firsts => Phase::Members,
            Phase::Members | Phase::Done => Phase::Done,
        }
    }

    /// Works on the items of the phase up to one.
    fn go_on(&mut self, table: &Table, until: usize) {
        let range = self.at..until;
        if !matches!(self.phase, Phase::Pairs { .. }) {
            work(range.len());
        }
        let created = table.time("created_at");
        let made = |row: usize| created.and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK);
        let as_of = self.as_of;
        let is_there = |row: usize| {
            let made = made(row);
            !is_known(made) || made <= as_of
        };
        let number = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        let fields = self.fields.len();
        match self.phase {
            Phase::Rows => self.rows.extend(range.filter(|row| is_there(*row)).map(number)),
            Phase::Read { field } => {
                let Some(by) = self.fields.get_mut(field) else { return };
                let Some(column) = table.text(&by.field) else { return };
                range.for_each(|text| by.read(column.dictionary.text(number(text))));
            }
            Phase::ReadIds => {
                let Some(column) = table.text("id") else { return };
                range.for_each(|text| self.ids.push(column.dictionary.text(number(text))));
            }
            Phase::Number { field } => {
                let Some(by) = self.fields.get_mut(field) else { return };
                self.order.get(range).unwrap_or_default().iter().for_each(|text| by.value_text(*text));
            }
            Phase::Fill { field } => {
                let Some(by) = self.fields.get_mut(field) else { return };
                let Some(column) = table.text(&by.field) else { return };
                for row in range {
                    let code = column.codes.get(row).copied().unwrap_or(0);
                    if let Some(cell) = self.cells.get_mut(row.saturating_mul(fields).saturating_add(field)) {
                        *cell = by.count(code, is_there(row));
                    }
                }
            }
            Phase::Weigh { field } => {
                let Some(by) = self.fields.get_mut(field) else { return };
                range.for_each(|_| by.weigh(self.rows.len()));
            }
            Phase::Starts { lead, pass } => {
                let Some(by) = self.fields.get(self.sorts_by(lead, pass)) else { return };
                for value in range {
                    self.starts.push(self.sum);
                    self.sum = self.sum.saturating_add(by.rows(value));
                }
            }
            Phase::Place { lead, pass } => {
                let field = self.sorts_by(lead, pass);
                for row in self.order.get(range).unwrap_or_default() {
                    let value = self.cells.get((*row as usize).saturating_mul(fields).saturating_add(field));
                    let Some(start) = value.and_then(|value| self.starts.get_mut(*value as usize)) else { continue };
                    if let Some(slot) = self.placed.get_mut(*start as usize) {
                        *slot = *row;
                    }
                    *start = start.saturating_add(1);
                }
            }
            Phase::Pairs { lead } => self.compare(lead, range.start, range.end),
            Phase::Firsts => {
                let ids = table.text("id");
                let id = |row: u32| ids.and_then(|ids| ids.codes.get(row as usize)).copied().unwrap_or(0);
                for row in self.rows.get(range).unwrap_or_default() {
                    let root = self.groups.root(*row);
                    let Some(best) = self.best.get_mut(root as usize) else { continue };
                    let order = made_first(made(*row as usize), made(*best as usize));
                    if order.then_with(|| self.ids.compare(id(*row), id(*best))) == Ordering::Less {
                        *best = *row;
                    }
                }
            }
            Phase::Members => {
                for row in range {
                    let root = self.groups.root(number(row));
                    if let Some(first) = self.found.first.get_mut(row) {
                        *first = self.best.get(root as usize).copied().unwrap_or(root);
                    }
                    let start = row.saturating_mul(fields);
                    let values = self.cells.get(start..start.saturating_add(fields)).unwrap_or_default();
                    self.found.known.push(values.iter().any(|value| *value > 0));
                }
            }
            Phase::Sort { .. } | Phase::SortIds | Phase::Done => {}
        }
    }

    /// Compares some rows with their neighbours.
    fn compare(&mut self, lead: usize, from: usize, until: usize) {
        let fields = self.fields.len();
        let judge = Judge::new(&self.fields, self.rows.len());
        let values = |row: u32| {
            let start = (row as usize).saturating_mul(fields);
            self.cells.get(start..start.saturating_add(fields)).unwrap_or_default()
        };
        let neighbours = if self.leads_to_one(lead) { 1 } else { WINDOW };
        for at in from..until {
            let Some((one, next)) = self.order.get(at..).and_then(<[u32]>::split_first) else { break };
            let own = values(*one);
            for other in next.iter().take(neighbours) {
                work(1);
                // The same address runs through its neighbours, so one is enough.
                let same = if neighbours == 1 {
                    own.get(lead) == values(*other).get(lead)
                } else {
                    judge.same(own, values(*other))
                };
                if same {
                    self.groups.join(*one, *other);
                }
            }
        }
    }
}
