import { setTimeout as pause } from 'node:timers/promises';

/** Lets no more than so many calls begin in any window of time (PxWeb's `maxCallsPerTimeWindow`). */
export class RequestPace {
  readonly #calls: number;
  readonly #windowMs: number;
  readonly #begun: number[] = [];

  constructor(calls: number, windowSeconds: number) {
    this.#calls = calls;
    this.#windowMs = windowSeconds * 1000;
  }

  /** Waits until the next call may begin; rejects when cancelled. */
  async turn(signal: AbortSignal): Promise<void> {
    const oldest = this.#begun[this.#begun.length - this.#calls];
    const wait = oldest === undefined ? 0 : oldest + this.#windowMs - performance.now();
    if (wait > 0) await pause(wait, undefined, { signal });
    this.#begun.push(performance.now());
    if (this.#begun.length > this.#calls) this.#begun.shift();
  }
}
