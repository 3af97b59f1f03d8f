"""Random paths of touches before deals, and platforms that claim them."""

import csv
from datetime import date, timedelta

from generate import BAD_DATES, BAD_NUMBERS, SOURCES, ZONES, dirty

CHANNELS = ["Search", "Email", "Social", "Direct", "Retargeting"]
PLATFORMS = ["Ads", "Network", "Mail"]


def read(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def paths(maker, folder, write):
    """Adds touches on the way to the deals."""
    r = maker.random
    header, rows = read(folder, "touches")
    names, deals = read(folder, "deals")
    for deal in deals:
        cells = dict(zip(names, deal))
        try:
            closed = date.fromisoformat(cells.get("closed_at", "")[:10])
        except ValueError:
            continue
        for one in cells.get("contact_ids", "").split(";"):
            for _ in range(r.choice([0, 1, 2, 3, 6])):
                touch = {
                    "contact_id": one.strip(), "at": maker.moment(closed - timedelta(days=r.choice([0, 1, r.randrange(40), r.randrange(200)]))),
                    "kind": r.choice(["visit", "form", "ad_click", ""]), "direction": r.choice(["inbound", "inbound", "", "outbound"]),
                    "channel": maker.spoil(r.choice(CHANNELS), [""]),
                }  # fmt: skip
                rows.append([touch.get(name, "") for name in header])
    write(folder, "touches", header, rows)


def reports(maker):
    """Months, some quarters, and reports that overlap."""
    r = maker.random
    header = ["platform", "metric", "start_at", "end_at", "value"]
    rows = []
    wild = maker.chance(0.3)
    for _ in range(r.choice([1, 60, 200])):
        month = maker.as_of.year * 12 + maker.as_of.month - 1 - r.randrange(-1, 14)
        start = date(month // 12, month % 12 + 1, 1)
        months = month + 1
        if maker.chance(0.2) and month % 3 == 0:
            months = month + 3
        end = date(months // 12, months % 12 + 1, 1)
        if wild and maker.chance(0.1):
            end = start + timedelta(days=r.randrange(-2, 50))
        rows.append([
            maker.spoil(r.choice(PLATFORMS + ["ads", "Stranger"]), [""]), maker.spoil(r.choice(["leads", "Deals", "revenue", "value", "clicks"]), [""]),
            maker.spoil(start.isoformat(), BAD_DATES), maker.spoil(end.isoformat(), BAD_DATES),
            maker.spoil(r.choice(["0", "-3", "7", "12.5", f"{r.uniform(1, 90000):.2f}"]), BAD_NUMBERS),
        ])  # fmt: skip
    return header, dirty(maker, header, rows, None)


def charter(maker):
    r = maker.random
    platforms = []
    for name in r.sample(PLATFORMS, r.choice([0, 2, 3, 3])):
        metrics = [{"metric": of, "compared_to": of} for of in r.sample(["leads", "deals", "revenue"], r.choice([1, 3, 3]))]
        if maker.chance(0.3):
            metrics.append({"metric": "Value", "compared_to": "revenue"})
        platforms.append({"id": name, "metrics": metrics, "sources": r.sample(SOURCES, r.randrange(0, 4))})
        if maker.chance(0.5):
            platforms[-1]["time_zone"] = r.choice(ZONES)
    settings = {
        "attribution_credit": {"parameters": {"lookback_days": r.choice([14, 90, 365]), "half_life_days": r.choice([1, 7, 30])}},
        "attribution_consistency": {"parameters": {
            "short_window_days": r.choice([1, 30, 90]), "long_window_days": r.choice([90, 180]), "stable_percent": r.choice([50, 90]),
            "unstable_percent": r.choice([20, 50, 70]), "undisputed_percent": r.choice([0, 20, 50]),
        }},
        "reconciliation_gap": {"parameters": {"metric": r.choice(["leads", "deals", "revenue"])}},
    }  # fmt: skip
    return {"platforms": platforms}, settings


def make(maker, folder, write):
    paths(maker, folder, write)
    write(folder, "platform_reports", *reports(maker))
