//! Numbers the local variables of each function so that the module compresses well.
//!
//! Which number a local has is free among those of its type, and a seventh of a module is such numbers. They begin in the
//! order of use, the most used first, as wasm-opt leaves them. Then two of a function's locals change places wherever
//! that makes its bytes more like what follows the same bytes in all other functions.

use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use wasmparser::{BinaryReader, FunctionBody, Operator, ValType};

use crate::binary::{Binary, Function};

/// The most bytes before one that say what to expect.
const BEFORE: usize = 6;
/// How often something is to be seen after some bytes until that counts for more than what is seen after fewer.
const DOUBT: f32 = 2.0;
/// How likely a byte is of which nothing is known.
const UNKNOWN: f32 = 1.0 / 64.0;
/// How often all functions are gone through; more rounds change next to nothing.
const ROUNDS: usize = 6;
/// How far apart in the order of use two locals may be that change places.
const APART: usize = 16;
/// Bits saved that are worth a change.
const WORTH: f32 = 0.01;
/// Numbers from here on take two bytes; a function with so many locals stays as it is.
const LONG: usize = 128;
/// As a power of two, how many contexts are told apart.
const CONTEXTS: u32 = 24;

/// Numbers the locals of a module anew.
pub fn number(file: &Path) -> Result<()> {
    let mut binary = Binary::read(fs::read(file)?)?;
    let mut found = Vec::new();
    for function in &binary.functions[binary.imported..] {
        found.push(Locals::of(function, &binary.bytes)?);
    }
    let mut seen = Seen::new();
    for locals in &found {
        seen.count(&binary.bytes[locals.code.clone()], u32::wrapping_add);
    }
    for _ in 0..ROUNDS {
        // Once nothing of a function changes, hardly anything will.
        found.retain(|locals| {
            let code = &mut binary.bytes[locals.code.clone()];
            // What a function does itself is no reason to do the same.
            seen.count(code, u32::wrapping_sub);
            let changed = locals.arrange(code, &seen);
            seen.count(code, u32::wrapping_add);
            changed
        });
    }
    Ok(fs::write(file, binary.bytes)?)
}

/// The local variables of a function whose numbers are free.
struct Locals {
    /// Where the function's operators lie in the file.
    code: Range<usize>,
    /// The number of the first.
    first: usize,
    /// The type of each.
    types: Vec<ValType>,
    /// Where in the code each is named.
    places: Vec<Vec<usize>>,
}

impl Locals {
    fn of(function: &Function, bytes: &[u8]) -> Result<Self> {
        let body = FunctionBody::new(BinaryReader::new(&bytes[function.body.clone()], function.body.start));
        let mut types = Vec::new();
        for run in body.get_locals_reader()? {
            let (count, kind) = run?;
            types.extend(std::iter::repeat_n(kind, count as usize));
        }
        if function.parameters + types.len() > LONG {
            types.clear();
        }
        let mut places = vec![Vec::new(); types.len()];
        let mut operators = body.get_operators_reader()?;
        let code = operators.original_position()..function.body.end;
        while !operators.eof() {
            let (operator, at) = operators.read_with_offset()?;
            if let Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index } = operator
            {
                let local = (local_index as usize).checked_sub(function.parameters);
                if let Some(places) = local.and_then(|local| places.get_mut(local)) {
                    // The number stands behind the operator's own byte.
                    places.push(at + 1 - code.start);
                }
            }
        }
        Ok(Self { code, first: function.parameters, types, places })
    }

    /// Lets locals change places in the code where that saves something; says whether any did.
    fn arrange(&self, code: &mut [u8], seen: &Seen) -> bool {
        // Which local has which number; the code says so, as an earlier round left it.
        let mut at: Vec<&[usize]> = vec![&[]; self.types.len()];
        for places in &self.places {
            if let Some(place) = places.first() {
                at[usize::from(code[*place]) - self.first] = places;
            }
        }
        let (mut touched, mut changed) = (Vec::new(), false);
        for one in 0..at.len() {
            for other in one + 1..at.len().min(one + 1 + APART) {
                if self.types[one] != self.types[other] {
                    continue;
                }
                touched.clear();
                let places = at[one].iter().chain(at[other]);
                touched.extend(places.flat_map(|place| *place..(place + BEFORE + 1).min(code.len())));
                touched.sort_unstable();
                touched.dedup();
                let before = seen.bits(code, &touched);
                self.write(code, at[one], other);
                self.write(code, at[other], one);
                if before - seen.bits(code, &touched) > WORTH {
                    at.swap(one, other);
                    changed = true;
                } else {
                    self.write(code, at[one], one);
                    self.write(code, at[other], other);
                }
            }
        }
        changed
    }

    fn write(&self, code: &mut [u8], places: &[usize], local: usize) {
        for place in places {
            code[*place] = (self.first + local) as u8;
        }
    }
}

/// How often which bytes, and which byte after them, are seen in a module.
struct Seen {
    before: Vec<u32>,
    after: Vec<u32>,
}

impl Seen {
    fn new() -> Self {
        Self { before: vec![0; 1 << CONTEXTS], after: vec![0; 1 << CONTEXTS] }
    }

    fn count(&mut self, code: &[u8], change: fn(u32, u32) -> u32) {
        for place in 0..code.len() {
            for (before, after) in contexts(code, place) {
                self.before[before] = change(self.before[before], 1);
                self.after[after] = change(self.after[after], 1);
            }
        }
    }

    /// What some bytes of the code take, in bits, as long as what stands before them lets expect them.
    fn bits(&self, code: &[u8], places: &[usize]) -> f32 {
        let bits = places.iter().map(|place| {
            let likely = contexts(code, *place).fold(UNKNOWN, |likely, (before, after)| {
                let (before, after) = (self.before[before] as f32, self.after[after] as f32);
                (after.min(before) + DOUBT * likely) / (before + DOUBT)
            });
            -likely.log2()
        });
        bits.sum()
    }
}

/// Where the counts stand of what is before a byte, and of the byte after that: for one byte before it, two, and so on.
fn contexts(code: &[u8], place: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut hash = 0_u64;
    let index = |hash: u64| (hash >> (u64::BITS - CONTEXTS)) as usize;
    // Odd constants with bits all over.
    let mix = |hash: u64, byte: u8| (hash ^ (u64::from(byte) + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    code[place.saturating_sub(BEFORE)..place].iter().rev().map(move |before| {
        hash = mix(hash, *before);
        let own = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        (index(own), index(mix(!hash, code[place]).wrapping_mul(0xD6E8_FEB8_6659_FD93)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function without parameters and with two numbers as locals, which are set, read and added.
    fn body(first: u8, second: u8) -> Vec<u8> {
        let code = [0x41, 7, 0x21, first, 0x41, 9, 0x21, second, 0x20, first, 0x20, second, 0x6a, 0x1a, 0x0b];
        [&[18, 1, 2, 0x7f][..], &code].concat()
    }

    fn module(bodies: [Vec<u8>; 3]) -> Vec<u8> {
        let bodies = bodies.concat();
        let types = [1, 4, 1, 0x60, 0, 0];
        let functions = [3, 4, 3, 0, 0, 0];
        let code = [10, bodies.len() as u8 + 1, 3];
        [&b"\0asm\x01\0\0\0"[..], &types, &functions, &code, &bodies].concat()
    }

    #[test]
    fn functions_that_do_the_same_are_written_the_same() {
        let file = std::env::temp_dir().join(format!("locals-{}.wasm", std::process::id()));
        fs::write(&file, module([body(0, 1), body(1, 0), body(0, 1)])).unwrap();
        number(&file).unwrap();
        let numbered = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        let same = [module([body(0, 1), body(0, 1), body(0, 1)]), module([body(1, 0), body(1, 0), body(1, 0)])];
        assert!(same.contains(&numbered), "{numbered:?}");
    }
}
