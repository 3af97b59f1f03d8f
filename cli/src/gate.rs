//! Gates: what a figure must not be under or over.

use crate::failure::{Failure, misuse};
use crate::report::known;
use crate::words;
use mops_core::figure::{Figure, Unit};
use mops_core::kpi;

/// A limit of one figure.
pub struct Gate {
    pub kpi: String,
    pub limit: f64,
    pub side: Side,
}

/// Which side of the limit fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Under,
    Over,
}

/// Reads `win_rate=0.25` or `win_rate=25%`.
pub fn gates(under: &[String], over: &[String]) -> Result<Vec<Gate>, Failure> {
    let sides = under.iter().map(|text| (text, Side::Under)).chain(over.iter().map(|text| (text, Side::Over)));
    sides.map(|(text, side)| gate(text, side)).collect()
}

fn gate(text: &str, side: Side) -> Result<Gate, Failure> {
    let Some((kpi, limit)) = text.split_once('=') else {
        return Err(misuse(format!("The gate “{text}” has no “=”."), "Write it as win_rate=0.25."));
    };
    let (kpi, limit) = (kpi.trim(), limit.trim());
    known(kpi)?;
    let is_share = kpi::find(kpi).is_some_and(|kpi| kpi.definition.unit == Unit::Rate);
    let number = match limit.strip_suffix('%') {
        Some(share) => share.trim().parse::<f64>().map(|share| share / 100.0),
        None => limit.parse(),
    };
    match number {
        Ok(share) if is_share && share.abs() > 1.0 && !limit.ends_with('%') => Err(misuse(
            format!("The limit {limit} of {kpi} would be {}.", words::value(Some(share), Unit::Rate, "")),
            format!("Write shares as 0.25 or 25%, and those over 1 with their sign: {kpi}={limit}%."),
        )),
        Ok(limit) if limit.is_finite() => Ok(Gate { kpi: kpi.to_owned(), limit, side }),
        _ => Err(misuse(
            format!("“{limit}” is not a number."),
            "Write the limit in the figure’s unit: 25% is 0.25 or 25%.",
        )),
    }
}

impl Gate {
    /// Whether it holds, and a line that says so. What is unknown doesn't hold.
    pub fn judge(&self, figure: Option<&Figure>, currency: &str) -> (bool, String) {
        let Some(figure) = figure else { return (false, format!("gate failed: {} was not computed.", self.kpi)) };
        let limit = words::value(Some(self.limit), figure.unit, currency);
        let side = if self.side == Side::Under { "under" } else { "over" };
        let Some(value) = figure.value else {
            let why = figure.undefined.as_ref().map_or("", |undefined| undefined.message.as_str());
            let line =
                format!("gate failed: {} is unknown, so nobody can say that it is not {side} {limit}. {why}", self.kpi);
            return (false, words::clean(&line));
        };
        let holds = if self.side == Side::Under { value >= self.limit } else { value <= self.limit };
        let shown = words::value(Some(value), figure.unit, currency);
        let line = if holds {
            format!("gate passed: {} is {shown}, not {side} {limit}.", self.kpi)
        } else {
            format!("gate failed: {} is {shown}, {side} {limit}.", self.kpi)
        };
        (holds, words::clean(&line))
    }
}
