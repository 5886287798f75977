import type { Dataset } from '../extracts/dataset.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
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

/** The marts as datasets for extracts; a subject makes a dataset protected. */
export function datasets(catalog: Catalog): readonly Dataset[] {
  return catalog.assets
    .filter(({ key }) => key.startsWith('mart.'))
    .map(({ key, label, description, columns, subject, unitColumn }) => ({
      key,
      label,
      description,
      columns,
      ...(subject !== undefined && unitColumn !== undefined
        ? { protected: { subject, unitColumn } }
        : {}),
    }));
}
