//! Tools and what connects them.

mod layout;

use crate::Within;
use crate::context::Context;
use crate::draft::{Draft, Font, LABEL, LINE, MUTED};
use crate::scene::{Anchor, Mark, Role, Scene, Target};
use layout::{Layout, Path};
use mops_core::list::List;
use mops_core::view::{Row, Section, State};

const NODE: Font = Font { size: 12.0, ..LABEL };
/// Points of a bend.
const STEPS: u32 = 16;
/// How far an arrow that stays in its column leans out.
const LEAN: f64 = 26.0;

/// Rows as nodes in columns, arrows from column to column: what data pass through stands to the right of where they come
/// from. The first two cells of a link are the ids of the rows that it joins; links to other ids are counted, not drawn.
/// What nothing is linked to stands by itself beneath. A row or link whose column `owner` is blank is marked.
pub fn graph(section: &Section, links: Option<&Section>, width: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let rows = &section.rows;
    if rows.is_empty() {
        draft.note(48.0, "Nothing to show");
        return draft.finish(48.0, section.label.clone(), "Nothing to show.".into());
    }
    let link_rows = links.map_or(&[][..], |links| links.rows.as_slice());
    let found = |link: &Row, end: usize| {
        let id = &link.cells.get(end)?.text;
        rows.iter().position(|row| row.id == *id)
    };
    let ends: Vec<Option<(usize, usize)>> =
        link_rows.iter().map(|link| Some((found(link, 0)?, found(link, 1)?))).list();
    let known: Vec<(usize, usize)> = ends.iter().flatten().copied().list();
    let label_room = draft.widest(rows.iter().map(name), NODE) + 40.0;
    let layout = Layout::new(rows.len(), &known, draft.width, label_room);

    let drawn = link_rows.iter().zip(&ends).filter(|(_, ends)| ends.is_some()).map(|(link, _)| link);
    let mut legend = Legend::default();
    for (link, path) in drawn.zip(&layout.paths) {
        arrow(&draft, &layout, path, link.state);
        let ownerless = links.is_some_and(|links| is_ownerless(links, link));
        if ownerless {
            let points = points(&layout, path);
            let (x, y) = points.get(points.len() / 4).copied().unwrap_or_default();
            holder(&draft, x, y);
        }
        legend.see(link.state, ownerless);
    }
    for place in &layout.places {
        let Some(row) = rows.get(place.node) else { continue };
        let (x, y, wide, high) = (place.x, place.y, layout.wide, layout.high);
        let target = Target::Node { index: place.node as u32, column: place.column as u32, row: place.row as u32 };
        draft.begin(target, x, y, wide, high);
        draft.rect(x, y, wide, high, 6.0, Role::Node);
        let ownerless = is_ownerless(section, row);
        if ownerless {
            holder(&draft, x + wide - 11.0, y + high / 2.0);
        }
        let left = if row.state == State::Neutral { 10.0 } else { 24.0 };
        state_mark(&draft, x + 12.0, y + high / 2.0, row.state);
        let room = wide - left - if ownerless { 20.0 } else { 8.0 };
        let (first, second) = draft.lines(name(row), room, NODE);
        let middle = y + high / 2.0 + 4.0;
        if second.is_empty() {
            draft.text(x + left, middle, room, first, NODE, Anchor::Left);
        } else {
            draft.text(x + left, middle - LINE / 2.0, room, first, NODE, Anchor::Left);
            draft.text(x + left, middle + LINE / 2.0, room, second, NODE, Anchor::Left);
        }
        legend.ownerless |= ownerless;
        draft.target.set(None);
    }
    let height = legend.draw(&draft, layout.height + 10.0);
    let unknown = ends.iter().filter(|ends| ends.is_none()).count();
    let description = describe(rows, link_rows, unknown);
    draft.finish(height, section.label.clone(), description)
}

fn name(row: &Row) -> &str {
    if row.label.trim().is_empty() { &row.id } else { &row.label }
}

/// Whether nobody answers for a row: its column `owner` is there and blank.
fn is_ownerless(section: &Section, row: &Row) -> bool {
    let owner = section.columns.iter().position(|column| column.id == "owner");
    owner.is_some_and(|at| row.cells.get(at).is_none_or(|cell| cell.text.trim().is_empty()))
}

/// A hollow square: the place of an owner, and nobody in it.
fn holder(draft: &Draft<'_>, x: f64, y: f64) {
    draft.rect(x - 3.5, y - 3.5, 7.0, 7.0, 1.0, Role::Ownerless);
    draft.rect(x - 2.0, y - 2.0, 4.0, 4.0, 0.5, Role::DotHollow);
}

/// A state as a shape: a disc is good, a square is a warning, a diamond is bad, a ring is unknown.
fn state_mark(draft: &Draft<'_>, x: f64, y: f64, state: State) {
    let target = draft.target.get();
    let disc = |radius: f64, role: Role| draft.push(Mark::Circle { x, y, radius, role, target });
    match state {
        State::Neutral => {}
        State::Good => disc(4.0, Role::StateGood),
        State::Warning => draft.rect(x - 4.0, y - 4.0, 8.0, 8.0, 1.5, Role::StateWarning),
        State::Bad => {
            let points = vec![(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)];
            draft.push(Mark::Area { points, role: Role::StateBad, target });
        }
        State::Unknown => {
            disc(4.5, Role::StateUnknown);
            disc(2.8, Role::DotHollow);
        }
    }
}

/// How an arrow is drawn: role, width and whether it is dashed.
fn stroke(state: State) -> (Role, f64, bool) {
    match state {
        State::Neutral | State::Good => (Role::Edge, 1.25, false),
        State::Warning => (Role::EdgeWarning, 1.5, true),
        State::Bad => (Role::EdgeBad, 2.0, false),
        State::Unknown => (Role::EdgeUnknown, 1.0, true),
    }
}

/// An arrow from one node to another. What is broken is crossed out in its middle.
fn arrow(draft: &Draft<'_>, layout: &Layout, path: &Path, state: State) {
    let (role, width, dashed) = stroke(state);
    let points = points(layout, path);
    let (Some(&(x, y)), Some(&before)) = (points.last(), points.iter().rev().nth(1)) else { return };
    let back = if x > before.0 { -7.0 } else { 7.0 };
    let head = vec![(x, y), (x + back, y - 3.5), (x + back, y + 3.5)];
    let middle = points.get(points.len() / 2).copied().unwrap_or_default();
    draft.push(Mark::Line { points, role, width, dashed, target: None });
    draft.push(Mark::Area { points: head, role, target: None });
    if state == State::Bad {
        let (x, y) = (middle.0.within(6.0, draft.width - 6.0), middle.1.max(6.0));
        for way in [-1.0, 1.0] {
            draft.line((x - 5.0, y - 5.0 * way), (x + 5.0, y + 5.0 * way), 2.0, role);
        }
    }
}

/// The way of an arrow, as points. Ways back run beneath ways forth.
fn points(layout: &Layout, path: &Path) -> Vec<(f64, f64)> {
    let (wide, high) = (layout.wide, layout.high);
    let (Some(&first), Some(&last)) = (path.stops.first(), path.stops.last()) else { return Vec::new() };
    let forth = path.stops.len() > 1 && first.0 < last.0;
    let port = if forth { high * 0.4 } else { high * 0.65 };
    let mut points = Vec::new();
    if (first.0 - last.0).abs() < 1.0 {
        // Within a column, or to itself: out at the right and back.
        let (from, to) = if path.stops.len() == 1 {
            (first.1 + 5.0, first.1 + high - 5.0)
        } else {
            (first.1 + port, last.1 + high - port)
        };
        bend(&mut points, (first.0 + wide, from), (first.0 + wide, to), LEAN * 4.0 / 3.0, LEAN * 4.0 / 3.0);
        return points;
    }
    let side = |stop: (f64, f64), leaves: bool| (if leaves == forth { stop.0 + wide } else { stop.0 }, stop.1);
    for (index, pair) in path.stops.windows(2).enumerate() {
        // Stops on the way are as high as a line; the ends are boxes.
        let lower = |at: usize| if at == 0 || at + 1 == path.stops.len() { port } else { 0.0 };
        let (from, to) = (side(pair[0], true), side(pair[1], false));
        let (from, to) = ((from.0, from.1 + lower(index)), (to.0, to.1 + lower(index + 1)));
        let half = (to.0 - from.0) / 2.0;
        bend(&mut points, from, to, half, -half);
    }
    points
}

/// A curve that leaves and arrives level.
fn bend(points: &mut Vec<(f64, f64)>, from: (f64, f64), to: (f64, f64), leave: f64, arrive: f64) {
    for step in 0..=STEPS {
        let t = f64::from(step) / f64::from(STEPS);
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mix = |at: [f64; 4]| weights.iter().zip(at).map(|(weight, at)| weight * at).sum::<f64>();
        points.push((mix([from.0, from.0 + leave, to.0 + arrive, to.0]), mix([from.1, from.1, to.1, to.1])));
    }
}

/// What is explained beneath: only what is seen.
#[derive(Default)]
struct Legend {
    states: [bool; 4],
    ownerless: bool,
}

impl Legend {
    fn see(&mut self, state: State, ownerless: bool) {
        let at = match state {
            State::Neutral | State::Good => 0,
            State::Warning => 1,
            State::Bad => 2,
            State::Unknown => 3,
        };
        self.states[at] = true;
        self.ownerless |= ownerless;
    }

    /// Draws it beneath `top` and says where it ends.
    fn draw(&self, draft: &Draft<'_>, top: f64) -> f64 {
        let lines = [
            (State::Good, "stable"),
            (State::Warning, "workaround"),
            (State::Bad, "broken"),
            (State::Unknown, "state unknown"),
        ];
        let lines =
            lines.iter().zip(self.states).filter(|(_, seen)| *seen).map(|((state, word), _)| (Some(*state), *word));
        let owner = self.ownerless.then_some((None, "no owner"));
        let (mut x, mut y) = (2.0, top);
        for (state, word) in lines.chain(owner) {
            let wide = 34.0 + draft.measure(word, MUTED);
            if x > 2.0 && x + wide > draft.width {
                (x, y) = (2.0, y + 18.0);
            }
            match state {
                Some(state) => {
                    let (role, width, dashed) = stroke(state);
                    let points = vec![(x, y + 8.0), (x + 24.0, y + 8.0)];
                    draft.push(Mark::Line { points, role, width, dashed, target: None });
                }
                None => holder(draft, x + 12.0, y + 8.0),
            }
            draft.text(x + 30.0, y + 12.0, draft.width - x - 32.0, word, MUTED, Anchor::Left);
            x += wide + 16.0;
        }
        if x > 2.0 { y + 20.0 } else { top - 8.0 }
    }
}

fn describe(rows: &[Row], links: &[Row], unknown: usize) -> String {
    let mut words = rows.len().to_string();
    words.push_str(" nodes, ");
    words.push_str(&links.len().to_string());
    words.push_str(" links");
    for (state, word) in [(State::Bad, " broken"), (State::Warning, " workarounds"), (State::Unknown, " unknown")] {
        let count = links.iter().filter(|link| link.state == state).count();
        if count > 0 {
            words.push_str(", ");
            words.push_str(&count.to_string());
            words.push_str(word);
        }
    }
    if unknown > 0 {
        words.push_str("; ");
        words.push_str(&unknown.to_string());
        words.push_str(" lead to what is not listed");
    }
    words.push('.');
    words
}
