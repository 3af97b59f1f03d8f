"""The quality of contacts and deals together, from its definition."""

from duplicates import duplicate_rate
from operations import required_cells
from quality import DIMENSIONS, counts, whole
from stack import ledger


def data_quality(case):
    found, reasons = counts(case, "contacts")
    if "deals" in case.read:
        of_deals, _ = counts(case, "deals")
        for dimension in DIMENSIONS:
            found[dimension] |= of_deals[dimension]
    rows_ = ledger(case, "contacts", reasons)
    extra = {"completeness": required_cells(case)[:3], "uniqueness": people(duplicate_rate(case))}
    figure, parts = whole(case, found, extra, DIMENSIONS)
    if not rows_["used"]:
        figure = {"value": None}
    return figure | rows_ | {"parts": parts}


def people(figure):
    """Records that repeat no other, of those that can tell, and how many can't."""
    unknown = figure["excluded"].get("no_evidence", 0)
    if figure["value"] is None:
        return 0, 0, unknown
    return figure["denominator"] - figure["numerator"], figure["denominator"], unknown


KPIS = {
    "data_quality": (data_quality, "contacts", "deals", "campaigns", "tools"),
}
