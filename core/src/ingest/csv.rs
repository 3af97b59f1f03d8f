//! Comma-separated values, whatever the delimiter.

use super::header::{Headers, Layout, Recognition};
use super::sheet::Row;
use crate::charter::Charter;
use crate::list::List;
use csv_core::{ReadRecordResult, ReaderBuilder};

/// A record longer than this is broken: most likely a quote that is never closed.
const LONGEST_RECORD: usize = 1 << 20;
/// Among so many records the header is looked for.
const HEADER_WITHIN: usize = 40;

/// A record as text.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    text: &'a str,
    /// Where each cell begins and ends.
    spans: &'a [(usize, usize)],
    /// Broken beyond use.
    pub broken: bool,
}

impl Row for Record<'_> {
    fn len(&self) -> usize {
        self.spans.len()
    }

    fn cell(&self, index: usize) -> &str {
        self.spans.get(index).and_then(|(start, end)| self.text.get(*start..*end)).unwrap_or("")
    }
}

/// Splits text into records.
#[derive(Debug)]
pub struct Splitter {
    reader: csv_core::Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    fields: usize,
    inside: bool,
    too_long: bool,
    /// Line of the next byte.
    line: u64,
    /// Line at which the record began.
    began: u64,
    newline: u8,
    delimiter: u8,
    /// Whether records may be read where they stand: not the first, which tells `reader` that the file has begun.
    plainly: bool,
    spans: Vec<(usize, usize)>,
    lossy: String,
}

impl Splitter {
    pub fn new(delimiter: u8, newline: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            cells: vec![0; 4096],
            ends: vec![0; 64],
            written: 0,
            fields: 0,
            inside: false,
            too_long: false,
            line: 1,
            began: 1,
            newline,
            delimiter,
            plainly: false,
            spans: Vec::new(),
            lossy: String::new(),
        }
    }

    /// Splits the next text, and hands on each record with the line it began at.
    pub fn push(&mut self, mut input: &[u8], each: &mut impl FnMut(u64, Record<'_>)) {
        loop {
            if !self.inside {
                let empty = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                let (skipped, rest) = input.split_at_checked(empty).unwrap_or((input, &[]));
                self.count_lines(skipped);
                input = rest;
            }
            // An empty slice would mean the end of the file.
            if input.is_empty() {
                return;
            }
            if !self.inside {
                self.began = self.line;
                if let Some(read) = self.plain(input, each) {
                    self.count_lines(input.get(..read).unwrap_or_default());
                    input = input.get(read..).unwrap_or_default();
                    continue;
                }
                self.inside = true;
            }
            let read = self.step(input, each);
            self.count_lines(input.get(..read).unwrap_or_default());
            input = input.get(read..).unwrap_or_default();
        }
    }

    /// Hands on the last record, if it has no line end.
    pub fn finish(&mut self, each: &mut impl FnMut(u64, Record<'_>)) {
        while self.inside {
            self.step(&[], each);
        }
    }

    /// Hands on a record that stands whole and plain in the input, without copying it; says how long it is. Anything
    /// out of the ordinary is left to the reader that knows all of it: doubled quotes, text after a quote, a record
    /// that goes on in the next bytes.
    fn plain(&mut self, input: &[u8], each: &mut impl FnMut(u64, Record<'_>)) -> Option<usize> {
        if !self.plainly {
            return None;
        }
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        self.spans.clear();
        let mut at = 0_usize;
        let length = loop {
            let rest = input.get(at..)?;
            let (start, end, after) = if rest.first() == Some(&b'"') {
                let start = at.saturating_add(1);
                let end = start.saturating_add(input.get(start..)?.iter().position(|byte| *byte == b'"')?);
                (start, end, end.saturating_add(1))
            } else {
                let end = at.saturating_add(rest.iter().position(ends)?);
                (at, end, end)
            };
            self.spans.push((start, end));
            let next = input.get(after).filter(|byte| ends(byte))?;
            at = after.saturating_add(1);
            if *next != self.delimiter {
                break at;
            }
        };
        if length > LONGEST_RECORD {
            return None;
        }
        let text = std::str::from_utf8(input.get(..length)?).ok()?;
        each(self.began, Record { text, spans: &self.spans, broken: false });
        Some(length)
    }

    fn step(&mut self, input: &[u8], each: &mut impl FnMut(u64, Record<'_>)) -> usize {
        let (cells, ends) = (self.cells.get_mut(self.written..), self.ends.get_mut(self.fields..));
        let (result, read, written, fields) =
            self.reader.read_record(input, cells.unwrap_or_default(), ends.unwrap_or_default());
        self.written = self.written.saturating_add(written);
        self.fields = self.fields.saturating_add(fields);
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull if self.cells.len() < LONGEST_RECORD => {
                self.cells.resize(self.cells.len().saturating_mul(2), 0);
            }
            ReadRecordResult::OutputEndsFull if self.ends.len() < LONGEST_RECORD => {
                self.ends.resize(self.ends.len().saturating_mul(2), 0);
            }
            // Too long: the rest of it is read over.
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                self.too_long = true;
                self.written = 0;
                self.fields = 0;
            }
            ReadRecordResult::Record => {
                self.hand_on(each);
                self.inside = false;
                self.plainly = !matches!(self.delimiter, b'"' | b'\r' | b'\n');
                self.too_long = false;
                self.written = 0;
                self.fields = 0;
            }
            ReadRecordResult::End => self.inside = false,
        }
        read
    }

    fn hand_on(&mut self, each: &mut impl FnMut(u64, Record<'_>)) {
        let broken = self.too_long;
        let bytes = self.cells.get(..self.written).unwrap_or_default();
        let ends = self.ends.get(..self.fields).unwrap_or_default();
        let spans = &mut self.spans;
        spans.clear();
        let mut start = 0;
        if let Ok(text) = std::str::from_utf8(bytes)
            && ends.iter().all(|end| text.is_char_boundary(*end))
        {
            for end in ends {
                spans.push((start, *end));
                start = *end;
            }
            return each(self.began, Record { text, spans, broken });
        }
        let text = &mut self.lossy;
        text.clear();
        for end in ends {
            let from = text.len();
            text.push_str(&String::from_utf8_lossy(bytes.get(start..*end).unwrap_or_default()));
            spans.push((from, text.len()));
            start = *end;
        }
        each(self.began, Record { text, spans, broken });
    }

    fn count_lines(&mut self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|byte| **byte == self.newline).count();
        self.line = self.line.saturating_add(lines as u64);
    }
}

/// How a file is laid out, as its first bytes show.
pub struct Found {
    pub delimiter: u8,
    pub newline: u8,
    /// Records before the header.
    pub preamble: usize,
    pub headers: Vec<String>,
    pub layout: Layout,
}

/// What was found instead of a header.
pub struct NotFound {
    /// The record most like a header.
    pub headers: Vec<String>,
    pub recognition: Recognition,
}

/// Old Macintosh files end their lines with a carriage return alone.
fn newline_of(head: &[u8]) -> u8 {
    if head.contains(&b'\n') || !head.contains(&b'\r') { b'\n' } else { b'\r' }
}

/// Finds delimiter and header in the first bytes of a file: the pair under which most fields are recognised.
/// `whole` says that nothing follows.
pub fn find_header(
    head: &[u8],
    whole: bool,
    charter: &Charter,
    table: Option<&str>,
    headers: &Headers,
) -> Result<Found, NotFound> {
    let newline = newline_of(head);
    let mut best: Option<Found> = None;
    let mut fallback: Option<(usize, NotFound)> = None;
    for delimiter in delimiters(head, charter, table) {
        for (index, cells) in sample(head, whole, delimiter, newline).into_iter().enumerate() {
            let names: Vec<&str> = cells.iter().map(String::as_str).list();
            match headers.recognise(&names) {
                Recognition::Found(layout) => {
                    if best.as_ref().is_none_or(|best| layout.score() > best.layout.score()) {
                        best = Some(Found { delimiter, newline, preamble: index, headers: cells, layout });
                    }
                }
                recognition => {
                    // The nearest thing to a header: two tables fit, or some fields were recognised, or just many cells.
                    let rank = match &recognition {
                        Recognition::Undecided(..) => 2_000_000,
                        Recognition::Lacking { score, .. } => score.saturating_mul(1_000),
                        Recognition::Found(_) => 0,
                    };
                    let rank = rank.saturating_add(cells.len().min(900));
                    if fallback.as_ref().is_none_or(|(best, _)| rank > *best) {
                        fallback = Some((rank, NotFound { headers: cells, recognition }));
                    }
                }
            }
        }
    }
    match (best, fallback) {
        (Some(found), _) => Ok(found),
        (None, Some((_, not_found))) => Err(not_found),
        (None, None) => Err(NotFound { headers: Vec::new(), recognition: headers.recognise(&[]) }),
    }
}

/// Delimiters worth trying: what the file's first line or the charter fixes, else the common ones.
fn delimiters(head: &[u8], charter: &Charter, table: Option<&str>) -> Vec<u8> {
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] = head
        && delimiter.is_ascii()
    {
        return vec![*delimiter];
    }
    let ascii = |sign: char| u8::try_from(sign).ok().filter(u8::is_ascii);
    let fixed = |table: &str| charter.sources.get(table).and_then(|mapping| mapping.delimiter).and_then(ascii);
    if let Some(delimiter) = table.and_then(fixed) {
        return vec![delimiter];
    }
    let mut delimiters = vec![b',', b';', b'\t', b'|'];
    if table.is_none() {
        delimiters.extend(charter.sources.keys().filter_map(|table| fixed(table)));
    }
    delimiters
}

fn sample(head: &[u8], whole: bool, delimiter: u8, newline: u8) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut splitter = Splitter::new(delimiter, newline);
    let mut keep = |_, record: Record<'_>| {
        if records.len() < HEADER_WITHIN {
            records.push((0..record.len()).map(|index| record.cell(index).trim().to_owned()).list());
        }
    };
    splitter.push(head, &mut keep);
    if whole {
        splitter.finish(&mut keep);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &[u8], chunk: usize) -> Vec<(u64, Vec<String>, bool)> {
        let mut records = Vec::new();
        let mut keep = |line, record: Record<'_>| {
            records.push((line, (0..record.len()).map(|cell| record.cell(cell).to_owned()).collect(), record.broken));
        };
        let mut splitter = Splitter::new(b',', newline_of(text));
        text.chunks(chunk).for_each(|chunk| splitter.push(chunk, &mut keep));
        splitter.finish(&mut keep);
        records
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

        /// In single bytes no record stands whole in the input, so all go the long way.
        #[test]
        fn plain_records_are_split_as_all_others(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "a", "bc", ",", ",", "\"", "\"", "\"d,e\"", "\"\"", " ", "\n", "\r\n", "\r", "\"f\ng\"", "é", "\u{feff}",
        ]), 0..40), chunk in 2_usize..50) {
            let text = "head\n".to_owned() + &pieces.concat();
            proptest::prop_assert_eq!(records(text.as_bytes(), chunk), records(text.as_bytes(), 1));
            proptest::prop_assert_eq!(records(text.as_bytes(), text.len().max(1)), records(text.as_bytes(), 1));
        }
    }
}
