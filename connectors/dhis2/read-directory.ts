import type { FileEntry } from '../../net/file-transport.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { Dhis2Config } from './config.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';
import { fileStreams } from './streams.ts';

/** Files that DHIS2 exports. */
export const exportFile = /\.(json|csv|xml)$/i;

/** Reads every file of a directory, one batch each, by name; a file with equal bytes costs nothing further on. */
export async function* readDirectory(
  context: ReadContext<Dhis2Config>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const streams = fileStreams
    .map(({ stream }) => stream)
    .filter((stream) => request.streams?.includes(stream) ?? true);
  if (streams.length === 0) return;
  const after = typeof request.position === 'string' ? request.position : '';
  for (const entry of await context.files.list(context.config.base, exportFile)) {
    const { name, path, modifiedAt } = entry;
    if (name <= after) continue;
    context.signal.throwIfAborted();
    await refuseSecrets(context, entry);
    const writer = await context.openBatch(name);
    await writer.land({
      name,
      bytes: context.files.open(path),
      request: { file: name, publishedAt: modifiedAt },
    });
    yield {
      batch: writer.id,
      key: name,
      streams,
      cursor: null,
      position: name,
      completeness: { proof: 'end-marker' },
    };
  }
}

const secretMember = /"[^"]{0,60}passw(?:or)?d[^"]{0,60}"\s*:/i;
/** Characters that a member's name can lie across two chunks in. */
const overlap = 200;

/** An export of users holds passwords; such a file is refused before a byte of it is landed. */
async function refuseSecrets(
  { files }: ReadContext<Dhis2Config>,
  { name, path }: FileEntry,
): Promise<void> {
  if (!/\.json$/i.test(name)) return;
  let tail = '';
  for await (const chunk of files.open(path)) {
    const text = tail + Buffer.from(chunk).toString('latin1');
    if (secretMember.test(text)) throw dhis2Trouble('file-secret', name);
    tail = text.slice(-overlap);
  }
}
