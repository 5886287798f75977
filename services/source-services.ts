import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson, objectMember, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { AddSource, Call, SourceServices, SourceView } from './port.ts';
import { runResult } from '../workflows/activities/ingest-activities.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import {
  dryContext,
  nextStep,
  sourceNotFound,
  sourceState,
} from '../workflows/activities/source-state.ts';
import type { Runner } from '../workflows/runner.ts';
import { previewSource } from './preview-source.ts';
import { allowAgency, requireSecondPerson } from './permission.ts';
import type { LandingStore } from '../warehouse/landing/port.ts';

/** What registering and reading sources works with. */
export interface SourceServiceDependencies extends Omit<IngestDependencies, 'signal'> {
  /** The host that runs ingests. */
  readonly runner: Runner;
  /** Whether rules that need a second person are off. */
  solo(): Promise<boolean>;
  seal(source: string, name: string, value: string): Promise<void>;
  /** A landing store in a scratch directory, for reads that must change nothing. */
  scratchLanding(): Promise<{ readonly landing: LandingStore; readonly directory: string }>;
}

/** Sources: registration, life, connection test, test read, ingest. */
export function createSourceServices(deps: SourceServiceDependencies): SourceServices {
  return {
    add: (call, source) => addSource(deps, call, source),
    list: async (call) => {
      const page = await deps.store.list('source', { order: 'oldest', limit: 1000 });
      return page.rows
        .filter((row) => row.status !== 'removed' && maySee(call, row))
        .map((row) => view(deps, row));
    },
    show: async (call, name) => view(deps, await owned(deps, call, name)),
    check: async (call, name) => {
      await owned(deps, call, name);
      return await checkSource(deps, call, name);
    },
    discover: async (call, name) => {
      await owned(deps, call, name);
      const source = await sourceState(deps, name);
      return { streams: source.connector.streams(source.config).map(asJson) };
    },
    preview: async (call, name, options) => {
      await owned(deps, call, name);
      const { landing, directory } = await deps.scratchLanding();
      try {
        const pages = await previewSource({ ...deps, landing, signal: call.signal }, name, options);
        return { pages };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    tryOut: (call, connector, draft) => tryOut(deps, call, connector, draft),
    approve: (call, name) => approveSource(deps, call, name),
    pause: (call, name, reason) => change(deps, call, name, 'paused', { reason }),
    resume: (call, name) => resumeSource(deps, call, name),
    remove: (call, name) => change(deps, call, name, 'removed', {}),
    ingest: async (call, name, options) => {
      await owned(deps, call, name);
      const input = {
        source: name,
        actor: call.person.actor,
        full: options.full ?? false,
        ...(options.stream === undefined ? {} : { streams: [options.stream] }),
        ...(options.from === undefined ? {} : { from: options.from }),
        ...(options.to === undefined ? {} : { to: options.to }),
      };
      const { progress, signal } = call;
      const { run } = await deps.runner.run('ingestSource', input, { progress, signal });
      return await runResult(deps.store, run);
    },
  };
}

/** Name of a source that exists for one test read only. */
const triedName = 'draft';

async function tryOut(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
  draft: Parameters<SourceServices['tryOut']>[2],
): ReturnType<SourceServices['tryOut']> {
  const connector = deps.connector(name);
  const config = parseConfig(connector, { ...draft, name: triedName, connector: name });
  const secret = (_source: string, wanted: string) => {
    const given = draft.secrets?.[wanted];
    return given === undefined ? Promise.reject(secretMissing(wanted)) : Promise.resolve(given);
  };
  const { landing, directory } = await deps.scratchLanding();
  try {
    const own = { ...deps, landing, secret, signal: call.signal };
    const found = await connector.check(dryContext(own, { name: triedName, connector, config }));
    await deps.warehouse.prepare(connector.streams(config));
    const store = withSource(deps.store, draftRow(connector, config));
    const pages = await previewSource({ ...own, store }, triedName, draft);
    return { found, pages };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function draftRow(connector: Connector, config: JsonObject): StateRow {
  const data = { connector: connector.name, connectorVersion: connector.version, config };
  return {
    id: triedName,
    status: 'draft',
    data: { ...data, owner: 'local', version: 0, cursor: null },
    createdAt: '',
    updatedAt: '',
    seq: 0,
  };
}

/** The control store as if it held this source. */
function withSource(store: ControlStore, row: StateRow): ControlStore {
  return {
    homeId: store.homeId,
    decide: (decision) => store.decide(decision),
    journal: (filter) => store.journal(filter),
    verify: () => store.verify(),
    get: (kind, id) =>
      kind === 'source' && id === row.id ? Promise.resolve(row) : store.get(kind, id),
    list: (kind, query) => store.list(kind, query),
    definition: (sha256) => store.definition(sha256),
    health: () => store.health(),
    close: () => Promise.resolve(),
  };
}

function secretMissing(name: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'secret-missing',
    message: { vi: `Thiếu bí mật “${name}”.`, en: `The secret “${name}” is missing.` },
    place: { field: name },
  });
}

async function addSource(
  deps: SourceServiceDependencies,
  call: Call,
  source: AddSource,
): Promise<SourceView> {
  const connector = deps.connector(source.connector);
  const owner = source.owner ?? call.person.agency ?? 'local';
  allowAgency(call.person, owner);
  const config = parseConfig(connector, source);
  const existing = await deps.store.get('source', source.name);
  if (existing && existing.status !== 'removed') throw nameTaken(source.name);
  for (const [name, value] of Object.entries(source.secrets ?? {})) {
    await deps.seal(source.name, name, value);
  }
  await deps.warehouse.prepare(connector.streams(config));
  await deps.store.decide(async (journal) => {
    const sha256 = await journal.define(JSON.stringify(config));
    await journal.record({
      kind: 'source.added',
      subject: source.name,
      actor: call.person.actor,
      data: {
        status: 'draft',
        connector: connector.name,
        connectorVersion: connector.version,
        config,
        configSha256: sha256,
        owner,
        version: Number(existing?.data['version'] ?? 0) + 1,
        registeredBy: call.person.actor,
        cursor: null,
      },
    });
  });
  if (await deps.solo()) {
    await checkSource(deps, call, source.name);
    await change(deps, call, source.name, 'active', { approvedBy: call.person.actor, solo: true });
  }
  return view(deps, await owned(deps, call, source.name));
}

function parseConfig(connector: Connector, source: AddSource): JsonObject {
  const parsed = connector.config.safeParse(source.config);
  if (parsed.success) return parsed.data;
  throw new PhusaError({
    group: 'fatal',
    code: 'config-invalid',
    message: {
      vi: `Cấu hình của nguồn “${source.name}” chưa đúng: ${problems(parsed.error)}`,
      en: `The configuration of source “${source.name}” is not right: ${problems(parsed.error)}`,
    },
    remedy: {
      vi: `Xem mô tả cấu hình: phusa connector show ${connector.name}`,
      en: `See its schema: phusa connector show ${connector.name}`,
    },
    place: { source: source.name },
  });
}

function problems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || '(config)'}: ${message}`)
    .join('; ');
}

async function checkSource(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
): Promise<{ readonly ok: true; readonly found: Localized }> {
  const source = await sourceState(deps, name);
  const found = await source.connector.check(dryContext({ ...deps, signal: call.signal }, source));
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'source.checked',
      subject: name,
      actor: call.person.actor,
      data: { checked: { version: source.version, found: { ...found } } },
    }),
  );
  return { ok: true, found };
}

async function approveSource(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
): Promise<SourceView> {
  const row = await owned(deps, call, name);
  requireSecondPerson(await deps.solo(), call.person, textMember(row.data, 'registeredBy'));
  if (Number(objectMember(row.data, 'checked')['version'] ?? 0) !== Number(row.data['version'])) {
    await checkSource(deps, call, name);
  }
  return await change(deps, call, name, 'active', { approvedBy: call.person.actor });
}

async function resumeSource(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
): Promise<SourceView> {
  const row = await owned(deps, call, name);
  return await change(
    deps,
    call,
    name,
    row.data['approvedBy'] === undefined ? 'draft' : 'active',
    {},
  );
}

async function change(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
  status: string,
  data: JsonObject,
): Promise<SourceView> {
  await owned(deps, call, name);
  await deps.store.decide((journal) =>
    journal.record({
      kind: `source.${status}`,
      subject: name,
      actor: call.person.actor,
      data: { ...data, status },
    }),
  );
  const row = await deps.store.get('source', name);
  if (!row) throw new TypeError(`source ${name} vanished`);
  return view(deps, row);
}

async function owned(deps: SourceServiceDependencies, call: Call, name: string): Promise<StateRow> {
  const row = await deps.store.get('source', name);
  if (!row || row.status === 'removed' || !maySee(call, row)) throw sourceNotFound(name);
  return row;
}

function maySee({ person }: Call, row: StateRow): boolean {
  const onlyDepartment = person.roles.every((role) => role === 'department');
  return !onlyDepartment || textMember(row.data, 'owner') === person.agency;
}

function view(deps: SourceServiceDependencies, row: StateRow): SourceView {
  const connector = deps.connector(textMember(row.data, 'connector'));
  const config = objectMember(row.data, 'config');
  const { lastRun, registeredBy } = row.data;
  return {
    name: row.id,
    connector: connector.name,
    owner: textMember(row.data, 'owner'),
    status: statusOf(row.status),
    version: Number(row.data['version'] ?? 1),
    config,
    streams: connector.streams(config).map(({ stream }) => stream),
    ...(typeof registeredBy === 'string' ? { registeredBy } : {}),
    ...(lastRun === undefined ? {} : { lastRun: objectMember(row.data, 'lastRun') }),
    next: nextStep({ name: row.id, status: row.status }),
  };
}

function statusOf(status: string): SourceView['status'] {
  return z.enum(['draft', 'certified', 'active', 'paused', 'removed']).parse(status);
}

function nameTaken(name: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'source-exists',
    message: { vi: `Đã có nguồn “${name}”.`, en: `Source “${name}” already exists.` },
    remedy: {
      vi: 'Chọn tên khác, hoặc gỡ nguồn cũ: phusa source remove.',
      en: 'Choose another name, or remove the old one: phusa source remove.',
    },
    place: { source: name },
  });
}
