/** Requests in a row that failed for good, retries and all, after which an origin is left alone. */
const failuresToOpen = 4;

/** How long it is left alone, in milliseconds; the next request after that tries it out. */
const openMs = 60_000;

/** Keeps a run from hammering an origin that is down: after some failures in a row it is not asked for a while. */
export class CircuitBreaker {
  private readonly origins = new Map<string, { failures: number; openUntil: number }>();

  /** Whether the origin is left alone at this time (milliseconds since 1970). */
  isOpen(origin: string, now: number): boolean {
    return now < (this.origins.get(origin)?.openUntil ?? 0);
  }

  succeeded(origin: string): void {
    this.origins.delete(origin);
  }

  failed(origin: string, now: number): void {
    const failures = (this.origins.get(origin)?.failures ?? 0) + 1;
    this.origins.set(origin, { failures, openUntil: failures < failuresToOpen ? 0 : now + openMs });
  }
}
