//! `cargo xtask size --parts`: what each KPI, element, layer and library takes of the published modules.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::Format;
use super::cut::{Cut, Whole};
use crate::wasm::MODULES;
use crate::{step, workspace};

/// A library of fewer bytes is not worth a line.
const LARGE: usize = 2000;

/// What a part is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Kpi,
    Element,
    /// A module of this workspace that is neither.
    Layer,
    Library,
}

/// Bytes that the modules lose without a part.
#[derive(Clone, Copy, Default, Serialize)]
struct Bytes {
    raw: i64,
    brotli: i64,
}

/// A line of the table.
#[derive(Serialize)]
struct Line {
    kind: Kind,
    name: String,
    engine: Bytes,
    widgets: Bytes,
}

impl Line {
    fn brotli(&self) -> i64 {
        self.engine.brotli + self.widgets.brotli
    }
}

/// What a part is called here and in the modules.
struct Part {
    kind: Kind,
    name: String,
    /// The KPI's id, the element's tag.
    id: String,
    /// The element's view, or the first words of the functions' names.
    path: String,
}

/// Runs the command over the modules as they were last built.
pub fn run(format: Format) -> Result<()> {
    let mut lines: BTreeMap<(Kind, String), Line> = BTreeMap::new();
    for (place, module) in MODULES.iter().enumerate() {
        let whole = Whole::new(module.named()?);
        let mut parts = listed()?;
        parts.extend(found(&whole));
        let ids: Vec<String> = parts.iter().map(|part| part.id.clone()).filter(|id| !id.is_empty()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (mut which, mut raw, mut cuts) = (Vec::new(), Vec::new(), vec![whole.published()]);
        for part in &parts {
            if let Some((saved, cut)) = part.cut(&whole, &ids) {
                which.push(part);
                raw.push(saved as i64);
                cuts.push(cut);
            }
        }
        let sizes =
            step::timed(&format!("Compress {} without each of {} parts", module.name, raw.len()), || compress(&cuts))?;
        let (published, sizes) = sizes.split_first().context("nothing was compressed")?;
        for ((part, raw), brotli) in which.iter().zip(raw).zip(sizes) {
            let empty = || Line {
                kind: part.kind,
                name: part.name.clone(),
                engine: Bytes::default(),
                widgets: Bytes::default(),
            };
            let line = lines.entry((part.kind, part.name.clone())).or_insert_with(empty);
            *(if place == 0 { &mut line.engine } else { &mut line.widgets }) =
                Bytes { raw, brotli: published - brotli };
        }
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by_key(|line| (line.kind, -line.brotli()));
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&lines)?),
        Format::Table => print(&lines),
    }
    Ok(())
}

fn print(lines: &[Line]) {
    let mut before = None;
    for line in lines {
        if before.replace(line.kind) != Some(line.kind) {
            let name = match line.kind {
                Kind::Kpi => "KPI",
                Kind::Element => "element",
                Kind::Layer => "layer",
                Kind::Library => "library",
            };
            let space = if line.kind == Kind::Kpi { "" } else { "\n" };
            println!(
                "{space}{name:<32} {:>10} {:>10} {:>10} {:>10} {:>10}",
                "engine raw", "brotli", "widgets raw", "brotli", "brotli"
            );
        }
        let (engine, widgets) = (line.engine, line.widgets);
        println!(
            "  {:<30} {:>10} {:>10} {:>11} {:>10} {:>10}",
            line.name,
            engine.raw,
            engine.brotli,
            widgets.raw,
            widgets.brotli,
            line.brotli()
        );
    }
}

/// The KPIs and elements, from the lists that the package has.
fn listed() -> Result<Vec<Part>> {
    let folder = workspace::root().join("widgets/js");
    let definitions: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&fs::read_to_string(folder.join("definitions.json"))?).context("definitions.json")?;
    let part =
        |kind, id: &str, path: &str| Part { kind, name: id.to_owned(), id: id.to_owned(), path: path.to_owned() };
    let mut parts: Vec<Part> = definitions.keys().map(|id| part(Kind::Kpi, id, id)).collect();
    let tags = fs::read_to_string(folder.join("tags.js"))?;
    let list = tags.split_once("const elements = [").and_then(|(_, list)| list.split_once(']'));
    for name in list.map_or("", |(list, _)| list).split('"').skip(1).step_by(2) {
        let view = if name == "source" { "inventory".to_owned() } else { name.replace('-', "_") };
        parts.push(part(Kind::Element, &format!("mops-{name}"), &view));
    }
    Ok(parts)
}

/// The layers and libraries, from the names of a module's functions.
fn found(whole: &Whole) -> Vec<Part> {
    let mut sizes: BTreeMap<(Kind, &str), usize> = BTreeMap::new();
    for (name, bytes) in whole.functions() {
        let path = path(name);
        let mut levels = path.match_indices("::").map(|(at, _)| at);
        let (Some(first), second) = (levels.next(), levels.next()) else { continue };
        let own = path.starts_with("mops_");
        let until = if own { second.unwrap_or(path.len()) } else { first };
        let kind = if own { Kind::Layer } else { Kind::Library };
        *sizes.entry((kind, path.get(..until).unwrap_or(path))).or_default() += bytes;
    }
    let large = sizes.into_iter().filter(|(_, bytes)| *bytes >= LARGE);
    let part = |((kind, path), _): ((Kind, &str), usize)| Part {
        kind,
        name: path.to_owned(),
        id: String::new(),
        path: path.to_owned(),
    };
    large.map(part).collect()
}

/// Where the name of a function begins to say where it is written: `<&mut a::B as c::D>::e` is at `a::B`.
fn path(name: &str) -> &str {
    let mut path = name;
    loop {
        let before = path;
        for dress in ["<", "&", "*", "(", "[", "mut ", "dyn ", "const "] {
            path = path.strip_prefix(dress).unwrap_or(path);
        }
        if path == before {
            return path.split([' ', '<', '>', ',', ')']).next().unwrap_or(path);
        }
    }
}

impl Part {
    fn cut(&self, whole: &Whole, ids: &[&str]) -> Option<(usize, Vec<u8>)> {
        let own = |name: &str| match self.kind {
            Kind::Kpi => name.contains(&format!("mops_core::kpi::{}::", self.path)),
            Kind::Element => {
                ["mops_core::view::", "mops_core::view::operations::", "mops_widgets::widget::"].iter().any(|of| {
                    let mut found = name.match_indices(of).filter_map(|(at, of)| name.get(at + of.len()..));
                    let whole = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
                    found.any(|rest| rest.strip_prefix(&self.path).is_some_and(whole))
                })
            }
            Kind::Layer => {
                path(name).strip_prefix(&self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            }
            Kind::Library => path(name).split("::").next() == Some(&self.path),
        };
        let picks = |name: &str| self.kind == Kind::Element && name == "mops_core::view::build";
        let whole_part = matches!(self.kind, Kind::Layer | Kind::Library);
        whole.without(&Cut { owns: &own, picks: &picks, whole: whole_part, id: &self.id, ids })
    }
}

/// Node.js compresses, as for all sizes: modules come one after the other, each after its length.
const COMPRESS: &str = "
const zlib = require('node:zlib'), all = require('node:fs').readFileSync(0);
const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22 };
for (let at = 0; at < all.length; ) {
  const end = at + 4 + all.readUInt32LE(at);
  console.log(zlib.brotliCompressSync(all.subarray(at + 4, end), { params }).length);
  at = end;
}";

/// The compressed sizes of modules, found on all processors.
fn compress(modules: &[Vec<u8>]) -> Result<Vec<i64>> {
    let processors = thread::available_parallelism().map_or(1, |count| count.get());
    let shares = modules.chunks(modules.len().div_ceil(processors).max(1));
    let sizes: Vec<Result<Vec<i64>>> = thread::scope(|scope| {
        let running: Vec<_> = shares.map(|share| scope.spawn(|| compress_share(share))).collect();
        running.into_iter().map(|running| running.join().unwrap_or_else(|_| bail!("compression broke off"))).collect()
    });
    let sizes: Vec<i64> = sizes.into_iter().collect::<Result<Vec<_>>>()?.concat();
    if sizes.len() != modules.len() {
        bail!("{} of {} modules were compressed", sizes.len(), modules.len());
    }
    Ok(sizes)
}

fn compress_share(modules: &[Vec<u8>]) -> Result<Vec<i64>> {
    let mut node = Command::new("node");
    let mut node = node.args(["-e", COMPRESS]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("node")?;
    let mut input = node.stdin.take().context("node reads nothing")?;
    for module in modules {
        input.write_all(&u32::try_from(module.len())?.to_le_bytes())?;
        input.write_all(module)?;
    }
    drop(input);
    let output = node.wait_with_output()?;
    let sizes = String::from_utf8(output.stdout)?;
    sizes.lines().map(|line| Ok(line.parse()?)).collect()
}
