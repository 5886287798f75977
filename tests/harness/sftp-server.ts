import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

const { Server, utils } = ssh2;
const { STATUS_CODE: status } = utils.sftp;

/** A file of the test server: its bytes, or where its link leads. */
export interface ServedFile {
  bytes?: Buffer;
  link?: string;
  /** Seconds since 1970. */
  modified?: number;
}

/** What goes wrong; changed by tests while the server runs. */
export interface SftpFaults {
  /** The connection is cut after so many bytes of file content, each time it is one of these counts in turn. */
  cutAfter?: number[];
  /** Reads are never answered. */
  silent?: boolean;
  /** Reading is not permitted. */
  denied?: boolean;
  /** Each request for more of a listing gives one more name, for ever. */
  growing?: boolean;
  /** Called before each read; may change files. */
  onRead?: (path: string, offset: number) => void;
  /** Most bytes given for one read. */
  shortReads?: number;
}

/** An SFTP server on loopback with faults and counts. */
export interface TestSftp {
  readonly port: number;
  readonly files: Map<string, ServedFile>;
  readonly faults: SftpFaults;
  readonly fingerprint: string;
  /** User names and passwords or keys that were offered, and connections made. */
  readonly offered: string[];
  readonly connections: () => number;
  /** Bytes of content given. */
  readonly given: () => number;
  /** The server changes its key. */
  renewKey(): Promise<string>;
  stop(): Promise<void>;
}

/** A private key in OpenSSH's reach, and its public half; encrypted where a passphrase is given. */
export function sshKeyPair(passphrase?: string): {
  readonly private: string;
  readonly public: string;
} {
  return passphrase === undefined
    ? utils.generateKeyPairSync('ed25519')
    : utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-cbc', rounds: 4 });
}

/** Starts a server with one account, `bo-y-te`, with a password and perhaps a key. */
export async function startSftp(account: {
  readonly password: string;
  readonly publicKey?: string;
}): Promise<TestSftp> {
  const files = new Map<string, ServedFile>();
  const faults: SftpFaults = {};
  const offered: string[] = [];
  const open = new Set<Connection>();
  let made = 0;
  let given = 0;
  let server = listenWith(hostKey());
  const port = await listening(server.server, 0);

  function listenWith(key: string) {
    const own = new Server({ hostKeys: [key] }, (client) => {
      made += 1;
      open.add(client);
      client.on('error', () => undefined);
      client.on('close', () => open.delete(client));
      client.on('authentication', (context) => {
        if (context.method === 'none') {
          context.reject(['password', 'publickey']);
          return;
        }
        offered.push(`${context.username}:${context.method}`);
        const right =
          context.username === 'bo-y-te' &&
          ((context.method === 'password' && context.password === account.password) ||
            (context.method === 'publickey' && isKey(context, account.publicKey)));
        if (right) context.accept();
        else context.reject();
      });
      client.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serve(acceptSftp(), client));
      });
    });
    return { server: own, fingerprint: fingerprintOf(key) };
  }

  function serve(sftp: SFTPWrapper, client: Connection): void {
    const handles = new Map<number, { path: string; offset: number; listed: boolean }>();
    let next = 0;
    let isCut = false;
    const handleOf = (path: string) => {
      next += 1;
      handles.set(next, { path, offset: 0, listed: false });
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(next);
      return handle;
    };
    const of = (handle: Buffer) => handles.get(handle.readUInt32BE(0));
    sftp.on('REALPATH', (id, path) => {
      const real = resolved(files, path);
      sftp.name(id, [{ filename: real, longname: real, attrs: attributes({}) }]);
    });
    const stat = (follow: boolean) => (id: number, path: string) => {
      const file = files.get(follow ? resolved(files, path) : path);
      if (file) sftp.attrs(id, attributes(file));
      else if (path === '/' || [...files.keys()].some((name) => name.startsWith(`${path}/`)))
        sftp.attrs(id, { ...attributes({}), mode: 0o040755 });
      else sftp.status(id, status.NO_SUCH_FILE);
    };
    sftp.on('STAT', stat(true));
    sftp.on('LSTAT', stat(false));
    sftp.on('OPENDIR', (id, path) => {
      const found = [...files.keys()].some((name) => name.startsWith(`${path}/`));
      if (found || faults.growing) sftp.handle(id, handleOf(path));
      else sftp.status(id, status.NO_SUCH_FILE);
    });
    sftp.on('READDIR', (id, handle) => {
      const state = of(handle);
      if (!state || (state.listed && !faults.growing)) {
        sftp.status(id, status.EOF);
        return;
      }
      state.listed = true;
      state.offset += 1;
      const names = faults.growing
        ? [[`more-${state.offset}.csv`, {}] as const]
        : [...files].flatMap(([name, file]) => {
            const rest = name.slice(state.path.length + 1);
            return name.startsWith(`${state.path}/`) && !/[/]/.test(rest)
              ? [[rest, file] as const]
              : [];
          });
      sftp.name(
        id,
        names.map(([filename, file]) => ({
          filename,
          longname: filename,
          attrs: attributes(file),
        })),
      );
    });
    sftp.on('OPEN', (id, path) => {
      if (faults.denied) sftp.status(id, status.PERMISSION_DENIED);
      else if (files.has(resolved(files, path))) sftp.handle(id, handleOf(resolved(files, path)));
      else sftp.status(id, status.NO_SUCH_FILE);
    });
    sftp.on('READ', (id, handle, offset, length) => {
      if (faults.silent || isCut) return;
      const path = of(handle)?.path ?? '';
      faults.onRead?.(path, offset);
      const bytes = files.get(path)?.bytes ?? Buffer.alloc(0);
      const piece = bytes.subarray(offset, offset + Math.min(length, faults.shortReads ?? length));
      const cut = faults.cutAfter?.[0];
      if (cut !== undefined && offset + length > cut) {
        faults.cutAfter?.shift();
        isCut = true;
        client.end();
        return;
      }
      given += piece.byteLength;
      if (piece.byteLength === 0) sftp.status(id, status.EOF);
      else sftp.data(id, piece);
    });
    sftp.on('CLOSE', (id) => sftp.status(id, status.OK));
  }

  return {
    port,
    files,
    faults,
    get fingerprint() {
      return server.fingerprint;
    },
    offered,
    connections: () => made,
    given: () => given,
    renewKey: async () => {
      for (const client of open) client.end();
      await closed(server.server);
      server = listenWith(hostKey());
      await listening(server.server, port);
      return server.fingerprint;
    },
    stop: async () => {
      for (const client of open) client.end();
      await closed(server.server);
    },
  };
}

function resolved(files: ReadonlyMap<string, ServedFile>, path: string): string {
  const link = files.get(path)?.link;
  return link ?? path;
}

function attributes({ bytes, link, modified = 1_790_000_000 }: ServedFile) {
  const mode = link === undefined ? 0o100644 : 0o120777;
  return { mode, uid: 0, gid: 0, size: bytes?.byteLength ?? 0, atime: modified, mtime: modified };
}

function hostKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

function fingerprintOf(key: string): string {
  const parsed = utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function isKey(context: ssh2.PublicKeyAuthContext, publicKey: string | undefined): boolean {
  const known = publicKey === undefined ? undefined : utils.parseKey(publicKey);
  if (known === undefined || known instanceof Error) return false;
  if (!known.getPublicSSH().equals(context.key.data)) return false;
  return (
    context.signature === undefined ||
    (context.blob !== undefined && known.verify(context.blob, context.signature, context.hashAlgo))
  );
}

async function listening(server: ssh2.Server, port: number): Promise<number> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      resolve(address.port);
    });
  });
}

async function closed(server: ssh2.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
