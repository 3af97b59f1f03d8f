// A time zone as a table of offset changes, read from the platform's own time-zone data.

const FROM = Date.UTC(1970, 0, 1);
const TO = Date.UTC(2040, 0, 1);
/** No zone has gone to another offset and back within a week. */
const STEP = 7 * 86_400_000;
/** The core's earliest instant: before the first change the first offset holds. */
const EARLIEST = -62_135_596_800_000;

const zones = new Map();

/**
 * The core's `Zone`: `{name, changes: [{from, offset}]}`, in milliseconds, for the years 1970 to 2039.
 * Throws a RangeError for a name the platform doesn't know.
 */
export function zone(name) {
  let known = zones.get(name);
  if (!known) {
    known = { name, changes: derive(name) };
    zones.set(name, known);
  }
  return known;
}

function derive(name) {
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset", year: "numeric" });
  // "1970, GMT+01:00", "1970, GMT", "1970, GMT-00:44:30"
  const read = (instant) => {
    const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d+):?(\d+)?:?(\d+)?)?/.exec(clock.format(instant)) ?? [];
    if (!sign) return 0;
    const size = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    return (sign === "-" ? -size : size) * 1000;
  };
  let offset = read(FROM);
  const changes = [{ from: EARLIEST, offset }];
  for (let start = FROM; start < TO; start += STEP) {
    const end = Math.min(start + STEP, TO);
    const next = read(end);
    if (next === offset) continue;
    let before = start;
    let after = end;
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (read(middle) === offset) before = middle;
      else after = middle;
    }
    changes.push({ from: after, offset: next });
    offset = next;
  }
  return changes.length === 1 && offset === 0 ? [] : changes;
}
