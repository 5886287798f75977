import type { StreamContract } from '../../core/stream-contract.ts';
import type { DatabaseConfig, DatabaseStream } from './config.ts';

/** The contract of every declared stream. */
export function databaseStreams({ streams }: DatabaseConfig): readonly StreamContract[] {
  return streams.map(contractOf);
}

function contractOf({
  stream,
  label,
  columns,
  key,
  deletes,
  subject,
}: DatabaseStream): StreamContract {
  return {
    stream,
    layer: 'staging',
    label,
    key,
    deletes,
    ...(subject === undefined ? {} : { subject }),
    columns: columns.map(({ name, type, classification, unit, label: own }) => ({
      name,
      type,
      classification,
      label: own ?? { vi: name, en: name },
      ...(unit === undefined ? {} : { unit }),
    })),
  };
}
