import type { ColumnDrift } from '../../core/column-drift.ts';
import { column, type ManifestColumn } from './schema/column-schema.ts';
import type { Manifest } from './schema/manifest-schema.ts';

/**
 * The manifest with a change of a column taken up: a new column is declared, a renamed one is read under its new name, one
 * that is gone may be missing, one that is spelled anew is read so. Undefined where nothing is proposed for it.
 */
export function adoptChange(manifest: Manifest, change: ColumnDrift): Manifest | undefined {
  const { proposed, stream: name } = change;
  if (proposed === null) return undefined;
  const streams = manifest.streams.map((stream) =>
    stream.stream === name ? { ...stream, columns: columnsWith(stream.columns, change) } : stream,
  );
  return { ...manifest, streams };
}

function columnsWith(
  columns: readonly ManifestColumn[],
  { kind, column: name, proposed }: ColumnDrift,
): ManifestColumn[] {
  if (kind === 'new') return [...columns, column.parse({ optional: true, ...proposed })];
  return columns.map((one) => (one.name === name ? column.parse({ ...one, ...proposed }) : one));
}
