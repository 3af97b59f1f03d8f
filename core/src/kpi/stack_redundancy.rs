//! Where two tools are used for the same.

use super::deals::folded;
use super::scan::Tally;
use super::stack::{CENSUS, Names, used};
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Part, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::Joined;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::sum::Sum;

/// `stack_redundancy`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "stack_redundancy",
        version: 2,
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
            "A blank purpose or an unknown use makes no candidate; it raises the upper bound by the candidates it could make. Where only such are possible, what they cost is unknown.",
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
            let capability = name.get(at);
            if capability.is_empty() {
                continue;
            }
            *has = true;
            let series = match used(table, at) {
                Some(true) => "in_use",
                Some(false) => continue,
                None => "open",
            };
            let purpose = purpose.map_or("", |column| column.get(at));
            let key = [&folded(capability), &folded(purpose), tools.id(*row), capability, purpose]
                .joined(DIVIDER.encode_utf8(&mut [0; 4]));
            if let Ok(users) = super::amounts::number(table.money("users"), at) {
                // Of what is listed twice, the most.
                let adoption = measure.sums.entry(Key::part("adoption", key.clone())).or_insert(users.into());
                *adoption = (*adoption).max(users.into());
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
        if let Ok(seats) = tools.active(row) {
            measure.add(Key::part("seats", tools.id(row)), seats.into());
        }
        tally.row(row, if has { Ok(()) } else { Err((Reason::NoEvidence, "capability")) });
    }
    tally.finish(&mut measure);
    measure
}

/// A tool that is, or may be, used for something.
struct Candidate<'a> {
    /// Capability and purpose as they are compared.
    key: [&'a str; 2],
    /// The same as they are written.
    label: String,
    tool: &'a str,
    used: bool,
    adoption: Option<i128>,
    cost: Option<i128>,
}

/// All tools by what they are, or may be, used for.
fn candidates(measure: &Measure) -> Vec<Candidate<'_>> {
    let mut all: Vec<Candidate> = Vec::new();
    for series in ["in_use", "open"] {
        for key in measure.sums.keys().filter(|key| key.0 == series) {
            let mut texts = key.1.split(DIVIDER);
            let mut next = || texts.next().unwrap_or_default();
            let (id, tool) = ([next(), next()], next());
            let adoption = measure.sums.get(&Key::part("adoption", key.1.as_str())).copied();
            // Listed twice: used if either says so.
            if let Some(known) = all.iter_mut().find(|known| known.key == id && known.tool == tool) {
                known.adoption = known.adoption.max(adoption);
                continue;
            }
            let names = [next(), next()];
            let label = names.joined(if names[1].is_empty() { "" } else { " · " });
            let cost = measure.sums.get(&Key::part("cost", tool)).copied();
            let at = all.partition_point(|known| known.key <= id);
            all.insert(at, Candidate { key: id, label, tool, used: series == "in_use", adoption, cost });
        }
    }
    for tool in &mut all {
        tool.adoption = tool.adoption.or_else(|| measure.sums.get(&Key::part("seats", tool.tool)).copied());
    }
    all
}

fn in_use(group: &[Candidate]) -> usize {
    group.iter().filter(|tool| tool.used).count()
}

/// How many more candidates there could be if everything unknown were known: groups whose use is open, and blank
/// purposes that could meet another tool's (never its own).
fn possible(all: &[Candidate]) -> usize {
    let mut more = 0_usize;
    for same in all.chunk_by(|left, right| left.key[0] == right.key[0]) {
        let (mut blanks, mut lone): (&[Candidate], Vec<&str>) = (&[], Vec::new());
        for group in same.chunk_by(|left, right| left.key == right.key) {
            match group {
                [first, ..] if first.key[1].is_empty() => blanks = group,
                [one] => lone.push(one.tool),
                _ => more = more.plus(usize::from(in_use(group) < 2)),
            }
        }
        let able = blanks.iter().filter(|blank| lone.iter().any(|tool| *tool != blank.tool)).count();
        let pairs = able.min(lone.len());
        more = more.plus(pairs).plus(blanks.len().minus(pairs) / 2);
    }
    more
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let names = Names::new(frame.table);
    let mut all = candidates(measure);
    let more = possible(&all);
    // What each tool is kept for, and what it could be given up for.
    let (mut kept, mut given_up): (Vec<&str>, Vec<&Candidate>) = (Vec::new(), Vec::new());
    let mut parts = Vec::new();
    for group in all.chunk_by_mut(|left, right| left.key == right.key) {
        let Some(Candidate { key, label, .. }) = group.first() else { continue };
        let (key, label) = (*key, label.clone());
        if key[1].is_empty() || in_use(group) < 2 {
            kept.extend(group.iter().map(|tool| tool.tool));
            continue;
        }
        let keep = group.iter().enumerate();
        let keep = keep.max_by_key(|(_, tool)| (tool.used, tool.adoption, tool.cost, std::cmp::Reverse(tool.tool)));
        group.swap(0, keep.map_or(0, |(at, _)| at));
        let (mut redundant, mut adopted) = (Vec::new(), Vec::new());
        for (at, tool) in group.iter().enumerate() {
            // One that may be used here is not given up for it, and can't be switched off either.
            if at == 0 || !tool.used {
                kept.push(tool.tool);
            } else {
                redundant.push(tool);
                if !given_up.iter().any(|known| known.tool == tool.tool) {
                    given_up.push(tool);
                }
            }
            if tool.used {
                let users = tool.adoption.map_or_else(
                    || Answer::undefined("no_evidence", "Nobody counted its users."),
                    |users| Answer::new(to_units(users), CENSUS),
                );
                adopted.push(names.part(tool.tool, Unit::Records, users));
            }
        }
        let cost = cost(&redundant, &names);
        parts.push(Part::new(key.joined(" · "), label, Unit::MoneyPerYear, cost).with(adopted));
    }
    let least = parts.len() as f64;
    let answer = if measure.used == 0 {
        Answer::undefined("no_evidence", "No tool has its capabilities listed.")
    } else {
        Answer::new(least, CENSUS)
    };
    let answer = answer.bounded((more > 0).then_some([least, least + more as f64]));
    // Where no candidate is known and some are possible, what they cost is unknown, not 0.
    let none_known = parts.is_empty() && (more > 0 || measure.used == 0);
    let cost_of = |tools: &[&Candidate]| {
        if none_known {
            Answer::undefined("no_evidence", "Which tools do the same is not known.")
        } else {
            cost(tools, &names)
        }
    };
    let all_cost = cost_of(&given_up);
    given_up.retain(|tool| !kept.contains(&tool.tool));
    let mut saving = Part::new("saving", "Cost of those that do nothing else", Unit::MoneyPerYear, cost_of(&given_up));
    for tool in given_up {
        saving.parts.push(names.part(tool.tool, Unit::MoneyPerYear, cost(&[tool], &names)));
    }
    Judgement {
        answer: answer.clone(),
        parts: vec![
            Part::new("cost", "Cost of all but the most adopted", Unit::MoneyPerYear, all_cost),
            saving,
            Part::new("candidates", "Candidates", Unit::Records, answer).with(parts),
        ],
    }
}

/// What some tools cost together; unknown where one of them is, which is named.
fn cost(tools: &[&Candidate], names: &Names) -> Answer {
    let mut sum = 0_i128;
    for Candidate { tool, cost, .. } in tools {
        let Some(cost) = cost else {
            return Answer::undefined("no_evidence", format!("The cost of {} is unknown.", names.name(tool)));
        };
        sum = sum.plus(*cost);
    }
    Answer::new(to_units(sum), CENSUS)
}
