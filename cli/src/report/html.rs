//! The report as one HTML file: no script, no request, readable in light, dark and on paper.

use super::faults::foremost;
use super::{Report, chapter};
use crate::ask::moment;
use crate::words;
use mops_charts::context::plain_value;
use mops_charts::svg::{Palette, to_string};
use mops_charts::{Context, Role, Scene, Style, curve, funnel, matrix, sparkline};
use mops_core::figure::{Figure, SignOffState, Status, Unit};
use mops_core::view::{CohortsView, FunnelView, KpiView, PeriodView, TableReport};
use std::fmt::Write;

/// Width of the large pictures in pixels.
const WIDE: f64 = 960.0;
const CSS: &str = include_str!("html.css");

struct Page<'a> {
    report: &'a Report,
    out: String,
    currency: &'a str,
}

/// As one HTML document.
pub fn print(report: &Report) -> String {
    let mut page = Page { report, out: String::new(), currency: &report.frame.currency };
    page.head();
    page.scorecard();
    if let Some(view) = &report.funnel {
        page.funnel(view);
    }
    if let Some(view) = &report.cohorts {
        page.cohorts(view);
    }
    page.definitions();
    page.left_out();
    page.inventory();
    page.put("</main></body></html>\n");
    page.out
}

impl Page<'_> {
    fn put(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn head(&mut self) {
        let frame = &self.report.frame;
        let name = escape(if frame.organisation.is_empty() { "Report" } else { &frame.organisation });
        let as_of = moment(frame.as_of, &self.report.zone);
        self.put(&format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{name}: figures as of {as_of}</title><style>{CSS}{}</style></head><body><main>",
            scene_colours()
        ));
        self.put(&format!("<header><p class=\"eyebrow\">Marketing operations</p><h1>{name}</h1><p class=\"when\">"));
        self.put(&format!(
            "<strong>{}</strong>, as of <strong>{as_of}</strong>",
            escape(&words::sentence(&frame.period.label))
        ));
        if let Some(compared) = &frame.compared_with {
            self.put(&format!(", compared with {}", escape(&compared.label)));
        }
        for (field, values) in &frame.filter {
            let values: Vec<String> =
                values.iter().map(|value| if value.is_empty() { "(blank)".into() } else { escape(value) }).collect();
            self.put(&format!(" · {}: {}", escape(field), values.join(" or ")));
        }
        self.put(&format!(" · money in {} · days in {}</p>", escape(self.currency), escape(&frame.time_zone)));
        for unfiltered in &self.report.unfiltered {
            self.put("<p class=\"notice\">");
            self.put(&escape(&words::unfiltered(unfiltered)));
            self.put("</p>");
        }
        if !self.report.inventory.has_charter {
            self.put("<p class=\"notice\">No charter was given: the documented defaults hold.</p>");
        }
        for note in self.report.shared_notes() {
            self.put(&format!("<p class=\"notice\">{}</p>", escape(note)));
        }
        for fault in foremost(self.report) {
            self.put(&format!("<p class=\"notice\"><strong>{}</strong></p>", escape(&fault)));
        }
        self.put("</header>");
    }

    fn scorecard(&mut self) {
        self.put("<section aria-labelledby=\"figures\"><h2 id=\"figures\">Figures</h2>");
        let report = self.report;
        for message in &report.messages {
            self.put(&format!("<p><strong>{}</strong>: {}</p>", message.board, escape(&message.text)));
        }
        let several = report.figures.len() > 12;
        for rows in report.figures.chunk_by(|one, next| !several || chapter(&one.figure.id) == chapter(&next.figure.id))
        {
            if several && let Some(row) = rows.first() {
                self.put(&format!("<h3 class=\"eyebrow\">{}</h3>", chapter(&row.figure.id).1));
            }
            self.put("<div class=\"cards\">");
            for row in rows {
                self.card(row);
            }
            self.put("</div>");
        }
        if !self.report.missing.is_empty() {
            let names: Vec<String> = self.report.missing.iter().map(|row| escape(&row.figure.label)).collect();
            let reason = self.report.missing[0].figure.undefined.as_ref().map_or("", |undefined| &undefined.message);
            self.put(&format!(
                "<p class=\"note\">Not computed for want of data: {}. {}</p>",
                names.join(", "),
                escape(reason)
            ));
        }
        self.put("</section>");
    }

    fn card(&mut self, row: &KpiView) {
        let figure = &row.figure;
        let (sign, word) = words::status(figure);
        self.put(&format!(
            "<article class=\"card {class}\"><h3>{label}</h3><p class=\"status\"><span aria-hidden=\"true\">{sign}</span> {word}</p>\
             <p class=\"value\">{value}</p>",
            class = class(figure.status),
            label = escape(&figure.label),
            value = escape(&words::alone(figure, self.currency)),
        ));
        if let Some(undefined) = &figure.undefined {
            self.put(&format!("<p class=\"detail\">{}</p>", escape(&undefined.message)));
        }
        if let Some(comparison) = &row.comparison {
            self.put(&format!(
                "<p class=\"detail\">{}</p>",
                escape(
                    &[
                        vec![words::change(comparison, figure.unit, self.currency)],
                        words::doubts(comparison, &self.report.zone)
                    ]
                    .concat()
                    .join("; ")
                )
            ));
        }
        let quotient = match (&self.report.funnel, figure.id.as_str()) {
            // A number of records says little without the step that loses them.
            (Some(view), "stage_leak") => words::leak(view).unwrap_or_default(),
            _ => words::quotient(figure, self.currency),
        };
        if !quotient.is_empty() {
            self.put(&format!("<p class=\"detail\">{}</p>", escape(&quotient)));
        }
        let mut facts = Vec::new();
        if let Some(target) = figure.target {
            facts.push(format!("target {}", plain_value(target, figure.unit, Style::Compact, self.currency)));
        }
        let interval = words::interval(figure.interval, figure.unit);
        if !interval.is_empty() {
            facts.push(format!("95% interval {interval}"));
        }
        if row.maturing {
            facts.push("still converting".into());
        }
        if figure.thin {
            facts.push(format!("thin: {} used", words::rows(figure.used)));
        } else if quotient.is_empty() {
            facts.push(format!("{} used", words::rows(figure.used)));
        }
        if !facts.is_empty() {
            self.put(&format!("<p class=\"detail\">{}</p>", escape(&facts.join(" · "))));
        }
        if let Some(note) = self.report.own_note(figure) {
            self.put(&format!("<p class=\"detail\">{}</p>", escape(note)));
        }
        if row.trend.iter().filter(|point| point.value.is_some()).count() > 1 {
            let scene = sparkline(&row.trend, figure.unit, figure.target, 240.0, 40.0, &self.context());
            self.picture(&scene, "spark");
        }
        self.put("</article>");
    }

    fn context(&self) -> Context<'_> {
        // The one currency of a report needs no argument of its own: money is written without its code in pictures.
        Context { period: &period, ..Context::plain(&|value, unit, style| plain_value(value, unit, style, "")) }
    }

    fn picture(&mut self, scene: &Scene, class: &str) {
        let svg = to_string(scene, &Palette::LIGHT);
        self.put(&format!("<div class=\"picture {class}\">{svg}</div>"));
    }

    fn funnel(&mut self, view: &FunnelView) {
        let way = if view.semantics == "any_stages" {
            "A record counts in every stage it entered, in whatever order."
        } else {
            "A record counts in a stage if it went through all stages before it, in order."
        };
        self.put(&format!(
            "<section aria-labelledby=\"lifecycle\"><h2 id=\"lifecycle\">{}</h2><p class=\"note\">{way}",
            escape(&view.figure.label)
        ));
        if let Some(leak) = words::leak(view) {
            self.put(&format!(" <strong>{}</strong>", escape(&leak)));
        }
        if let Some(note) = self.report.own_note(&view.figure) {
            self.put(&format!(" {}", escape(note)));
        }
        self.put("</p>");
        let scene = funnel(view, WIDE, &self.context());
        self.picture(&scene, "wide");
        self.put("</section>");
    }

    fn cohorts(&mut self, view: &CohortsView) {
        let (from, to) = (escape(&view.from_label), escape(&view.to_label));
        self.put(&format!("<section aria-labelledby=\"cohorts\"><h2 id=\"cohorts\">From {from} to {to}</h2>"));
        let median = match view.median_days {
            Some(days) => format!("Half have converted after {}.", plain_value(days, Unit::Days, Style::Full, "")),
            None => "Fewer than half ever convert, so there is no median time.".into(),
        };
        self.put(&format!(
            "<p class=\"note\">Share converted by days since the start; records still under way are counted as long as \
             they were watched. {median}</p>"
        ));
        let scene = curve(view, WIDE, 280.0, &self.context());
        self.picture(&scene, "wide");
        self.put("<h3>By month of start and age in months</h3>");
        let scene = matrix(view, WIDE, &self.context());
        self.picture(&scene, "wide");
        self.put("<p class=\"note\">A blank cell is younger than that age: unknown, not zero.</p></section>");
    }

    fn definitions(&mut self) {
        self.put("<section aria-labelledby=\"definitions\"><h2 id=\"definitions\">What the figures mean</h2>");
        self.put("<div class=\"definitions\">");
        for row in &self.report.figures {
            self.definition(&row.figure);
        }
        self.put("</div></section>");
    }

    fn definition(&mut self, figure: &Figure) {
        let Some(definition) = &figure.definition else { return };
        let state = match definition.sign_off.state {
            SignOffState::Signed => "signed",
            SignOffState::Lapsed => "lapsed",
            SignOffState::Unsigned => "unsigned",
        };
        self.put(&format!(
            "<article><h3>{} <code>{}</code></h3><dl>",
            escape(&definition.name),
            escape(&definition.id)
        ));
        let mut markup = String::new();
        let mut line = |name: &str, class: &str, value: &str| {
            if !value.is_empty() {
                let _ = write!(markup, "<div><dt>{name}</dt><dd class=\"{class}\">{}</dd></div>", escape(value));
            }
        };
        line("Formula", "", &definition.formula);
        line("Here", "", &words::quotient(figure, self.currency));
        let parts: Vec<String> =
            figure.parts.iter().map(|part| format!("{} {}", part.label, words::alone(part, self.currency))).collect();
        line("Parts", "", &parts.join(" · "));
        line("Source", "", &definition.source);
        line("Reads", "", &definition.inputs.join(", "));
        let parameters: Vec<String> = definition
            .parameters
            .iter()
            .map(|parameter| {
                let default = if parameter.is_default { " (default)" } else { "" };
                format!("{} = {}{default}", parameter.name, parameter.value)
            })
            .collect();
        line("Parameters", "", &parameters.join(" · "));
        line("Owner", "", definition.owner.as_deref().unwrap_or("nobody"));
        line("Sign-off", state, &words::sign_off(&definition.sign_off));
        line("Hash", "hash", &definition.hash);
        self.put(&markup);
        self.put("</dl>");
        if !definition.edge_cases.is_empty() {
            self.put("<details><summary>Edge cases</summary><ul>");
            for edge in &definition.edge_cases {
                self.put(&format!("<li>{}</li>", prose(edge)));
            }
            self.put("</ul></details>");
        }
        self.put("</article>");
    }

    fn left_out(&mut self) {
        self.put(
            "<section aria-labelledby=\"left-out\"><h2 id=\"left-out\">Rows left out</h2>\
             <p class=\"note\">Used and left out add up to what was read. Reasons that point at a fault in the data \
             come with the first places.</p>\
             <div class=\"scroll\"><table><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"number\">Read</th>\
             <th scope=\"col\" class=\"number\">Used</th><th scope=\"col\" class=\"number\">Left out</th>\
             <th scope=\"col\">Reason</th><th scope=\"col\">Where</th></tr></thead>",
        );
        for row in &self.report.figures {
            let figure = &row.figure;
            self.put("<tbody>");
            let lines = figure.excluded.len().max(1);
            let head = format!(
                "<th scope=\"rowgroup\" rowspan=\"{lines}\">{}</th><td class=\"number\" rowspan=\"{lines}\">{}</td>\
                 <td class=\"number\" rowspan=\"{lines}\">{}</td>",
                escape(&figure.label),
                words::count(figure.read),
                words::count(figure.used),
            );
            if figure.excluded.is_empty() {
                self.put(&format!("<tr>{head}<td class=\"number\">0</td><td></td><td></td></tr>"));
            }
            for (index, entry) in figure.excluded.iter().enumerate() {
                let fault = entry.reason.is_fault();
                let places: Vec<String> = entry.examples.iter().take(3).map(words::example).collect();
                self.put(&format!(
                    "<tr>{}<td class=\"number\">{}</td><td{}>{}</td><td class=\"places\">{}</td></tr>",
                    if index == 0 { head.as_str() } else { "" },
                    words::count(entry.count),
                    if fault { " class=\"fault\"" } else { "" },
                    escape(entry.reason.label()),
                    if fault { escape(&places.join(" · ")) } else { String::new() },
                ));
            }
            self.put("</tbody>");
        }
        self.put("</table></div></section>");
    }

    fn inventory(&mut self) {
        self.put("<section aria-labelledby=\"data\"><h2 id=\"data\">What was read</h2>");
        for table in &self.report.inventory.tables {
            self.table(table);
        }
        self.put("</section>");
    }

    fn table(&mut self, table: &TableReport) {
        let preset = words::recognised(table);
        self.put(&format!(
            "<h3>{} <span class=\"from\">from {}{}: {} read, {} kept</span></h3>",
            escape(&table.table),
            escape(&table.source),
            escape(&preset),
            words::rows(table.read),
            words::count(table.accepted),
        ));
        if !table.rejected.is_empty() {
            self.put("<ul>");
            for entry in &table.rejected {
                let places: Vec<String> = entry.examples.iter().take(3).map(words::example).collect();
                self.put(&format!(
                    "<li>Rejected {} {}: <span class=\"places\">{}</span></li>",
                    words::count(entry.count),
                    escape(entry.reason.label()),
                    escape(&places.join(" · "))
                ));
            }
            self.put("</ul>");
        }
        self.put(
            "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Header</th>\
             <th scope=\"col\" class=\"number\">Filled</th><th scope=\"col\" class=\"number\">Blank</th>\
             <th scope=\"col\" class=\"number\">Unreadable</th></tr></thead><tbody>",
        );
        for field in &table.fields {
            let cell = |count: u64| {
                let class = if count > 0 { "number fault" } else { "number" };
                format!("<td class=\"{class}\">{}</td>", words::count(count))
            };
            self.put(&format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td>{}{}</tr>",
                escape(&field.field),
                escape(&field.header),
                words::count(field.filled),
                cell(field.blank),
                cell(field.unreadable),
            ));
        }
        self.put("</tbody></table></div>");
        if !table.unmatched.is_empty() {
            let headers: Vec<String> = table.unmatched.iter().map(|header| escape(&header.header)).collect();
            self.put(&format!("<p class=\"note\">Columns not read: {}.</p>", headers.join(", ")));
        }
    }
}

fn period(period: &PeriodView, _: Style) -> String {
    period.label.clone()
}

fn class(status: Status) -> &'static str {
    match status {
        Status::OnTarget => "on",
        Status::NearTarget => "near",
        Status::OffTarget => "off",
        Status::NoTarget => "none",
        Status::Undefined => "undefined",
    }
}

/// Rules that give the scenes their dark colours where the reader's system is dark. Light ones stand in the scenes.
fn scene_colours() -> String {
    let mut css = String::from("@media screen and (prefers-color-scheme:dark){");
    for role in Role::all() {
        let (class, colour) = (role.class(), Palette::DARK.color(role));
        let _ = write!(css, ".{class}{{fill:{colour}}}polyline.{class}{{fill:none;stroke:{colour}}}");
    }
    css.push('}');
    css
}

/// Our own words: what stands between backticks is code.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (at, piece) in escape(text).split('`').enumerate() {
        out.push_str(if at == 0 { "" } else { ["</code>", "<code>"][at % 2] });
        out.push_str(piece);
    }
    out
}

/// Text as text: markup in data stays visible characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
