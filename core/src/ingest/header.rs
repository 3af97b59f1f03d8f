//! Headers to fields: the charter's mapping first, then the preset of the system that wrote the file, then our own
//! field names. What fits none of them is listed with a suggestion and never used.

use super::preset::{PRESETS, Preset};
use crate::charter::Charter;
use crate::fold::lower;
use crate::list::List;
use crate::map::Map;
use crate::table::UnmatchedHeader;
use crate::table::schema::{Kind, TABLES, TableSchema};

/// Similarity (Jaro–Winkler) from which a field is suggested.
const SIMILAR: f64 = 0.88;
/// Headers of stage timestamps in files of no known system; `{}` stands for any name of the stage.
const STAGES: &[&str] = &[
    "stage:{}",
    "{} at",
    "{} date",
    "{} on",
    "entered {}",
    "entered {} at",
    "date entered {}",
    "became {}",
    "became {} at",
];

/// How a header was matched. In order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Mapping,
    Preset,
    Name,
}

impl By {
    pub fn word(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Preset => "preset",
            Self::Name => "name",
        }
    }
}

/// A field that a header stands for.
#[derive(Debug, Clone)]
pub struct Target {
    pub field: String,
    pub kind: Kind,
    pub read: bool,
    pub by: By,
    telling: bool,
    /// Among the headers of one field, the lowest wins.
    rank: usize,
}

/// All headers that stand for fields of one table, in files of one system.
#[derive(Debug)]
struct Names {
    preset: Option<&'static Preset>,
    /// Headers as the charter writes them, without case.
    mapped: Map<String, Target>,
    /// Headers by their letters and digits.
    known: Map<String, Target>,
}

/// Reads headers for the tables in question.
#[derive(Debug)]
pub struct Headers {
    tables: Vec<(&'static TableSchema, Vec<Names>)>,
}

/// Which table and fields some headers stand for.
#[derive(Debug)]
pub struct Layout {
    pub schema: &'static TableSchema,
    pub preset: Option<&'static str>,
    /// One for each header.
    pub targets: Vec<Option<Target>>,
    score: usize,
    /// Position among the names of the table.
    names: usize,
}

/// How far headers were understood.
#[derive(Debug)]
pub enum Recognition {
    /// Fields that every row of a table needs are missing; of the table that comes nearest.
    Lacking { schema: Option<&'static TableSchema>, fields: Vec<&'static str>, score: usize },
    /// Two tables fit as well.
    Undecided(&'static str, &'static str),
    /// Found.
    Found(Layout),
}

impl Headers {
    /// For one table, or for all of them.
    pub fn new(charter: &Charter, table: Option<&str>) -> Self {
        let tables = TABLES.iter().filter(|schema| table.is_none_or(|name| name == schema.name));
        let presets = || PRESETS.iter().map(|preset| Some(*preset)).chain([None]);
        Self {
            tables: tables
                .map(|schema| (schema, presets().map(|preset| Names::new(charter, schema, preset)).list()))
                .list(),
        }
    }

    /// Finds the table and fields that headers stand for.
    pub fn recognise(&self, headers: &[&str]) -> Recognition {
        let mut best: Option<Layout> = None;
        let mut rival = None;
        let mut nearest: Option<(usize, &'static TableSchema, Vec<&'static str>)> = None;
        for (schema, names) in &self.tables {
            let Some(layout) = layout(schema, names, headers) else { continue };
            let lacking: Vec<&str> = schema.needed.iter().copied().filter(|field| !layout.has(field)).list();
            if !lacking.is_empty() {
                if nearest.as_ref().is_none_or(|(score, ..)| layout.score > *score) {
                    nearest = Some((layout.score, schema, lacking));
                }
                continue;
            }
            match &best {
                Some(known) if known.score > layout.score => {}
                Some(known) if known.score == layout.score => rival = Some((known.schema.name, schema.name)),
                _ => {
                    rival = None;
                    best = Some(layout);
                }
            }
        }
        match (best, rival, nearest) {
            (_, Some((one, other)), _) => Recognition::Undecided(one, other),
            (Some(layout), None, _) => Recognition::Found(layout),
            (None, None, Some((score, schema, fields))) => Recognition::Lacking { schema: Some(schema), fields, score },
            (None, None, None) => {
                let schema = self.tables.first().map(|(schema, _)| *schema);
                Recognition::Lacking {
                    schema,
                    fields: schema.map(|schema| schema.needed.to_vec()).unwrap_or_default(),
                    score: 0,
                }
            }
        }
    }

    /// What one more header stands for, in a layout already found.
    pub fn target(&self, layout: &Layout, header: &str) -> Option<Target> {
        self.names(layout)?.find(header)
    }

    /// Headers that nothing was read from, with the field each may be meant for.
    pub fn unmatched(&self, layout: &Layout, headers: &[String]) -> Vec<UnmatchedHeader> {
        headers
            .iter()
            .zip(&layout.targets)
            .filter(|(header, target)| target.is_none() && !header.trim().is_empty())
            .map(|(header, _)| UnmatchedHeader { header: header.clone(), suggestion: self.suggestion(layout, header) })
            .list()
    }

    fn suggestion(&self, layout: &Layout, header: &str) -> Option<String> {
        let header = squash(header);
        let names = self.names(layout)?;
        names
            .known
            .iter()
            .filter(|(_, target)| !layout.has(&target.field))
            .map(|(name, target)| {
                // A stage's bare name as header is too little to be sure of, yet worth a suggestion.
                let bare = target.field.strip_prefix("stage:").is_some_and(|id| squash(id) == header);
                (if bare { 1.0 } else { strsim::jaro_winkler(name, &header) }, &target.field)
            })
            .filter(|(similarity, _)| *similarity >= SIMILAR)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, field)| field.clone())
    }

    fn names(&self, layout: &Layout) -> Option<&Names> {
        let (_, names) = self.tables.iter().find(|(schema, _)| schema.name == layout.schema.name)?;
        names.get(layout.names)
    }
}

impl Layout {
    /// How much of the headers was understood.
    pub fn score(&self) -> usize {
        self.score
    }

    pub fn has(&self, field: &str) -> bool {
        self.targets.iter().flatten().any(|target| target.field == field)
    }
}

/// The best reading of some headers as one table; nothing if no header fits.
fn layout(schema: &'static TableSchema, names: &[Names], headers: &[&str]) -> Option<Layout> {
    let mut best: Option<Layout> = None;
    for (index, names) in names.iter().enumerate() {
        let mut targets: Vec<Option<Target>> = headers.iter().map(|header| names.find(header)).list();
        if names.preset.is_some() && !targets.iter().flatten().any(|target| target.by == By::Preset && target.telling) {
            continue;
        }
        keep_best(&mut targets);
        let score = targets.iter().flatten().map(|target| weight(schema, target)).fold(0, usize::saturating_add);
        if score > 0 && best.as_ref().is_none_or(|best| score > best.score) {
            let preset = names.preset.map(|preset| preset.name);
            best = Some(Layout { schema, preset, targets, score, names: index });
        }
    }
    best
}

/// Of several headers for one field, keeps the one that goes first; of equal ones, the leftmost.
fn keep_best(targets: &mut [Option<Target>]) {
    let mut best: Map<String, (By, usize, usize)> = Map::new();
    for (index, target) in targets.iter().enumerate() {
        if let Some(target) = target {
            let place = (target.by, target.rank, index);
            let best = best.entry(target.field.clone()).or_insert(place);
            *best = place.min(*best);
        }
    }
    for (index, slot) in targets.iter_mut().enumerate() {
        if slot.as_ref().is_some_and(|target| best.get(&target.field).is_none_or(|(_, _, kept)| *kept != index)) {
            *slot = None;
        }
    }
}

/// How much a matched header says about which table this is: fields that only this table has say most.
fn weight(schema: &TableSchema, target: &Target) -> usize {
    let elsewhere = TABLES.iter().any(|other| other.name != schema.name && other.field(&target.field).is_some());
    let own = match () {
        () if schema.needed.contains(&target.field.as_str()) => 4,
        () if elsewhere => 1,
        () => 3,
    };
    let certain = usize::from(target.by == By::Mapping || target.telling).saturating_mul(2);
    certain.saturating_add(own)
}

impl Names {
    fn new(charter: &Charter, schema: &'static TableSchema, preset: Option<&'static Preset>) -> Self {
        let mut names = Self { preset, mapped: Map::new(), known: Map::new() };
        let kind_of = |field: &str| {
            if field.starts_with("stage:") {
                return Some((Kind::Time, true));
            }
            if schema.name == "contacts" && crate::charter::data_standard::is_match(field) {
                return Some((Kind::Text, true));
            }
            schema.field(field).map(|field| (field.kind, field.read))
        };
        if let Some(mapping) = charter.sources.get(schema.name) {
            for (field, header) in &mapping.columns {
                let Some((kind, read)) = kind_of(field) else { continue };
                let target = Target { field: field.clone(), kind, read, by: By::Mapping, telling: true, rank: 0 };
                let header = lower(header.trim());
                // A stage's date may be another one's too, which is read then.
                if !(field.starts_with("stage:") && names.mapped.contains_key(&header)) {
                    names.mapped.insert(header, target);
                }
            }
        }
        let mut add = |header: &str, field: &str, by: By, telling: bool, rank: usize| {
            let Some((kind, read)) = kind_of(field) else { return };
            let target = Target { field: field.to_owned(), kind, read, by, telling, rank };
            names.known.entry(squash(header)).or_insert(target);
        };
        let stages = |patterns: &'static [&'static str], add: &mut dyn FnMut(&str, &str, usize)| {
            if schema.name != "contacts" {
                return;
            }
            for stage in charter.lifecycle.stages.iter().chain(&charter.lifecycle.exits) {
                let field = ["stage:", &stage.id].concat();
                let spellings = [&stage.id, &stage.label].into_iter().chain(&stage.aliases);
                for spelling in spellings.filter(|spelling| !spelling.trim().is_empty()) {
                    for (rank, pattern) in patterns.iter().enumerate() {
                        add(&pattern.replace("{}", spelling), &field, rank);
                    }
                }
            }
        };
        if let Some(preset) = preset {
            let headers = preset.tables.iter().find(|(table, _)| *table == schema.name).map_or(&[][..], |(_, all)| all);
            for (rank, header) in headers.iter().enumerate() {
                add(header.header, header.field, By::Preset, header.telling, rank);
            }
            stages(preset.stages, &mut |header, field, rank| add(header, field, By::Preset, true, rank));
        }
        for (rank, field) in schema.fields.iter().enumerate() {
            add(field.name, field.name, By::Name, false, rank);
        }
        stages(STAGES, &mut |header, field, rank| add(header, field, By::Name, false, rank));
        names
    }

    fn find(&self, header: &str) -> Option<Target> {
        let header = header.trim();
        if header.is_empty() {
            return None;
        }
        let found = self.mapped.get(&lower(header)).or_else(|| self.known.get(&squash(header)))?;
        // A field's own name tells of no system, however a system spells it ("is_won", "IsWon").
        if found.by == By::Preset && found.field == header {
            return Some(Target { telling: false, ..found.clone() });
        }
        Some(found.clone())
    }
}

/// A name by its letters and digits alone: "Owner.Name", "owner_name" and "Owner name" are the same. A dash between
/// spaces stays, for it parts two names: Pipedrive's "Deal - Owner" is no "Deal owner" of HubSpot's.
pub fn squash(name: &str) -> String {
    let apart = |at: usize| name.get(at.saturating_sub(1)..at.saturating_add(2)) == Some(" - ");
    let letters = name.char_indices().filter(|(at, letter)| letter.is_alphanumeric() || *letter == '-' && apart(*at));
    let letters: String = letters.map(|(_, letter)| letter).collect();
    if letters.is_empty() { lower(name.trim()) } else { lower(&letters) }
}
