import { dayOf, isoDay } from '../days.ts';
import { bodyFields, json, notFound, type Handler, type Reply } from '../http/reply.ts';
import type { SimulatedRequest } from '../http/reply.ts';
import type { TokenDesk } from '../http/tokens.ts';
import { fileBytes, publishedText, type Archive, type InvoiceFileCard } from './archive.ts';
import { portalRecord } from './portal.ts';

const CLIENT = 'ioc-haiphong';
const SECRET = 'mo-phong';
const FILES = '/einvoice/files/';
const PAGE_LIMIT = 500;

/** How long a token of this system lives. */
export const EINVOICE_TOKEN_RULE = { seconds: 1800, requests: 1_000_000 } as const;

/** Serves the tax authority's e-invoice system. */
export function einvoiceRoutes(archive: () => Archive, tokens: TokenDesk): Handler {
  return (request) => {
    if (!request.path.startsWith('/einvoice/')) return undefined;
    if (request.path === '/einvoice/token') return issueToken(tokens, request);
    if (!tokens.accept(request.headers.authorization)) {
      return json({ error: 'invalid_token' }, 401, { 'www-authenticate': 'Bearer' });
    }
    return content(archive(), request);
  };
}

function issueToken(tokens: TokenDesk, request: SimulatedRequest): Reply {
  const fields = bodyFields(request);
  const known = fields.get('client_id') === CLIENT && fields.get('client_secret') === SECRET;
  if (request.method !== 'POST' || !known) return json({ error: 'invalid_client' }, 401);
  return json({
    access_token: tokens.issue(),
    token_type: 'Bearer',
    expires_in: EINVOICE_TOKEN_RULE.seconds,
  });
}

function content(archive: Archive, request: SimulatedRequest): Reply | undefined {
  if (request.path === '/einvoice/index.json') return index(archive, request);
  if (request.path === '/einvoice/portal/states') return states(archive, request);
  if (request.path.startsWith(FILES)) return file(archive, request);
  return undefined;
}

function card(entry: InvoiceFileCard): object {
  return {
    name: entry.name,
    size: null,
    kind: entry.name.endsWith('.zip') ? 'zip' : 'xml',
    issued_from: isoDay(entry.issuedFrom),
    issued_to: isoDay(entry.issuedTo),
    published_at: publishedText(entry),
    sha256: null,
    count: entry.count,
  };
}

function index(archive: Archive, request: SimulatedRequest): Reply {
  const since = request.query.get('since') ?? '';
  const files = archive.files.filter((entry) => publishedText(entry) > since);
  const last = files.at(-1);
  return json({
    files: files.map(card),
    next_since: last === undefined ? since : publishedText(last),
  });
}

function file(archive: Archive, request: SimulatedRequest): Reply {
  const name = request.path.slice(FILES.length);
  const entry = archive.files.find((candidate) => candidate.name === name);
  if (entry === undefined) return notFound(request.path);
  const etag = `"${name}-${String(archive.horizon.seed)}-${String(archive.horizon.scale)}"`;
  if (request.headers['if-none-match'] === etag) {
    return { status: 304, headers: { etag }, body: '' };
  }
  const type = name.endsWith('.zip') ? 'application/zip' : 'application/xml';
  return { status: 200, headers: { etag, 'content-type': type }, body: fileBytes(archive, entry) };
}

function dayFrom(text: string | null): number | undefined {
  try {
    return dayOf(text ?? '');
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function states(archive: Archive, request: SimulatedRequest): Reply {
  const from = dayFrom(request.query.get('from'));
  const to = dayFrom(request.query.get('to'));
  const page = Number(request.query.get('page') ?? 1);
  const size = Math.min(PAGE_LIMIT, Number(request.query.get('size') ?? PAGE_LIMIT));
  if (from === undefined || to === undefined || !(page >= 1) || !(size >= 1)) {
    return json({ error: 'invalid_request', message: 'from, to, page, size' }, 400);
  }
  const { firstDay, lastDay } = archive.horizon;
  const positions = archive.book.issued(Math.max(from, firstDay), Math.min(to, lastDay));
  const begin = ((request.repeatPage ? 1 : page) - 1) * size;
  const shown = positions.subarray(begin, begin + size);
  return json({
    total: request.repeatPage ? (page + 1) * size : positions.length,
    page,
    size,
    datas: Array.from(shown, (position) => portalRecord(archive, position)),
  });
}
