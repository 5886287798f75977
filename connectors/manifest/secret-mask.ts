import type { JsonObject } from '../../core/json.ts';

/** Shorter texts are no secrets worth hiding: masking them would tear ordinary words apart. */
const shortest = 6;

/**
 * The secrets of one run, tokens that the source handed out among them; hides them in everything that is kept or told.
 */
export class SecretMask {
  private readonly secrets = new Set<string>();

  /** Makes a value a secret from now on. */
  add(value: string): void {
    if (value.length >= shortest) this.secrets.add(value);
    const encoded = encodeURIComponent(value);
    if (encoded.length >= shortest) this.secrets.add(encoded);
  }

  text(text: string): string {
    let masked = text;
    for (const secret of this.secrets) masked = masked.replaceAll(secret, '***');
    return masked;
  }

  object(object: JsonObject): JsonObject {
    return JSON.parse(this.text(JSON.stringify(object))) as JsonObject;
  }

  headers(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const kept = Object.entries(headers).filter(
      ([name]) => !/^(set-cookie|authorization)/i.test(name),
    );
    return Object.fromEntries(kept.map(([name, value]) => [name, this.text(value)]));
  }

  /** Bytes with every secret overwritten by asterisks, their length kept; the same object when there is none. */
  bytes(bytes: Uint8Array): Uint8Array {
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const echoed = [...this.secrets].filter((secret) => found.includes(secret));
    if (echoed.length === 0) return bytes;
    const masked = Buffer.from(found);
    for (const secret of echoed) {
      const length = Buffer.byteLength(secret);
      for (let at = masked.indexOf(secret); at >= 0; at = masked.indexOf(secret, at + length))
        masked.fill('*', at, at + length);
    }
    return masked;
  }
}
