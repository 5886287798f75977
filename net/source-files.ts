import type { JsonObject } from '../core/json.ts';
import { directoryTransport } from './directory-transport.ts';
import type { FileAccess, FileLimits, FileTransport } from './file-transport.ts';
import type { HttpClient } from './http-client.ts';
import { inboxTransport, isInbox } from './inbox-transport.ts';
import { isS3 } from './s3-address.ts';
import { isSftp } from './sftp-address.ts';

/** What a source's files are read with. */
export interface SourceFilesOptions {
  readonly access: FileAccess;
  readonly limits: FileLimits;
  /** The source's client: S3 is asked through it. */
  readonly http: HttpClient;
  /** The source's inbox. */
  readonly inbox: string;
}

/**
 * The files of one source for one run, wherever they lie: a directory, its inbox, an SFTP server, an S3 store. Network
 * code is loaded at the first use of it.
 */
export function sourceFiles({ access, limits, http, inbox }: SourceFilesOptions): FileTransport {
  const roots = access.allowed.filter(({ scheme }) => scheme === 'file').map(({ host }) => host);
  const directories = directoryTransport(roots);
  const sent = inboxTransport(inbox);
  const sftp = late(async () => {
    const { SftpTransport } = await import('./sftp-transport.ts');
    return new SftpTransport(access, limits);
  });
  const s3 = late(async () => {
    const { S3Transport } = await import('./s3-transport.ts');
    return new S3Transport(access, http, limits);
  });
  const of = (address: string): FileTransport => {
    if (isSftp(address)) return sftp;
    if (isS3(address)) return s3;
    return isInbox(address) ? sent : directories;
  };
  return {
    list: (directory, pattern) => of(directory).list(directory, pattern),
    open: (path) => of(path).open(path),
    facts: (bytes) => sent.facts?.(bytes) ?? sftp.facts?.(bytes) ?? s3.facts?.(bytes),
  };
}

/** A transport that is made when it is first used. */
function late(make: () => Promise<FileTransport>): FileTransport {
  let making: Promise<FileTransport> | undefined;
  const made = () => (making ??= make());
  const opened = new WeakMap<object, () => JsonObject | undefined>();
  return {
    list: async (directory, pattern) => await (await made()).list(directory, pattern),
    open: (path) => {
      const known: { facts?: () => JsonObject | undefined } = {};
      const bytes = (async function* () {
        const transport = await made();
        const inner = transport.open(path);
        known.facts = () => transport.facts?.(inner);
        yield* inner;
      })();
      opened.set(bytes, () => known.facts?.());
      return bytes;
    },
    facts: (bytes) =>
      typeof bytes === 'object' && bytes !== null ? opened.get(bytes)?.() : undefined,
  };
}
