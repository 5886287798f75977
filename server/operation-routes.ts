import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Person } from '../core/person.ts';
import type { Progress } from '../core/progress.ts';
import { FileTickets } from './file-tickets.ts';
import { languageOf } from './language.ts';
import { accessOf, type Operation } from './operation.ts';
import { parseInput } from './parse-input.ts';
import { failureOfRequest, problemOf } from './problem.ts';
import { notFound, notPermitted, notSignedIn } from './refusal.ts';
import type { RunningCalls } from './running-calls.ts';
import { sendFile } from './send-file.ts';
import type { Call, Download, Services } from '../services/port.ts';

/** What the routes of the operations work with. */
export interface RouteContext {
  readonly services: Services;
  readonly log: Logger;
  readonly clock: Clock;
  readonly running: RunningCalls;
}

/** Adds a route for each operation, and the one that serves the files they made. */
export function addOperationRoutes(
  app: FastifyInstance,
  table: readonly Operation[],
  context: RouteContext,
): void {
  const tickets = new FileTickets(context.clock);
  for (const operation of table) {
    app.route({
      method: operation.method,
      url: `/api/v1${operation.path.replace(/\{(\w+)\}/g, ':$1')}`,
      onRequest: (request, _reply, done) => {
        permit(operation, request.person, context.log);
        done();
      },
      handler: (request, reply) => answer(operation, request, reply, context, tickets),
    });
  }
  app.get<{ Params: { ticket: string } }>('/api/v1/downloads/:ticket', (request, reply) =>
    sendFile(reply, tickets.redeem(request.params.ticket, signedIn(request))),
  );
}

/** The server's half of authorisation; the service checks ownership. Throws 401 or 403, and logs refusals. */
function permit(operation: Operation, person: Person | undefined, log: Logger): void {
  if (!person) throw notSignedIn();
  if (operation.grants === 'everyone') return;
  if (person.roles.some((role) => accessOf(operation.grants, role) !== 'none')) return;
  log.warn('refused', { actor: person.actor, operation: operation.id });
  throw notPermitted(operation.summary);
}

function signedIn(request: FastifyRequest): Person {
  if (!request.person) throw notSignedIn();
  return request.person;
}

async function answer(
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RouteContext,
  tickets: FileTickets,
): Promise<unknown> {
  const input = inputOf(operation, request);
  const person = signedIn(request);
  const perform = (progress: Progress): Promise<unknown> =>
    context.running.track(reply.raw, async (signal) => {
      const language = languageOf(queryOf(request)['lang'], request.headers['accept-language']);
      const call: Call = { person, language, progress, signal };
      return finish(operation, await operation.run(context.services, call, input), person, tickets);
    });
  if (operation.answers === 'file') return sendFile(reply, downloadOf(await perform(quiet)));
  if (!operation.long || !wantsLines(request)) return perform(quiet);
  reply.type('application/x-ndjson; charset=utf-8');
  return reply.send(lines(request, perform, context.log));
}

/** Shapes the answer: only declared members leave, files become links. */
function finish(
  operation: Operation,
  result: unknown,
  person: Person,
  tickets: FileTickets,
): unknown {
  if (operation.answers === 'file') return result;
  if (operation.answers === 'files') return { files: tickets.offer(downloadsOf(result), person) };
  return operation.output.parse(result);
}

/** One JSON object a line: progress as it happens, then the result or the problem. */
function lines(
  request: FastifyRequest,
  perform: (progress: Progress) => Promise<unknown>,
  log: Logger,
): PassThrough {
  const out = new PassThrough();
  const write = (line: object): void => void out.write(`${JSON.stringify(line)}\n`);
  perform((step) => {
    // A reader that does not keep up loses steps, not results.
    if (!out.writableNeedDrain) write({ type: 'progress', ...step });
  })
    .then((result) => write({ type: 'result', result }))
    .catch((error: unknown) =>
      write({ type: 'error', problem: reportProblem(request, error, log) }),
    )
    .finally(() => out.end());
  return out;
}

/** The problem to answer with; what nobody foresaw is logged with its detail. */
export function reportProblem(
  request: FastifyRequest,
  error: unknown,
  log: Logger,
): ReturnType<typeof problemOf> {
  const failure = failureOfRequest(error);
  if (failure.code === 'unexpected') {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('request failed', { method: request.method, id: request.id, stack });
  }
  const language = languageOf(queryOf(request)['lang'], request.headers['accept-language']);
  return problemOf(failure, language, request.local);
}

function inputOf(operation: Operation, request: FastifyRequest): Record<string, unknown> {
  const query = Object.entries(queryOf(request)).filter(([name]) => name !== 'lang');
  return {
    ...parseInput(operation.params, request.params ?? {}),
    ...parseInput(operation.query, Object.fromEntries(query)),
    ...parseInput(operation.body, request.body ?? {}),
  };
}

function queryOf(request: FastifyRequest): Record<string, unknown> {
  const { query } = request;
  return typeof query === 'object' && query !== null ? { ...query } : {};
}

function wantsLines(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('application/x-ndjson');
}

const quiet: Progress = () => undefined;

function downloadOf(result: unknown): Download {
  if (isDownload(result)) return result;
  throw notFound('file');
}

function downloadsOf(result: unknown): readonly Download[] {
  if (typeof result !== 'object' || result === null || !('files' in result)) return [];
  return Array.isArray(result.files) ? result.files.filter(isDownload) : [];
}

function isDownload(value: unknown): value is Download {
  return typeof value === 'object' && value !== null && 'path' in value && 'mediaType' in value;
}
