//! All words a person reads that do not come from a view, in English.

pub const NO_VALUE: &str = "–";
pub const LOADING: &str = "Loading…";
pub const NOTHING_YET: &str = "No data yet";
pub const NOTHING_YET_HINT: &str = "No data yet. Name a file or address on the source to see figures here.";
pub const EMPTY: &str = "Nothing to show";
pub const EMPTY_HINT: &str = "No records match the period and filters. Widen the period or lift a filter.";
pub const STALE: &str = "Last good figures, no longer current";
pub const UPDATING: &str = "Updating…";
pub const TRY_AGAIN: &str = "Try again";
pub const BAD_VIEW: &str = "The view is not as the engine’s query() or `mops view` gives it: ";
pub const WRONG_VIEW: &str = "The view is of another kind than this element shows.";

pub const DEFINITION: &str = "Definition and evidence";
pub const TABLE: &str = "Data table";
pub const EXPORT: &str = "Export";
/// Everything that a widget shows, beside its sections.
pub const WHOLE: &str = "Everything shown";
pub const CLOSE: &str = "Close";
pub const REFRESH: &str = "Refresh";
pub const CANCEL: &str = "Cancel";

pub const INTERVAL: &str = "95% interval";
pub const THIN: &str = "few records";
pub const THIN_LONG: &str = "Too few records to lean on";
pub const MAY_BE_CHANCE: &str = "may be chance";
pub const UNFINISHED: &str = "not over yet";
pub const MATURING: &str = "still converting";
pub const BLANK: &str = "(blank)";

pub const ON_TARGET: &str = "On target";
pub const NEAR_TARGET: &str = "Near target";
pub const OFF_TARGET: &str = "Off target";
pub const NO_TARGET: &str = "No target set";
pub const UNDEFINED: &str = "Not known";
pub const TARGET: &str = "Target";

pub const FORMULA: &str = "Formula";
pub const SOURCE: &str = "Source of the formula";
pub const OURS: &str = "ours: no authority defines it";
pub const OWNER: &str = "Owner";
pub const NO_OWNER: &str = "No owner";
pub const SIGN_OFF: &str = "Sign-off";
pub const NUMERATOR: &str = "Numerator";
pub const DENOMINATOR: &str = "Denominator";
pub const VALUE: &str = "Value";
pub const DIRECTION: &str = "Direction";
pub const HIGHER: &str = "higher is better";
pub const LOWER: &str = "lower is better";
/// Direction: near the target.
pub const BAND: &str = "near the target is better";
pub const NEITHER: &str = "neither higher nor lower is better";
pub const INPUTS: &str = "Reads";
pub const PARAMETERS: &str = "Parameters";
pub const DEFAULT: &str = "default";
pub const EDGE_CASES: &str = "Edge cases";
pub const VERSION: &str = "Definition id";
pub const ROWS: &str = "Rows";
pub const PERIOD: &str = "Period";
pub const COMPARED_WITH: &str = "Compared with";

pub const UNSIGNED: &str = "Not signed off";
pub const LAPSED: &str = "Sign-off lapsed";
pub const SIGNED: &str = "Signed off";

pub const KPI: &str = "KPI";
pub const CHANGE: &str = "Change";
pub const TREND: &str = "Trend";
pub const STATUS: &str = "Status";
pub const LOW: &str = "95% low";
pub const HIGH: &str = "95% high";
pub const USED: &str = "Rows used";
pub const SCORECARD: &str = "Scorecard";

pub const FUNNEL: &str = "Lifecycle funnel";
pub const STAGE: &str = "Stage";
pub const RECORDS: &str = "Records";
pub const RECORDS_BEFORE: &str = "Records before";
pub const OF_FIRST: &str = "Of first stage";
pub const NEXT_RATE: &str = "To next stage";
pub const NEXT_RATE_BEFORE: &str = "To next stage before";
pub const NEXT_TARGET: &str = "Target of the step";
pub const MEDIAN_DAYS: &str = "Median days in stage";
pub const CUSTOMERS_LOST: &str = "Customers lost";
pub const ALL_STAGES: &str = "Each record counts up to the first stage it skipped";
pub const ANY_STAGES: &str = "Each record counts in every stage it entered, in any order";
pub const FUNNEL_HINT: &str = "Arrow keys move between stages and the steps between them, Enter selects a stage.";

pub const COHORTS: &str = "Conversion by cohort";
pub const CURVE: &str = "Over time";
pub const MATRIX_HEADING: &str = "By starting month and months since";
pub const COHORT: &str = "Cohort";
pub const SIZE: &str = "Size";
pub const CONVERTED: &str = "Converted";
pub const COMPETING: &str = "Lost or recycled";
pub const AT_RISK: &str = "At risk";
pub const TOO_YOUNG: &str = "too young";
pub const MATRIX_HINT: &str = "Months since the start. Arrow keys move between cells.";
pub const NOT_MATURED: &str = "No record has been watched long enough to say how many convert.";

pub const FILTERS: &str = "Filters";
pub const COMPARE: &str = "Compare with";
pub const COMPARE_NONE: &str = "Nothing";
pub const COMPARE_PREVIOUS: &str = "Period before";
pub const COMPARE_YEAR: &str = "A year before";
pub const SEARCH: &str = "Search";
pub const REMOVE_FILTER: &str = "Remove filter";
pub const ANY: &str = "Any";
pub const CLEAR_ALL: &str = "Clear all";
pub const NO_MATCH: &str = "No value matches";

pub const GRAPH_HINT: &str = "Arrow keys move between nodes, Enter selects one.";
pub const SERIES_HINT: &str = "Arrow keys move between points, Enter selects one.";
pub const GOOD: &str = "as it should be";
pub const WARNING: &str = "needs attention";
pub const BAD: &str = "wrong";
pub const UNKNOWN: &str = "not known";
pub const FIGURES: &str = "Figures";
pub const LEAST: &str = "Least possible";
pub const MOST: &str = "Most possible";
pub const ID: &str = "Id";
pub const NAME: &str = "Name";
pub const EVIDENCE: &str = "Evidence and next step";

pub const DATA: &str = "Data";
pub const INVENTORY: &str = "What was read";
pub const FIELD: &str = "Field";
pub const HEADER: &str = "Column in the file";
pub const FILLED: &str = "Filled";
pub const BLANK_CELLS: &str = "Blank";
pub const TO_CHECK: &str = "Cells to check";
pub const UNREADABLE: &str = "Unreadable";
pub const UNMATCHED: &str = "Columns not read";
pub const NO_CHARTER: &str = "No charter: defaults hold";
pub const READING: &str = "Reading";

/// A quotient that is no share.
pub fn times(number: &str) -> String {
    [number, "×"].concat()
}

/// An amount for each year.
pub fn per_year(amount: &str) -> String {
    [amount, "/year"].concat()
}

/// How many for each week.
pub fn per_week(number: &str) -> String {
    [number, "/week"].concat()
}

/// "31–47% possible": what missing evidence leaves open.
pub fn possible(range: &str) -> String {
    [range, " possible"].concat()
}

/// "32 more".
pub fn others(count: &str) -> String {
    [count, " more"].concat()
}

/// "not measured: Braze, Hotjar and 3 more".
pub fn not_measured(names: &[String], rest: &str, has_rest: bool) -> String {
    let mut words = ["not measured: ", &names.join(", ")].concat();
    if has_rest {
        words.push_str(if names.is_empty() { "" } else { " and " });
        words.push_str(rest);
        words.push_str(if names.is_empty() { "" } else { " more" });
    }
    words
}

/// What a count is some of: "of 14 steps".
pub fn out_of(count: &str, label: &str) -> String {
    ["of ", count, " ", label].concat()
}

/// "the first 10 of 42".
pub fn first_of(shown: &str, all: &str) -> String {
    ["the first ", shown, " of ", all].concat()
}

/// "€12/day".
pub fn per_day(money: &str) -> String {
    [money, "/day"].concat()
}

/// "61–67%", "3–12 days", "€3 – €12": a unit that follows both numbers is said once.
pub fn range(low: &str, high: &str) -> String {
    let unit = |text: &str| {
        let is_unit =
            |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '%' | ' ' | '/' | '\u{a0}' | '\u{202f}');
        text.trim_end_matches(is_unit).len()
    };
    let is_number = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
    match (low.split_at(unit(low)), high.split_at(unit(high))) {
        ((low, unit), (number, other))
            if unit == other && !low.is_empty() && unit.starts_with(|letter: char| !letter.is_ascii_alphabetic()) =>
        {
            [low, "–", number, unit].concat()
        }
        ((low, ""), (high, "")) if is_number(low) && is_number(high) => [low, "–", high].concat(),
        _ => [low, " – ", high].concat(),
    }
}

/// "+2.1 pts".
pub fn points(change: &str) -> String {
    [change, " pts"].concat()
}

/// "+2.1 pts vs previous 12 months".
pub fn versus(change: &str, period: &str) -> String {
    [change, " vs ", period].concat()
}

/// "No change vs …".
pub fn unchanged(period: &str) -> String {
    ["no change vs ", period].concat()
}

/// "+2.1 pts vs previous 12 months; data begin 1 Oct 2024".
pub fn data_begin(words: &str, date: &str) -> String {
    [words, "; data begin ", date].concat()
}

/// "No earlier figure for …".
pub fn no_earlier(period: &str) -> String {
    ["no figure for ", period].concat()
}

/// "Target 60%".
pub fn target(value: &str) -> String {
    ["target ", value].concat()
}

/// "Signed off by Ana, 2026-01-31".
pub fn signed(state: &str, by: Option<&str>, at: Option<&str>) -> String {
    let mut text = state.to_owned();
    if let Some(by) = by {
        text.push_str(" by ");
        text.push_str(by);
    }
    if let Some(at) = at {
        text.push_str(", ");
        text.push_str(at);
    }
    text
}

/// "4,869 used + 143 left out = 5,012 read".
pub fn arithmetic(used: &str, excluded: &str, read: &str) -> String {
    [used, " used + ", excluded, " left out = ", read, " read"].concat()
}

/// "as of 1 Jan 2026": the date that was asked for, whose first instant is meant.
pub fn as_of(date: &str) -> String {
    ["as of ", date].concat()
}

/// "line 14".
pub fn line(line: &str) -> String {
    ["line ", line].concat()
}

/// "143 rows left out".
pub fn rows_left_out(count: &str) -> String {
    [count, if count == "1" { " row left out" } else { " rows left out" }].concat()
}

/// "5,012 contacts", "1 row of contacts".
pub fn rows_of(count: &str, table: &str) -> String {
    [count, if count == "1" { " row of " } else { " " }, &table_words(table)].concat()
}

/// "Most is lost between MQL and SQL: about 12 customers in this period".
pub fn leak(from: &str, to: &str, customers: Option<&str>) -> String {
    let start = ["Most is lost between ", from, " and ", to].concat();
    match customers {
        Some("1") => [&start, ": about 1 customer in this period"].concat(),
        Some(count) => [&start, ": about ", count, " customers in this period"].concat(),
        None => start,
    }
}

/// "1.9% convert from Lead to Customer within 90 days".
pub fn converts_within(rate: &str, way: &str, days: &str) -> String {
    [rate, " convert from ", way, " within ", days].concat()
}

/// "Lead to Customer".
pub fn from_to(from: &str, to: &str) -> String {
    [from, " to ", to].concat()
}

/// "Win rate can’t be shown".
pub fn failed(name: &str) -> String {
    [name, " can’t be shown"].concat()
}

/// "Show Win rate's definition".
pub fn about(what: &str, name: &str) -> String {
    [what, ": ", name].concat()
}

/// "Not filtered by owner".
pub fn unfiltered(fields: &[String]) -> String {
    ["Not filtered by ", &fields.join(", ")].concat()
}

/// "and 240 more".
pub fn more(count: &str) -> String {
    ["and ", count, " more; search to find them"].concat()
}

/// "Ana + 2".
pub fn and_others(first: &str, others: &str) -> String {
    [first, " + ", others].concat()
}

/// "Is it meant for amount?".
pub fn suggestion(field: &str) -> String {
    ["meant for ", field, "?"].concat()
}

/// "2.4 MB of 8.1 MB".
pub fn of(part: &str, whole: &str) -> String {
    [part, " of ", whole].concat()
}

/// "Month 3".
pub fn month_of_age(age: &str) -> String {
    ["month ", age].concat()
}

fn table_words(table: &str) -> String {
    match table {
        "ai_features" => "AI features".into(),
        "spend" => "spend lines".into(),
        // A figure of figures counts these.
        "charter" => "inputs".into(),
        _ => table.replace('_', " "),
    }
}

/// A table's name as a heading.
pub fn table_name(table: &str) -> String {
    let mut name = table_words(table);
    if let Some(first) = name.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// "Source: contacts.csv, line 14, field amount".
pub fn place(source: Option<&str>, line_text: Option<&str>, field: Option<&str>, pointer: Option<&str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(source.map(str::to_owned));
    parts.extend(line_text.map(line));
    parts.extend(field.map(|field| ["field “", field, "”"].concat()));
    parts.extend(pointer.map(str::to_owned));
    parts.join(", ")
}

/// "612 rows".
pub fn rows_used(count: &str) -> String {
    [count, " rows"].concat()
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_say_a_unit_once() {
        for (low, high, words) in [
            ("31%", "47.2%", "31–47.2%"),
            ("49", "61", "49–61"),
            ("3 days", "12 days", "3–12 days"),
            ("1 day", "12 days", "1 day – 12 days"),
            ("€1.1M", "€1.6M", "€1.1M – €1.6M"),
            ("€181,000/year", "€246,500/year", "€181,000–€246,500/year"),
            ("–", "–", "– – –"),
            ("%", "%", "% – %"),
            ("٣١٪", "٤١٪", "٣١٪ – ٤١٪"),
        ] {
            assert_eq!(range(low, high), words);
        }
    }
}
