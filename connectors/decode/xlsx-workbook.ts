import { posix } from 'node:path';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';
import { readXml, type XmlAttributes, type XmlHandler } from './xml-reader.ts';
import { readMember } from './zip-member.ts';
import type { ZipMember } from './zip-reader.ts';

/** What a workbook says of itself, beside its cells. */
export interface Workbook {
  /** Work sheets in the order of their tabs; charts are left out. */
  readonly sheets: readonly WorkbookSheet[];
  /** Serial 0 is 1904-01-01 instead of 1899-12-30. */
  readonly date1904: boolean;
  /** Cell styles (index of `s`) that show a number as a date or time. */
  readonly dateStyles: ReadonlySet<number>;
  readonly strings: ZipMember | undefined;
}

/** One work sheet. */
export interface WorkbookSheet {
  /** From 1, among the sheets kept. */
  readonly n: number;
  readonly name: string;
  readonly hidden: boolean;
  readonly member: ZipMember;
}

/** The members of an open archive. */
export interface WorkbookParts {
  readonly fd: number;
  readonly file: LandedFile;
  readonly members: readonly ZipMember[];
}

/** Reads workbook, relations and styles (ECMA-376 Part 1 §18.2, §18.8). Throws data `file-not-xlsx`. */
export function readWorkbook(parts: WorkbookParts): Workbook {
  const root = relations(parts, '').find(({ type }) => type === 'officeDocument');
  const path = root?.target ?? 'xl/workbook.xml';
  const related = relations(parts, path);
  const { sheets, date1904 } = readBook(parts, path);
  const kept = sheets.flatMap(({ name, hidden, id }) => {
    const part = related.find((one) => one.id === id && one.type === 'worksheet');
    const member = part && memberAt(parts, part.target);
    return member === undefined ? [] : [{ name, hidden, member }];
  });
  if (kept.length === 0) throw fileTrouble('file-not-xlsx', parts.file, path);
  const target = (type: string) => related.find((one) => one.type === type)?.target ?? '';
  return {
    sheets: kept.map((sheet, index) => ({ ...sheet, n: index + 1 })),
    date1904,
    dateStyles: readDateStyles(parts, target('styles')),
    strings: memberAt(parts, target('sharedStrings')),
  };
}

interface Relation {
  readonly id: string;
  /** Last part of the relation's type: the transitional and the strict one differ before it. */
  readonly type: string;
  /** Path inside the archive. */
  readonly target: string;
}

function relations(parts: WorkbookParts, of: string): readonly Relation[] {
  const directory = posix.dirname(of);
  const found: Relation[] = [];
  readPart(parts, posix.join(directory, '_rels', `${posix.basename(of)}.rels`), {
    Relationship: ({ Id = '', Type = '', Target = '' }) =>
      found.push({
        id: Id,
        type: posix.basename(Type),
        target: Target.startsWith('/') ? Target.slice(1) : posix.join(directory, Target),
      }),
  });
  return found;
}

function readBook(parts: WorkbookParts, path: string) {
  const sheets: { readonly name: string; readonly hidden: boolean; readonly id: string }[] = [];
  let date1904 = false;
  readPart(parts, path, {
    workbookPr: (given) => (date1904 = /^(1|true|on)$/.test(given['date1904'] ?? '')),
    sheet: (given) => {
      const id = Object.entries(given).find(([name]) => /(^|:)id$/.test(name))?.[1] ?? '';
      sheets.push({
        name: (given['name'] ?? '').normalize('NFC'),
        hidden: (given['state'] ?? 'visible') !== 'visible',
        id,
      });
    },
  });
  return { sheets, date1904 };
}

function readDateStyles(parts: WorkbookParts, path: string): ReadonlySet<number> {
  const codes = new Map<number, string>();
  const styles = new Set<number>();
  let inCells = false;
  let count = 0;
  readPart(
    parts,
    path,
    {
      numFmt: ({ numFmtId = '', formatCode = '' }) => codes.set(Number(numFmtId), formatCode),
      cellXfs: () => (inCells = true),
      xf: ({ numFmtId = '0' }) => {
        if (!inCells) return;
        if (showsDate(Number(numFmtId), codes)) styles.add(count);
        count += 1;
      },
    },
    (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  );
  return styles;
}

/** Built-in formats 14–22 and 45–47, those of East Asia, and own codes with a letter of date or time. */
function showsDate(id: number, codes: ReadonlyMap<number, string>): boolean {
  const code = codes.get(id);
  if (code !== undefined) {
    const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '');
    return /[ymdhs]/i.test(bare) && !/[0#?]/.test(bare.split(/[ymdhs]/i)[0] ?? '');
  }
  return (
    (id >= 14 && id <= 22) ||
    (id >= 27 && id <= 36) ||
    (id >= 45 && id <= 58 && id !== 48 && id !== 49)
  );
}

/** Reads a part that may be missing; calls back by the local name of elements. */
function readPart(
  parts: WorkbookParts,
  path: string,
  opened: Readonly<Record<string, (attributes: XmlAttributes) => unknown>>,
  closed: (name: string) => void = () => undefined,
): void {
  const member = memberAt(parts, path);
  if (member === undefined) return;
  const handler: XmlHandler = {
    open: (local, _name, attributes) => {
      if (Object.hasOwn(opened, local)) opened[local]?.(attributes);
    },
    close: (local) => closed(local),
    text: () => undefined,
    instruction: () => undefined,
  };
  const name = `${parts.file.name}/${member.name}`;
  readXml(readMember(parts.fd, member, parts.file.name), name, handler);
}

function memberAt({ members }: WorkbookParts, path: string): ZipMember | undefined {
  const wanted = posix.normalize(path).toLowerCase();
  return members.find(({ name }) => name.toLowerCase() === wanted);
}
