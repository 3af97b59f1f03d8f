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
from case import Case
from compare import differences

ROOT = Path(__file__).resolve().parent.parent
MODULES = [lifecycle, revenue, marketing, budget, campaigns, forecast, attribution, operations, stack, governance, tracking, quality, data_quality, oversight, composites]
ORACLES = {kpi: calculate for module in MODULES for kpi, (calculate, *_) in module.KPIS.items()}
# What is made of other figures of the report.
COMPOSED = {*composites.KPIS, *oversight.KPIS, *data_quality.KPIS}
# The tables that a KPI reads; without the first one it is not asked.
TABLES = {kpi: tables for module in MODULES for kpi, (_, *tables) in module.KPIS.items()}


def arguments():
    parser = argparse.ArgumentParser(prog="cargo xtask oracle")
    parser.add_argument("--mops", required=True, help="the program under test")
    parser.add_argument("--work", required=True, type=Path, help="where cases are written")
    parser.add_argument("--cases", type=int, default=20, help="random cases")
    parser.add_argument("--seed", type=int, default=1, help="of the first random case")
    parser.add_argument("--kpi", action="append", default=[])
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
    demo = Case(ROOT / "demo/data", "2026-01-01", tables=tables)
    for period in ("all", "2025", "2025-Q3", "2025-11"):
        yield f"demo {period}", lambda period=period: demo.over(period)
    for seed in range(options.seed, options.seed + options.cases):

        def made(seed=seed):
            folder = options.work / f"case-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            as_of, period, filters = generate.make(folder, seed)
            return Case(folder, as_of, period, filters, tables)

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
    wrong = set()
    charters = json.loads(subprocess.run([options.mops, "charter", "schema"], capture_output=True, text=True, check=True).stdout)
    tables = {table for kpi in asked for table in TABLES[kpi]}
    for name, make in cases(options, tables) if asked else []:
        case = make()
        # What is made of others is asked together with them.
        figures, command = report(options.mops, case, known if COMPOSED & set(asked) else asked, case.filters)
        case.figures, case.schema = figures, charters
        # A filter is about records, not about what works with them: that reads the quality of all.
        case.quality = figures
        if case.filters and "ai_oversight" in asked:
            case.quality = report(options.mops, case, ["data_quality", "deal_data_quality"])[0]
        kept = False
        for kpi in asked:
            if TABLES[kpi] and TABLES[kpi][0] not in case.read:
                continue
            try:
                lines = differences(figures[kpi], ORACLES[kpi](case))
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
                if not options.quiet:
                    print(f"agreed   {name}  {kpi}  {figures[kpi]['value']}")
        if not kept and case.folder.is_relative_to(options.work):
            case.sql.close()
            shutil.rmtree(case.folder)
    for kpi in without:
        print(f"no oracle yet: {kpi}")
    print(f"{len(asked)} KPIs with an oracle, {len(without)} without; wrong: {', '.join(sorted(wrong)) or 'none'}")
    print(f"oracle: {agreed} passed, {differ} failed")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
