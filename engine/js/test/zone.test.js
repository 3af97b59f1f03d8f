import assert from "node:assert/strict";
import { test } from "node:test";
import { zone } from "../zone.js";

const hour = 3_600_000;
const offsetAt = ({ changes }, instant) => changes.findLast(({ from }) => from <= instant)?.offset ?? 0;

test("UTC never changes", () => {
  assert.deepEqual(zone("UTC"), { name: "UTC", changes: [] });
});

test("Berlin's clock changes of 2025 are found to the second", () => {
  const { changes } = zone("Europe/Berlin");
  const of2025 = changes.filter(({ from }) => from >= Date.UTC(2025, 0) && from < Date.UTC(2026, 0));
  assert.deepEqual(of2025, [
    { from: Date.UTC(2025, 2, 30, 1), offset: 2 * hour },
    { from: Date.UTC(2025, 9, 26, 1), offset: hour },
  ]);
  assert.equal(changes[0].from, -62_135_596_800_000);
});

test("zones with half hours, short summers and lost days", () => {
  assert.equal(offsetAt(zone("Asia/Kolkata"), Date.UTC(2026, 0)), 5.5 * hour);
  assert.equal(offsetAt(zone("Australia/Lord_Howe"), Date.UTC(2026, 0)), 11 * hour);
  assert.equal(offsetAt(zone("Australia/Lord_Howe"), Date.UTC(2026, 6)), 10.5 * hour);
  // Samoa crossed the date line at the end of 29 December 2011.
  const samoa = zone("Pacific/Apia").changes.find(({ from }) => from === Date.UTC(2011, 11, 30, 10));
  assert.equal(samoa?.offset, 14 * hour);
  // Morocco leaves summer time for Ramadan.
  const morocco = zone("Africa/Casablanca").changes.filter(({ from }) => new Date(from).getUTCFullYear() === 2024);
  assert.deepEqual(morocco.map(({ offset }) => offset), [0, hour]);
  // Liberia kept 44 minutes and 30 seconds until 1972.
  assert.equal(offsetAt(zone("Africa/Monrovia"), Date.UTC(1971, 0)), -(44 * 60 + 30) * 1000);
});

test("every change is one, and the platform agrees on both sides of it", () => {
  for (const name of ["America/New_York", "Europe/London", "America/Sao_Paulo", "Asia/Tehran"]) {
    const local = new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short", timeStyle: "medium" });
    const platform = (instant) => Date.parse(`${local.format(instant).replace(" ", "T")}Z`) - instant;
    const { changes } = zone(name);
    changes.slice(1).forEach(({ from, offset }, at) => {
      assert.notEqual(offset, changes[at].offset);
      assert.equal(platform(from), offset, `${name} at ${new Date(from).toISOString()}`);
      assert.equal(platform(from - 1000), changes[at].offset);
    });
  }
});

test("an unknown name is an error", () => {
  assert.throws(() => zone("Europe/Atlantis"), RangeError);
});
