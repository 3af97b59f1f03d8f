//! The one tracking standard: how links are tagged.

use super::Charter;
use super::check::{Faults, Place};
use crate::read::{one_of, read_fields, usual};
use serde::Serialize;

/// The UTM parameters.
pub const PARAMETERS: [&str; 5] = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

/// How links are tagged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Tracking {
    /// UTM parameters that every tagged touch must have.
    pub required: Vec<String>,
    /// Whether capital letters and spaces break the standard: `google` and `Google` are two sources to GA4.
    pub lower_case: bool,
    /// The only values allowed for `utm_source`, with case; any where empty.
    pub sources: Vec<String>,
    /// The only values allowed for `utm_medium`, with case; any where empty.
    pub mediums: Vec<String>,
    /// Pattern of `utm_campaign`: `*` stands for any characters, `#` for one digit, anything else for itself; any name
    /// where empty. `####-##_*_*` takes `2026-03_webinar_emea`.
    pub campaign_pattern: String,
    /// Whether the touch must fall into one of GA4's default channels rather than into Unassigned.
    pub known_channel: bool,
    /// Kinds of touches that come by a link and so can be tagged.
    pub kinds: Vec<String>,
}

read_fields! {
    Tracking { ; required, lower_case, sources, mediums, campaign_pattern, known_channel, kinds }
}

impl Default for Tracking {
    fn default() -> Self {
        let none = Self {
            required: Vec::new(),
            lower_case: true,
            sources: Vec::new(),
            mediums: Vec::new(),
            campaign_pattern: String::new(),
            known_channel: true,
            kinds: Vec::new(),
        };
        usual(
            none,
            r#"{"required": ["utm_source", "utm_medium", "utm_campaign"], "kinds": ["visit", "form", "ad_click", "email_click"]}"#,
        )
    }
}

impl Charter {
    pub(super) fn check_tracking(&self, faults: &mut Faults) {
        for (index, name) in self.tracking.required.iter().enumerate() {
            if !PARAMETERS.contains(&name.as_str()) {
                let message = format_args!("“{name}” is no UTM parameter.");
                faults.add(&Place::at("/tracking/required").nth(index), message, &one_of(&PARAMETERS));
            }
        }
        if self.tracking.kinds.is_empty() {
            let message = format_args!("no kind of touch can be tagged.");
            faults.add(&Place::at("/tracking/kinds"), message, "Name at least one, such as “visit”.");
        }
    }
}
