/**
 * The instant of an ISO time: with an offset as it says (`+0000` too), without one on the clock of a zone.
 * Undefined for another text.
 */
export function localTime(text: string, zone: string): Date | undefined {
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const instant = Date.parse(
    hasOffset ? text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') : `${withTime(text)}Z`,
  );
  if (Number.isNaN(instant)) return undefined;
  return hasOffset ? new Date(instant) : new Date(instant - offsetAt(instant, zone));
}

function withTime(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text;
}

/** Milliseconds by which a zone's clock is ahead of UTC. */
function offsetAt(instant: number, zone: string): number {
  const there = new Date(instant).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T');
  return Date.parse(`${there}Z`) - Math.floor(instant / 1000) * 1000;
}
