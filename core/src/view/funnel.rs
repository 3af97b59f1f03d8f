//! View: the lifecycle as a funnel.

use super::{FunnelStage, FunnelView, Subject, kpi::known};
use crate::charter::Stage;
use crate::error::{Code, Error};
use crate::figure::Figure;
use crate::kpi::lifecycle_conversion::{reached, step_key};
use crate::list::List;
use crate::query::{Asker, Query, Question};
use crate::sum::Sum;

#[inline(never)]
pub(super) fn build(asker: &Asker, subject: &Subject, query: &Query) -> Result<FunnelView, Error> {
    let mut question = subject.question(asker, known("lifecycle_conversion")?);
    if let Some(semantics) = &query.semantics {
        check_semantics(semantics)?;
        question.parameters.set("semantics", semantics);
    }
    let semantics = question.parameters.text("semantics").to_owned();
    let leak = asker.figure(&subject.question(asker, known("stage_leak")?));
    let times = asker.figure(&subject.question(asker, known("time_in_stage")?));
    let now = Counted::new(asker, &question);
    let then = subject.compared(asker, &question).map(|question| Counted::new(asker, &question));
    let stages = asker.charter.lifecycle.counted();
    let worst = leak.parts.iter().filter(|step| step.value.is_some_and(|lost| lost > 0.0 && Some(lost) == leak.value));
    let worst = worst.map(|step| step.part.as_str()).next();
    let mut shown = Vec::with_capacity(stages.len());
    for (index, stage) in stages.iter().enumerate() {
        let step = stages.get(index.plus(1)).map(|next| step_key(&stage.id, &next.id)).unwrap_or_default();
        let part = now.figure.part(&stage.id);
        let next = now.figure.part(&step);
        let count = now.count(&stage.id);
        shown.push(FunnelStage {
            id: stage.id.clone(),
            label: stage.label.clone(),
            count,
            compared_count: then.as_ref().and_then(|then| then.count(&stage.id)),
            cumulative: part.and_then(|part| part.value),
            next_rate: next.and_then(|next| next.value),
            next_interval: next.and_then(|next| next.interval),
            compared_next_rate: then.as_ref().and_then(|then| then.figure.part(&step)?.value),
            next_target: next.and_then(|next| next.target),
            median_days: times.part(&stage.id).and_then(|part| part.value),
            customers_lost: leak.part(&step).and_then(|part| part.value),
            is_leak: worst.is_some_and(|worst| worst == step),
            thin: count.is_some_and(|count| count < asker.charter.minimum_n),
        });
    }
    Ok(FunnelView { figure: now.figure, semantics, stages: shown, leak })
}

/// The figure of a period with the counts it was made of.
struct Counted {
    figure: Figure,
    counts: Vec<(String, u64)>,
}

impl Counted {
    fn new(asker: &Asker, question: &Question) -> Self {
        let stages = asker.charter.lifecycle.counted();
        let evidence = asker.evidence(question);
        let count = |stage: &&Stage| (stage.id.clone(), reached(&evidence.measure, &stage.id));
        Self { figure: evidence.figure(), counts: stages.iter().map(count).list() }
    }

    /// Records that reached a stage, if that can be known.
    fn count(&self, stage: &str) -> Option<u64> {
        let why = self.figure.part(stage)?.undefined.as_ref().map(|undefined| undefined.code.as_str());
        let (_, count) = self.counts.iter().find(|(id, _)| id == stage)?;
        Some(*count).filter(|_| why != Some("missing_field"))
    }
}

/// Refuses words that are no semantics.
pub(super) fn check_semantics(semantics: &str) -> Result<(), Error> {
    if matches!(semantics, "all_stages" | "any_stages") {
        return Ok(());
    }
    Err(Error::new(Code::BadQuery, format!("“{semantics}” is no way to count stages."))
        .in_field("semantics")
        .mend("Say all_stages or any_stages."))
}
