import type { Connector } from '../connectors/port.ts';
import type { ControlStore, StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson, objectMember, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import type {
  AddSource,
  Call,
  IngestOptions,
  IngestResult,
  SourceServices,
  SourceView,
} from './port.ts';
import { runResult } from '../workflows/activities/ingest-activities.ts';
import { dryContext, sourceNotFound, sourceState } from '../workflows/activities/source-state.ts';
import type { ScratchHome } from '../workflows/certification/trial.ts';
import type { Runner } from '../workflows/runner.ts';
import { adoptChanges } from './adopt-changes.ts';
import { backFill } from './back-fill.ts';
import { allowAgency } from './permission.ts';
import { previewSource } from './preview-source.ts';
import { parseConfig, parseContract } from './source-config.ts';
import {
  activate,
  approveSource,
  certifySource,
  checkSource,
  editSource,
  record,
  resumeSource,
  versionMembers,
  type SourceLifeDependencies,
} from './source-life.ts';
import { sourceHistory, sourceVersion, sourceView } from './source-view.ts';
import { supplierLeague } from './supplier-league.ts';

/** What registering and reading sources works with. */
export interface SourceServiceDependencies extends SourceLifeDependencies {
  /** The host that runs ingests. */
  readonly runner: Runner;
  readonly periods: Pick<PeriodCalendar, 'parse' | 'window'>;
}

/** Sources: registration, life, connection test, test read, ingest. */
export function createSourceServices(deps: SourceServiceDependencies): SourceServices {
  const live = async (
    call: Call,
    name: string,
    step: (row: StateRow) => Promise<unknown>,
  ): Promise<SourceView> => {
    await step(await owned(deps, call, name));
    return await shown(deps, name);
  };
  return {
    add: (call, source) => addSource(deps, call, source),
    edit: (call, name, edit) => live(call, name, (row) => editSource(deps, call, row, edit)),
    adopt: (call, name, wanted) => live(call, name, (row) => adoptChanges(deps, call, row, wanted)),
    backFill: async (call, name, { stream }) => {
      await owned(deps, call, name);
      return await backFill({ ...deps, signal: call.signal }, call, name, stream);
    },
    list: async (call) => {
      const page = await deps.store.list('source', { order: 'oldest', limit: 1000 });
      return page.rows
        .filter((row) => row.status !== 'removed' && maySee(call, row))
        .map((row) => sourceView(deps, row));
    },
    show: async (call, name) => {
      const row = await owned(deps, call, name);
      return { ...sourceView(deps, row), history: await sourceHistory(deps.store, name) };
    },
    version: async (call, name, version) =>
      await sourceVersion(deps, await owned(deps, call, name), version),
    check: async (call, name) => {
      await owned(deps, call, name);
      return await checkSource(deps, call, name);
    },
    discover: async (call, name) => {
      await owned(deps, call, name);
      return await discover(deps, call, name);
    },
    preview: async (call, name, options) => {
      await owned(deps, call, name);
      return await inScratch(deps, async ({ landing, warehouse }) => {
        const own = { ...deps, landing, warehouse, signal: call.signal };
        return { pages: await previewSource(own, name, options) };
      });
    },
    tryOut: (call, connector, draft) => tryOut(deps, call, connector, draft),
    certify: async (call, name, options) =>
      await certifySource(deps, call, await owned(deps, call, name), options),
    approve: (call, name) => live(call, name, (row) => approveSource(deps, call, row)),
    pause: (call, name, reason) =>
      live(call, name, () => record(deps, call, name, 'paused', { status: 'paused', reason })),
    resume: (call, name) => live(call, name, (row) => resumeSource(deps, call, row)),
    remove: async (call, name) => {
      await owned(deps, call, name);
      await record(deps, call, name, 'removed', { status: 'removed' });
      return await shown(deps, name);
    },
    league: (call, period) => league(deps, call, period),
    ingest: (call, name, options) => ingest(deps, call, name, options),
  };
}

async function discover(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
): ReturnType<SourceServices['discover']> {
  const source = await sourceState(deps, name);
  const offered = await source.connector.discover?.(
    dryContext({ ...deps, signal: call.signal }, source),
  );
  return {
    streams: source.connector.streams(source.config).map(asJson),
    ...(offered === undefined ? {} : { offered }),
  };
}

async function league(
  deps: SourceServiceDependencies,
  call: Call,
  text: string,
): ReturnType<SourceServices['league']> {
  const period = deps.periods.parse(text);
  const window = deps.periods.window(period);
  const streams = (row: StateRow) => {
    const connector = deps.connector(textMember(row.data, 'connector'));
    return connector.streams(connector.config.parse(objectMember(row.data, 'config')));
  };
  const suppliers = await supplierLeague(
    { ...deps, streams, now: () => deps.clock.now() },
    window,
    (row) => maySee(call, row),
  );
  return { period: text, ...window, suppliers };
}

async function ingest(
  deps: SourceServiceDependencies,
  call: Call,
  name: string,
  options: IngestOptions,
): Promise<IngestResult> {
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
}

/** Work in a home of its own, of which nothing is left. */
async function inScratch<T>(
  deps: Pick<SourceLifeDependencies, 'scratchHome'>,
  work: (home: ScratchHome) => Promise<T>,
): Promise<T> {
  const home = await deps.scratchHome();
  try {
    return await work(home);
  } finally {
    await home.close();
  }
}

async function shown(deps: SourceServiceDependencies, name: string): Promise<SourceView> {
  const row = await deps.store.get('source', name);
  if (!row) throw new TypeError(`source ${name} vanished`);
  return sourceView(deps, row);
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
  const config = parseConfig(connector, { name: triedName, config: draft.config });
  const secret = (_source: string, wanted: string) => {
    const given = draft.secrets?.[wanted];
    return given === undefined ? Promise.reject(secretMissing(wanted)) : Promise.resolve(given);
  };
  return await inScratch(deps, async ({ landing, warehouse }) => {
    const own = { ...deps, landing, warehouse, secret, signal: call.signal };
    const found = await connector.check(dryContext(own, { name: triedName, connector, config }));
    const store = withSource(deps.store, draftRow(connector, config));
    const pages = await previewSource({ ...own, store }, triedName, draft);
    return { found, pages };
  });
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
  const contract = parseContract(connector, config, source.name, source.contract ?? {});
  const existing = await deps.store.get('source', source.name);
  if (existing && existing.status !== 'removed') throw nameTaken(source.name);
  for (const [name, value] of Object.entries(source.secrets ?? {})) {
    await deps.seal(source.name, name, value);
  }
  await deps.warehouse.prepare(connector.streams(config));
  await deps.store.decide(async (journal) => {
    const members = await versionMembers(journal, existing, { config, contract });
    await journal.record({
      kind: 'source.added',
      subject: source.name,
      actor: call.person.actor,
      data: {
        ...members,
        status: 'draft',
        connector: connector.name,
        connectorVersion: connector.version,
        owner,
        notify: source.notify ?? [],
        freshness: source.freshness ?? null,
        registeredBy: call.person.actor,
        ...unborn,
      },
    });
  });
  if (await deps.solo()) {
    await checkSource(deps, call, source.name);
    await activate(deps, call, source.name, { solo: true });
  }
  return await shown(deps, source.name);
}

/** What a source that takes a removed one's name does not inherit from it. */
const unborn = {
  cursor: null,
  editedBy: null,
  certifiedBy: null,
  approvedBy: null,
  approvedVersion: null,
  certificate: null,
  asks: null,
  drift: null,
  fields: null,
  pausedBy: null,
  release: null,
};

async function owned(deps: SourceServiceDependencies, call: Call, name: string): Promise<StateRow> {
  const row = await deps.store.get('source', name);
  if (!row || row.status === 'removed' || !maySee(call, row)) throw sourceNotFound(name);
  return row;
}

function maySee({ person }: Call, row: StateRow): boolean {
  const onlyDepartment = person.roles.every((role) => role === 'department');
  return !onlyDepartment || textMember(row.data, 'owner') === person.agency;
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
