/** Square and cube roots of the first primes, as FIPS 180-4 wants them. */
const primes = Array.from({ length: 312 }, (_, n) => n + 2)
  .filter((n) => Array.from({ length: n - 2 }, (_, d) => d + 2).every((d) => n % d !== 0))
  .slice(0, 64);
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
const constants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

/**
 * SHA-256 of bytes that come in parts (FIPS 180-4). The browser's own hashes whole buffers only, and only on pages that
 * came over HTTPS; inside an agency's network they often do not.
 */
export class Sha256 {
  readonly #state = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  readonly #words = new Uint32Array(64);
  #rest = new Uint8Array(0);
  #bytes = 0;

  add(part: Uint8Array): void {
    this.#bytes += part.length;
    const all = new Uint8Array(this.#rest.length + part.length);
    all.set(this.#rest);
    all.set(part, this.#rest.length);
    const whole = all.length - (all.length % 64);
    const view = new DataView(all.buffer);
    for (let at = 0; at < whole; at += 64) this.#block(view, at);
    this.#rest = all.slice(whole);
  }

  /** The digest in hexadecimal. Nothing may be added afterwards. */
  digest(): string {
    const bits = BigInt(this.#bytes) * 8n;
    const padded = new Uint8Array(((this.#rest.length + 72) >> 6) << 6);
    padded.set(this.#rest);
    padded[this.#rest.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(padded.length - 8, bits);
    for (let at = 0; at < padded.length; at += 64) this.#block(view, at);
    return [...this.#state].map((word) => word.toString(16).padStart(8, '0')).join('');
  }

  #block(view: DataView, at: number): void {
    const w = this.#words;
    for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const [far, near] = [word(w, i - 15), word(w, i - 2)];
      const low = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      const high = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      w[i] = word(w, i - 16) + low + word(w, i - 7) + high;
    }
    const s = this.#state;
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = s;
    for (let i = 0; i < 64; i += 1) {
      const sum = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const choice = (e & f) ^ (~e & g);
      const one = (h + sum + choice + word(constants, i) + word(w, i)) | 0;
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [i, add] of [a, b, c, d, e, f, g, h].entries()) s[i] = word(s, i) + add;
  }
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function turned(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}
