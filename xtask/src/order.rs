//! Puts a module's functions into an order that compresses well.
//!
//! The functions called most have the shortest numbers; wasm-opt sees to that. Among all whose numbers are equally long,
//! the order is free: each is followed by the one that shares most with it, so that a compressor finds what repeats
//! close by.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Functions whose numbers take one byte, and so stay where wasm-opt put them.
const SHORT: usize = 128;
/// Bytes that count as something in common.
const RUN: usize = 6;
/// What more functions have in common says nothing.
const COMMON: usize = 200;
/// Keeps small functions, which share much by chance, from coming first.
const CHANCE: usize = 50;

/// The ids of sections.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;

/// Names the functions of a module so that in the order of their names they stand as they should, for wasm-opt's pass
/// `reorder-functions-by-name`.
pub fn name(file: &Path) -> Result<()> {
    let mut bytes = fs::read(file)?;
    let mut imported = 0;
    let mut functions = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let id = bytes[at];
        at += 1;
        let length = number(&bytes, &mut at)?;
        let mut inner = at;
        match id {
            IMPORTS => imported = imports(&bytes, &mut inner)?,
            CODE => {
                for _ in 0..number(&bytes, &mut inner)? {
                    let length = number(&bytes, &mut inner)?;
                    functions.push(bytes.get(inner..inner + length).context("a function is cut short")?);
                    inner += length;
                }
            }
            _ => {}
        }
        at += length;
    }
    let fixed = SHORT.saturating_sub(imported).min(functions.len());
    let order = (0..fixed).chain(chain(&functions, fixed));
    let mut names = vec![String::new(); functions.len()];
    for (place, function) in order.enumerate() {
        names[function] = format!("f{place:05}");
    }
    let names = (0..imported).map(|import| format!("i{import:05}")).chain(names);
    let section = name_section(names.collect());
    bytes.extend(section);
    Ok(fs::write(file, bytes)?)
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

/// How many functions a module imports.
fn imports(bytes: &[u8], at: &mut usize) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..number(bytes, at)? {
        for _ in 0..2 {
            let length = number(bytes, at)?;
            *at += length;
        }
        let kind = *bytes.get(*at).context("an import is cut short")?;
        *at += 1;
        if kind != 0 {
            bail!("it imports something else than a function");
        }
        number(bytes, at)?;
        functions += 1;
    }
    Ok(functions)
}

/// A number as WebAssembly writes it (LEB128).
fn number(bytes: &[u8], at: &mut usize) -> Result<usize> {
    let (mut value, mut shift) = (0_usize, 0);
    loop {
        let byte = *bytes.get(*at).context("the module is cut short")?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return Ok(value);
        }
    }
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
    let mut section = vec![CUSTOM];
    push_number(&mut section, inner.len());
    section.extend(inner);
    section
}
