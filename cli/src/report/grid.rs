//! A table in a terminal: aligned columns that give way where the window is narrow.

use console::{Alignment, Style, Term, measure_text_width, pad_str, truncate_str};

/// A cell with its looks.
#[derive(Clone)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    pub fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// A column.
pub struct Column {
    header: &'static str,
    alignment: Alignment,
    /// Narrowest it may become; columns that may not shrink stay as wide as they are.
    least: Option<usize>,
    /// Whether what does not fit goes on in the next line rather than being cut.
    wraps: bool,
    /// Whether its text may take the room that a shorter cell leaves in the next column.
    reaches: bool,
}

impl Column {
    pub fn left(header: &'static str) -> Self {
        Self { header, alignment: Alignment::Left, least: None, wraps: false, reaches: false }
    }

    pub fn right(header: &'static str) -> Self {
        Self { header, alignment: Alignment::Right, least: None, wraps: false, reaches: false }
    }

    /// Lets it shrink to this width.
    pub fn shrinks_to(mut self, least: usize) -> Self {
        self.least = Some(least);
        self
    }

    /// Lets it shrink to this width, and go on in the next line.
    pub fn wraps_at(mut self, least: usize) -> Self {
        self.wraps = true;
        self.shrinks_to(least)
    }

    /// Lets its text take the room that a shorter cell leaves in the next column, which is aligned right.
    pub fn reaches_over(mut self) -> Self {
        self.reaches = true;
        self
    }
}

enum Line {
    Cells(Vec<Cell>),
    Note(String, Style),
    Chapter(String, Style),
}

/// A table under construction.
pub struct Grid {
    columns: Vec<Column>,
    lines: Vec<Line>,
}

const GAP: usize = 2;

impl Grid {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, lines: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.lines.push(Line::Cells(cells));
    }

    /// A line below the row before, over all columns, wrapped.
    pub fn note(&mut self, text: impl Into<String>, style: Style) {
        self.lines.push(Line::Note(text.into(), style));
    }

    /// A line of its own between rows, with room above it.
    pub fn chapter(&mut self, text: impl Into<String>, style: Style) {
        self.lines.push(Line::Chapter(text.into(), style));
    }

    pub fn print(&self, out: &mut String, width: usize) {
        let widths = self.widths(width);
        let dim = Style::new().dim();
        if self.columns.iter().any(|column| !column.header.is_empty()) {
            let headers: Vec<Cell> =
                self.columns.iter().map(|column| Cell::styled(column.header, dim.clone())).collect();
            self.line(out, &headers, &widths);
        }
        for line in &self.lines {
            match line {
                Line::Cells(cells) => self.line(out, cells, &widths),
                Line::Chapter(text, style) => out.push_str(&format!("\n{}\n", style.apply_to(text))),
                Line::Note(text, style) => {
                    for part in wrap(text, width.saturating_sub(4)) {
                        out.push_str(&format!("    {}\n", style.apply_to(part)));
                    }
                }
            }
        }
    }

    fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|column| measure_text_width(column.header)).collect();
        for line in &self.lines {
            if let Line::Cells(cells) = line {
                for (widest, cell) in widths.iter_mut().zip(cells) {
                    *widest = (*widest).max(measure_text_width(&cell.text));
                }
            }
        }
        // What reaches over needs room for no more than its longest line with the next cell.
        for index in (0..widths.len().saturating_sub(1)).filter(|index| self.columns[*index].reaches) {
            let both = |cells: &[Cell]| -> usize {
                cells.iter().skip(index).take(2).map(|cell| measure_text_width(&cell.text)).sum()
            };
            let rows = self
                .lines
                .iter()
                .filter_map(|line| if let Line::Cells(cells) = line { Some(both(cells)) } else { None });
            let headers = self.columns.iter().skip(index).take(2).map(|column| measure_text_width(column.header)).sum();
            widths[index] = rows.fold(headers, usize::max).saturating_sub(widths[index + 1]);
        }
        let gaps = GAP * widths.len().saturating_sub(1);
        let mut over = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
        for (widest, column) in widths.iter_mut().zip(&self.columns) {
            if let Some(least) = column.least {
                let give = over.min(widest.saturating_sub(least));
                *widest -= give;
                over -= give;
            }
        }
        widths
    }

    fn line(&self, out: &mut String, cells: &[Cell], widths: &[usize]) {
        let mut widths = widths.to_vec();
        for (index, _) in self.columns.iter().enumerate().filter(|(_, column)| column.reaches) {
            let taken = cells.get(index + 1).map_or(0, |next| measure_text_width(&next.text));
            if let [width, next, ..] = &mut widths[index..] {
                let left = next.saturating_sub(taken);
                *width += left;
                *next -= left;
            }
        }
        let cells: Vec<(Vec<String>, &Cell)> = cells
            .iter()
            .zip(&self.columns)
            .zip(&widths)
            .map(|((cell, column), width)| {
                let parts = match column.wraps {
                    true => wrap(&cell.text, *width),
                    false => vec![truncate_str(&cell.text, *width, "…").into_owned()],
                };
                (parts, cell)
            })
            .collect();
        let height = cells.iter().map(|(parts, _)| parts.len()).max().unwrap_or(0);
        for part in 0..height {
            let mut text = String::new();
            let last = cells.iter().rposition(|(parts, _)| parts.get(part).is_some_and(|text| !text.is_empty()));
            for (index, (((parts, cell), column), width)) in cells.iter().zip(&self.columns).zip(&widths).enumerate() {
                if last.is_none_or(|last| index > last) {
                    break;
                }
                if index > 0 {
                    text.push_str(&" ".repeat(GAP));
                }
                let part = parts.get(part).map_or("", String::as_str);
                let padded = match last == Some(index) && column.alignment == Alignment::Left {
                    true => part.into(),
                    false => pad_str(part, *width, column.alignment, None),
                };
                text.push_str(&cell.style.apply_to(padded).to_string());
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
    }
}

/// How wide lines may be, where that is known. Wider ones than 120 columns are hard to follow.
pub fn width(term: &Term) -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let window = || term.size_checked().map(|(_, width)| usize::from(width));
    columns.or_else(window).map(|width: usize| width.clamp(40, 120))
}

/// Text for a terminal: broken at its width, its later lines so far in as given. Elsewhere a line stays a line, for
/// programs that look for it.
pub fn hang(text: &str, indent: usize, term: &Term) -> String {
    match width(term).filter(|_| term.is_term()) {
        Some(width) => wrap(text, width.saturating_sub(indent)).join(&format!("\n{}", " ".repeat(indent))),
        None => text.to_owned(),
    }
}

/// Breaks text at spaces. Space before the first word indents every line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let indent = &text[..text.len() - text.trim_start().len()];
    let mut lines = vec![];
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.is_empty() {
            line = format!("{indent}{word}");
        } else if measure_text_width(&line) + 1 + measure_text_width(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(std::mem::replace(&mut line, format!("{indent}{word}")));
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_give_way() {
        let mut grid = Grid::new(vec![Column::left("Name").shrinks_to(6), Column::right("Value")]);
        grid.row(vec!["A long name indeed".into(), "1,234".into()]);
        grid.row(vec!["Short".into(), "7".into()]);
        let mut wide = String::new();
        grid.print(&mut wide, 80);
        assert_eq!(wide, "Name                Value\nA long name indeed  1,234\nShort                   7\n");
        let mut narrow = String::new();
        grid.print(&mut narrow, 16);
        assert_eq!(narrow, "Name       Value\nA long n…  1,234\nShort          7\n");
    }

    #[test]
    fn a_name_takes_the_room_that_its_value_leaves() {
        let mut grid = Grid::new(vec![Column::left("Name").wraps_at(6).reaches_over(), Column::right("Value")]);
        grid.row(vec!["Short".into(), "EUR 1,234,567".into()]);
        grid.row(vec!["As long a name".into(), "7%".into()]);
        let mut out = String::new();
        grid.print(&mut out, 80);
        // The longest line is the first: 5 + 2 + 13 = 20.
        assert_eq!(out, "Name           Value\nShort  EUR 1,234,567\nAs long a name    7%\n");
        let mut narrow = String::new();
        grid.row(vec!["One two three four".into(), "8%".into()]);
        grid.print(&mut narrow, 21);
        assert_eq!(
            narrow,
            "Name            Value\nShort   EUR 1,234,567\nAs long a name     7%\nOne two three      8%\nfour\n"
        );
    }

    #[test]
    fn text_wraps_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  one two", 6), ["  one", "  two"]);
        assert_eq!(wrap("", 6), [""]);
    }

    #[test]
    fn cells_go_on_in_the_next_line() {
        let mut grid = Grid::new(vec![Column::left("Name").wraps_at(6), Column::right("Value")]);
        grid.row(vec!["  one two".into(), "7".into()]);
        let mut out = String::new();
        grid.print(&mut out, 13);
        assert_eq!(out, "Name    Value\n  one       7\n  two\n");
    }
}
