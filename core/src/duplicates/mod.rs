//! Records that are the same person: blocked, compared and joined into entities.
//!
//! Pairs come from blocking: records with the same e-mail address are one; for every other match field, records sorted
//! by that field and then by the others are compared with their next few neighbours (the sorted neighbourhood of
//! Hernández & Stolfo 1995), so that the work grows with the number of records and not with its square. A pair is
//! judged by the evidence of its fields (Fellegi & Sunter 1969): agreement on a rare value says much, on a common one
//! little, names that are alike by Jaro–Winkler say part of it, and a blank says nothing. Pairs join into entities.

mod compare;
mod normal;
mod search;

use crate::charter::DataStandard;
use crate::sort::sorted;
use crate::table::{Table, is_known};
pub(crate) use search::Search;
use std::cmp::Ordering;

/// Neighbours that a record is compared with, in the order of each match field.
const WINDOW: usize = 8;

/// Which records are the same.
#[derive(Debug, Clone, Default)]
pub struct Entities {
    /// For each row, the row that comes first of its entity: made earliest, and of those the one whose id sorts first.
    first: Vec<u32>,
    /// For each row, whether any match field is filled.
    known: Vec<bool>,
}

impl Entities {
    /// Of the records made by an instant. Nothing where the table has none of the match fields.
    pub fn find(table: &Table, standard: &DataStandard, as_of: i64) -> Option<Self> {
        let mut search = Search::new(table, standard, as_of);
        while !search.step(table, &mut { usize::MAX }) {}
        search.entities()
    }

    /// The first row of a row's entity.
    pub fn first(&self, row: usize) -> usize {
        self.first.get(row).map_or(row, |first| *first as usize)
    }

    /// Whether a row has anything to tell it by.
    pub fn knows(&self, row: usize) -> bool {
        self.known.get(row).copied().unwrap_or(false)
    }

    /// Whether no other row of its entity comes before a row.
    pub fn is_first(&self, row: usize) -> bool {
        self.first(row) == row
    }

    /// The entities of more than one row, the largest first; of equal ones, in order of their first rows.
    pub fn several(&self) -> Vec<Vec<usize>> {
        let mut by_first: Vec<(u32, u32)> = Vec::new();
        let mut sizes = vec![0_u32; self.first.len()];
        for first in &self.first {
            if let Some(size) = sizes.get_mut(*first as usize) {
                *size = size.saturating_add(1);
            }
        }
        for (row, first) in self.first.iter().enumerate() {
            if sizes.get(*first as usize).is_some_and(|size| *size > 1) {
                by_first.push((*first, u32::try_from(row).unwrap_or(u32::MAX)));
            }
        }
        let by_first = sorted(by_first);
        let groups = by_first.chunk_by(|one, other| one.0 == other.0);
        let rows: Vec<Vec<usize>> = groups.map(|group| group.iter().map(|(_, row)| *row as usize).collect()).collect();
        let order = rows.iter().enumerate().map(|(at, rows)| (std::cmp::Reverse(rows.len()), at)).collect();
        let mut rows: Vec<Option<Vec<usize>>> = rows.into_iter().map(Some).collect();
        sorted(order).into_iter().filter_map(|(_, at): (_, usize)| rows.get_mut(at)?.take()).collect()
    }
}

/// Records made first come first; one that nobody dated comes last.
fn made_first(one: i64, other: i64) -> Ordering {
    let place = |made: i64| if is_known(made) { made } else { i64::MAX };
    place(one).cmp(&place(other))
}

/// Rows joined into groups.
#[derive(Debug, Clone, Default)]
struct Groups {
    parent: Vec<u32>,
}

impl Groups {
    fn new(rows: usize) -> Self {
        Self { parent: (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect() }
    }

    fn root(&mut self, row: u32) -> u32 {
        let mut at = row;
        while let Some(parent) = self.parent.get(at as usize).copied().filter(|parent| *parent != at) {
            let above = self.parent.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(at as usize) {
                *slot = above;
            }
            at = above;
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.parent.get_mut(one.max(other) as usize) {
            *slot = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests;
