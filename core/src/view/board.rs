//! A board: figures, and the named lists that they lead to. Stack, governance, readiness and the like are boards, so
//! that the widgets draw, export and read them in one way, and a new one costs them nothing.

use crate::charter::Charter;
use crate::figure::{Figure, Unit};
use crate::list::{Joined, List};
use serde::{Deserialize, Serialize};

/// Figures and lists under one name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BoardView {
    /// Which board: `stack`, `governance`, …
    pub name: String,
    /// The one sentence that matters most; "" where there is none.
    pub message: String,
    /// What the message means for the reader.
    pub state: State,
    /// The figures, the most important first.
    pub figures: Vec<Figure>,
    /// The lists, in reading order.
    pub sections: Vec<Section>,
}

/// A named list: rows under columns. Whatever its layout, it can be read, exported and printed as a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its id in JSON and exports.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// A line under the name: what the list says, or why it is empty. "" where nothing needs saying.
    pub note: String,
    /// How it is best drawn.
    pub layout: Layout,
    /// What the cells of each row are, in order.
    pub columns: Vec<Column>,
    /// In order of importance.
    pub rows: Vec<Row>,
    /// Detail that stays out of sight until somebody asks for it; label and note are seen.
    pub folded: bool,
    /// How many rows there are in all, where only the first are listed.
    pub of: Option<u64>,
}

/// How a section is best drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Rows and columns.
    #[default]
    Table,
    /// One row under the other, each with its state, its note and its cells as named facts.
    List,
    /// The first cell as a bar from 0 to 1 (or to the greatest), its bounds as a lighter span, further cells beside it.
    Bars,
    /// Cells as shares from 0 to 1, shaded.
    Matrix,
    /// Rows are nodes. The rows of the section named `<id>_links` are the arrows: their first two cells are the ids of
    /// the rows they join.
    Graph,
    /// Rows are points in order: the first cell is the value, its bounds are drawn around it, further cells are further
    /// lines.
    Series,
}

/// What a cell is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its id in JSON and exports.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// What its values are numbers of; nothing where its cells are text.
    pub unit: Option<Unit>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its id: a tool, a gate, a field.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// What it means for the reader.
    pub state: State,
    /// The state in a word ("passed", "lapsed"); "" where the state needs none.
    pub word: String,
    /// Evidence, and what to do about it.
    pub note: String,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// A value in a row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The number, where it is one and known.
    pub value: Option<f64>,
    /// Least and most that it can be.
    pub bounds: Option<[f64; 2]>,
    /// The text, or why there is no number.
    pub text: String,
    /// What it means for the reader.
    pub state: State,
}

impl BoardView {
    /// Whoever answers for a row by the name that the charter gives, where a file has the person's id.
    pub(super) fn name_people(&mut self, charter: &Charter) {
        for section in &mut self.sections {
            let Some(at) = section.columns.iter().position(|column| column.id == "owner") else { continue };
            for cell in section.rows.iter_mut().filter_map(|row| row.cells.get_mut(at)) {
                cell.text = charter.person_name(&cell.text);
            }
        }
    }
}

/// What something means for the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It informs.
    #[default]
    Neutral,
    /// As it should be.
    Good,
    /// Soon wrong, or nearly right.
    Warning,
    /// Wrong: somebody has to act.
    Bad,
    /// Not known. Never drawn as good or bad.
    Unknown,
}

/// A number of things, named.
pub(super) fn plural(n: usize, one: &str, many: &str) -> String {
    [super::words::decimal(n as f64).as_str(), " ", if n == 1 { one } else { many }].joined("")
}

impl Column {
    /// A column of text, or of numbers of a unit.
    #[inline(never)]
    pub fn new((id, label, unit): Heading) -> Self {
        Self { id: id.into(), label: label.into(), unit }
    }

    /// Columns by their headings.
    pub fn list(headings: &[Heading]) -> Vec<Self> {
        headings.iter().map(|heading| Self::new(*heading)).list()
    }
}

/// What stands over a column: its id in JSON, its name for people, and what its values are numbers of; nothing where its
/// cells are text.
pub type Heading<'a> = (&'a str, &'a str, Option<Unit>);

impl Row {
    /// A row without cells that means nothing yet.
    #[inline(never)]
    pub fn new(id: &str, label: &str) -> Self {
        Self { id: id.into(), label: label.into(), ..Self::default() }
    }

    /// A row for a figure's part, without cells.
    pub fn of(part: &Figure) -> Self {
        Self::new(&part.part, &part.label)
    }

    /// Says what it means for the reader, and that in a word.
    #[inline(never)]
    pub fn means(&mut self, state: State, word: &str) {
        self.state = state;
        self.word = word.into();
    }

    /// Adds a cell of text.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.cells.push(Cell::text(text));
    }

    /// Adds a number, or nothing where it is unknown.
    #[inline(never)]
    pub fn number(&mut self, value: Option<f64>) {
        self.cells.push(Cell::number(value));
    }

    /// Adds a number with the least and most that it can be.
    #[inline(never)]
    pub fn between(&mut self, value: Option<f64>, bounds: Option<[f64; 2]>) {
        self.cells.push(Cell { bounds, ..Cell::number(value) });
    }

    /// Adds a figure's value.
    #[inline(never)]
    pub fn figure(&mut self, figure: &Figure) {
        self.cells.push(Cell::figure(figure));
    }

    /// Adds the value of a figure's part, or nothing where there is no such part.
    #[inline(never)]
    pub fn part(&mut self, figure: &Figure, part: &str) {
        self.cells.push(figure.part(part).map(Cell::figure).unwrap_or_default());
    }
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number, or nothing where it is unknown.
    pub fn number(value: Option<f64>) -> Self {
        Self { value, ..Self::default() }
    }

    /// A figure's value with its bounds, or its reason for having none.
    pub fn figure(figure: &Figure) -> Self {
        Self {
            value: figure.value,
            bounds: figure.bounds,
            text: figure.undefined.as_ref().map(|undefined| undefined.message.clone()).unwrap_or_default(),
            state: State::of(figure),
        }
    }

    /// Says what it means.
    pub fn means(mut self, state: State) -> Self {
        self.state = state;
        self
    }
}

impl State {
    /// What a figure's status means.
    pub fn of(figure: &Figure) -> Self {
        use crate::figure::Status;
        match figure.status {
            Status::OnTarget => Self::Good,
            Status::NearTarget => Self::Warning,
            Status::OffTarget => Self::Bad,
            Status::NoTarget => Self::Neutral,
            Status::Undefined => Self::Unknown,
        }
    }
}
