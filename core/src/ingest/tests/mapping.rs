//! What the charter says of columns.

use super::{check_with, read};
use expect_test::expect;

/// A list of leads often has one date: that of the record is that of the first stage.
#[test]
fn one_header_for_two_dates() {
    let charter =
        r#"{"sources": {"contacts": {"columns": {"created_at": "Create Date", "stage:lead": " create date"}}}}"#;
    check_with(
        charter,
        Some("contacts"),
        b"Record ID,Create Date\n1,2025-01-02\n2,soon\n3,\n",
        expect![[r#"
            contacts (hubspot) read 3
              id <- Record ID by preset: 3 filled, 0 blank, 0 unreadable
              created_at <- Create Date by mapping: 1 filled, 1 blank, 1 unreadable
                line 3 id 2: soon
              stage:lead <- Create Date by mapping: 1 filled, 1 blank, 1 unreadable
                line 3 id 2: soon
            2: created_at=2025-01-02 id=1 stage:lead=2025-01-02
            3: created_at=? id=2 stage:lead=?
            4: created_at=_ id=3 stage:lead=_
        "#]],
    );
    // Only a date is a date.
    let charter = r#"{"sources": {"contacts": {"columns": {"email": "Mail", "stage:lead": "Mail"}}}}"#;
    let table = read(charter, Some("contacts"), br#"[{"id": 1, "Mail": "a@b.example"}]"#).unwrap();
    assert_eq!((table.text("email").unwrap().get(0), table.time("stage:lead")), ("a@b.example", None));
}
