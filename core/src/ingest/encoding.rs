//! Bytes to UTF-8, chunk by chunk: UTF-8 as it is, UTF-16 of either order and Windows-1252 converted, byte-order marks
//! removed.

/// Decodes a stream.
#[derive(Debug, Default)]
pub struct Decoder {
    encoding: Option<Encoding>,
    /// Bytes not decoded yet: up to four at the start, then up to one code unit.
    held: Vec<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    text: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// No byte above 127 yet, so it is still open which of the next two it is.
    Ascii,
    Utf8,
    /// What spreadsheets write as "CSV" in western Europe and America.
    Windows1252,
    Utf16 {
        little: bool,
    },
}

/// Letters of Windows-1252 from 128 to 159; above, its bytes are code points.
const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

impl Decoder {
    /// The UTF-8 of the next bytes. The first letter beyond ASCII decides: where it is not valid UTF-8, the file is
    /// Windows-1252. What is not valid later stays as it is; cells replace it when they are read.
    pub fn push<'a>(&'a mut self, bytes: &'a [u8]) -> &'a [u8] {
        match self.encoding {
            Some(Encoding::Utf8) => bytes,
            Some(Encoding::Ascii) if self.held.is_empty() && bytes.is_ascii() => bytes,
            Some(Encoding::Ascii) => {
                self.held.extend_from_slice(bytes);
                self.text.clear();
                self.settle(false);
                &self.text
            }
            Some(Encoding::Windows1252) => {
                self.text.clear();
                self.letters(bytes);
                &self.text
            }
            Some(Encoding::Utf16 { little }) => {
                self.text.clear();
                self.units(bytes, little);
                &self.text
            }
            None => {
                self.held.extend_from_slice(bytes);
                if self.held.len() < 4 { &[] } else { self.start() }
            }
        }
    }

    /// What the bytes were taken for, though nothing says so but that they are no UTF-8.
    pub fn assumed(&self) -> Option<&'static str> {
        (self.encoding == Some(Encoding::Windows1252)).then_some("Windows-1252")
    }

    /// What is left at the end.
    pub fn finish(&mut self) -> &[u8] {
        if self.encoding.is_none() {
            self.start();
        } else {
            self.text.clear();
        }
        if self.encoding == Some(Encoding::Ascii) {
            self.settle(true);
        } else if !self.held.is_empty() || self.high.is_some() {
            push(&mut self.text, char::REPLACEMENT_CHARACTER);
        }
        &self.text
    }

    fn start(&mut self) -> &[u8] {
        let held = std::mem::take(&mut self.held);
        let (encoding, mark) = recognise(&held);
        self.encoding = Some(encoding);
        self.text.clear();
        let rest = held.get(mark..).unwrap_or_default();
        match encoding {
            Encoding::Utf16 { little } => self.units(rest, little),
            Encoding::Ascii => {
                self.held.extend_from_slice(rest);
                self.settle(false);
            }
            Encoding::Utf8 | Encoding::Windows1252 => self.text.extend_from_slice(rest),
        }
        &self.text
    }

    /// Decides by the first letter beyond ASCII among the bytes held; one that is cut off waits for the rest.
    fn settle(&mut self, whole: bool) {
        let held = std::mem::take(&mut self.held);
        let at = held.iter().position(|byte| !byte.is_ascii()).unwrap_or(held.len());
        let (plain, rest) = held.split_at_checked(at).unwrap_or((&held, &[]));
        self.text.extend_from_slice(plain);
        match std::str::from_utf8(rest.get(..4).unwrap_or(rest)).err().filter(|error| error.valid_up_to() == 0) {
            _ if rest.is_empty() => {}
            Some(error) if error.error_len().is_none() && !whole => self.held.extend_from_slice(rest),
            Some(_) => {
                self.encoding = Some(Encoding::Windows1252);
                self.letters(rest);
            }
            None => {
                self.encoding = Some(Encoding::Utf8);
                self.text.extend_from_slice(rest);
            }
        }
    }

    fn letters(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let letter = byte.checked_sub(128).and_then(|at| HIGH.chars().nth(at.into())).unwrap_or((*byte).into());
            push(&mut self.text, letter);
        }
    }

    fn units(&mut self, bytes: &[u8], little: bool) {
        let mut bytes = bytes.iter().copied();
        loop {
            let first = match self.held.pop() {
                Some(first) => first,
                None => match bytes.next() {
                    Some(first) => first,
                    None => return,
                },
            };
            let Some(second) = bytes.next() else {
                self.held.push(first);
                return;
            };
            let unit = if little { u16::from_le_bytes([first, second]) } else { u16::from_be_bytes([first, second]) };
            self.unit(unit);
        }
    }

    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            match char::decode_utf16([high, unit]).next() {
                Some(Ok(letter)) => return push(&mut self.text, letter),
                _ => push(&mut self.text, char::REPLACEMENT_CHARACTER),
            }
        }
        match unit {
            0xd800..=0xdbff => self.high = Some(unit),
            _ => push(&mut self.text, char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }
}

fn push(text: &mut Vec<u8>, letter: char) {
    text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The encoding, and how many bytes its mark takes.
fn recognise(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16 { little: true }, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16 { little: false }, 2),
        // Without a mark: the first letters of a header are Latin, so every other byte is 0.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (Encoding::Utf16 { little: true }, 0),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => (Encoding::Utf16 { little: false }, 0),
        _ => (Encoding::Ascii, 0),
    }
}
