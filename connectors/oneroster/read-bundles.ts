import { z } from 'zod';
import { withoutCsvColumns } from '../decode/csv-columns.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import type { BatchWriter } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { bundlesOf, sha256Of, type Bundle, type BundleMember, type OpenBundle } from './bundle.ts';
import type { Collection } from './collections.ts';
import type { OneRosterConfig } from './config.ts';
import { isWhole, type BundleMode } from './manifest.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';
import { isSecretMember } from './secret-member.ts';

const nameShape = z.object({ bundle: z.string() });

/** A file of a bundle that becomes a stream. */
interface Wanted {
  readonly collection: Collection;
  readonly mode: BundleMode;
  readonly member: BundleMember;
}

/**
 * Reads bundles in the order of their names, one batch each, from the cursor's bundle on (which may have been replaced
 * under its name). Without a cursor it begins at the last bundle that is whole: nothing before it matters.
 */
export async function* readBundles(
  context: ReadContext<OneRosterConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const done = nameIn(request.position);
  const bundles = await bundlesToRead(context, request);
  for (const bundle of bundles) {
    if (done !== undefined && bundle.name <= done) continue;
    context.signal.throwIfAborted();
    const batch = await bundle.use((open) => landBundle(context, request, bundle.name, open));
    if (batch === undefined) continue;
    yield request.full && bundle !== bundles.at(-1) ? withoutCover(batch) : batch;
  }
}

/** Read again in full, a bulk bundle must not delete what the deltas after it had brought. */
function withoutCover(batch: ReadBatch): ReadBatch {
  const { proof } = batch.completeness;
  return { ...batch, completeness: { proof } };
}

async function bundlesToRead(
  context: ReadContext<OneRosterConfig>,
  request: ReadRequest,
): Promise<readonly Bundle[]> {
  const bundles = await bundlesOf(context);
  const cursor = request.full ? undefined : nameIn(request.cursor);
  if (cursor !== undefined) return bundles.filter(({ name }) => name >= cursor);
  for (let at = bundles.length - 1; at > 0; at -= 1) {
    const whole = await bundles[at]?.use(({ manifest }) => Promise.resolve(isWhole(manifest)));
    if (whole === true) {
      context.log.info('bundles-superseded', { bundles: at });
      return bundles.slice(at);
    }
  }
  return bundles;
}

function nameIn(value: ReadRequest['cursor']): string | undefined {
  const read = nameShape.safeParse(value);
  return read.success ? read.data.bundle : undefined;
}

async function landBundle(
  context: ReadContext<OneRosterConfig>,
  { streams }: ReadRequest,
  name: string,
  open: OpenBundle,
): Promise<ReadBatch | undefined> {
  const files = wantedFiles(context, name, open).filter(
    ({ collection }) => streams?.includes(collection.stream) ?? true,
  );
  if (files.length === 0) return undefined;
  const batch = await context.openBatch(name);
  for (const file of files) await landFile(batch, name, open, file);
  return {
    batch: batch.id,
    key: name,
    streams: files.map(({ collection }) => collection.stream),
    cursor: { bundle: name },
    position: { bundle: name },
    completeness: {
      proof: 'digest',
      covers: files
        .filter(({ mode }) => mode === 'bulk')
        .map(({ collection }) => collection.stream),
    },
  };
}

/** The files that the manifest declares and the configuration wants. */
function wantedFiles(
  { config, log }: ReadContext<OneRosterConfig>,
  bundle: string,
  { manifest, members }: OpenBundle,
): readonly Wanted[] {
  const present = manifest.files.filter(({ mode }) => mode !== 'absent');
  const unread = present.filter(({ collection }) => collection === undefined);
  if (unread.length > 0)
    log.info('files-not-read', { bundle, files: unread.map(({ name }) => name) });
  return present.flatMap(({ name, mode, collection }) => {
    if (collection === undefined || !config.collections.some((one) => one === collection.name))
      return [];
    const member = members.get(name.toLowerCase());
    if (member === undefined)
      throw oneRosterTrouble('bundle-file-missing', `${bundle}: ${name}.csv (${mode})`);
    return [{ collection, mode, member }];
  });
}

/** Lands one file without its password columns; the receipt keeps the hashes from before. */
async function landFile(
  batch: BatchWriter,
  bundle: string,
  { archiveSha256 }: OpenBundle,
  { collection, mode, member }: Wanted,
): Promise<void> {
  const redacted: string[] = [];
  const drop = (header: string) => {
    if (isSecretMember(header)) redacted.push(header);
    return isSecretMember(header);
  };
  const sha256 = await sha256Of(member.bytes());
  await batch.land({
    name: `${bundle}/${member.name}`,
    mediaType: 'text/csv',
    bytes: withoutCsvColumns(member.bytes(), drop, (cells) => refuseForeign(cells, member.name)),
    request: {
      file: bundle,
      member: member.name,
      collection: collection.name,
      mode,
      sha256BeforeRedaction: sha256,
      redacted,
      ...(archiveSha256 === undefined ? {} : { archiveSha256 }),
    },
  });
}

/** A header in which no column is known could hide a password column: such a file is not landed. */
function refuseForeign(cells: readonly string[], name: string): void {
  if (cells.some((cell) => cell.toLowerCase() === 'sourcedid')) return;
  throw fileTrouble('header-missing-column', { name }, 'sourcedId');
}
