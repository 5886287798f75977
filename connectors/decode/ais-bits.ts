/** The bits of an AIS payload (ITU-R M.1371, table 47: six bits a character). */
export class AisBits {
  readonly length: number;
  private readonly sixes: Uint8Array;

  constructor(payload: string, fillBits: number) {
    this.sixes = Uint8Array.from(payload, (character) => {
      const code = character.charCodeAt(0) - 48;
      return code > 40 ? code - 8 : code;
    });
    this.length = this.sixes.length * 6 - fillBits;
  }

  /** An unsigned number of at most 32 bits; null where the payload ends before it. */
  unsigned(start: number, count: number): number | null {
    if (start + count > this.length) return null;
    let value = 0;
    for (let at = start; at < start + count; at += 1)
      value = value * 2 + (((this.sixes[Math.floor(at / 6)] ?? 0) >> (5 - (at % 6))) & 1);
    return value;
  }

  /** A number in two's complement. */
  signed(start: number, count: number): number | null {
    const value = this.unsigned(start, count);
    if (value === null) return null;
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** Six-bit text, as far as the payload goes, up to its end mark `@`; null when nothing is left. */
  text(start: number, count: number): string | null {
    let text = '';
    for (let at = start; at + 6 <= Math.min(start + count, this.length); at += 6) {
      const code = this.unsigned(at, 6) ?? 0;
      if (code === 0) break;
      text += String.fromCharCode(code < 32 ? code + 64 : code);
    }
    return text.trim() === '' ? null : text.trim();
  }
}
