import { statfs } from 'node:fs/promises';
import { everyRow } from '../control/every-row.ts';
import type { ControlStore, StateKind } from '../control/port.ts';
import { failureOf, PhusaError } from '../core/errors.ts';
import { textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { Person } from '../core/person.ts';
import { homeAlerts, type Alert, type AlertDependencies } from './home-alerts.ts';
import type { DoctorCheck, HomeServices } from './port.ts';
import { createProfileServices, type ProfileDependencies } from './profile-services.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
import type { Warehouse } from '../warehouse/port.ts';

/** What telling about a home works with. */
export interface HomeServiceDependencies extends ProfileDependencies, AlertDependencies {
  readonly warehouse: Warehouse;
  readonly publicKeyPem: string;
  readonly version: string;
  readonly directory: string;
  readonly catalog: Pick<Catalog, 'assets'>;
  /** What the host of pipelines has run, as Prometheus text. */
  readonly runs: { text(): string };
}

/** The home itself: who it is, whether it is well, its metrics and public key. */
export function createHomeServices(deps: HomeServiceDependencies): HomeServices {
  return {
    info: async ({ person }) => {
      const { solo, simulated, agency, parentAgency, place } = await deps.profile();
      return {
        id: deps.store.homeId,
        version: deps.version,
        engine: deps.warehouse.engine,
        now: deps.clock.now().toISOString(),
        ...{ solo, simulated, agency, parentAgency, place },
        counts: await homeCounts(deps, person),
      };
    },
    ...createProfileServices(deps),
    doctor: async () => ({ checks: await doctorChecks(deps) }),
    health: async () => {
      await deps.store.health();
      await deps.warehouse.health();
    },
    metrics: () => metrics(deps),
    publicKey: () => Promise.resolve(deps.publicKeyPem),
  };
}

/** How much there is of everything, for the first page. */
async function homeCounts(
  { store, catalog }: HomeServiceDependencies,
  person: Person,
): Promise<JsonObject> {
  if (person.roles.every((role) => role === 'department')) return await ownCounts(store, person);
  const count = async (kind: StateKind, without: string) =>
    [...(await statusCounts(store, kind))]
      .filter(([status]) => status !== without)
      .reduce((sum, [, n]) => sum + n, 0);
  return {
    sources: await count('source', 'removed'),
    batches: await count('batch', 'abandoned'),
    runs: await count('run', ''),
    editions: await count('edition', ''),
    extracts: await count('extract', ''),
    assets: catalog.assets.length,
  };
}

/** What a department sees: its agency's sources with what they gave, and its own requests. */
async function ownCounts(store: ControlStore, person: Person): Promise<JsonObject> {
  const sources = new Set<string>();
  for await (const { id, status, data } of everyRow(store, 'source')) {
    if (status !== 'removed' && data['owner'] === person.agency) sources.add(id);
  }
  let batches = 0;
  for await (const { status, data } of everyRow(store, 'batch')) {
    if (status !== 'abandoned' && sources.has(textMember(data, 'source'))) batches += 1;
  }
  let extracts = 0;
  for await (const { data } of everyRow(store, 'extract')) {
    if (data['requester'] === person.actor) extracts += 1;
  }
  return { sources: sources.size, batches, extracts };
}

async function doctorChecks(deps: HomeServiceDependencies): Promise<readonly DoctorCheck[]> {
  return [
    await check(
      'control-store',
      { vi: 'Kho điều khiển trả lời', en: 'The control store answers' },
      () => deps.store.health(),
    ),
    await check('warehouse', { vi: 'Kho dữ liệu trả lời', en: 'The warehouse answers' }, () =>
      deps.warehouse.health(),
    ),
    await check('journal', { vi: 'Nhật ký nguyên vẹn', en: 'The journal is intact' }, async () => {
      const verdict = await deps.store.verify();
      if (!verdict.intact) throw new Error(JSON.stringify(verdict.problems.slice(0, 3)));
    }),
    await check(
      'schedules',
      { vi: 'Lịch và nguồn đều chạy đúng kỳ', en: 'Schedules and sources run when they should' },
      async () => {
        const alerts = await homeAlerts(deps);
        if (alerts.length > 0) throw standingStill(alerts);
      },
    ),
    await check(
      'disk',
      { vi: 'Còn trên 1 GB dung lượng đĩa', en: 'More than 1 GB of disk is free' },
      async () => {
        const { bavail, bsize } = await statfs(deps.directory);
        if (bavail * bsize < 1e9) throw new Error(`${Math.round((bavail * bsize) / 1e6)} MB`);
      },
    ),
  ];
}

function standingStill(alerts: readonly Alert[]): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'standing-still',
    message: {
      vi: alerts.map(({ message }) => message.vi).join('; '),
      en: alerts.map(({ message }) => message.en).join('; '),
    },
  });
}

async function check(
  name: string,
  good: Localized,
  test: () => Promise<void>,
): Promise<DoctorCheck> {
  try {
    await test();
    return { name, ok: true, message: good };
  } catch (error) {
    const { message } = failureOf(error);
    return { name, ok: false, message };
  }
}

const counted: readonly StateKind[] = [
  'source',
  'run',
  'batch',
  'edition',
  'extract',
  'slot',
  'delivery',
];

/** Prometheus text: how many of each state there are, by status. */
async function metrics(deps: HomeServiceDependencies): Promise<string> {
  const alerts = await homeAlerts(deps);
  const lines = ['# HELP phusa_state Rows of each state by status', '# TYPE phusa_state gauge'];
  for (const kind of counted) {
    for (const [status, count] of await statusCounts(deps.store, kind)) {
      lines.push(`phusa_state{kind="${kind}",status="${status}"} ${count}`);
    }
  }
  lines.push(
    '# HELP phusa_alert What stands still although it should not',
    '# TYPE phusa_alert gauge',
  );
  for (const { kind, subject } of alerts)
    lines.push(`phusa_alert{kind="${kind}",subject="${subject}"} 1`);
  return `${lines.join('\n')}\n${deps.runs.text()}`;
}

async function statusCounts(
  store: ControlStore,
  kind: StateKind,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { status } of everyRow(store, kind))
    counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
