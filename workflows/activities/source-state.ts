import { z } from 'zod';
import type { StateRow } from '../../control/port.ts';
import { PhusaError } from '../../core/errors.ts';
import { isObject, objectMember, optionalText, textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';
import { withContract } from '../source-contract.ts';
import { openChanges, seenNames } from './column-drift.ts';
import type { DryContext, IngestDependencies, SourceState } from './ingest-dependencies.ts';

/** Loads a source with its configuration checked against its connector. Throws `not-found`, `config-invalid`. */
export async function sourceState(
  deps: Pick<IngestDependencies, 'store' | 'connector'>,
  name: string,
): Promise<SourceState> {
  const row = await deps.store.get('source', name);
  if (!row || row.status === 'removed') throw sourceNotFound(name);
  return stateOf(deps, row, row.data);
}

/**
 * The source as it was when a batch was landed: its rows come out of that version's configuration for ever, also where
 * the warehouse is built again. Throws `not-found`.
 */
export async function pinnedSource(
  deps: Pick<IngestDependencies, 'store' | 'connector'>,
  batch: StateRow,
): Promise<SourceState> {
  const name = textMember(batch.data, 'source');
  const row = await deps.store.get('source', name);
  if (!row || row.status === 'removed') throw sourceNotFound(name);
  const wanted = Number(batch.data['sourceVersion'] ?? row.data['version'] ?? 1);
  const sha256 = optionalText(objectMember(row.data, 'versions'), String(wanted));
  if (wanted === Number(row.data['version'] ?? 1) || sha256 === undefined)
    return stateOf(deps, row, row.data);
  const text = await deps.store.definition(sha256);
  if (text === undefined) throw new TypeError(`version ${wanted} of source ${name} is not kept`);
  return stateOf(deps, row, { ...row.data, ...versionParts(text), version: wanted });
}

/** What a version of a source is made of, as `versions` keeps it by its hash. */
export function versionText(config: JsonObject, contract: JsonObject): string {
  return JSON.stringify({ config, contract });
}

/** The parts of a version that was kept by its hash. */
export function versionParts(text: string): {
  readonly config: JsonObject;
  readonly contract: JsonObject;
} {
  const read: unknown = JSON.parse(text);
  const kept = isObject(read) ? read : {};
  return { config: objectMember(kept, 'config'), contract: objectMember(kept, 'contract') };
}

function stateOf(
  deps: Pick<IngestDependencies, 'connector'>,
  row: StateRow,
  data: JsonObject,
): SourceState {
  const connector = deps.connector(textMember(data, 'connector'));
  return {
    name: row.id,
    status: row.status,
    version: Number(data['version'] ?? 1),
    connector: withContract(connector, objectMember(data, 'contract')),
    config: connector.config.parse(data['config']),
    owner: textMember(data, 'owner'),
    asks: asksOf(row),
    cursor: row.data['cursor'] ?? undefined,
    seen: seenNames(row),
    hasChanges: openChanges(row).length > 0,
  };
}

/** What a person has to answer before a source is read again: the breaking changes of its last version. */
export function asksOf({ data }: Pick<StateRow, 'data'>): readonly Localized[] {
  const read = z.array(z.object({ vi: z.string(), en: z.string() })).safeParse(data['asks']);
  return read.success ? read.data : [];
}

/** The effects a connector reads with, bound to one source. */
export function dryContext(
  deps: IngestDependencies,
  source: Pick<SourceState, 'name' | 'connector' | 'config'>,
): DryContext {
  const allowed = source.connector.allowed(source.config);
  const secret = (wanted: string) => deps.secret(source.name, wanted);
  const http = deps.http(allowed, deps.signal);
  return {
    source: source.name,
    config: source.config,
    secret,
    http,
    files: deps.files({ source: source.name, allowed, secret, signal: deps.signal }, http),
    now: () => deps.clock.now(),
    log: deps.log,
    signal: deps.signal,
  };
}

/** The error for a source that is not there, or that the asker may not see. */
export function sourceNotFound(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'not-found',
    message: { vi: `Không có nguồn “${name}”.`, en: `There is no source “${name}”.` },
    remedy: { vi: 'Xem: phusa source list', en: 'See: phusa source list' },
    place: { source: name },
  });
}

/** A source row that is not there or may not run raises; used by every activity that reads. */
export function requireActive(
  source: Pick<SourceState, 'name' | 'status' | 'asks' | 'hasChanges'>,
): void {
  if (source.status === 'active') return;
  const next = nextStep(source);
  throw new PhusaError({
    group: 'fatal',
    code: 'source-not-active',
    message: {
      vi: `Nguồn “${source.name}” chưa hoạt động (trạng thái: ${source.status}).`,
      en: `Source “${source.name}” is not active (status: ${source.status}).`,
    },
    remedy: next,
    place: { source: source.name },
  });
}

/** What to do next with a source in this status. */
export function nextStep(
  source: Pick<SourceState, 'name' | 'status' | 'asks' | 'hasChanges'>,
): Localized {
  const command = nextCommand(source);
  return { vi: `Chạy: ${command}`, en: `Run: ${command}` };
}

function nextCommand({
  name,
  status,
  asks = [],
  hasChanges = false,
}: Pick<SourceState, 'name' | 'status' | 'asks' | 'hasChanges'>): string {
  if (status === 'paused' && asks.length === 0) return `phusa source resume ${name}`;
  if (status === 'paused' && hasChanges) return `phusa source adopt ${name}`;
  if (status === 'active') return `phusa ingest ${name}`;
  if (status === 'certified') return `phusa source approve ${name}`;
  return `phusa source certify ${name}`;
}
