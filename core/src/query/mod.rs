//! The one door: a question in, a view out.

mod ask;
mod foresight;
pub(crate) mod narrow;
mod select;
mod store;

pub(crate) use ask::{Asker, Question};

use crate::charter::Charter;
use crate::charter::money::Converter;
use crate::error::{Code, Error};
use crate::kpi::buckets::Buckets;
use crate::kpi::{Filter, Scan};
use crate::map::Map;
use crate::measure::Measure;
use crate::read::{self, read_fields};
use crate::table::Dataset;
use crate::table::schema::CHARTER_TABLES;
use crate::time::{Clock, Zone};
use crate::view::View;
use ask::Ask;
use foresight::Foresight;
use select::Selections;
use std::rc::Rc;
use store::{Spans, Store};

/// A question. In JSON, as the browser and the terminal ask it:
/// `{"view": "kpi", "metric": "win_rate", "period": "last-12-months", "compare": "previous", "as_of": "2026-01-01",
/// "filter": {"owner": ["Ana"]}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// One of [`crate::view::VIEWS`].
    pub view: String,
    /// The KPI's id, for `kpi`.
    pub metric: Option<String>,
    /// KPI ids in order, for `scorecard`; all where empty.
    pub metrics: Vec<String>,
    /// `2026-01-31` (that day's midnight in the charter's time zone) or an instant with offset. Needed.
    pub as_of: String,
    /// A period: see [`crate::period`]. `all` where absent.
    pub period: Option<String>,
    /// `previous` (the period of the same length before), `year` (the same a year ago) or `none`.
    pub compare: Option<String>,
    /// Field → values; a row passes if every field has one of its values. "" is blank. A field that a table doesn't
    /// have doesn't filter that table.
    pub filter: Map<String, Vec<String>>,
    /// Field to break down by; for `filters`, the one that somebody is about to choose from ([`Session::ahead`]).
    pub segment: Option<String>,
    /// `all_stages` or `any_stages`, for `funnel`; the charter's parameter where absent.
    pub semantics: Option<String>,
}

read_fields! {
    Query { ; view, metric, metrics, as_of, period, compare, filter, segment, semantics }
}

impl Query {
    /// Reads a question from JSON.
    ///
    /// # Errors
    /// Every fault, with its JSON pointer.
    pub fn parse(text: &str) -> Result<Self, Vec<Error>> {
        read::read(text, Code::BadQuery)
    }
}

/// One source's data and charter, ready to be asked. Measures are kept, so that asking again is quick.
#[derive(Debug)]
pub struct Session {
    charter: Rc<Charter>,
    has_charter: bool,
    zone: Zone,
    converter: Converter,
    dataset: Dataset,
    store: Store,
    jobs: Vec<Job>,
    spans: Spans,
    selections: Selections,
    foresight: Foresight,
}

/// A question that is being worked on.
#[derive(Debug)]
struct Job {
    query: Query,
    pending: Vec<Vec<Ask>>,
}

/// Questions worked on at the same time; the oldest is forgotten beyond that, and begins again if asked again.
const MOST_JOBS: usize = 32;

impl Session {
    /// A session over data that [`crate::ingest::assemble`] has put together.
    pub fn new(charter: impl Into<Rc<Charter>>, has_charter: bool, zone: Zone, mut dataset: Dataset) -> Self {
        let charter = charter.into();
        charter.lifecycle.undated.replace(charter.lifecycle.find_undated(dataset.table("contacts")));
        let converter = Converter::new(&charter);
        let spans = Spans::new(&dataset);
        for table in charter.tables(&zone) {
            dataset.tables.insert(table.name.clone(), table);
        }
        Self {
            charter,
            has_charter,
            zone,
            converter,
            dataset,
            store: Store::default(),
            jobs: Vec::new(),
            spans,
            selections: Selections::default(),
            foresight: Foresight::default(),
        }
    }

    /// Puts another charter in force without reading the files again. Gives it back where that can't be, because it
    /// says of the files themselves something else (time zone, blanks, sources, or stages) or names a zone that is not
    /// at hand.
    pub fn set_charter(&mut self, charter: impl Into<Rc<Charter>>) -> Result<(), Rc<Charter>> {
        let charter = charter.into();
        let old = &self.charter;
        let same = charter.time_zone == old.time_zone
            && charter.blanks == old.blanks
            && charter.sources == old.sources
            && charter.lifecycle.stages == old.lifecycle.stages
            && charter.lifecycle.exits == old.lifecycle.exits
            && charter.platforms.iter().all(|platform| self.zone.named(&platform.time_zone).is_some());
        if !same {
            return Err(charter);
        }
        let mut dataset = std::mem::take(&mut self.dataset);
        for table in CHARTER_TABLES {
            dataset.tables.remove(table.name);
        }
        dataset.forget_verdicts();
        *self = Self::new(charter, true, self.zone.clone(), dataset);
        Ok(())
    }

    /// The charter in force.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// The data.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Answers a question in one go.
    pub fn answer(&mut self, query: &Query) -> Result<View, Error> {
        loop {
            if let Some(view) = self.step(query, usize::MAX)? {
                return Ok(view);
            }
        }
    }

    /// Works on a question for about `rows` rows. Nothing as long as there is more to do: then call again with the
    /// same question. Several questions may take turns.
    pub fn step(&mut self, query: &Query, rows: usize) -> Result<Option<View>, Error> {
        let view = self.work(query, rows)?;
        if view.is_some() {
            self.foresight.note(query);
        }
        Ok(view)
    }

    /// Works for about `rows` rows, while nobody asks, on what is likely to be asked next: once somebody has filtered
    /// by a field that is offered, or has asked for `filters` with it as `segment`, the same questions for its values. Says
    /// whether there is more to do.
    pub fn ahead(&mut self, rows: usize) -> bool {
        let mut next = self.foresight.next(&self.spans);
        if let Some(query) = next.last()
            && !matches!(self.work(query, rows), Ok(None))
        {
            next.pop();
        }
        let more = !next.is_empty();
        self.foresight.keep(next);
        more
    }

    fn work(&mut self, query: &Query, rows: usize) -> Result<Option<View>, Error> {
        let at = self.jobs.iter().position(|job| job.query == *query);
        let mut pending = at.map(|at| self.jobs.remove(at).pending).unwrap_or_default();
        let mut budget = rows.max(1);
        loop {
            while let Some(pass) = pending.last() {
                if !self.advance(pass, &mut budget) {
                    self.jobs.push(Job { query: query.clone(), pending });
                    if self.jobs.len() > MOST_JOBS {
                        self.jobs.remove(0);
                    }
                    return Ok(None);
                }
                pending.pop();
            }
            let asker = Asker::new(&self.charter, &self.zone, &self.dataset, &self.store, &self.spans);
            let view = crate::view::build(&asker, query, self.has_charter)?;
            pending = asker.missing();
            if pending.is_empty() {
                self.store.trim();
                return Ok(Some(view));
            }
        }
    }

    /// Measures some rows of what one pass answers; says whether it is done.
    fn advance(&mut self, pass: &[Ask], budget: &mut usize) -> bool {
        let Some((Ask { key, period, kpi }, others)) = pass.split_first() else { return true };
        if pass.iter().all(|ask| self.store.has(&ask.key)) {
            return true;
        }
        let Some(table) = self.dataset.table(kpi.definition.table) else {
            self.store.put(pass, vec![Measure::default(); pass.len()]);
            return true;
        };
        // What it looks up for each row is found in steps too.
        if let Some(prepare) = kpi.particulars.prepare
            && !prepare(&self.dataset, &self.charter, key.as_of, budget)
        {
            return false;
        }
        let selection = self.selections.get(table, &key.filter, key.except.as_ref());
        let count = kpi.particulars.by_bucket;
        let narrow = if key.narrow && count.is_none() {
            selection.narrow(kpi, &self.charter, &key.parameters, table, period)
        } else {
            None
        };
        let chosen = narrow.as_deref().or(selection.rows.as_deref());
        let rows = chosen.map_or(table.rows, <[u32]>::len);
        let (start, mut measures) = self.store.begun(pass);
        if *budget == 0 && start < rows {
            self.store.keep_begun(pass, start, measures);
            return false;
        }
        let end = start.saturating_add(*budget).min(rows);
        *budget = budget.saturating_sub(end.saturating_sub(start));
        let scan = Scan {
            table,
            dataset: &self.dataset,
            charter: &self.charter,
            converter: &self.converter,
            clock: &Clock::new(&self.zone),
            as_of: key.as_of,
            period,
            // Those that don't pass are not among the rows.
            filter: &Filter::default(),
            asked: (key.filter.as_ref(), key.except.as_deref()),
            parameters: &key.parameters,
            rows: start..end,
            chosen,
        };
        let buckets = Buckets::new(others.iter().map(|ask| (&ask.period, ask.key.as_of)));
        let found = match count {
            Some(count) => count(&scan, &buckets),
            None => vec![(kpi.measure)(&scan)],
        };
        if start == 0 {
            measures = found;
        } else {
            for (measure, found) in measures.iter_mut().zip(&found) {
                measure.merge(found);
            }
        }
        if end < rows {
            self.store.keep_begun(pass, end, measures);
            return false;
        }
        for measure in &mut measures {
            selection.leave_out(measure);
            measure.reject(&table.rejected);
        }
        self.store.put(pass, measures);
        true
    }
}

#[cfg(test)]
impl Session {
    /// The measure of a KPI as views get it.
    pub(crate) fn measured(&mut self, question: &Question) -> Rc<Measure> {
        let asker = Asker::new(&self.charter, &self.zone, &self.dataset, &self.store, &self.spans);
        let _ = asker.measure(question);
        for ask in asker.missing() {
            while !self.advance(&ask, &mut 7) {}
        }
        Asker::new(&self.charter, &self.zone, &self.dataset, &self.store, &self.spans).measure(question)
    }
}
