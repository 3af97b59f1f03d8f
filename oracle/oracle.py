"""Holds every figure of `mops report` against an independent calculation, from its definition alone.

What a KPI means is read from `mops explain KPI`, never from the code that computes it."""

import argparse
import json
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import attribution
import budget
import campaigns
import composites
import data_quality
import duplicates
import forecast
import generate
import lifecycle
import marketing
import operations
import oversight
import quality
import governance
import revenue
import stack
import tracking
import views
from case import Case
from compare import differences, numbers, status

ROOT = Path(__file__).resolve().parent.parent
MODULES = [lifecycle, revenue, marketing, budget, campaigns, forecast, attribution, operations, stack, governance, tracking, quality, duplicates, data_quality, oversight, composites]
# Each with the tables that it reads; without the first one it is not asked.
ORACLES = {kpi: oracle for module in MODULES for kpi, oracle in module.KPIS.items()}
# What is made of other figures.
COMPOSED = {*composites.KPIS, *oversight.KPIS}


def arguments():
    parser = argparse.ArgumentParser(prog="cargo xtask oracle")
    parser.add_argument("--mops", required=True, help="the program under test")
    parser.add_argument("--work", required=True, type=Path, help="where cases are written")
    parser.add_argument("--cases", type=int, default=20, help="random cases")
    parser.add_argument("--seed", type=int, default=1, help="of the first random case")
    parser.add_argument("--kpi", action="append", default=[])
    parser.add_argument("--no-demo", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--quiet", action="store_true", help="only differences and the summary")
    return parser.parse_args()


def report(mops, case, kpis, filters=()):
    """The figures that the program under test gives, by id."""
    command = [mops, "report", "--data", str(case.folder), "--charter", str(case.charter_path), "--format", "json"]
    command += ["--as-of", case.as_of_text, "--period", case.period_text]
    for field, value in filters:
        command += ["--filter", f"{field}={value}"]
    for kpi in kpis:
        command += ["--kpi", kpi]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{result.stderr.strip()}")
    return {figure["id"]: figure for figure in json.loads(result.stdout)["figures"]}, command


def cases(options, tables):
    """The demo data over several periods, then random data."""
    demo = Case(ROOT / "demo/data", "2026-01-01", tables=tables, oracles=ORACLES)
    for period in () if options.no_demo else ("all", "2025", "2025-Q3", "2025-11"):
        yield f"demo {period}", lambda period=period: demo.over(period)
    for seed in range(options.seed, options.seed + options.cases):

        def made(seed=seed):
            folder = options.work / f"case-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            as_of, period, filters = generate.make(folder, seed)
            return Case(folder, as_of, period, filters, tables, ORACLES)

        yield f"case-{seed}", made


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run([options.mops, "explain"], capture_output=True, text=True, check=True).stdout
    known = [line.rsplit("(", 1)[1].rstrip(")") for line in listed.splitlines() if line.endswith(")") and line[:1] != " "]
    wanted = options.kpi or known
    for kpi in wanted:
        if kpi not in known:
            sys.exit(f"No KPI is called {kpi}.")
    asked = [kpi for kpi in wanted if kpi in ORACLES]
    without = [kpi for kpi in wanted if kpi not in ORACLES]
    agreed = differ = 0
    wrong, taken = set(), set()
    held, not_held = 0, {}
    blocked = {"demo": [], "case": []}
    charters = json.loads(subprocess.run([options.mops, "charter", "schema"], capture_output=True, text=True, check=True).stdout)
    tables = None if COMPOSED & set(asked) else {table for kpi in asked for table in ORACLES[kpi][1:]}
    for name, make in cases(options, tables) if asked else []:
        case = make()
        # What is made of others says in the report which way each of them is better.
        figures, command = report(options.mops, case, known if COMPOSED & set(asked) else asked, case.filters)
        case.figures, case.schema = figures, charters
        kept = False
        for kpi in asked:
            first = ORACLES[kpi][1:2]
            if first and first[0] not in case.read:
                continue
            try:
                lines = differences(figures[kpi], case.expected(kpi), minimum_n=case.minimum_n)
                lines += status(figures[kpi], case.charter.get("kpis", {}).get(kpi, {}), case.filters)
                count, missing = numbers(figures[kpi], case.expected(kpi))
                held += count
                not_held[kpi] = not_held.get(kpi, set()) | set(missing)
            except Exception:
                lines = ["the oracle failed: " + traceback.format_exc(limit=-3).replace("\n", "\n    ")]
            if lines:
                differ, kept = differ + 1, True
                wrong.add(kpi)
                print(f"differs  {name}  {kpi}")
                for line in lines[:8]:
                    print(f"    {line}")
                print(f"    {' '.join(command[: command.index('--kpi')])} --kpi {kpi}", flush=True)
            else:
                agreed += 1
                if kpi == "duplicate_rate":
                    blocked[name.split("-")[0].split()[0]].append(duplicates.blocking(case))
                if not options.quiet:
                    print(f"agreed   {name}  {kpi}  {figures[kpi]['value']}")
        if not options.kpi:
            try:
                seen, commands = views.check(options.mops, case)
                held, lines = held + seen.count, seen.lines
            except Exception:
                lines, commands = ["the oracle failed: " + traceback.format_exc(limit=-3).replace("\n", "\n    ")], []
            if lines:
                differ, kept = differ + 1, True
                wrong.add("views")
                print(f"differs  {name}  views", *lines[:12], *commands, sep="\n    ", flush=True)
            else:
                agreed += 1
        taken |= case.taken
        if not kept and case.folder.is_relative_to(options.work):
            case.sql.close()
            shutil.rmtree(case.folder)
    for whose, pairs in blocked.items() if "duplicate_rate" in asked else ():
        missed, compared, every = (sum(side) for side in zip(*pairs)) if pairs else (0, 0, 0)
        print(f"duplicate_rate: of {every} pairs of the {whose} records {compared} are neighbours; all pairs would join {missed} more")
        differ += whose == "demo" and missed > 0
    for one in sorted(taken):
        print(f"composites take from the report: {one}")
    for kpi, names in not_held.items():
        if names and not options.quiet:
            print(f"not held  {kpi}  {', '.join(sorted(names))}")
    for kpi in without:
        print(f"no oracle yet: {kpi}")
    print(f"{len(asked)} KPIs with an oracle, {len(without)} without; wrong: {', '.join(sorted(wrong)) or 'none'}")
    print(f"{held} numbers held, {sum(map(len, not_held.values()))} kinds of numbers not")
    print(f"oracle: {agreed} passed, {differ} failed")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
