/** Says whether one more request is allowed; each clock second has its own allowance. */
export function createRateLimit(perSecond: number, clock: () => number): () => boolean {
  let second = 0;
  let used = 0;
  return () => {
    const now = Math.floor(clock() / 1000);
    if (now !== second) {
      second = now;
      used = 0;
    }
    used += 1;
    return used <= perSecond;
  };
}
