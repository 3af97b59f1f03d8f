//! What somebody meets who runs `mops` for the first time, on files as their system exports them.

mod common;

use common::{Run, Scratch, mops};

/// The figure's value in a report, under a charter drafted from the same file.
fn drafted(deals: &Scratch, name: &str) -> (serde_json::Value, serde_json::Value) {
    let drafted = mops(&["charter", "new", "--deals", deals.path()]);
    assert_eq!(drafted.code, 0, "{}", drafted.err);
    let charter = Scratch::new(name, &drafted.out);
    let run = mops(&[
        "report",
        "--deals",
        deals.path(),
        "--charter",
        charter.path(),
        "--as-of",
        "2026-01-01",
        "--kpi",
        "win_rate",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    (drafted.json(), run.json()["figures"][0]["value"].clone())
}

#[test]
fn pipedrive_keeps_won_and_lost_beside_its_stages() {
    // Four deals: two won, one lost, one open, all in the same stage of the pipeline.
    let deals = Scratch::new(
        "pipedrive.csv",
        "Deal - ID,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Status,Deal - Deal created,\
         Deal - Won time,Deal - Deal closed on,Deal - Expected close date\n\
         1,Ana,100,EUR,Talks,won,2025-01-07 09:00:00,2025-02-01 10:00:00,2025-02-01 10:00:00,2025-03-01\n\
         2,Ana,200,EUR,Talks,won,2025-01-08 09:00:00,2025-02-02 10:00:00,2025-02-02 10:00:00,2025-03-01\n\
         3,Bo,300,EUR,Talks,lost,2025-01-09 09:00:00,,2025-02-03 10:00:00,2025-03-01\n\
         4,Bo,400,EUR,Talks,open,2025-01-10 09:00:00,,,2026-03-01\n",
    );
    let (charter, win_rate) = drafted(&deals, "pipedrive.charter.json");
    let columns = &charter["sources"]["deals"]["columns"];
    for (field, header) in [
        ("stage", "Deal - Status"),
        ("closed_at", "Deal - Deal closed on"),
        ("expected_close_at", "Deal - Expected close date"),
        ("owner", "Deal - Owner"),
    ] {
        assert_eq!(columns[field], header, "{columns}");
    }
    assert_eq!(charter["currency"], "EUR");
    assert!((win_rate.as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-12, "{win_rate}");
}

#[test]
fn a_german_export_as_a_spreadsheet_saves_it() {
    let text = "Datensatz-ID;Betrag;Währung;Erstellungsdatum;Abschlussdatum;Deal-Inhaber;Gewonnen;Geschlossen\r\n\
                1;1.500,50;EUR;07.01.2025;23.03.2025;Zoë;WAHR;WAHR\r\n\
                2;2.500,00;EUR;08.01.2025;24.03.2025;José;FALSCH;WAHR\r\n";
    let western: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let deals = Scratch::of("german.csv", &western);
    let (charter, win_rate) = drafted(&deals, "german.charter.json");
    let columns = &charter["sources"]["deals"]["columns"];
    assert_eq!((&columns["currency"], &columns["owner"]), (&"Währung".into(), &"Deal-Inhaber".into()));
    assert_eq!((&charter["currency"], win_rate), (&"EUR".into(), 0.5.into()));
}

#[test]
fn a_report_begins_with_what_leaves_many_rows_out() {
    let deals = Scratch::new(
        "open-dates.csv",
        "Opportunity ID,Stage,Amount,Amount Currency,Created Date,Close Date\n\
         1,Closed Won,100,EUR,1/7/2025,3/2/2025\n2,Closed Lost,200,EUR,1/27/2025,3/22/2025\n",
    );
    for format in ["table", "md", "html"] {
        let run = mops(&["report", "--deals", deals.path(), "--as-of", "2026-01-01", "--format", format]);
        let text = run.out.replace('\n', " ");
        let head = text.split("Pipeline influenced").next().unwrap();
        assert!(head.contains("leaves out 1 of 2 rows of deals: date"), "{format}: {head}");
        assert!(head.contains("whether day or month goes first"), "{format}: {head}");
        assert!(head.contains("no exchange rate"), "{format}: {head}");
    }
    // A row here and there is told in its place.
    let clean = mops(&["report", "--data", "../../../demo/data", "--charter", "../../../demo/data/charter.json"]);
    assert!(!clean.out.contains("leaves out"), "{}", clean.out);
}

#[test]
fn columns_not_read_are_named_with_what_a_first_charter_would_guess() {
    let deals = Scratch::new("unread.csv", "ID,Stage,Value,Won time,Cloesd at\n1,Talks,100,2025-02-01,2025-02-01\n");
    let run = mops(&["report", "--deals", deals.path(), "--kpi", "win_rate", "--as-of", "2026-01-01"]);
    let text = run.out.replace('\n', " ");
    for said in ["“Value” (is it amount?", "“Cloesd at” (is it closed_at?", "“Won time”,"] {
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn wrong_files_are_told_as_what_they_are() {
    let says = |run: &Run, words: &str| assert!(run.code == 2 && run.err.contains(words), "{}: {}", run.code, run.err);
    says(&mops(&["report", "deals.csv"]), "deals.csv was given without the option of its table");
    says(&mops(&["report", "no-such.csv"]), "unexpected argument");
    let empty = Scratch::new("empty.charter.json", "");
    says(&mops(&["charter", "check", empty.path()]), "the file is empty");
    says(&mops(&["charter", "check", "deals.csv"]), "is no charter");
    let packed = Scratch::of("packed.charter.json", b"PK\x03\x04\xff\xfe");
    says(&mops(&["report", "--deals", "deals.csv", "--charter", packed.path()]), "is no charter");
}

#[test]
fn bars_are_held_against_the_unit_of_their_figure() {
    let check = |text: &str| {
        let charter = Scratch::new("bars.charter.json", text);
        mops(&["charter", "check", charter.path()])
    };
    let gate = |bar: &str| {
        format!(
            r#"{{"readiness": {{"decisions": [{{"id": "abm", "label": "ABM", "gates": [
                {{"id": "quality", "label": "Quality", "figure": "data_quality", {bar}}}]}}]}}}}"#
        )
    };
    let percent = check(&gate(r#""at_least": 90"#));
    assert!(percent.err.contains("/readiness/decisions/0/gates/0/at_least"), "{}", percent.err);
    assert!(percent.err.contains("Write 90% as 0.9."), "{}", percent.err);
    assert_eq!(check(&gate(r#""at_least": 0.9"#)).code, 0);
    // A return may be a multiple of what was spent.
    let returns = check(r#"{"kpis": {"marketing_roi": {"target": 3}, "channel_roi": {"target": 1.5}}}"#);
    assert_eq!(returns.code, 0, "{}", returns.err);
}
