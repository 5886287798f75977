import type { LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from './decode-trouble.ts';

/** One statement of a PX file: `KEYWORD[language]("subject",…)=values`. */
export interface PxStatement {
  readonly keyword: string;
  /** Empty for the file's main language. */
  readonly language: string;
  readonly subjects: readonly string[];
  readonly values: readonly string[];
}

/** Characters of one statement at most: the longest list of values of the largest tables. */
const longestStatement = 32 << 20;

/**
 * Reads the statements of a PX file (PX file format specification 2013) piece by piece, and the tokens after `DATA=`.
 * A semicolon inside quotes ends nothing; strings that stand side by side are one.
 */
export class PxReader {
  readonly statements: PxStatement[] = [];
  readonly #file: LandedFile;
  readonly #token: (token: string) => void;
  #text = '';
  #inQuotes = false;
  #inData = false;
  #scanned = 0;

  /** @param token - takes each data token: a number, or a quoted text with its quotes */
  constructor(file: LandedFile, token: (token: string) => void) {
    this.#file = file;
    this.#token = token;
  }

  /** Whether `DATA=` was reached. */
  get inData(): boolean {
    return this.#inData;
  }

  /** Reads the next piece of text. */
  write(piece: string): void {
    this.#text += piece;
    if (!this.#inData) this.#readStatements();
    if (this.#inData) this.#readTokens(false);
    else if (this.#text.length > longestStatement)
      throw fileTrouble('px-malformed', this.#file, this.#text.slice(0, 80));
  }

  /** Says that the text is over. */
  end(): void {
    if (this.#inData) this.#readTokens(true);
    else if (this.#text.trim() !== '')
      throw fileTrouble('file-cut', this.#file, this.#text.slice(0, 80));
  }

  #readStatements(): void {
    let start = 0;
    for (let at = this.#scanned; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char === '"') this.#inQuotes = !this.#inQuotes;
      if (char === '=' && !this.#inQuotes && /^\s*DATA\s*$/i.test(this.#text.slice(start, at))) {
        this.#inData = true;
        this.#text = this.#text.slice(at + 1);
        return;
      }
      if (char === ';' && !this.#inQuotes) {
        this.#statement(this.#text.slice(start, at));
        start = at + 1;
      }
    }
    this.#text = this.#text.slice(start);
    this.#scanned = this.#text.length;
  }

  #statement(text: string): void {
    const statement = parseStatement(text);
    if (statement !== undefined) this.statements.push(statement);
    else if (text.trim() !== '')
      throw fileTrouble('px-malformed', this.#file, text.trim().slice(0, 80));
  }

  /** Tokens are parted by white space, commas, and semicolons, which some writers put at the end of each row. */
  #readTokens(last: boolean): void {
    const pattern = /"[^"]*"?|[^\s,;"]+/g;
    let done = 0;
    for (let match = pattern.exec(this.#text); match !== null; match = pattern.exec(this.#text)) {
      const isWhole = /^".*"$/s.test(match[0]) && match[0].length > 1;
      if (pattern.lastIndex === this.#text.length && !isWhole) {
        if (!last) break;
        if (match[0].startsWith('"'))
          throw fileTrouble('file-cut', this.#file, match[0].slice(0, 40));
      }
      this.#token(match[0]);
      done = pattern.lastIndex;
    }
    const rest = this.#text.slice(done);
    this.#text = rest.replace(/^[\s,;]+/, '');
  }
}

const head =
  /^\s*([A-Z][A-Z0-9-]*)\s*(?:\[([^\]]*)\])?\s*(?:\(((?:"[^"]*"|[^")])*)\))?\s*=([\s\S]*)$/i;

/** Reads one statement; undefined when it is none. */
export function parseStatement(text: string): PxStatement | undefined {
  const match = head.exec(text);
  if (match === null) return undefined;
  const [, keyword = '', language = '', subjects = '', values = ''] = match;
  return {
    keyword: keyword.toUpperCase(),
    language: language.toLowerCase(),
    subjects: listOf(subjects),
    values: listOf(values),
  };
}

/** Comma-separated values: quoted ones joined where they stand side by side, others as written; `TLIST(…)` opened. */
function listOf(text: string): readonly string[] {
  const list: string[] = [];
  let current: string | undefined;
  for (const [piece] of text.matchAll(/"[^"]*"|,|[^\s,"]+/g)) {
    if (piece === ',') {
      list.push(current ?? '');
      current = undefined;
    } else {
      current = (current ?? '') + (piece.startsWith('"') ? piece.slice(1, -1) : piece);
    }
  }
  return current === undefined && list.length === 0 ? [] : [...list, current ?? ''];
}
