import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Person } from '../core/person.ts';
import { accessOf } from './operation.ts';
import { operationTable } from './operation-table.ts';
import { notSignedIn } from './refusal.ts';
import { parseInput } from './parse-input.ts';
import type { PeopleServices } from '../services/port.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

/** What signing in takes. */
export const signInBody = z.strictObject({
  name: z.string().min(1).max(200),
  password: z.string().min(1).max(1024),
});

/** What is told about the signed-in person. */
export const personOutput = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  agency: z.string().optional(),
  /** Journal actor: who a request was registered by. */
  actor: z.string(),
  /** Ids of the operations that the person's roles permit, so that a page offers nothing that would be refused. */
  may: z.array(z.string()),
});

/** Sign-in, who am I, sign-out. Every sign-in makes a new session; an id from the browser is never taken over. */
export function addSessionRoutes(
  app: FastifyInstance,
  people: PeopleServices,
  https: boolean,
): void {
  app.post('/api/v1/session', async (request, reply) => {
    const { name, password } = parseInput(signInBody, request.body ?? {});
    const before = readSessionCookie(request, https);
    const { session, person, expires } = await people.signIn(name, password, request.ip);
    if (before !== undefined) await people.signOut(before);
    setSessionCookie(reply, { id: session, expires: new Date(expires) }, https);
    return describe(person);
  });
  app.get('/api/v1/session', (request, reply) => {
    if (!request.person) throw notSignedIn();
    return reply.send(describe(request.person));
  });
  app.delete('/api/v1/session', async (request, reply) => {
    const session = readSessionCookie(request, https);
    if (session !== undefined) await people.signOut(session);
    clearSessionCookie(reply, https);
    return reply.code(204).send();
  });
}

function describe({ name, roles, agency, actor }: Person): z.infer<typeof personOutput> {
  const may = operationTable
    .filter(({ grants }) => roles.some((role) => accessOf(grants, role) !== 'none'))
    .map(({ id }) => id);
  const about = { name, roles: [...roles], actor, may };
  return agency === undefined ? about : { ...about, agency };
}
