import type { ColumnRule, StreamContract } from '../../core/stream-contract.ts';
import type { ManifestColumn } from './schema/column-schema.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** The contracts of a manifest's streams. */
export function manifestStreams(manifest: Manifest): readonly StreamContract[] {
  return manifest.streams.map((stream) => contractOf(stream, manifest.dictionaries));
}

function contractOf(
  stream: ManifestStream,
  dictionaries: Manifest['dictionaries'],
): StreamContract {
  const { subject, partition, holdAbove, columns, drift, ignored } = stream;
  return {
    stream: stream.stream,
    layer: stream.layer,
    label: stream.label,
    key: stream.key,
    deletes: stream.deletes,
    columns: columns.map((column) => {
      const { name, type, label, classification, unit } = column;
      const rule = ruleOf(column, dictionaries);
      return {
        ...{ name, type, label, classification },
        ...(unit === undefined ? {} : { unit }),
        ...(Object.keys(rule).length === 0 ? {} : { rule }),
      };
    }),
    ...(subject === undefined ? {} : { subject }),
    ...(partition === undefined ? {} : { partition }),
    ...(holdAbove === undefined ? {} : { holdAbove }),
    ...(drift === undefined ? {} : { drift }),
    ...(ignored.length === 0 ? {} : { ignored }),
  };
}

/** What a declaration says of a column's values. */
function ruleOf(
  { required, min, max, matches, oneOf, dictionary }: ManifestColumn,
  dictionaries: Manifest['dictionaries'],
): ColumnRule {
  const codes = typeof dictionary === 'string' ? dictionaries[dictionary] : dictionary;
  const known = codes === undefined ? oneOf : [...new Set(Object.values(codes))];
  return {
    ...(required ? { required } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(matches === undefined ? {} : { matches }),
    ...(known === undefined ? {} : { oneOf: known }),
    ...(codes === undefined ? {} : { codes }),
  };
}
