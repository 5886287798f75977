import { json, notFound, type Handler, type Reply } from '../http/reply.ts';
import type { SimulatedRequest } from '../http/reply.ts';
import type { TokenDesk } from '../http/tokens.ts';
import type { Roster, RosterRecord } from './roster.ts';

const ROOT = '/school/ims/oneroster/rostering/v1p2/';
const CLIENT = Buffer.from('ioc-haiphong:mo-phong').toString('base64');
/** More are asked for in vain: the service gives this many without saying so. */
const PAGE_LIMIT = 500;

/** How long a token of this system lives. */
export const SCHOOL_TOKEN_RULE = { seconds: 3600, requests: 200 } as const;

/** Serves the school system: OneRoster 1.2 REST behind OAuth 2 client credentials. */
export function schoolRoutes(roster: () => Roster, tokens: TokenDesk): Handler {
  return (request) => {
    if (request.path === '/school/token') return issue(tokens, request);
    if (!request.path.startsWith(ROOT)) return undefined;
    if (!tokens.accept(request.headers.authorization))
      return json({ imsx_codeMajor: 'failure', imsx_description: 'unauthorisedrequest' }, 401);
    const name = request.path.slice(ROOT.length);
    const records = roster()[name];
    return records === undefined ? notFound(request.path) : page(name, records, request);
  };
}

function issue(tokens: TokenDesk, { method, headers }: SimulatedRequest): Reply {
  if (method !== 'POST' || headers.authorization !== `Basic ${CLIENT}`)
    return json({ error: 'invalid_client' }, 401);
  return json({ access_token: tokens.issue(), token_type: 'Bearer', expires_in: 3600 });
}

function page(name: string, all: readonly RosterRecord[], request: SimulatedRequest): Reply {
  const [, since] = /^dateLastModified>'([^']+)'$/.exec(request.query.get('filter') ?? '') ?? [];
  const found =
    since === undefined
      ? all
      : all.filter(({ dateLastModified }) => String(dateLastModified) > since);
  const offset = request.repeatPage ? 0 : Number(request.query.get('offset') ?? 0);
  const size = Math.min(Number(request.query.get('limit') ?? 100), PAGE_LIMIT);
  const total = { 'x-total-count': String(found.length) };
  return json({ [name]: found.slice(offset, offset + size) }, 200, total);
}
