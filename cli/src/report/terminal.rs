//! The report for a terminal.

use super::faults::foremost;
use super::grid::{Cell, Column, Grid, width, wrap};
use super::{Report, chapter};
use crate::ask::moment;
use crate::words;
use console::{Style, Term};
use mops_charts::Style as Exactness;
use mops_charts::context::plain_value;
use mops_core::figure::{Figure, SignOffState, Status, Unit};
use mops_core::kpi;
use mops_core::ledger::RowReference;
use mops_core::view::{CohortsView, FunnelView, KpiView, State};

/// Figures whose parts have a picture of their own.
const PICTURED: [&str; 3] = ["lifecycle_conversion", "stage_leak", "velocity_by_cohort"];

struct Page<'a> {
    report: &'a Report,
    out: String,
    width: usize,
    currency: &'a str,
}

/// As aligned text, with colours only where somebody looks at it.
pub fn print(report: &Report) -> String {
    let mut page = Page {
        report,
        out: String::new(),
        width: width(&Term::stdout()).unwrap_or(80).max(60),
        currency: &report.frame.currency,
    };
    page.head();
    page.messages();
    page.scorecard();
    if let Some(funnel) = &report.funnel {
        page.funnel(funnel);
    }
    if let Some(cohorts) = &report.cohorts {
        page.cohorts(cohorts);
    }
    page.left_out();
    page.inventory();
    page.governance();
    page.out
}

fn bold() -> Style {
    Style::new().bold()
}

fn dim() -> Style {
    Style::new().dim()
}

fn colour(status: Status) -> Style {
    match status {
        Status::OnTarget => Style::new().green(),
        Status::NearTarget => Style::new().yellow(),
        Status::OffTarget => Style::new().red().bold(),
        Status::NoTarget => dim(),
        Status::Undefined => Style::new().magenta(),
    }
}

impl Page<'_> {
    fn text(&mut self, text: &str, style: &Style) {
        for line in wrap(text, self.width) {
            self.out.push_str(&format!("{}\n", style.apply_to(line)));
        }
    }

    fn title(&mut self, title: &str) {
        self.out.push('\n');
        self.text(title, &bold());
    }

    fn head(&mut self) {
        let frame = &self.report.frame;
        let name = if frame.organisation.is_empty() { "Report" } else { &frame.organisation };
        let mut line =
            format!("{}, as of {}", words::sentence(&frame.period.label), moment(frame.as_of, &self.report.zone));
        if let Some(compared) = &frame.compared_with {
            line.push_str(&format!(", compared with {}", compared.label));
        }
        for (field, values) in &frame.filter {
            let values: Vec<&str> =
                values.iter().map(|value| if value.is_empty() { "(blank)" } else { value }).collect();
            line.push_str(&format!(", {field} {}", words::clean(&values.join(" or "))));
        }
        self.out.push_str(&format!("{}\n", bold().apply_to(words::clean(name))));
        self.text(&line, &dim());
        for unfiltered in &self.report.unfiltered {
            self.text(&words::unfiltered(unfiltered), &Style::new().yellow());
        }
        if !self.report.inventory.has_charter {
            let text =
                "No charter was given: the documented defaults hold. mops charter new drafts one from your files.";
            self.text(text, &Style::new().yellow());
        }
        for note in self.report.shared_notes() {
            self.text(&words::clean(note), &Style::new().yellow());
        }
        for fault in foremost(self.report) {
            self.text(&format!("! {}", words::clean(&fault)), &Style::new().yellow().bold());
        }
    }

    fn messages(&mut self) {
        let report = self.report;
        if !report.messages.is_empty() {
            self.out.push('\n');
        }
        for message in &report.messages {
            let (sign, style) = match message.state {
                State::Good => ("✓", Style::new().green()),
                State::Warning => ("≈", Style::new().yellow()),
                State::Bad => ("✗", Style::new().red()),
                State::Neutral | State::Unknown => ("·", dim()),
            };
            let text = words::clean(&message.text);
            for (index, line) in wrap(&text, self.width.saturating_sub(16)).iter().enumerate() {
                let (sign, board) = if index == 0 { (sign, message.board) } else { (" ", "") };
                self.out.push_str(&format!(
                    "{} {} {line}\n",
                    style.apply_to(sign),
                    bold().apply_to(format!("{board:13}"))
                ));
            }
        }
    }

    fn scorecard(&mut self) {
        self.out.push('\n');
        let compared = self.report.frame.compared_with.is_some();
        let targets = self.report.figures.iter().any(|row| row.figure.target.is_some());
        let mut columns = vec![Column::left("Figure").wraps_at(16).reaches_over(), Column::right("Value")];
        if compared {
            columns.push(Column::left("Change").wraps_at(16));
        }
        if self.has_intervals(compared, targets) {
            columns.push(Column::right("95% interval"));
        }
        if targets {
            columns.push(Column::right("Target"));
        }
        if self.has_rows(compared) {
            columns.push(Column::right("Rows used"));
        }
        columns.push(Column::left("Status"));
        let mut grid = Grid::new(columns);
        let chapters = self.report.figures.iter().map(|row| chapter(&row.figure.id).0);
        let several = self.report.figures.len() > 12 && chapters.clone().min() != chapters.max();
        let mut before = None;
        for row in &self.report.figures {
            let (index, name) = chapter(&row.figure.id);
            if several && before.replace(index) != Some(index) {
                grid.chapter(name.to_uppercase(), dim().bold());
            }
            self.row(&mut grid, row, compared, targets);
        }
        grid.print(&mut self.out, self.width);
        if !self.report.missing.is_empty() {
            let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
            for row in &self.report.missing {
                let reason = row.figure.undefined.as_ref().map_or("", |undefined| undefined.message.as_str());
                match reasons.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, ids)) => ids.push(&row.figure.id),
                    None => reasons.push((reason, vec![&row.figure.id])),
                }
            }
            self.out.push('\n');
            for (reason, ids) in reasons {
                self.text(&format!("Not computed: {}. {reason}", ids.join(", ")), &dim());
            }
        }
    }

    /// Intervals give way where there is no room for all columns.
    fn has_intervals(&self, compared: bool, targets: bool) -> bool {
        self.width
            >= if compared {
                100
            } else if targets {
                70
            } else {
                0
            }
    }

    /// How many rows were used stands below for every figure: it gives way first.
    fn has_rows(&self, compared: bool) -> bool {
        self.width >= if compared { 120 } else { 100 }
    }

    fn row(&self, grid: &mut Grid, row: &KpiView, compared: bool, targets: bool) {
        let figure = &row.figure;
        let change = || match &row.comparison {
            Some(comparison) => words::change(comparison, figure.unit, self.currency),
            None => String::new(),
        };
        grid.row(self.cells(figure, compared.then(change), compared, targets, ""));
        if let Some(undefined) = &figure.undefined {
            grid.note(words::clean(&undefined.message), Style::new().magenta());
        } else if figure.thin {
            grid.note(
                format!("thin: {} used, fewer than the charter’s least number", words::rows(figure.used)),
                Style::new().yellow(),
            );
        }
        if let Some([low, high]) = figure.bounds {
            let bound = |bound: f64| words::value(Some(bound), figure.unit, self.currency);
            grid.note(format!("between {} and {}: not all is known", bound(low), bound(high)), dim());
        }
        if let Some(note) = self.report.own_note(figure) {
            grid.note(words::clean(note), dim());
        }
        let mut doubts =
            row.comparison.as_ref().map_or_else(Vec::new, |change| words::doubts(change, &self.report.zone));
        if row.maturing && figure.value.is_some() {
            doubts.insert(0, "still converting".to_owned());
        }
        if !doubts.is_empty() {
            grid.note(doubts.join("; "), dim());
        }
        if !PICTURED.contains(&figure.id.as_str()) {
            for part in &figure.parts {
                grid.row(self.cells(part, compared.then(String::new), compared, targets, "  "));
            }
        }
    }

    fn cells(&self, figure: &Figure, change: Option<String>, compared: bool, targets: bool, indent: &str) -> Vec<Cell> {
        let whole = indent.is_empty();
        let (sign, word) = words::status(figure);
        let value = words::of(figure, self.currency);
        let mut cells = vec![
            Cell::styled(format!("{indent}{}", words::clean(&figure.label)), if whole { Style::new() } else { dim() }),
            Cell::styled(value, if whole { bold() } else { Style::new() }),
        ];
        if let Some(change) = change {
            cells.push(change.into());
        }
        if self.has_intervals(compared, targets) {
            cells.push(Cell::styled(words::interval(figure.interval, figure.unit), dim()));
        }
        if targets {
            let exactness = if figure.unit == Unit::Rate { Exactness::Column } else { Exactness::Compact };
            let target = figure.target.map(|target| plain_value(target, figure.unit, exactness, ""));
            cells.push(Cell::styled(target.unwrap_or_default(), dim()));
        }
        if self.has_rows(compared) {
            cells.push(Cell::styled(words::count(figure.used), dim()));
        }
        let quiet = !whole && matches!(figure.status, Status::NoTarget);
        let status = if quiet { String::new() } else { format!("{sign} {word}") };
        cells.push(Cell::styled(status, colour(figure.status)));
        cells
    }

    fn funnel(&mut self, view: &FunnelView) {
        let way = if view.semantics == "any_stages" { "in any order" } else { "in order, without skipping" };
        self.title(&format!("{}: records that reached each stage, {way}", view.figure.label));
        let most = view.stages.iter().filter_map(|stage| stage.count).max().unwrap_or(0).max(1);
        let room = self.width.saturating_sub(74).clamp(6, 40);
        let mut grid = Grid::new(vec![
            Column::left("Stage").wraps_at(14),
            Column::right("Records"),
            Column::left(""),
            Column::right("To next"),
            Column::right("Target"),
            Column::right("Median"),
            Column::left(""),
        ]);
        for stage in &view.stages {
            let eighths = (stage.count.unwrap_or(0) as f64 / most as f64 * room as f64 * 8.0).round() as usize;
            let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
            let bar = format!("{}{partial}", "█".repeat(eighths / 8));
            let below = matches!((stage.next_rate, stage.next_target), (Some(rate), Some(target)) if rate < target);
            let leak = if stage.is_leak { "◀ leak" } else { "" };
            let rate = |rate: Option<f64>| {
                rate.map(|rate| plain_value(rate, Unit::Rate, Exactness::Column, "")).unwrap_or_default()
            };
            let days = stage.median_days.map(|days| plain_value(days, Unit::Days, Exactness::Compact, ""));
            grid.row(vec![
                words::clean(&stage.label).into(),
                Cell::styled(stage.count.map_or_else(|| "–".to_owned(), words::count), bold()),
                Cell::styled(format!("{bar:room$}"), Style::new().blue()),
                Cell::styled(rate(stage.next_rate), if below { Style::new().red() } else { Style::new() }),
                Cell::styled(rate(stage.next_target), dim()),
                days.unwrap_or_default().into(),
                Cell::styled(leak, Style::new().red().bold()),
            ]);
        }
        grid.print(&mut self.out, self.width);
        let note =
            words::leak(view).or_else(|| view.leak.undefined.as_ref().map(|undefined| undefined.message.clone()));
        for note in note.as_deref().into_iter().chain(self.report.own_note(&view.figure)) {
            self.text(&words::clean(note), &dim());
        }
    }

    fn cohorts(&mut self, view: &CohortsView) {
        self.title(&format!("{} → {} by month and age in months", view.from_label, view.to_label));
        let ages = view.ages.len().min((self.width.saturating_sub(26)) / 7);
        let headers = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];
        let mut columns = vec![Column::left("Month"), Column::right("Records")];
        columns.extend(headers.iter().take(ages).map(|header| Column::right(header)));
        let shown = columns.len() - 2;
        let mut grid = Grid::new(columns);
        for cohort in &view.cohorts {
            let mut cells = vec![
                cohort.period.label.clone().into(),
                Cell::styled(words::count(cohort.size), if cohort.thin { dim() } else { Style::new() }),
            ];
            for cell in cohort.cells.iter().take(shown) {
                let rate = cell.as_ref().map(|cell| plain_value(cell.rate, Unit::Rate, Exactness::Column, ""));
                cells.push(rate.unwrap_or_default().into());
            }
            grid.row(cells);
        }
        grid.print(&mut self.out, self.width);
        self.text("Blank: the cohort is younger than that.", &dim());
    }

    fn left_out(&mut self) {
        self.title("Rows left out");
        let mut grid = Grid::new(vec![
            Column::left("Figure").wraps_at(if self.width < 80 { 16 } else { 24 }).reaches_over(),
            Column::right("Read"),
            Column::right("Used"),
            Column::left("Left out").wraps_at(24),
        ]);
        let mut faults = Vec::new();
        let mut whole = Vec::new();
        for figure in self.report.figures.iter().map(|row| &row.figure) {
            if figure.excluded.is_empty() {
                whole.push(format!("{} ({})", words::clean(&figure.label), words::count(figure.read)));
                continue;
            }
            grid.row(vec![
                words::clean(&figure.label).into(),
                words::count(figure.read).into(),
                words::count(figure.used).into(),
                Cell::styled(words::reasons(&figure.excluded).join(", "), dim()),
            ]);
            let table = kpi::find(&figure.id).map_or("", |kpi| kpi.definition.table);
            for entry in figure.excluded.iter().filter(|entry| entry.reason.is_fault()) {
                if !faults.iter().any(|(reason, known, _)| (*reason, *known) == (entry.reason, table)) {
                    let places: Vec<String> =
                        entry.examples.iter().take(2).map(|example| self.report.place(table, example)).collect();
                    faults.push((entry.reason, table, words::clean(&places.join("; "))));
                }
            }
        }
        if whole.len() < self.report.figures.len() {
            grid.print(&mut self.out, self.width);
        }
        if !whole.is_empty() {
            self.text(&format!("None left out of the rows read: {}.", whole.join(", ")), &dim());
        }
        if !faults.is_empty() {
            self.title("Faults in the data, with their first places");
            let mut grid = Grid::new(vec![
                Column::left("Table"),
                Column::left("Fault").wraps_at(12),
                Column::left("Where").wraps_at(24),
            ]);
            faults.sort_by_key(|(reason, table, _)| (*table, *reason));
            for (reason, table, places) in faults {
                grid.row(vec![table.into(), Cell::styled(reason.label(), Style::new().yellow()), places.into()]);
                if let Some(mend) = words::mend(reason) {
                    grid.note(mend, dim());
                }
            }
            grid.print(&mut self.out, self.width);
        }
    }

    /// Many tables in one list; few of them field by field.
    fn inventory(&mut self) {
        if self.report.inventory.tables.len() > 3 {
            return self.tables();
        }
        for table in &self.report.inventory.tables {
            let preset = words::recognised(table);
            self.title(&format!(
                "{} from {}: {} read, {} kept{preset}",
                table.table,
                words::clean(&table.source),
                words::rows(table.read),
                words::count(table.accepted)
            ));
            let mut grid = Grid::new(vec![
                Column::left("Field").shrinks_to(16),
                Column::left("Header").shrinks_to(14),
                Column::right("Filled"),
                Column::right("Blank"),
                Column::right("Unreadable"),
            ]);
            for field in &table.fields {
                let warn = |count: u64| if count > 0 { Style::new().yellow() } else { dim() };
                grid.row(vec![
                    field.field.clone().into(),
                    Cell::styled(words::clean(&field.header), dim()),
                    words::count(field.filled).into(),
                    Cell::styled(words::count(field.blank), warn(field.blank)),
                    Cell::styled(words::count(field.unreadable), warn(field.unreadable)),
                ]);
                if !field.examples.is_empty() {
                    let cells = field
                        .examples
                        .iter()
                        .take(2)
                        .map(|cell| words::example(&RowReference { field: String::new(), ..cell.clone() }));
                    grid.note(words::clean(&cells.collect::<Vec<_>>().join("; ")), Style::new().yellow());
                }
            }
            grid.print(&mut self.out, self.width);
            if words::asks_for(&table.fields, "decimal_sign") {
                self.text(
                    &format!(
                        "The charter says how amounts are written: {{\"sources\": {{\"{}\": {{\"decimal_sign\": \",\"}}}}}} \
                         where 1.234 is a thousand and more, \".\" where it is one and a bit.",
                        table.table
                    ),
                    &Style::new().yellow(),
                );
            }
            if words::asks_for(&table.fields, "date_order") {
                self.text(
                    &format!(
                        "The charter says whether day or month goes first: {{\"sources\": {{\"{}\": {{\"date_order\": \
                         \"day_month_year\"}}}}}} or \"month_day_year\". mops charter new drafts that.",
                        table.table
                    ),
                    &Style::new().yellow(),
                );
            }
            if !table.rejected.is_empty() {
                self.text(
                    &format!("Rejected: {}.", words::reasons(&table.rejected).join(", ")),
                    &Style::new().yellow(),
                );
            }
            let meant = crate::charter::meant(table);
            let unread: Vec<String> = table
                .unmatched
                .iter()
                .map(|header| match meant.get(&header.header) {
                    Some(field) => format!("“{}” (is it {field}? the charter’s sources can say so)", header.header),
                    None if table.fields.iter().any(|field| field.header == header.header) => {
                        format!("“{}” (a second column of that name)", header.header)
                    }
                    None => format!("“{}”", header.header),
                })
                .collect();
            if !unread.is_empty() {
                let how = if self.report.inventory.has_charter {
                    ""
                } else {
                    " mops charter new guesses what they stand for."
                };
                self.text(&words::clean(&format!("Columns not read: {}.{how}", unread.join(", "))), &dim());
            }
        }
    }

    fn tables(&mut self) {
        self.title("Tables (mops view inventory says it field by field)");
        let mut grid = Grid::new(vec![
            Column::left("Table"),
            Column::right("Rows"),
            Column::right("Kept"),
            Column::right("Unreadable"),
            Column::left("Rejected, or not read").wraps_at(24),
        ]);
        for table in &self.report.inventory.tables {
            let unreadable: u64 = table.fields.iter().map(|field| field.unreadable).sum();
            let mut notes = words::reasons(&table.rejected);
            notes.extend(table.unmatched.iter().map(|header| format!("“{}”", words::clean(&header.header))));
            grid.row(vec![
                table.table.clone().into(),
                words::count(table.read).into(),
                words::count(table.accepted).into(),
                Cell::styled(words::count(unreadable), if unreadable > 0 { Style::new().yellow() } else { dim() }),
                Cell::styled(notes.join(", "), dim()),
            ]);
        }
        grid.print(&mut self.out, self.width);
    }

    fn governance(&mut self) {
        let mut grid = Grid::new(vec![
            Column::left("Definition"),
            Column::left("Hash"),
            Column::left("Owner").wraps_at(16),
            Column::left("Sign-off").wraps_at(20),
        ]);
        for row in &self.report.figures {
            if let Some(definition) = &row.figure.definition {
                let style = match definition.sign_off.state {
                    SignOffState::Signed => Style::new().green(),
                    SignOffState::Lapsed => Style::new().red(),
                    SignOffState::Unsigned => dim(),
                };
                let short = match definition.sign_off.state {
                    SignOffState::Lapsed => "✗ lapsed: changed since".into(),
                    SignOffState::Signed => {
                        format!("✓ signed {}", definition.sign_off.at.as_deref().unwrap_or_default())
                    }
                    SignOffState::Unsigned => "· not signed off".into(),
                };
                grid.row(vec![
                    definition.id.clone().into(),
                    Cell::styled(definition.hash.chars().take(8).collect::<String>(), dim()),
                    words::clean(definition.owner.as_deref().unwrap_or("nobody")).into(),
                    Cell::styled(words::clean(&short), style),
                ]);
            }
        }
        self.title("Definitions (mops explain ID says what each means)");
        grid.print(&mut self.out, self.width);
    }
}
