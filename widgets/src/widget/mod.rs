//! One file for each widget, and the list of them.

mod board;
mod cohorts;
mod filters;
mod funnel;
mod kpi;
mod scorecard;
mod source;

use crate::context::Context;
use crate::leptos::AnyView;
use crate::state::State;
use crate::table::Table;
use mops_core::figure::Figure;
use mops_core::view::{Body, View};

/// A widget.
pub struct Kind {
    /// The element's name.
    pub tag: &'static str,
    /// The view that it asks for.
    pub view: &'static str,
    /// The heading, where the view has none of its own.
    pub name: &'static str,
    /// What the view itself is called.
    pub heading: fn(&View) -> Option<&str>,
    /// Whether it shows how things stand at the as-of instant, rather than a period.
    pub snapshot: bool,
    /// Draws a view of the widget's own kind; nothing where it is of another.
    pub body: fn(Context, &'static Kind, &View) -> Option<AnyView>,
    /// Whether the body places what stands open itself; otherwise that is beneath the body.
    pub places_panel: bool,
    /// The figures that the definition panel defends, in the order of [`crate::context::Panel::Definition`].
    pub figures: fn(&Body) -> Vec<&Figure>,
    /// The data behind the picture, where there is a picture.
    pub tables: Option<fn(Context, &View) -> Vec<Table>>,
    /// Draws itself in every phase, without the common frame.
    pub whole: Option<fn(Context, &State) -> AnyView>,
}

/// All widgets.
pub static KINDS: [Kind; 21] = [
    source::KIND,
    filters::KIND,
    kpi::KIND,
    scorecard::KIND,
    funnel::KIND,
    cohorts::KIND,
    board::standing("mops-stack", "stack", "Stack utilisation"),
    board::standing("mops-system-map", "system_map", "System map"),
    board::standing("mops-data-quality", "data_quality", "Data quality"),
    board::standing("mops-governance", "governance", "Governance"),
    board::standing("mops-control-stack", "control_stack", "Control stack"),
    board::standing("mops-readiness", "readiness", "Readiness"),
    board::standing("mops-rollout", "rollout", "90-day plan"),
    board::standing("mops-signals", "signals", "Threshold signals"),
    board::over_time("mops-attribution", "attribution", "Attribution"),
    board::over_time("mops-reconciliation", "reconciliation", "Reconciliation"),
    board::over_time("mops-speed-to-lead", "speed_to_lead", "Speed to lead"),
    board::over_time("mops-campaigns", "campaigns", "Campaigns"),
    board::over_time("mops-budget", "budget", "Budget"),
    board::over_time("mops-forecast", "forecast", "Forecast"),
    board::over_time("mops-segments", "segments", "Segments"),
];

/// The widget of a tag.
pub fn find(tag: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.tag == tag)
}

impl Kind {
    /// Whether a view is of the kind that this widget shows.
    pub fn shows(&self, view: &View) -> bool {
        let name = match &view.body {
            Body::Kpi(_) => "kpi",
            Body::Scorecard(_) => "scorecard",
            Body::Funnel(_) => "funnel",
            Body::Cohorts(_) => "cohorts",
            Body::Filters(_) => "filters",
            Body::Inventory(_) => "inventory",
            Body::Board(board) => &board.name,
        };
        name == self.view
    }

    /// The heading: the `label` attribute, or what the view or the widget is called.
    pub fn title(&self, context: Context, view: &View) -> String {
        context.label((self.heading)(view).unwrap_or(self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use mops_core::table::schema::TABLES;

    #[test]
    fn the_shell_lists_the_same_elements_and_views() {
        let list = include_str!("../../js/tags.js").split_once("const elements = [").unwrap().1;
        let names = list.split_once(']').unwrap().0.split('"').skip(1).step_by(2);
        // As `viewOf` has it.
        let view = |name: &str| if name == "source" { "inventory".to_owned() } else { name.replace('-', "_") };
        let listed: Vec<_> = names.map(|name| (["mops-", name].concat(), view(name))).collect();
        let ours: Vec<_> = KINDS.iter().map(|kind| (kind.tag.to_owned(), kind.view.to_owned())).collect();
        assert_eq!(listed, ours);
    }

    #[test]
    fn the_shell_reads_every_table() {
        let quoted = |text: &str, from: &str, to: &str| -> Vec<String> {
            let list = text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(list, _)| list);
            list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
        };
        let tables: Vec<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
        assert_eq!(quoted(include_str!("../../js/tags.js"), "export const tables = [", "]"), tables);
        assert_eq!(quoted(include_str!("../../js/engine.d.ts"), "export type TableName =", ";"), tables);
    }

    #[test]
    fn the_types_name_every_board() {
        let types = include_str!("../../js/views.d.ts");
        let names = types.split_once("export type BoardName =").and_then(|(_, rest)| rest.split_once(';')).unwrap().0;
        let names: Vec<&str> = names.split('"').skip(1).step_by(2).collect();
        let ours: Vec<&str> = KINDS.iter().filter(|kind| kind.places_panel).map(|kind| kind.view).collect();
        assert_eq!(names, ours);
    }
}
