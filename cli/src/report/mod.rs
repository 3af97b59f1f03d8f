//! The report: the same views as the widgets show, printed.

mod faults;
mod grid;
mod html;
mod json;
mod markdown;
mod terminal;

pub use grid::{hang, width, wrap};

use crate::arguments::{Format, Report as Arguments};
use crate::ask::{beyond, query, reach};
use crate::failure::{Failure, misuse};
use crate::gate::{Gate, gates};
use crate::load::{Loaded, load};
use crate::words;
use mops_core::figure::{Figure, Status};
use mops_core::kpi::{self, groups::GROUPS};
use mops_core::ledger::RowReference;
use mops_core::query::Query;
use mops_core::time::Zone;
use mops_core::view::{BoardView, Body, CohortsView, FunnelView, InventoryView, KpiView, State, View};

/// All that a report prints.
pub struct Report {
    /// Period, currency and the like.
    pub frame: View,
    pub zone: Zone,
    /// Figures whose tables were given, or all that were asked for.
    pub figures: Vec<KpiView>,
    /// Figures that need tables which were not given.
    pub missing: Vec<KpiView>,
    pub funnel: Option<FunnelView>,
    pub cohorts: Option<CohortsView>,
    pub inventory: InventoryView,
    /// Filters that leave tables of these figures as they are, for these have no such field.
    pub unfiltered: Vec<(String, Vec<&'static str>)>,
    /// What the boards say in one sentence, with their names.
    pub messages: Vec<Message>,
}

/// What a board says.
pub struct Message {
    pub board: &'static str,
    pub text: String,
    pub state: State,
}

impl Report {
    /// What several figures or pictures note: said once, before all of them.
    fn shared_notes(&self) -> Vec<&str> {
        let funnel = || self.funnel.iter().map(|view| &view.figure);
        let figures = || self.figures.iter().map(|row| &row.figure).chain(funnel());
        let notes = || figures().filter_map(|figure| figure.note.as_deref());
        let mut shared: Vec<&str> = Vec::new();
        for note in notes() {
            if !shared.contains(&note) && notes().filter(|other| *other == note).count() > 1 {
                shared.push(note);
            }
        }
        shared
    }

    /// Where a fault stands and what was found there. What has no file has no lines.
    fn place(&self, table: &str, example: &RowReference) -> String {
        if !self.inventory.tables.iter().any(|known| known.table == table) {
            return words::example(&RowReference { line: 0, ..example.clone() });
        }
        words::example(self.unreadable(table, example).unwrap_or(example))
    }

    /// What was found there.
    fn found(&self, table: &str, example: &RowReference) -> String {
        self.unreadable(table, example).unwrap_or(example).found.clone()
    }

    /// The cell that a fault is about, where it says nothing of what it found.
    fn unreadable(&self, table: &str, example: &RowReference) -> Option<&RowReference> {
        let tables = self.inventory.tables.iter().filter(|known| known.table == table);
        let fields = tables.flat_map(|table| &table.fields).filter(|field| field.field == example.field);
        let same = |known: &&RowReference| (known.line, &known.id) == (example.line, &example.id);
        fields.flat_map(|field| &field.examples).find(same).filter(|_| example.found.is_empty())
    }

    /// What this figure alone notes.
    fn own_note<'a>(&self, figure: &'a Figure) -> Option<&'a str> {
        figure.note.as_deref().filter(|note| !self.shared_notes().contains(note))
    }
}

/// Boards with a message worth a report's first lines, the whole operation before its parts.
const BOARDS: [(&str, &str); 7] = [
    ("control_stack", "Control stack"),
    ("governance", "Governance"),
    ("data_quality", "Data quality"),
    ("stack", "Stack"),
    ("system_map", "Connections"),
    ("signals", "Signals"),
    ("rollout", "90-day plan"),
];

/// The chapter that a figure stands in.
pub fn chapter(id: &str) -> (usize, &'static str) {
    let chapters = GROUPS.iter().enumerate();
    let found = chapters.filter(|(_, (_, ids))| ids.contains(&id)).map(|(index, (name, _))| (index, *name)).next();
    found.unwrap_or((GROUPS.len(), "Others"))
}

/// Runs `mops report`. The answer is the text and whether the gates hold.
pub fn run(arguments: &Arguments) -> Result<(String, bool), Failure> {
    let gates = gates(&arguments.fail_under, &arguments.fail_over)?;
    let (report, gated) = gather(arguments, &gates)?;
    let text = match arguments.format {
        Format::Table => terminal::print(&report),
        Format::Json => json::print(&report)?,
        Format::Md => markdown::print(&report),
        Format::Html => html::print(&report),
    };
    let off = |figure: &Figure| {
        figure.status == Status::OffTarget || figure.parts.iter().any(|part| part.status == Status::OffTarget)
    };
    let failed = arguments.fail_on_off_target && report.figures.iter().any(|row| off(&row.figure));
    let mut held = true;
    for gate in &gates {
        let figure = gated.iter().find(|row| row.figure.id == gate.kpi).map(|row| &row.figure);
        let (holds, line) = gate.judge(figure, &report.frame.currency);
        held &= holds;
        eprintln!("{line}");
    }
    Ok((text, held && !failed))
}

/// The report, and the figures that its gates are about.
fn gather(arguments: &Arguments, gates: &[Gate]) -> Result<(Report, Vec<KpiView>), Failure> {
    for id in &arguments.kpi {
        known(id)?;
    }
    let mut loaded = load(&arguments.data)?;
    reach(&arguments.question, loaded.session.dataset())?;
    let ask = |view: &str| query(view, &arguments.question, &loaded.zone);
    let (scorecard, inventory) = (ask("scorecard")?, ask("inventory")?);
    let (funnel, cohorts) = (ask("funnel")?, ask("cohorts")?);

    let gated = match loaded
        .session
        .answer(&Query { metrics: gates.iter().map(|gate| gate.kpi.clone()).collect(), ..scorecard.clone() })?
    {
        View { body: Body::Scorecard(scorecard), .. } if !gates.is_empty() => scorecard.rows,
        _ => Vec::new(),
    };
    let frame = loaded.session.answer(&Query { metrics: arguments.kpi.clone(), ..scorecard })?;
    let Body::Scorecard(scorecard) = &frame.body else { return Err(odd("scorecard")) };
    let (missing, mut figures): (Vec<KpiView>, Vec<KpiView>) =
        scorecard.rows.iter().cloned().partition(|row| arguments.kpi.is_empty() && lacks_table(&row.figure));
    if arguments.kpi.is_empty() {
        figures.sort_by_key(|row| chapter(&row.figure.id).0);
    }
    for row in &mut figures {
        if let (Some(definition), Some(kpi)) = (&mut row.figure.definition, kpi::find(&row.figure.id)) {
            kpi.definition.tell(definition);
        }
    }
    let Body::Inventory(inventory) = loaded.session.answer(&inventory)?.body else { return Err(odd("inventory")) };

    let shows = |ids: &[&str]| figures.iter().any(|row| ids.contains(&row.figure.id.as_str()));
    let funnel = match shows(&["lifecycle_conversion", "stage_leak", "time_in_stage"]) {
        true => answer(&mut loaded, &funnel)?,
        false => None,
    };
    let cohorts = match shows(&["velocity_by_cohort", "conversion_matured"]) {
        true => answer(&mut loaded, &cohorts)?,
        false => None,
    };
    let mut messages = Vec::new();
    if arguments.kpi.is_empty() {
        // Nobody planned anything where there is no charter.
        for (name, board) in BOARDS.into_iter().filter(|(name, _)| inventory.has_charter || *name != "rollout") {
            let Ok(view) = loaded.session.answer(&query(name, &arguments.question, &loaded.zone)?) else { continue };
            if let Body::Board(BoardView { message, state, .. }) = view.body
                && !message.is_empty()
                && state != State::Unknown
            {
                messages.push(Message { board, text: message, state });
            }
        }
    }
    let tables = figures.iter().filter_map(|row| kpi::find(&row.figure.id)).map(|kpi| kpi.definition.table).collect();
    let unfiltered = beyond(&arguments.question, loaded.session.dataset(), &tables);
    let report = Report {
        messages,
        unfiltered,
        zone: loaded.zone,
        figures,
        missing,
        funnel: funnel.and_then(|body| if let Body::Funnel(view) = body { Some(view) } else { None }),
        cohorts: cohorts.and_then(|body| if let Body::Cohorts(view) = body { Some(view) } else { None }),
        inventory,
        frame,
    };
    Ok((report, gated))
}

/// A view that needs a table which may not be there.
fn answer(loaded: &mut Loaded, query: &Query) -> Result<Option<Body>, Failure> {
    match loaded.session.answer(query) {
        Ok(view) => Ok(Some(view.body)),
        Err(error) if error.code == mops_core::error::Code::MissingTable => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn lacks_table(figure: &Figure) -> bool {
    figure
        .undefined
        .as_ref()
        .is_some_and(|undefined| matches!(undefined.code.as_str(), "missing_table" | "not_in_charter"))
}

fn odd(view: &str) -> Failure {
    misuse(format!("The core answered something else than a {view}."), "Please report this.")
}

/// Refuses ids that no KPI has.
pub fn known(id: &str) -> Result<(), Failure> {
    if kpi::find(id).is_some() {
        return Ok(());
    }
    let ids = || kpi::registry().iter().map(|kpi| kpi.definition.id);
    let nearest = ids()
        .map(|known| (strsim::normalized_damerau_levenshtein(id, known), known))
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let mend = match nearest {
        Some((_, nearest)) => format!("Did you mean {nearest}?"),
        None => format!("There are: {}.", ids().collect::<Vec<_>>().join(", ")),
    };
    Err(misuse(format!("No KPI is called “{id}”."), mend))
}
