//! What passed between Larkfield and its contacts: forms, clicks, fairs, calls, mailings, with their UTM parameters.

use super::SEED;
use super::calendar::{MINUTES, midnight, office, text};
use super::campaigns::{Campaign, EMAIL, OFFLINE, PAID_SEARCH, PAID_SOCIAL, REFERRALS, RETARGETING};
use super::company::{Company, Contact, as_of};
use super::csv;
use super::details::{Details, SEGMENTS};
use super::random::Random;
use std::collections::BTreeMap;

/// Contacts to whom a mailing went although nothing may be sent to them, and when it went.
pub const BREACHES: usize = 23;
const BREACH: (i32, u32, u32) = (2025, 11, 18);
/// Touches of contacts that the export does not hold.
pub const STRANGERS: usize = 12;
/// The campaign whose links were made by hand.
pub const HAND_MADE: &str = "social-2025-09";

struct Touch<'a> {
    contact: u64,
    at: i64,
    kind: &'static str,
    outbound: bool,
    automated: bool,
    channel: &'a str,
    campaign: Option<&'a Campaign>,
    owner: &'a str,
    tagged: bool,
    term: &'static str,
}

/// `touches.csv`. Who opts out on the way is suppressed from then on.
pub fn csv(company: &Company, campaigns: &[Campaign], details: &mut BTreeMap<u64, Details>) -> String {
    let mut random = Random::new(SEED ^ 0x70c4e5);
    let mut touches = Vec::new();
    let contacts: BTreeMap<u64, &Contact> = company.contacts.iter().map(|contact| (contact.id, contact)).collect();
    for contact in contacts.values() {
        arrive(&mut random, campaigns, contact, &mut touches);
        nurture(&mut random, campaigns, contact, &mut touches);
        if let Some(responded) = details[&contact.id].responded {
            touches.push(call(contact.id, responded, &details[&contact.id], contact));
        }
    }
    deals(&mut random, company, campaigns, &mut touches);
    mailings(&mut random, campaigns, &contacts, details, &mut touches);
    breach(&mut random, campaigns, details, &mut touches);
    for turn in 0..STRANGERS {
        let stray = touches[turn * 401].contact + 500_000_000;
        let at = touches[turn * 401].at;
        touches.push(Touch { contact: stray, at, ..plain(stray, at, "visit", "Organic Search") });
    }
    touches.retain(|touch| touch.at < as_of());
    touches.sort_by_key(|touch| (touch.at, touch.contact, touch.kind));
    let mut out = String::new();
    csv::row(
        &mut out,
        &[
            "contact_id",
            "at",
            "kind",
            "direction",
            "automated",
            "channel",
            "campaign",
            "owner",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "utm_term",
        ],
    );
    for touch in &touches {
        csv::row(&mut out, &cells(touch));
    }
    out
}

fn cells(touch: &Touch) -> [String; 12] {
    let slug = touch.campaign.map(|campaign| campaign.slug.as_str()).unwrap_or_default();
    let by_hand = slug == HAND_MADE;
    let (source, medium) = match touch.channel {
        _ if !touch.tagged => ("", ""),
        PAID_SOCIAL if by_hand => ("LinkedIn", "Paid Social"),
        PAID_SEARCH => ("google", "cpc"),
        PAID_SOCIAL => ("linkedin", "paid-social"),
        EMAIL => ("larkfield", "email"),
        REFERRALS => ("partner", "referral"),
        RETARGETING => ("adnetwork", "display"),
        _ => ("", ""),
    };
    let named = match (source.is_empty(), by_hand) {
        (true, _) => String::new(),
        (_, true) => "Field Reports Autumn".into(),
        _ => slug.to_owned(),
    };
    [
        touch.contact.to_string(),
        text(touch.at),
        touch.kind.into(),
        if touch.outbound { "outbound" } else { "inbound" }.into(),
        if touch.automated { "true" } else { "" }.into(),
        touch.channel.into(),
        touch.campaign.map(|campaign| campaign.id.clone()).unwrap_or_default(),
        touch.owner.into(),
        source.into(),
        medium.into(),
        named,
        touch.term.into(),
    ]
}

fn plain<'a>(contact: u64, at: i64, kind: &'static str, channel: &'a str) -> Touch<'a> {
    Touch {
        contact,
        at,
        kind,
        outbound: false,
        automated: false,
        channel,
        campaign: None,
        owner: "",
        tagged: false,
        term: "",
    }
}

fn call(contact: u64, at: i64, details: &Details, record: &Contact) -> Touch<'static> {
    let owner = record.owner.unwrap_or(details.first_owner);
    Touch { outbound: true, owner, ..plain(contact, at, "call", "") }
}

/// The campaign of a channel that ran at an instant.
fn running<'a>(random: &mut Random, campaigns: &'a [Campaign], channel: &str, at: i64) -> Option<&'a Campaign> {
    let fits: Vec<&Campaign> =
        campaigns.iter().filter(|campaign| campaign.channel == channel && campaign.runs(at)).collect();
    if fits.is_empty() { None } else { Some(*random.pick(&fits)) }
}

fn tagged<'a>(random: &mut Random, campaigns: &'a [Campaign], touch: Touch<'a>) -> Touch<'a> {
    let campaign = running(random, campaigns, touch.channel, touch.at);
    // Now and then a link goes out without its parameters.
    let tagged = campaign.is_some() && touch.channel != OFFLINE && random.chance(0.93);
    let term = if tagged && touch.channel == PAID_SEARCH {
        *random.pick(&["field+service", "maintenance+software", "larkfield", "dispatch+planning"])
    } else {
        ""
    };
    Touch { campaign, tagged, term, ..touch }
}

/// The touch that made the contact.
fn arrive<'a>(random: &mut Random, campaigns: &'a [Campaign], contact: &Contact, touches: &mut Vec<Touch<'a>>) {
    let channel = contact.source.unwrap_or("Direct Traffic");
    let kind = if channel == OFFLINE { "meeting" } else { "form" };
    let first = plain(contact.id, contact.created, kind, channel);
    let first = tagged(random, campaigns, first);
    if matches!(channel, PAID_SEARCH | PAID_SOCIAL) && random.chance(0.5) {
        let before = 2 + random.below(12) as i64;
        let click = Touch { at: first.at - before, kind: "ad_click", ..plain(contact.id, 0, "ad_click", channel) };
        touches.push(Touch { campaign: first.campaign, tagged: first.tagged, term: first.term, ..click });
    }
    touches.push(first);
}

/// What those who get further see on their way.
fn nurture<'a>(random: &mut Random, campaigns: &'a [Campaign], contact: &Contact, touches: &mut Vec<Touch<'a>>) {
    let reached: Vec<i64> = contact.entered.iter().flatten().copied().filter(|at| *at >= contact.created).collect();
    let Some(last) = reached.iter().copied().max().filter(|_| reached.len() > 1) else { return };
    for _ in 0..reached.len() - 1 + random.below(2) {
        let at = contact.created + 30 + (random.share() * (last - contact.created).max(600) as f64) as i64;
        let channel =
            *random.pick(&[EMAIL, EMAIL, "Organic Search", "Direct Traffic", OFFLINE, PAID_SEARCH, REFERRALS]);
        let kind = match channel {
            EMAIL => "email_click",
            PAID_SEARCH => "ad_click",
            OFFLINE => "meeting",
            _ => "visit",
        };
        let touch = tagged(random, campaigns, plain(contact.id, at, kind, channel));
        // No mailing, no click; no fair, no talk at the stand.
        if touch.campaign.is_some() || matches!(kind, "visit") {
            touches.push(touch);
        }
    }
}

/// What happens around a deal. Follow-up ads are shown to those who have all but decided: they stand last in nearly
/// every path, and first in none.
fn deals<'a>(random: &mut Random, company: &'a Company, campaigns: &'a [Campaign], touches: &mut Vec<Touch<'a>>) {
    for deal in &company.deals {
        let owner = deal.owner.unwrap_or_default();
        let met = office(random, deal.created, 3.0);
        touches.push(Touch { outbound: true, owner, ..plain(deal.contact, met, "meeting", "") });
        let closed = deal.stage.starts_with("Closed");
        for (at, share) in [(deal.created, 0.62), (deal.closes, if closed { 0.68 } else { 0.0 })] {
            let before = (2 + random.below(50) as i64) * 60;
            if random.chance(share) {
                let click = plain(deal.contact, at - before, "ad_click", RETARGETING);
                touches.push(tagged(random, campaigns, click));
            }
        }
    }
}

/// Newsletters and invitations. The public sector gets every one of them and has stopped listening.
fn mailings<'a>(
    random: &mut Random,
    campaigns: &'a [Campaign],
    contacts: &BTreeMap<u64, &Contact>,
    details: &mut BTreeMap<u64, Details>,
    touches: &mut Vec<Touch<'a>>,
) {
    for campaign in campaigns.iter().filter(|campaign| campaign.channel == EMAIL) {
        let Some(sent) = campaign.launched().filter(|at| *at < as_of()) else { continue };
        for contact in contacts.values() {
            let Some(details) = details.get_mut(&contact.id) else { continue };
            let gone = contact.created >= sent
                || contact.disqualified.is_some_and(|at| at < sent)
                || details.suppressed.is_some_and(|at| at <= sent)
                || details.consent == "withdrawn"
                || !details.email.contains("@");
            let tired = details.segment == SEGMENTS[3];
            if gone || !random.chance(if tired { 0.62 } else { 0.085 }) {
                continue;
            }
            let mailing = |at, kind, outbound, tagged| Touch {
                outbound,
                automated: outbound,
                campaign: Some(campaign),
                tagged,
                ..plain(contact.id, at, kind, EMAIL)
            };
            touches.push(mailing(sent, "email_sent", true, false));
            let (opens, clicks, leaves) = if tired { (0.03, 0.10, 0.022) } else { (0.34, 0.24, 0.003) };
            let opened = sent + 20 + random.below(3 * 1440) as i64;
            if random.chance(opens) {
                touches.push(mailing(opened, "email_open", false, false));
                if random.chance(clicks) {
                    let tagged = random.chance(0.95);
                    touches.push(mailing(opened + 1 + random.below(30) as i64, "email_click", false, tagged));
                }
            }
            if random.chance(leaves) && opened + 60 < as_of() {
                touches.push(mailing(opened + 60, "unsubscribe", false, false));
                details.suppressed = Some(opened + 60);
            }
        }
    }
}

/// Somebody loaded an old list into the mailing tool.
fn breach<'a>(
    random: &mut Random,
    campaigns: &'a [Campaign],
    details: &BTreeMap<u64, Details>,
    touches: &mut Vec<Touch<'a>>,
) {
    let (year, month, day) = BREACH;
    let sent = midnight(year, month, day) + 10 * 60;
    let campaign = running(random, campaigns, EMAIL, sent);
    let mut barred: Vec<u64> = details
        .iter()
        .filter(|(_, details)| details.suppressed.is_some_and(|at| at < sent - MINUTES) && details.email.contains('@'))
        .map(|(id, _)| *id)
        .collect();
    for _ in 0..BREACHES {
        let contact = barred.swap_remove(random.below(barred.len()));
        touches.push(Touch { outbound: true, automated: true, campaign, ..plain(contact, sent, "email_sent", EMAIL) });
    }
}
