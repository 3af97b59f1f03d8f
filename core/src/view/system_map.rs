//! View: the tools, what connects them, and what stops when a connection breaks.

use super::board::plural;
use super::operations::{brief, figures, one, section, worst_first};
use super::{BoardView, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Unit};
use crate::kpi::automation_drift::Drift;
use crate::kpi::integration_health::{Health, criticality, health};
use crate::kpi::stack::Names;
use crate::kpi::{self, Parameters};
use crate::list::{Joined, List};
use crate::money::to_units;
use crate::query::Asker;
use crate::sort::sorted;
use crate::sum::Sum;
use crate::table::{Table, is_known};
use std::rc::Rc;

/// Tools and connections looked at, at most.
const MOST: usize = 1000;
/// Names listed in a sentence.
const NAMED: usize = 4;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let figures = figures(asker, subject, &["integration_health", "integration_coverage", "automation_drift"]);
    let map = Map::new(asker, subject.as_of);
    let mut sections = vec![map.broken()];
    sections.extend(missing(&figures, &map));
    sections.extend(drifting(asker, subject, &map));
    sections.push(map.tools());
    sections.push(map.links());
    let worst = sections.first().and_then(|section| section.rows.first());
    let (message, state) = match worst {
        Some(row) if row.state != State::Unknown => {
            ([&row.label, " needs somebody first: ", &row.note].map(String::from).joined(""), row.state)
        }
        Some(_) => ("No connection is known to fail; of some nobody knows.".into(), State::Unknown),
        None if map.links.is_empty() => ("No connections between tools are listed.".into(), State::Unknown),
        None => ("Every connection is stable, owned and fresh.".into(), State::Good),
    };
    brief("system_map", (state, message), &figures, sections)
}

/// A connection.
struct Link<'a> {
    row: usize,
    id: &'a str,
    ends: [usize; 2],
    health: Health,
    /// In millionths; nothing where it can't be read.
    criticality: Option<i64>,
}

/// Tools as nodes, connections between them, and the automations that run in each.
struct Map<'a> {
    names: Names<'a>,
    tools: Option<&'a Table>,
    table: Option<&'a Table>,
    nodes: Vec<&'a str>,
    links: Vec<Link<'a>>,
    /// By node.
    automations: Vec<usize>,
    total: u64,
}

impl<'a> Map<'a> {
    fn new(asker: &Asker<'a>, as_of: i64) -> Self {
        let (tools, table) = (asker.dataset.table("tools"), asker.dataset.table("integrations"));
        let ids = tools.and_then(|table| table.text("id"));
        let mut nodes: Vec<&str> =
            tools.map_or(0..0, |table| 0..table.rows).take(MOST).filter_map(|row| Some(ids?.get(row))).list();
        let mut links = Vec::new();
        if let Some(table) = table {
            let text = |field, row: usize| table.text(field).map_or("", |column| column.get(row));
            let freshness = asker.charter.policies.integration_freshness_hours;
            for row in (0..table.rows).take(MOST) {
                if text("from", row).is_empty() || text("to", row).is_empty() {
                    continue;
                }
                let ends = ["from", "to"].map(|field| {
                    let id = text(field, row);
                    nodes.iter().position(|known| *known == id).unwrap_or_else(|| {
                        nodes.push(id);
                        nodes.len().minus(1)
                    })
                });
                links.push(Link {
                    row,
                    id: text("id", row),
                    ends,
                    health: health(table, row, as_of, freshness),
                    criticality: criticality(table, row).ok(),
                });
            }
        }
        let mut automations = vec![0; nodes.len()];
        let run_in = asker.dataset.table("automations").and_then(|table| table.text("tool"));
        for row in 0..run_in.map_or(0, |column| column.codes.len()) {
            let at = nodes.iter().position(|id| run_in.is_some_and(|column| !id.is_empty() && column.get(row) == *id));
            if let Some(count) = at.and_then(|at| automations.get_mut(at)) {
                *count = usize::saturating_add(*count, 1);
            }
        }
        let total = table.map_or(0, |table| table.rows as u64);
        Self { names: Names::new(tools), tools, table, nodes, links, automations, total }
    }

    fn name(&self, node: usize) -> &str {
        self.nodes.get(node).map_or("", |id| self.names.name(id))
    }

    fn label(&self, link: &Link) -> String {
        link.ends.map(|end| self.name(end)).joined(" → ")
    }

    fn owner(&self, table: Option<&'a Table>, row: Option<usize>) -> &'a str {
        table.and_then(|table| table.text("owner")).zip(row).map_or("", |(column, row)| column.get(row))
    }

    /// The tools that get their data, at first or second hand, through a tool, itself first.
    fn downstream(&self, node: usize) -> Vec<usize> {
        let mut reached = vec![node];
        let mut at = 0;
        while let Some(from) = reached.get(at).copied() {
            for link in &self.links {
                let [start, end] = link.ends;
                if start == from && !reached.contains(&end) {
                    reached.push(end);
                }
            }
            at = at.plus(1);
        }
        reached
    }

    fn automations_in(&self, nodes: &[usize]) -> usize {
        nodes.iter().filter_map(|node| self.automations.get(*node)).sum()
    }

    /// What stops without the data that reach some tools.
    fn stops(&self, nodes: &[usize]) -> String {
        if nodes.is_empty() {
            return "Nothing else gets its data from here.".into();
        }
        let mut names: Vec<&str> = nodes.iter().take(NAMED).map(|node| self.name(*node)).list();
        if nodes.len() > NAMED {
            names.push("…");
        }
        format!(
            "{} ({}) and {} stop or go stale when it breaks.",
            plural(nodes.len(), "tool", "tools"),
            names.joined(", "),
            plural(self.automations_in(nodes), "automation", "automations")
        )
    }

    /// What a connection is, in a state, a word and what to do.
    fn standing(link: &Link) -> (State, &'static str, String) {
        let Health { state, owned, fresh, healthy, .. } = &link.health;
        let stale = *fresh == Some(false);
        let known = matches!(*state, "broken" | "workaround");
        let (meaning, word) = match healthy {
            Ok(true) => (State::Good, "stable"),
            Err(_) => (State::Unknown, "unknown"),
            Ok(false) if known => {
                (if *state == "broken" || stale || !owned { State::Bad } else { State::Warning }, *state)
            }
            Ok(false) => (State::Bad, if *owned { "stale" } else { "no owner" }),
        };
        let todo = [
            (*state == "broken", "Mend it."),
            (*state == "workaround", "Replace the workaround."),
            (!owned, "Name somebody who answers for it."),
            (stale && *state != "broken", "Find out why it no longer succeeds."),
            (healthy.is_err(), "Find out its state and when it last worked."),
        ];
        let todo: Vec<&str> = todo.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text).list();
        (meaning, word, todo.joined(" "))
    }

    /// Adds owner, hours since the last success, criticality.
    fn facts(&self, link: &Link, row: &mut Row) {
        row.text(self.owner(self.table, Some(link.row)));
        match link.health.age {
            Ok(age) => row.number(Some(libm::rint(age as f64 / 8.64e6) / 10.0)),
            Err(_) => row.text("never seen"),
        }
        row.number(link.criticality.map(|weight| to_units(weight.into())));
    }

    /// Connections that can't be leant on, the most critical first.
    fn broken(&self) -> Section {
        let mut bad = Vec::new();
        for (at, link) in self.links.iter().enumerate() {
            let rank = match Self::standing(link).0 {
                State::Bad => 0,
                State::Warning => 1,
                State::Unknown => 2,
                _ => continue,
            };
            bad.push((rank, std::cmp::Reverse(link.criticality), at));
        }
        let mut rows = Vec::new();
        for (_, _, at) in sorted(bad) {
            let Some(link) = self.links.get(at) else { continue };
            let ((state, word, mend), reached) = (Self::standing(link), self.downstream(link.ends[1]));
            let mut row = Row::new(link.id, &self.label(link));
            row.means(state, word);
            row.note = [self.stops(&reached), mend].joined(" ");
            self.facts(link, &mut row);
            row.number(Some(reached.len() as f64));
            row.number(Some(self.automations_in(&reached) as f64));
            rows.push(row);
        }
        let note = if rows.is_empty() { "None." } else { "The most critical first." };
        let columns = &[
            ("owner", "Owner", None),
            ("last_success", "Since last success", Some(Unit::Days)),
            ("criticality", "Criticality", Some(Unit::Ratio)),
            ("tools", "Tools that stop", Some(Unit::Records)),
            ("automations", "Automations that stop", Some(Unit::Records)),
        ];
        section("broken", "Connections to mend", note, Layout::List, columns, rows)
    }

    fn tools(&self) -> Section {
        let mut rows = Vec::new();
        for (node, id) in self.nodes.iter().enumerate() {
            let touching = self.links.iter().filter(|link| link.ends.contains(&node));
            let states: Vec<State> = touching.map(|link| Self::standing(link).0).list();
            let worst = [State::Bad, State::Warning, State::Unknown, State::Good];
            let state = worst.into_iter().find(|state| states.contains(state)).unwrap_or_default();
            // The tool itself is not what stops.
            let reached = self.downstream(node);
            let reached = reached.get(1..).unwrap_or_default();
            let mut row = Row::new(id, self.names.name(id));
            row.state = state;
            row.note = self.stops(reached);
            row.text(self.owner(self.tools, self.names.row(id)));
            row.number(Some(reached.len() as f64));
            row.number(self.automations.get(node).map(|count| *count as f64));
            rows.push(row);
        }
        let columns = &[
            ("owner", "Owner", None),
            ("downstream", "Tools behind it", Some(Unit::Records)),
            ("automations", "Automations in it", Some(Unit::Records)),
        ];
        section("tools", "Tools and connections", "", Layout::Graph, columns, rows)
    }

    fn links(&self) -> Section {
        let mut rows = Vec::new();
        for link in &self.links {
            let (state, word, mend) = Self::standing(link);
            let mut row = Row::new(link.id, &self.label(link));
            row.means(state, word);
            row.note = mend;
            for end in link.ends {
                row.text(self.nodes.get(end).copied().unwrap_or_default());
            }
            self.facts(link, &mut row);
            rows.push(row);
        }
        let columns = &[
            ("from", "From", None),
            ("to", "To", None),
            ("owner", "Owner", None),
            ("last_success", "Since last success", Some(Unit::Days)),
            ("criticality", "Criticality", Some(Unit::Ratio)),
        ];
        Section {
            of: (self.total > MOST as u64).then_some(self.total),
            ..section("tools_links", "Connections", "", Layout::Table, columns, rows)
        }
    }
}

/// Connections that the charter expects and that are not there.
fn missing(figures: &[Rc<Figure>], map: &Map) -> Option<Section> {
    let figure = one(figures, "integration_coverage")?;
    let mut rows = Vec::new();
    for part in &figure.parts {
        if part.value != Some(0.0) || part.part == "unexpected" {
            continue;
        }
        let mut row = Row::new(&part.part, &part.label);
        if let Some((from, to)) = part.label.split_once(" → ") {
            row.label = [from, to].map(|id| map.names.name(id.trim())).joined(" → ");
        }
        row.means(State::Bad, "missing");
        row.note = "The charter expects it: build it, or take it out of the charter.".into();
        rows.push(row);
    }
    let label = "Expected connections that don’t exist";
    (!rows.is_empty()).then(|| section("missing", label, "", Layout::List, &[], rows))
}

/// Automations that drift, that nobody looked at, or of which that is unknown.
fn drifting(asker: &Asker, subject: &Subject, map: &Map) -> Option<Section> {
    let table = asker.dataset.table("automations")?;
    let level =
        Parameters::new(&kpi::of("automation_drift").definition, asker.charter).whole("level_percent") as f64 / 100.0;
    let text = |field, row: usize| table.text(field).map_or("", |column| column.get(row));
    let number = |field, row: usize| {
        let cell = table.money(field).and_then(|cells| cells.get(row)).copied().filter(|cell| is_known(*cell));
        cell.map(|number| to_units(number.into()))
    };
    let limit = i64::from(asker.charter.policies.automation_review_days);
    let today = asker.zone.day_of(subject.as_of);
    let mut found = Vec::new();
    for at in (0..table.rows).take(MOST) {
        let drift = Drift::of(table, at, level);
        let reviewed = table.time("reviewed_at").and_then(|cells| cells.get(at)).copied();
        let overdue = reviewed
            .filter(|at| is_known(*at) && *at <= subject.as_of)
            .map(|at| today.minus(asker.zone.day_of(at)) > limit);
        let (state, word, note) = match (&drift, overdue) {
            (Drift { runs: Ok(true), .. }, _) => {
                (State::Bad, "drifts", "It doesn’t run as often as intended: find out why, or record the new intent.")
            }
            (Drift { outcomes: Some(Ok(true)), .. }, _) => {
                (State::Bad, "drifts", "Its runs don’t end as intended: find out why, or record the new intent.")
            }
            (_, Some(true)) => (State::Warning, "overdue", "Review it."),
            (Drift { runs: Err(_), .. } | Drift { outcomes: Some(Err(_)), .. }, _) => {
                (State::Unknown, "unknown", "Record how often it should run and count how often it does.")
            }
            (_, None) => (State::Unknown, "unknown", "Record when it was last reviewed."),
            _ => continue,
        };
        let (id, name) = (text("id", at), text("name", at));
        let mut row = Row::new(id, if name.is_empty() { id } else { name });
        row.means(state, word);
        row.note = note.into();
        row.text(map.names.name(text("tool", at)));
        row.text(text("owner", at));
        row.number(number("intended_runs", at));
        row.number(number("observed_runs", at));
        found.push(row);
    }
    let note = if found.is_empty() { "None." } else { "" };
    let columns = &[
        ("tool", "Tool", None),
        ("owner", "Owner", None),
        ("intended_runs", "Intended runs", Some(Unit::Records)),
        ("observed_runs", "Observed runs", Some(Unit::Records)),
    ];
    let rows = worst_first(found);
    Some(section("automations", "Automations to look at", note, Layout::List, columns, rows))
}
