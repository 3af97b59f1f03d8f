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

fn board(tables: Vec<Table>) -> crate::view::BoardView {
    let question = json!({"view": "attribution", "period": "all", "as_of": "2026-01-01"});
    let Body::Board(board) = ask(Charter::default(), tables, question).body else { panic!("no board") };
    board
}

/// Of 150, e-mail has 0 by first touch and 100 by last; search 150 and 50. Both spread over two thirds, so they stand by
/// name. E-mail's shares in order: 0, five times 1 ÷ 3, 0.4, 4 ÷ 9, twice 2 ÷ 3, so the median is 1 ÷ 3.
#[test]
fn the_board_shows_how_much_is_the_models_doing() {
    let board = board(tables());
    assert!(
        board
            .message
            .starts_with("email depends most on the model: its share is 0 % by “First touch” and 66.7 % by “Last"),
        "{}",
        board.message
    );
    assert!(board.message.ends_with("No one model alone should guide the budget."));
    assert_eq!(board.state, crate::view::State::Warning);
    let [spreads, models] = board.sections.as_slice() else { panic!("two sections") };
    let email = &spreads.rows[0];
    assert_eq!((email.id.as_str(), email.word.as_str()), ("email", "depends on the model"));
    let bounds = email.cells[0].bounds.unwrap();
    assert!((email.cells[0].value.unwrap() - 1.0 / 3.0).abs() < 1e-6);
    assert!(bounds[0] == 0.0 && (bounds[1] - 2.0 / 3.0).abs() < 1e-6);
    assert_eq!(models.columns.len(), 10);
    for column in 0..10 {
        let shares = models.rows.iter().map(|row| row.cells[column].value.unwrap());
        near(Some(shares.sum()), 1.0);
    }
    let markov = models.columns.iter().position(|column| column.id == "markov").unwrap();
    near(models.rows[0].cells[markov].value, 0.4);
}

#[test]
fn the_board_says_when_models_agree_and_when_nothing_is_known() {
    let mut tables = tables();
    tables[1] = table("touches", "contact_id | at | channel\n r1 | 2025-01-01 | search\n r2 | 2025-01-20 | search");
    let agreed = board(tables.clone());
    assert_eq!(agreed.message, "All models give every channel the same share.");
    near(agreed.sections[0].rows[0].cells[0].value, 1.0);
    let unknown = board(vec![tables.remove(0)]);
    assert!(unknown.message.contains("unknown") && unknown.sections.is_empty(), "{}", unknown.message);
}
