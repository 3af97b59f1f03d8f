"""The tables and their fields, as the core declares them: names and kinds are the contract of the input."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def tables():
    """Table name -> {"fields": {name: kind}, "key": name or None, "filtered": bool}."""
    text = (ROOT / "core/src/table/schema.rs").read_text(encoding="utf-8")
    found = {}
    for block in text.split("TableSchema {")[2:]:
        name = re.search(r'name: "(\w+)"', block)
        if not name:
            continue
        key = re.search(r'key: Some\("(\w+)"\)', block)
        fields = dict(re.findall(r'field\(\s*"(\w+)",\s*Kind::(\w+)', block))
        found[name[1]] = {
            "fields": fields,
            "key": key[1] if key else None,
            "filtered": "filtered: true" in block,
        }
    return found


def kind(table, field):
    """Text, Time, Money, Number or Flag; None for a field that the table has not."""
    if table == "contacts" and field.startswith("stage:"):
        return "Time"
    return tables()[table]["fields"].get(field)
