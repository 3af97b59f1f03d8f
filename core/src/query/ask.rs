//! How a view asks for figures: from what is known, noting what is not.

use super::store::{Except, MeasureKey, Spans, Store};
use crate::charter::Charter;
use crate::charter::money::Converter;
use crate::figure::Figure;
use crate::kpi::sides::Reach;
use crate::kpi::stack::name_rows;
use crate::kpi::{Filter, Frame, Kpi, Parameters, Scan, figure, of, registry, value};
use crate::map::Map;
use crate::measure::Measure;
use crate::period::Period;
use crate::table::{Dataset, Table};
use crate::time::{Clock, Zone};
use std::cell::RefCell;
use std::rc::Rc;

/// A measure that somebody needs.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) key: MeasureKey,
    pub(crate) period: Period,
    pub(crate) kpi: &'static Kpi,
}

impl Ask {
    /// Whether it is a bucket after those of a pass, and of the same rows. A history sees periods in any order, each at
    /// instants of its own.
    fn follows(&self, pass: &[Self]) -> bool {
        let [first, buckets @ ..] = pass else { return false };
        let (key, of) = (&self.key, &first.key);
        let history = self.kpi.particulars.history > 0;
        let after = |one: &MeasureKey, other: &MeasureKey| one.end.is_some_and(|end| other.start >= Some(end));
        let apart = |Self { key: other, .. }: &Self| {
            after(other, key) || history && (after(key, other) || (other.start, other.end) == (key.start, key.end))
        };
        key.narrow
            && key.kpi == of.kpi
            && (key.as_of == of.as_of || history)
            && key.parameters == of.parameters
            && key.filter == of.filter
            && key.except == of.except
            && buckets.iter().all(apart)
            && self.kpi.particulars.by_bucket.is_some()
    }
}

/// Answers from the store. What isn't there yet is noted and answered with an empty measure: whoever builds a view
/// builds it again once [`Asker::missing`] has been measured, so the way through is written once.
pub(crate) struct Asker<'a> {
    pub(crate) charter: &'a Charter,
    pub(crate) zone: &'a Zone,
    pub(crate) dataset: &'a Dataset,
    pub(crate) spans: &'a Spans,
    store: &'a Store,
    missing: RefCell<Vec<Ask>>,
    /// Figures made for others, since several composites lean on the same.
    made: RefCell<Vec<(MeasureKey, Rc<Figure>)>>,
}

/// One KPI in one period, for some rows, as seen at an instant.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) kpi: &'static Kpi,
    pub(crate) period: Period,
    pub(crate) as_of: i64,
    pub(crate) parameters: Parameters,
    /// What was asked to be filtered by.
    pub(crate) asked: Rc<Map<String, Vec<String>>>,
    /// What of it the KPI's table takes.
    pub(crate) filter: Rc<Map<String, Vec<String>>>,
    pub(crate) except: Option<Rc<Except>>,
    /// Whether only the value is asked for, not what was left out: then rows of other periods need no look.
    pub(crate) narrow: bool,
    /// Whether it goes with a period in which something counts.
    pub(crate) counts: bool,
}

/// What the answer to a question is judged by: its measure, and everything that goes into its frame.
pub(crate) struct Evidence<'a> {
    asker: &'a Asker<'a>,
    question: &'a Question,
    pub(crate) measure: Rc<Measure>,
    history: Vec<Rc<Measure>>,
    figures: Vec<Rc<Figure>>,
    reach: Reach,
}

impl Evidence<'_> {
    /// Everything that may be known while the measure is judged.
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            charter: self.asker.charter,
            zone: self.asker.zone,
            as_of: self.question.as_of,
            period: &self.question.period,
            parameters: &self.question.parameters,
            table: self.asker.table(self.question),
            history: &self.history,
            figures: &self.figures,
            reach: &self.reach,
        }
    }

    /// What the KPI makes of it.
    pub(crate) fn figure(&self) -> Figure {
        self.judged(figure)
    }

    /// Nothing is judged as long as something is missing.
    fn judged(&self, judge: fn(&Kpi, &Measure, &Frame) -> Figure) -> Figure {
        if self.asker.is_complete() {
            judge(self.question.kpi, &self.measure, &self.frame())
        } else {
            Figure::default()
        }
    }
}

impl Question {
    fn key(&self) -> MeasureKey {
        let Self { kpi, period, as_of, parameters, asked: _, filter, except, narrow, counts: _ } = self;
        MeasureKey {
            kpi: kpi.definition.id,
            start: period.start,
            end: period.end,
            as_of: *as_of,
            parameters: parameters.clone(),
            filter: Rc::clone(filter),
            except: except.clone(),
            narrow: *narrow && kpi.narrows() && period.start.is_some(),
        }
    }

    /// The same question to a KPI that this one is judged with; a state has no period. Whose rows take no filter hands
    /// none on, nor its segments': the owner of a tool is not that of contacts.
    pub(crate) fn about(&self, kpi: &'static Kpi, charter: &Charter) -> Self {
        let period = if kpi.has_period() { self.period.clone() } else { Period::all() };
        let filter = kpi.takes(&self.kpi.takes(&self.filter));
        Self { kpi, period, parameters: Parameters::new(&kpi.definition, charter), filter, ..self.clone() }
    }

    /// The same question about the rows with one value of a field.
    pub(crate) fn with(&self, field: &str, value: &str) -> Self {
        let mut filter = self.filter.as_ref().clone();
        filter.insert(field.to_owned(), vec![value.to_owned()]);
        Self { filter: Rc::new(filter), ..self.clone() }
    }
}

impl<'a> Asker<'a> {
    pub(crate) fn new(
        charter: &'a Charter,
        zone: &'a Zone,
        dataset: &'a Dataset,
        store: &'a Store,
        spans: &'a Spans,
    ) -> Self {
        Self { charter, zone, dataset, spans, store, missing: RefCell::default(), made: RefCell::default() }
    }

    /// What has to be measured before the answers hold, by the passes over the rows that it takes: the buckets of a
    /// trend go with their period where the KPI counts by bucket.
    pub(crate) fn missing(self) -> Vec<Vec<Ask>> {
        let mut passes: Vec<Vec<Ask>> = Vec::new();
        for ask in self.missing.into_inner() {
            match passes.iter_mut().find(|pass| ask.follows(pass)) {
                Some(pass) => pass.push(ask),
                None => passes.push(vec![ask]),
            }
        }
        passes
    }

    /// Whether everything asked for so far was there: then what is built holds.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.borrow().is_empty()
    }

    pub(crate) fn table(&self, question: &Question) -> Option<&'a Table> {
        self.dataset.table(question.kpi.definition.table)
    }

    /// Shows the rows that a question is about to a view that lists some of them, once all figures are known.
    pub(crate) fn look(&self, question: &Question, read: &mut dyn FnMut(&Scan)) {
        let Some(table) = self.table(question).filter(|_| self.is_complete()) else { return };
        read(&Scan {
            table,
            dataset: self.dataset,
            charter: self.charter,
            converter: &Converter::new(self.charter),
            clock: &Clock::new(self.zone),
            as_of: question.as_of,
            period: &question.period,
            filter: &Filter::new(table, &question.filter),
            asked: (question.filter.as_ref(), question.except.as_deref()),
            parameters: &question.parameters,
            rows: 0..table.rows,
            chosen: None,
        });
    }

    pub(crate) fn measure(&self, question: &Question) -> Rc<Measure> {
        let Question { mut kpi, ref period, ref parameters, .. } = *question;
        if kpi.particulars.compose.is_some() {
            return Rc::default();
        }
        let mut key = question.key();
        if let Some(id) = (kpi.particulars.same_as)(parameters) {
            kpi = of(id);
            (key.kpi, key.parameters) = (id, Parameters::default());
        }
        // A field that the table doesn't have filters nothing: so the answer is there already.
        if let Some(table) = self.table(question)
            && key.filter.keys().any(|field| table.text(field).is_none())
        {
            let mut filter = key.filter.as_ref().clone();
            filter.retain(|field, _| table.text(field).is_some());
            key.filter = Rc::new(filter);
        }
        let whole = key.narrow.then(|| self.store.get(&MeasureKey { narrow: false, ..key.clone() })).flatten();
        whole.or_else(|| self.store.get(&key)).unwrap_or_else(|| {
            let mut missing = self.missing.borrow_mut();
            if !missing.iter().any(|ask| ask.key == key) {
                missing.push(Ask { key, period: period.clone(), kpi });
            }
            Rc::default()
        })
    }

    /// What a question is judged by.
    pub(crate) fn evidence(&'a self, question: &'a Question) -> Evidence<'a> {
        let mut measure = self.measure(question);
        let mut reach = Reach::new(question, self.dataset);
        reach.narrow = question.key().narrow;
        if reach.narrow && !question.counts && measure.used == 0 && self.is_complete() {
            // What looks only at rows of the period sees none of unknown date: is there any that counts at all?
            let whole = |period| Question { period, narrow: false, ..question.clone() };
            if self.measure(&whole(Period::all())).used == 0 {
                measure = self.measure(&whole(question.period.clone()));
                reach.narrow = false;
            }
        }
        // Asked for in order, they are counted in one pass.
        let earlier = self.history(question);
        let mut history: Vec<Rc<Measure>> = earlier.iter().rev().map(|earlier| self.measure(earlier)).collect();
        history.reverse();
        let figures = self.figures(question);
        let mut evidence = Evidence { asker: self, question, measure, history, figures, reach };
        if let Some(compose) = question.kpi.particulars.compose {
            evidence.measure = Rc::new(compose(&evidence.frame()));
        }
        evidence
    }

    pub(crate) fn figure(&self, question: &Question) -> Figure {
        let mut figure = self.evidence(question).figure();
        name_rows(&mut figure, question.kpi.definition.table, self.dataset);
        figure
    }

    /// A figure of which only the value is shown.
    pub(crate) fn value(&self, question: &Question) -> Figure {
        self.evidence(question).judged(value)
    }

    /// The figures that a KPI is judged with.
    fn figures(&self, question: &Question) -> Vec<Rc<Figure>> {
        let wanted = question.kpi.particulars.figures.list(self.charter, &question.parameters);
        // A charter may name any figure; taking only those listed before keeps them from leaning on each other.
        let before = registry().iter().take_while(|kpi| kpi.definition.id != question.kpi.definition.id);
        before
            .filter(|kpi| wanted.iter().any(|id| id == kpi.definition.id))
            .map(|kpi| self.figure_of(&question.about(kpi, self.charter)))
            .collect()
    }

    /// A figure that several may ask for.
    pub(crate) fn figure_of(&self, question: &Question) -> Rc<Figure> {
        let key = question.key();
        if let Some((_, figure)) = self.made.borrow().iter().find(|(made, _)| *made == key) {
            return Rc::clone(figure);
        }
        let figure = Rc::new(self.figure(question));
        self.made.borrow_mut().push((key, Rc::clone(&figure)));
        figure
    }

    /// The same question where only its value is asked for, beside the whole answer.
    pub(crate) fn aside(&self, question: &Question) -> Question {
        let counts = question.counts || self.measure(question).used > 0;
        Question { narrow: true, counts, ..question.clone() }
    }

    /// The same question about an earlier period, as of the instant at which that period had the age that this one
    /// has now: so a young or unfinished period is not held against one that had more time.
    pub(crate) fn earlier(&self, question: &Question, period: Period) -> Question {
        let local = |instant: i64| instant.saturating_add(self.zone.offset_at(instant));
        let as_of = question.period.end.zip(period.end).map_or(question.as_of, |(end, earlier)| {
            let age = local(question.as_of).saturating_sub(local(end));
            self.zone.instant_of(local(earlier).saturating_add(age))
        });
        Question { period, as_of, ..self.aside(question) }
    }

    /// The same question about the periods before, latest first.
    fn history(&self, question: &Question) -> Vec<Question> {
        let previous = |period: &Period| period.previous(self.charter, self.zone);
        std::iter::successors(previous(&question.period), previous)
            .take(question.kpi.particulars.history as usize)
            .map(|period| self.earlier(question, period))
            .collect()
    }
}
