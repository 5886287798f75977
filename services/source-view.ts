import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { ControlStore, JournalEntry, StateRow } from '../control/port.ts';
import { asJson, objectMember, optionalText, textList, textMember } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { notFound } from './batch-services.ts';
import { openChanges } from '../workflows/activities/column-drift.ts';
import { asksOf, nextStep, versionParts } from '../workflows/activities/source-state.ts';
import type { SourceView } from './port.ts';

/** A source as the API shows it. */
export function sourceView(
  deps: { connector(name: string): Connector },
  row: StateRow,
): SourceView {
  const connector = deps.connector(textMember(row.data, 'connector'));
  const config = objectMember(row.data, 'config');
  const { lastRun, certificate } = row.data;
  const asks = asksOf(row);
  const drift = openChanges(row);
  const contract = objectMember(row.data, 'contract');
  const freshness = optionalText(row.data, 'freshness');
  const reason = row.status === 'paused' ? optionalText(row.data, 'reason') : undefined;
  return {
    name: row.id,
    connector: connector.name,
    owner: textMember(row.data, 'owner'),
    status: statusOf(row.status),
    version: Number(row.data['version'] ?? 1),
    config,
    streams: connector.streams(connector.config.parse(config)).map(({ stream }) => stream),
    contract,
    notify: textList(row.data, 'notify'),
    ...(freshness === undefined ? {} : { freshness }),
    ...people(row),
    ...(asks.length === 0 ? {} : { asks }),
    ...(drift.length === 0 ? {} : { drift: drift.map(asJson) }),
    ...(reason === undefined ? {} : { reason }),
    ...(certificate === undefined || certificate === null
      ? {}
      : { certificate: objectMember(row.data, 'certificate') }),
    ...(lastRun === undefined ? {} : { lastRun: objectMember(row.data, 'lastRun') }),
    next: nextStep({ name: row.id, status: row.status, asks, hasChanges: drift.length > 0 }),
  };
}

function people({
  data,
}: StateRow): Pick<SourceView, 'registeredBy' | 'editedBy' | 'certifiedBy' | 'approvedBy'> {
  const names = ['registeredBy', 'editedBy', 'certifiedBy', 'approvedBy'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const who = optionalText(data, name);
      return who === undefined ? [] : [[name, who]];
    }),
  );
}

function statusOf(status: string): SourceView['status'] {
  return z.enum(['draft', 'certified', 'active', 'paused', 'removed']).parse(status);
}

/** What a version of a source was. Throws data `not-found`. */
export async function sourceVersion(
  { store }: { readonly store: ControlStore },
  { id, data }: StateRow,
  version: number,
): Promise<JsonObject> {
  const sha256 = optionalText(objectMember(data, 'versions'), String(version));
  const text = sha256 === undefined ? undefined : await store.definition(sha256);
  if (sha256 === undefined || text === undefined)
    throw notFound('phiên bản của nguồn', 'version of the source', `${id} ${version}`);
  return { version, sha256, ...versionParts(text) };
}

/** Kinds of entries that tell the life of a source; its runs are elsewhere. */
const lifeKinds = [
  ...['added', 'edited', 'checked', 'certified', 'certification-failed'],
  ...['active', 'paused', 'removed', 'draft', 'resumed', 'adopted', 'upgraded'],
].map((verb) => `source.${verb}`);

/** What happened to a source, by whom and when, oldest first, from the journal. */
export async function sourceHistory(
  store: ControlStore,
  name: string,
): Promise<readonly JsonObject[]> {
  const entries: JsonObject[] = [];
  let version = 0;
  for await (const entry of store.journal({ subject: name, kinds: lifeKinds })) {
    version = Number(entry.data['version'] ?? version);
    entries.push(told(entry, version));
  }
  return entries;
}

function told({ at, kind, actor, data }: JournalEntry, version: number): JsonObject {
  const certificate = objectMember(data, 'certificate');
  const failedProofs = textList(certificate, 'failed');
  return {
    at,
    what: kind.slice('source.'.length),
    actor,
    version,
    ...(data['status'] === undefined ? {} : { status: data['status'] }),
    ...(data['reason'] === undefined ? {} : { reason: data['reason'] }),
    ...(data['asks'] === undefined || data['asks'] === null ? {} : { asks: data['asks'] }),
    ...(failedProofs.length === 0 ? {} : { failed: failedProofs }),
  };
}
