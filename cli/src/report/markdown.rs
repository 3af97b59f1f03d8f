//! The report as Markdown.

use super::faults::foremost;
use super::{Report, chapter};
use crate::ask::moment;
use crate::words;
use mops_charts::Style;
use mops_charts::context::plain_value;
use mops_core::figure::{Figure, Unit};

/// Tables and definitions.
pub fn print(report: &Report) -> String {
    let mut out = String::new();
    let frame = &report.frame;
    let currency = &frame.currency;
    let name = if frame.organisation.is_empty() { "Report" } else { &frame.organisation };
    let compared = frame.compared_with.as_ref().map(|period| format!(", compared with {}", period.label));
    out.push_str(&format!(
        "# {}\n\n{}, as of {}{}. Money in {currency}.\n\n",
        text(name),
        frame.period.label,
        moment(frame.as_of, &report.zone),
        compared.unwrap_or_default()
    ));
    for unfiltered in &report.unfiltered {
        out.push_str(&format!("{}\n\n", words::unfiltered(unfiltered)));
    }
    if !report.inventory.has_charter {
        out.push_str("No charter was given: the documented defaults hold.\n\n");
    }
    for note in report.shared_notes() {
        out.push_str(&format!("{}\n\n", text(note)));
    }
    for fault in foremost(report) {
        out.push_str(&format!("**{}**\n\n", text(&fault)));
    }
    for message in &report.messages {
        out.push_str(&format!("- **{}**: {}\n", message.board, text(&message.text)));
    }
    out.push_str("\n## Figures\n\n| figure | value | 95% interval | target | rows used | status |\n");
    out.push_str("|---|---:|---:|---:|---:|---|\n");
    let mut before = None;
    for row in report.figures.iter().chain(&report.missing) {
        let (index, name) = chapter(&row.figure.id);
        if report.figures.len() > 12 && before.replace(index) != Some(index) {
            out.push_str(&format!("| **{name}** | | | | | |\n"));
        }
        figure(&mut out, &row.figure, currency, "", row.maturing, report.own_note(&row.figure));
        for part in &row.figure.parts {
            figure(&mut out, part, currency, "— ", false, None);
        }
    }
    if let Some(funnel) = &report.funnel {
        out.push_str("\n## Lifecycle\n\n| stage | records | of first | to next | target | median stay |\n");
        out.push_str("|---|---:|---:|---:|---:|---:|\n");
        let rate = |rate: Option<f64>| words::value(rate, Unit::Rate, "");
        for stage in &funnel.stages {
            out.push_str(&format!(
                "| {}{} | {} | {} | {} | {} | {} |\n",
                text(&stage.label),
                if stage.is_leak { " (leak)" } else { "" },
                stage.count.map_or_else(|| "–".to_owned(), words::count),
                rate(stage.cumulative),
                rate(stage.next_rate),
                rate(stage.next_target),
                words::value(stage.median_days, Unit::Days, ""),
            ));
        }
        if let Some(note) = report.own_note(&funnel.figure) {
            out.push_str(&format!("\n{}\n", text(note)));
        }
    }
    if let Some(cohorts) = &report.cohorts {
        out.push_str(&format!("\n## {} to {} by cohort\n\n| month | records |", cohorts.from_label, cohorts.to_label));
        for age in &cohorts.ages {
            out.push_str(&format!(" {age} |"));
        }
        out.push_str(&format!("\n|---|---:|{}\n", "---:|".repeat(cohorts.ages.len())));
        for cohort in &cohorts.cohorts {
            out.push_str(&format!("| {} | {} |", cohort.period.label, words::count(cohort.size)));
            for cell in &cohort.cells {
                let rate = cell.as_ref().map(|cell| plain_value(cell.rate, Unit::Rate, Style::Column, ""));
                out.push_str(&format!(" {} |", rate.unwrap_or_default()));
            }
            out.push('\n');
        }
    }
    definitions(&mut out, report);
    tables(&mut out, report);
    out
}

fn figure(out: &mut String, figure: &Figure, currency: &str, indent: &str, maturing: bool, note: Option<&str>) {
    let (sign, word) = words::status(figure);
    let reason = figure.undefined.as_ref().map(|undefined| format!(": {}", undefined.message)).unwrap_or_default();
    let note = note.map(|note| format!(". {note}")).unwrap_or_default();
    let thin = if figure.thin { ", thin" } else { "" };
    let maturing = if maturing { ", still converting" } else { "" };
    out.push_str(&format!(
        "| {indent}{} | {} | {} | {} | {} | {sign} {word}{thin}{maturing}{}{} |\n",
        text(&figure.label),
        words::of(figure, currency),
        words::interval(figure.interval, figure.unit),
        figure.target.map(|target| words::value(Some(target), figure.unit, currency)).unwrap_or_default(),
        words::count(figure.used),
        text(&reason),
        text(&note),
    ));
}

fn definitions(out: &mut String, report: &Report) {
    out.push_str("\n## Definitions\n");
    for row in report.figures.iter().chain(&report.missing) {
        let figure = &row.figure;
        let Some(definition) = &figure.definition else { continue };
        out.push_str(&format!("\n### {} (`{}`)\n\n", text(&definition.name), definition.id));
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                out.push_str(&format!("- {name}: {}\n", text(value)));
            }
        };
        line("Formula", &definition.formula);
        line("Here", &words::quotient(figure, &report.frame.currency));
        line("Source", &definition.source);
        line("Reads", &definition.inputs.join(", "));
        for edge in &definition.edge_cases {
            line("At the edge", edge);
        }
        for parameter in &definition.parameters {
            let default = if parameter.is_default { " (default)" } else { "" };
            line("Parameter", &format!("{} = {}{default}: {}", parameter.name, parameter.value, parameter.text));
        }
        line("Owner", definition.owner.as_deref().unwrap_or("nobody"));
        line("Sign-off", &format!("{}; hash {}", words::sign_off(&definition.sign_off), definition.hash));
        line("Rows", &format!("{} read, {} used", words::count(figure.read), words::count(figure.used)));
        for entry in &figure.excluded {
            let places: Vec<String> = entry.examples.iter().map(words::example).collect();
            let places = if entry.reason.is_fault() { format!(" ({})", places.join("; ")) } else { String::new() };
            line("Left out", &format!("{} {}{places}", words::count(entry.count), entry.reason.label()));
        }
    }
}

fn tables(out: &mut String, report: &Report) {
    out.push_str("\n## Data\n");
    for table in &report.inventory.tables {
        out.push_str(&format!(
            "\n### {} from {}\n\n{} read, {} kept{}.\n\n| field | header | filled | blank | unreadable |\n|---|---|---:|---:|---:|\n",
            table.table,
            text(&table.source),
            words::rows(table.read),
            words::count(table.accepted),
            text(&words::recognised(table)),
        ));
        for field in &table.fields {
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                text(&field.field),
                text(&field.header),
                words::count(field.filled),
                words::count(field.blank),
                words::count(field.unreadable),
            ));
        }
        for entry in &table.rejected {
            let places: Vec<String> = entry.examples.iter().map(words::example).collect();
            out.push_str(&format!(
                "\nRejected: {} {} ({}).\n",
                words::count(entry.count),
                entry.reason.label(),
                text(&places.join("; "))
            ));
        }
        let unread: Vec<String> = table.unmatched.iter().map(|header| text(&header.header)).collect();
        if !unread.is_empty() {
            out.push_str(&format!("\nColumns not read: {}.\n", unread.join(", ")));
        }
    }
}

/// Text that Markdown takes as text: no markup, no cell borders, no line breaks.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn data_stays_text() {
        assert_eq!(super::text("a|b\n<i>*x*"), "a\\|b &lt;i&gt;\\*x\\*");
    }
}
