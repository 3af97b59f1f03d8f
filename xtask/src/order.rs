//! Puts a module's functions into an order that compresses well.
//!
//! The functions called most have the shortest numbers; wasm-opt sees to that. Among all whose numbers are equally long,
//! the order is free: each is followed by the one that shares most with it, so that a compressor finds what repeats
//! close by.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::binary::Binary;

/// Functions whose numbers take one byte, and so stay where wasm-opt put them.
const SHORT: usize = 128;
/// Bytes that count as something in common.
const RUN: usize = 6;
/// What more functions have in common says nothing.
const COMMON: usize = 200;
/// Keeps small functions, which share much by chance, from coming first.
const CHANCE: usize = 50;

/// Names the functions of a module so that in the order of their names they stand as they should, for wasm-opt's pass
/// `reorder-functions-by-name`. What they are called stays in the name.
pub fn name(file: &Path) -> Result<()> {
    let binary = Binary::read(fs::read(file)?)?;
    let functions: Vec<&[u8]> = (binary.imported..binary.functions.len()).map(|index| binary.body(index)).collect();
    let fixed = SHORT.saturating_sub(binary.imported).min(functions.len());
    let order = (0..fixed).chain(chain(&functions, fixed));
    let mut places = vec![0; functions.len()];
    for (place, function) in order.enumerate() {
        places[function] = place;
    }
    let names = binary.functions.iter().enumerate().map(|(index, function)| match index.checked_sub(binary.imported) {
        None => format!("i{index:05} {}", function.name),
        Some(index) => format!("f{:05} {}", places[index], function.name),
    });
    let mut bytes = binary.nameless();
    bytes.extend(name_section(names.collect()));
    Ok(fs::write(file, bytes)?)
}

/// The name that a function had before it was [named](name) by its place.
pub fn unnamed(name: &str) -> &str {
    name.split_once(' ').map_or(name, |(_, name)| name)
}

/// The functions from `fixed` on, each followed by the one most like it.
fn chain(functions: &[&[u8]], fixed: usize) -> Vec<usize> {
    let mut runs: HashMap<&[u8], u32> = HashMap::new();
    let mut holders: Vec<Vec<u32>> = Vec::new();
    let mut of: Vec<Vec<u32>> = Vec::new();
    for (index, function) in functions.iter().enumerate() {
        let mut own = Vec::new();
        for run in function.windows(RUN).filter(|_| index >= fixed) {
            let next = holders.len() as u32;
            let run = *runs.entry(run).or_insert(next);
            if run == next {
                holders.push(Vec::new());
            }
            let known = &mut holders[run as usize];
            if known.last() != Some(&(index as u32)) {
                known.push(index as u32);
                own.push(run);
            }
        }
        of.push(own);
    }
    let mut left: Vec<bool> = (0..functions.len()).map(|index| index >= fixed).collect();
    let mut shared = vec![0_usize; functions.len()];
    let mut order: Vec<usize> = Vec::new();
    let mut last: Option<usize> = None;
    while let Some(longest) = (0..left.len()).filter(|index| left[*index]).max_by_key(|index| functions[*index].len()) {
        shared.fill(0);
        for run in last.iter().flat_map(|last| &of[*last]) {
            let holders = &holders[*run as usize];
            if holders.len() < COMMON {
                for holder in holders {
                    shared[*holder as usize] += 1;
                }
            }
        }
        let alike = |index: usize| {
            let both = of[index].len() + last.map_or(0, |last| of[last].len()) + CHANCE;
            shared[index] as f64 / both as f64
        };
        let like = (0..left.len())
            .filter(|index| left[*index] && shared[*index] > 0)
            .max_by(|one, other| alike(*one).total_cmp(&alike(*other)));
        let next = like.unwrap_or(longest);
        left[next] = false;
        order.push(next);
        last = Some(next);
    }
    order
}

fn push_number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn name_section(names: Vec<String>) -> Vec<u8> {
    let mut map = Vec::new();
    push_number(&mut map, names.len());
    for (index, name) in names.iter().enumerate() {
        push_number(&mut map, index);
        push_number(&mut map, name.len());
        map.extend(name.as_bytes());
    }
    let mut inner = b"\x04name\x01".to_vec();
    push_number(&mut inner, map.len());
    inner.extend(map);
    // The id of a custom section.
    let mut section = vec![0];
    push_number(&mut section, inner.len());
    section.extend(inner);
    section
}
