//! Attribution through the door, worked by hand.

use super::*;

/// a: 100 won after search (1 January) and e-mail (8 January); b: 50 won after search; c: lost after e-mail; d: won
/// without any touch that counts: one too old, one a send, one after the close.
fn tables() -> Vec<Table> {
    let deals = table(
        "deals",
        "id | amount | created_at | closed_at | is_won | is_closed | contact_ids
         a | 100 | 2025-01-02 | 2025-01-08 | yes | yes | r1;r1
         b | 50 | 2025-01-02 | 2025-02-01 | yes | yes | r2
         c | 70 | 2025-01-02 | 2025-02-01 | no | yes | r3
         d | 30 | 2025-01-02 | 2025-02-01 | yes | yes | r4
         e | 30 | 2025-01-02 |  | no | no | r1",
    );
    let touches = table(
        "touches",
        "contact_id | at | channel | kind | direction
         r1 | 2025-01-08 | email | email_click | inbound
         r1 | 2025-01-01 | search | visit |
         r2 | 2025-01-20 | search | visit |
         r2 | 2025-01-25 | phone | call | outbound
         r3 | 2025-01-20 | email | email_click |
         r4 | 2023-01-20 | search | visit |
         r4 | 2025-01-20 | email | email_sent |
         r4 | 2025-03-20 | search | visit |",
    );
    vec![deals, touches]
}

/// Linear: search 50 + 50, e-mail 50. Time decay with 7 days between: 1 ÷ 3 and 2 ÷ 3 of 100. Markov: from the start 2
/// of 3 to search, 1 of 3 to e-mail; search half to e-mail, half won; e-mail half won, half lost. e-mail = 1 ÷ 2,
/// search = 3 ÷ 4, the start 2 ÷ 3; without search 1 ÷ 6, without e-mail 1 ÷ 3: effects 3 ÷ 4 and 1 ÷ 2, so 60 % and
/// 40 % of 150.
#[test]
fn ten_models_divide_the_same_whole() {
    let figure = figure("attribution_credit", Charter::default(), tables(), "all", "2026-01-01");
    assert_eq!(figure.value, Some(150.0));
    assert_eq!((figure.read, figure.used), (5, 2));
    assert_eq!(left_out(&figure), [(json!("in_flight"), 1), (json!("not_counted"), 1), (json!("no_evidence"), 1)]);
    assert_eq!(figure.parts.len(), 10);
    let credit = |model: &str, channel: &str| figure.part(model).unwrap().part(channel).and_then(|part| part.value);
    for (model, email, search) in [
        ("first", 0.0, 150.0),
        ("last", 100.0, 50.0),
        ("last_non_direct", 100.0, 50.0),
        ("linear", 50.0, 100.0),
        ("u_shaped", 50.0, 100.0),
        ("w_shaped", 50.0, 100.0),
        ("full_path", 50.0, 100.0),
        ("time_decay", 66.666_667, 83.333_333),
        ("shapley", 50.0, 100.0),
        ("markov", 60.0, 90.0),
    ] {
        near(credit(model, "email"), email);
        near(credit(model, "search"), search);
        assert_eq!(figure.part(model).unwrap().value, Some(150.0));
    }
    let deals = figure.part("markov").unwrap().part("search").unwrap().numerator.clone().unwrap();
    near(Some(deals.value), 1.2);
}

#[test]
fn without_touches_nothing_is_credited() {
    let deals = tables().remove(0);
    let figure = figure("attribution_credit", Charter::default(), vec![deals], "all", "2026-01-01");
    assert_eq!(figure.undefined.unwrap().code, "no_evidence");
}
