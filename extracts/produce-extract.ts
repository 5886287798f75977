import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PhusaError } from '../core/errors.ts';
import type { Language } from '../core/localized.ts';
import type { ColumnType } from '../core/stream-contract.ts';
import { asJson } from '../core/json-member.ts';
import type { DataChunk, DataType } from '../render/bulk/data-chunk.ts';
import { dataWorkbook } from '../render/bulk/data-workbook.ts';
import { csvFile } from '../render/bulk/csv.ts';
import type { ResultTable, SelectOptions, Warehouse } from '../warehouse/port.ts';
import { codebook, outputColumns } from './codebook.ts';
import type { ExtractPlan } from './extract-plan.ts';
import { cellCountSql, extractSql, suppressionSql } from './extract-sql.ts';
import { readmeText } from './readme-text.ts';
import { refused } from './refusal.ts';

/** What producing a bundle works with. */
export interface ProduceDependencies {
  readonly warehouse: Warehouse;
  /** Bundles lie under here, one directory each. */
  readonly directory: string;
  /** Where the engine may write; a Parquet file is made here and moved. */
  readonly engineOut: string;
  readonly publicKeyPem: string;
  sign(bytes: Uint8Array): string;
}

/** Who asked, who approved, as known when: printed in README and manifest. */
export interface BundleFrame {
  readonly id: string;
  readonly requester: string;
  readonly approver: string;
  readonly producedAt: string;
  /** ISO instant of the newest data in it. */
  readonly asOf: string;
  readonly notes: readonly string[];
  /** The asker's. */
  readonly language: Language;
}

/** A finished bundle. */
export interface Bundle {
  readonly rows: number;
  readonly suppressed: number;
  readonly files: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
  }[];
}

/**
 * Writes an extract's bundle: data file, README, codebook, request, disclosure, manifest with hashes, signature. Made in
 * a temporary directory and renamed whole, so that a killed production leaves nothing half (E01) and runs again.
 */
export async function produceBundle(
  deps: ProduceDependencies,
  plan: ExtractPlan,
  frame: BundleFrame,
  options: SelectOptions,
): Promise<Bundle> {
  const temporary = path.join(deps.directory, `.${frame.id}.part`);
  const target = path.join(deps.directory, frame.id);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const suppressed = await writeDisclosure(deps, plan, temporary, options);
  const rows = await writeData(
    deps,
    plan,
    path.join(temporary, `data.${plan.request.format}`),
    options,
  );
  const columns = outputColumns(plan);
  await writeFile(path.join(temporary, 'codebook.csv'), codebook(columns, plan, frame.language));
  await writeFile(path.join(temporary, 'request.json'), json(plan.request));
  await writeFile(
    path.join(temporary, 'README.txt'),
    readmeText(plan, frame, { rows, suppressed }),
  );
  const files = await signManifest(deps, plan, frame, temporary, { rows, suppressed });
  await rm(target, { recursive: true, force: true });
  await rename(temporary, target);
  return { rows, suppressed, files };
}

async function writeDisclosure(
  deps: ProduceDependencies,
  plan: ExtractPlan,
  directory: string,
  options: SelectOptions,
): Promise<number> {
  const cells =
    plan.minimumFrequency === null ? [] : await suppressedCells(deps.warehouse, plan, options);
  const rule =
    plan.minimumFrequency === null
      ? null
      : {
          rule: 'minimum-frequency',
          minimum: plan.minimumFrequency,
          subject: plan.dataset.protected?.subject,
          unit: plan.dataset.protected?.unitColumn,
        };
  await writeFile(path.join(directory, 'disclosure.json'), json({ rule, suppressed: cells }));
  return cells.length;
}

async function suppressedCells(
  warehouse: Warehouse,
  plan: ExtractPlan,
  options: SelectOptions,
): Promise<readonly Record<string, string | boolean | null>[]> {
  const { sql, values } = suppressionSql(plan);
  const table = await warehouse.select(sql, { ...options, values });
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

/** More cells than this would be a list of cases, no table. */
const mostCells = 100_000;

/**
 * How many cells of an extract would be suppressed: needed before it may be approved. Throws data
 * `disclosure-table-too-fine` where the combinations of its categories are too many to be a table.
 */
export async function countSuppressed(
  warehouse: Warehouse,
  plan: ExtractPlan,
  options: SelectOptions,
): Promise<number> {
  if (plan.minimumFrequency === null) return 0;
  const { sql, values } = cellCountSql(plan);
  const counted = await warehouse.select(sql, { ...options, values });
  const cells = BigInt(String(counted.rows[0]?.[0] ?? '0'));
  if (cells > mostCells) throw tooFine(cells);
  return (await suppressedCells(warehouse, plan, options)).length;
}

function tooFine(cells: bigint): PhusaError {
  return refused([
    {
      code: 'disclosure-table-too-fine',
      vi: `Bảng có ${cells} ô, nhiều hơn ${mostCells}: gần như liệt kê từng đối tượng. Hãy bớt cột gộp nhóm hoặc lọc hẹp lại.`,
      en: `The table has ${cells} cells, more than ${mostCells}: nearly a list of single subjects. Group by fewer columns or filter.`,
    },
  ]);
}

async function writeData(
  deps: ProduceDependencies,
  plan: ExtractPlan,
  file: string,
  options: SelectOptions,
): Promise<number> {
  const { sql, values } = extractSql(plan);
  const select = { ...options, values };
  if (plan.request.format === 'parquet') return await writeParquet(deps, sql, select, file);
  const columns = outputColumns(plan).map(({ name, type }) => ({ name, type: dataType(type) }));
  const chunks = columnar(deps.warehouse.stream(sql, select), columns.length);
  const written =
    plan.request.format === 'csv'
      ? csvFile(columns, chunks, { byteOrderMark: true })
      : dataWorkbook(columns, chunks, { sheet: plan.dataset.key });
  await pipeline(written.bytes, createWriteStream(file));
  return written.totals().rows;
}

async function writeParquet(
  deps: ProduceDependencies,
  sql: string,
  select: SelectOptions,
  file: string,
): Promise<number> {
  const made = path.join(deps.engineOut, `${path.basename(path.dirname(file))}.parquet`);
  const { rows } = await deps.warehouse.export(sql, { path: made, format: 'parquet' }, select);
  await rename(made, file);
  return rows;
}

async function* columnar(
  tables: AsyncIterable<ResultTable>,
  width: number,
): AsyncIterable<DataChunk> {
  for await (const { rows } of tables) yield columnwise(rows, width);
}

function columnwise(
  rows: readonly (readonly (string | boolean | null)[])[],
  width: number,
): DataChunk {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}

function dataType(type: ColumnType): DataType {
  if (type.startsWith('decimal')) return 'decimal';
  if (type === 'bigint' || type === 'integer') return 'integer';
  if (type === 'boolean' || type === 'date') return type;
  return type === 'timestamp' || type === 'timestamptz' ? 'timestamp' : 'text';
}

async function signManifest(
  deps: ProduceDependencies,
  plan: ExtractPlan,
  frame: BundleFrame,
  directory: string,
  totals: { readonly rows: number; readonly suppressed: number },
): Promise<Bundle['files']> {
  const names = [
    `data.${plan.request.format}`,
    'README.txt',
    'codebook.csv',
    'request.json',
    'disclosure.json',
  ];
  const files = [];
  for (const name of names) files.push(await hashed(directory, name));
  const { purpose, recipient, legalBasis, agreement, expires } = plan.request;
  const manifest = Buffer.from(
    json({
      extract: frame.id,
      dataset: plan.dataset.key,
      ...frame,
      purpose,
      recipient,
      legalBasis,
      agreement,
      expires,
      ...totals,
      files,
      publicKey: deps.publicKeyPem,
    }),
  );
  await writeFile(path.join(directory, 'manifest.json'), manifest);
  await writeFile(path.join(directory, 'manifest.json.sig'), `${deps.sign(manifest)}\n`);
  return [
    ...files,
    await hashed(directory, 'manifest.json'),
    await hashed(directory, 'manifest.json.sig'),
  ];
}

async function hashed(directory: string, name: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file: AsyncIterable<Uint8Array> = createReadStream(path.join(directory, name));
  for await (const chunk of file) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name, sha256: hash.digest('hex'), bytes };
}

function json(value: object): string {
  return `${JSON.stringify(asJson(value), null, 1)}\n`;
}
