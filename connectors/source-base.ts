import type { AllowedOrigin } from '../core/allowed-origin.ts';
import type { Localized } from '../core/localized.ts';
import { isInbox } from '../net/inbox-transport.ts';
import { isS3, s3Address } from '../net/s3-address.ts';
import { isSftp, sftpAddress } from '../net/sftp-address.ts';

/** Whether a base is a web address rather than a directory. */
export function isWebBase(base: string): boolean {
  return /^https?:\/\//i.test(base);
}

/** The address of something under a web base; `path` may carry a query. */
export function underBase(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/**
 * The origins of a base: its directory, or its web origin and path; and the inner networks (CIDR) in which a name may
 * lie. Inner networks count only when somebody wrote them down.
 */
export function originsOf(
  base: string,
  networks: readonly string[] = [],
): readonly AllowedOrigin[] {
  if (isInbox(base)) return [{ scheme: 'inbox', host: '' }];
  if (isSftp(base)) return sftpOrigins(base, networks);
  if (isS3(base)) return s3Origins(base, networks);
  if (!isWebBase(base)) return [{ scheme: 'file', host: base }];
  return webOrigins(new URL(base), networks);
}

/** Secrets of file servers and stores, beside a connector's own; only sources whose base is one of these have them. */
export const fileSecrets: Readonly<Record<string, Localized>> = {
  sftpPassword: { vi: 'Mật khẩu SFTP (nếu base là sftp://)', en: 'SFTP password (for sftp://)' },
  sftpKey: { vi: 'Khóa riêng SFTP (login=key)', en: 'SFTP private key (login=key)' },
  sftpKeyPassphrase: {
    vi: 'Mật khẩu của khóa riêng SFTP (nếu khóa được mã hóa)',
    en: 'Passphrase of the SFTP private key (if it is encrypted)',
  },
  pushToken: {
    vi: 'Mã truy cập để đẩy (inbox:?push=bearer)',
    en: 'Token for pushes (inbox:?push=bearer)',
  },
  pushKey: { vi: 'Khóa ký lượt đẩy (inbox:?push=hmac)', en: 'Key of pushes (inbox:?push=hmac)' },
  s3SecretKey: { vi: 'Khóa bí mật S3 (nếu base là s3://)', en: 'S3 secret key (for s3://)' },
};

function sftpOrigins(base: string, networks: readonly string[]): readonly AllowedOrigin[] {
  const { scheme, host, port, path, url } = sftpAddress(base);
  const inner = [...networks, ...url.searchParams.getAll('network')];
  return [host, ...inner].map((one) => ({ scheme, host: one, port, pathPrefix: path }));
}

function s3Origins(base: string, networks: readonly string[]): readonly AllowedOrigin[] {
  const { bucketUrl, authority: ca } = s3Address(base);
  const origins = webOrigins(bucketUrl, networks);
  return ca === undefined ? origins : origins.map((origin) => ({ ...origin, ca }));
}

function webOrigins(url: URL, networks: readonly string[]): readonly AllowedOrigin[] {
  const origin = {
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    pathPrefix: url.pathname.replace(/\/+$/, '') || '/',
    ...(url.port === '' ? {} : { port: Number(url.port) }),
  } as const;
  return [url.hostname, ...networks].map((host) => ({
    ...origin,
    host: host.replace(/^\[|\]$/g, ''),
  }));
}
