//! `mops view`: a view as JSON.

use crate::arguments::View as Arguments;
use crate::ask::{query, reach};
use crate::failure::{Failure, misuse};
use crate::load::load;
use crate::report::known;
use mops_core::query::Query;
use mops_core::view::VIEWS;

/// Prints the view just as a widget gets it.
pub fn run(arguments: &Arguments) -> Result<String, Failure> {
    if !VIEWS.contains(&arguments.name.as_str()) {
        return Err(misuse(
            format!("No view is called “{}”.", arguments.name),
            format!("Ask for one of {}.", VIEWS.join(", ")),
        ));
    }
    for id in &arguments.kpi {
        known(id)?;
    }
    if arguments.name == "kpi" && arguments.kpi.len() != 1 {
        return Err(misuse("A kpi view shows one figure.", "Give its id once, as in --kpi win_rate."));
    }
    let mut loaded = load(&arguments.data)?;
    reach(&arguments.question, loaded.session.dataset())?;
    let query = Query {
        metric: arguments.kpi.first().cloned(),
        metrics: if arguments.name == "scorecard" { arguments.kpi.clone() } else { Vec::new() },
        segment: arguments.segment.clone(),
        semantics: arguments.semantics.clone(),
        ..query(&arguments.name, &arguments.question, &loaded.zone)?
    };
    let view = loaded.session.answer(&query)?;
    let text = serde_json::to_string_pretty(&view);
    text.map(|text| text + "\n").map_err(|error| misuse(format!("The view can’t be written as JSON: {error}."), ""))
}
