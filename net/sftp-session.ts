import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import ssh2, { Client, type SFTPWrapper, type Stats } from 'ssh2';
import type { FileAccess, FileLimits } from './file-transport.ts';
import { dial } from './guarded-socket.ts';
import type { SftpAddress } from './sftp-address.ts';
import { listingTooLong } from './file-trouble.ts';
import { hostKeyRefused, keyUnreadable, sftpStatus, sftpTrouble } from './sftp-trouble.ts';
import { cancelledError, timeoutError } from './transport-errors.ts';

/** One name of a listing. */
export interface ListedName {
  readonly name: string;
  readonly stats: Stats;
}

/** A signed-in connection; every request has its time limit, and all end when the run is cancelled. */
export class SftpSession {
  readonly place: string;
  private readonly broken = abortable();
  private readonly client: Client;
  private readonly sftp: SFTPWrapper;
  private readonly limits: FileLimits;

  private constructor(client: Client, sftp: SFTPWrapper, place: string, limits: FileLimits) {
    this.client = client;
    this.sftp = sftp;
    this.place = place;
    this.limits = limits;
    client.on('error', (cause) => this.break(cause));
    client.on('close', () => this.break(new Error('the connection was closed')));
  }

  /** Connects, compares the server's key before anything secret is sent, and signs in. */
  static async open(
    address: SftpAddress,
    access: FileAccess,
    limits: FileLimits,
  ): Promise<SftpSession> {
    const place = `sftp://${address.host}:${address.port}${address.path}`;
    try {
      const login = await loginOf(address, access);
      const { connectTimeoutMs: timeoutMs } = limits;
      const { allowed, lookup } = access;
      const sock = await dial(address, { allowed, timeoutMs, ...(lookup ? { lookup } : {}) });
      const client = new Client();
      const stop = () => client.destroy();
      access.signal.addEventListener('abort', stop, { once: true });
      client.once('close', () => access.signal.removeEventListener('abort', stop));
      const sftp = await signedIn(client, address, place, {
        ...login,
        sock,
        readyTimeout: timeoutMs,
      });
      return new SftpSession(client, sftp, place, limits);
    } catch (cause) {
      throw access.signal.aborted ? cancelledError(place) : sftpTrouble(cause, place);
    }
  }

  get isBroken(): boolean {
    return this.broken.signal.aborted;
  }

  /** The names of a directory, within the cap. */
  async list(directory: string): Promise<readonly ListedName[]> {
    const handle = await this.ask<Buffer>((done) => this.sftp.opendir(directory, done));
    const names: ListedName[] = [];
    try {
      for (;;) {
        const piece = await this.piece(handle);
        if (piece === undefined) return names;
        names.push(...piece);
        if (names.length > this.limits.maxEntries)
          throw listingTooLong(this.place, this.limits.maxEntries);
      }
    } finally {
      this.sftp.close(handle, () => undefined);
    }
  }

  stat(path: string): Promise<Stats> {
    return this.ask((done) => this.sftp.stat(path, done));
  }

  lstat(path: string): Promise<Stats> {
    return this.ask((done) => this.sftp.lstat(path, done));
  }

  realPath(path: string): Promise<string> {
    return this.ask((done) => this.sftp.realpath(path, done));
  }

  openFile(path: string): Promise<Buffer> {
    return this.ask((done) => this.sftp.open(path, 'r', done));
  }

  closeFile(handle: Buffer): void {
    if (!this.isBroken) this.sftp.close(handle, () => undefined);
  }

  /** So many bytes from a position on; fewer only at the end of the file. */
  async read(handle: Buffer, position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const came = await this.ask<number>((done) => {
        this.sftp.read(handle, bytes, filled, length - filled, position + filled, done);
      }, 0);
      if (came === 0) break;
      filled += came;
    }
    return bytes.subarray(0, filled);
  }

  close(): void {
    this.break(new Error('the session was ended'));
    this.client.end();
  }

  /** Ends the connection with the reason that all waiting requests get. */
  break(reason: unknown): void {
    if (this.isBroken) return;
    this.broken.abort(reason);
    this.client.destroy();
  }

  private async piece(handle: Buffer): Promise<readonly ListedName[] | undefined> {
    const listed = await this.ask<readonly { filename: string; attrs: Stats }[] | undefined>(
      (done) => this.sftp.readdir(handle, done),
      undefined,
    );
    return listed
      ?.filter(({ filename }) => filename !== '.' && filename !== '..')
      .map(({ filename, attrs }) => ({ name: filename, stats: attrs }));
  }

  /** One request; `atEnd` answers for the end of a file or listing where given as a second argument. */
  private async ask<T>(
    send: (done: (error: Error | null | undefined, value: T) => void) => void,
    ...atEnd: readonly T[]
  ): Promise<T> {
    const { signal } = this.broken;
    const { idleTimeoutMs } = this.limits;
    return new Promise<T>((resolve, reject) => {
      const fail = () => settle(() => reject(sftpTrouble(signal.reason, this.place)));
      const timer = setTimeout(
        () => this.break(timeoutError('idle', idleTimeoutMs, this.place)),
        idleTimeoutMs,
      );
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', fail);
        end();
      };
      signal.addEventListener('abort', fail, { once: true });
      if (signal.aborted) {
        fail();
        return;
      }
      send((error, value) => {
        if (error && isEnd(error) && atEnd.length > 0) settle(() => resolve(atEnd[0] as T));
        else if (error) settle(() => reject(sftpTrouble(error, this.place)));
        else settle(() => resolve(value));
      });
    });
  }
}

/** Each request under way listens for the end of the connection. */
function abortable(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function isEnd(error: Error): boolean {
  return 'code' in error && error.code === sftpStatus.eof;
}

/** What the account signs in with; an encrypted key is opened with its passphrase before anybody is asked. */
async function loginOf({ user, login }: SftpAddress, access: FileAccess) {
  if (login === 'password')
    return { username: user, password: await access.secret('sftpPassword') };
  const privateKey = await access.secret('sftpKey');
  const found = ssh2.utils.parseKey(privateKey);
  if (!(found instanceof Error)) return { username: user, privateKey };
  if (!/^Encrypted .* no passphrase/.test(found.message)) throw keyUnreadable('sftpKey');
  const passphrase = await access.secret('sftpKeyPassphrase');
  if (ssh2.utils.parseKey(privateKey, passphrase) instanceof Error)
    throw keyUnreadable('sftpKeyPassphrase');
  return { username: user, privateKey, passphrase };
}

async function signedIn(
  client: Client,
  { hostKeys }: SftpAddress,
  place: string,
  login: Parameters<Client['connect']>[0],
): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    let refusal: Error | undefined;
    const fail = (cause: Error) => {
      client.destroy();
      login.sock?.destroy();
      reject(refusal ?? cause);
    };
    client.once('error', fail);
    client.once('close', () => fail(new Error('the connection was closed')));
    client.once('ready', () => {
      client.sftp((error, sftp) => (error ? fail(error) : resolve(sftp)));
    });
    const hostVerifier = (key: Buffer): boolean => {
      const shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
      if (hostKeys.includes(shown)) return true;
      refusal = hostKeyRefused(place, shown, hostKeys);
      return false;
    };
    try {
      client.connect({ ...login, hostVerifier });
    } catch (cause) {
      fail(cause instanceof Error ? cause : new Error(String(cause)));
    }
  });
}
