//! When deals entered their stages.

use super::SEED;
use super::calendar::text;
use super::company::{Company, OPEN_STAGES, as_of};
use super::csv;
use super::random::Random;
use std::collections::BTreeSet;

/// `deal_stage_events.csv`: every stage a deal has been in. Half of the lost ones were lost before a contract was sent.
pub fn csv(company: &Company) -> String {
    let mut random = Random::new(SEED ^ 0xdea1_57a6);
    let mut out = String::new();
    csv::row(&mut out, &["deal_id", "stage", "at"]);
    let mut seen = BTreeSet::new();
    for deal in company.deals.iter().filter(|deal| seen.insert(deal.id)) {
        let reached = (0.5 + 0.7 * random.share()).min(1.0);
        let closed = deal.stage.starts_with("Closed");
        let reached = if deal.stage == "Closed Lost" { reached } else { 1.0 };
        let cycle = (deal.closes - deal.created).max(0) as f64;
        let mut enter = |stage: &str, at: i64| csv::row(&mut out, &[deal.id.to_string(), stage.into(), text(at)]);
        let mut since = 0.0;
        for (stage, until) in OPEN_STAGES {
            let at = deal.created + (cycle * since / reached) as i64;
            if since >= reached || (!closed && at >= as_of()) {
                break;
            }
            enter(stage, at);
            if stage == deal.stage {
                break;
            }
            since = until;
        }
        if closed {
            enter(deal.stage, deal.closes);
        }
    }
    out
}
