//! The 90-day plan: stabilise, standardise, optimise.

use super::gate::Bar::{Least, Most};
use super::gate::{GateSet, Row, sets};

/// The phases of the plan. A step is done when its figure says so.
pub(super) fn default() -> Vec<GateSet> {
    sets(PHASES)
}

/// What the three months are for: lifecycle, tracking, routing and CRM first; then intake, quality checks, names and
/// documentation; then definitions, tools, attribution and the rhythm of reports. The bars are ours.
const PHASES: &[(&str, &str, &[Row])] = &[
    (
        "stabilise",
        "Days 1–30: stabilise",
        &[
            (
                "lifecycle",
                "Lifecycle stages hold what they require",
                "data_completeness",
                Least(0.9),
                "Audit the stages and fill what each requires.",
            ),
            (
                "tracking",
                "Tracking follows the one standard",
                "tracking_compliance",
                Least(0.9),
                "Mend the links that break the standard.",
            ),
            (
                "routing",
                "Leads go where the rules say",
                "routing_accuracy",
                Least(0.95),
                "Audit the routing paths that miss.",
            ),
            ("crm", "CRM data can be trusted", "data_quality", Least(0.8), "Mend the worst fields first."),
            (
                "integrations",
                "Connections work",
                "integration_health",
                Least(0.9),
                "Repair what is broken or nobody’s.",
            ),
        ],
    ),
    (
        "standardise",
        "Days 31–60: standardise",
        &[
            (
                "intake",
                "Strategic work gets its share",
                "intake_balance",
                Least(0.5),
                "Put an approval before the queue.",
            ),
            ("checks", "Launches pass the checklist", "quality_control", Least(0.95), "Let nothing go live unchecked."),
            (
                "names",
                "Names and tags keep to the convention",
                "tracking_compliance",
                Least(0.95),
                "Teach and check the convention.",
            ),
            (
                "workflows",
                "Automations have a written intent and keep to it",
                "automation_drift",
                Most(0.1),
                "Write down what each is for.",
            ),
            (
                "owners",
                "Every function has one owner",
                "ownership_coverage",
                Least(1.0),
                "Name one accountable for each.",
            ),
        ],
    ),
    (
        "optimise",
        "Days 61–90: optimise",
        &[
            (
                "definitions",
                "KPI definitions are signed off",
                "definition_coverage",
                Least(1.0),
                "Have each owner sign.",
            ),
            ("tools", "Tools are used", "stack_utilisation", Least(0.5), "End or use what lies idle."),
            (
                "attribution",
                "Attribution models agree",
                "attribution_consistency",
                Least(0.8),
                "Settle windows and touches.",
            ),
            (
                "reports",
                "Reports come when they are due",
                "reporting_rhythm",
                Least(0.95),
                "Settle one reporting rhythm.",
            ),
        ],
    ),
];
