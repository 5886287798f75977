import type { FileEntry } from '../../net/file-transport.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { fill, settingsOf } from './build-request.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import { positionJson, runPosition } from './source-cursor.ts';

/** The directory or address that a manifest's base names. */
export function baseOf(manifest: Manifest): string {
  const filling = { scope: { config: settingsOf(manifest) ?? {} }, write: String };
  return fill(manifest.base, filling) ?? '';
}

/**
 * Reads every matching file of a directory on every run, one batch each: a file that has not changed is known by its
 * bytes and not decoded again, and one that was corrected under its old name is seen.
 */
export async function* readDirectory(
  context: ReadContext<Manifest>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const base = baseOf(context.config);
  let position = runPosition(request.cursor, request.position);
  for (const [index, stream] of context.config.streams.entries()) {
    if (index < position.stream || request.streams?.includes(stream.stream) === false) continue;
    const entries = await filesOf(context, base, stream);
    const done = index === position.stream ? (position.at ?? 0) : 0;
    for (const [n, entry] of entries.entries()) {
      if (n < done || (request.sample?.piece ?? n) !== n) continue;
      context.signal.throwIfAborted();
      const batch = await context.openBatch(entry.name);
      const facts = { file: entry.name, listedBytes: entry.bytes, page: 1 };
      await batch.land({ name: entry.name, bytes: context.files.open(entry.path), request: facts });
      position = { ...position, stream: index, at: n + 1 };
      yield {
        batch: batch.id,
        key: `${stream.stream}:${entry.name}`,
        streams: [stream.stream],
        cursor: { file: entry.name },
        position: positionJson(position),
        completeness: { proof: 'digest' },
      };
    }
  }
}

/** The files of a stream. Throws data `files-missing` when there is none: an empty directory is not "no news". */
async function filesOf(
  { files }: Pick<ReadContext<Manifest>, 'files'>,
  base: string,
  stream: ManifestStream,
): Promise<readonly FileEntry[]> {
  const entries = await files.list(base, new RegExp(`^(?:${stream.files ?? ''})$`, 'u'));
  if (entries.length === 0)
    throw manifestTrouble('files-missing', `${base}: ${stream.files ?? ''}`);
  return entries;
}

/** The connection test of a directory: how many files the streams find. */
export async function countFiles(
  context: Pick<ReadContext<Manifest>, 'config' | 'files'>,
): Promise<number> {
  const base = baseOf(context.config);
  let count = 0;
  for (const stream of context.config.streams)
    count += (await filesOf(context, base, stream)).length;
  return count;
}
