import type { Engine } from './engine.ts';
import { release, type Decoded } from './stage-batch.ts';

/** Batches kept decoded before their turn: each holds its rows in memory or spill. */
const kept = 2;

/** Batches that are decoded before their turn comes. */
export class HeadStarts {
  private readonly engine: Engine;
  private readonly started = new Map<string, Promise<Decoded | undefined>>();
  /** Batches whose turn has come: a head start would come too late. */
  private readonly taken = new Set<string>();

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Keeps a batch under way; the oldest gives way. One that fails is forgotten: staging decodes it again and tells why. */
  async keep(batch: string, decode: () => Promise<Decoded>): Promise<void> {
    if (this.taken.has(batch) || this.started.has(batch)) return;
    const settled = decode().catch(() => undefined);
    this.started.set(batch, settled);
    for (const oldest of [...this.started.keys()].slice(0, -kept)) this.drop(oldest);
    await settled;
  }

  /** Hands a batch over, if it was started and the warehouse was not reopened since; decodes it otherwise. */
  async take(batch: string, decode: () => Promise<Decoded>): Promise<Decoded> {
    const settled = this.started.get(batch);
    // Taken out before it is awaited: whoever makes room meanwhile must not release what is handed over.
    this.started.delete(batch);
    this.taken.add(batch);
    const started = await settled;
    return started && this.engine.holds(started.connection) ? started : await decode();
  }

  /** Says that a batch that was taken is done with. */
  forget(batch: string): void {
    this.taken.delete(batch);
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
