//! A plane with coordinates: plotters over a backend that records marks.
//!
//! Plotters knows colours, we know roles. A role is passed through plotters in the colour and read back by the
//! backend: red and green are the role's two bytes, blue is 1 where a line is dashed. Backend coordinates are tenths
//! of a pixel, so that positions keep a decimal.

use crate::Within;
use crate::axis::Axis;
use crate::draft::Draft;
use crate::scene::{Mark, Role};
use mops_core::list::List;
use plotters::coord::Shift;
use plotters::coord::cartesian::{Cartesian2d, MeshLine};
use plotters::coord::combinators::{BindKeyPoints, WithKeyPoints};
use plotters::coord::ranged1d::BoldPoints;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{RGBAColor, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use std::cell::RefCell;
use std::convert::Infallible;

const TENTHS: f64 = 10.0;

fn pixels((x, y): BackendCoord) -> (f64, f64) {
    (f64::from(x) / TENTHS, f64::from(y) / TENTHS)
}

fn tenths(value: f64) -> i32 {
    (value * TENTHS).round() as i32
}

/// Records what plotters draws.
pub(crate) struct Recorder<'a> {
    marks: &'a RefCell<Vec<Mark>>,
    size: (u32, u32),
}

type Recorded = Result<(), DrawingErrorKind<Infallible>>;

fn role_of(color: BackendColor) -> (Role, bool) {
    let (kind, level, dashed) = color.rgb;
    (Role::from_bytes(kind, level), dashed == 1)
}

impl Recorder<'_> {
    fn push(&self, mark: Mark) -> Recorded {
        self.marks.borrow_mut().push(mark);
        Ok(())
    }
}

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Recorded {
        Ok(())
    }

    fn present(&mut self) -> Recorded {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Recorded {
        self.draw_circle(at, 5, &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Recorded {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Recorded {
        let ((x, y), (right, bottom)) = (pixels(upper_left), pixels(bottom_right));
        let (role, _) = role_of(style.color());
        self.push(Mark::Rect { x, y, width: right - x, height: bottom - y, radius: 0.0, role, target: None })
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Recorded {
        let (role, dashed) = role_of(style.color());
        let width = f64::from(style.stroke_width()) / TENTHS;
        let points = path.into_iter().map(pixels).list();
        self.push(Mark::Line { points, role, width, dashed, target: None })
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, _fill: bool) -> Recorded {
        let (x, y) = pixels(at);
        let (role, _) = role_of(style.color());
        self.push(Mark::Circle { x, y, radius: f64::from(radius) / TENTHS, role, target: None })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Recorded {
        let (role, _) = role_of(style.color());
        self.push(Mark::Area { points: path.into_iter().map(pixels).list(), role, target: None })
    }

    // Text is laid out by the draft. Without these two, plotters would measure text in the page's own document.
    fn draw_text<S: BackendTextStyle>(&mut self, _text: &str, _style: &S, _at: BackendCoord) -> Recorded {
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        _text: &str,
        _style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((0, 0))
    }
}

/// Where a plane lies in its scene.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

type Coordinates = Cartesian2d<WithKeyPoints<RangedCoordf64>, WithKeyPoints<RangedCoordf64>>;

/// A plane with two axes, in a scene.
pub(crate) struct Plane<'a> {
    draft: &'a Draft<'a>,
    area: DrawingArea<Recorder<'a>, Coordinates>,
    x: (f64, f64),
    y: (f64, f64),
    ticks: (usize, usize),
}

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Stroke {
    pub role: Role,
    pub width: f64,
    pub dashed: bool,
}

fn style(Stroke { role, width, dashed }: Stroke) -> ShapeStyle {
    let (kind, level) = role.to_bytes();
    ShapeStyle {
        color: RGBAColor(kind, level, u8::from(dashed), 1.0),
        filled: true,
        stroke_width: tenths(width).max(0) as u32,
    }
}

fn fill(role: Role) -> ShapeStyle {
    style(Stroke { role, width: 0.0, dashed: false })
}

impl<'a> Plane<'a> {
    /// A plane whose x grows to the right and whose y grows upwards, in a frame.
    pub(crate) fn new(draft: &'a Draft<'a>, frame: Frame, x: &Axis, y: &Axis) -> Self {
        let size = (tenths(draft.width) as u32, tenths(frame.bottom).max(0) as u32);
        let area: DrawingArea<Recorder<'a>, Shift> = Recorder { marks: &draft.marks, size }.into_drawing_area();
        let coordinates = |axis: &Axis| (axis.low..axis.high).with_key_points(axis.ticks.clone());
        let area = area.apply_coord_spec(Coordinates::new(
            coordinates(x),
            coordinates(y),
            (tenths(frame.left)..tenths(frame.right), tenths(frame.bottom)..tenths(frame.top)),
        ));
        let ticks = (x.ticks.len(), y.ticks.len());
        Self { draft, area, x: (x.low, x.high), y: (y.low, y.high), ticks }
    }

    /// Inside the plane: what lies outside is drawn at its edge.
    fn inside(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x.within(self.x.0, self.x.1), y.within(self.y.0, self.y.1))
    }

    /// Pixels of a point.
    pub(crate) fn place(&self, point: (f64, f64)) -> (f64, f64) {
        pixels(self.area.map_coordinate(&self.inside(point)))
    }

    /// Gives what was just drawn the draft's target.
    fn drawn(&self) {
        if let Some(mark) = self.draft.marks.borrow_mut().last_mut() {
            mark.set_target(self.draft.target.get());
        }
    }

    pub(crate) fn line(&self, points: &[(f64, f64)], stroke: Stroke) {
        if points.len() > 1 {
            let points: Vec<_> = points.iter().map(|point| self.inside(*point)).list();
            let _ = self.area.draw(&PathElement::new(points, style(stroke)));
            self.drawn();
        }
    }

    /// The area between an upper and a lower line, given as (x, low, high).
    pub(crate) fn band(&self, points: &[(f64, f64, f64)], role: Role) {
        if points.len() > 1 {
            let upper = points.iter().map(|(x, _, high)| self.inside((*x, *high)));
            let lower = points.iter().rev().map(|(x, low, _)| self.inside((*x, *low)));
            let outline: Vec<_> = upper.chain(lower).list();
            let _ = self.area.draw(&Polygon::new(outline, fill(role)));
            self.drawn();
        }
    }

    pub(crate) fn dot(&self, at: (f64, f64), radius: f64, role: Role) {
        let _ = self.area.draw(&Circle::new(self.inside(at), tenths(radius), fill(role)));
        self.drawn();
    }

    /// A bar or a cell between two corners, inset by a margin in pixels on every side.
    pub(crate) fn rect(&self, from: (f64, f64), to: (f64, f64), margin: f64, radius: f64, role: Role) {
        let mut element = Rectangle::new([self.inside(from), self.inside(to)], fill(role));
        let inset = tenths(margin).max(0) as u32;
        element.set_margin(inset, inset, inset, inset);
        let _ = self.area.draw(&element);
        self.drawn();
        if let Some(Mark::Rect { radius: corner, .. }) = self.draft.marks.borrow_mut().last_mut() {
            *corner = radius;
        }
    }

    /// The lines of the grid at the ticks: across (for y) and, if `upright`, along (for x).
    pub(crate) fn grid(&self, upright: bool) {
        let grid = style(Stroke { role: Role::Grid, width: 1.0, dashed: false });
        let _ = self.area.draw_mesh(
            |recorder, line| match line {
                MeshLine::YMesh(from, to, _) => recorder.draw_line(from, to, &grid),
                MeshLine::XMesh(from, to, _) if upright => recorder.draw_line(from, to, &grid),
                MeshLine::XMesh(..) => Ok(()),
            },
            BoldPoints(self.ticks.1),
            BoldPoints(self.ticks.0),
        );
    }
}
