import { assertNever } from './assert-never.ts';
import { PhusaError } from './errors.ts';

/** A cell of an edition: `<table>.<row key>.<column>`. */
export interface CellReference {
  readonly table: string;
  /** Parts of a composite key. */
  readonly row: readonly string[];
  readonly column: string;
}

/** What `phusa trace` can be asked about. */
export type Reference =
  | {
      readonly kind: 'edition';
      readonly report: string;
      readonly period: string;
      readonly version: number;
      readonly cell: CellReference | undefined;
    }
  | {
      readonly kind: 'indicator';
      readonly code: string;
      readonly period: string;
      readonly area: string;
    }
  | { readonly kind: 'row'; readonly asset: string; readonly key: readonly string[] }
  | { readonly kind: 'short-code'; readonly code: string };

/** Characters with a meaning in a reference, and those that would not survive a shell, a URL or print. */
const RESERVED = /[%:/#.|\s\p{Cc}"'<>?&\\]/gu;

/** Writes a reference; reserved characters of its parts are percent-encoded (UTF-8). */
export function formatReference(reference: Reference): string {
  switch (reference.kind) {
    case 'edition': {
      const { report, period, version, cell } = reference;
      const edition = `edition:${encode(report)}/${encode(period)}/v${version}`;
      return cell ? `${edition}#${formatCell(cell)}` : edition;
    }
    case 'indicator':
      return `indicator:${[reference.code, reference.period, reference.area].map(encodeDotted).join('/')}`;
    case 'row':
      return `row:${encodeDotted(reference.asset)}/${formatKey(reference.key)}`;
    case 'short-code':
      return reference.code;
    default:
      return assertNever(reference);
  }
}

/** Writes a cell: `t1.H31.10|2026.received`. */
export function formatCell(cell: CellReference): string {
  return `${encode(cell.table)}.${formatKey(cell.row)}.${encode(cell.column)}`;
}

/** Writes a composite key: its parts encoded and joined by `|`. */
export function formatKey(parts: readonly string[]): string {
  return parts.map(encode).join('|');
}

/** Reads a reference; throws data `reference-invalid` naming the forms. */
export function parseReference(text: string): Reference {
  const reference = readReference(text);
  if (!reference) throw invalidReference(text);
  return reference;
}

function readReference(text: string): Reference | undefined {
  if (SHORT_CODE.test(text)) return { kind: 'short-code', code: canonicalShortCode(text) };
  const [, kind, rest = ''] = /^(edition|indicator|row):(.+)$/s.exec(text) ?? [];
  if (kind === 'edition') return readEdition(rest);
  if (kind === 'indicator') return readIndicator(rest);
  return kind === 'row' ? readRow(rest) : undefined;
}

function readEdition(rest: string): Reference | undefined {
  const match = /^([^/#]+)\/([^/#]+)\/v([1-9]\d*)(?:#(.+))?$/s.exec(rest);
  if (!match) return undefined;
  const [, report = '', period = '', version, cellText] = match;
  const cell = cellText === undefined ? undefined : readCell(cellText);
  if (cellText !== undefined && !cell) return undefined;
  const names = decodeAll([report, period]);
  if (!names) return undefined;
  const [name = '', when = ''] = names;
  return { kind: 'edition', report: name, period: when, version: Number(version), cell };
}

function readCell(text: string): CellReference | undefined {
  const parts = text.split('.');
  const [table = '', row = '', column = ''] = parts;
  if (parts.length !== 3 || table === '' || column === '') return undefined;
  const names = decodeAll([table, column]);
  const key = decodeAll(row.split('|'));
  if (!names || !key) return undefined;
  return { table: names[0] ?? '', row: key, column: names[1] ?? '' };
}

function readIndicator(rest: string): Reference | undefined {
  const parts = rest.split('/');
  const decoded = parts.length === 3 && !parts.includes('') ? decodeAll(parts) : undefined;
  if (!decoded) return undefined;
  const [code = '', period = '', area = ''] = decoded;
  return { kind: 'indicator', code, period, area };
}

function readRow(rest: string): Reference | undefined {
  const match = /^([^/]+)\/([^/]*)$/s.exec(rest);
  if (!match) return undefined;
  const asset = decodeAll([match[1] ?? '']);
  const key = decodeAll((match[2] ?? '').split('|'));
  return asset && key ? { kind: 'row', asset: asset[0] ?? '', key } : undefined;
}

function encode(part: string): string {
  return part.replace(RESERVED, percent);
}

/** Indicator codes, asset keys and dates keep their dots: nothing follows them that a dot could end. */
function encodeDotted(part: string): string {
  return part.replace(RESERVED, (c) => (c === '.' ? c : percent(c)));
}

function percent(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

function decodeAll(parts: readonly string[]): readonly string[] | undefined {
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch {
    return undefined;
  }
}

/** Crockford's base 32: no I, L, O, U, so that a printed code is read without doubt. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHORT_CODE = /^[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}$/;

/** The short code printed on a report: the first 40 bits of the SHA-256 of home id and edition reference. */
export function shortCodeOf(digest: Uint8Array): string {
  const bits = digest.slice(0, 5).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return Array.from({ length: 8 }, (_, i) =>
    CROCKFORD.charAt(Number((bits >> BigInt(35 - 5 * i)) & 31n)),
  ).join('');
}

/** A short code as people type it: lower case, O for 0, I and L for 1, a hyphen in the middle. */
export function canonicalShortCode(text: string): string {
  return text.replace('-', '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}

/** The text whose SHA-256 gives the short code. */
export function shortCodeSource(homeId: string, editionReference: string): string {
  return `${homeId}\n${editionReference}`;
}

function invalidReference(text: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'reference-invalid',
    message: { vi: `Tham chiếu không hợp lệ: "${text}"`, en: `Not a reference: "${text}"` },
    remedy: {
      vi: 'Viết edition:<báo cáo>/<kỳ>/v<n>#<ô>, indicator:<mã>/<kỳ>/<địa bàn>, row:<bảng>/<khóa>, hoặc mã 8 ký tự in trên báo cáo.',
      en: 'Write edition:<report>/<period>/v<n>#<cell>, indicator:<code>/<period>/<area>, row:<asset>/<key>, or the 8 characters printed on a report.',
    },
    place: { value: text },
  });
}
