//! Holds the terminal program's figures to published results over a public data set.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::step;

/// A figure of the report against the published number: which field, and to how many decimals it was published.
const EXPECTED: [(&str, &str, &str, i32); 6] = [
    ("win_rate", "value", "win_rate", 4),
    ("win_rate", "numerator", "won", 0),
    ("average_deal", "value", "average_won_deal", 2),
    ("average_deal", "numerator", "won_value", 0),
    ("average_deal", "denominator", "won", 0),
    ("sales_cycle", "value", "cycle_days_median", 0),
];

/// Compares the report on the maven-crm pipeline with `reference/reference.json`.
pub fn check(folder: &Path) -> Result<()> {
    let path = folder.join("reference/reference.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let published = serde_json::from_str::<Value>(&text)?;
    let published = published.get("maven_crm").context("maven_crm is missing from reference.json")?;
    let mut cargo = step::cargo();
    cargo.args(["run", "--quiet", "--locked", "-p", "mops-cli", "--", "report", "--format", "json"]);
    cargo.args(["--as-of", "2018-01-01", "--charter", "demo/data/maven-crm.charter.json", "--deals"]);
    cargo.arg(folder.join("data/maven-crm/sales_pipeline.csv"));
    let output = cargo.output().context("cannot start the terminal program")?;
    // 1 says that a figure misses its target, which is an answer too.
    ensure!(
        matches!(output.status.code(), Some(0 | 1)) && !output.stdout.is_empty(),
        "the report failed ({}): {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let report: Value = serde_json::from_slice(&output.stdout).context("the report is not JSON")?;

    let mut wrong = Vec::new();
    let mut hold = |what: String, found: Option<f64>, wanted: Option<f64>, decimals: i32| {
        let same = found.zip(wanted).is_some_and(|(found, wanted)| {
            let scale = 10_f64.powi(decimals);
            (found * scale).round() == (wanted * scale).round()
        });
        if !same {
            wrong.push(format!("{what} is {found:?}, published {wanted:?}"));
        }
    };
    let number = |name: &str| published.get(name).and_then(Value::as_f64);
    let closed = number("won").zip(number("lost")).map(|(won, lost)| won + lost);
    for (id, field, name, decimals) in EXPECTED {
        let found = figure(&report, id).and_then(|figure| number_of(figure.get(field)?));
        hold(format!("{id}.{field}"), found, number(name), decimals);
    }
    let denominator = figure(&report, "win_rate").and_then(|figure| number_of(figure.get("denominator")?));
    hold("win_rate.denominator".to_owned(), denominator, closed, 0);
    // Every row of the file is either used or excluded with a reason.
    let rows = figure(&report, "win_rate").and_then(|figure| {
        let excluded =
            figure.get("excluded")?.as_array()?.iter().filter_map(|row| row.get("count")?.as_f64()).sum::<f64>();
        Some(figure.get("used")?.as_f64()? + excluded)
    });
    hold("win_rate used and excluded".to_owned(), rows, number("rows"), 0);
    let mean = figure(&report, "sales_cycle").and_then(|figure| {
        figure.get("parts")?.as_array()?.iter().find(|part| part.get("part").is_some_and(|key| key == "mean"))
    });
    hold(
        "mean sales cycle".to_owned(),
        mean.and_then(|mean| number_of(mean.get("value")?)),
        number("cycle_days_mean"),
        3,
    );
    let blank = report.pointer("/tables/0/fields").and_then(Value::as_array).and_then(|fields| {
        fields.iter().find(|field| field.get("field").is_some_and(|name| name == "account"))?.get("blank")?.as_f64()
    });
    hold("blank accounts".to_owned(), blank, number("blank_account"), 0);
    if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("; ")) }
}

/// A number, or the value of a quantity with its unit and label.
fn number_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.get("value")?.as_f64())
}

fn figure<'a>(report: &'a Value, id: &str) -> Option<&'a Value> {
    report.get("figures")?.as_array()?.iter().find(|figure| figure.get("id").and_then(Value::as_str) == Some(id))
}
