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
/// search = 3 ÷ 4, the start 2 ÷ 3; without search 1 ÷ 6, without e-mail 1 ÷ 3: effects 3 ÷ 4 and 1 ÷ 2, so 60% and
/// 40% of 150.
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
    assert_eq!(figure.undefined.unwrap().message, "It needs the table “touches”, which was not given.");
    assert!(figure.parts.is_empty());
}

fn consistency(charter: Charter, tables: Vec<Table>) -> Figure {
    figure("attribution_consistency", charter, tables, "all", "2026-01-01")
}

fn verdict(figure: &Figure) -> &str {
    figure.parts.first().unwrap().part.as_str()
}

/// Of 150, e-mail has between 0 by first touch and 2 ÷ 3 by last, so the spread by model is 2 ÷ 3 for both channels.
/// All touches lie within 30 days: no spread by window. In more than two of 100 resamples b does not occur and a does,
/// so that e-mail has all by last touch and search none; in more than two only b does. So each spreads from 0 to 1.
/// Search stands before e-mail by eight of ten models in each of three windows: W = ((24 − 6) ÷ 30)² = 0.36.
#[test]
fn two_deals_leave_everything_open() {
    let figure = consistency(Charter::default(), tables());
    assert_eq!((figure.read, figure.used), (5, 2));
    assert_eq!(left_out(&figure), [(json!("in_flight"), 1), (json!("not_counted"), 1), (json!("no_evidence"), 1)]);
    assert_eq!((figure.value, figure.thin, verdict(&figure)), (Some(0.0), true, "unstable"));
    let part = |key: &str| figure.part(key).unwrap().value;
    near(part("agreement"), 0.36);
    near(part("undisputed"), 0.0);
    near(part("by_model"), 2.0 / 3.0);
    near(part("by_window"), 0.0);
    let channels = figure.part("channels").unwrap();
    assert_eq!(channels.value, Some(2.0));
    let email = channels.part("email").unwrap();
    // In order: 0, six times 1 ÷ 3, 0.4, 4 ÷ 9, twice 2 ÷ 3.
    near(email.value, 1.0 / 3.0);
    assert_eq!(email.bounds, Some([0.0, 1.0]));
    // Of a alone 0, six times 1 ÷ 2, more by time decay, 1 by both last; of b alone nothing.
    assert_eq!(email.interval, Some([0.0, 0.5]));
}

/// 40 deals alike: e-mail 100 days before the close, search 10 days before. Within 90 days search has all by every model
/// in every resample. Within 180 days e-mail has all by first touch, nothing by last and last non-direct, half by
/// linear, U, W, full path, Shapley and Markov, and 1 ÷ (1 + 2^(90 ÷ 7)) by time decay: (4 + that) ÷ 10 on average.
#[test]
fn a_longer_window_can_turn_everything() {
    let deals: Vec<String> = (0..40).map(|deal| format!("d{deal} | 10 | 2025-06-01 | yes | yes | r{deal}")).collect();
    let deals =
        table("deals", &format!("id | amount | closed_at | is_won | is_closed | contact_ids\n{}", deals.join("\n")));
    let touches = (0..40).map(|lead| format!("r{lead} | 2025-02-21 | email\nr{lead} | 2025-05-22 | search"));
    let touches = table("touches", &format!("contact_id | at | channel\n{}", touches.collect::<Vec<_>>().join("\n")));
    let figure = consistency(Charter::default(), vec![deals.clone(), touches.clone()]);
    let part = |key: &str| figure.part(key).unwrap().value;
    near(figure.value, 0.0);
    near(part("by_model"), 0.0);
    near(part("by_chance"), 0.0);
    // Credit is in millionths, of which each deal has ten million.
    let expected = (4.0 + 1.0 / (1.0 + (90.0_f64 / 7.0).exp2())) / 10.0;
    assert!((part("by_window").unwrap() - expected).abs() < 1e-8, "{:?}, expected {expected}", part("by_window"));
    // With all windows alike search alone is left.
    let same = charter(json!({"kpis": {"attribution_consistency": {"parameters": {"long_window_days": 90}}}}));
    let alone = consistency(same, vec![deals, touches]);
    assert_eq!(alone.undefined.unwrap().code, "one_channel");
}

/// 400 deals of one touch each, 300 by search and 100 by e-mail: models and windows agree, and only chance is left. By
/// the normal approximation e-mail's share is 0.25 ± 1.96 × √(0.25 × 0.75 ÷ 400) = 0.25 ± 0.042.
#[test]
fn chance_alone_leaves_what_it_should() {
    let of = |deals: usize| {
        let rows = (0..deals).map(|deal| format!("d{deal} | 10 | 2025-06-01 | yes | yes | r{deal}"));
        let rows: Vec<String> = rows.collect();
        let head = "id | amount | closed_at | is_won | is_closed | contact_ids";
        let channel = |deal: usize| if deal.is_multiple_of(4) { "email" } else { "search" };
        let touches = (0..deals).map(|deal| format!("r{deal} | 2025-05-22 | {}", channel(deal)));
        let touches = format!("contact_id | at | channel\n{}", touches.collect::<Vec<_>>().join("\n"));
        vec![table("deals", &format!("{head}\n{}", rows.join("\n"))), table("touches", &touches)]
    };
    let figure = consistency(Charter::default(), of(400));
    let part = |key: &str| figure.part(key).unwrap().value;
    near(part("agreement"), 1.0);
    near(part("by_model"), 0.0);
    near(part("by_window"), 0.0);
    let email = figure.part("channels").unwrap().part("email").unwrap();
    near(email.value, 0.25);
    let [low, high] = email.interval.unwrap();
    assert!((low - 0.208).abs() < 0.015 && (high - 0.292).abs() < 0.015, "{low} to {high}");
    assert_eq!(email.bounds, email.interval);
    near(part("by_chance"), high - low);
    near(figure.value, 1.0 - (high - low));
    near(part("undisputed"), low + (1.0 - high));
    assert_eq!(verdict(&figure), "stable");
    // Few deals are never stable, and a charter may ask for more.
    let strict = charter(json!({"kpis": {"attribution_consistency": {"parameters": {"stable_percent": 99}}}}));
    assert_eq!(verdict(&consistency(strict, of(400))), "use_with_care");
    let few = charter(json!({"minimum_n": 500}));
    assert_eq!(verdict(&consistency(few, of(400))), "use_with_care");
}

/// Another half-life is another credit, so the sign-off lapses.
#[test]
fn consistency_changes_with_what_credit_is() {
    let hash = |value: Value| consistency(charter(value), tables()).definition.unwrap().hash;
    let half_life = |days: u32| json!({"kpis": {"attribution_credit": {"parameters": {"half_life_days": days}}}});
    assert_eq!(hash(half_life(7)), hash(json!({})));
    assert_ne!(hash(half_life(8)), hash(json!({})));
}

fn board(tables: Vec<Table>) -> crate::view::BoardView {
    let question = json!({"view": "attribution", "period": "all", "as_of": "2026-01-01"});
    let Body::Board(board) = ask(Charter::default(), tables, question).body else { panic!("no board") };
    board
}

/// Of 150, e-mail has 0 by first touch and 100 by last; search 150 and 50. With resamples both spread from 0 to all, so
/// they stand by name. E-mail's median is 1 ÷ 3 and of resamples up to a half, as worked out above.
#[test]
fn the_board_says_whether_it_may_guide_budget() {
    let board = board(tables());
    assert_eq!(
        board.message,
        "Unstable: do not move budget on it. email depends most on how it is counted: from 0% to 100% of the credit, \
         least by “First touch” and most by “Last touch”."
    );
    assert_eq!(board.state, crate::view::State::Bad);
    let ids: Vec<&str> = board.figures.iter().map(|figure| figure.id.as_str()).collect();
    assert_eq!(ids, ["attribution_consistency", "attribution_credit"]);
    let [spreads, causes, models] = board.sections.as_slice() else { panic!("three sections") };
    let email = &spreads.rows[0];
    assert_eq!((email.id.as_str(), email.word.as_str()), ("email", "do not move budget"));
    near(email.cells[0].value, 1.0 / 3.0);
    assert_eq!(email.cells[0].bounds, Some([0.0, 1.0]));
    assert_eq!(email.cells[1].bounds, Some([0.0, 0.5]));
    near(causes.rows[0].cells[0].value, 2.0 / 3.0);
    assert_eq!(causes.note, "Undisputed credit: 0%. Rank agreement (Kendall’s W): 36%.");
    assert_eq!(models.columns.len(), 10);
    for column in 0..10 {
        let shares = models.rows.iter().map(|row| row.cells[column].value.unwrap());
        near(Some(shares.sum()), 1.0);
    }
    let markov = models.columns.iter().position(|column| column.id == "markov").unwrap();
    near(models.rows[0].cells[markov].value, 0.4);
}

#[test]
fn the_board_says_when_there_is_one_channel_and_when_nothing_is_known() {
    let mut tables = tables();
    tables[1] = table("touches", "contact_id | at | channel\n r1 | 2025-01-01 | search\n r2 | 2025-01-20 | search");
    let alone = board(tables.clone());
    assert_eq!(alone.message, "All touches that count are of one channel.");
    near(alone.sections[0].rows[0].cells[0].value, 1.0);
    let unknown = board(vec![tables.remove(0)]);
    assert!(unknown.message.contains("unknown") && unknown.sections.is_empty(), "{}", unknown.message);
}
