import { personName } from '../city/people.ts';
import { endOfDay, isoDay, momentOf, utcMoment } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { json, notFound, type Handler, type Reply, type SimulatedRequest } from '../http/reply.ts';
import {
  FACILITIES,
  lastDayOf,
  patientOf,
  visits,
  WITHDRAWN_AFTER,
  type Visit,
} from './visit-book.ts';

const ROOT = '/fhir/';
const TOKEN = 'Bearer mo-phong-fhir';
const TYPES = ['Organization', 'Patient', 'Encounter', 'Condition'] as const;
type ResourceType = (typeof TYPES)[number];

type Job = { readonly since: string; readonly types: readonly string[]; looks: number };
type Resource = { readonly resourceType: string; readonly id: string } & Readonly<
  Record<string, unknown>
>;

/** Serves FHIR R4 bulk export: kick-off, one answer "not yet", a manifest, its files, and the end of the job. */
export function fhirRoutes(horizon: Horizon): Handler {
  const jobs = new Map<string, Job>();
  let started = 0;
  const begin = ({ query, headers }: SimulatedRequest): Reply => {
    if (headers['prefer'] !== 'respond-async') return outcome(400);
    started += 1;
    const types = (query.get('_type') ?? TYPES.join(',')).split(',');
    jobs.set(String(started), { since: query.get('_since') ?? '', types, looks: 0 });
    const location = `http://${headers.host ?? ''}${ROOT}jobs/${String(started)}`;
    return { status: 202, headers: { 'content-location': location }, body: '' };
  };
  return (request) => {
    if (!request.path.startsWith(ROOT)) return undefined;
    if (request.headers.authorization !== TOKEN) return outcome(401);
    const path = request.path.slice(ROOT.length);
    if (path === 'metadata')
      return json({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
    if (path === '$export' || path === 'Patient/$export') return begin(request);
    const [, id = '', file] = /^jobs\/(\d+)(?:\/([A-Za-z]+)\.ndjson)?$/.exec(path) ?? [];
    const job = jobs.get(id);
    if (job === undefined) return notFound(request.path);
    if (file !== undefined) return fileOf(horizon, job, file);
    if (request.method !== 'DELETE') return statusOf(horizon, job, request);
    jobs.delete(id);
    return { status: 202, headers: {}, body: '' };
  };
}

/** The encounters that stand on the last visible day. */
export function* standingVisits(horizon: Horizon): Generator<Visit> {
  for (const visit of visits(horizon, horizon.firstDay, horizon.lastDay))
    if (lastDayOf(visit) <= horizon.lastDay && !isWithdrawn(horizon, visit)) yield visit;
}

function isWithdrawn({ lastDay }: Horizon, visit: Visit): boolean {
  return visit.isWithdrawn && lastDayOf(visit) + WITHDRAWN_AFTER <= lastDay;
}

function statusOf(horizon: Horizon, job: Job, { path, headers }: SimulatedRequest): Reply {
  job.looks += 1;
  if (job.looks === 1)
    return { status: 202, headers: { 'retry-after': '1', 'x-progress': '50 %' }, body: '' };
  const url = (file: string) => `http://${headers.host ?? ''}${path}/${file}.ndjson`;
  const output = TYPES.filter((type) => job.types.includes(type)).map((type) => ({
    type,
    url: url(type),
    count: [...resources(horizon, job, type)].length,
  }));
  const gone = [...deletions(horizon, job)].length;
  return json({
    transactionTime: utcMoment(endOfDay(horizon.lastDay)),
    request: 'dữ liệu mô phỏng',
    requiresAccessToken: true,
    output,
    deleted: gone === 0 ? [] : [{ type: 'Bundle', url: url('deleted'), count: gone }],
    error: [],
  });
}

function fileOf(horizon: Horizon, job: Job, file: string): Reply {
  const type = TYPES.find((one) => one === file);
  if (type === undefined && file !== 'deleted') return notFound(file);
  const rows = type === undefined ? deletions(horizon, job) : resources(horizon, job, type);
  const headers = { 'content-type': 'application/fhir+ndjson' };
  return {
    status: 200,
    headers,
    body: [...rows].map((one) => `${JSON.stringify(one)}\n`).join(''),
  };
}

function* resources(horizon: Horizon, { since }: Job, type: ResourceType): Generator<Resource> {
  if (type === 'Organization') {
    if (since === '') for (const one of FACILITIES) yield organization(one);
    return;
  }
  const told = new Set<number>();
  for (const visit of standingVisits(horizon)) {
    if (updatedOf(visit) < since) continue;
    if (type === 'Encounter') yield encounter(visit);
    else if (type === 'Condition') yield condition(visit);
    else if (!told.has(visit.patient)) {
      told.add(visit.patient);
      yield patient(horizon.seed, visit);
    }
  }
}

function* deletions(horizon: Horizon, { since }: Job): Generator<object> {
  if (since === '') return;
  for (const visit of visits(horizon, horizon.firstDay, horizon.lastDay)) {
    const withdrawnAt = utcMoment(momentOf(lastDayOf(visit) + WITHDRAWN_AFTER, 20));
    if (!isWithdrawn(horizon, visit) || withdrawnAt < since) continue;
    const entry = [`Encounter/${visit.code}`, `Condition/b-${visit.code}`].map((url) => ({
      request: { method: 'DELETE', url },
    }));
    yield { resourceType: 'Bundle', type: 'transaction', entry };
  }
}

function updatedOf(visit: Visit): string {
  return utcMoment(momentOf(lastDayOf(visit), 20));
}

function organization({ code, name }: (typeof FACILITIES)[number]): Resource {
  return {
    resourceType: 'Organization',
    id: code,
    active: true,
    name,
    identifier: [{ system: 'urn:vn:moh:facility', value: code }],
  };
}

function patient(seed: number, { patient: number }: Visit): Resource {
  const { isFemale, bornDay } = patientOf(seed, number);
  return {
    resourceType: 'Patient',
    id: `p${String(number)}`,
    active: true,
    gender: isFemale ? 'female' : 'male',
    birthDate: number % 7 === 0 ? isoDay(bornDay).slice(0, 4) : isoDay(bornDay),
    name: [{ text: personName(number), family: personName(number).split(' ')[0] }],
  };
}

function encounter(visit: Visit): Resource {
  return {
    resourceType: 'Encounter',
    id: visit.code,
    meta: { versionId: '1', lastUpdated: updatedOf(visit) },
    status: 'finished',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: visit.days > 0 ? 'IMP' : 'AMB',
    },
    subject: { reference: `Patient/p${String(visit.patient)}` },
    period: { start: `${isoDay(visit.day)}T07:30:00+07:00`, end: isoDay(lastDayOf(visit)) },
    serviceProvider: { reference: `Organization/${visit.facility.code}` },
    ...(visit.died
      ? { hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }
      : {}),
  };
}

function condition(visit: Visit): Resource {
  return {
    resourceType: 'Condition',
    id: `b-${visit.code}`,
    meta: { versionId: '1', lastUpdated: updatedOf(visit) },
    verificationStatus: { coding: [{ code: 'confirmed' }] },
    code: {
      coding: [
        {
          system: 'http://hl7.org/fhir/sid/icd-10',
          code: visit.disease.code,
          display: visit.disease.name,
        },
      ],
    },
    subject: { reference: `Patient/p${String(visit.patient)}` },
    encounter: { reference: `Encounter/${visit.code}` },
    recordedDate: isoDay(visit.day),
  };
}

function outcome(status: number): Reply {
  const issue = [{ severity: 'error', code: status === 401 ? 'login' : 'invalid' }];
  return json({ resourceType: 'OperationOutcome', issue }, status);
}
