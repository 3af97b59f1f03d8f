//! What isn't known is not 0, and what real files hold is taken.

use super::*;

/// The figure of February 2025, and the last two values of its trend.
fn trend(id: &str, charter: Charter, tables: Vec<Table>, filter: Value) -> (Figure, Vec<Option<f64>>) {
    let query = json!({
        "view": "kpi", "metric": id, "period": "2025-02", "as_of": "2025-07-01", "filter": filter,
    });
    let Body::Kpi(view) = ask(charter, tables, query).body else { panic!("not a kpi view") };
    balanced(&view.figure);
    let mut points: Vec<Option<f64>> = view.trend.iter().map(|point| point.value).collect();
    let last = points.split_off(points.len() - 2);
    (view.figure, last)
}

fn code(figure: &Figure) -> Option<&str> {
    figure.undefined.as_ref().map(|undefined| undefined.code.as_str())
}

/// No deal says when it was made: any period may have had any of them. One that does says of its own bucket what
/// it was, and of the others that nothing is known to lie there.
#[test]
fn without_a_readable_date_no_period_is_0() {
    let deals = |third: &str| {
        let head = "id | created_at | closed_at | stage | owner | amount";
        let rows = ["a | ? | ? | closedwon | Ana | 10", "b | | 2025-02-03 | closedwon | Ben | 20", third];
        vec![table("deals", &format!("{head}\n{}", rows.join("\n")))]
    };
    let undated = deals("c | ? | ? | closedwon | Ben | 30");
    let (figure, points) = trend("pipeline_created", Charter::default(), undated.clone(), json!({}));
    assert_eq!((figure.value, code(&figure), points), (None, Some("no_evidence"), vec![None; 2]));
    assert_eq!(figure.part("deals").unwrap().value, None);
    let dated = deals("c | 2025-02-28 | ? | closedwon | Ben | 30");
    let (figure, points) = trend("pipeline_created", Charter::default(), dated.clone(), json!({}));
    assert_eq!((figure.value, points), (Some(30.0), vec![Some(0.0), Some(30.0)]));
    // Of Ana's deals nothing is known all the same.
    let (figure, points) = trend("pipeline_created", Charter::default(), dated, json!({"owner": ["Ana"]}));
    assert_eq!((figure.value, points), (None, vec![None; 2]));
    // Nobody's deals: there is nothing unknown about them.
    let (figure, points) = trend("pipeline_created", Charter::default(), undated, json!({"owner": ["Cem"]}));
    assert_eq!((figure.value, points), (Some(0.0), vec![Some(0.0); 2]));
}

/// The same where a KPI looks only at the rows of each bucket. Not launched yet is known: that is 0.
#[test]
fn launches_without_a_date_are_unknown_and_those_to_come_are_not() {
    let campaigns = |launched: &str| vec![table("campaigns", &format!("id | launched_at\na | {launched}\nb |"))];
    let of = |launched: &str| trend("campaign_velocity", Charter::default(), campaigns(launched), json!({}));
    let (figure, points) = of("?");
    assert_eq!((figure.value, points), (Some(0.0), vec![Some(0.0); 2]), "b is known not to be launched");
    let unreadable = vec![table("campaigns", "id | launched_at\na | ?\nb | ?")];
    let (figure, points) = trend("campaign_velocity", Charter::default(), unreadable, json!({}));
    assert_eq!((figure.value, code(&figure), points), (None, Some("no_evidence"), vec![None; 2]));
    let (figure, points) = of("2024-12-31");
    assert_eq!((figure.value, points), (Some(0.0), vec![Some(0.0); 2]));
}

const SALES: &str = "
    id | created_at | closed_at  | stage     | source      | amount
    1  | 2025-01-02 | 2025-02-03 | closedwon | Paid Search | 300
    2  | 2025-01-02 | 2025-03-03 | closedwon | Trade fair  | 500";

fn spent(lines: &str) -> Vec<Table> {
    vec![table("deals", SALES), table("spend", &format!("at | channel | amount\n{lines}"))]
}

fn by_deal() -> Charter {
    charter(json!({"revenue": {"sourced_by": "deal"}}))
}

/// 120 less a credit note of 20 is 100: (300 − 100) ÷ 100 = 2. Of marketing's cost, 100 + 50 on posters, (300 − 150) ÷
/// 150 = 1; the deal of the trade fair is not marketing's.
#[test]
fn credit_notes_lower_what_was_spent() {
    let lines = "2025-01-10 | Paid Search | 120\n2025-02-10 | paid search | -20\n2025-02-11 | Posters | 50";
    let of = |id: &str, lines: &str| figure(id, by_deal(), spent(lines), "2025-Q1", "2025-07-01");
    let channels = of("channel_roi", lines);
    near(channels.value, 2.0);
    near(channels.part("Paid Search").unwrap().value, 2.0);
    near(channels.part("unmatched_spend").unwrap().value, 50.0);
    assert!(channels.note.unwrap().contains("Marketing ROI"));
    let marketing = of("marketing_roi", lines);
    near(marketing.value, 1.0);
    near(marketing.part("cost").unwrap().value, 150.0);
    assert_eq!(marketing.part("spend_unread"), None);
    let alone = of("channel_roi", "2025-01-10 | Paid Search | 120");
    assert_eq!(alone.note, None, "the two rest on the same cost");
    // More credited than spent: no ratio, whatever was won.
    let credited = "2025-01-10 | Paid Search | 120\n2025-02-10 | Paid Search | -150";
    for id in ["channel_roi", "marketing_roi"] {
        assert_eq!(code(&of(id, credited)), Some("negative_denominator"), "{id}");
    }
    near(of("marketing_roi", credited).part("cost").unwrap().value, -30.0);
}

/// 120 − 20 for two customers, and with 150 credited no cost that a customer could have had.
#[test]
fn a_cost_below_zero_is_no_cost_of_a_customer() {
    let of = |id: &str, credit: &str| {
        let contacts = "id | stage:lead | stage:customer\na | 2025-01-05 | 2025-02-01\nb | 2025-01-06 | 2025-02-02";
        let spend =
            format!("at | channel | amount\n2025-01-10 | Paid Search | 120\n2025-02-10 | Paid Search | {credit}");
        let tables = vec![table("contacts", contacts), table("spend", &spend)];
        figure(id, Charter::default(), tables, "2025-Q1", "2025-07-01")
    };
    for id in ["cac", "cost_per_stage"] {
        near(of(id, "-20").value, 50.0);
        assert_eq!(code(&of(id, "-150")), Some("negative_cost"), "{id}");
    }
}

/// 100 + 50 − 30 of 240 for the quarter, at its end: half of it. Names are shown as they are written, not as they are
/// compared.
#[test]
fn budgets_keep_their_names_and_take_credit_notes() {
    let budgets = "
        start_at   | end_at     | channel     | amount
        2025-01-01 | 2025-04-01 | Paid Search | 200
        2025-01-01 | 2025-04-01 | paid search | 40";
    let spend = "
        at         | channel     | amount
        2025-01-10 | PAID SEARCH | 100
        2025-02-10 | Paid Search | 50
        2025-03-10 | Paid Search | -30";
    for (id, value) in [("budget_pacing", 0.5), ("budget_accuracy", 0.5)] {
        let tables = vec![table("budgets", budgets), table("spend", spend)];
        let figure = figure(id, Charter::default(), tables, "2025-Q1", "2025-07-01");
        near(figure.value, value);
        let channel = figure.part("Paid Search").or_else(|| figure.part("channels")?.part("Paid Search"));
        near(channel.unwrap().value, value);
    }
}

/// Contacts need no date of their own: the period is that of their visits. One of two is followed by a form.
#[test]
fn conversion_in_window_goes_by_touches_alone() {
    let touches = "
        contact_id | at         | kind
        a          | 2025-02-01 | visit
        a          | 2025-02-03 | form
        b          | 2025-02-05 | visit";
    let of = |touches: &str| {
        let tables = vec![table("contacts", "id\na\nb"), table("touches", touches)];
        figure("conversion_in_window", Charter::default(), tables, "2025-Q1", "2025-07-01")
    };
    near(of(touches).value, 0.5);
    assert_eq!(code(&of("contact_id | at\na | 2025-02-01")), Some("missing_field"));
}

/// Nothing but a scorecard of deals: the score stands on what is known of its inputs, and names the others.
#[test]
fn the_control_stack_names_what_it_does_not_know() {
    let charter = charter(json!({"control_stack": {
        "pillars": [],
        "layers": [{"id": "executive", "label": "Executive", "inputs": ["win_rate", "quality_control"]}],
    }}));
    let deals = "id | closed_at | stage\n1 | 2025-02-03 | closedwon\n2 | 2025-02-03 | closedlost";
    let figure = figure("control_stack", charter, vec![table("deals", deals)], "2025-Q1", "2025-07-01");
    assert_eq!((figure.value, figure.bounds), (Some(50.0), Some([25.0, 75.0])));
    assert!(figure.note.unwrap().contains("Quality control"));
}

/// One request waits, one is closed; of a third nobody can read when it was begun. Without the field nothing is known.
#[test]
fn requests_whose_start_is_unknown_are_not_0_in_progress() {
    let of = |rows: &str| {
        let tables = vec![table("requests", rows)];
        figure("intake_balance", Charter::default(), tables, "2025-Q1", "2025-07-01")
    };
    let some = of("id | kind | created_at | started_at | closed_at
        a | x | 2025-01-05 |  |
        b | x | 2025-01-05 | 2025-01-06 | 2025-01-07
        c | x | 2025-01-05 | ? |");
    let [queue, progress] = ["queue", "work_in_progress"].map(|part| some.part(part).unwrap().clone());
    assert_eq!((queue.value, queue.bounds), (Some(1.0), Some([1.0, 2.0])));
    assert_eq!((progress.value, progress.bounds), (Some(0.0), Some([0.0, 1.0])));
    let none = of("id | kind | created_at | started_at | closed_at
        b | x | 2025-01-05 | 2025-01-06 | 2025-01-07
        c | x | 2025-01-05 | ? |");
    assert_eq!(code(none.part("work_in_progress").unwrap()), Some("no_evidence"));
    let absent = of("id | kind | created_at | closed_at\na | x | 2025-01-05 |");
    assert_eq!(code(absent.part("queue").unwrap()), Some("missing_field"));
}

/// Without purposes two tools that send mail may do the same or not: none to a candidate, and what it costs is unknown.
#[test]
fn redundancy_that_nobody_can_tell_costs_no_0() {
    let of = |purpose: &str| {
        let uses =
            format!("tool | capability | purpose | in_use\nm | mail | newsletters | yes\nn | mail | {purpose} | yes");
        let tools = "id | annual_cost\nm | 100\nn | 40";
        let tables = vec![table("tools", tools), table("capabilities", &uses)];
        figure("stack_redundancy", Charter::default(), tables, "all", "2025-07-01")
    };
    let told = |figure: &Figure, part: &str| figure.part(part).unwrap().value;
    let blank = of("");
    assert_eq!((blank.value, blank.bounds, told(&blank, "cost")), (Some(0.0), Some([0.0, 1.0]), None));
    assert_eq!(told(&of("invoices"), "cost"), Some(0.0));
    assert_eq!(told(&of("newsletters"), "cost"), Some(40.0));
}

/// A deal of a person that neither contacts nor touches know: the ids may be another system's.
#[test]
fn people_of_another_system_are_not_untouched() {
    let of = |contact: &str| {
        let deals = format!(
            "id | created_at | amount | contact_ids\n1 | 2025-01-05 | 100 | a\n2 | 2025-01-05 | 50 | {contact}"
        );
        let touches = "contact_id | at | channel\na | 2025-01-02 | Search";
        let tables = vec![table("deals", &deals), table("contacts", "id\na\nb"), table("touches", touches)];
        figure("pipeline_influenced", Charter::default(), tables, "2025-Q1", "2025-07-01")
    };
    let known = of("b");
    assert_eq!((known.value, known.bounds), (Some(100.0), None));
    let stranger = of("0038X00002");
    assert_eq!((stranger.value, stranger.bounds), (Some(100.0), Some([100.0, 150.0])));
    assert!(left_out(&stranger).contains(&(json!("no_evidence"), 1)));
}

/// A list of AI features that has no field for who watches them says nothing of oversight.
#[test]
fn fields_that_nobody_gave_are_no_failures() {
    let tables = vec![table("ai_features", "id | active | owner | inputs\na | yes | Ana | contacts.email")];
    let figure = figure("ai_oversight", Charter::default(), tables, "all", "2025-07-01");
    assert_eq!(code(&figure), Some("missing_field"));
}

/// Spend that doesn't say what it was for is not 0 on each budget.
#[test]
fn spend_without_a_name_is_not_0_on_a_budget() {
    let budgets = "start_at | end_at | channel | amount\n2025-01-01 | 2025-04-01 | Paid Search | 200";
    for id in ["budget_pacing", "budget_accuracy"] {
        let spend = "at | channel | amount\n2025-01-10 | | 100";
        let tables = vec![table("budgets", budgets), table("spend", spend)];
        let figure = figure(id, Charter::default(), tables, "2025-Q1", "2025-07-01");
        assert_eq!(code(&figure), Some("no_evidence"), "{id}");
        near(figure.part("unbudgeted").unwrap().value, 100.0);
    }
}

/// Deals of 100 and 40 of February, one of 30 in January, and one of 7 that nobody knows the day of: February's 140
/// could be 147, of two deals or three. What no amount is known of could be of any size.
#[test]
fn deals_without_a_date_could_be_of_the_period() {
    let of = |id: &str, rest: &str| {
        let rows = [
            "a | 2025-02-01 | 100 | | x | Paid Search",
            "b | 2025-02-09 | 40 | | x | Referrals",
            "c | 2025-01-09 | 30 | | x | Referrals",
        ];
        let deals = format!("id | created_at | amount | currency | contact_ids | source\n{}\n{rest}", rows.join("\n"));
        let charter = charter(json!({
            "revenue": {"sourced_by": "deal", "marketing_sources": ["Paid Search"]},
            "exchange_rates": [{"currency": "EUR", "from": "2020-01-01", "rate": "1.1"}],
        }));
        figure(id, charter, vec![table("deals", &deals)], "2025-02", "2025-07-01")
    };
    let created = |rest: &str| of("pipeline_created", rest);
    for date in ["", "?"] {
        let open = created(&format!("d | {date} | 7 | | x | Paid Search"));
        assert_eq!((open.value, open.bounds), (Some(140.0), Some([140.0, 147.0])));
        let deals = open.part("deals").unwrap();
        assert_eq!((deals.value, deals.bounds), (Some(2.0), Some([2.0, 3.0])));
    }
    assert_eq!(created("d | 2025-01-03 | ? | | x |").bounds, None, "what is of another month leaves nothing open");
    let unbounded = [
        "d | | | | x |",
        "d | | ? | | x |",
        "d | | -7 | | x |",
        "d | | 7 | EUR | x |",
        "d | | 7 | | x |\ne | 2025-02-01 | | | x |",
    ];
    for rest in unbounded {
        let open = created(rest);
        assert_eq!((open.value, open.bounds), (Some(140.0), None), "{rest}");
        assert_eq!(open.part("deals").unwrap().bounds.map(|[low, _]| low), Some(2.0), "{rest}");
    }
    // 100 from marketing; 7 more if of this month. A referral wouldn't be marketing's whenever it was made, and of
    // another nobody knows the source: 5 more.
    let sourced = |rest: &str| of("pipeline_sourced", rest);
    let open = sourced("d | | 7 | | x | Paid Search\ne | ? | 3 | | x | Referrals\nf | | 5 | | x |");
    assert_eq!((open.value, open.bounds), (Some(100.0), Some([100.0, 112.0])));
    assert_eq!(open.part("Paid Search").unwrap().value, Some(100.0));
    near(open.part("share").unwrap().value, 100.0 / 140.0);
    assert_eq!(sourced("d | | 7 | EUR | x | Paid Search").bounds, None);
}

/// Touched were the deals of a; that of b, 5, was not, whenever it was made.
#[test]
fn undated_deals_that_somebody_touched_could_be_influenced() {
    let deals =
        "id | created_at | amount | contact_ids\n1 | 2025-02-05 | 100 | a\n2 | | 7 | a\n3 | ? | 5 | b\n4 | | 2 |";
    let touches = "contact_id | at | channel | direction\na | 2025-01-02 | Search |\na | 2025-01-03 | Search | outbound\nb | 2025-01-02 | Search | outbound";
    let tables = vec![table("deals", deals), table("contacts", "id\na\nb"), table("touches", touches)];
    let figure = figure("pipeline_influenced", Charter::default(), tables, "2025-02", "2025-07-01");
    // 7 if it is of February, and 2 of nobody known.
    assert_eq!((figure.value, figure.bounds), (Some(100.0), Some([100.0, 109.0])));
    // One touch of two: 50, 3.5 and all of what is unknown.
    let fraction = figure.part("fractional").unwrap();
    assert_eq!((fraction.value, fraction.bounds), (Some(50.0), Some([50.0, 55.5])));
}

/// Two launches in the four weeks of February and one that nobody can date: 0.5 a week, or 0.75. Two customers, and a
/// third if the unreadable day is of that month; who has none is known not to be one yet.
#[test]
fn counts_of_a_period_name_what_may_be_missing() {
    let campaigns = "id | launched_at\na | 2025-02-03\nb | 2025-02-04\nc | ?\nd |";
    let launches =
        figure("campaign_velocity", Charter::default(), vec![table("campaigns", campaigns)], "2025-02", "2025-07-01");
    assert_eq!((launches.value, launches.bounds), (Some(0.5), Some([0.5, 0.75])));
    let contacts = "id | stage:lead | stage:customer\na | 2025-01-05 | 2025-02-01\nb | 2025-01-06 | 2025-02-02\nc | | ?\nd | 2025-01-06 |";
    let tables = vec![table("contacts", contacts), table("spend", "at | amount\n2025-02-10 | 120")];
    let cac = figure("cac", Charter::default(), tables, "2025-02", "2025-07-01");
    let customers = cac.part("customers").unwrap();
    assert_eq!((customers.value, customers.bounds), (Some(2.0), Some([2.0, 3.0])));
}

/// 1,000 are to win in February and 400 are won: 300 ÷ 600 is due. What has no close date could be due or won too, and is
/// not 0 where nothing else is.
#[test]
fn an_open_deal_without_a_close_date_is_no_pipeline_of_0() {
    let of = |lines: &[&str]| {
        let deals = format!("id | created_at | closed_at | stage | amount | currency\n{}", lines.join("\n"));
        let charter = charter(json!({
            "revenue": {"targets": [{"from": "2025-02-01", "until": "2025-03-01", "amount": 1000}]},
            "exchange_rates": [{"currency": "EUR", "from": "2020-01-01", "rate": "2"}],
        }));
        figure("pipeline_coverage", charter, vec![table("deals", &deals)], "2025-02", "2025-02-15")
    };
    let shown = |figure: &Figure| (figure.value, figure.bounds);
    let part = |figure: &Figure, name: &str| shown(figure.part(name).unwrap());
    let won = "a | 2025-01-02 | 2025-02-03 | closedwon | 400 |";
    let due = "b | 2025-01-02 | 2025-02-20 | qualifiedtobuy | 300 |";
    let known = of(&[won, due]);
    assert_eq!(shown(&known), (Some(0.5), None));
    assert_eq!((part(&known, "open"), part(&known, "won")), ((Some(300.0), None), (Some(400.0), None)));
    // 60 euros at the rate of the as-of day are 120: up to 420 ÷ 600.
    let open = of(&[won, due, "c | 2025-01-02 | | qualifiedtobuy | 60 | EUR"]);
    assert_eq!(
        (shown(&open), part(&open, "open")),
        ((Some(0.5), Some([0.5, 0.7])), (Some(300.0), Some([300.0, 420.0])))
    );
    // Won at a time that nobody knows: 300 ÷ 500 if in February. A lost one is neither.
    let undated = of(&[won, due, "c | 2025-01-02 | ? | closedwon | 100 |", "d | 2025-01-02 | | closedlost | 900 |"]);
    assert_eq!(
        (shown(&undated), part(&undated, "won")),
        ((Some(0.5), Some([0.5, 0.6])), (Some(400.0), Some([400.0, 500.0])))
    );
    // None that is open has a date, though another month has some.
    let later = "e | 2025-01-02 | 2025-05-20 | qualifiedtobuy | 80 |";
    let dark = of(&[won, later, "c | 2025-01-02 | | qualifiedtobuy | 60 |"]);
    assert_eq!((code(&dark), dark.bounds), (Some("no_evidence"), Some([0.0, 0.1])));
    assert_eq!(part(&dark, "open"), (None, Some([0.0, 60.0])));
    assert_eq!(shown(&of(&[won, later])), (Some(0.0), None), "nothing is due, and that is known");
    let never = of(&[due, "c | 2025-01-02 | ? | closedwon | 100 |"]);
    assert_eq!((code(&never), part(&never, "won")), (Some("no_evidence"), (None, Some([0.0, 100.0]))));
    // What has no amount either, no stage, or no rate for want of a day has no bounds; enough of it would be the target.
    for rest in [
        "c | 2025-01-02 | | qualifiedtobuy | |",
        "c | 2025-01-02 | | | 60 |",
        "c | 2025-01-02 | | closedwon | 60 | EUR",
    ] {
        assert_eq!(shown(&of(&[won, due, rest])), (Some(0.5), None), "{rest}");
    }
    let met = of(&[won, due, "c | 2025-01-02 | | closedwon | 600 |"]);
    assert_eq!((shown(&met), part(&met, "won")), ((Some(0.5), None), (Some(400.0), Some([400.0, 1000.0]))));
}
