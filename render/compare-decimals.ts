/** Orders exact decimal texts: negative when `a` is smaller, 0 when equal, positive when larger. */
export function compareDecimals(a: string, b: string): number {
  const places = Math.max(fractionOf(a).length, fractionOf(b).length);
  const difference = scaled(a, places) - scaled(b, places);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

function fractionOf(value: string): string {
  return value.split('.')[1] ?? '';
}

function scaled(value: string, places: number): bigint {
  const [whole = '0'] = value.split('.');
  const negative = whole.startsWith('-');
  const digits = BigInt(whole.replace('-', '') + fractionOf(value).padEnd(places, '0'));
  return negative ? -digits : digits;
}
