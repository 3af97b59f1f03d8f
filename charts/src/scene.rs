//! Scenes: what a picture consists of, as plain data.

use crate::context::Weight;

/// A picture: marks in a box of `width` × `height` pixels, later marks above earlier ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scene {
    /// Width of the box.
    pub width: f64,
    /// Height of the box; follows the content.
    pub height: f64,
    /// What it shows, in a few words: the accessible name.
    pub title: String,
    /// What there is to see, in sentences: the accessible description.
    pub description: String,
    /// The marks.
    pub marks: Vec<Mark>,
}

/// The item of the view that a mark stands for: what a tooltip explains, the keyboard steps through and a click
/// selects. Marks of one item share one target. The first mark of a target is a [`Role::Hit`] rectangle that
/// covers the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A stage of the funnel, by index.
    Stage(u32),
    /// The step from a stage of the funnel, by index, to the next.
    Step(u32),
    /// A point of a trend or a curve, by index.
    Point(u32),
    /// A cell of the cohort matrix.
    Cell {
        /// Index of the cohort.
        cohort: u32,
        /// Index of the age.
        age: u32,
    },
    /// A cohort as a whole, by index.
    Cohort(u32),
    /// A segment, by index.
    Segment(u32),
    /// A node of a graph.
    Node {
        /// Index of the row.
        index: u32,
        /// Its column in the picture.
        column: u32,
        /// Its place in that column.
        row: u32,
    },
}

/// A plain mark. Coordinates are pixels from the left upper corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A filled rectangle.
    Rect {
        /// Left.
        x: f64,
        /// Top.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Radius of the corners.
        radius: f64,
        /// What it is.
        role: Role,
        /// What it stands for.
        target: Option<Target>,
    },
    /// A stroked line through points.
    Line {
        /// At least two.
        points: Vec<(f64, f64)>,
        /// What it is.
        role: Role,
        /// Width of the stroke.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
        /// What it stands for.
        target: Option<Target>,
    },
    /// A filled polygon.
    Area {
        /// At least three.
        points: Vec<(f64, f64)>,
        /// What it is.
        role: Role,
        /// What it stands for.
        target: Option<Target>,
    },
    /// A filled circle.
    Circle {
        /// Centre.
        x: f64,
        /// Centre.
        y: f64,
        /// Radius.
        radius: f64,
        /// What it is.
        role: Role,
        /// What it stands for.
        target: Option<Target>,
    },
    /// One line of text. `text-anchor` is physical: the element's `direction` must be `ltr` (with
    /// `unicode-bidi: plaintext`, so that right-to-left text still reads right to left).
    Text {
        /// Where `anchor` is.
        x: f64,
        /// Baseline.
        y: f64,
        /// What to show; may end in "…".
        text: String,
        /// The whole text, where `text` is cut.
        full: Option<String>,
        /// What it is.
        role: Role,
        /// Font size.
        size: f64,
        /// Font weight.
        weight: Weight,
        /// Which end `x` is.
        anchor: Anchor,
        /// What it stands for.
        target: Option<Target>,
    },
}

/// Which end of a text its `x` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The left end (`text-anchor: start`).
    Left,
    /// The middle.
    Middle,
    /// The right end (`text-anchor: end`).
    Right,
}

/// What a mark is. Looks are up to CSS classes or a [`crate::svg::Palette`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Transparent, catches the pointer and carries focus for its target.
    Hit,
    /// A bar.
    Bar,
    /// A bar with too few records to lean on.
    BarThin,
    /// The same bar in the period compared with.
    BarCompared,
    /// What a bar lost against the one before.
    Loss,
    /// The same, at the leak.
    Leak,
    /// Text that names the leak.
    LeakLabel,
    /// Text.
    Label,
    /// Text that may step back.
    LabelMuted,
    /// Text that counts most.
    LabelStrong,
    /// The line of an axis.
    Axis,
    /// A line of the grid.
    Grid,
    /// The line of a series.
    Line,
    /// The line of the second series (a competing outcome).
    LineSecond,
    /// Text at the end of the second series.
    LabelSecond,
    /// A line at the value compared with.
    LineCompared,
    /// The interval around a line.
    Band,
    /// A point of a series.
    Dot,
    /// A point that is not final: drawn in the background colour over a [`Role::Dot`].
    DotHollow,
    /// A whisker: the interval of a bar.
    Whisker,
    /// A line or tick at the target.
    Target,
    /// Text at the target.
    TargetLabel,
    /// A line at the median.
    Median,
    /// A cell of a matrix without a value: blank, not 0.
    CellBlank,
    /// A node of a graph.
    Node,
    /// Nobody answers for it.
    Ownerless,
    /// A link that is as it should be.
    Edge,
    /// A link that works in a roundabout way.
    EdgeWarning,
    /// A link that does not work.
    EdgeBad,
    /// A link of which nobody knows.
    EdgeUnknown,
    /// A node that is as it should be.
    StateGood,
    /// A node that needs attention.
    StateWarning,
    /// A node that is wrong.
    StateBad,
    /// A node of which nobody knows.
    StateUnknown,
    /// The line of the third series.
    LineThird,
    /// Text at its end.
    LabelThird,
    /// A cell of a matrix by intensity, 0 to 8.
    Cell(u8),
    /// Text in a cell of that intensity.
    CellLabel(u8),
}

/// Highest intensity of a [`Role::Cell`].
pub const STRONGEST: u8 = 8;

const NAMED: [(Role, &str); 36] = [
    (Role::Hit, "mops-hit"),
    (Role::Bar, "mops-bar"),
    (Role::BarThin, "mops-bar-thin"),
    (Role::BarCompared, "mops-bar-compared"),
    (Role::Loss, "mops-loss"),
    (Role::Leak, "mops-leak"),
    (Role::LeakLabel, "mops-leak-label"),
    (Role::Label, "mops-label"),
    (Role::LabelMuted, "mops-label-muted"),
    (Role::LabelStrong, "mops-label-strong"),
    (Role::Axis, "mops-axis"),
    (Role::Grid, "mops-grid"),
    (Role::Line, "mops-line"),
    (Role::LineSecond, "mops-line-second"),
    (Role::LabelSecond, "mops-label-second"),
    (Role::LineCompared, "mops-line-compared"),
    (Role::Band, "mops-band"),
    (Role::Dot, "mops-dot"),
    (Role::DotHollow, "mops-dot-hollow"),
    (Role::Whisker, "mops-whisker"),
    (Role::Target, "mops-target"),
    (Role::TargetLabel, "mops-target-label"),
    (Role::Median, "mops-median"),
    (Role::CellBlank, "mops-cell-blank"),
    (Role::Node, "mops-node"),
    (Role::Ownerless, "mops-ownerless"),
    (Role::Edge, "mops-edge"),
    (Role::EdgeWarning, "mops-edge-warning"),
    (Role::EdgeBad, "mops-edge-bad"),
    (Role::EdgeUnknown, "mops-edge-unknown"),
    (Role::StateGood, "mops-state-good"),
    (Role::StateWarning, "mops-state-warning"),
    (Role::StateBad, "mops-state-bad"),
    (Role::StateUnknown, "mops-state-unknown"),
    (Role::LineThird, "mops-line-third"),
    (Role::LabelThird, "mops-label-third"),
];

const CELLS: [&str; 9] = [
    "mops-cell-0",
    "mops-cell-1",
    "mops-cell-2",
    "mops-cell-3",
    "mops-cell-4",
    "mops-cell-5",
    "mops-cell-6",
    "mops-cell-7",
    "mops-cell-8",
];

const CELL_LABELS: [&str; 9] = [
    "mops-cell-label-0",
    "mops-cell-label-1",
    "mops-cell-label-2",
    "mops-cell-label-3",
    "mops-cell-label-4",
    "mops-cell-label-5",
    "mops-cell-label-6",
    "mops-cell-label-7",
    "mops-cell-label-8",
];

impl Role {
    /// Its CSS class: `mops-bar`, `mops-cell-3`, …
    pub fn class(self) -> &'static str {
        let level = |names: &[&'static str; 9], level: u8| names.get(usize::from(level)).copied().unwrap_or(names[8]);
        match self {
            Self::Cell(at) => level(&CELLS, at),
            Self::CellLabel(at) => level(&CELL_LABELS, at),
            role => NAMED.iter().find(|(named, _)| *named == role).map_or("", |(_, class)| class),
        }
    }

    /// All roles, each intensity once.
    pub fn all() -> impl Iterator<Item = Self> {
        let levels = || 0..=STRONGEST;
        NAMED.iter().map(|(role, _)| *role).chain(levels().map(Self::Cell)).chain(levels().map(Self::CellLabel))
    }

    /// As two bytes, to pass through a colour: see [`crate::plane`].
    pub(crate) fn to_bytes(self) -> (u8, u8) {
        match self {
            Self::Cell(level) => (254, level),
            Self::CellLabel(level) => (255, level),
            role => (NAMED.iter().position(|(named, _)| *named == role).unwrap_or(0) as u8, 0),
        }
    }

    pub(crate) fn from_bytes(kind: u8, level: u8) -> Self {
        match kind {
            254 => Self::Cell(level),
            255 => Self::CellLabel(level),
            kind => NAMED.get(usize::from(kind)).map_or(Self::Hit, |(role, _)| *role),
        }
    }
}

impl Mark {
    /// What it is.
    pub fn role(&self) -> Role {
        match self {
            Self::Rect { role, .. }
            | Self::Line { role, .. }
            | Self::Area { role, .. }
            | Self::Circle { role, .. }
            | Self::Text { role, .. } => *role,
        }
    }

    /// What it stands for.
    pub fn target(&self) -> Option<Target> {
        match self {
            Self::Rect { target, .. }
            | Self::Line { target, .. }
            | Self::Area { target, .. }
            | Self::Circle { target, .. }
            | Self::Text { target, .. } => *target,
        }
    }

    pub(crate) fn set_target(&mut self, to: Option<Target>) {
        match self {
            Self::Rect { target, .. }
            | Self::Line { target, .. }
            | Self::Area { target, .. }
            | Self::Circle { target, .. }
            | Self::Text { target, .. } => *target = to,
        }
    }

    /// Turns it around the vertical middle of a box, for right-to-left pages.
    fn mirror(&mut self, box_width: f64) {
        match self {
            Self::Rect { x, width, .. } => *x = box_width - *x - *width,
            Self::Circle { x, .. } => *x = box_width - *x,
            Self::Line { points, .. } | Self::Area { points, .. } => {
                for (x, _) in points {
                    *x = box_width - *x;
                }
            }
            Self::Text { x, anchor, .. } => {
                *x = box_width - *x;
                *anchor = match anchor {
                    Anchor::Left => Anchor::Right,
                    Anchor::Middle => Anchor::Middle,
                    Anchor::Right => Anchor::Left,
                };
            }
        }
    }
}

impl Scene {
    /// The same picture for right-to-left pages. Numbers stay as they are.
    pub(crate) fn mirror(&mut self) {
        for mark in &mut self.marks {
            mark.mirror(self.width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_survive_bytes_and_have_classes_of_their_own() {
        let mut classes = std::collections::BTreeSet::new();
        for role in Role::all() {
            let (kind, level) = role.to_bytes();
            assert_eq!(Role::from_bytes(kind, level), role);
            assert!(role.class().starts_with("mops-"), "{role:?}");
            assert!(classes.insert(role.class()), "{role:?}");
        }
    }
}
