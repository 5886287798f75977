import { PhusaError } from '../../../core/errors.ts';
import { unportable, type Unportable } from './portability.ts';
import { integerDivision, ours, rewrite, type RelationOf } from './rewrite.ts';
import { replaceInCode, withoutComments } from './sql-code.ts';
import { isList, type Tree } from './syntax-tree.ts';
import { functionSchema } from '../functions/function-schema.ts';
import { KeptTexts } from './kept-texts.ts';
import { tableKeys } from './table-keys.ts';

/** How one text is transpiled. */
export interface TranspileOptions {
  /** Where a table is found; left out, under its own name. */
  readonly relationOf?: RelationOf;
  /** The file of the text, for messages. */
  readonly file?: string;
}

/** Turns the SQL of the transforms, checks, indicators and reports (DuckDB's) into PostgreSQL's. */
export interface Transpiler {
  /**
   * One SELECT, with the same results: exact decimals by value, texts by byte, NULLs and order as DuckDB has them. It
   * calls functions of the schema `like_duckdb` (see `installFunctions`). Bound `$1` stay.
   * Throws data `sql-invalid`, and `sql-not-portable` with line and column for what would not carry over.
   */
  transpile(sql: string, options?: TranspileOptions): string;
  /** Tables (`layer.name`) that a SELECT reads, sorted. Throws as `transpile`. */
  tablesOf(sql: string): readonly string[];
}

/** Loads the parser (0.3 s): once, by homes that have a PostgreSQL warehouse. */
export async function openTranspiler(): Promise<Transpiler> {
  const sdk = await import('@polyglot-sql/sdk');
  const dialect = sdk.Dialect;
  const parse = (sql: string, options: TranspileOptions): Tree => {
    const marked = replaceInCode(withoutComments(sql), /\/\//g, () => `* "${integerDivision}" *`);
    const parsed = sdk.parse(marked, dialect.DuckDB);
    if (!parsed.success) throw invalid(parsed.error, options, parsed.errorLine, parsed.errorColumn);
    return checked(parsed.ast, options);
  };
  const write = (sql: string, options: TranspileOptions): string => {
    const tree = rewrite(parse(sql, options), options.relationOf ?? inPlace);
    const [text] = sdk.generate([tree], dialect.DuckDB).sql ?? [];
    const result = sdk.transpile(text ?? '', dialect.DuckDB, dialect.PostgreSQL);
    const [written] = result.sql ?? [];
    if (written === undefined) throw invalid(result.error, options);
    return replaceInCode(written, new RegExp(`\\b${ours}(\\w+)\\(`, 'gi'), inSchema);
  };
  const tables = new KeptTexts<readonly string[]>();
  const texts = new KeptTexts<string>();
  const tablesOf = (sql: string, options: TranspileOptions = {}) =>
    tables.of(sql, () => tableKeys(parse(sql, options)));
  return {
    tablesOf,
    transpile: (sql, options = {}) => {
      const relationOf = options.relationOf ?? inPlace;
      const moved = tablesOf(sql, options).map((key) => relationOf(key) ?? '');
      return texts.of([...moved, sql].join('\n'), () => write(sql, options));
    },
  };
}

function inPlace(): undefined {
  return undefined;
}

function inSchema(call: string): string {
  return `${functionSchema}.${call.slice(ours.length).toLowerCase()}`;
}

/** The one SELECT of a text, all of it portable. */
function checked(parsed: unknown, options: TranspileOptions): Tree {
  const trees = isTree(parsed) && isList(parsed) ? parsed : [];
  const [tree, second] = trees;
  if (tree === undefined || second !== undefined) {
    throw invalid(`${trees.length} statements where one SELECT is expected`, options);
  }
  const problems = unportable(tree);
  if (problems.length > 0) throw notPortable(problems, options);
  return tree;
}

/** The parser's answer is JSON. */
function isTree(value: unknown): value is Tree {
  return value !== undefined;
}

function notPortable(problems: readonly Unportable[], { file }: TranspileOptions): PhusaError {
  const list = problems.map(
    ({ construct, line, column }) =>
      `${construct} (${[file, line, column].filter((part) => part !== undefined).join(':')})`,
  );
  const [first] = problems;
  return new PhusaError({
    group: 'data',
    code: 'sql-not-portable',
    message: {
      vi: `Câu SQL dùng những cấu trúc mà PostgreSQL không cho cùng kết quả: ${list.join('; ')}`,
      en: `The SQL uses what does not give equal results on PostgreSQL: ${list.join('; ')}`,
    },
    remedy: {
      vi: 'Viết lại trong tập con dùng chung: warehouse/postgres/transpile/README.md.',
      en: 'Rewrite it in the portable subset: warehouse/postgres/transpile/README.md.',
    },
    place: {
      ...(file === undefined ? {} : { file }),
      ...(first?.line === undefined ? {} : { line: first.line }),
      ...(first?.column === undefined ? {} : { column: first.column }),
    },
  });
}

function invalid(
  words: string | undefined,
  { file }: TranspileOptions,
  line?: number,
  column?: number,
): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'sql-invalid',
    message: {
      vi: `Câu SQL không hợp lệ: ${words ?? ''}`,
      en: `The SQL is not valid: ${words ?? ''}`,
    },
    place: {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    },
  });
}
