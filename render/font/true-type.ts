import { PhusaError } from '../../core/errors.ts';

/** What laying out text needs from a TrueType file: which characters it draws and how wide. */
export interface FontMetrics {
  /** Advance width of a character in em; null when the font has no glyph for it. */
  readonly advance: (codePoint: number) => number | null;
}

/** Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 4) of a TrueType file. */
export function readTrueType(bytes: Uint8Array): FontMetrics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tableOffsets(view);
  const unitsPerEm = view.getUint16(offsetOf(tables, 'head') + 18);
  const longMetrics = view.getUint16(offsetOf(tables, 'hhea') + 34);
  const hmtx = offsetOf(tables, 'hmtx');
  const glyphs = glyphIndex(view, offsetOf(tables, 'cmap'));
  return {
    advance: (codePoint) => {
      const glyph = glyphs.get(codePoint);
      if (glyph === undefined) return null;
      return view.getUint16(hmtx + 4 * Math.min(glyph, longMetrics - 1)) / unitsPerEm;
    },
  };
}

function tableOffsets(view: DataView): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  for (let record = 0; record < view.getUint16(4); record++) {
    const at = 12 + 16 * record;
    const name = String.fromCodePoint(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    offsets.set(name, view.getUint32(at + 8));
  }
  return offsets;
}

function offsetOf(tables: ReadonlyMap<string, number>, name: string): number {
  const offset = tables.get(name);
  if (offset !== undefined) return offset;
  throw fontError(`table ${name} is missing`);
}

function glyphIndex(view: DataView, cmap: number): ReadonlyMap<number, number> {
  const subtable = unicodeSubtable(view, cmap);
  const glyphs = new Map<number, number>();
  const segments = view.getUint16(subtable + 6) / 2;
  for (let segment = 0; segment < segments; segment++) readSegment(view, subtable, segment, glyphs);
  return glyphs;
}

/** The Windows Unicode subtable (platform 3, encoding 1) in format 4. */
function unicodeSubtable(view: DataView, cmap: number): number {
  for (let record = 0; record < view.getUint16(cmap + 2); record++) {
    const at = cmap + 4 + 8 * record;
    const subtable = cmap + view.getUint32(at + 4);
    const isWindowsUnicode = view.getUint16(at) === 3 && view.getUint16(at + 2) === 1;
    if (isWindowsUnicode && view.getUint16(subtable) === 4) return subtable;
  }
  throw fontError('no Unicode character map in format 4');
}

/** One segment of a format 4 map: end, start, delta and range offset lie in four parallel arrays. */
function readSegment(
  view: DataView,
  subtable: number,
  segment: number,
  glyphs: Map<number, number>,
): void {
  const doubled = view.getUint16(subtable + 6);
  const endAt = subtable + 14 + 2 * segment;
  const startAt = endAt + doubled + 2;
  const rangeAt = startAt + 2 * doubled;
  const delta = view.getUint16(startAt + doubled);
  const range = view.getUint16(rangeAt);
  const start = view.getUint16(startAt);
  for (let code = start; code <= view.getUint16(endAt) && code !== 0xffff; code++) {
    const raw = range === 0 ? code : view.getUint16(rangeAt + range + 2 * (code - start));
    const glyph = raw === 0 ? 0 : (raw + delta) & 0xffff;
    if (glyph !== 0) glyphs.set(code, glyph);
  }
}

function fontError(detail: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'render.font-unreadable',
    message: {
      vi: `Không đọc được tệp phông chữ: ${detail}.`,
      en: `The font file cannot be read: ${detail}.`,
    },
    remedy: { vi: 'Cài lại gói phông Tinos.', en: 'Reinstall the Tinos font package.' },
  });
}
