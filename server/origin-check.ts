import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { foreignOrigin } from './refusal.ts';

/**
 * Refuses host names that are not ours (DNS rebinding): a literal address, localhost and the public URL's host are.
 * Throws PhusaError `foreign-origin`.
 */
export function checkHost(request: FastifyRequest, publicUrl: string | undefined): void {
  const { hostname } = new URL(`http://${request.headers.host ?? 'invalid'}`);
  const literal = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  const ours = literal || hostname === 'localhost' || hostname === hostOf(publicUrl);
  if (!ours) throw foreignOrigin(hostname);
}

/**
 * Refuses changes that a browser sends with our cookie from another site: Origin must be present and our own.
 * Throws PhusaError `foreign-origin`.
 */
export function checkOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin } = request.headers;
  const own = [publicUrl && new URL(publicUrl).origin, `http://${request.headers.host ?? ''}`];
  if (origin === undefined || !own.includes(origin)) throw foreignOrigin(origin ?? '—');
}

function hostOf(publicUrl: string | undefined): string | undefined {
  return publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
}
