/**
 * Counter-based randomness: every draw is a pure function of its keys, so no order of asking and no
 * clock can change a value. Mixing constants are those of MurmurHash3's finaliser.
 */

const GOLDEN = 0x9e3779b9;

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** An unsigned 32-bit hash of four integers. */
export function hash(seed: number, stream: number, a: number, b = 0): number {
  let x = mix(seed + GOLDEN);
  x = mix(x ^ Math.imul(stream + 1, 0x27d4eb2f));
  x = mix(x ^ Math.imul(a + 1, 0x165667b1));
  return mix(x ^ Math.imul(b + 1, 0x9e3779b1));
}

/** A number in [0, 1) from the same keys as {@link hash}. */
export function fraction(seed: number, stream: number, a: number, b = 0): number {
  return hash(seed, stream, a, b) / 4294967296;
}

/** `n` or `n + 1` so that the expectation is `expected` (never negative). */
export function roundByChance(expected: number, chance: number): number {
  return Math.floor(Math.max(0, expected) + chance);
}

/** A sequence of draws that belongs to one entity. */
export class Dice {
  private state: number;

  constructor(seed: number, stream: number, a: number, b = 0) {
    this.state = hash(seed, stream, a, b);
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + GOLDEN) | 0;
    return mix(this.state) / 4294967296;
  }

  /** An integer in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** An integer in [from, to]. */
  between(from: number, to: number): number {
    return from + this.int(to - from + 1);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One member of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return at(list, this.int(list.length));
  }
}

/** The element at an index that must exist; RangeError otherwise. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`index ${String(index)} of ${String(list.length)}`);
  return value;
}

/** The names of independent draws, so that no two systems share one. */
export const STREAM = {
  population: 1,
  share: 2,
  place: 3,
  covidCases: 10,
  covidNoise: 11,
  covidDeath: 12,
  covidRecovery: 13,
  covidCorrection: 14,
  covidRepublish: 15,
  covidUnderReport: 16,
  seller: 30,
  sellerDay: 31,
  invoice: 32,
  invoiceFate: 33,
  signature: 34,
  fuel: 35,
  dossierCount: 50,
  dossier: 51,
  dossierRepeat: 52,
  agency: 53,
  report: 70,
  yearbook: 80,
  hotlineCall: 90,
  newsItem: 91,
  sensor: 92,
  vessel: 93,
  cameraEvent: 94,
  parking: 95,
} as const;
