//! Reading a charter.

use super::{
    Charter, DateOrder, DealStage, DealState, ExchangeRate, KpiSettings, Mapping, ParameterValue, SignOffRecord, Stage,
    Weekday,
};
use crate::error::{Code, Error};
use crate::json::Value;
use crate::read::{self, Read, Reader, read_fields, read_words};

impl Charter {
    /// Reads a charter from JSON text. Keys named `$comment` may stand in any object and are ignored.
    ///
    /// # Errors
    /// A fault of syntax comes with its line; faults of shape come all at once, each with a JSON pointer and what was
    /// expected there. If text and shape are right, every fault that [`Charter::check`] finds is returned at once.
    pub fn parse(text: &str) -> Result<Self, Vec<Error>> {
        let charter: Self = read::read(text, Code::BadCharter)?;
        let faults = charter.check();
        if faults.is_empty() { Ok(charter) } else { Err(faults) }
    }
}

read_fields! {
    Charter {
        ;
        schema as "$schema", organisation, time_zone, fiscal_year_start_month, week_start, currency, exchange_rates,
        minimum_n, blanks, lifecycle, deal_stages, stack, revenue, platforms, sources, kpis, people, functions,
        responsibilities, reports_to, suppression_rules, policies, data_standard, tracking, operations, readiness, rollout,
        control_stack, signals
    }
    ExchangeRate { currency, from, rate; }
    Stage { id, label; aliases, target }
    DealStage { id, state; label, aliases, qualified, probability }
    Mapping { ; columns, date_order, decimal_sign, delimiter }
    KpiSettings { ; owner, target, tolerance, parameters, sign_off }
    SignOffRecord { by, at, hash; }
}

read_words! {
    Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }
    DealState { Open, Won, Lost }
    DateOrder { DayMonthYear, MonthDayYear }
}

impl Read for ParameterValue {
    fn read(&mut self, reader: &mut Reader, value: &Value) {
        match value {
            Value::Number(number, _) => *self = Self::Number(*number),
            Value::Text(text) => *self = Self::Text(text.to_string()),
            _ => reader.fault("neither a number nor text.".into(), "`mops explain` says what it may be.".into()),
        }
    }
}
