//! Platforms that report what they brought: what each counts, in which window and time zone, and who answers for it.

use super::Charter;
use super::check::{Faults, Place};
use crate::fold::lower;
use crate::list::List;
use crate::read::{read_fields, read_words};
use serde::Serialize;

/// A platform that reports what it brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// As it stands in `platform_reports`, compared without case.
    pub id: String,
    /// Its metrics, and what of ours each is held against.
    pub metrics: Vec<PlatformMetric>,
    /// Its name for people; the id where empty.
    #[serde(default)]
    pub name: String,
    /// Id or name of the person who answers for its numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Our sources that are the platform's, compared without case.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Days after a click or a view within which it claims what happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
    /// IANA name of the time zone in which its days begin; the charter's where empty. What ours has on its days is
    /// counted by it.
    #[serde(default)]
    pub time_zone: String,
    /// What it counts, in words.
    #[serde(default)]
    pub definition: String,
}

/// A metric of a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlatformMetric {
    /// As it stands in `platform_reports`, compared without case.
    pub metric: String,
    /// What of ours it is held against.
    pub compared_to: Counterpart,
}

/// What of ours a metric is held against: what has one of the platform's sources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Counterpart {
    /// Contacts that became leads.
    #[default]
    Leads,
    /// Deals won.
    Deals,
    /// The amount of deals won.
    Revenue,
}

impl Counterpart {
    /// Each, with its name for people.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Leads, "leads", "Leads"), (Self::Deals, "deals", "Deals won"), (Self::Revenue, "revenue", "Revenue")];
}

impl Platform {
    /// Its name for people.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

read_fields! {
    Platform { id, metrics; name, owner, sources, window_days, time_zone, definition }
    PlatformMetric { metric, compared_to; }
}

read_words! {
    Counterpart { Leads, Deals, Revenue }
}

impl Charter {
    pub(super) fn check_platforms(&self, faults: &mut Faults) {
        let ids: Vec<String> = self.platforms.iter().map(|platform| lower(platform.id.trim())).list();
        let top = Place::at("/platforms");
        faults.distinct(&top, &|at| Some(ids.get(at)?));
        for (index, platform) in self.platforms.iter().enumerate() {
            let at = top.nth(index);
            let metrics = platform.metrics.iter().map(|metric| lower(metric.metric.trim()));
            let metrics: Vec<String> = metrics.list();
            if metrics.is_empty() {
                let message = format_args!("nothing it reports is held against ours.");
                faults.add(&at.field("metrics"), message, "Name its metrics.");
            }
            for (index, metric) in metrics.iter().enumerate() {
                if metric.is_empty() || metrics.iter().take(index).any(|before| before == metric) {
                    let at = at.field("metrics").nth(index);
                    let message = format_args!("the metric is empty or there twice.");
                    faults.add(&at.field("metric"), message, "Name each metric once.");
                }
            }
            if platform.window_days.is_some_and(|days| !(1..=3650).contains(&days)) {
                let message = format_args!("not a usable window.");
                faults.add(&at.field("window_days"), message, "Give days from 1 to 3650.");
            }
            match &platform.owner {
                Some(owner) => self.check_person(&at.field("owner"), owner, faults),
                None => faults.find(
                    &at.field("owner"),
                    format_args!("nobody answers for the numbers of {}.", platform.label()),
                    "Name one person.",
                ),
            }
            if platform.sources.is_empty() {
                faults.find(
                    &at.field("sources"),
                    format_args!(
                        "no source of ours is {}’s, so its claims can’t be held against ours.",
                        platform.label()
                    ),
                    "Name the sources that contacts or deals have from it.",
                );
            }
        }
    }
}
