import type { Engine } from './engine.ts';
import { release, type Decoded } from './stage-batch.ts';

/** Batches kept decoded before their turn: each holds its rows in memory or spill. */
const kept = 2;

/** Batches that are decoded before their turn comes. */
export class HeadStarts {
  private readonly engine: Engine;
  private readonly started = new Map<string, Promise<Decoded | undefined>>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Keeps a batch under way; the oldest gives way. One that fails is forgotten: staging decodes it again and tells why. */
  async keep(batch: string, decoding: Promise<Decoded>): Promise<void> {
    this.drop(batch);
    const settled = decoding.catch(() => undefined);
    this.started.set(batch, settled);
    for (const oldest of [...this.started.keys()].slice(0, -kept)) this.drop(oldest);
    await settled;
  }

  /** Hands a batch over, if it was started and the warehouse was not reopened since. */
  async take(batch: string): Promise<Decoded | undefined> {
    const settled = this.started.get(batch);
    // Taken out before it is awaited: whoever makes room meanwhile must not release what is handed over.
    this.started.delete(batch);
    const decoded = await settled;
    return decoded && this.engine.holds(decoded.connection) ? decoded : undefined;
  }

  /** Gives all batches up. */
  async end(): Promise<void> {
    const batches = [...this.started.values()];
    for (const batch of [...this.started.keys()]) this.drop(batch);
    await Promise.all(batches);
  }

  private drop(batch: string): void {
    const settled = this.started.get(batch);
    this.started.delete(batch);
    void settled?.then((decoded) => decoded && release(this.engine, decoded));
  }
}
