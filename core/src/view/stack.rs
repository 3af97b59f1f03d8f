//! View: what the stack costs, how much of it is used, and what could go.

use super::board::plural;
use super::operations::{brief, figures, one, section};
use super::words::{amount as words, sentences};
use super::{BoardView, Cell, Layout, Row, Section, State, Subject};
use crate::charter::money::Converter;
use crate::figure::{Figure, Unit};
use crate::kpi::renewal_exposure::band;
use crate::kpi::stack::{Names, Tools};
use crate::kpi::{self, Parameters};
use crate::list::{Joined, List};
use crate::money::{UNIT, to_units};
use crate::query::Asker;
use crate::sort::sorted;
use crate::sum::Sum;
use crate::table::{Table, is_known};

/// Tools listed at most.
const MOST: usize = 500;

/// The figures, the most important first.
const FIGURES: [&str; 8] = [
    "stack_utilisation",
    "capability_utilisation",
    "seat_utilisation",
    "total_cost_of_ownership",
    "shelfware_cost",
    "stack_redundancy",
    "renewal_exposure",
    "permission_review",
];

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let figures = figures(asker, subject, &FIGURES);
    let find = |id: &str| one(&figures, id);
    let mut sections = Vec::new();
    if let Some(table) = asker.dataset.table("tools") {
        let converter = Converter::new(asker.charter);
        let day = asker.zone.day_of(subject.as_of);
        let tools = Tools::new(table, asker.dataset, asker.charter, &converter, day);
        let sheet = Sheet { asker, table, tools, names: Names::new(Some(table)), day };
        sections.push(sheet.tools());
        sections.extend(find("stack_redundancy").map(|figure| sheet.redundancy(figure)));
        sections.push(sheet.renewals());
    }
    let headline = find("stack_utilisation");
    sections.extend(headline.map(|figure| benchmarks(asker, figure)));
    let told = headline.map(|figure| (State::of(figure), message(figure)));
    brief("stack", told.unwrap_or_default(), &figures, sections)
}

fn message(figure: &Figure) -> String {
    let dark = figure.part("not_measured").map_or(0, |part| part.parts.len());
    let dark = plural(dark, "tool", "tools");
    let percent = |share| words(share, Unit::Rate, None);
    match (figure.value, figure.bounds) {
        (Some(value), None) => format!("{} of what the stack can do is used, by cost.", percent(value)),
        (Some(value), Some([low, high])) => format!(
            "{} of what the stack can do is used, by cost: between {} and {}, {dark} not measured.",
            percent(value),
            percent(low),
            percent(high)
        ),
        (None, _) => format!("Nobody knows how much of the stack is used: {dark} not measured."),
    }
}

/// This stack beside what others published.
fn benchmarks(asker: &Asker, figure: &Figure) -> Section {
    let mut own = Row::new("own", "This stack");
    own.state = State::of(figure);
    own.figure(figure);
    let mut rows = vec![own];
    for benchmark in &asker.charter.stack.benchmarks {
        let year = benchmark.year.to_string();
        let mut row = Row::new(&year, &[&benchmark.source, " ", &year].joined(""));
        row.number(Some(benchmark.value));
        rows.push(row);
    }
    let columns = &[("utilisation", "Utilisation", Some(Unit::Rate))];
    section(
        "benchmarks",
        "Benchmarks",
        "Those of others come from surveys; this stack is measured.",
        Layout::Bars,
        columns,
        rows,
    )
}

/// An amount of millionths.
fn amount(millionths: Option<i64>) -> Option<f64> {
    millionths.map(|amount| to_units(amount.into()))
}

/// The table of tools, read for people.
struct Sheet<'a> {
    asker: &'a Asker<'a>,
    table: &'a Table,
    tools: Tools<'a>,
    names: Names<'a>,
    day: i64,
}

/// What a year of a tool costs, in millionths.
struct Costs {
    licence: Option<i64>,
    upkeep: Option<i64>,
    people: Option<i64>,
    /// What is known of it all, where the licence is.
    total: Option<i64>,
    complete: bool,
}

impl Sheet<'_> {
    fn costs(&self, row: usize) -> Costs {
        let licence = self.tools.amount("annual_cost", row).ok();
        let upkeep = ["integration_cost", "training_cost"].map(|field| self.tools.amount(field, row).ok());
        let people = self.tools.people(row).ok();
        let [integration, training] = upkeep;
        let sum = |parts: &[Option<i64>]| parts.iter().flatten().fold(0_i64, |sum, part| sum.plus(*part));
        Costs {
            licence,
            upkeep: integration.or(training).map(|_| sum(&upkeep)),
            people,
            total: licence.map(|_| sum(&[licence, integration, training, people])),
            complete: licence.is_some() && integration.is_some() && training.is_some() && people.is_some(),
        }
    }

    /// How a tool is used, in a state and a word; limits as `renewal_exposure` has them.
    fn standing(&self, row: usize, seats: bool) -> (State, &'static str) {
        let parameters = Parameters::new(&kpi::of("renewal_exposure").definition, self.asker.charter);
        let [low, high] = ["low_below", "high_from"].map(|name| parameters.whole(name));
        let of = self.tools.utilisation(if seats { parameters.text("utilisation") } else { "capabilities" }, row);
        match band(of, low, high) {
            "low" => (State::Bad, "used little"),
            "middle" => (State::Warning, "used in part"),
            "high" => (State::Good, "used well"),
            _ => (State::Unknown, "not measured"),
        }
    }

    /// Every tool, the worst first: those used little, those of which nothing is known, and of each the costliest.
    fn tools(&self) -> Section {
        let rank = |row: usize| match self.standing(row, false).0 {
            State::Bad => 0,
            State::Unknown => 1,
            State::Warning => 2,
            _ => 3,
        };
        let cost = |row: usize| std::cmp::Reverse(self.costs(row).total);
        let order = sorted((0..self.table.rows).map(|row| (rank(row), cost(row), row)).list());
        const MONEY: Option<Unit> = Some(Unit::MoneyPerYear);
        let columns = &[
            ("utilisation", "Capabilities used", Some(Unit::Rate)),
            ("seats", "Seats used", Some(Unit::Rate)),
            ("licence", "Licence", MONEY),
            ("upkeep", "Upkeep", MONEY),
            ("people", "People", MONEY),
            ("total", "Total", MONEY),
            ("per_active_user", "Per active user", MONEY),
            ("per_capability", "Per capability used", MONEY),
            ("owner", "Owner", None),
        ];
        let rows = order.iter().take(MOST).map(|(_, _, row)| self.tool(*row)).list();
        Section {
            of: (order.len() > MOST).then_some(order.len() as u64),
            ..section(
                "tools",
                "Tools",
                "Worst first. A cost that nobody recorded is unknown, not 0.",
                Layout::Table,
                columns,
                rows,
            )
        }
    }

    /// A tool without its cells.
    fn row(&self, row: usize, (state, word): (State, &str), note: String) -> Row {
        let id = self.tools.id(row);
        let mut listed = Row::new(id, self.names.name(id));
        listed.means(state, word);
        listed.note = note;
        listed
    }

    fn tool(&self, row: usize) -> Row {
        let (state, word) = self.standing(row, false);
        let (of, seats, costs) = (self.tools.capabilities(row), self.tools.seats(row).ok(), self.costs(row));
        let share = |of: kpi::stack::Use| Cell {
            value: of.share(),
            bounds: Some(of.bounds()).filter(|[low, high]| low != high),
            text: if of.share().is_none() { "not measured".into() } else { String::new() },
            state: State::Neutral,
        };
        let total = amount(costs.total);
        let per = |by: f64| total.filter(|_| by > 0.0).map(|total| total / by);
        let active = self.tools.active(row).map_or(0.0, |seats| seats as f64 / UNIT as f64);
        let owner = self.table.text("owner").map_or("", |column| column.get(row));
        let note = [
            (self.tools.shared(row), "Shared logins: its active seats say little."),
            (of.share().is_none(), "Nobody says which of its capabilities are used: ask its owner."),
            (owner.is_empty(), "Nobody answers for it."),
            (!costs.complete, "Part of its cost is unknown: the total is the least it can be."),
        ];
        let note = note.map(|(holds, text)| if holds { text } else { "" });
        let mut listed = self.row(row, (state, word), sentences(&note));
        listed.cells = vec![share(of), seats.map_or_else(|| Cell::text("no seats"), share)];
        for number in [amount(costs.licence), amount(costs.upkeep), amount(costs.people), total] {
            listed.number(number);
        }
        listed.number(per(active));
        listed.number(per(of.number as f64));
        listed.text(owner);
        listed
    }

    /// Rows of another table that refer to a tool in one of some fields.
    fn hanging(&self, table: &str, fields: &[&str], id: &str) -> usize {
        let Some(table) = self.asker.dataset.table(table) else { return 0 };
        let columns: Vec<_> = fields.iter().filter_map(|field| table.text(field)).list();
        (0..table.rows).filter(|row| columns.iter().any(|column| column.get(*row) == id)).count()
    }

    /// Where tools do the same: what giving up all but the most adopted would save, and what hangs on them.
    fn redundancy(&self, figure: &Figure) -> Section {
        let idle = figure.part("saving").map_or(&[][..], |part| &part.parts);
        let candidates = figure.part("candidates").map_or(&[][..], |part| &part.parts);
        let mut rows = Vec::new();
        for candidate in candidates.iter().take(MOST) {
            let Some((keep, others)) = candidate.parts.split_first() else { continue };
            let (mut integrations, mut automations, mut saving) = (0_usize, 0_usize, 0_i64);
            for tool in others {
                integrations = integrations.plus(self.hanging("integrations", &["from", "to"], &tool.part));
                automations = automations.plus(self.hanging("automations", &["tool"], &tool.part));
                if idle.iter().any(|other| other.part == tool.part) {
                    let total = self.names.row(&tool.part).and_then(|row| self.costs(row).total);
                    saving = saving.plus(total.unwrap_or(0));
                }
            }
            let names: Vec<&str> = others.iter().map(|tool| tool.label.as_str()).list();
            let note = format!(
                "Most use {}. Without {}: {} and {} to move.",
                keep.label,
                names.joined(", "),
                plural(integrations, "integration", "integrations"),
                plural(automations, "automation", "automations")
            );
            let mut row = Row::new(&candidate.part, &candidate.label);
            row.means(State::Warning, "candidate");
            row.note = note;
            row.cells.push(Cell::figure(candidate).means(State::Neutral));
            row.number(amount(Some(saving)));
            row.number(Some(integrations as f64));
            row.number(Some(automations as f64));
            rows.push(row);
        }
        let note = if candidates.is_empty() {
            "No capability is known to be used in two tools for the same purpose."
        } else {
            "Candidates, not verdicts. Saving counts tools that do nothing else, with their upkeep and people."
        };
        let columns = &[
            ("cost", "Licences of all but the most adopted", Some(Unit::MoneyPerYear)),
            ("saving", "Saving a year", Some(Unit::MoneyPerYear)),
            ("integrations", "Integrations that break", Some(Unit::Records)),
            ("automations", "Automations that stop", Some(Unit::Records)),
        ];
        section("redundancy", "Candidates for consolidation", note, Layout::List, columns, rows)
    }

    /// Contracts that renew soon, the next first.
    fn renewals(&self) -> Section {
        let horizon =
            Parameters::new(&kpi::of("renewal_exposure").definition, self.asker.charter).whole("horizon_days");
        let cells = self.table.time("renewal_at").unwrap_or_default();
        let days = |at: i64| self.asker.zone.day_of(at).minus(self.day);
        let known = cells.iter().enumerate().filter(|(_, at)| is_known(**at)).map(|(row, at)| (days(*at), row));
        let soon = sorted(known.filter(|(days, _)| (0..=horizon).contains(days)).list());
        let mut rows = Vec::new();
        for (days, at) in soon.iter().take(MOST) {
            let standing = self.standing(*at, true);
            let note = match standing.0 {
                State::Bad => "Renew less of it, or not at all.",
                State::Unknown => "Measure its use before it renews.",
                _ => "",
            };
            let mut row = self.row(*at, standing, note.into());
            row.number(Some(*days as f64));
            row.number(amount(self.tools.amount("annual_cost", *at).ok()));
            rows.push(row);
        }
        let note = format!("Contracts that renew within {horizon} days.");
        let columns = &[("days", "Renews in", Some(Unit::Days)), ("cost", "Licence", Some(Unit::MoneyPerYear))];
        Section {
            of: (soon.len() > MOST).then_some(soon.len() as u64),
            ..section("renewals", "Renewals ahead", &note, Layout::Table, columns, rows)
        }
    }
}
