"""Compliance with the charter's tracking standard, from its definition and GA4's default channel group."""

import re

from campaigns import dated
from interval import rate
from stack import ledger, rows

PARAMETERS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]
RULES = ["required", "lower_case", "source", "medium", "campaign_pattern", "known_channel"]
# Of GA4's lists of sources those that the data here know.
SITES = {"google", "bing", "yahoo", "duckduckgo", "linkedin", "facebook", "twitter", "instagram", "youtube", "vimeo", "amazon", "ebay"}
SOCIAL = {"social", "social-network", "social-media", "sm", "social network", "social media"}
EMAIL = {"email", "e-mail", "e_mail", "e mail"}
MEDIUMS = {
    "display", "banner", "expandable", "interstitial", "cpm", "organic", "referral", "app", "link", "affiliate", "affiliates",
    "audio", "sms",
} | SOCIAL | EMAIL  # fmt: skip


def has_channel(source, medium, campaign):
    """Whether GA4 puts a visit into any of its channels."""
    return (
        (source == "(direct)" and medium in ("(not set)", "(none)"))
        or "cross-network" in campaign
        or source in SITES | EMAIL | {"sms", "firebase"}
        or re.fullmatch(r".*(([^a-df-z]|^)shop|shopping).*", campaign) is not None
        or re.fullmatch(r".*cp.*|ppc|retargeting|paid.*", medium) is not None
        or medium in MEDIUMS
        or "video" in medium
        or medium.endswith("push")
        or "mobile" in medium
        or "notification" in medium
    )


def pattern(text):
    """`*` is any characters, `#` one digit."""
    return "".join(".*" if one == "*" else "[0-9]" if one == "#" else re.escape(one) for one in text)


def tracking_compliance(case):
    standard = case.charter.get("tracking", {})
    required = standard.get("required", ["utm_source", "utm_medium", "utm_campaign"])
    link_kinds = standard.get("kinds", ["visit", "form", "ad_click", "email_click"])
    sources, mediums = standard.get("sources", []), standard.get("mediums", [])
    naming = standard.get("campaign_pattern", "")
    broken, good, tagged, untagged, by_link, reasons = dict.fromkeys(RULES, 0), 0, 0, 0, 0, []
    for one in rows(case, "touches"):
        reason = dated(case, one, "touches", "at", "blank_field")
        if reason is None:
            values = {name: one[name] or "" for name in PARAMETERS}
            is_tagged, is_link = any(values.values()), one["kind"] in link_kinds
            by_link += is_link
            if not is_tagged:
                untagged += is_link
                reason = "blank_field" if is_link else "not_counted"
            else:
                source, medium, name = (values[part] for part in PARAMETERS[:3])
                breaks = {
                    "required": any(not values[part] for part in required),
                    "lower_case": standard.get("lower_case", True) and any(text != text.lower() or " " in text for text in values.values()),
                    "source": bool(sources and source and source not in sources),
                    "medium": bool(mediums and medium and medium not in mediums),
                    "campaign_pattern": bool(naming and name and not re.fullmatch(pattern(naming), name)),
                    "known_channel": standard.get("known_channel", True) and not has_channel(source, medium, name),
                }  # fmt: skip
                tagged += 1
                good += not any(breaks.values())
                for rule in RULES:
                    broken[rule] += breaks[rule]
        reasons.append(reason)
    parts = {"untagged": rate(untagged, by_link) if by_link else {"value": None}}
    parts |= {rule: rate(broken[rule], tagged) if tagged else {"value": None} for rule in RULES}
    return (rate(good, tagged) if tagged else {"value": None}) | ledger(case, "touches", reasons) | {"parts": parts}


KPIS = {"tracking_compliance": (tracking_compliance, "touches")}
