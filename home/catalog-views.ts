import type { Dataset, Protection } from '../extracts/dataset.ts';
import type { Asset, Catalog } from '../transforms/catalog/catalog.ts';
import type { BuildableAsset } from '../workflows/activities/build-assets.ts';

/** The catalogue's assets as the build sees them. */
export function buildable(catalog: Catalog): readonly BuildableAsset[] {
  return catalog.assets.map(({ key, sql, sha256, dependsOn, checks }) => ({
    key,
    sql,
    sha256,
    inputs: dependsOn,
    checks: checks.map((check) => ({ ...check, on: key })),
  }));
}

/** The marts as datasets for extracts. What is made from protected rows is protected, however often it was summed. */
export function datasets(catalog: Catalog): readonly Dataset[] {
  return catalog.assets
    .filter(({ key }) => key.startsWith('mart.'))
    .map((asset) => {
      const { key, label, description, columns } = asset;
      const protection = protectionOf(asset, catalog);
      const dataset = { key, label, description, columns };
      return protection ? { ...dataset, protected: protection } : dataset;
    });
}

function protectionOf(asset: Asset, catalog: Catalog): Protection | undefined {
  const { subject, unitColumn, countedColumns: counted, dimensions } = asset;
  if (subject !== undefined) return { subject, unitColumn, counted, dimensions };
  const behind = catalog.closure([asset.key]).find((input) => input.subject !== undefined)?.subject;
  return behind && { subject: behind, unitColumn: undefined, counted: [], dimensions: [] };
}
