//! View: several figures as a table.

use super::{ScorecardView, Subject, kpi};
use crate::error::Error;
use crate::kpi::{Kpi, registry};
use crate::query::{Asker, Query};

#[inline(never)]
pub(super) fn build(asker: &Asker, subject: &Subject, query: &Query) -> Result<ScorecardView, Error> {
    let kpis: Vec<&'static Kpi> = if query.metrics.is_empty() {
        registry().to_vec()
    } else {
        let known = |id: &String| kpi::known(id).map_err(|error| error.in_field("metrics"));
        query.metrics.iter().map(known).collect::<Result<_, _>>()?
    };
    let rows = kpis.into_iter().map(|kpi| kpi::card(asker, subject, kpi, query));
    Ok(ScorecardView { rows: rows.collect::<Result<_, _>>()? })
}
