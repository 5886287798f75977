import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PhusaError } from '../../core/errors.ts';
import type { ColumnContract, ColumnType } from '../../core/stream-contract.ts';
import { readHeader, type AssetHeader } from './asset-header.ts';
import { orderAssets } from './asset-order.ts';
import type { Asset, Catalog, CatalogProblem } from './catalog.ts';
import { portabilityProblems } from './portable-sql.ts';

/** What the catalogue is read with. */
export interface CatalogSources {
  /** The folder that holds `staging/` and `marts/`. */
  readonly directory: string;
  /** Tables a SELECT reads, from its parsed tree (the warehouse's). */
  tablesOf(sql: string): Promise<readonly string[]>;
  /** Keys of loaded tables (`staging.dossier`, `dim.area` …); when given, any other table is a problem. */
  readonly loaded?: ReadonlySet<string>;
}

/** A catalogue, or everything that is wrong with it. */
export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

const FOLDERS = [
  { folder: 'staging', layer: 'staging' },
  { folder: 'marts', layer: 'mart' },
] as const;

interface ReadAsset {
  readonly asset?: Asset;
  readonly problems: readonly CatalogProblem[];
}

/** Reads the catalogue; throws fatal `catalog-invalid` listing every problem with its file and asset. */
export async function loadCatalog(sources: CatalogSources): Promise<Catalog> {
  const result = await readCatalog(sources);
  if (result.ok) return result.catalog;
  const list = result.problems.map((p) => `${p.file}: ${p.problem}`).join('\n');
  throw new PhusaError({
    group: 'fatal',
    code: 'catalog-invalid',
    message: {
      vi: `Danh mục biến đổi dữ liệu có lỗi:\n${list}`,
      en: `The catalogue has faults:\n${list}`,
    },
    remedy: {
      vi: 'Sửa các tệp nêu trên; xem transforms/README.md.',
      en: 'Correct the files above; see transforms/README.md.',
    },
  });
}

/** Reads `staging/*.sql` and `marts/*.sql`, collecting all problems. */
export async function readCatalog(sources: CatalogSources): Promise<CatalogResult> {
  const files = await assetFiles(sources.directory);
  const read = await Promise.all(files.map((file) => readAsset(file, sources)));
  const assets = read.flatMap(({ asset }) => (asset ? [asset] : []));
  const problems = [...read.flatMap((r) => r.problems), ...graphProblems(assets, sources.loaded)];
  const ordered = orderAssets(assets);
  if (!ordered.ok) {
    problems.push(...ordered.cycles.map((cycle) => cycleProblem(cycle, assets)));
    return { ok: false, problems };
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, catalog: catalogOf(ordered.order) };
}

interface AssetFile {
  readonly file: string;
  readonly path: string;
  readonly key: string;
}

async function assetFiles(directory: string): Promise<readonly AssetFile[]> {
  const found = await Promise.all(
    FOLDERS.map(async ({ folder, layer }) => {
      const names = await readdir(path.join(directory, folder));
      return names
        .filter((name) => name.endsWith('.sql') && !name.endsWith('.postgres.sql'))
        .sort()
        .map((name) => ({
          file: `${folder}/${name}`,
          path: path.join(directory, folder, name),
          key: `${layer}.${name.slice(0, -'.sql'.length).replaceAll('-', '_')}`,
        }));
    }),
  );
  return found.flat();
}

async function readAsset(file: AssetFile, sources: CatalogSources): Promise<ReadAsset> {
  const sql = await readFile(file.path, 'utf8');
  const about = (problem: string) => ({ file: file.file, asset: file.key, problem });
  const result = readHeader(sql);
  if (!result.ok) return { problems: result.problems.map(about) };
  const { header } = result;
  const own = [...headerProblems(header, file.key), ...portabilityProblems(sql)];
  try {
    const tables = new Set(await sources.tablesOf(sql));
    const asset = assetOf(header, sql, file.file, [...tables].sort());
    return { asset, problems: [...own, ...provenanceProblems(header, tables)].map(about) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { problems: [...own, `SQL does not parse: ${words}`].map(about) };
  }
}

function headerProblems(header: AssetHeader, key: string): readonly string[] {
  const names = header.columns.map((c) => c.name);
  const known = new Set(names);
  const named = [
    ...header.key,
    ...(header.unit_column ? [header.unit_column] : []),
    ...header.counted_columns,
    ...header.dimensions,
  ];
  return [
    ...(header.asset === key ? [] : [`asset is ${header.asset}, the file's place says ${key}`]),
    ...repeated(names).map((name) => `column ${name} is declared twice`),
    ...repeated(header.checks.map((c) => c.code)).map((code) => `check ${code} is declared twice`),
    ...named.filter((n) => !known.has(n)).map((n) => `${n} is not a declared column`),
    ...(header.subject && !header.unit_column ? ['a subject needs unit_column'] : []),
    ...header.columns
      .filter(
        ({ name, classification }) =>
          header.dimensions.includes(name) && !['public', 'internal'].includes(classification),
      )
      .map(({ name }) => `dimension ${name} identifies a subject`),
  ];
}

function provenanceProblems(header: AssetHeader, tables: ReadonlySet<string>): readonly string[] {
  const columns = new Set(header.columns.map((c) => c.name));
  return header.provenance.flatMap(({ asset, on }) => [
    ...(tables.has(asset) ? [] : [`provenance names ${asset}, which the SQL does not read`]),
    ...Object.keys(on)
      .filter((name) => !columns.has(name))
      .map((name) => `provenance column ${name} is not a declared column`),
  ]);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

function graphProblems(
  assets: readonly Asset[],
  loaded: ReadonlySet<string> | undefined,
): readonly CatalogProblem[] {
  if (!loaded) return [];
  const known = new Set([...loaded, ...assets.map((a) => a.key)]);
  return assets.flatMap((asset) =>
    asset.dependsOn
      .filter((table) => !known.has(table))
      .map((table) => ({
        file: asset.file,
        asset: asset.key,
        problem: `reads ${table}, which nothing loads or builds`,
      })),
  );
}

function cycleProblem(cycle: string, assets: readonly Asset[]): CatalogProblem {
  const first = cycle.split(' ')[0];
  const asset = assets.find((a) => a.key === first);
  return { file: asset?.file ?? '', asset: first, problem: `reads itself: ${cycle}` };
}

function assetOf(
  header: AssetHeader,
  sql: string,
  file: string,
  dependsOn: readonly string[],
): Asset {
  return {
    key: header.asset,
    label: header.label,
    description: header.description,
    owner: header.owner,
    grain: header.grain,
    columns: header.columns.map(columnOf),
    keyColumns: header.key,
    subject: header.subject,
    unitColumn: header.unit_column,
    countedColumns: header.counted_columns,
    dimensions: header.dimensions,
    declassified: header.columns.filter((c) => c.declassified).map((c) => c.name),
    provenance: header.provenance,
    checks: header.checks,
    sql,
    sha256: createHash('sha256').update(sql).digest('hex'),
    file,
    dependsOn,
  };
}

function columnOf(column: AssetHeader['columns'][number]): ColumnContract {
  const { name, label, classification, unit } = column;
  const type = columnType(column.type);
  return { name, type, label, classification, ...(unit === undefined ? {} : { unit }) };
}

const PLAIN_TYPES = [
  'varchar',
  'bigint',
  'integer',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
] as const satisfies readonly ColumnType[];

/** A declared type as a column type; the header's schema has checked its spelling. */
export function columnType(text: string): ColumnType {
  const plain = PLAIN_TYPES.find((type) => type === text);
  if (plain) return plain;
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(text) ?? [];
  return `decimal(${Number(precision)},${Number(scale)})`;
}

function catalogOf(assets: readonly Asset[]): Catalog {
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  const read = new Set(assets.flatMap((asset) => asset.dependsOn));
  return {
    assets,
    asset: (key) => byKey.get(key),
    inputs: [...read].filter((key) => !byKey.has(key)).sort(),
    closure: (keys) => {
      const wanted = new Set<string>();
      const add = (key: string): void => {
        const asset = byKey.get(key);
        if (!asset || wanted.has(key)) return;
        wanted.add(key);
        asset.dependsOn.forEach(add);
      };
      keys.forEach(add);
      return assets.filter((asset) => wanted.has(asset.key));
    },
  };
}
