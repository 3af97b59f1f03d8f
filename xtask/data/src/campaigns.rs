//! Campaigns with their steps, what they cost, and what was planned.

use super::SEED;
use super::calendar::{MINUTES, date, months, office, text, year_month};
use super::company::as_of;
use super::csv;
use super::random::Random;

/// Channels, named as the traffic sources of the contacts, and the one that only follows people about.
pub const PAID_SEARCH: &str = "Paid Search";
pub const PAID_SOCIAL: &str = "Paid Social";
pub const EMAIL: &str = "Email Marketing";
pub const OFFLINE: &str = "Offline Sources";
pub const REFERRALS: &str = "Referrals";
pub const RETARGETING: &str = "Retargeting";
/// Launches whose checklist was not passed, and launches without a brand review.
pub const UNCHECKED: usize = 5;
pub const UNBRANDED: usize = 3;
/// Planned for January 2026, and not live yet.
pub const UNLAUNCHED: usize = 5;

/// A campaign. Times are minutes on Berlin's clocks.
pub struct Campaign {
    pub id: String,
    pub name: String,
    /// As it stands in `utm_campaign`.
    pub slug: String,
    pub channel: &'static str,
    pub owner: &'static str,
    pub segment: &'static str,
    pub budget: i64,
    /// Briefed, built, checked, approved, launched.
    pub steps: [Option<i64>; 5],
    pub due: i64,
    pub ends: i64,
    pub returns: usize,
    pub checked: bool,
    pub branded: bool,
}

impl Campaign {
    /// When it went live.
    pub fn launched(&self) -> Option<i64> {
        self.steps[4]
    }

    /// Whether it ran at an instant.
    pub fn runs(&self, at: i64) -> bool {
        self.launched().is_some_and(|launched| launched <= at) && at < self.ends
    }
}

/// Who runs campaigns, by channel.
fn owner(channel: &str) -> &'static str {
    match channel {
        PAID_SEARCH | RETARGETING => "Tom Ellery",
        PAID_SOCIAL => "Bianca Moretti",
        EMAIL => "Leonie Falk",
        OFFLINE => "Gareth Lund",
        _ => "Martin Okafor",
    }
}

/// Every campaign, in the order of launch.
pub fn all() -> Vec<Campaign> {
    let mut random = Random::new(SEED ^ 0xca3b_a161);
    let mut all = Vec::new();
    for start in months(2024, 10, 16) {
        let (year, month) = year_month(start);
        let quarter = (month - 1) / 3 + 1;
        let mut make = |channel, name: &str, slug: String, day: i64, budget, days: i64| {
            let campaign = campaign(&mut random, channel, name, slug, start + day * MINUTES, budget, days);
            all.push(campaign);
        };
        let stamp = format!("{year}-{month:02}");
        if matches!(month, 1 | 4 | 7 | 10) {
            make(
                PAID_SEARCH,
                &format!("Search, Q{quarter} {year}"),
                format!("search-{year}-q{quarter}"),
                1,
                42_000,
                92,
            );
            make(
                RETARGETING,
                &format!("Follow-up ads, Q{quarter} {year}"),
                format!("followup-{year}-q{quarter}"),
                2,
                16_500,
                92,
            );
        }
        if matches!(month, 2 | 8) {
            make(REFERRALS, &format!("Partner programme {stamp}"), format!("partners-{stamp}"), 4, 7_500, 180);
        }
        if matches!(month, 3 | 5 | 9 | 10) {
            make(OFFLINE, &format!("Trade fair {stamp}"), format!("fair-{stamp}"), 14, 31_000, 10);
        }
        let theme = ["Field reports", "Buyer’s guide", "Customer stories", "Product tour"][month as usize % 4];
        make(PAID_SOCIAL, &format!("{theme}, {stamp}"), format!("social-{stamp}"), 3, 9_800, 31);
        make(EMAIL, &format!("Newsletter {stamp}"), format!("newsletter-{stamp}"), 7, 900, 25);
        make(EMAIL, &format!("Webinar {stamp}"), format!("webinar-{stamp}"), 17, 2_400, 21);
    }
    // What is planned for January is on its way and not live yet; the later ones have only a brief.
    let due_next = all.iter().position(|campaign| campaign.due >= as_of()).unwrap_or(all.len());
    all.truncate(due_next + UNLAUNCHED);
    all.sort_by_key(|campaign| campaign.due);
    for (index, campaign) in all.iter_mut().enumerate() {
        campaign.id = format!("C-{}", 1001 + index);
        for step in &mut campaign.steps {
            *step = step.filter(|at| *at < as_of());
        }
    }
    let launched: Vec<usize> = (0..all.len()).filter(|index| all[*index].launched().is_some()).collect();
    for turn in 0..UNCHECKED {
        all[launched[7 + turn * 9]].checked = false;
    }
    for turn in 0..UNBRANDED {
        all[launched[12 + turn * 14]].branded = false;
    }
    all
}

fn campaign(
    random: &mut Random,
    channel: &'static str,
    name: &str,
    slug: String,
    due: i64,
    budget: i64,
    days: i64,
) -> Campaign {
    // Work begins three weeks ahead. Approval is where it waits, and since the summer it waits longer.
    let late = due >= super::calendar::midnight(2025, 7, 1);
    let briefed = office(random, due - 24 * MINUTES, 0.0);
    let built = {
        let days = random.log_normal(7.0, 0.4);
        office(random, briefed, days)
    };
    let checked = {
        let days = random.log_normal(1.6, 0.5);
        office(random, built, days)
    };
    let approved = {
        let days = random.log_normal(if late { 10.0 } else { 5.5 }, 0.5);
        office(random, checked, days)
    };
    let ready = {
        let days = random.log_normal(1.2, 0.5);
        office(random, approved, days)
    };
    let launched = ready.max(due + 9 * 60);
    Campaign {
        id: String::new(),
        name: name.into(),
        slug,
        channel,
        owner: owner(channel),
        segment: "",
        budget: budget + random.below(9) as i64 * 100,
        steps: [Some(briefed), Some(built), Some(checked), Some(approved), Some(launched)],
        due: due + 17 * 60,
        ends: launched.max(due) + days * MINUTES,
        returns: random.weighted(&[60.0, 25.0, 11.0, 4.0]),
        checked: true,
        branded: true,
    }
}

/// `campaigns.csv`.
pub fn csv(all: &[Campaign]) -> String {
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "id",
            "name",
            "channel",
            "owner",
            "segment",
            "budget",
            "currency",
            "briefed_at",
            "built_at",
            "checked_at",
            "approved_at",
            "launched_at",
            "due_at",
            "ended_at",
            "returns",
            "qa_passed",
            "brand_approved",
        ],
    );
    for campaign in all {
        let mut cells = vec![
            campaign.id.clone(),
            campaign.name.clone(),
            campaign.channel.into(),
            campaign.owner.into(),
            campaign.segment.into(),
            campaign.budget.to_string(),
            "EUR".into(),
        ];
        cells.extend(campaign.steps.iter().map(|at| at.map(text).unwrap_or_default()));
        cells.push(date(campaign.due));
        let ended = campaign.launched().is_some() && campaign.ends < as_of();
        cells.push(if ended { date(campaign.ends) } else { String::new() });
        cells.push(campaign.returns.to_string());
        let judged = |yes: bool| if campaign.steps[2].is_some() { yes.to_string() } else { String::new() };
        cells.push(judged(campaign.checked));
        cells.push(judged(campaign.branded));
        csv::row(&mut out, &cells);
    }
    out
}

/// `spend.csv`: media by campaign and month, and what stands behind it.
pub fn spend(all: &[Campaign]) -> String {
    let mut random = Random::new(SEED ^ 0x59e4d);
    let mut out = String::new();
    csv::row(&mut out, &["at", "channel", "campaign", "category", "amount", "currency"]);
    let months = months(2024, 10, 15);
    for (turn, month) in months.iter().enumerate() {
        let next = months.get(turn + 1).copied().unwrap_or_else(as_of);
        let mut line = |channel: &str, campaign: &str, category: &str, amount: f64| {
            let cents = (amount * 100.0) as i64;
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            csv::row(&mut out, &[&date(*month), channel, campaign, category, &amount, "EUR"]);
        };
        for campaign in all {
            let Some(launched) = campaign.launched() else { continue };
            let share =
                (next.min(campaign.ends) - launched.max(*month)).max(0) as f64 / (campaign.ends - launched) as f64;
            if share > 0.0 {
                // Paid social has been overrunning its budget since the autumn.
                let over = campaign.channel == PAID_SOCIAL && *month >= super::calendar::midnight(2025, 9, 1);
                let factor = (if over { 1.34 } else { 0.96 }) + 0.05 * random.normal();
                line(campaign.channel, &campaign.id, "media", campaign.budget as f64 * share * factor.max(0.5));
            }
        }
        line("", "", "people", 41_500.0 + 380.0 * turn as f64);
        line("", "", "tools", 30_850.0 + 120.0 * turn as f64);
        line("", "", "agency", 8_200.0 + 900.0 * random.share());
        line("", "", "sales", 88_000.0 + 650.0 * turn as f64);
    }
    out
}

/// `budgets.csv`: plans by quarter and channel, and the one that was rewritten when the quarter was half over.
pub fn budgets(all: &[Campaign]) -> String {
    let mut out = String::new();
    csv::row(&mut out, &["start_at", "end_at", "planned_at", "channel", "campaign", "amount", "currency"]);
    let quarters: Vec<i64> = months(2024, 10, 18).into_iter().step_by(3).collect();
    for pair in quarters.windows(2) {
        let &[start, end] = pair else { continue };
        for channel in [PAID_SEARCH, PAID_SOCIAL, EMAIL, OFFLINE, REFERRALS, RETARGETING] {
            let sum: i64 = all
                .iter()
                .filter(|campaign| campaign.channel == channel && campaign.due >= start && campaign.due < end)
                .map(|campaign| campaign.budget)
                .sum();
            if sum == 0 {
                continue;
            }
            let mut plan = |planned: i64, amount: i64| {
                let cells = [date(start), date(end), date(planned), channel.into(), String::new(), amount.to_string()];
                csv::row(&mut out, &[&cells[..], &["EUR".to_owned()]].concat());
            };
            let amount = (sum + 250) / 500 * 500;
            plan(start - 20 * MINUTES, amount);
            if channel == PAID_SOCIAL && start == super::calendar::midnight(2025, 10, 1) {
                plan(start + 48 * MINUTES, amount * 13 / 10);
            }
        }
    }
    out
}
