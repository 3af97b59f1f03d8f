"""The quality of contacts and deals together, from its definition. How many records repeat another is taken from the
report: nothing here finds people a second time."""

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
    extra = {"completeness": required_cells(case)[:3], "uniqueness": people(case.figures["duplicate_rate"])}
    figure, parts = whole(case, found, extra, DIMENSIONS)
    if not rows_["used"]:
        figure = {"value": None}
    return figure | rows_ | {"parts": parts}


def people(figure):
    """Records that repeat no other, of those that can tell, and how many can't."""
    unknown = sum(line["count"] for line in figure["excluded"] if line["reason"] == "no_evidence")
    if figure["value"] is None:
        return 0, 0, unknown
    records = int(figure["denominator"]["value"])
    return records - int(figure["numerator"]["value"]), records, unknown


KPIS = {
    "data_quality": (data_quality, "contacts", "deals", "campaigns"),
}
