//! Speed, routing, campaigns, requests, reports and segments, worked by hand.

use super::*;
use crate::kpi::operations::BusinessTime;
use crate::time::{Clock, OffsetChange};

fn instant(text: &str) -> i64 {
    period::as_of(text, &Zone::utc()).unwrap()
}

/// Clocks went forward in Berlin on Sunday 2025-03-30 at 01:00Z. From Friday 16:30 (15:30Z) to Monday 09:30 (07:30Z) there
/// are 30 + 30 minutes open from 9 to 17, though the hours between are 64 and not 65. With Sunday open from 1 to 4 there
/// are 2 hours more, since the third is skipped; a holiday on Monday takes its 30 minutes.
#[test]
fn business_time_and_changing_clocks() {
    let hour = 3_600_000;
    let changes = vec![
        OffsetChange { from: i64::MIN, offset: hour },
        OffsetChange { from: 1_743_296_400_000, offset: 2 * hour },
        OffsetChange { from: 1_761_440_400_000, offset: hour },
    ];
    let zone = Zone { name: "Europe/Berlin".into(), changes };
    let (from, until) = (instant("2025-03-28T15:30:00Z"), instant("2025-03-31T07:30:00Z"));
    assert_eq!((until - from) / hour, 64);
    let minutes = |operations: Value| {
        let charter = charter(json!({"operations": operations}));
        let clock = Clock::new(&zone);
        BusinessTime::new(&charter, &clock, from, until).minutes(&clock, from, until)
    };
    assert_eq!(minutes(json!({})), 60);
    assert_eq!(minutes(json!({"holidays": ["2025-03-31"]})), 30);
    let sunday = json!([{"day": "sunday", "from": "01:00", "until": "04:00"}]);
    assert_eq!(minutes(json!({"business_hours": sunday})), 120);
    assert_eq!(minutes(json!({"business_hours": []})), 64 * 60, "always open");
}

/// Open from 9 to 17. a: Monday 10:00, answered 10:30 by its field: 30 minutes. b: Friday 16:00, answered Monday 09:30 by a
/// call (the mail before was a machine's): 60 + 30 = 90. c: Saturday, answered Monday 09:10: 10. d is not answered: waiting
/// since Monday 2025-01-06 09:00 until Tuesday 2025-01-14 00:00: 6 days of 8 hours = 2880. e was answered before it was made.
/// f has waited 0 minutes since Monday 18:00. Kaplan–Meier: at risk 5 at 0 (f leaves), then 4 at 10, 30, 90: 3/4, 1/2, 1/4.
/// Median: level ½ from 30 to 90: 60. SLA 60: a and c of a, b, c, d; f is open: 2 ÷ 5 to 3 ÷ 5.
#[test]
fn speed() {
    let contacts = table(
        "contacts",
        "id | created_at           | first_response_at
         a  | 2025-01-06T10:00:00Z | 2025-01-06T10:30:00Z
         b  | 2025-01-03T16:00:00Z |
         c  | 2025-01-04T12:00:00Z | 2025-01-06T09:10:00Z
         d  | 2025-01-06T09:00:00Z |
         e  | 2025-01-06T09:00:00Z | 2025-01-05T09:00:00Z
         f  | 2025-01-13T18:00:00Z | ",
    );
    let touches = table(
        "touches",
        "contact_id | at                   | kind       | direction | automated
         b          | 2025-01-03T16:01:00Z | email_sent | outbound  | yes
         b          | 2025-01-06T09:30:00Z | call       | outbound  | no
         b          | 2025-01-06T11:30:00Z | call       | outbound  |
         d          | 2025-01-06T11:30:00Z | call       | inbound   |
         d          | 2025-01-15T11:30:00Z | call       | outbound  |",
    );
    let figure = figure("speed_to_lead", Charter::default(), vec![contacts, touches], "2025-01", "2025-01-14");
    near(figure.value, 60.0);
    assert_eq!(left_out(&figure), [(json!("negative_duration"), 1)]);
    let within = figure.part("within_sla").unwrap();
    near(within.value, 2.0 / 4.0);
    assert_eq!(within.bounds, Some([2.0 / 5.0, 3.0 / 5.0]));
    near(figure.part("never_contacted").unwrap().value, 2.0 / 5.0);
    assert_eq!(figure.part("p90").unwrap().value, None, "nine in ten were not answered");
}

/// Rules: DE to Ana or Ben, FR to Cem, partners to Dan. a right; b wrong (Cem has it); c's first owner Cem is right, and it
/// was given to Ana on day 3; d fits France and partners: ambiguous; e fits none; f nobody has: wrong. 2 of 4. Fitted 5
/// of 6. Assigned after 10, 20, 4320 and 30 minutes: median 25. Both owners: a, b, c; c moved: 1 of 3.
#[test]
fn routing() {
    let contacts = table(
        "contacts",
        "id | created_at | country | source  | first_owner | owner | assigned_at
         a  | 2025-01-01 | DE      | web     | Ben         | Ben   | 2025-01-01T00:10:00Z
         b  | 2025-01-01 | DE      | web     | Cem         | Cem   | 2025-01-01T00:20:00Z
         c  | 2025-01-01 | FR      | web     | Cem         | Ana   | 2025-01-04
         d  | 2025-01-01 | FR      | partner |             | Cem   | 2025-01-01T00:30:00Z
         e  | 2025-01-01 | ES      | web     |             | Cem   |
         f  | 2025-01-01 | DE      | web     |             |       |",
    );
    let rules = json!([
        {"id": "dach", "when": {"country": ["DE", "AT"]}, "owners": ["Ana", "Ben"]},
        {"id": "france", "when": {"country": ["FR"]}, "owners": ["Cem"]},
        {"id": "partners", "when": {"source": ["partner"]}, "owners": ["Dan"]},
    ]);
    let ask = |charter| figure("routing_accuracy", charter, vec![contacts.clone()], "2025", "2026-01-01");
    let found = ask(charter(json!({"operations": {"routing": rules}})));
    near(found.value, 2.0 / 4.0);
    assert_eq!(left_out(&found), [(json!("unmatched"), 1), (json!("ambiguous"), 1)]);
    near(found.part("match_rate").unwrap().value, 5.0 / 6.0);
    near(found.part("time_to_route").unwrap().value, 25.0);
    near(found.part("reassigned").unwrap().value, 1.0 / 3.0);
    assert_eq!(ask(Charter::default()).undefined.unwrap().code, "no_rules");
}

/// The example of the dbt MetricFlow documentation (`conversion_pairs` of the reference data): visits on 1, 4 and 7
/// January, buys (here forms) on 2 and 7, window 7 days: pairs (1, 2) and (7, 7), so 2 of 3 visits convert. Another contact
/// has one visit and a form after 8 days: 2 of 4. On 10 January the window of none of the first contact's visits but
/// the first is over: 1 of 1, and the other contact, who came on the 5th, is in flight.
#[test]
fn conversion() {
    let case = &crate::stats::reference()["conversion_pairs"];
    let mut touches = String::from("contact_id | at | kind\n");
    for (key, kind) in [("base", "visit"), ("conversion", "form")] {
        for day in case[key].as_array().unwrap() {
            touches.push_str(&format!("a | 2025-{} | {kind}\n", day.as_str().unwrap()));
        }
    }
    touches.push_str("b | 2025-01-05 | visit\nb | 2025-01-13 | form\na | 2025-01-04T10:00:00Z | visit\n");
    let contacts = table("contacts", "id | created_at\na | 2025-01-01\nb | 2025-01-01\nc | 2025-01-01");
    let touches = table("touches", &touches);
    let figure = |as_of| {
        figure("conversion_in_window", Charter::default(), vec![contacts.clone(), touches.clone()], "2025", as_of)
    };
    let found = figure("2025-03-01");
    near(found.value, (case["pairs"].as_array().unwrap().len() as f64) / 4.0);
    assert_eq!(left_out(&found), [(json!("not_started"), 1)]);
    let early = figure("2025-01-10");
    near(early.value, 1.0);
    assert_eq!(left_out(&early), [(json!("not_started"), 1), (json!("in_flight"), 1)]);
    // The window of the 1st holds the whole 8th: on its first instant it is not over, a day later it is.
    let last_day = figure("2025-01-08");
    assert_eq!(last_day.value, None);
    assert_eq!(left_out(&last_day), [(json!("not_started"), 1), (json!("in_flight"), 2)]);
    near(figure("2025-01-09").value, 1.0);
}
