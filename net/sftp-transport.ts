import type { Stats } from 'ssh2';
import type { JsonObject } from '../core/json.ts';
import { PhusaError } from '../core/errors.ts';
import { checkEndpoint } from './allow-list.ts';
import type { FileAccess, FileEntry, FileLimits, FileTransport } from './file-transport.ts';
import { isUnfinished } from './file-name-ends.ts';
import { backOffMs } from './retry.ts';
import { sftpAddress, sftpFile, type SftpAddress } from './sftp-address.ts';
import { SftpSession, type ListedName } from './sftp-session.ts';
import { fileChanging, fileTooLarge, fileUnfinished, pathRefused } from './file-trouble.ts';
import { sftpTrouble } from './sftp-trouble.ts';
import { cancelledError, timeoutError } from './transport-errors.ts';

/** Bytes asked for at a time, and how many such requests are under way: each answer takes a round trip. */
const pieceBytes = 32_768;
const piecesAhead = 16;

/** How long an unused connection is kept for the next file. */
const keepMs = 2_000;

/** Troubles of the connection, after which the same may be asked again on a new one. */
const ofTheConnection = new Set([
  'unreachable',
  'connection-broken',
  'timeout-idle',
  'timeout-headers',
]);

/** A file as it was when reading began. */
interface Begun {
  readonly size: number;
  readonly modified: number;
}

/**
 * Reads files over SFTP. The server's key is pinned; a file that changes while it is read, or whose name says that it
 * is still being written, is not taken; a connection that is cut is made again and the file is read on where it broke
 * off. Throws fatal `host-key-unknown`, `host-key-changed`, `address-refused`, `access-refused`, `path-refused`, and
 * what the connection says.
 */
export class SftpTransport implements FileTransport {
  private readonly access: FileAccess;
  private readonly limits: FileLimits;
  private readonly sessions = new Map<string, { session: SftpSession; timer: NodeJS.Timeout }>();
  private readonly told = new WeakMap<object, JsonObject>();
  private retriesLeft: number;

  constructor(access: FileAccess, limits: FileLimits) {
    this.access = access;
    this.limits = limits;
    this.retriesLeft = limits.retryBudget;
  }

  async list(directory: string, pattern: RegExp): Promise<readonly FileEntry[]> {
    const address = this.checked(directory);
    return await this.retried(address, async (session) => {
      const names = await session.list(address.path);
      const entries: FileEntry[] = [];
      for (const found of names) {
        if (!pattern.test(found.name) || isUnfinished(found.name, address.unfinished)) continue;
        const entry = await entryOf(session, address, found);
        if (entry) entries.push(entry);
      }
      return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    });
  }

  open(path: string): AsyncIterable<Uint8Array> {
    const address = this.checked(path);
    const bytes = this.bytes(address);
    this.told.set(bytes, { transport: 'sftp', host: address.host, path: address.path });
    return bytes;
  }

  facts(bytes: unknown): JsonObject | undefined {
    return typeof bytes === 'object' && bytes !== null ? this.told.get(bytes) : undefined;
  }

  private checked(text: string): SftpAddress {
    const address = sftpAddress(text);
    checkEndpoint(address, this.access.allowed);
    return address;
  }

  private async *bytes(address: SftpAddress): AsyncGenerator<Uint8Array> {
    if (isUnfinished(address.path, address.unfinished)) throw fileUnfinished(address.path);
    const until = this.access.now().getTime() + this.limits.totalTimeoutMs;
    let begun: Begun | undefined;
    let done = 0;
    for (;;) {
      const session = await this.session(address);
      try {
        const here = await this.begin(session, address, begun);
        begun = here.begun;
        for await (const piece of pieces(session, here.path, begun, done)) {
          done += piece.byteLength;
          if (this.access.now().getTime() > until) throw this.late(session);
          yield piece;
        }
        await unchanged(session, here.path, begun);
        return;
      } catch (cause) {
        await this.again(cause, session);
      } finally {
        this.release(address, session);
      }
    }
  }

  /** The real path of a file inside its directory, and the state it is read in. */
  private async begin(session: SftpSession, address: SftpAddress, before: Begun | undefined) {
    const path = await confined(session, address.path);
    const begun = begunOf(await session.stat(path));
    if (begun.size > this.limits.maxBytes) throw fileTooLarge(address.path, this.limits.maxBytes);
    if (before && !same(before, begun)) throw fileChanging(address.path);
    return { path, begun };
  }

  private late(session: SftpSession): PhusaError {
    return timeoutError('total', this.limits.totalTimeoutMs, session.place);
  }

  private async retried<T>(
    address: SftpAddress,
    work: (session: SftpSession) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const session = await this.session(address);
      try {
        return await work(session);
      } catch (cause) {
        await this.again(cause, session);
      } finally {
        this.release(address, session);
      }
    }
  }

  /** Waits before the next try; throws what may not be tried again. */
  private async again(cause: unknown, session: SftpSession | undefined): Promise<void> {
    const { signal, sleep, random, log } = this.access;
    if (signal.aborted) throw cancelledError(session?.place ?? '');
    const error = sftpTrouble(cause, session?.place ?? '');
    session?.break(error);
    if (!ofTheConnection.has(error.code) || this.retriesLeft === 0) throw error;
    this.retriesLeft -= 1;
    const tried = this.limits.retryBudget - this.retriesLeft;
    log.warn('sftp-retry', { code: error.code, tried });
    await sleep(backOffMs(tried, random), signal);
  }

  private async session(address: SftpAddress): Promise<SftpSession> {
    if (this.access.signal.aborted) throw cancelledError(address.path);
    const key = keyOf(address);
    const kept = this.sessions.get(key);
    this.sessions.delete(key);
    if (kept) clearTimeout(kept.timer);
    if (kept && !kept.session.isBroken) return kept.session;
    for (;;) {
      try {
        return await SftpSession.open(address, this.access, this.limits);
      } catch (cause) {
        await this.again(cause, undefined);
      }
    }
  }

  /** Keeps a connection for a moment; a second one to the same place is ended. */
  private release(address: SftpAddress, session: SftpSession): void {
    const key = keyOf(address);
    if (session.isBroken) return;
    if (this.sessions.has(key)) {
      session.close();
      return;
    }
    const timer = setTimeout(() => {
      this.sessions.delete(key);
      session.close();
    }, keepMs);
    this.sessions.set(key, { session, timer });
  }
}

function keyOf({ host, port, user }: SftpAddress): string {
  return `${user}@${host}:${port}`;
}

async function entryOf(
  session: SftpSession,
  address: SftpAddress,
  { name, stats }: ListedName,
): Promise<FileEntry | undefined> {
  const path = `${address.path === '/' ? '' : address.path}/${name}`;
  if (/[/\\\0]/.test(name)) throw pathRefused(name);
  const found = stats.isSymbolicLink() ? await session.stat(await confined(session, path)) : stats;
  if (!found.isFile()) return undefined;
  return {
    name,
    path: sftpFile(address, name),
    bytes: found.size,
    modifiedAt: new Date(found.mtime * 1000).toISOString(),
  };
}

/** The path with all links followed, which has to lie in the same directory as the link itself. */
async function confined(session: SftpSession, path: string): Promise<string> {
  const directory = await session.realPath(path.slice(0, path.lastIndexOf('/')) || '/');
  const real = await session.realPath(path);
  const inside = real.startsWith(directory === '/' ? '/' : `${directory}/`);
  // a server that does not follow links in `realpath` is not trusted with one
  if (!inside || real.split('/').includes('..')) throw pathRefused(path);
  if ((await session.lstat(real)).isSymbolicLink()) throw pathRefused(path);
  return real;
}

function begunOf(stats: Stats): Begun {
  return { size: stats.size, modified: stats.mtime };
}

function same(a: Begun, b: Begun): boolean {
  return a.size === b.size && a.modified === b.modified;
}

async function unchanged(session: SftpSession, path: string, begun: Begun): Promise<void> {
  const now = await session.stat(path).catch((cause: unknown) => {
    throw cause instanceof PhusaError && cause.code === 'file-not-found'
      ? fileChanging(path)
      : cause;
  });
  if (!same(begun, begunOf(now))) throw fileChanging(path);
}

/** The bytes from a position to the end that was there when reading began, several requests ahead, in their order. */
async function* pieces(
  session: SftpSession,
  path: string,
  { size }: Begun,
  from: number,
): AsyncGenerator<Uint8Array> {
  const handle = await session.openFile(path);
  const ahead: { readonly length: number; readonly bytes: Promise<Buffer> }[] = [];
  let asked = from;
  try {
    while (asked < size || ahead.length > 0) {
      while (asked < size && ahead.length < piecesAhead) {
        const length = Math.min(pieceBytes, size - asked);
        const bytes = session.read(handle, asked, length);
        // one that fails after another has failed is told by the first
        bytes.catch(() => undefined);
        ahead.push({ length, bytes });
        asked += length;
      }
      const next = ahead.shift();
      const bytes = await next?.bytes;
      if (next === undefined || bytes === undefined || bytes.byteLength < next.length)
        throw fileChanging(path);
      yield bytes;
    }
  } finally {
    session.closeFile(handle);
  }
}
