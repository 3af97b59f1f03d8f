// Holds what a person reads against a value, whatever the format: the value must stand in the text at the precision
// with which the text writes it.

/** Whether the text shows the value; `unit` as in a figure. */
export function shows(text, value, unit) {
  const wanted = unit === "rate" ? value * 100 : value;
  for (const [, digits, suffix] of text.matchAll(/(-?\d[\d,]*(?:\.\d+)?)\s?([KMB](?![a-z]))?/g)) {
    const plain = digits.replaceAll(",", "");
    const decimals = plain.split(".")[1]?.length ?? 0;
    const scale = { K: 1e3, M: 1e6, B: 1e9 }[suffix] ?? 1;
    // Half a unit of the last digit written, and room for how a tie is rounded.
    if (Math.abs(Number(plain) * scale - wanted) <= scale * 10 ** -decimals * 0.5000001) return true;
  }
  return false;
}
