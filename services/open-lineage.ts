import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { ColumnContract } from '../core/stream-contract.ts';
import type { AssetLineage } from '../transforms/catalog/asset-lineage.ts';
import type { ColumnUse, DirectUse, IndirectUse } from '../warehouse/column-lineage.ts';

const spec = 'https://openlineage.io/spec';
const producer = 'urn:phusa';

/** Under which name the home's tables and jobs stand, and when this was said (ISO). */
export interface OpenLineageFrame {
  readonly namespace: string;
  readonly eventTime: string;
}

/** One OpenLineage JobEvent (2-0-2) an asset: what it reads, what it makes, and column lineage (facet 1-2-0). */
export function openLineageJobs(
  lineages: readonly AssetLineage[],
  schemas: ReadonlyMap<string, readonly ColumnContract[]>,
  { namespace, eventTime }: OpenLineageFrame,
): readonly JsonObject[] {
  return lineages.map(({ asset, lineage }) => {
    const schemaOf = (key: string) => schemaFacet(schemas.get(key) ?? []);
    return asJson({
      eventTime,
      producer,
      schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/JobEvent`,
      job: {
        namespace,
        name: asset.key,
        facets: {
          sql: facet('1-1-0', 'SQLJobFacet', { query: asset.sql, dialect: 'duckdb' }),
          documentation: facet('1-1-0', 'DocumentationJobFacet', {
            description: asset.description.vi,
          }),
          ownership: facet('1-0-1', 'OwnershipJobFacet', { owners: [{ name: asset.owner }] }),
        },
      },
      inputs: asset.dependsOn.map((name) => ({
        namespace,
        name,
        facets: { schema: schemaOf(name) },
      })),
      outputs: [
        {
          namespace,
          name: asset.key,
          facets: {
            schema: schemaOf(asset.key),
            columnLineage: columnLineageFacet(lineage, namespace),
          },
        },
      ],
    });
  });
}

function facet(version: string, name: string, content: object): object {
  return {
    _producer: producer,
    _schemaURL: `${spec}/facets/${version}/${name}.json#/$defs/${name}`,
    ...content,
  };
}

function schemaFacet(columns: readonly ColumnContract[]): object {
  return facet('1-2-0', 'SchemaDatasetFacet', {
    fields: columns.map(({ name, type, label }, at) => ({
      name,
      type,
      description: label.vi,
      ordinal_position: at + 1,
    })),
  });
}

function columnLineageFacet(
  { columns, indirect }: AssetLineage['lineage'],
  namespace: string,
): object {
  const inputs = (uses: readonly Use[]) =>
    [...byColumn(uses)].map(([, [first, ...more]]) => ({
      namespace,
      name: first.table,
      field: first.column,
      transformations: [first, ...more].map(({ use }) => transformation(use)),
    }));
  return facet('1-2-0', 'ColumnLineageDatasetFacet', {
    fields: Object.fromEntries(
      columns.map((column) => [
        column.name,
        { inputFields: inputs([...column.direct, ...column.indirect]) },
      ]),
    ),
    dataset: inputs(indirect),
  });
}

type Use = ColumnUse<DirectUse | IndirectUse>;

function byColumn(uses: readonly Use[]): ReadonlyMap<string, readonly [Use, ...Use[]]> {
  const grouped = new Map<string, readonly [Use, ...Use[]]>();
  for (const use of uses) {
    const key = `${use.table}.${use.column}`;
    const before = grouped.get(key);
    grouped.set(key, before ? [...before, use] : [use]);
  }
  return grouped;
}

function transformation(use: DirectUse | IndirectUse): object {
  const isDirect = use === 'identity' || use === 'transformation' || use === 'aggregation';
  return {
    type: isDirect ? 'DIRECT' : 'INDIRECT',
    subtype: use.toUpperCase().replace('-', '_'),
    masking: false,
  };
}
