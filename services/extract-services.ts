import path from 'node:path';
import { z } from 'zod';
import type { ControlStore, JournalWriter, StateRow } from '../control/port.ts';
import type { Clock } from '../core/clock.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson, objectMember, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { Dataset } from '../extracts/dataset.ts';
import { planExtract, type ExtractPlan } from '../extracts/extract-plan.ts';
import { offered } from '../extracts/offered.ts';
import { extractRequestSchema, type ExtractRequest } from '../extracts/extract-request.ts';
import {
  countSuppressed,
  produceBundle,
  type ProduceDependencies,
} from '../extracts/produce-extract.ts';
import type { Call, Download, ExtractServices } from './port.ts';
import { assetsInForce, knownSince } from '../transforms/catalog/assets-in-force.ts';
import type { SelectOptions } from '../warehouse/port.ts';
import { timeOrderedId } from '../workflows/embedded/host.ts';
import { readAsOf } from './as-of.ts';
import { notFound } from './batch-services.ts';
import { requireSecondPerson } from './permission.ts';
import { refuseDifferencing } from './released-extracts.ts';

/** What extracts work with. */
export interface ExtractServiceDependencies extends ProduceDependencies {
  readonly store: ControlStore;
  readonly datasets: readonly Dataset[];
  readonly clock: Clock;
  readonly minimumFrequency: number;
  profile(): Promise<HomeProfile>;
  /** Has an approved extract made by the host of pipelines; without it, it is made right here. */
  readonly production?: (call: Call, id: string) => Promise<void>;
}

/** What judging an extract's state works with. */
type StatedExtracts = Pick<ExtractServiceDependencies, 'store' | 'clock'>;

/** Extracts: request → approval → file → expiry. */
export function createExtractServices(deps: ExtractServiceDependencies): ExtractServices {
  return {
    datasets: () => Promise.resolve(deps.datasets.map(datasetView)),
    request: (call, request) => submit(deps, call, request),
    list: (call, query) => listExtracts(deps, call, query, (row) => mine(call, row)),
    show: async (call, id) => view(deps, await visible(deps, call, id)),
    approve: (call, id) => approve(deps, call, id),
    reject: (call, id, reason) => close(deps, call, id, 'rejected', ['submitted'], reason),
    return: (call, id, reason) => close(deps, call, id, 'returned', ['submitted'], reason),
    revoke: (call, id, reason) => close(deps, call, id, 'revoked', ['ready'], reason),
    files: (call, id) => files(deps, call, id),
    register: (call, query) => listExtracts(deps, call, query, () => true),
  };
}

/** A dataset with what may be asked of it. */
function datasetView(dataset: Dataset): JsonObject {
  return asJson({ ...dataset, offers: offered(dataset) });
}

async function submit(
  deps: ExtractServiceDependencies,
  call: Call,
  input: JsonObject,
): Promise<JsonObject> {
  const request = atInstant(parseRequest(input));
  const plan = planFor(deps, request);
  if (request.expires <= today(deps)) throw expiryPast(request.expires);
  const id = timeOrderedId('x', deps.clock.now());
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'extract.submitted',
      subject: id,
      actor: call.person.actor,
      data: {
        status: 'submitted',
        request: asJson(request),
        dataset: plan.dataset.key,
        requester: call.person.actor,
        language: call.language,
      },
    }),
  );
  return view(deps, await visible(deps, call, id));
}

function parseRequest(input: JsonObject): ExtractRequest {
  const parsed = extractRequestSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .map(({ path: at, message }) => `${at.join('.') || '(request)'}: ${message}`)
    .join('; ');
  throw new PhusaError({
    group: 'data',
    code: 'extract-request-invalid',
    message: {
      vi: `Yêu cầu kết xuất chưa đúng: ${problems}`,
      en: `The extract request is not right: ${problems}`,
    },
    remedy: {
      vi: 'Yêu cầu phải nêu dataset, columns hoặc measures, format, purpose, recipient, expires.',
      en: 'A request names dataset, columns or measures, format, purpose, recipient, expires.',
    },
  });
}

/** A written as-of time as the instant it means. */
function atInstant(request: ExtractRequest): ExtractRequest {
  return request.asOf === undefined ? request : { ...request, asOf: readAsOf(request.asOf) };
}

/** The request with the time its data are known at: fixed by the approval, so that it can be made again. */
async function effective(
  deps: ExtractServiceDependencies,
  request: ExtractRequest,
): Promise<ExtractRequest> {
  const known = await knownSince(deps.store, deps.warehouse);
  const { asOf } = atInstant(request);
  return { ...request, asOf: asOf === undefined || asOf > known ? known : asOf };
}

function planFor(deps: ExtractServiceDependencies, request: ExtractRequest): ExtractPlan {
  const dataset = deps.datasets.find(({ key }) => key === request.dataset);
  if (!dataset) throw notFound('bộ dữ liệu', 'dataset', request.dataset);
  return planExtract(request, dataset, deps.minimumFrequency);
}

async function approve(
  deps: ExtractServiceDependencies,
  call: Call,
  id: string,
): Promise<JsonObject> {
  const row = await visible(deps, call, id);
  const { solo } = await deps.profile();
  requireSecondPerson(solo, call.person, textMember(row.data, 'requester'));
  const asked = parseRequest(objectMember(row.data, 'request'));
  const plan = planFor(deps, await effective(deps, asked));
  const options = await selectOptions(deps, plan.request);
  const suppressed = await countSuppressed(deps.warehouse, plan, options);
  await deps.store.decide(async (journal) => {
    await requireState(journal, id, ['submitted']);
    await refuseDifferencing(journal, plan, deps.datasets, suppressed);
    await journal.record({
      kind: 'extract.approved',
      subject: id,
      actor: call.person.actor,
      data: {
        status: 'approved',
        approver: call.person.actor,
        request: asJson(plan.request),
        suppressed,
      },
    });
  });
  if (!deps.production) return await produce(deps, call, id);
  await deps.production(call, id);
  return view(deps, await visible(deps, call, id));
}

/** Makes the bundle of an approved extract; run again after a crash it makes it again under the same id. */
export async function produce(
  deps: ExtractServiceDependencies,
  call: Call,
  id: string,
): Promise<JsonObject> {
  const row = await visible(deps, call, id);
  const plan = planFor(deps, parseRequest(objectMember(row.data, 'request')));
  await move(deps, id, ['approved', 'producing'], {
    kind: 'extract.producing',
    actor: 'system',
    data: { status: 'producing' },
  });
  const { solo, simulated } = await deps.profile();
  const bundle = await produceBundle(
    deps,
    plan,
    {
      id,
      requester: textMember(row.data, 'requester'),
      approver: textMember(row.data, 'approver'),
      producedAt: deps.clock.now().toISOString(),
      asOf: plan.request.asOf ?? '',
      notes: notes(solo, simulated),
      language: row.data['language'] === 'en' ? 'en' : 'vi',
    },
    await selectOptions(deps, plan.request),
  );
  await move(deps, id, ['producing'], {
    kind: 'extract.ready',
    actor: 'system',
    data: { status: 'ready', ...asJson(bundle), expires: plan.request.expires },
  });
  return view(deps, await visible(deps, call, id));
}

function notes(solo: boolean, simulated: boolean): readonly string[] {
  return [
    ...(simulated ? ['Dữ liệu mô phỏng / Simulated data'] : []),
    ...(solo
      ? [
          'Hệ thống một người dùng: không có người thứ hai phê duyệt / One person’s home: no second approver',
        ]
      : []),
  ];
}

async function selectOptions(
  deps: ExtractServiceDependencies,
  request: ExtractRequest,
): Promise<SelectOptions> {
  if (request.asOf === undefined) return {};
  const asOf = readAsOf(request.asOf);
  return { asOf, assets: await assetsInForce(deps.store, asOf) };
}

async function close(
  deps: ExtractServiceDependencies,
  call: Call,
  id: string,
  status: 'rejected' | 'returned' | 'revoked',
  from: readonly string[],
  reason: string,
): Promise<JsonObject> {
  await visible(deps, call, id);
  await move(deps, id, from, {
    kind: `extract.${status}`,
    actor: call.person.actor,
    data: { status, reason },
  });
  return view(deps, await visible(deps, call, id));
}

/** Changes an extract's state if it is in one of `from`; two people deciding at once have one outcome (I23). */
async function move(
  deps: StatedExtracts,
  id: string,
  from: readonly string[],
  entry: { readonly kind: `extract.${string}`; readonly actor: string; readonly data: JsonObject },
): Promise<void> {
  await deps.store.decide(async (journal) => {
    await requireState(journal, id, from);
    await journal.record({ ...entry, subject: id });
  });
}

async function requireState(
  journal: JournalWriter,
  id: string,
  from: readonly string[],
): Promise<void> {
  const row = await journal.get('extract', id);
  if (!row || !from.includes(row.status)) throw wrongState(id, row?.status ?? 'absent', from);
}

async function files(
  deps: ExtractServiceDependencies,
  call: Call,
  id: string,
): Promise<readonly Download[]> {
  const row = await visible(deps, call, id);
  const status = effectiveStatus(deps, row);
  if (status !== 'ready') throw wrongState(id, status, ['ready']);
  await deps.store.decide((journal) =>
    journal.record({
      kind: 'access.downloaded',
      subject: id,
      actor: call.person.actor,
      data: { extract: id },
    }),
  );
  return bundleFiles.parse(row.data['files']).map(({ name }) => ({
    name,
    mediaType: 'application/octet-stream',
    path: path.join(deps.directory, id, name),
  }));
}

const bundleFiles = z.array(z.object({ name: z.string() }));

/** `ready` becomes `expired` the day after its last day. */
function effectiveStatus(deps: StatedExtracts, row: StateRow): string {
  const expires = row.data['expires'];
  const over = typeof expires === 'string' && expires < today(deps);
  return row.status === 'ready' && over ? 'expired' : row.status;
}

/** Journals extracts that are past their last day as expired. Returns how many. */
export async function expireExtracts(deps: StatedExtracts): Promise<number> {
  const page = await deps.store.list('extract', { status: ['ready'], limit: 1000 });
  const over = page.rows.filter((row) => effectiveStatus(deps, row) === 'expired');
  for (const { id } of over) {
    await move(deps, id, ['ready'], {
      kind: 'extract.expired',
      actor: 'system',
      data: { status: 'expired' },
    });
  }
  return over.length;
}

async function listExtracts(
  deps: ExtractServiceDependencies,
  _call: Call,
  query: { readonly limit?: number; readonly after?: string },
  keep: (row: StateRow) => boolean,
) {
  const page = await deps.store.list('extract', {
    limit: Math.min(query.limit ?? 50, 500),
    ...(query.after === undefined ? {} : { after: query.after }),
  });
  const items = page.rows.filter(keep).map((row) => view(deps, row));
  return { items, ...(page.next === undefined ? {} : { next: page.next }) };
}

async function visible(
  deps: ExtractServiceDependencies,
  call: Call,
  id: string,
): Promise<StateRow> {
  const row = await deps.store.get('extract', id);
  if (!row || !mine(call, row)) throw notFound('yêu cầu kết xuất', 'extract', id);
  return row;
}

/** Stewards, operators, auditors and admins see all; others their own. */
function mine({ person }: Call, row: StateRow): boolean {
  const sees = person.roles.some((role) =>
    ['steward', 'auditor', 'operator', 'admin'].includes(role),
  );
  return sees || row.data['requester'] === person.actor;
}

function view(deps: ExtractServiceDependencies, row: StateRow): JsonObject {
  return {
    id: row.id,
    ...row.data,
    status: effectiveStatus(deps, row),
    submittedAt: row.createdAt,
  };
}

function today(deps: StatedExtracts): string {
  return localDateOf(deps.clock.now(), VIETNAM_ZONE);
}

function wrongState(id: string, status: string, from: readonly string[]): PhusaError {
  return new PhusaError({
    group: 'data',
    code: status === 'expired' || status === 'revoked' ? 'not-permitted' : 'extract-state',
    message: {
      vi: `Kết xuất ${id} đang ở trạng thái “${status}”, cần “${from.join('” hoặc “')}”.`,
      en: `Extract ${id} is “${status}”; it must be “${from.join('” or “')}”.`,
    },
  });
}

function expiryPast(expires: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'extract-request-invalid',
    message: { vi: `Ngày hết hạn ${expires} đã qua.`, en: `The expiry ${expires} is past.` },
    remedy: { vi: 'Chọn một ngày sau hôm nay.', en: 'Choose a day after today.' },
  });
}
