import type { AllowedOrigin } from '../core/allowed-origin.ts';

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
  if (!isWebBase(base)) return [{ scheme: 'file', host: base }];
  const url = new URL(base);
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
