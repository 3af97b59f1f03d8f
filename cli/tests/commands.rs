//! `mops view`, `mops charter` and `mops explain`.

mod common;

use common::{Scratch, mops};

#[test]
fn a_view_is_what_a_widget_gets() {
    let run = mops(&[
        "view",
        "kpi",
        "--kpi",
        "win_rate",
        "--segment",
        "owner",
        "--deals",
        "deals.csv",
        "--charter",
        "charter.json",
        "--as-of",
        "2025-04-01",
    ]);
    let view = run.json();
    assert_eq!(view["body"]["view"], "kpi");
    assert_eq!(view["body"]["segment_field"], "owner");
    assert_eq!(view["as_of"], 1_743_458_400_000_i64);
}

#[test]
fn an_unknown_view_is_refused_with_the_known_ones() {
    let run = mops(&["view", "pie", "--deals", "deals.csv", "--as-of", "2025-04-01"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("pie") && run.err.contains("funnel"), "{}", run.err);
}

#[test]
fn a_kpi_view_needs_one_kpi() {
    let run = mops(&["view", "kpi", "--deals", "deals.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--kpi win_rate"), "{}", run.err);
}

#[test]
fn the_schema_describes_every_part_of_a_charter() {
    let run = mops(&["charter", "schema"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let schema = run.json();
    for part in ["time_zone", "currency", "exchange_rates", "lifecycle", "deal_stages", "sources", "kpis"] {
        assert!(schema["properties"][part].is_object(), "{part}");
    }
}

#[test]
fn a_good_charter_is_fine() {
    let run = mops(&["charter", "check", "charter.json"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("charter.json: fine."), "{}", run.out);
}

#[test]
fn every_fault_of_a_charter_is_told_with_its_place() {
    let run = mops(&["charter", "check", "broken.charter.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.matches("error:").count() >= 2, "{}", run.err);
    assert!(run.err.contains("broken.charter.json: /lifecycle/"), "{}", run.err);
}

#[test]
fn a_wrong_time_zone_gets_a_suggestion() {
    let path = std::env::temp_dir().join(format!("mops-zone-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"time_zone": "Europe/Berlim"}"#).unwrap();
    let run = mops(&["charter", "check", path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("/time_zone") && run.err.contains("Europe/Berlin"), "{}", run.err);
}

#[test]
fn a_new_charter_passes_its_own_check() {
    for files in [
        &["--deals", "deals.csv", "--contacts", "contacts.csv"][..],
        &["--deals", "pipeline.csv"],
        &["--contacts", "contacts.csv"],
    ] {
        let arguments: Vec<&str> = ["charter", "new"].iter().chain(files).copied().collect();
        let run = mops(&arguments);
        assert_eq!(run.code, 0, "{files:?}: {}", run.err);
        assert!(run.out.contains("$comment"));
        let path =
            std::env::temp_dir().join(format!("mops-new-{}-{}.json", std::process::id(), files.len() + files[1].len()));
        std::fs::write(&path, &run.out).unwrap();
        let check = mops(&["charter", "check", path.to_str().unwrap()]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(check.code, 0, "{files:?}: {}", check.err);
    }
}

#[test]
fn a_new_charter_maps_headers_and_stages_it_never_saw() {
    let draft = mops(&["charter", "new", "--deals", "pipeline.csv"]).json();
    assert_eq!(draft["sources"]["deals"]["columns"]["amount"], "close_value");
    assert_eq!(draft["sources"]["deals"]["columns"]["owner"], "sales_agent");
    let states: Vec<(&str, &str)> = draft["deal_stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["id"].as_str().unwrap(), stage["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("Prospecting", "open"), ("Engaging", "open"), ("Won", "won"), ("Lost", "lost")]);
}

#[test]
fn a_new_charter_has_the_stages_that_the_files_have() {
    let draft = mops(&["charter", "new", "--contacts", "contacts.csv", "--deals", "deals.csv"]).json();
    let stages: Vec<&str> =
        draft["lifecycle"]["stages"].as_array().unwrap().iter().map(|stage| stage["id"].as_str().unwrap()).collect();
    let expected = ["lead", "marketing_qualified_lead", "sales_qualified_lead", "opportunity", "customer"];
    assert_eq!(stages, expected);
    assert_eq!(draft["currency"], "EUR");
    let states: Vec<&str> =
        draft["deal_stages"].as_array().unwrap().iter().map(|stage| stage["label"].as_str().unwrap()).collect();
    assert_eq!(states, ["Contract sent", "Closed won", "Closed lost"]);
}

#[test]
fn explain_says_what_a_figure_means() {
    let one = mops(&["explain", "win_rate"]);
    assert_eq!(one.code, 0);
    assert!(one.out.starts_with("Win rate (win_rate)\n  Formula"), "{}", one.out);
    let all = mops(&["explain"]);
    assert!(all.out.len() > one.out.len() && all.out.contains("(lifecycle_conversion)"));
    let none = mops(&["explain", "luck"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("win_rate"), "{}", none.err);
}

/// A charter in a file of its own, removed at the end.
struct Draft(std::path::PathBuf);

impl Draft {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mops-{name}-{}.json", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

const GOVERNED: &str = r#"{
  "$comment": "Kept as it is.",
  "people": [
    {"id": "ana", "name": "Ana Silva", "team": "sales", "authority": true},
    {"id": "ben", "name": "Ben Okoro", "authority": false},
    {"id": "cem", "name": "Cem Kaya"}
  ],
  "kpis": {
    "conversion_matured": {
      "owner": "ana",
      "parameters": {"horizon_days": 90}
    }
  }
}
"#;

#[test]
fn a_sign_off_holds_until_the_definition_changes() {
    let charter = Draft::new("sign", GOVERNED);
    let sign = |kpi: &str, by: &str, at: &str| {
        mops(&["charter", "sign", kpi, "--by", by, "--at", at, "--charter", charter.path()])
    };
    let state = || {
        let report = ["report", "--contacts", "contacts.csv", "--as-of", "2026-01-01", "--format", "json"];
        let chosen = ["--kpi", "conversion_matured", "--kpi", "definition_coverage", "--charter", charter.path()];
        let figures = mops(&[&report[..], &chosen].concat()).json()["figures"].clone();
        (figures[0]["definition"]["sign_off"]["state"].clone(), figures[1]["value"].clone())
    };
    assert_eq!(state(), ("unsigned".into(), 0.0.into()));
    // Nobody without authority.
    for (by, why) in [("ben", "Ben Okoro has authority"), ("Cem Kaya", "does not say"), ("Dora", "“Dora”")] {
        let run = sign("conversion_matured", by, "2025-12-01");
        assert_eq!(run.code, 2, "{by}");
        assert!(run.err.contains(why), "{}", run.err);
    }
    assert_eq!(sign("conversion_matured", "ana", "soon").code, 2);
    assert_eq!(sign("luck", "ana", "2025-12-01").code, 2);
    assert_eq!(charter.text(), GOVERNED);

    let run = sign("conversion_matured", "Ana Silva", "2025-12-01");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(state(), ("signed".into(), 1.0.into()));
    let signed = charter.text();
    let line = signed.lines().find(|line| line.contains("sign_off")).unwrap().to_owned();
    assert_eq!(signed.replace(&format!(",\n{line}"), ""), GOVERNED, "nothing else has changed");

    std::fs::write(charter.path(), signed.replace(r#""horizon_days": 90"#, r#""horizon_days": 120"#)).unwrap();
    assert_eq!(state(), ("lapsed".into(), 0.0.into()));
    // Signed anew, only the record changes.
    assert_eq!(sign("conversion_matured", "ana", "2025-12-31").code, 0);
    assert_eq!(state(), ("signed".into(), 1.0.into()));
    assert_eq!(charter.text().lines().count(), signed.lines().count());
}

/// Dates of three of the usual stages: those between them and before them are left out.
const THREE_STAGES: &str =
    "Record ID,Lifecycle Stage,Became a Lead Date,Became an Opportunity Date,Became a Customer Date
1,Customer,2025-01-01,2025-01-10,2025-02-01
2,Opportunity,2025-01-02,2025-01-12,
3,Lead,2025-01-03,,
4,Subscriber,,,
";

fn sign_off(contacts: &Scratch, charter: &str) -> serde_json::Value {
    let run = mops(&[
        "report",
        "--contacts",
        contacts.path(),
        "--charter",
        charter,
        "--as-of",
        "2026-01-01",
        "--format",
        "json",
        "--kpi",
        "lifecycle_conversion",
    ]);
    run.json()["figures"][0]["definition"]["sign_off"]["state"].clone()
}

#[test]
fn a_sign_off_is_for_the_stages_that_the_data_have() {
    let contacts = Scratch::new("stages.csv", THREE_STAGES);
    let charter = Draft::new("stages", "{}");
    let sign = |more: &[&str]| {
        let sign = ["charter", "sign", "lifecycle_conversion", "--by", "Ana", "--at", "2025-12-01", "--charter"];
        mops(&[&sign[..], &[charter.path()], more].concat())
    };
    // Without the files nobody can know which of the usual stages count.
    let blind = sign(&[]);
    assert_eq!(blind.code, 0, "{}", blind.err);
    assert!(blind.out.contains("it shows as lapsed") && blind.out.contains("--contacts"), "{}", blind.out);
    assert_eq!(sign_off(&contacts, charter.path()), "lapsed");
    let seeing = sign(&["--contacts", contacts.path()]);
    assert_eq!(seeing.code, 0, "{}", seeing.err);
    assert!(!seeing.out.contains("lapsed"), "{}", seeing.out);
    assert_eq!(sign_off(&contacts, charter.path()), "signed");
    // A figure that counts no stages by their dates is the same with any data.
    let sign = ["charter", "sign", "win_rate", "--by", "Ana", "--at", "2025-12-01", "--charter", charter.path()];
    assert!(!mops(&sign).out.contains("lapsed"));
}

#[test]
fn a_new_charter_counts_the_stages_that_have_dates() {
    let contacts = Scratch::new("dated.csv", THREE_STAGES);
    let run = mops(&["charter", "new", "--contacts", contacts.path()]);
    let charter = Draft::new("dated", &run.out);
    let lifecycle = &run.json()["lifecycle"];
    let ids: Vec<&str> =
        lifecycle["stages"].as_array().unwrap().iter().map(|stage| stage["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["lead", "opportunity", "customer"]);
    assert!(lifecycle["$comment"].as_str().unwrap().contains("no dates for them: Subscriber"), "{lifecycle}");
    let view =
        mops(&["view", "funnel", "--contacts", contacts.path(), "--charter", charter.path(), "--as-of", "2026-01-01"]);
    let counts: Vec<u64> = view.json()["body"]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["count"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [3, 2, 1]);

    // The stage that counts as lead has no dates itself: the first that has some stands for it.
    let contacts = Scratch::new(
        "leadless.csv",
        "Record ID,Became a Marketing Qualified Lead Date,Became a Customer Date\n1,2025-01-01,2025-02-01\n",
    );
    let lifecycle = mops(&["charter", "new", "--contacts", contacts.path()]).json()["lifecycle"].clone();
    assert_eq!(lifecycle["lead"], "marketing_qualified_lead");
    assert_eq!(lifecycle["customer"], "customer");
}

#[test]
fn a_new_charter_understands_a_german_export() {
    let deals = Scratch::new(
        "deals-german.csv",
        "Datensatz-ID;Deal-Name;Deal-Phase;Betrag;Währung;Erstellungsdatum;Abschlussdatum\n\
         1;Alpha;Abgeschlossen und gewonnen;1.000,50;EUR;02.01.2025;11.01.2025\n\
         2;Beta;Abgeschlossen und verloren;300,00;EUR;03.01.2025;12.01.2025\n",
    );
    let contacts = Scratch::new(
        "contacts-german.csv",
        "Datensatz-ID,E-Mail,Lifecycle-Phase,Erstellungsdatum\n1,a@b.example,Kunde,2025-01-02\n2,,Abonnent,2025-01-03\n",
    );
    let files = ["--deals", deals.path(), "--contacts", contacts.path()];
    let blind = mops(&[&["report"], &files[..]].concat());
    assert_eq!(blind.code, 2);
    assert!(blind.err.contains("mops charter new drafts that"), "{}", blind.err);
    let run = mops(&[&["charter", "new"], &files[..]].concat());
    let draft = run.json();
    for (table, field, header) in [
        ("deals", "id", "Datensatz-ID"),
        ("deals", "stage", "Deal-Phase"),
        ("deals", "amount", "Betrag"),
        ("deals", "currency", "Währung"),
        ("deals", "created_at", "Erstellungsdatum"),
        ("deals", "closed_at", "Abschlussdatum"),
        ("contacts", "id", "Datensatz-ID"),
        ("contacts", "stage", "Lifecycle-Phase"),
    ] {
        assert_eq!(draft["sources"][table]["columns"][field], header, "{table} {field}");
    }
    let customer = draft["lifecycle"]["stages"].as_array().unwrap().iter().find(|stage| stage["id"] == "customer");
    assert_eq!(customer.unwrap()["aliases"], serde_json::json!(["Kunde"]));
    let charter = Draft::new("german", &run.out);
    let report = ["report", "--charter", charter.path(), "--kpi", "average_deal", "--as-of", "2025-02-01"];
    let figure = mops(&[&report[..], &files, &["--format", "json"]].concat()).json()["figures"][0].clone();
    assert_eq!(figure["value"], 1000.5);
}

#[test]
fn findings_are_told_and_end_with_1() {
    let charter = Draft::new(
        "findings",
        r#"{"people": [{"id": "ana", "authority": true}, {"id": "ben"}],
            "functions": [{"id": "routing", "label": "Lead routing", "layer": "process", "critical": true, "accountable": ["ana", "ben"]}],
            "kpis": {"win_rate": {"owner": "dora", "sign_off": {"by": "ben", "at": "2025-01-01", "hash": "0"}}}}"#,
    );
    let run = mops(&["charter", "check", charter.path()]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    for place in ["/functions/0/accountable: ana and ben", "/kpis/win_rate/owner", "/kpis/win_rate/sign_off/by"] {
        assert!(run.out.contains(place), "{place}: {}", run.out);
    }
}

#[test]
fn a_new_charter_guesses_the_order_of_dates_only_from_days_above_12() {
    let draft = |name: &str, dates: [&str; 2]| {
        let [first, second] = dates;
        let file = Scratch::new(name, &format!("id,created_at\n1,{first}\n2,{second}\n"));
        mops(&["charter", "new", "--deals", file.path()]).json()["sources"]["deals"].clone()
    };
    assert_eq!(draft("month.csv", ["3/2/2025", "3/20/2025"])["date_order"], "month_day_year");
    assert_eq!(draft("day.csv", ["3/2/2025", "20/3/2025"])["date_order"], "day_month_year");
    let open = draft("open.csv", ["3/2/2025", "3/2/2025"]);
    assert!(open.get("date_order").is_none());
    assert!(open["$comment"].as_str().unwrap().contains("\"month_day_year\""), "{open}");
    assert!(draft("iso.csv", ["2025-03-02", "20.3.2025"]).is_null());
}

/// A list of leads has one date: the draft lets it stand for the first stage too, for somebody to check.
#[test]
fn leads_with_one_date_get_a_first_stage() {
    let rows = "1,2025-01-02,a@x.example\n2,2025-02-02,b@x.example\n3,2025-02-03,c@x.example\n";
    let leads = Scratch::new("leads.csv", &format!("Record ID,Create Date,Email\n{rows}"));
    let run = mops(&["charter", "new", "--contacts", leads.path()]);
    let contacts = &run.json()["sources"]["contacts"];
    let both = serde_json::json!({ "created_at": "Create Date", "stage:lead": "Create Date" });
    assert_eq!(contacts["columns"], both);
    assert!(contacts["$comment"].as_str().unwrap().contains("a guess that holds where every record is a lead"));
    let charter = Draft::new("leads", &run.out);
    let given = ["--contacts", leads.path(), "--charter", charter.path(), "--as-of", "2026-01-01"];
    let funnel = mops(&[&["view", "funnel"], &given[..]].concat()).json();
    assert_eq!(funnel["body"]["stages"][0]["count"], 3);
    // A file that has a stage's date is left alone.
    let staged = Scratch::new(
        "staged.csv",
        &format!(
            "Record ID,Create Date,Became a Lead Date\n{}",
            rows.replace("@x.example", "").replace(",a", ",2025-01-03")
        ),
    );
    assert!(mops(&["charter", "new", "--contacts", staged.path()]).json()["sources"]["contacts"].is_null());
}

/// Marketo writes some of Salesforce's names; its export is none of Salesforce's.
#[test]
fn an_export_of_marketo_is_not_taken_for_salesforce() {
    let marketo = Scratch::new(
        "marketo.csv",
        "Id,First Name,Last Name,Email Address,Company Name,Lead Source,Lead Status,Lead Score,Created At,Updated At\n\
         1,Ana,Silva,a@x.example,Acme,Web,Open,12,2025-01-02,2025-01-03\n",
    );
    let run = mops(&["report", "--contacts", marketo.path(), "--kpi", "lead_to_customer", "--as-of", "2026-01-01"]);
    assert!(run.out.contains("1 kept\n") && !run.out.contains("recognised as"), "{}", run.out);
    let columns =
        mops(&["charter", "new", "--contacts", marketo.path()]).json()["sources"]["contacts"]["columns"].clone();
    for (field, header) in
        [("email", "Email Address"), ("account", "Company Name"), ("source", "Lead Source"), ("stage", "Lead Status")]
    {
        assert_eq!(columns[field], header, "{columns}");
    }
}

#[test]
fn a_new_charter_asks_for_the_decimal_sign_where_no_amount_proves_it() {
    let draft = |name: &str, amounts: [&str; 2]| {
        let [first, second] = amounts;
        let file = Scratch::new(name, &format!("id;amount\n1;{first}\n2;{second}\n"));
        mops(&["charter", "new", "--deals", file.path()]).json()["sources"]["deals"].clone()
    };
    let open = draft("open-amounts.csv", ["1.234", "2.500"]);
    assert!(open["$comment"].as_str().unwrap().contains("add decimal_sign here"), "{open}");
    assert!(draft("proved-amounts.csv", ["1.234", "2.500,10"]).is_null());
}

#[test]
fn a_view_that_does_not_exist_is_told_before_files_are_missed() {
    let run = mops(&["view", "pie"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("No view is called “pie”") && run.err.contains("inventory"), "{}", run.err);
}

#[test]
fn help_has_examples() {
    for command in [&["--help"][..], &["report", "--help"], &["view", "--help"], &["charter", "sign", "--help"]] {
        let run = mops(command);
        assert!(run.out.contains("Example"), "{command:?}: {}", run.out);
    }
}
