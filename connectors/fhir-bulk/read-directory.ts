import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { FhirConfig } from './config.ts';
import { fhirTrouble } from './fhir-trouble.ts';
import { fhirStreams } from './streams.ts';

/** Files of an export: `Patient.000.ndjson`, as bulk clients name them. */
export const exportFile = /^[A-Z][A-Za-z]+[.\-_0-9]*\.ndjson$/;

/** Reads the files of a directory as one whole export: a type's resources that are not there any more are deleted. */
export async function* readDirectory(
  context: ReadContext<FhirConfig>,
  { streams: wanted, position }: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const streams = fhirStreams(context.config).map(({ stream }) => stream);
  if (position !== undefined || !streams.some((stream) => wanted?.includes(stream) ?? true)) return;
  const found = await context.files.list(context.config.base, exportFile);
  const files = found.filter(({ name }) =>
    context.config.types.some((type) => type === typeOf(name)),
  );
  if (files.length === 0) throw fhirTrouble('nothing-found', context.config.base);
  const batch = await context.openBatch('export');
  for (const { name, path, modifiedAt } of files) {
    context.signal.throwIfAborted();
    await batch.land({
      name,
      bytes: context.files.open(path),
      mediaType: 'application/fhir+ndjson',
      request: { file: name, publishedAt: modifiedAt, part: 'output', resourceType: typeOf(name) },
    });
  }
  const held = new Set(files.map(({ name }) => `fhir_${typeOf(name).toLowerCase()}`));
  yield {
    batch: batch.id,
    key: batch.key,
    streams,
    cursor: null,
    position: 'done',
    completeness: { proof: 'end-marker', covers: streams.filter((stream) => held.has(stream)) },
  };
}

function typeOf(name: string): string {
  return /^[A-Za-z]+/.exec(name)?.[0] ?? '';
}
