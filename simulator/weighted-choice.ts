import { at } from './random.ts';

/** Chooses positions in proportion to weights; `draw` is in [0, 1). */
export function weightedChoice(weights: readonly number[]): (draw: number) => number {
  let sum = 0;
  const ends = Float64Array.from(weights, (weight) => (sum += weight));
  return (draw) => {
    const target = draw * sum;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(ends, middle) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
