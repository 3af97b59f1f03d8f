"""The figures that are made of other figures, from their definitions; what those others say is calculated here too,
but for the little that `Case.taken` names."""

LAYERS = {
    # What holds where the charter names no stack of its own.
    "people": ["ownership_coverage/people", "ops_alignment"],
    "process": ["ownership_coverage/process", "quality_control", "routing_accuracy", "intake_balance"],
    "platform": ["ownership_coverage/platform", "integration_health", "stack_utilisation", "permission_review"],
    "proof": ["ownership_coverage/proof", "definition_coverage", "reporting_rhythm", "attribution_consistency"],
    "foundation": ["data_quality", "tracking_compliance", "consent_currency", "suppression_health"],
    "operational": ["integration_health", "integration_coverage", "stack_utilisation"],
    "control": ["ownership_coverage", "automation_drift", "quality_control", "ai_oversight"],
    "executive": ["definition_coverage", "reporting_rhythm", "forecast_reliability", "attribution_consistency"],
}
PILLARS = ["people", "process", "platform", "proof"]
STANDS_ON = ["foundation", "operational", "control", "executive"]


def found(case, name, part=None):
    """Value and bounds of a figure or of a part of it; None where there is no such figure or part."""
    figure, there = case.expected(name), case.figures.get(name)
    if part is not None and there is not None:
        figure = (figure.get("parts") or {}).get(part)
        there = next((one for one in there["parts"] if one["part"] == part), None)
        if figure is None and there is not None:
            case.taken.add(f"{name}/{part}")
            figure = {"value": there["value"]}
    if figure is None or there is None:
        return None
    value = None if figure["value"] is None else float(figure["value"])
    if "bounds" not in figure and there.get("bounds") is not None:
        case.taken.add(f"bounds of {name}" + (f"/{part}" if part else ""))
        return {"value": value, "bounds": there["bounds"]}
    return {"value": value, "bounds": figure.get("bounds")}


def limits(figure):
    return figure["bounds"] or [figure["value"]] * 2


def standing(case, gate):
    """Passed, failed, or None where that is unknown; and the value, if there is one."""
    figure = found(case, gate["figure"], gate.get("part"))
    if figure is None or figure["value"] is None:
        return None, None
    least, most = gate.get("at_least"), gate.get("at_most")
    holds = {
        (least is None or value >= least) and (most is None or value <= most)
        for value in [figure["value"], *limits(figure)]
    }  # fmt: skip
    return (holds.pop() if len(holds) == 1 else None), figure["value"]


def sets(case, name):
    """The charter's sets of gates, or the documented ones."""
    if name == "readiness":
        default = case.schema["$defs"]["Readiness"]["properties"]["decisions"]["default"]
        return case.charter.get("readiness", {}).get("decisions", default)
    return case.charter.get(name, case.schema["properties"][name]["default"])


def gates(case, name):
    """(set id, {gate id: standing}, a part for each gate) of each set, and the rows of all. A gate's part holds its value
    over the bar that it is held to."""
    read = used = 0
    result = []
    for one in sets(case, name):
        inner, parts = {}, {}
        for gate in one["gates"]:
            holds, value = standing(case, gate)
            inner[gate["id"]] = holds
            bar = next((gate[end] for end in ("at_least", "at_most") if gate.get(end) is not None), 0)
            sides = {"numerator": None, "denominator": None} if value is None else {"numerator": value, "denominator": float(bar)}
            counts = holds if name != "signals" or holds is None else not holds
            parts[gate["id"]] = sides | ({"value": None, "bounds": [0, 1]} if counts is None else {"value": int(counts), "bounds": None})
            read, used = read + 1, used + (value is not None)
        result.append((one["id"], inner, parts))
    return result, {"read": read, "used": used, "excluded": {"no_evidence": read - used}}


def counted(low, high, whole):
    """So many of some; more if what is unknown were so. Where none is known to be and all could be, nothing is known."""
    value = None if low == 0 and high == whole else low
    return {"value": value, "numerator": low, "denominator": whole, "bounds": None if low == high else [low, high]}


def readiness(case):
    found, rows_ = gates(case, "readiness")
    go = sum(all(inner.values()) for _, inner, _ in found)
    could = sum(False not in inner.values() for _, inner, _ in found)
    parts = {name: counted_gates(inner) | {"parts": each} for name, inner, each in found}
    return counted(go, could, len(found)) | rows_ | {"parts": parts}


def counted_gates(inner):
    passed = sum(one is True for one in inner.values())
    unknown = sum(one is None for one in inner.values())
    return counted(passed, passed + unknown, len(inner))


def rollout(case):
    found, rows_ = gates(case, "rollout")
    everything = {(name, step): one for name, inner, _ in found for step, one in inner.items()}
    parts = {name: counted_gates(inner) | {"parts": each} for name, inner, each in found}
    return counted_gates(everything) | rows_ | {"parts": parts}


def threshold_signals(case):
    found, rows_ = gates(case, "signals")
    raised = {name: True if False in inner.values() else None if None in inner.values() else False for name, inner, _ in found}
    low = sum(one is True for one in raised.values())
    high = low + sum(one is None for one in raised.values())
    parts = {
        name: ({"value": None, "bounds": [0, 1]} if raised[name] is None else {"value": int(raised[name]), "bounds": None}) | {"parts": each}
        for name, _, each in found
    }
    return counted(low, high, len(found)) | rows_ | {"parts": parts}


def score(case, name, value):
    """What an input counts, 0 to 1; all that the layers have are shares."""
    if value is None:
        return None
    less = case.figures[name.split("/")[0]]["definition"]["direction"] == "lower"
    return min(1.0, max(0.0, 1 - value if less else value))


def control_stack(case):
    stack = case.charter.get("control_stack", {})
    pillars, floors = ([one["id"] for one in stack[name]] if name in stack else usual for name, usual in (("pillars", PILLARS), ("layers", STANDS_ON)))
    inputs_of = {one["id"]: one["inputs"] for name in ("layers", "pillars") for one in stack.get(name, [])}
    inputs_of = {name: inputs_of[name] if name in inputs_of else LAYERS[name] for name in [*pillars, *floors]}
    read = used = 0
    own, layers, parts = {}, {}, {}
    for layer, inputs in inputs_of.items():
        inner, values = {}, []
        for name in inputs:
            figure = found(case, *name.split("/"))
            value = None if figure is None else score(case, name, figure["value"])
            ends = [0.0, 1.0]
            if value is not None:
                ends = sorted(score(case, name, limit) for limit in limits(figure))
            read, used = read + 1, used + (value is not None)
            values.append((value, ends))
            limits_ = None if ends[0] == ends[1] else [100 * end for end in ends]
            inner[name] = {"value": None if value is None else 100 * value, "bounds": limits_}
        there = [value for value, _ in values if value is not None]
        mean = 100 * sum(there) / len(there) if there else None
        spread = [100 * sum(ends[side] for _, ends in values) / len(values) for side in (0, 1)]
        own[layer] = (mean, *spread)
        parts[layer] = {"parts": inner}
    for layer in inputs_of:
        below = floors[: floors.index(layer) + 1] if layer in floors else [layer]
        known = [own[one][0] for one in below]
        ends = [min(own[one][side] for one in below) for side in (1, 2)]
        value = None if own[layer][0] is None else min(one for one in known if one is not None)
        layers[layer] = {"value": value, "bounds": None if ends[0] == ends[1] else ends}
        parts[layer] = layers[layer] | parts[layer]
    return layers[floors[-1]] | {"read": read, "used": used, "excluded": {"no_evidence": read - used}, "parts": parts}


KPIS = {
    "readiness": (readiness,),
    "rollout": (rollout,),
    "threshold_signals": (threshold_signals,),
    "control_stack": (control_stack,),
}
