import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { allRows } from '../control/every-row.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import type { Clock } from '../core/clock.ts';
import { isObject, objectMember, optionalText, textMember } from '../core/json-member.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { sourceNotFound } from '../workflows/activities/source-state.ts';
import { inboxTrouble } from './inbox-trouble.ts';
import { allowAgency } from './permission.ts';
import type {
  Call,
  InboxFileView,
  InboxServices,
  Push,
  PushReceipt,
  UploadFile,
  UploadState,
} from './port.ts';

/** Where files wait; made by the composition root. */
export interface Inboxes {
  /** Keeps a body as a part of its own while it comes, synced at its end; gives its bytes. Nothing is left of one that breaks off. */
  spool(source: string, id: string, body: AsyncIterable<Uint8Array>): Promise<number>;
  partBytes(source: string, id: string): Promise<number | undefined>;
  append(source: string, id: string, bytes: Uint8Array): Promise<void>;
  partSha256(source: string, id: string): Promise<string>;
  drop(source: string, id: string): Promise<void>;
  take(
    source: string,
    id: string,
    arrival: { readonly name: string; readonly sha256: string; readonly note: JsonObject },
  ): Promise<void>;
  sha256(source: string, name: string): Promise<string | undefined>;
  files(source: string): Promise<readonly InboxFileView[]>;
  remove(source: string, name: string): Promise<void>;
}

/** Caps of one inbox. */
export interface InboxLimits {
  readonly fileBytes: number;
  readonly bytes: number;
  readonly files: number;
  /** Pushes of one source in a minute. */
  readonly pushesPerMinute: number;
  /** Pushes of one source that may be under way at the same time. */
  readonly pushesAtOnce: number;
  readonly pushBytes: number;
}

/** Room for years of monthly files, and for a day of pushes. */
export const inboxLimits: InboxLimits = {
  fileBytes: 2_000_000_000,
  bytes: 10_000_000_000,
  files: 20_000,
  pushesPerMinute: 600,
  pushesAtOnce: 8,
  pushBytes: 50_000_000,
};

/** What sending files to sources works with. */
export interface InboxDependencies {
  readonly store: ControlStore;
  readonly inboxes: Inboxes;
  readonly limits: InboxLimits;
  readonly clock: Clock;
  secret(source: string, name: string): Promise<string>;
}

/** How a source checks who pushes. */
interface PushRule {
  readonly how: 'bearer' | 'hmac';
  /** Seconds that a signature's time may be off. */
  readonly window: number;
}

/** Uploads by people, pushes by systems: both end in the source's inbox, from where an ingest reads them. */
export function createInboxServices(deps: InboxDependencies): InboxServices {
  const inTurn = oneAtATime();
  const pace = new Map<string, { minute: number; count: number }>();
  const underWay = new Map<string, number>();
  return {
    begin: async (call, source, file) => {
      const row = await owned(deps, call, source);
      checkName(file.name);
      if (file.bytes > deps.limits.fileBytes)
        throw inboxTrouble('upload-too-large', String(deps.limits.fileBytes));
      return await inTurn(source, () => begin(deps, row, file));
    },
    append: async (call, source, file, part) => {
      const row = await owned(deps, call, source);
      checkName(file.name);
      return await inTurn(source, () => append(deps, call, row, file, part));
    },
    files: async (call, source) => {
      await owned(deps, call, source);
      return await deps.inboxes.files(source);
    },
    push: async (source, push) => {
      const row = await deps.store.get('source', source);
      const rule = row && row.status !== 'removed' ? pushRule(row) : undefined;
      // the same answer whether there is no such source or it takes no pushes
      if (!rule) throw inboxTrouble('push-refused', source);
      checkPace(deps, pace, source);
      const others = underWay.get(source) ?? 0;
      if (others >= deps.limits.pushesAtOnce) throw inboxTrouble('push-rate-limited', source);
      underWay.set(source, others + 1);
      try {
        return await spoolAndReceive(deps, inTurn, source, rule, push);
      } finally {
        underWay.set(source, (underWay.get(source) ?? 1) - 1);
      }
    },
  };
}

async function begin(
  deps: InboxDependencies,
  { id: source }: StateRow,
  file: UploadFile,
): Promise<UploadState> {
  const upload = uploadId(file);
  const isThere = (await deps.inboxes.sha256(source, file.name)) === file.sha256;
  if (isThere) return { upload, offset: file.bytes, done: true };
  await makeRoom(deps, source, file.bytes);
  return { upload, offset: (await deps.inboxes.partBytes(source, upload)) ?? 0, done: false };
}

async function append(
  deps: InboxDependencies,
  { person }: Call,
  row: StateRow,
  file: UploadFile,
  part: { readonly offset: number; readonly bytes: Uint8Array },
): Promise<UploadState> {
  const { inboxes, clock } = deps;
  const source = row.id;
  const state = await begin(deps, row, file);
  const { upload } = state;
  if (state.done) return state;
  if (part.offset !== state.offset) throw inboxTrouble('upload-offset-wrong', String(state.offset));
  const offset = state.offset + part.bytes.byteLength;
  if (offset > file.bytes) throw inboxTrouble('upload-too-large', String(file.bytes));
  await inboxes.append(source, upload, part.bytes);
  if (offset < file.bytes) return { upload, offset, done: false };
  const sha256 = await inboxes.partSha256(source, upload);
  if (sha256 !== file.sha256) {
    await inboxes.drop(source, upload);
    throw inboxTrouble('upload-digest-wrong', sha256);
  }
  const note = { transport: 'upload', by: person.actor, at: clock.now().toISOString() };
  await inboxes.take(source, upload, { name: file.name, sha256, note });
  await record(deps, source, person.actor, {
    name: file.name,
    sha256,
    bytes: offset,
    way: 'upload',
  });
  return { upload, offset, done: true };
}

/** The same file of the same name is the same upload, whoever goes on with it. */
function uploadId({ name, bytes, sha256 }: UploadFile): string {
  return createHash('sha256')
    .update(JSON.stringify([name, bytes, sha256]))
    .digest('hex')
    .slice(0, 32);
}

/** A body on the disk, with what was seen of it on the way. */
interface Spooled {
  readonly id: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Keeps the body on the disk while it comes, outside of the source's turn: a slow sender holds up nobody else. */
async function spoolAndReceive(
  deps: InboxDependencies,
  inTurn: ReturnType<typeof oneAtATime>,
  source: string,
  rule: PushRule,
  push: Push,
): Promise<PushReceipt> {
  const id = `push-${randomUUID()}`;
  const proof = await proofOf(deps, source, rule, push);
  const digest = createHash('sha256');
  const body = seen(push.body, deps.limits.pushBytes, (chunk) => {
    digest.update(chunk);
    proof.update(chunk);
  });
  const bytes = await deps.inboxes.spool(source, id, body);
  try {
    if (!proof.isGiven()) throw inboxTrouble('push-refused', source);
    const spooled = { id, bytes, sha256: digest.digest('hex') };
    return await inTurn(source, () => receive(deps, source, push, spooled));
  } finally {
    await deps.inboxes.drop(source, id);
  }
}

async function* seen(
  body: AsyncIterable<Uint8Array>,
  most: number,
  look: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > most) throw inboxTrouble('push-too-large', String(most));
    look(chunk);
    yield chunk;
  }
}

async function receive(
  deps: InboxDependencies,
  source: string,
  push: Push,
  { id, bytes, sha256 }: Spooled,
): Promise<PushReceipt> {
  const { inboxes, clock } = deps;
  const key = push.headers['idempotency-key'] ?? push.headers['x-phusa-signature'];
  const named = createHash('sha256')
    .update(key ?? sha256 + clock.now().toISOString())
    .digest('hex');
  const name = `push-${named.slice(0, 24)}${endingOf(push.headers['content-type'])}`;
  const before = await inboxes.sha256(source, name);
  if (before === sha256) return { name, sha256, bytes, isRepeated: true };
  if (before !== undefined) throw inboxTrouble('push-key-reused', name);
  await makeRoom(deps, source, bytes);
  const note = { transport: 'push', at: clock.now().toISOString(), headers: safeHeaders(push) };
  await inboxes.take(source, id, { name, sha256, note });
  await record(deps, source, `push:${source}`, { name, sha256, bytes, way: 'push' });
  return { name, sha256, bytes, isRepeated: false };
}

/** What proves the sender: a token is compared before the body is taken, a signature once the body was seen. */
interface Proof {
  update(chunk: Uint8Array): void;
  /** Compares in a time that tells nothing. */
  isGiven(): boolean;
}

async function proofOf(
  deps: InboxDependencies,
  source: string,
  { how, window }: PushRule,
  { headers }: Push,
): Promise<Proof> {
  if (how === 'bearer') {
    const given = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
    if (!same(given, await deps.secret(source, 'pushToken')))
      throw inboxTrouble('push-refused', source);
    return { update: () => undefined, isGiven: () => true };
  }
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(headers['x-phusa-signature'] ?? '');
  const [, time = '', signature = ''] = found ?? [];
  const offSeconds = Math.abs(deps.clock.now().getTime() / 1000 - Number(time));
  if (!found || offSeconds > window) throw inboxTrouble('push-refused', source);
  const right = createHmac('sha256', await deps.secret(source, 'pushKey')).update(`${time}.`);
  return {
    update: (chunk) => void right.update(chunk),
    isGiven: () => same(signature, right.digest('hex')),
  };
}

function same(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return right !== '' && timingSafeEqual(digest(given), digest(right));
}

/** `inbox:?push=bearer` or `inbox:?push=hmac&window=300`; a source without takes no pushes. */
function pushRule(row: StateRow): PushRule | undefined {
  const base = inboxBase(row);
  const more = base === undefined ? undefined : new URL(base).searchParams;
  const how = more?.get('push');
  const seconds = Number(more?.get('window') ?? 300);
  return how === 'bearer' || how === 'hmac'
    ? { how, window: seconds > 0 && seconds <= 3600 ? seconds : 300 }
    : undefined;
}

/** The base of a source that has an inbox; a manifest's may be one of its settings. */
function inboxBase(row: StateRow): string | undefined {
  const config = objectMember(row.data, 'config');
  const setting = /^\{\{ *config\.(\w+) *\}\}$/.exec(optionalText(config, 'base') ?? '')?.[1];
  const base = setting === undefined ? config['base'] : objectMember(config, 'values')[setting];
  return typeof base === 'string' && /^inbox:/i.test(base) ? base : undefined;
}

async function owned(deps: InboxDependencies, { person }: Call, source: string): Promise<StateRow> {
  const row = await deps.store.get('source', source);
  if (!row || row.status === 'removed') throw sourceNotFound(source);
  allowAgency(person, textMember(row.data, 'owner'));
  if (inboxBase(row) === undefined) throw inboxTrouble('source-without-inbox', source);
  return row;
}

/** Throws `inbox-full` unless so many bytes more have room, after pushes that were published have made way. */
async function makeRoom(deps: InboxDependencies, source: string, bytes: number): Promise<void> {
  const { inboxes, limits } = deps;
  const files = await inboxes.files(source);
  let used = files.reduce((sum, file) => sum + file.bytes, 0) + bytes;
  let count = files.length + 1;
  const isFull = () => used > limits.bytes || count > limits.files;
  if (!isFull()) return;
  const published = await publishedBytes(deps.store, source);
  const leaving = files
    .filter(({ note }) => note['transport'] === 'push' && published.has(textMember(note, 'sha256')))
    .sort((a, b) => (textMember(a.note, 'at') < textMember(b.note, 'at') ? -1 : 1));
  for (const file of leaving) {
    if (!isFull()) return;
    await inboxes.remove(source, file.name);
    used -= file.bytes;
    count -= 1;
  }
  if (isFull()) throw inboxTrouble('inbox-full', source);
}

/** SHA-256 of every file of the source's published batches. */
async function publishedBytes(store: ControlStore, source: string): Promise<ReadonlySet<string>> {
  const rows = await allRows(store, 'batch', { where: { source }, status: ['published'] });
  return new Set(rows.flatMap(({ data }) => listMember(data, 'files').map(sha256Of)));
}

function listMember(data: JsonObject, name: string): readonly Json[] {
  const list = data[name] ?? null;
  return isList(list) ? list : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function sha256Of(file: Json): string {
  return isObject(file) ? textMember(file, 'sha256') : '';
}

function checkPace(
  { clock, limits }: InboxDependencies,
  pace: Map<string, { minute: number; count: number }>,
  source: string,
): void {
  const minute = Math.floor(clock.now().getTime() / 60_000);
  const before = pace.get(source);
  const count = before?.minute === minute ? before.count + 1 : 1;
  pace.set(source, { minute, count });
  if (count > limits.pushesPerMinute) throw inboxTrouble('push-rate-limited', source);
}

async function record(
  { store }: InboxDependencies,
  source: string,
  actor: string,
  received: JsonObject,
): Promise<void> {
  await store.decide((journal) =>
    journal.record({ kind: 'source.received', subject: source, actor, data: { received } }),
  );
}

/** Headers that carry no secret and say what the body is. */
function safeHeaders({ headers }: Push): JsonObject {
  const kept = [
    'content-type',
    'content-encoding',
    'date',
    'user-agent',
    'x-request-id',
    'idempotency-key',
  ];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value.slice(0, 500)]];
    }),
  );
}

/** The ending that decoders know a body by; multipart bodies stay as they came. */
function endingOf(type = ''): string {
  const endings: readonly (readonly [RegExp, string])[] = [
    [/ndjson|jsonl/, '.ndjson'],
    [/json/, '.json'],
    [/csv/, '.csv'],
    [/xml/, '.xml'],
    [/spreadsheetml/, '.xlsx'],
    [/zip/, '.zip'],
    [/multipart/, '.multipart'],
  ];
  return endings.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? '.bin';
}

/** A name that is a plain file name on any system (H20). */
function checkName(name: string): void {
  const plain =
    name.normalize('NFC') === name &&
    Buffer.byteLength(name) <= 200 &&
    !/^[.\- ]|[. ]$|[/\\:*?"<>|\p{Cc}\p{Cf}]/u.test(name) &&
    !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  if (!plain || name === '') throw inboxTrouble('file-name-invalid', name.slice(0, 80));
}

/** Work on one source's inbox is done one after another. */
function oneAtATime(): <T>(source: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return <T>(source: string, work: () => Promise<T>) => {
    const mine = (last.get(source) ?? Promise.resolve()).then(work, work);
    const settled = mine
      .catch(() => undefined)
      .finally(() => {
        if (last.get(source) === settled) last.delete(source);
      });
    last.set(source, settled);
    return mine;
  };
}
