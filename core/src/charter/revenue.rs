//! What the charter says about revenue: what counts as marketing's, what a customer costs, and what is aimed at.

use super::Charter;
use super::check::{Faults, Place};
use super::money::date;
use crate::read::{read_fields, read_words, usual};
use serde::Serialize;
use std::hash::{Hash, Hasher};

/// What counts as marketing's, what a customer costs, and what is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Revenue {
    /// Sources that are marketing's, compared without case.
    pub marketing_sources: Vec<String>,
    /// What says where a deal came from.
    pub sourced_by: SourcedBy,
    /// Days before a deal closes within which a touch counts as influence.
    pub influence_window_days: u32,
    /// Cost lines (`spend.category`) that are the cost of winning customers; all where empty.
    pub acquisition_cost_lines: Vec<String>,
    /// Cost lines that are marketing's; all but `sales` where empty.
    pub marketing_cost_lines: Vec<String>,
    /// Months between spending and the customers it wins.
    pub acquisition_lag_months: u32,
    /// Share of revenue that is left after the cost of what is sold, 0 to 1. Without it paybacks are unknown.
    pub gross_margin: Option<f64>,
    /// Days until spend is reported.
    pub reporting_lag_days: u32,
    /// What should be won, by period.
    pub targets: Vec<RevenueTarget>,
}

/// What says where a deal came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourcedBy {
    /// The source of the first contact that belongs to it.
    #[default]
    FirstContact,
    /// Its own source.
    Deal,
}

/// What should be won in a period.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevenueTarget {
    /// First day (`2026-01-01`).
    pub from: String,
    /// First day after it.
    pub until: String,
    /// Amount in the charter's currency.
    pub amount: f64,
}

impl Default for Revenue {
    fn default() -> Self {
        // HubSpot's original traffic sources, without direct traffic, offline and other sources, of which nobody knows
        // whose they are; and the names that Google Analytics has for the same.
        let none = Self {
            marketing_sources: Vec::new(),
            sourced_by: SourcedBy::FirstContact,
            influence_window_days: 180,
            acquisition_cost_lines: Vec::new(),
            marketing_cost_lines: Vec::new(),
            acquisition_lag_months: 0,
            gross_margin: None,
            reporting_lag_days: 0,
            targets: Vec::new(),
        };
        usual(
            none,
            r#"{"marketing_sources": [
                "Organic Search", "Paid Search", "Email Marketing", "Email", "Organic Social", "Social Media",
                "Paid Social", "Referrals", "Referral", "Display", "Other Campaigns", "AI Referrals"
            ]}"#,
        )
    }
}

impl Hash for Revenue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for lines in [&self.marketing_sources, &self.acquisition_cost_lines, &self.marketing_cost_lines] {
            lines.hash(state);
        }
        self.sourced_by.hash(state);
        for number in [self.influence_window_days, self.acquisition_lag_months, self.reporting_lag_days] {
            number.hash(state);
        }
        self.gross_margin.map(f64::to_bits).hash(state);
    }
}

read_fields! {
    Revenue {
        ;
        marketing_sources, sourced_by, influence_window_days, acquisition_cost_lines, marketing_cost_lines,
        acquisition_lag_months, gross_margin, reporting_lag_days, targets
    }
    RevenueTarget { from, until, amount; }
}

read_words! {
    SourcedBy { FirstContact, Deal }
}

impl Charter {
    pub(super) fn check_revenue(&self, faults: &mut Faults) {
        let revenue = &self.revenue;
        let top = Place::at("/revenue");
        let message = format_args!("a margin is a share from 0 to 1.");
        faults.share(&top.field("gross_margin"), revenue.gross_margin, message, "80% as 0.8");
        if revenue.acquisition_lag_months > 120 {
            let at = top.field("acquisition_lag_months");
            faults.add(&at, format_args!("more than ten years."), "Give months from 0 to 120.");
        }
        for (index, target) in revenue.targets.iter().enumerate() {
            let at = top.field("targets").nth(index);
            faults.date(&at.field("from"), &target.from);
            faults.date(&at.field("until"), &target.until);
            if date(&target.from).zip(date(&target.until)).is_some_and(|(from, until)| until <= from) {
                let message = format_args!("the period ends before it begins.");
                faults.add(&at.field("until"), message, "Give the first day after the period.");
            }
            if !(0.0..=1e12).contains(&target.amount) {
                faults.add(&at.field("amount"), format_args!("not a usable amount."), "Give an amount from 0 upward.");
            }
        }
    }
}
