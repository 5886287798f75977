import type { StreamContract } from '../../core/stream-contract.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';

/** The contracts of the declared tables: dimensions that each batch replaces as a whole. */
export function referenceStreams({ tables }: ReferenceTablesConfig): readonly StreamContract[] {
  return tables.map(streamOf);
}

function streamOf({ stream, label, key, columns }: ReferenceTable): StreamContract {
  return {
    stream,
    layer: 'dim',
    label,
    key,
    deletes: 'absence',
    columns: columns.map(({ name, type, label: words, classification, unit }) => ({
      name,
      type,
      label: words,
      classification,
      ...(unit === undefined ? {} : { unit }),
    })),
  };
}
