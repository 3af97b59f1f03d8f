use mops_core::figure::{Status, Unit};
use mops_core::ledger::Reason;
use mops_core::view::read::{Read, Source};
use mops_core::view::{Body, View};
use serde_json::{Value, json};

struct Json(Value);

impl Source for Json {
    fn member(&self, name: &'static str) -> Option<Self> {
        self.0.get(name).cloned().map(Self)
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        Some(self.0.as_object()?.iter().map(|(name, value)| (name.clone(), Self(value.clone()))).collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().cloned().map(Self).collect())
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn is_object(&self) -> bool {
        self.0.is_object()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

fn read<T: Read<Json> + Default>(value: &Value) -> Result<T, String> {
    mops_core::view::read::read(&Json(value.clone()))
}

fn figure() -> Value {
    json!({
        "id": "win_rate", "part": "by_count", "label": "Win rate", "value": 0.25, "unit": "rate", "currency": "EUR",
        "bounds": [0.2, 0.3],
        "undefined": { "code": "zero_denominator", "message": "Nothing closed." },
        "numerator": { "value": 1.0, "unit": "records", "label": "won" },
        "denominator": { "value": 4.0, "unit": "money_per_day", "label": "closed" },
        "interval": [0.1, 0.5], "read": 9, "used": 4, "thin": true, "note": "Lead was left out.", "target": 0.3, "status": "off_target",
        "excluded": [{
            "reason": "no_fx_rate", "count": 5,
            "examples": [{ "line": 2, "id": "D-1", "field": "amount", "found": "?" }],
        }],
        "definition": {
            "id": "win_rate", "hash": "a1", "name": "Win rate", "formula": "won ÷ closed", "source": "ours",
            "direction": "higher", "inputs": ["deals.amount"], "edge_cases": ["none"], "owner": "Ana",
            "parameters": [{ "name": "basis", "value": "closed", "is_default": true, "text": "What counts." }],
            "sign_off": { "state": "lapsed", "by": "Ana", "at": "2026-01-31" },
        },
    })
}

fn period() -> Value {
    json!({ "id": "2025-01", "label": "January 2025", "start": 1_735_689_600_000_i64, "end": 1_738_368_000_000_i64 })
}

/// A view of every kind with every field.
fn views() -> Vec<Value> {
    let card = json!({
        "figure": figure(), "maturing": true, "segments": [figure()], "segment_field": "owner",
        "comparison": {
            "value": 0.2, "interval": [0.1, 0.3], "difference": 0.05, "relative": 0.25, "verdict": "better",
            "within_chance": false, "data_from": 1_735_689_600_000_i64,
        },
        "trend": [{
            "period": period(), "value": 0.5, "interval": [0.1, 0.9], "used": 3, "thin": true, "unfinished": false,
        }],
    });
    let with_tag = |tag: &str, mut body: Value| {
        body["view"] = tag.into();
        body
    };
    let bodies = [
        with_tag("kpi", card.clone()),
        json!({ "view": "scorecard", "rows": [card] }),
        json!({
            "view": "funnel", "figure": figure(), "semantics": "all_stages", "leak": figure(),
            "stages": [{
                "id": "lead", "label": "Lead", "count": 9, "compared_count": 8, "cumulative": 1.0, "next_rate": 0.5,
                "next_interval": [0.4, 0.6], "compared_next_rate": 0.4, "next_target": 0.6, "median_days": 3.5,
                "customers_lost": 1.5, "is_leak": true, "thin": false,
            }],
        }),
        json!({
            "view": "cohorts", "figure": figure(), "matured": figure(), "from_label": "Lead", "to_label": "Customer",
            "cohorts": [{
                "period": period(), "size": 7, "thin": true, "cells": [{ "converted": 1, "rate": 0.125 }, null],
            }],
            "ages": [0, 1], "median_days": 34.0,
            "curve": [{ "day": 1.0, "rate": 0.1, "low": 0.0, "high": 0.2, "competing": 0.3, "at_risk": 6 }],
        }),
        json!({
            "view": "filters", "periods": [period()],
            "fields": [{ "field": "owner", "label": "Owner", "values": [{ "value": "Ana", "count": 3 }], "distinct": 1 }],
        }),
        json!({
            "view": "inventory", "has_charter": true,
            "findings": [{"pointer": "/functions/0/accountable", "message": "two", "mend": "Keep one."}],
            "tables": [{
                "table": "deals", "source": "deals.csv", "preset": "hubspot", "encoding": "Windows-1252", "read": 9, "accepted": 4,
                "rejected": [{ "reason": "blank_row", "count": 5, "examples": [{ "line": 2 }] }],
                "fields": [{
                    "field": "amount", "header": "Amount", "matched_by": "name", "filled": 3, "blank": 1,
                    "unreadable": 0, "examples": [],
                }],
                "unmatched": [{ "header": "Amout", "suggestion": "amount" }],
            }],
        }),
    ];
    let cell = json!({ "value": 0.5, "bounds": [0.25, 0.75], "text": "x", "state": "unknown" });
    let mut with_part = figure();
    with_part["parts"] = json!([figure()]);
    let board = json!({
        "view": "board", "name": "stack", "message": "Half is used.", "state": "warning", "figures": [with_part],
        "sections": [{
            "id": "tools", "label": "Tools", "note": "By cost.", "layout": "bars", "folded": true, "of": 9,
            "columns": [{ "id": "used", "label": "Used", "unit": "money_per_year" }],
            "rows": [{ "id": "crm", "label": "CRM", "state": "good", "word": "used", "note": "x", "cells": [cell] }],
        }],
    });
    let bodies = bodies.into_iter().chain([board]);
    let view = |body: Value| {
        json!({
            "as_of": 1_767_225_600_000_i64, "time_zone": "Europe/Berlin", "currency": "EUR", "organisation": "Larkfield",
            "period": period(), "compared_with": period(), "filter": { "owner": ["Ana", ""] }, "body": body,
        })
    };
    bodies.map(view).collect()
}

/// All places below a value.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in below {
        let place = [at, "/", &name].concat();
        out.push(place.clone());
        places(value, &place, out);
    }
}

fn compare(value: &Value, what: &str) -> bool {
    let ours = read::<View>(value);
    let theirs = serde_json::from_value::<View>(value.clone());
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "{what}"),
        (Err(_), Err(_)) => {}
        _ => panic!("{what}: read {ours:?}, serde {theirs:?}"),
    }
    ours.is_ok()
}

#[test]
fn reads_and_refuses_what_serde_does() {
    let (mut accepted, mut refused) = (0, 0);
    let mut count = |is_read: bool| if is_read { accepted += 1 } else { refused += 1 };
    for view in views() {
        assert!(compare(&view, "whole"));
        let mut all = Vec::new();
        places(&view, "", &mut all);
        for place in all {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let mut without = view.clone();
            let is_field = without.pointer_mut(parent).unwrap().as_object_mut().map(|fields| fields.remove(name));
            if is_field.is_some() {
                count(compare(&without, &["without ", &place].concat()));
            }
            for other in [json!(null), json!("x"), json!(-0.5), json!(true), json!([]), json!([1, 2, 3]), json!({})] {
                // To serde_json, sequences are structures too; to its JavaScript counterpart and here they are not.
                if other.is_array() && view.pointer(&place).unwrap().is_object() {
                    continue;
                }
                let mut changed = view.clone();
                *changed.pointer_mut(&place).unwrap() = other.clone();
                count(compare(&changed, &[&place, " = ", &other.to_string()].concat()));
            }
        }
    }
    assert!(accepted > 100 && refused > 1000, "{accepted} accepted, {refused} refused");
}

#[test]
fn knows_every_word() {
    for reason in Reason::ALL {
        assert_eq!(read::<Reason>(&serde_json::to_value(reason).unwrap()), Ok(reason));
    }
    for unit in [Unit::Rate, Unit::Money, Unit::MoneyPerDay, Unit::Days, Unit::Records] {
        assert_eq!(read::<Unit>(&serde_json::to_value(unit).unwrap()), Ok(unit));
    }
    for status in [Status::OnTarget, Status::NearTarget, Status::OffTarget, Status::NoTarget, Status::Undefined] {
        assert_eq!(read::<Status>(&serde_json::to_value(status).unwrap()), Ok(status));
    }
    for word in ["MoneyPerDay", "moneyperday", "money_per_da", "money_per_days", "_money_per_day", ""] {
        assert!(read::<Unit>(&json!(word)).is_err(), "{word}");
    }
}

#[test]
fn says_where_a_fault_is() {
    let mut view = views().swap_remove(3);
    view["body"]["cohorts"][0]["cells"][0]["rate"] = json!("x");
    assert_eq!(read::<View>(&view), Err("body.cohorts/0.cells/0.rate must be a number".to_owned()));
}

/// Of a scorecard nobody sees them, and of a board none but those of its own figures.
#[test]
fn parts_are_read_where_they_are_shown() {
    let mut whole = figure();
    whole["parts"] = json!([figure()]);
    let mut view = views().pop().unwrap();
    view["body"]["figures"][0]["parts"] = json!([whole]);
    let Body::Board(board) = read::<View>(&view).unwrap().body else { panic!("not a board") };
    assert_eq!(board.figures[0].parts.len(), 1);
    assert!(board.figures[0].parts[0].parts.is_empty());
    view["body"] = json!({
        "view": "scorecard",
        "rows": [{
            "figure": whole, "maturing": false, "segments": [], "segment_field": null, "comparison": null, "trend": [],
        }],
    });
    let Body::Scorecard(card) = read::<View>(&view).unwrap().body else { panic!("not a scorecard") };
    assert!(card.rows[0].figure.parts.is_empty());
}
