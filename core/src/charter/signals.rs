//! Threshold signals: what tells that the operation has outgrown its habits.

use super::gate::Bar::{Least, Most};
use super::gate::{GateSet, Row, sets};

/// The signals. One is raised when any of its figures misses its bar.
pub(super) fn default() -> Vec<GateSet> {
    sets(SIGNALS)
}

/// Six signals that marketing operations can no longer wait, each read from figures. The bars are ours.
const SIGNALS: &[(&str, &str, &[Row])] = &[
    (
        "lead_quality_disputed",
        "Sales disputes lead quality",
        &[
            ("data", "Lead data can be trusted", "data_quality", Least(0.8), "Mend the worst fields first."),
            (
                "tracking",
                "Lead sources are tracked",
                "tracking_compliance",
                Least(0.8),
                "Mend the links that break the standard.",
            ),
            (
                "routing",
                "Leads reach the right owner",
                "routing_accuracy",
                Least(0.9),
                "Mend the routing rules that miss.",
            ),
        ],
    ),
    (
        "launches_unpredictable",
        "Campaign launches are unpredictable",
        &[
            (
                "on_time",
                "Campaigns launch when due",
                "campaign_cycle_time/on_time",
                Least(0.8),
                "Find the step that takes longest.",
            ),
            ("checks", "Launches pass the checklist", "quality_control", Least(0.9), "Check before going live."),
        ],
    ),
    (
        "reports_contradict",
        "Reports contradict each other",
        &[
            (
                "platforms",
                "Platforms claim what the CRM has",
                "reconciliation_gap",
                Most(0.1),
                "Settle windows and definitions.",
            ),
            ("definitions", "Definitions are signed off", "definition_coverage", Least(0.8), "Have each owner sign."),
        ],
    ),
    (
        "tools_duplicate_data",
        "Tools duplicate data",
        &[
            ("redundancy", "No two tools do the same", "stack_redundancy", Most(0.0), "Consolidate the candidates."),
            ("duplicates", "Records are not doubled", "duplicate_rate", Most(0.05), "Merge the duplicate pairs."),
        ],
    ),
    (
        "forecast_declining",
        "Forecast accuracy falls",
        &[(
            "error",
            "Forecasts come close",
            "forecast_reliability",
            Most(0.2),
            "Hold the forecast against its own past.",
        )],
    ),
    (
        "attribution_unclear",
        "Attribution is unclear",
        &[
            ("models", "Models agree", "attribution_consistency", Least(0.7), "Move no budget on one model."),
            (
                "tracking",
                "Touches are tagged as agreed",
                "tracking_compliance",
                Least(0.8),
                "Mend the links that break the standard.",
            ),
        ],
    ),
];
