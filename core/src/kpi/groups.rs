//! The catalogue's chapters, for lists that are too long to be read in one go.

/// Chapter and the ids of its KPIs, in reading order.
pub const GROUPS: &[(&str, &[&str])] = &[
    (
        "Lifecycle",
        &[
            "lifecycle_conversion",
            "lead_to_customer",
            "conversion_in_window",
            "conversion_matured",
            "time_in_stage",
            "stage_leak",
            "velocity_by_cohort",
        ],
    ),
    (
        "Executive signals",
        &[
            "pipeline_created",
            "pipeline_sourced",
            "pipeline_influenced",
            "win_rate",
            "average_deal",
            "sales_cycle",
            "pipeline_velocity",
            "pipeline_coverage",
            "cac",
            "cac_payback",
            "revenue_contribution",
            "marketing_roi",
            "channel_roi",
            "cost_per_stage",
            "forecast_reliability",
            "pipeline_forecast",
        ],
    ),
    (
        "Operational signals",
        &[
            "speed_to_lead",
            "routing_accuracy",
            "data_completeness",
            "data_quality",
            "deal_data_quality",
            "duplicate_rate",
            "tracking_compliance",
            "campaign_cycle_time",
            "campaign_velocity",
            "intake_balance",
            "attribution_credit",
            "attribution_consistency",
            "reconciliation_gap",
            "budget_pacing",
            "budget_accuracy",
            "reporting_rhythm",
            "segment_health",
        ],
    ),
    (
        "Stack utilisation",
        &[
            "seat_utilisation",
            "capability_utilisation",
            "stack_utilisation",
            "shelfware_cost",
            "stack_redundancy",
            "total_cost_of_ownership",
            "renewal_exposure",
            "integration_health",
            "integration_coverage",
            "automation_drift",
        ],
    ),
    (
        "Governance",
        &[
            "ownership_coverage",
            "definition_coverage",
            "consent_currency",
            "suppression_health",
            "ai_oversight",
            "quality_control",
            "permission_review",
            "control_stack",
            "ops_alignment",
            "threshold_signals",
            "readiness",
            "rollout",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::GROUPS;
    use crate::kpi::registry;

    #[test]
    fn every_kpi_stands_in_one_chapter() {
        for kpi in registry() {
            let id = kpi.definition.id;
            let chapters = GROUPS.iter().flat_map(|(_, ids)| *ids).filter(|known| **known == id).count();
            assert_eq!(chapters, 1, "{id} stands in {chapters} chapters");
        }
    }
}
