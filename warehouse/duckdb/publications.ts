/**
 * How often each table was published to since the file was opened. A classification holds as long as this has not
 * moved; staged rows never outlive the process, so memory is enough.
 */
export class Publications {
  private readonly times = new Map<string, number>();

  /** The present state of some tables, to be compared. */
  of(keys: readonly string[]): string {
    return keys.map((key) => `${key} ${this.times.get(key) ?? 0}`).join(', ');
  }

  /** Notes a publication to tables. */
  note(keys: readonly string[]): void {
    for (const key of keys) this.times.set(key, (this.times.get(key) ?? 0) + 1);
  }
}
