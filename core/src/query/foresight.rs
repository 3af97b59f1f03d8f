//! What is likely to be asked next: what was asked lately, for the values of the field that somebody filters by.

use super::store::Spans;
use super::{MOST_JOBS, Query};
use crate::map::Map;

/// Values of a field that are worked on ahead.
const VALUES_AHEAD: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Foresight {
    /// The questions asked lately, and the filter with which each was asked last.
    asked: Vec<(Query, Map<String, Vec<String>>)>,
    /// The field that somebody has filtered by or is about to.
    field: Option<String>,
    /// What to work on; nothing until it is drawn up.
    next: Option<Vec<Query>>,
}

impl Foresight {
    pub(super) fn note(&mut self, query: &Query) {
        // Which field somebody is about to choose from is all that this question says.
        if query.view == "filters" && query.segment.is_some() {
            self.field.clone_from(&query.segment);
            self.next = None;
            return;
        }
        let bare = Query { filter: Map::new(), ..query.clone() };
        self.asked.retain(|(asked, _)| *asked != bare);
        self.asked.push((bare, query.filter.clone()));
        if self.asked.len() > MOST_JOBS {
            self.asked.remove(0);
        }
        if query.filter.len() == 1
            && let Some((field, values)) = query.filter.first_key_value()
            && values.len() == 1
        {
            self.field = Some(field.clone());
            self.next = None;
        }
    }

    /// What to work on; its last goes first.
    pub(super) fn next(&mut self, spans: &Spans) -> Vec<Query> {
        self.next.take().unwrap_or_else(|| self.draw_up(spans))
    }

    /// What is left of it.
    pub(super) fn keep(&mut self, next: Vec<Query>) {
        self.next = Some(next);
    }

    /// The values that most rows have come first, and of each value what was asked last.
    fn draw_up(&self, spans: &Spans) -> Vec<Query> {
        let mut next = Vec::new();
        let Some(field) = &self.field else { return next };
        for value in spans.values(field).iter().take(VALUES_AHEAD).rev() {
            for (bare, filter) in &self.asked {
                let mut query = Query { filter: filter.clone(), ..bare.clone() };
                query.filter.insert(field.clone(), vec![value.value.clone()]);
                next.push(query);
            }
        }
        next
    }
}
