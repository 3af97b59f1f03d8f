//! What a compiled module would be without some of it: found by taking it away, not by building again.
//!
//! A part goes by its entries: the pointers to its functions that the module's tables hold, and the calls of it from the
//! place that picks it out. What nothing reaches any more goes with it, functions and data alike. Functions that stay
//! needed elsewhere stay. Each function taken away becomes a trap of three bytes, and each piece of data zeros, so that
//! all numbers and addresses stay as they are.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::binary::Binary;

/// The most bytes that a table of the module takes for one part.
const RECORD: usize = 512;

/// A module with what its data are, made once for all cuts.
pub struct Whole {
    binary: Binary,
    /// The functions' names, without the places that they have been given.
    names: Vec<String>,
    /// The addresses at which pieces of data begin, and where they end.
    pieces: Vec<Range<u32>>,
    /// What is reached as it is.
    reached: Reached,
}

/// What is taken away.
pub struct Cut<'a> {
    /// Whether a function, by its name, is of the part.
    pub owns: &'a dyn Fn(&str) -> bool,
    /// Whether a function, by its name, is the place from which the part is called.
    pub picks: &'a dyn Fn(&str) -> bool,
    /// Whether all functions of the part go, even those that are called from elsewhere; then, of what only they reach,
    /// nothing of this workspace goes.
    pub whole: bool,
    /// What the tables of the module list the part by: its id, or the element's tag.
    pub id: &'a str,
    /// The ids of all the parts of its kind.
    pub ids: &'a [&'a str],
}

#[derive(Default)]
struct Reached {
    functions: Vec<bool>,
    pieces: Vec<bool>,
}

impl Whole {
    /// Looks through a module.
    pub fn new(binary: Binary) -> Self {
        let names = binary.functions.iter().map(|function| plain(crate::order::unnamed(&function.name))).collect();
        let mut whole = Self { binary, names, pieces: Vec::new(), reached: Reached::default() };
        let mut starts: BTreeSet<u32> = whole.binary.functions.iter().flat_map(|of| &of.constants).copied().collect();
        for data in &whole.binary.data {
            starts.insert(data.address);
            starts.extend(words(&whole.binary.bytes[data.bytes.clone()], data.address).map(|(_, word)| word));
        }
        for data in &whole.binary.data {
            let end = data.address + data.bytes.len() as u32;
            let mut within: Vec<u32> = starts.range(data.address..end).copied().collect();
            within.push(end);
            whole.pieces.extend(within.windows(2).map(|pair| pair[0]..pair[1]));
        }
        whole.reached = whole.reach(None);
        whole
    }

    /// The module as it is published.
    pub fn published(&self) -> Vec<u8> {
        self.binary.nameless()
    }

    /// The functions that are compiled into it: their names and bytes.
    pub fn functions(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names.iter().zip(&self.binary.functions).map(|(name, function)| (name.as_str(), function.body.len()))
    }

    /// The bytes that go with a part, and the module without them; nothing where none go.
    pub fn without(&self, cut: &Cut) -> Option<(usize, Vec<u8>)> {
        let left = self.reach(Some(cut));
        let gone = |index: &usize| self.reached.functions[*index] && !left.functions[*index];
        let mut saved = 0;
        let mut out = Vec::with_capacity(self.binary.bytes.len());
        let mut at = 0;
        for index in (self.binary.imported..self.binary.functions.len()).filter(gone) {
            let body = self.binary.functions[index].body.clone();
            // The length stands before the body, in as many bytes as it needs.
            let length = (u32::BITS - (body.len() as u32).leading_zeros()).div_ceil(7) as usize;
            out.extend(&self.binary.bytes[at..body.start - length]);
            out.extend([3, 0, 0, 11]);
            saved += body.len() + length;
            at = body.end;
        }
        out.extend(&self.binary.bytes[at..]);
        // Data stand after the code, and names, if there, after both: so far from the end as before.
        let shift = self.binary.bytes.len() - out.len();
        let mut clear = |addresses: Range<u32>| {
            for address in addresses {
                if let Some(data) = self.binary.data.iter().find(|data| within(data, address)) {
                    out[data.bytes.start + (address - data.address) as usize - shift] = 0;
                    saved += 1;
                }
            }
        };
        for (piece, addresses) in self.pieces.iter().enumerate() {
            if self.reached.pieces[piece] && !left.pieces[piece] {
                clear(addresses.clone());
            }
        }
        for (piece, record) in self.records(cut) {
            if left.pieces[piece] {
                clear(record);
            }
        }
        out.drain(self.binary.names.start - shift..self.binary.names.end - shift);
        (saved > 0).then_some((saved, out))
    }

    /// Marks all that is reached from outside, without the part.
    fn reach(&self, cut: Option<&Cut>) -> Reached {
        let owned: Vec<bool> = match cut {
            Some(cut) => self.names.iter().map(|name| (cut.owns)(name)).collect(),
            None => vec![false; self.names.len()],
        };
        let stays =
            |index: usize| cut.is_some_and(|cut| cut.whole) && !owned[index] && self.names[index].contains("mops_");
        let mut reached = Reached { functions: vec![false; self.names.len()], pieces: vec![false; self.pieces.len()] };
        let mut open: Vec<usize> = self.binary.exported.clone();
        open.extend(self.binary.table.values().filter(|index| !owned[**index]));
        open.extend((0..self.names.len()).filter(|index| stays(*index) && self.reached.functions[*index]));
        loop {
            while let Some(index) = open.pop() {
                if reached.functions[index] || (owned[index] && cut.is_some_and(|cut| cut.whole)) {
                    continue;
                }
                reached.functions[index] = true;
                let picks = cut.is_some_and(|cut| (cut.picks)(&self.names[index]));
                let calls = self.binary.functions[index].calls.iter().copied();
                open.extend(calls.filter(|called| !(picks && owned[*called])));
            }
            // A closure stays with the function in which it is written.
            let stays = |index: &usize| {
                owned[*index] && !reached.functions[*index] && cut.is_some_and(|cut| !cut.whole) && {
                    let outer = self.names[*index].split("::{closure").next().unwrap_or_default();
                    let outer = outer.trim_start_matches(['<', '&']);
                    outer.len() < self.names[*index].len()
                        && (0..self.names.len())
                            .any(|other| reached.functions[other] && self.names[other].starts_with(outer))
                }
            };
            open.extend(self.binary.table.values().filter(|index| stays(index)));
            if open.is_empty() {
                break;
            }
        }
        let mut open: Vec<usize> = Vec::new();
        let functions = self.binary.functions.iter().enumerate().filter(|(index, _)| reached.functions[*index]);
        open.extend(functions.flat_map(|(_, function)| &function.constants).filter_map(|word| self.piece(*word)));
        let records = cut.map(|cut| self.records(cut)).unwrap_or_default();
        while let Some(piece) = open.pop() {
            if std::mem::replace(&mut reached.pieces[piece], true) {
                continue;
            }
            let range = &self.pieces[piece];
            let record = records.iter().find(|(of, _)| *of == piece).map(|(_, record)| record);
            let pointers = words(self.memory(range.clone()), range.start);
            let pointers = pointers.filter(|(at, _)| record.is_none_or(|record| !record.contains(at)));
            open.extend(pointers.filter_map(|(_, word)| self.piece(word)));
        }
        reached
    }

    /// The piece of data that begins at an address or holds it.
    fn piece(&self, address: u32) -> Option<usize> {
        let piece = self.pieces.partition_point(|piece| piece.start <= address).checked_sub(1)?;
        self.pieces[piece].contains(&address).then_some(piece)
    }

    fn memory(&self, addresses: Range<u32>) -> &[u8] {
        let data = self.binary.data.iter().find(|data| within(data, addresses.start));
        let slice = data.and_then(|data| {
            let start = data.bytes.start + (addresses.start - data.address) as usize;
            self.binary.bytes.get(start..start + addresses.len())
        });
        slice.unwrap_or_default()
    }

    /// Where the module's tables list a part: the record that begins with its id, up to the next part's.
    fn records(&self, cut: &Cut) -> Vec<(usize, Range<u32>)> {
        if cut.id.is_empty() {
            return Vec::new();
        }
        let texts = |piece: &Range<u32>| -> Vec<(u32, &[u8])> {
            let words: Vec<(u32, u32)> = words(self.memory(piece.clone()), piece.start).collect();
            let texts = words.windows(2).filter(|pair| pair[1].1 < 64);
            texts.map(|pair| (pair[0].0, self.memory(pair[0].1..pair[0].1 + pair[1].1))).collect()
        };
        let mut records = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate().filter(|(_, piece)| piece.len() >= 16) {
            let texts = texts(piece);
            let listed: Vec<u32> = texts
                .iter()
                .filter(|(_, text)| cut.ids.iter().any(|id| id.as_bytes() == *text))
                .map(|(at, _)| *at)
                .collect();
            for (at, _) in texts.iter().filter(|(_, text)| *text == cut.id.as_bytes()) {
                // As long as all the others; the whole piece where there is no other, and it can be no more than that.
                let stride = listed.windows(2).map(|pair| pair[1] - pair[0]).max();
                let record = stride.map_or(piece.clone(), |stride| *at..(*at + stride).min(piece.end));
                if record.len() <= RECORD {
                    records.push((index, record));
                }
            }
        }
        records
    }
}

fn within(data: &crate::binary::Data, address: u32) -> bool {
    (data.address..data.address + data.bytes.len() as u32).contains(&address)
}

/// The words of data, each with its address.
fn words(bytes: &[u8], address: u32) -> impl Iterator<Item = (u32, u32)> {
    let skipped = address.next_multiple_of(4) - address;
    let words = bytes.get(skipped as usize..).unwrap_or_default().chunks_exact(4).enumerate();
    words.map(move |(index, word)| {
        let word = word.try_into().map_or(0, u32::from_le_bytes);
        (address + skipped + 4 * index as u32, word)
    })
}

/// A name without the hashes of its crates.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        match after.split_once(']') {
            Some((hash, after)) if hash.len() > 8 && hash.chars().all(|char| char.is_ascii_hexdigit()) => rest = after,
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ir::Value;
    use walrus::{ConstExpr, DataKind, ElementItems, ElementKind, FunctionBuilder, FunctionId, Module, RefType};

    /// A function that calls others and holds an address.
    fn function(module: &mut Module, name: &str, calls: &[FunctionId], address: i32) -> FunctionId {
        let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
        let mut body = function.func_body();
        body.i32_const(address).drop();
        for called in calls {
            body.call(*called);
        }
        let id = function.finish(vec![], &mut module.funcs);
        module.funcs.get_mut(id).name = Some(format!("f00000 {name}"));
        id
    }

    /// Two parts in the table: `one` with a helper and text of its own, and both with one that they share.
    fn module() -> Whole {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let place = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(1024)) };
        module.data.add(place, b"shared..alone...".to_vec());
        let shared = function(&mut module, "a[0123456789abcdef]::shared", &[], 1024);
        let helper = function(&mut module, "a[0123456789abcdef]::helper", &[], 1032);
        let one = function(&mut module, "a[0123456789abcdef]::one::judge", &[shared, helper], 0);
        let two = function(&mut module, "a[0123456789abcdef]::two::judge", &[shared], 0);
        let table = module.tables.add_local(false, 3, None, RefType::FUNCREF);
        let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(1)) };
        module.elements.add(kind, ElementItems::Functions(vec![one, two]));
        Whole::new(Binary::read(module.emit_wasm()).unwrap())
    }

    fn cut(part: &str) -> Option<(usize, Vec<u8>)> {
        let owns = |name: &str| name.starts_with(part);
        module().without(&Cut { owns: &owns, picks: &|_| false, whole: false, id: "", ids: &[] })
    }

    fn holds(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn what_only_the_part_reaches_goes_with_it() {
        let whole = module().published();
        assert!(holds(&whole, b"shared..alone...") && !holds(&whole, b"judge"));
        let (saved, left) = cut("a::one::").unwrap();
        // `judge` is 9 bytes (locals, constant, drop, two calls, end) and its length, `helper` 6 and its, the text 8.
        assert_eq!(saved, 10 + 7 + 8);
        assert!(holds(&left, b"shared..\0\0\0\0\0\0\0\0") && left.len() < whole.len());
        // `two` calls once less, and what it calls stays.
        let (saved, left) = cut("a::two::").unwrap();
        assert_eq!(saved, 8);
        assert!(holds(&left, b"shared..alone..."));
        assert!(cut("a::three::").is_none());
    }
}
