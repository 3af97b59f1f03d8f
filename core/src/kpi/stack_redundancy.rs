//! Where two tools are used for the same.

use super::deals::folded;
use super::scan::Tally;
use super::stack::{CENSUS, Names, capability};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;

/// `stack_redundancy`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "stack_redundancy",
        version: 1,
        name: "Stack redundancy",
        unit: Unit::Records,
        direction: Direction::Lower,
        formula: "capabilities in use in two or more tools for the same purpose; beside it the annual cost of all but the most adopted of these tools",
        source: "ours",
        table: "tools",
        inputs: &[
            "tools.annual_cost",
            "tools.currency",
            "tools.seats_active",
            "capabilities.tool",
            "capabilities.capability",
            "capabilities.purpose",
            "capabilities.in_use",
            "capabilities.users",
        ],
        edge_cases: &[
            "These are candidates, not verdicts.",
            "The same capability for different purposes is shared, not redundant. Names are compared without case.",
            "Most adopted is the tool with most users of the capability, or most active seats where users are blank; among equals the most expensive is kept, so that nothing is promised.",
            "Cost counts each tool once, however often it is redundant. Saving counts only the tools that do nothing else: where a tool is also used for what no other kept tool does, giving it up costs that.",
            "A blank purpose or an unknown use makes no candidate; it raises the upper bound by the candidates it could make.",
            "A tool without listed capabilities is left out.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["annual_cost"]),
    measure,
    judge,
    particulars: Particulars::NONE,
};

/// Between the parts of a key; no text for people holds it.
const DIVIDER: char = '\u{1f}';

fn measure(scan: &Scan) -> Measure {
    let tools = scan.tools();
    let (mut tally, mut measure) = (Tally::new(scan.table), Measure::default());
    let listed = scan.dataset.table("capabilities");
    let column = |field| listed.and_then(|table| table.text(field));
    let (tool, name, purpose) = (column("tool"), column("capability"), column("purpose"));
    // The row of each tool that is looked at, by its code among the capabilities; and whether it has any.
    let mut rows: Vec<Option<(usize, bool)>> = vec![None; tool.map_or(0, |column| column.dictionary.len())];
    let code = |row: usize| tool.and_then(|column| column.dictionary.find(tools.id(row))).filter(|code| *code > 0);
    for row in scan.rows() {
        if let Some(place) = code(row).and_then(|code| rows.get_mut(code as usize)) {
            *place = Some((row, false));
        }
    }
    if let (Some(table), Some(tool), Some(name)) = (listed, tool, name) {
        for (at, code) in tool.codes.iter().enumerate() {
            let Some(Some((row, has))) = rows.get_mut(*code as usize) else { continue };
            let (Ok((state, _)), capability) = (capability(table, at), name.get(at)) else { continue };
            *has = true;
            let series = match state {
                Some(true) => "in_use",
                Some(false) => continue,
                None => "open",
            };
            let purpose = purpose.map_or("", |column| column.get(at));
            let key = [&folded(capability), &folded(purpose), tools.id(*row), capability, purpose]
                .join(DIVIDER.encode_utf8(&mut [0; 4]));
            let users = super::amounts::number(table.money("users"), at).ok();
            if let Some(users) = users.or_else(|| tools.active(*row).ok()) {
                measure.add(Key::part("adoption", key.clone()), users.into());
            }
            measure.add(Key::part(series, key), 1);
        }
    }
    for row in scan.rows() {
        let has =
            code(row).and_then(|code| rows.get(code as usize)).is_some_and(|place| place.is_some_and(|(_, has)| has));
        if let Ok(cost) = tools.amount("annual_cost", row) {
            measure.add(Key::part("cost", tools.id(row)), cost.into());
        }
        tally.row(row, if has { Ok(()) } else { Err((Reason::NoEvidence, "capability")) });
    }
    tally.finish(&mut measure);
    measure
}

/// A tool that is, or may be, used for something.
struct Candidate<'a> {
    tool: &'a str,
    used: bool,
    adoption: Option<i128>,
    cost: Option<i128>,
}

/// A capability for a purpose, and the tools that have it.
struct Group<'a> {
    /// Capability and purpose as they are compared.
    key: [&'a str; 2],
    label: String,
    tools: Vec<Candidate<'a>>,
}

impl Group<'_> {
    fn in_use(&self) -> usize {
        self.tools.iter().filter(|tool| tool.used).count()
    }

    /// Whether two tools are known to be used for it.
    fn redundant(&self) -> bool {
        !self.key[1].is_empty() && self.in_use() > 1
    }
}

/// All groups, in the order of their keys; the tools of a redundant one, the one to keep first.
fn groups(measure: &Measure) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for series in ["in_use", "open"] {
        for key in measure.sums.keys().filter(|key| key.0 == series) {
            let mut texts = key.1.split(DIVIDER);
            let mut next = || texts.next().unwrap_or_default();
            let (id, tool) = ([next(), next()], next());
            let adoption = measure.sums.get(&Key::part("adoption", key.1.as_str())).copied();
            let cost = measure.sums.get(&Key::part("cost", tool)).copied();
            let found = Candidate { tool, used: series == "in_use", adoption, cost };
            let at = groups.binary_search_by(|group| group.key.cmp(&id));
            if let Ok(group) = at.map(|at| groups.get_mut(at)) {
                let Some(group) = group else { continue };
                match group.tools.iter_mut().find(|known| known.tool == tool) {
                    // Listed twice: used if either says so.
                    Some(known) => known.adoption = known.adoption.max(adoption),
                    None => group.tools.push(found),
                }
            } else if let Err(at) = at {
                let names = [next(), next()];
                let label = names.join(if names[1].is_empty() { "" } else { " · " });
                groups.insert(at, Group { key: id, label, tools: vec![found] });
            }
        }
    }
    groups
}

/// How many more candidates there could be if everything unknown were known: groups whose use is open, and blank
/// purposes that could meet another tool's.
fn possible(groups: &[Group]) -> usize {
    let mut more = 0_usize;
    for same in groups.chunk_by(|left, right| left.key[0] == right.key[0]) {
        let (blank, named): (Vec<&Group>, Vec<&Group>) = same.iter().partition(|group| group.key[1].is_empty());
        let blanks = blank.iter().map(|group| group.tools.len()).sum::<usize>();
        let lone = named.iter().filter(|group| group.tools.len() == 1).count();
        let open = named.iter().filter(|group| group.tools.len() > 1 && group.in_use() < 2).count();
        let pairs = blanks.min(lone);
        more = more.saturating_add(open).saturating_add(pairs).saturating_add(blanks.saturating_sub(pairs) / 2);
    }
    more
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let names = Names::new(frame.table);
    let mut groups = groups(measure);
    let more = possible(&groups);
    // What each tool is kept for, and what it could be given up for.
    let (mut kept, mut given_up): (Vec<&str>, Vec<(&str, Option<i128>)>) = (Vec::new(), Vec::new());
    let mut parts = Vec::new();
    for group in &mut groups {
        if !group.redundant() {
            kept.extend(group.tools.iter().map(|tool| tool.tool));
            continue;
        }
        let keep = (0..group.tools.len()).max_by_key(|at| {
            group.tools.get(*at).map(|tool| (tool.used, tool.adoption, tool.cost, std::cmp::Reverse(tool.tool)))
        });
        group.tools.swap(0, keep.unwrap_or(0));
        let (first, others) =
            group.tools.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
        kept.extend(first.map(|tool| tool.tool));
        let mut redundant: Vec<(&str, Option<i128>)> = Vec::new();
        for tool in others {
            // One that may be used here is not given up for it, and can't be switched off either.
            if tool.used {
                redundant.push((tool.tool, tool.cost));
            } else {
                kept.push(tool.tool);
            }
        }
        for tool in &redundant {
            if !given_up.contains(tool) {
                given_up.push(*tool);
            }
        }
        let users = |tool: &Candidate| {
            let answer = tool.adoption.map_or_else(
                || Answer::undefined("no_evidence", "Nobody counted its users."),
                |users| Answer::new(to_units(users), CENSUS),
            );
            names.part(tool.tool, Unit::Records, answer)
        };
        let cost = cost(&redundant, &names);
        parts.push(Part {
            parts: group.tools.iter().filter(|tool| tool.used).map(users).collect(),
            ..Part::new(group.key.join(" · "), group.label.clone(), Unit::MoneyPerYear, cost)
        });
    }
    let count = parts.len();
    let answer = if measure.used == 0 {
        Answer::undefined("no_evidence", "No tool has its capabilities listed.")
    } else {
        Answer::new(count as f64, CENSUS)
    };
    let idle: Vec<_> = given_up.iter().filter(|(tool, _)| !kept.contains(tool)).copied().collect();
    let candidates = Answer::new(count as f64, CENSUS);
    Judgement {
        answer: answer.bounded((more > 0).then(|| [count as f64, count.saturating_add(more) as f64])),
        parts: vec![
            Part::new("cost", "Cost of all but the most adopted", Unit::MoneyPerYear, cost(&given_up, &names)),
            Part {
                parts: idle.iter().map(|tool| names.part(tool.0, Unit::MoneyPerYear, cost(&[*tool], &names))).collect(),
                ..Part::new("saving", "Cost of those that do nothing else", Unit::MoneyPerYear, cost(&idle, &names))
            },
            Part { parts, ..Part::new("candidates", "Candidates", Unit::Records, candidates) },
        ],
    }
}

/// What some tools cost together; unknown where one of them is, which is named.
fn cost(tools: &[(&str, Option<i128>)], names: &Names) -> Answer {
    match tools.iter().find(|(_, cost)| cost.is_none()) {
        Some((tool, _)) => Answer::undefined("no_evidence", format!("The cost of {} is unknown.", names.name(tool))),
        None => Answer::new(
            to_units(tools.iter().fold(0_i128, |sum, (_, cost)| sum.saturating_add(cost.unwrap_or(0)))),
            CENSUS,
        ),
    }
}
