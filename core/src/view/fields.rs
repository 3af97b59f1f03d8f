//! How views are written and read: the fields of everything in them, in order.

use super::{
    BoardView, Body, Cell, ChangeVerdict, Cohort, CohortCell, CohortsView, Column, Comparison, CurvePoint, FilterField,
    FilterValue, FiltersView, Finding, FunnelStage, FunnelView, InventoryView, KpiView, Layout, PeriodView, Row,
    ScorecardView, Section, State, TableReport, TrendPoint, View,
};
use crate::figure::{
    DefinitionInForce, Direction, Figure, ParameterInForce, Quantity, SignOff, SignOffState, Status, Undefined, Unit,
};
use crate::ledger::{Excluded, Reason, RowReference};
use crate::table::{FieldReport, UnmatchedHeader};
use crate::view::read::{Read, Reader, Source};
use crate::write::{Write, Writer, write_fields, write_words};
use crate::{read_view_fields, read_view_words};

macro_rules! fields {
    ($($list:tt)*) => {
        write_fields! { $($list)* }
        read_view_fields! { $($list)* }
    };
}

macro_rules! words {
    ($($list:tt)*) => {
        write_words! { $($list)* }
        read_view_words! { $($list)* }
    };
}

macro_rules! bodies {
    ($($kind:ident as $word:literal),*) => {
        impl Write for Body {
            fn write(&self, writer: &mut Writer) {
                let (word, view): (_, &dyn Write) = match self {
                    $(Self::$kind(view) => ($word, view),)*
                };
                writer.tagged("view", word, view);
            }
        }

        impl<S: Source> Read<S> for Body {
            fn read(&mut self, reader: &mut Reader, value: Option<&S>) {
                let word = value.and_then(|body| body.member("view")?.text());
                reader.parts = word.as_deref() == Some("board");
                *self = match word.as_deref() {
                    $(Some($word) => Self::$kind(whole(reader, value)),)*
                    _ => return reader.fault("names no view in its “view”"),
                };
            }
        }
    };
}

fields! {
    View { as_of, time_zone, currency, organisation, period, compared_with, filter, body }
    PeriodView { id, label, start, end }
    KpiView { figure, comparison, trend, maturing, segments, segment_field }
    Comparison { value, interval, difference, relative, verdict, within_chance, data_from }
    TrendPoint { period, value, interval, used, thin, unfinished }
    ScorecardView { rows }
    FunnelView { figure, semantics, stages, leak }
    FunnelStage {
        id, label, count, compared_count, cumulative, next_rate, next_interval, compared_next_rate, next_target,
        median_days, customers_lost, is_leak, thin
    }
    CohortsView { figure, matured, from_label, to_label, cohorts, ages, curve, median_days }
    Cohort { period, size, thin, cells }
    CohortCell { converted, rate }
    CurvePoint { day, rate, low, high, competing, at_risk }
    FiltersView { periods, fields }
    FilterField { field, label, values, distinct }
    FilterValue { value, count }
    InventoryView { tables, has_charter, findings }
    Finding { pointer, message, mend }
    TableReport { table, source, preset, encoding if known, read, accepted, rejected, fields, unmatched }
    FieldReport { field, header, matched_by, filled, blank, unreadable, examples }
    UnmatchedHeader { header, suggestion if known }
    BoardView { name, message, state, figures, sections }
    Section { id, label, note, layout, columns, rows, folded, of }
    Column { id, label, unit }
    Row { id, label, state, word, note, cells }
    Cell { value, bounds, text, state }
    Figure {
        id, part if known, label, value, undefined if known, unit, currency if known, numerator, denominator, interval,
        bounds if known, read, used, excluded, thin, note if known, unfiltered if known,
        target, status, definition if known, parts
    }
    Quantity { value, unit, label }
    Undefined { code, message }
    DefinitionInForce {
        id, hash, name, formula if known, source if known, direction, inputs, edge_cases if known, parameters,
        owner if known, sign_off
    }
    ParameterInForce { name, value, is_default, text if known }
    SignOff { state, by if known, at if known }
    Excluded { reason, count, examples }
    RowReference { line, id if known, field if known, found if known, name if known }
}

words! {
    ChangeVerdict { Better, Worse, Neutral }
    State { Neutral, Good, Warning, Bad, Unknown }
    Layout { Table, List, Bars, Matrix, Graph, Series }
    Unit {
        Rate, Money, MoneyPerDay, Days, Records, MoneyPerYear, Ratio, Score, Minutes, Hours, Months, PerWeek
    }
    Direction { Higher, Lower, Band, None }
    Status { OnTarget, NearTarget, OffTarget, NoTarget, Undefined }
    SignOffState { Signed, Lapsed, Unsigned }
    Reason {
        BlankRow, TotalRow, TextLine, Malformed, BlankId, DuplicateId, BlankField, UnparsableDate, UnparsableNumber,
        Unmatched, UnknownStage, NegativeAmount, NegativeDuration, StageOutOfOrder, NotStarted, InFlight, NotCounted, NoFxRate,
        OutsidePeriod, AfterAsOf, OutsideFilter, NoEvidence, Ambiguous, OutsideWindow, Suppressed
    }
}

bodies! {
    Kpi as "kpi", Scorecard as "scorecard", Funnel as "funnel", Cohorts as "cohorts", Filters as "filters",
    Inventory as "inventory", Board as "board"
}

fn whole<S, T: Read<S> + Default>(reader: &mut Reader, value: Option<&S>) -> T {
    let mut whole = T::default();
    whole.read(reader, value);
    whole
}
