import type { StreamContract } from '../../core/stream-contract.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/** The contracts of a manifest's streams. */
export function manifestStreams({ streams }: Manifest): readonly StreamContract[] {
  return streams.map(contractOf);
}

function contractOf(stream: ManifestStream): StreamContract {
  const { subject, partition, holdAbove, columns, drift, ignored } = stream;
  return {
    stream: stream.stream,
    layer: stream.layer,
    label: stream.label,
    key: stream.key,
    deletes: stream.deletes,
    columns: columns.map(({ name, type, label, classification, unit }) => ({
      name,
      type,
      label,
      classification,
      ...(unit === undefined ? {} : { unit }),
    })),
    ...(subject === undefined ? {} : { subject }),
    ...(partition === undefined ? {} : { partition }),
    ...(holdAbove === undefined ? {} : { holdAbove }),
    ...(drift === undefined ? {} : { drift }),
    ...(ignored.length === 0 ? {} : { ignored }),
  };
}
