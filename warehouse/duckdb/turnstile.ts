/** Lets one piece of work through at a time, in the order of asking. */
export class Turnstile {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all work before it has ended, well or badly. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
