import type { ServerResponse } from 'node:http';

/** Calls under way: cancelled when the caller goes away or the server closes, and waited for before it is gone. */
export class RunningCalls {
  readonly #calls = new Map<Promise<unknown>, AbortController>();

  /** Runs a call whose signal fires when its answer's connection breaks off. */
  track<T>(answer: ServerResponse, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    answer.once('close', () => {
      if (!answer.writableFinished) abort.abort();
    });
    const call = run(abort.signal).finally(() => this.#calls.delete(call));
    this.#calls.set(call, abort);
    return call;
  }

  /** Cancels everything and waits until it has ended. */
  async end(): Promise<void> {
    for (const abort of this.#calls.values()) abort.abort();
    await Promise.allSettled(this.#calls.keys());
  }
}
