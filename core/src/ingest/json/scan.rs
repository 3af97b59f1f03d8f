//! Finds the objects of a JSON stream that are rows, without reading it as one document: an array of objects, one
//! object after another (NDJSON), and the pages of HubSpot (`results`), Salesforce (`records`), OData (`value`) and others
//! (`data`), singly, in a row or in an array.

/// An object longer than this is broken.
const LONGEST_OBJECT: usize = 8 << 20;
/// What may stand beside the rows of a page.
const PAGE_KEYS: [&[u8]; 11] = [
    b"results",
    b"records",
    b"value",
    b"data",
    b"totalSize",
    b"done",
    b"nextRecordsUrl",
    b"paging",
    b"total",
    b"status",
    b"offset",
];

/// What the scanner found.
pub enum Piece<'a> {
    /// The text of one object.
    Object(&'a [u8]),
    /// Something that is no object, or one that is broken beyond its own text.
    Broken(&'a [u8]),
}

/// Scans a stream.
#[derive(Debug)]
pub struct Scanner {
    /// What lies around the rows.
    around: Vec<Around>,
    mode: Mode,
    text: Vec<u8>,
    depth: usize,
    string: bool,
    escape: bool,
    /// Where the last string directly inside the object began and ended.
    last: (usize, usize),
    /// The object may be a page: none but a page's keys so far.
    may_be_page: bool,
    /// The value at hand belongs to the key of a page's rows.
    rows_key: bool,
    /// Each object stands on a line of its own, so that a broken one ends with its line.
    by_line: bool,
    line: u64,
    began: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Array,
    Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Between rows.
    Between,
    /// Inside an object or array that is a row.
    Row,
    /// Inside something that is neither.
    Stray,
    /// In a page, after its rows.
    PageRest,
}

impl Scanner {
    pub fn new() -> Self {
        Self {
            around: Vec::new(),
            mode: Mode::Between,
            text: Vec::new(),
            depth: 0,
            string: false,
            escape: false,
            last: (0, 0),
            may_be_page: false,
            rows_key: false,
            by_line: false,
            line: 1,
            began: 1,
        }
    }

    /// Scans the next text, and hands on each piece with the line it began at.
    #[cfg_attr(speed, optimize(speed))]
    pub fn push(&mut self, input: &[u8], each: &mut impl FnMut(u64, Piece<'_>)) {
        let mut rest = input;
        while let Some((byte, after)) = rest.split_first() {
            if self.mode == Mode::Row && self.string && !self.escape {
                // Most of a file is text, taken up to what may end it.
                let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
                let plain = rest.iter().position(ends).unwrap_or(rest.len());
                let (text, others) = rest.split_at_checked(plain).unwrap_or_default();
                if !text.is_empty() {
                    let room = LONGEST_OBJECT.saturating_sub(self.text.len());
                    self.text.extend_from_slice(text.get(..room).unwrap_or(text));
                    rest = others;
                    continue;
                }
            }
            rest = after;
            match self.mode {
                Mode::Between => self.between(*byte),
                Mode::Row => self.row(*byte, each),
                Mode::Stray => self.stray(*byte, each),
                Mode::PageRest => self.page_rest(*byte),
            }
            if *byte == b'\n' {
                self.line = self.line.saturating_add(1);
            }
        }
    }

    /// Hands on what was cut off.
    pub fn finish(&mut self, each: &mut impl FnMut(u64, Piece<'_>)) {
        if matches!(self.mode, Mode::Row | Mode::Stray) {
            each(self.began, Piece::Broken(&self.text));
            self.mode = Mode::Between;
        }
    }

    fn between(&mut self, byte: u8) {
        match byte {
            b'[' if self.around.is_empty() => self.around.push(Around::Array),
            b']' if self.around.last() == Some(&Around::Array) => {
                self.around.pop();
                if self.around.last() == Some(&Around::Page) {
                    self.mode = Mode::PageRest;
                    self.depth = 1;
                    self.string = false;
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}' => {}
            _ => {
                self.began = self.line;
                self.text.clear();
                self.text.push(byte);
                self.escape = false;
                self.string = byte == b'"';
                let opens = matches!(byte, b'{' | b'[');
                self.mode = if opens { Mode::Row } else { Mode::Stray };
                self.depth = 1;
                self.may_be_page = byte == b'{' && !self.around.contains(&Around::Page);
                self.rows_key = false;
            }
        }
    }

    fn row(&mut self, byte: u8, each: &mut impl FnMut(u64, Piece<'_>)) {
        // A line can't end inside a string; nor inside an object, where each has its own line.
        if byte == b'\n' && (self.string || (self.by_line && self.around.is_empty())) {
            each(self.began, Piece::Broken(&self.text));
            self.mode = Mode::Between;
            return;
        }
        if self.text.len() < LONGEST_OBJECT {
            self.text.push(byte);
        }
        if self.string {
            if self.escape {
                self.escape = false;
            } else if byte == b'\\' {
                self.escape = true;
            } else if byte == b'"' {
                self.string = false;
                self.last.1 = self.text.len().saturating_sub(1);
            }
            return;
        }
        match byte {
            b'"' => {
                self.string = true;
                if self.depth == 1 {
                    self.last.0 = self.text.len();
                }
            }
            b':' if self.depth == 1 && self.may_be_page => {
                let key = self.text.get(self.last.0..self.last.1).unwrap_or_default();
                self.may_be_page = PAGE_KEYS.contains(&key) || key.starts_with(b"@odata.");
                self.rows_key = matches!(key, b"results" | b"records" | b"value" | b"data");
            }
            b',' if self.depth == 1 => self.rows_key = false,
            b'[' if self.depth == 1 && self.may_be_page && self.rows_key => {
                self.around.extend([Around::Page, Around::Array]);
                self.mode = Mode::Between;
            }
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.mode = Mode::Between;
                    self.by_line |= self.around.is_empty() && self.began == self.line;
                    let whole = self.text.len() < LONGEST_OBJECT;
                    each(self.began, if whole { Piece::Object(&self.text) } else { Piece::Broken(&self.text) });
                }
            }
            _ => {}
        }
    }

    fn stray(&mut self, byte: u8, each: &mut impl FnMut(u64, Piece<'_>)) {
        if byte == b'\n' || (!self.string && matches!(byte, b',' | b']' | b'}')) {
            each(self.began, Piece::Broken(&self.text));
            self.mode = Mode::Between;
            return self.between(byte);
        }
        if self.escape {
            self.escape = false;
        } else if byte == b'\\' {
            self.escape = self.string;
        } else if byte == b'"' {
            self.string = !self.string;
        }
        if self.text.len() < 256 {
            self.text.push(byte);
        }
    }

    fn page_rest(&mut self, byte: u8) {
        if self.string {
            if self.escape {
                self.escape = false;
            } else if byte == b'\\' {
                self.escape = true;
            } else if byte == b'"' {
                self.string = false;
            }
            return;
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.around.pop();
                    self.mode = Mode::Between;
                }
            }
            _ => {}
        }
    }
}
