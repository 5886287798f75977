/** What texts came to, kept for the last few hundred: the same SQL is asked for again and again. */
export class KeptTexts<T> {
  readonly #kept = new Map<string, T>();

  /** What this text comes to; worked out at its first time. What throws is not kept. */
  of(text: string, work: () => T): T {
    const known = this.#kept.get(text);
    if (known !== undefined) return known;
    const made = work();
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= limit) this.#kept.delete(oldest);
    this.#kept.set(text, made);
    return made;
  }
}

const limit = 500;
