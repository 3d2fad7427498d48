const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const piece = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d)/y;

/** Milliseconds in a duration as Go prints it (`6m0s`, `1.5s`, `120ms`), or in a plain number of seconds. */
export const durationTextMs = (text: string): number | undefined => {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  let total = 0;
  piece.lastIndex = 0;
  for (let end = 0; end < trimmed.length; end = piece.lastIndex) {
    const match = piece.exec(trimmed);
    if (match === null) return undefined;
    total += Number(match[1]) * (unitMs[match[2] ?? ""] ?? NaN);
  }
  return trimmed === "" ? undefined : total;
};
