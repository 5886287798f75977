import type { RateBudget } from './schema/request-schema.ts';

/** Waits until one more request fits the budget; without a budget it never waits. */
export function rateLimiter(
  budget: RateBudget | undefined,
  now: () => Date,
  pause: (ms: number) => Promise<void>,
): () => Promise<void> {
  const sent: number[] = [];
  return async () => {
    if (budget === undefined) return;
    const oldest = sent.length < budget.requests ? undefined : sent.shift();
    if (oldest !== undefined) {
      const waitMs = oldest + budget.seconds * 1000 - now().getTime();
      if (waitMs > 0) await pause(waitMs);
    }
    sent.push(now().getTime());
  };
}
