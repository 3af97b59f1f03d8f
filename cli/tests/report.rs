//! `mops report` in every format, on small files whose numbers can be counted by hand.

mod common;

use common::{Scratch, mops, mops_at};
use serde_json::{Value, json};

const DEALS: [&str; 7] = ["report", "--deals", "deals.csv", "--charter", "charter.json", "--as-of", "2025-04-01"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    DEALS.into_iter().chain(more.iter().copied()).collect()
}

fn figure<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["figures"].as_array().unwrap().iter().find(|figure| figure["id"] == id).unwrap()
}

fn excluded(figure: &Value, reason: &str) -> Value {
    let entries = figure["excluded"].as_array().unwrap();
    entries.iter().find(|entry| entry["reason"] == reason).map_or(json!(0), |entry| entry["count"].clone())
}

#[test]
fn json_has_the_figures_with_all_that_defends_them() {
    let run = mops(&with(&["--format", "json"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let report = run.json();
    assert_eq!(report["as_of"], "2025-04-01T00:00:00+02:00");
    assert_eq!(report["time_zone"], "Europe/Berlin");
    assert_eq!(report["organisation"], "Fixture & Sons <Ltd>");
    let win_rate = figure(&report, "win_rate");
    assert_eq!(win_rate["unit"], "rate");
    assert_eq!(win_rate["numerator"]["value"], 4.0);
    assert_eq!(win_rate["status"], "off_target");
    assert_eq!(win_rate["definition"]["id"], "win_rate");
    assert_eq!(win_rate["definition"]["owner"], "Ana");
    assert!(win_rate["definition"]["hash"].as_str().unwrap().len() >= 8);
    assert!(win_rate["interval"][0].as_f64().unwrap() < win_rate["interval"][1].as_f64().unwrap());
    assert!(!win_rate["parts"].as_array().unwrap().is_empty());
    assert_eq!(excluded(win_rate, "in_flight"), 1);
    let left: u64 = win_rate["excluded"].as_array().unwrap().iter().map(|entry| entry["count"].as_u64().unwrap()).sum();
    assert_eq!(left + win_rate["used"].as_u64().unwrap(), win_rate["read"].as_u64().unwrap());
}

#[test]
fn json_lists_what_became_of_each_table() {
    let report = mops(&with(&["--format", "json"])).json();
    let table = &report["tables"][0];
    assert_eq!((&table["table"], &table["preset"]), (&json!("deals"), &json!("hubspot")));
    assert_eq!((&table["read"], &table["accepted"]), (&json!(10), &json!(8)));
    assert_eq!(excluded(&json!({"excluded": table["rejected"]}), "duplicate_id"), 1);
    assert_eq!(excluded(&json!({"excluded": table["rejected"]}), "total_row"), 1);
    let fields = table["fields"].as_array().unwrap();
    let owner = fields.iter().find(|field| field["field"] == "owner").unwrap();
    assert_eq!(owner["blank"], 1);
    let closed = fields.iter().find(|field| field["field"] == "closed_at").unwrap();
    assert_eq!((&closed["unreadable"], &closed["examples"][0]["line"]), (&json!(1), &json!(10)));
}

#[test]
fn figures_without_their_table_are_undefined_not_zero() {
    let report = mops(&with(&["--format", "json"])).json();
    let conversion = figure(&report, "lifecycle_conversion");
    assert_eq!(conversion["value"], Value::Null);
    assert_eq!(conversion["undefined"]["code"], "missing_table");
    assert_eq!(conversion["status"], "undefined");
}

#[test]
fn only_the_figures_asked_for_are_printed() {
    let report = mops(&with(&["--format", "json", "--kpi", "win_rate"])).json();
    assert_eq!(report["figures"].as_array().unwrap().len(), 1);
}

#[test]
fn a_filter_keeps_rows_with_one_of_its_values() {
    let report =
        mops(&with(&["--format", "json", "--kpi", "win_rate", "--filter", "owner=Ana", "--filter", "owner="])).json();
    assert_eq!(report["filter"], json!({"owner": ["", "Ana"]}));
    let win_rate = figure(&report, "win_rate");
    assert_eq!((&win_rate["numerator"]["value"], &win_rate["denominator"]["value"]), (&json!(2.0), &json!(3.0)));
}

#[test]
fn a_comparison_comes_with_its_change() {
    let run = mops(&with(&["--format", "json", "--kpi", "win_rate", "--period", "2025-02", "--compare", "previous"]));
    let report = run.json();
    assert_eq!(report["period"]["id"], "2025-02");
    let win_rate = figure(&report, "win_rate");
    assert_eq!(win_rate["comparison"]["value"], 1.0);
    assert_eq!(win_rate["comparison"]["difference"], 0.0);
}

#[test]
fn the_table_is_aligned_and_free_of_escapes() {
    let run = mops(&DEALS);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("Fixture & Sons <Ltd>\nAll time, as of 2025-04-01\n"), "{}", run.out);
    assert!(run.out.contains("✗ off target"), "{}", run.out);
    assert!(run.out.contains("duplicate id: 1"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'));
    let title = |line: &str| line.contains(" from ") && line.contains(" read, ");
    for line in run.out.lines().filter(|line| !title(line)) {
        assert!(line.chars().count() <= 80, "wider than 80 columns: {line}");
    }
}

#[test]
fn narrow_terminals_get_narrow_lines() {
    let both = [&DEALS[..], &["--contacts", "contacts.csv"]].concat();
    for arguments in [&["--help"][..], &["report", "--help"], &["explain"], &both] {
        for columns in [60, 80, 120] {
            let out = mops_at(columns, arguments).out;
            let title = |line: &str| line.contains(" from ") && line.contains(" read, ");
            for line in out.lines().filter(|line| !title(line)) {
                assert!(line.chars().count() <= columns, "{arguments:?}: wider than {columns} columns: {line}");
            }
        }
    }
}

#[test]
fn markdown_has_tables_and_definitions() {
    let run = mops(&with(&["--format", "md"]));
    assert!(run.out.starts_with("# Fixture &amp; Sons &lt;Ltd&gt;\n"));
    assert!(run.out.contains("\n| figure | value |"));
    assert!(run.out.contains("\n## Definitions\n"));
    assert!(run.out.contains("- Formula: won deals ÷"), "{}", run.out);
}

#[test]
fn html_is_one_file_without_scripts_or_requests() {
    let arguments = ["--contacts", "contacts.csv", "--format", "html"];
    let run = mops(&with(&arguments));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("<!doctype html>"));
    assert!(run.out.contains("<h1>Fixture &amp; Sons &lt;Ltd&gt;</h1>"));
    assert!(run.out.contains("<svg "));
    for forbidden in ["<script", "<link", "src=", "url(", "@import", "href="] {
        assert!(!run.out.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_gate_fails_only_when_asked() {
    assert_eq!(mops(&DEALS).code, 0);
    assert_eq!(mops(&with(&["--fail-on-off-target"])).code, 1);
    assert_eq!(mops(&with(&["--fail-on-off-target", "--period", "2025-01", "--kpi", "win_rate"])).code, 0);
}

#[test]
fn wrong_use_and_bad_input_end_with_two_and_say_what_to_do() {
    let cases: [(&[&str], &[&str]); 10] = [
        (&["report", "--data", "nowhere"], &["There is no folder nowhere", "Check the path"]),
        (&["report", "--data", "deals.csv"], &["deals.csv is no folder", "--deals"]),
        (&["report", "--deals", "deals.csv", "--filter", "country=ES"], &["No file has a column", "“country”"]),
        (&["report"], &["No file was given", "--deals"]),
        (&["report", "--deals", "nothing.csv"], &["nothing.csv", "can’t be read", "Check the path"]),
        (&["report", "--deals", "deals.csv", "--kpi", "win_rat"], &["“win_rat”", "Did you mean win_rate?"]),
        (&["report", "--deals", "deals.csv", "--filter", "owner"], &["has no “=”"]),
        (&["report", "--deals", "deals.csv", "--as-of", "soon"], &["soon"]),
        (&["report", "--deals", "deals.csv", "--period", "someday"], &["someday"]),
        (&["report", "--deals", "deals.csv", "--charter", "broken.charter.json"], &["broken.charter.json"]),
    ];
    for (arguments, words) in cases {
        let run = mops(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        for word in words {
            assert!(run.err.contains(word), "{arguments:?}: {}", run.err);
        }
    }
}

#[test]
fn a_folder_gives_its_tables_by_name() {
    let run =
        mops(&["report", "--data", ".", "--charter", "charter.json", "--as-of", "2025-04-01", "--format", "json"]);
    let report = run.json();
    let tables: Vec<&Value> = report["tables"].as_array().unwrap().iter().map(|table| &table["table"]).collect();
    assert_eq!(tables, [&json!("contacts"), &json!("deals")]);
    // What lies beside them is not passed over in silence.
    assert!(run.err.starts_with("note: not read, for no table is called so: pipeline.csv."), "{}", run.err);
}

#[test]
fn gates_end_with_1_and_say_which() {
    let gate = |arguments: &[&str]| {
        let report = ["report", "--deals", "deals.csv", "--charter", "charter.json", "--as-of", "2025-04-01"];
        mops(&[&report[..], arguments].concat())
    };
    let held = gate(&["--fail-under", "win_rate=1%", "--fail-over", "win_rate=1"]);
    assert_eq!(held.code, 0, "{}", held.err);
    assert_eq!(held.err.matches("gate passed: win_rate").count(), 2, "{}", held.err);
    // Also of a figure that the report does not show, and of one that is unknown.
    let failed = gate(&["--kpi", "sales_cycle", "--fail-under", "win_rate=100%", "--fail-over", "duplicate_rate=0.5"]);
    assert_eq!(failed.code, 1);
    assert!(failed.err.contains("gate failed: win_rate is"), "{}", failed.err);
    assert!(failed.err.contains("gate failed: duplicate_rate is unknown"), "{}", failed.err);
    for wrong in ["luck=1", "win_rate", "win_rate=high", "win_rate=25"] {
        assert_eq!(gate(&["--fail-under", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn every_table_has_its_option() {
    let help = mops(&["report", "--help"]).out;
    for option in ["--contacts", "--stage-events", "--tools", "--platform-reports", "--ai-features"] {
        assert!(help.contains(option), "{option}: {help}");
    }
}

/// Six leads of a HubSpot export without "Became a Subscriber Date", one of them a customer.
const CONTACTS: [&str; 7] =
    ["report", "--contacts", "contacts.csv", "--as-of", "2025-04-01", "--kpi", "lifecycle_conversion"];
const UNDATED: &str = "no dates for them: Subscriber.";

#[test]
fn an_export_without_subscribers_gives_a_funnel_and_says_what_it_leaves_out() {
    let run = |format: &'static str| mops(&[&CONTACTS[..], &["--format", format]].concat());
    let report = run("json").json();
    let conversion = figure(&report, "lifecycle_conversion");
    assert_eq!(conversion["value"], json!(1.0 / 6.0));
    assert_eq!(conversion["parts"][0]["part"], "lead");
    assert!(conversion["note"].as_str().unwrap().ends_with(UNDATED));
    for format in ["table", "md", "html"] {
        let text = run(format).out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.matches(UNDATED).count(), 1, "{format}: {text}");
        assert!(text.contains("16.7"), "{format}");
        // Said once for all figures that it is about.
        let all = mops(&[&CONTACTS[..5], &["--format", format]].concat()).out;
        let text = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.matches(UNDATED).count(), 1, "{format}: {text}");
    }
}

/// What happens to files as people have them.
#[test]
fn cells_that_cannot_be_read_are_shown_with_what_to_do() {
    let file = Scratch::new(
        "unreadable.csv",
        "id,created_at,closed_at,is_closed,is_won,amount,amount\n\
         1,1/7/2025,3/2/2025,true,true,£500,1\n\
         2,2025-01-07,2025-02-29,true,false,€ 800,2\n",
    );
    let run = mops(&["report", "--deals", file.path(), "--kpi", "average_deal", "--as-of", "2026-01-01"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "line 2, id 1: closed_at “3/2/2025 (day or month first? set",
        "line 2, id 1: “£500 (not the charter's currency, and no currency column says so)”",
        "{\"sources\": {\"deals\": {\"date_order\": \"day_month_year\"}}}",
        "“amount” (a second column of that name)",
        "There is nothing to divide by: 0 won deals. 2 rows were left out: date can’t be read.",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!run.out.contains('…'), "{}", run.out);
}

#[test]
fn a_file_that_is_no_utf_8_says_what_it_was_taken_for() {
    let western = Scratch::of("western.csv", b"id;amount;owner\r\n1;5;Jos\xe9\r\n");
    let plain = Scratch::new("plain.csv", "id;amount;owner\r\n1;5;Jos\u{e9}\r\n");
    let told = |file: &Scratch, format: &str| {
        let given =
            ["report", "--deals", file.path(), "--kpi", "average_deal", "--as-of", "2026-01-01", "--format", format];
        mops(&given)
            .out
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("taken for Windows-1252 since it is no UTF-8")
    };
    for format in ["table", "html", "md"] {
        assert!(told(&western, format) && !told(&plain, format), "{format}");
    }
}

/// Nothing in the file says whether 1.500 is one and a half.
#[test]
fn amounts_that_are_guessed_are_shown_with_what_to_do() {
    let file = Scratch::new(
        "guessed.csv",
        "id;closed_at;is_closed;is_won;amount\n1;2025-01-07;true;true;1.500\n2;2025-01-07;true;true;3\n",
    );
    let run = mops(&["report", "--deals", file.path(), "--kpi", "average_deal", "--as-of", "2026-01-01"]);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "line 2: “thousands or decimals? amounts read as in English: 1; set decimal_sign”",
        "{\"sources\": {\"deals\": {\"decimal_sign\": \",\"}}} where 1.234 is a thousand and more",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

/// Neither the sign nor the column can be trusted where they contradict each other.
#[test]
fn an_amount_whose_sign_contradicts_its_currency_is_unreadable() {
    let file = Scratch::new(
        "signs.csv",
        "id,created_at,closed_at,is_closed,is_won,amount,currency\n\
         1,2025-01-07,2025-03-02,true,true,£500,USD\n\
         2,2025-01-07,2025-03-02,true,true,$300,usd\n\
         3,2025-01-07,2025-03-02,true,true,€ 700,\n\
         4,2025-01-07,2025-03-02,true,true,100,\n",
    );
    let charter = Scratch::new("dollars.json", r#"{"currency": "USD"}"#);
    let report = ["report", "--deals", file.path(), "--charter", charter.path(), "--as-of", "2026-01-01"];
    let asked = [&report[..], &["--kpi", "average_deal", "--format"]].concat();
    let json = mops(&[&asked[..], &["json"]].concat()).json();
    let figure = figure(&json, "average_deal");
    assert_eq!((&figure["value"], &figure["used"], &figure["read"]), (&json!(200.0), &json!(2), &json!(4)));
    assert_eq!(excluded(figure, "unparsable_number"), 2);
    let text = mops(&[&asked[..], &["table"]].concat()).out.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in
        ["“£500 (not the row's currency)”", "“€ 700 (not the charter's currency, and no currency column says so)”"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn amounts_in_another_currency_say_which_and_what_to_do() {
    let deals = "id,created_at,closed_at,is_closed,is_won,amount,currency\n1,2025-01-07,2025-03-02,true,true,5,EUR\n";
    let file = Scratch::new("euros.csv", deals);
    let run = mops(&["report", "--deals", file.path(), "--kpi", "average_deal", "--as-of", "2026-01-01"]);
    let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in
        ["1 row was left out: no exchange rate.", "line 2, id 1: currency “EUR”", "Set the charter’s currency, or give"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
}

/// A filter that reaches some of the tables is told to leave the others as they are.
#[test]
fn what_a_filter_leaves_as_it_is_is_told() {
    let tools = Scratch::new("tools.csv", "id,annual_cost,seats_licensed,seats_active\nMail,1000,10,5\n");
    let report = ["report", "--deals", "deals.csv", "--tools", tools.path(), "--charter", "charter.json"];
    let asked = ["--as-of", "2025-04-01", "--filter", "source=Referrals"];
    let run = mops(&[&report[..], &asked, &["--format", "json"]].concat());
    assert_eq!(run.json()["unfiltered"], json!({"source": ["tools"]}));
    for format in ["table", "md", "html"] {
        let run = mops(&[&report[..], &asked, &["--format", format]].concat());
        let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("Not filtered by source: figures of tools."), "{text}");
    }
    let run = mops(&[&report[..], &asked, &["--kpi", "win_rate", "--format", "json"]].concat());
    assert!(run.json().get("unfiltered").is_none());
    // A tool's owner is not a deal's: no filter chooses among tools.
    let tools = Scratch::new("owned.csv", "id,annual_cost,seats_licensed,seats_active,owner\nMail,1000,10,5,Ana\n");
    let report = ["report", "--deals", "deals.csv", "--tools", tools.path(), "--charter", "charter.json"];
    let run = mops(&[&report[..], &["--as-of", "2025-04-01", "--filter", "owner=Ana", "--format", "json"]].concat());
    assert_eq!(run.json()["unfiltered"], json!({"owner": ["tools"]}));
}
