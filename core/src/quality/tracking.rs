//! UTM parameters against the charter's tracking standard, and the channel that GA4 would give them.

use crate::charter::Tracking;
use crate::charter::tracking::PARAMETERS;
use crate::kpi::amounts::{Coded, coded};
use crate::list::List;
use crate::table::Table;

/// The rules that a tagged touch can break: id and name.
pub(crate) const RULES: [(&str, &str); 6] = [
    ("required", "A required parameter is missing"),
    ("lower_case", "Capital letters or spaces"),
    ("source", "Source not in the standard"),
    ("medium", "Medium not in the standard"),
    ("campaign_pattern", "Campaign not named by the pattern"),
    ("known_channel", "In none of GA4’s channels"),
];

/// What the standard says of one value of a parameter, looked up once for each text.
#[derive(Clone, Copy, Default)]
struct Verdict {
    tidy: bool,
    allowed: bool,
    /// Bits of [`Site`] or of [`Medium`].
    traits: u16,
}

/// The touches of a table against the standard.
pub(crate) struct Standard<'a> {
    /// For each parameter its codes with verdicts, and whether it is required.
    parameters: Vec<(Option<Coded<'a, Verdict>>, bool)>,
    kinds: Option<Coded<'a, ()>>,
    known_channel: bool,
    lower_case: bool,
}

impl<'a> Standard<'a> {
    pub(crate) fn new(table: &'a Table, tracking: &Tracking) -> Self {
        let parameter = |name: &&str| {
            let verdict = |text: &str| {
                let listed = |values: &[String]| values.is_empty() || values.iter().any(|value| value == text);
                let (allowed, traits) = match *name {
                    "utm_source" => (listed(&tracking.sources), source_traits(text)),
                    "utm_medium" => (listed(&tracking.mediums), medium_traits(text)),
                    "utm_campaign" => (
                        tracking.campaign_pattern.is_empty() || matches(text, &tracking.campaign_pattern),
                        campaign_traits(text),
                    ),
                    _ => (true, 0),
                };
                let tidy = !text.chars().any(|letter| letter.is_uppercase() || letter.is_whitespace());
                Some(Verdict { tidy, allowed, traits })
            };
            let required = tracking.required.iter().any(|required| required == name);
            (table.text(name).map(|column| coded(column, &verdict)), required)
        };
        let is_kind = |text: &str| tracking.kinds.iter().any(|kind| kind == text).then_some(());
        Self {
            parameters: PARAMETERS.iter().map(parameter).list(),
            kinds: table.text("kind").map(|column| coded(column, &is_kind)),
            known_channel: tracking.known_channel,
            lower_case: tracking.lower_case,
        }
    }

    fn verdict(&self, parameter: usize, row: usize) -> Option<Verdict> {
        let (codes, verdicts) = self.parameters.get(parameter)?.0.as_ref()?;
        let code = codes.get(row).copied().filter(|code| *code > 0)?;
        verdicts.get(code as usize).copied().flatten()
    }

    /// Whether any parameter is filled.
    pub(crate) fn is_tagged(&self, row: usize) -> bool {
        (0..PARAMETERS.len()).any(|parameter| self.verdict(parameter, row).is_some())
    }

    /// Whether the touch is of a kind that comes by a link.
    pub(crate) fn comes_by_link(&self, row: usize) -> bool {
        self.kinds.as_ref().is_some_and(|(codes, kinds)| {
            codes.get(row).and_then(|code| kinds.get(*code as usize)).copied().flatten().is_some()
        })
    }

    /// Which of [`RULES`] a tagged touch breaks.
    pub(crate) fn breaks(&self, row: usize) -> [bool; RULES.len()] {
        let verdicts: [Option<Verdict>; PARAMETERS.len()] =
            std::array::from_fn(|parameter| self.verdict(parameter, row));
        let [source, medium, campaign, ..] = verdicts;
        let missing = self.parameters.iter().zip(&verdicts).any(|((_, required), found)| *required && found.is_none());
        let untidy = verdicts.iter().flatten().any(|verdict| !verdict.tidy);
        let foreign = |verdict: Option<Verdict>| verdict.is_some_and(|verdict| !verdict.allowed);
        let traits = |verdict: Option<Verdict>| verdict.unwrap_or_default().traits;
        let has_channel = has_channel(traits(source), traits(medium), traits(campaign));
        [
            missing,
            self.lower_case && untidy,
            foreign(source),
            foreign(medium),
            foreign(campaign),
            self.known_channel && !has_channel,
        ]
    }
}

/// `*` stands for any characters, `#` for one digit.
fn matches(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().list(), pattern.chars().list());
    // Where the last star was, and how much of the text it has taken: on a mismatch it takes one more.
    let (mut at, mut of, mut star) = (0_usize, 0_usize, None);
    while let Some(letter) = text.get(at) {
        match pattern.get(of) {
            Some('*') => {
                star = Some((of, at));
                of = of.saturating_add(1);
            }
            Some(wanted) if wanted == letter || (*wanted == '#' && letter.is_ascii_digit()) => {
                at = at.saturating_add(1);
                of = of.saturating_add(1);
            }
            _ => {
                let Some((back, taken)) = star else { return false };
                let taken = taken.saturating_add(1);
                (at, of, star) = (taken, back.saturating_add(1), Some((back, taken)));
            }
        }
    }
    pattern.iter().skip(of).all(|rest| *rest == '*')
}

const SEARCH: u16 = 1;
const SOCIAL: u16 = 2;
const VIDEO: u16 = 4;
const SHOPPING: u16 = 8;
/// A source or medium that makes a channel by itself: direct, referral, e-mail, affiliate, audio, SMS, push, display.
const OWN: u16 = 16;
const PAID: u16 = 32;
/// A medium of organic traffic.
const ORGANIC: u16 = 64;
const DIRECT: u16 = 128;
const NO_MEDIUM: u16 = 256;

/// Sites that GA4 knows, the ones most met. A source is one of them by its name or as a host (`news.google.com`).
const SITES: [(u16, &[&str]); 4] = [
    (
        SEARCH,
        &[
            "google",
            "bing",
            "yahoo",
            "baidu",
            "duckduckgo",
            "ecosia",
            "yandex",
            "naver",
            "ask",
            "aol",
            "daum",
            "seznam",
            "sogou",
            "qwant",
            "startpage",
        ],
    ),
    (
        SOCIAL,
        &[
            "facebook",
            "instagram",
            "linkedin",
            "twitter",
            "x",
            "t.co",
            "lnkd.in",
            "pinterest",
            "reddit",
            "tiktok",
            "quora",
            "snapchat",
            "threads",
            "whatsapp",
            "wechat",
            "weibo",
            "xing",
            "vk",
            "tumblr",
            "medium",
            "meetup",
            "fb",
            "ig",
        ],
    ),
    (VIDEO, &["youtube", "vimeo", "twitch", "netflix", "hulu", "dailymotion", "wistia", "disneyplus"]),
    (
        SHOPPING,
        &[
            "amazon",
            "ebay",
            "etsy",
            "shopify",
            "walmart",
            "alibaba",
            "aliexpress",
            "mercadolibre",
            "shopping",
            "igshopping",
        ],
    ),
];

fn source_traits(source: &str) -> u16 {
    let is_site = |site: &&str| source == *site || source.split('.').any(|label| label == *site);
    let sites = SITES.iter().filter(|(_, sites)| sites.iter().any(is_site));
    let mut traits = sites.fold(0, |traits, (site, _)| traits | site);
    if is_email(source) || source == "sms" || source == "firebase" {
        traits |= OWN;
    }
    if source == "(direct)" {
        traits |= DIRECT;
    }
    traits
}

fn is_email(text: &str) -> bool {
    matches!(text, "email" | "e-mail" | "e_mail" | "e mail")
}

fn medium_traits(medium: &str) -> u16 {
    let mut traits = 0;
    // ^(.*cp.*|ppc|retargeting|paid.*)$
    if medium.contains("cp") || medium == "ppc" || medium == "retargeting" || medium.starts_with("paid") {
        traits |= PAID;
    }
    let display = matches!(medium, "display" | "banner" | "expandable" | "interstitial" | "cpm");
    let link = matches!(medium, "referral" | "app" | "link" | "affiliate" | "audio" | "sms");
    let push = medium.ends_with("push") || medium.contains("mobile") || medium.contains("notification");
    if display || link || push || is_email(medium) {
        traits |= OWN;
    }
    let social =
        matches!(medium, "social" | "social-network" | "social-media" | "sm" | "social network" | "social media");
    if medium == "organic" || social || medium.contains("video") {
        traits |= ORGANIC;
    }
    if matches!(medium, "(not set)" | "(none)") {
        traits |= NO_MEDIUM;
    }
    traits
}

/// `^(.*(([^a-df-z]|^)shop|shopping).*)$`, and cross-network.
fn campaign_traits(campaign: &str) -> u16 {
    let shop = campaign.match_indices("shop").any(|(at, _)| {
        let before = campaign.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| letter == 'e' || !letter.is_ascii_lowercase())
    });
    let mut traits = if shop || campaign.contains("shopping") { SHOPPING } else { 0 };
    if campaign.contains("cross-network") {
        traits |= OWN;
    }
    traits
}

/// Whether GA4's default channel group has a channel for a touch: everything but Unassigned.
fn has_channel(source: u16, medium: u16, campaign: u16) -> bool {
    // Paid channels need a paid medium, which Paid Other takes by itself; organic ones go by site or medium.
    let own = (source | medium | campaign) & OWN != 0;
    let direct = source & DIRECT != 0 && medium & NO_MEDIUM != 0;
    let paid = medium & PAID != 0;
    let organic =
        medium & ORGANIC != 0 || source & (SEARCH | SOCIAL | VIDEO | SHOPPING) != 0 || campaign & SHOPPING != 0;
    own || direct || paid || organic
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(source: &str, medium: &str, campaign: &str) -> bool {
        has_channel(source_traits(source), medium_traits(medium), campaign_traits(campaign))
    }

    /// One case for each channel of Google Analytics help 9756891, then what falls into none, case included.
    #[test]
    fn channels() {
        for (source, medium, campaign) in [
            ("(direct)", "(none)", ""),
            ("any", "any", "cross-network-1"),
            ("google", "cpc", ""),
            ("linkedin", "paid-social", ""),
            ("any", "display", ""),
            ("any", "ppc", ""),
            ("any", "any", "eshop"),
            ("lnkd.in", "any", ""),
            ("any", "social", ""),
            ("youtube.com", "any", ""),
            ("news.google.com", "organic", ""),
            ("any", "referral", ""),
            ("newsletter", "email", ""),
            ("any", "affiliate", ""),
            ("any", "audio", ""),
            ("sms", "any", ""),
            ("any", "web-push", ""),
        ] {
            assert!(channel(source, medium, campaign), "{source} {medium} {campaign}");
        }
        for (source, medium, campaign) in [
            ("newsletter", "Email", ""),
            ("Google", "CPC", ""),
            ("any", "any", "workshop"),
            ("(direct)", "any", ""),
            ("", "", ""),
        ] {
            assert!(!channel(source, medium, campaign), "{source} {medium} {campaign}");
        }
    }

    #[test]
    fn patterns() {
        for text in ["2026-03_webinar_emea", "2026-03__"] {
            assert!(matches(text, "####-##_*_*"), "{text}");
        }
        for text in ["2026-3_webinar_emea", "webinar", "2026-03_webinar", ""] {
            assert!(!matches(text, "####-##_*_*"), "{text}");
        }
        assert!(matches("abcabd", "*abd") && matches("", "*") && !matches("a", ""));
    }
}
