import type { JsonObject } from '../core/json.ts';
import { assetLineages, type AssetLineage } from '../transforms/catalog/asset-lineage.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { notFound } from './batch-services.ts';
import { tableOf, type ClassifiedTables, type OwnedContract } from './hidden-columns.ts';
import { openLineageJobs } from './open-lineage.ts';

/** What answering where data come from works with. */
export interface LineageDependencies extends Pick<ClassifiedTables, 'contracts'> {
  readonly warehouse: Pick<Warehouse, 'columnLineage'>;
  readonly catalog: Catalog;
  /** Namespace of the home's tables and jobs in OpenLineage. */
  readonly namespace: string;
}

/** A step of lineage: what `from` is to `to`. `use` is left out between tables. */
interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly use?: string;
}

/** Which way to look, and whether as a graph or as OpenLineage jobs. */
export type LineageDirection = 'up' | 'down';

/** Nodes and edges that an asset (`layer.name`) or a column (`layer.name.column`) comes from or goes to. */
export async function lineageGraph(
  deps: LineageDependencies,
  ref: string,
  direction: LineageDirection,
): Promise<{ readonly nodes: readonly JsonObject[]; readonly edges: readonly JsonObject[] }> {
  const contracts = await deps.contracts();
  const [key, column] = known(deps, contracts, ref);
  const edges =
    column === undefined
      ? tableEdges(deps.catalog)
      : (await lineages(deps, contracts)).flatMap(columnEdges);
  const start = column === undefined ? key : ref;
  const reached = closure(start, edges, direction);
  const kept = edges.filter(({ from, to }) => reached.has(from) && reached.has(to));
  return {
    nodes: [...reached].map((id) => ({
      id,
      derived: deps.catalog.asset(id.split('.').slice(0, 2).join('.')) !== undefined,
    })),
    edges: kept.map((edge) => ({ ...edge })),
  };
}

/** The same as OpenLineage job events (specification 2-0-2), with the facets schema, columnLineage, sql, ownership. */
export async function lineageJobs(
  deps: LineageDependencies,
  ref: string,
  direction: LineageDirection,
  eventTime: string,
): Promise<readonly JsonObject[]> {
  const contracts = await deps.contracts();
  const [key] = known(deps, contracts, ref);
  const reached = closure(key, tableEdges(deps.catalog), direction);
  const wanted = (await lineages(deps, contracts)).filter(({ asset }) => reached.has(asset.key));
  const schemas = new Map([
    ...contracts.map(({ contract }) => [tableOf(contract), contract.columns] as const),
    ...deps.catalog.assets.map((asset) => [asset.key, asset.columns] as const),
  ]);
  return openLineageJobs(wanted, schemas, { namespace: deps.namespace, eventTime });
}

function lineages(
  { warehouse, catalog }: LineageDependencies,
  contracts: readonly OwnedContract[],
): Promise<readonly AssetLineage[]> {
  return assetLineages(warehouse, catalog.assets, columnsOf(contracts));
}

function columnsOf(contracts: readonly OwnedContract[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    contracts.map(({ contract }) => [tableOf(contract), contract.columns.map(({ name }) => name)]),
  );
}

/** Key of the table and name of the column; throws `asset-not-found` for either. */
function known(
  { catalog }: LineageDependencies,
  contracts: readonly OwnedContract[],
  ref: string,
): readonly [string, string | undefined] {
  const [layer = '', name = '', column] = ref.split('.');
  const key = `${layer}.${name}`;
  const columns =
    catalog.asset(key)?.columns.map((one) => one.name) ?? columnsOf(contracts).get(key);
  if (!columns) throw notFound('bảng', 'asset', key);
  if (column !== undefined && !columns.includes(column)) throw notFound('cột', 'column', ref);
  return [key, column];
}

function tableEdges({ assets }: Catalog): readonly LineageEdge[] {
  return assets.flatMap(({ key, dependsOn }) => dependsOn.map((from) => ({ from, to: key })));
}

/** What decides about all rows of an asset decides about each of its columns. */
function columnEdges({ asset, lineage }: AssetLineage): readonly LineageEdge[] {
  return lineage.columns.flatMap(({ name, direct, indirect }) =>
    [...direct, ...indirect, ...lineage.indirect].map(({ table, column, use }) => ({
      from: `${table}.${column}`,
      to: `${asset.key}.${name}`,
      use,
    })),
  );
}

/**
 * Upwards only values are followed: what decides about rows is told, and there it ends. Downwards all is: a change of a
 * column also changes what it decides about.
 */
function closure(
  start: string,
  edges: readonly LineageEdge[],
  direction: LineageDirection,
): ReadonlySet<string> {
  const reached = new Set([start]);
  const followed = edges.filter(
    ({ use }) => direction === 'down' || use === undefined || isValue(use),
  );
  for (const node of reached) {
    for (const { from, to } of followed) {
      if (direction === 'up' && to === node) reached.add(from);
      if (direction === 'down' && from === node) reached.add(to);
    }
  }
  return reached;
}

function isValue(use: string): boolean {
  return use === 'identity' || use === 'transformation' || use === 'aggregation';
}
