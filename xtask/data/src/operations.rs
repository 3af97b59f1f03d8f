//! What was asked of marketing operations, what it reported, what was forecast, and what platforms claim.

use super::SEED;
use super::calendar::{MINUTES, date, midnight, months, office, text, year_month};
use super::charter::euros;
use super::company::{Company, as_of};
use super::csv;
use super::random::Random;

/// Won revenue in whole euros of each month from October 2024, as the books have it.
fn won(company: &Company) -> Vec<f64> {
    let starts = months(2024, 10, 16);
    starts
        .windows(2)
        .map(|pair| {
            company
                .deals
                .iter()
                .filter(|deal| deal.stage == "Closed Won" && deal.closes >= pair[0] && deal.closes < pair[1])
                .filter_map(|deal| Some(deal.amount as f64 * euros(deal.currency, deal.closes)?))
                .sum()
        })
        .collect()
}

/// `actuals.csv`: the books, with the years before the CRM.
pub fn actuals(company: &Company) -> String {
    let mut out = String::new();
    csv::row(&mut out, &["start_at", "end_at", "amount", "currency"]);
    for (start, end, amount) in books(company) {
        csv::row(&mut out, &[date(start), date(end), format!("{amount}.00"), "EUR".into()]);
    }
    out
}

fn books(company: &Company) -> Vec<(i64, i64, i64)> {
    let mut random = Random::new(SEED ^ 0xac70a1);
    let known = won(company);
    let starts = months(2023, 1, 37);
    starts
        .windows(2)
        .enumerate()
        .map(|(turn, pair)| {
            let (_, month) = year_month(pair[0]);
            let season = [0.85, 0.9, 1.1, 0.95, 1.0, 1.15, 0.8, 0.65, 1.1, 1.15, 1.2, 1.15][month as usize - 1];
            let older = 118_000.0 * season * (1.0 + 0.013 * turn as f64) * (1.0 + 0.07 * random.normal());
            // The CRM begins in October 2024, and its first deals close in December.
            let amount = if turn >= 24 { known.get(turn - 21).copied().unwrap_or(older) } else { older };
            (pair[0], pair[1], amount as i64)
        })
        .collect()
}

/// `forecasts.csv`: four for each month. Up to the summer they hold; then everybody hopes.
pub fn forecasts(company: &Company) -> String {
    let mut random = Random::new(SEED ^ 0xf04eca57);
    let mut out = String::new();
    csv::row(&mut out, &["start_at", "end_at", "made_at", "amount", "currency"]);
    for (start, end, amount) in books(company).into_iter().skip(12) {
        let hope = if start >= midnight(2025, 8, 1) { 1.38 } else { 1.02 };
        for (days, error) in [(60, 0.16), (30, 0.11), (14, 0.06), (1, 0.02)] {
            let ahead = if days == 1 { 1.0 + (hope - 1.0) / 5.0 } else { hope };
            let forecast = amount as f64 * ahead * (1.0 + error * random.normal());
            let forecast = (forecast / 500.0) as i64 * 500;
            csv::row(
                &mut out,
                &[date(start), date(end), date(end - days * MINUTES), format!("{forecast}.00"), "EUR".into()],
            );
        }
    }
    out
}

/// `requests.csv`: two in three are repairs, and the queue grows from the summer on.
pub fn requests() -> String {
    let mut random = Random::new(SEED ^ 0x4e9e57);
    let mut out = String::new();
    csv::row(&mut out, &["id", "requester", "owner", "kind", "created_at", "started_at", "closed_at", "due_at"]);
    let mut id = 4000;
    for (turn, start) in months(2024, 10, 15).into_iter().enumerate() {
        let late = start >= midnight(2025, 7, 1);
        for _ in 0..(24 + turn + usize::from(late) * 6) {
            id += 1 + random.below(3);
            let strategic = random.chance(if late { 0.22 } else { 0.38 });
            let days = random.share() * 30.0;
            let created = office(&mut random, start, days);
            let days = random.log_normal(if late { 5.0 } else { 2.2 }, 0.8);
            let started = office(&mut random, created, days);
            let days = random.log_normal(if strategic { 16.0 } else { 2.4 }, 0.8);
            let closed = office(&mut random, started, days);
            if created >= as_of() {
                continue;
            }
            let when = |at: i64| if at < as_of() { text(at) } else { String::new() };
            csv::row(
                &mut out,
                &[
                    format!("R-{id}"),
                    (*random.pick(&["Sales", "Sales", "Marketing", "Product", "Finance"])).into(),
                    (*random.pick(&["Priya Raman", "Emeka Obi", "Leonie Falk"])).into(),
                    if strategic { "strategic" } else { "reactive" }.into(),
                    text(created),
                    when(started),
                    when(closed),
                    date(created + if strategic { 30 } else { 5 } * MINUTES),
                ],
            );
        }
    }
    out
}

/// `reports.csv`: the weekly one is on time, the monthly one waits for everybody's numbers.
pub fn reports() -> String {
    let mut random = Random::new(SEED ^ 0x4e9047);
    let mut out = String::new();
    csv::row(&mut out, &["name", "owner", "due_at", "delivered_at", "hours"]);
    let mut line = |random: &mut Random, name: &str, owner: &str, due: i64, late: f64, hours: f64| {
        let delay =
            if random.chance(late) { 300 + random.below(4_000) as i64 } else { -(20 + random.below(400) as i64) };
        let hours = (random.log_normal(hours, 0.3) * 2.0).round() / 2.0;
        let delivered = Some(due + delay).filter(|at| *at < as_of() && !random.chance(0.02));
        let spent = if delivered.is_some() { hours.to_string() } else { String::new() };
        csv::row(&mut out, &[name.into(), owner.into(), text(due), delivered.map(text).unwrap_or_default(), spent]);
    };
    let mut monday = midnight(2025, 1, 6);
    while monday < as_of() {
        line(&mut random, "Weekly funnel", "Emeka Obi", monday + 11 * 60, 0.07, 1.5);
        monday += 7 * MINUTES;
    }
    for month in months(2025, 1, 12) {
        let late = if month >= midnight(2025, 7, 1) { 0.6 } else { 0.2 };
        line(&mut random, "Monthly marketing report", "Priya Raman", month + 4 * MINUTES + 12 * 60, late, 14.0);
        line(&mut random, "Channel performance", "Tom Ellery", month + 6 * MINUTES + 17 * 60, 0.3, 6.0);
    }
    out
}

/// `platform_reports.csv`: what each platform says it brought. The follow-up network counts everybody who saw an ad
/// before a deal, whoever else paid for it.
pub fn platform_reports(company: &Company) -> String {
    let mut random = Random::new(SEED ^ 0x91a7f04);
    let mut out = String::new();
    csv::row(&mut out, &["platform", "metric", "start_at", "end_at", "value"]);
    for pair in months(2025, 1, 13).windows(2) {
        let &[start, end] = pair else { continue };
        let inside = |at: i64| at >= start && at < end;
        let leads = |source: &str| {
            company.contacts.iter().filter(|one| one.source == Some(source) && inside(one.created)).count() as f64
        };
        let won: Vec<_> =
            company.deals.iter().filter(|deal| deal.stage == "Closed Won" && inside(deal.closes)).collect();
        let deals = |source: &str| won.iter().filter(|deal| deal.source == Some(source)).count() as f64;
        let revenue = |source: Option<&str>| -> f64 {
            won.iter()
                .filter(|deal| source.is_none() || deal.source == source)
                .filter_map(|deal| Some(deal.amount as f64 * euros(deal.currency, deal.closes)?))
                .sum()
        };
        let mut line = |platform: &str, metric: &str, value: f64| {
            let value = format!("{:.0}", value.max(0.0));
            csv::row(&mut out, &[platform, metric, &date(start), &date(end), &value]);
        };
        for (platform, source, claims) in [
            ("Search ads", "Paid Search", 1.12),
            ("Social ads", "Paid Social", 1.29),
            ("Mailing tool", "Email Marketing", 1.06),
        ] {
            let claims = claims * (1.0 + 0.04 * random.normal());
            line(platform, "leads", leads(source) * claims);
            line(platform, "deals", deals(source) * claims);
            line(platform, "revenue", revenue(Some(source)) * claims);
        }
        line("Follow-up network", "leads", leads("Paid Search") + leads("Paid Social") + leads("Email Marketing"));
        line("Follow-up network", "deals", won.len() as f64 * 0.9);
        line("Follow-up network", "revenue", revenue(None) * 0.88);
    }
    out
}
