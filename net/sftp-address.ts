import { defaultPorts, type Endpoint } from './allow-list.ts';
import { addressRefused, decodedPart, type AddressForm } from './file-address.ts';
import { unfinishedEnds } from './file-name-ends.ts';

/** A directory or file of an SFTP server, as its address says. */
export interface SftpAddress extends Endpoint {
  readonly scheme: 'sftp';
  readonly user: string;
  /** Accepted fingerprints of the server's key, `SHA256:…` as `ssh-keygen -l` prints them; more than one while it is changed. */
  readonly hostKeys: readonly string[];
  /** What the account signs in with; the secret is `sftpPassword` or `sftpKey`. */
  readonly login: 'password' | 'key';
  /** Endings of names that are still being written. */
  readonly unfinished: readonly string[];
  /** The address as it was given; a file's address is made of it. */
  readonly url: URL;
}

/** Whether an address is one of SFTP. */
export function isSftp(address: string): boolean {
  return /^sftp:/i.test(address);
}

/**
 * Reads `sftp://user@host[:port]/directory?hostKey=SHA256:…[&login=key][&unfinished=.wip]`. Throws fatal
 * `sftp-address-invalid`; a password in the address is refused, for it belongs into the secret store.
 */
export function sftpAddress(text: string): SftpAddress {
  // read as http, so that hosts are understood as everywhere: numbers as addresses, letters in lower case
  const given = text.replace(/^sftp:/i, 'http:');
  if (!isSftp(text) || !URL.canParse(given))
    throw addressRefused(sftpForm, 'cần / needs sftp://user@host/…');
  const url = new URL(given);
  if (url.password !== '')
    throw addressRefused(sftpForm, 'không ghi mật khẩu vào địa chỉ / no password in it');
  if (url.username === '' || url.hash !== '')
    throw addressRefused(sftpForm, 'thiếu tài khoản / no user name');
  const { searchParams: more } = url;
  const path = decodedPath(url.pathname);
  return {
    scheme: 'sftp',
    host: url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''),
    port: Number(/^[^/]*\/\/[^/?#]*:(\d+)(?=[/?#]|$)/.exec(text)?.[1] ?? defaultPorts.sftp),
    path,
    user: decodedPart(sftpForm, url.username, 'tài khoản / user name'),
    hostKeys: more.getAll('hostKey').map(fingerprintText),
    login: more.get('login') === 'key' ? 'key' : 'password',
    unfinished: unfinishedEnds(more.getAll('unfinished')),
    url,
  };
}

/** The address of a file in a directory. */
export function sftpFile({ url, path }: SftpAddress, name: string): string {
  const file = new URL(url);
  file.pathname = [...path.split('/'), name]
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/');
  return file.href.replace(/^http:/, 'sftp:');
}

/** A plus of Base64 is read as a blank in a query. */
function fingerprintText(text: string): string {
  return text.replaceAll(' ', '+').replace(/=+$/, '');
}

function decodedPath(pathname: string): string {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodedPart(sftpForm, part, refusedPath));
  if (parts.some((part) => part === '..' || part === '.' || /[/\\\0]/.test(part)))
    throw addressRefused(sftpForm, refusedPath);
  return `/${parts.join('/')}`;
}

const refusedPath = 'đường dẫn không hợp lệ / the path is not permitted';

const sftpForm: AddressForm = {
  name: 'SFTP',
  form: {
    vi: 'sftp://tài-khoản@máy-chủ/thư-mục?hostKey=SHA256:…',
    en: 'sftp://user@host/directory?hostKey=SHA256:…',
  },
};
