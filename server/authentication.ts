import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { localOperator, type Person } from '../core/person.ts';
import { checkHost, checkOrigin } from './origin-check.ts';
import { notSignedIn } from './refusal.ts';
import type { PeopleServices } from '../services/port.ts';
import { pushPath } from './push-routes.ts';
import { readSessionCookie } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined: nobody signed in. */
    person: Person | undefined;
    /** Came in by the home's socket. */
    local: boolean;
  }
}

/** What authentication needs to know. */
export interface AuthenticationOptions {
  readonly people: PeopleServices;
  /** Connections accepted on the home's socket. */
  readonly localSockets: WeakSet<Socket>;
  readonly publicUrl: string | undefined;
}

/** Finds out who asks, on every request, so that a revoked session or token is dead at once. */
export function addAuthentication(app: FastifyInstance, options: AuthenticationOptions): void {
  app.decorateRequest('person', undefined);
  app.decorateRequest('local', false);
  app.addHook('onRequest', async (request) => {
    request.local = options.localSockets.has(request.raw.socket);
    if (!request.local) checkHost(request, options.publicUrl);
    // what systems push is authorised by the source's own token or signature
    if (request.url.startsWith(pushPath)) return;
    request.person = await personOf(request, options);
  });
}

async function personOf(
  request: FastifyRequest,
  { people, publicUrl }: AuthenticationOptions,
): Promise<Person | undefined> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) return requirePerson(await people.token(bearer));
  if (request.local) return localOperator;
  checkOrigin(request, publicUrl);
  const session = readSessionCookie(request, publicUrl?.startsWith('https:') ?? false);
  return session === undefined ? undefined : people.session(session);
}

/** A wrong token is an error, never a step down to somebody else. */
function requirePerson(person: Person | undefined): Person {
  if (!person) throw notSignedIn();
  return person;
}

function bearerOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '';
}
