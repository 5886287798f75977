import { parse } from 'yaml';
import { z } from 'zod';

const localized = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const snake = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const tableKey = z.string().regex(/^(staging|mart|dim)\.[a-z_][a-z0-9_]*$/);

const column = z.strictObject({
  name: snake,
  type: z
    .string()
    .regex(/^(varchar|bigint|integer|boolean|date|timestamp|timestamptz|decimal\(\d+,\d+\))$/),
  label: localized,
  unit: z.string().optional(),
  classification: z.enum(['public', 'internal', 'personal', 'sensitive']),
  /** Why this column may be less strict than what it is made of: a reviewed step, in both languages. */
  declassified: localized.exactOptional(),
});

const check = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  severity: z.enum(['block', 'warn']),
  label: localized,
  remedy: localized,
  /** One SELECT over `candidate` and published tables that returns (field, value) for each violation. */
  sql: z.string().min(1),
});

/** The YAML header of an asset's SQL file. */
const assetHeader = z.strictObject({
  asset: z.string().regex(/^(staging|mart)\.[a-z_][a-z0-9_]*$/),
  label: localized,
  description: localized,
  /** Who answers for it. */
  owner: z.string().min(1),
  /** What one row is. */
  grain: localized,
  columns: z.array(column).min(1),
  /** Key columns: they make a row's reference. */
  key: z.array(snake).min(1),
  /** Statistical unit to be protected, and the column that identifies it. */
  subject: z.enum(['person', 'enterprise', 'holding']).optional(),
  unit_column: snake.optional(),
  /** Columns present in every row, by which an extract of protected rows may count them. */
  counted_columns: z.array(snake).default([]),
  /** What an extract of protected rows may be grouped and filtered by: categories that many subjects share. */
  dimensions: z.array(snake).default([]),
  /** Which rows of which input a row comes from: own column → column of the input. */
  provenance: z.array(
    z.strictObject({
      asset: tableKey,
      on: z.record(snake, snake),
      match: z.string().min(1).exactOptional(),
    }),
  ),
  checks: z.array(check).default([]),
});

/** A header as written. */
export type AssetHeader = z.infer<typeof assetHeader>;

/** What is wrong with a file, as text in English: for the developer who wrote it. */
export type HeaderResult =
  | { readonly ok: true; readonly header: AssetHeader }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Takes the YAML header out of the leading comment (between `---` lines) of a SQL file. */
export function readHeader(sql: string): HeaderResult {
  const match = /^\s*\/\* ---\r?\n([\s\S]*?)\r?\n--- \*\//.exec(sql);
  if (!match) return { ok: false, problems: ['no /* --- … --- */ header at the top'] };
  const parsed = parseYaml(match[1] ?? '');
  if (!parsed.ok) return { ok: false, problems: [`header is not YAML: ${parsed.message}`] };
  const result = assetHeader.safeParse(parsed.value);
  if (result.success) return { ok: true, header: result.data };
  return {
    ok: false,
    problems: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  };
}

function parseYaml(
  text: string,
):
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string } {
  try {
    const value: unknown = parse(text);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
