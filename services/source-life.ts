import { createHash } from 'node:crypto';
import type { JournalWriter, StateRow } from '../control/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson, objectMember, optionalText, textList, textMember } from '../core/json-member.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';
import type { IngestDependencies } from '../workflows/activities/ingest-dependencies.ts';
import {
  asksOf,
  dryContext,
  sourceState,
  versionParts,
  versionText,
} from '../workflows/activities/source-state.ts';
import { pinnedShape, pinRelease } from '../workflows/activities/pinned-release.ts';
import { breakingChanges, shapeOf } from '../workflows/breaking-changes.ts';
import { certify } from '../workflows/certification/certify.ts';
import { proofs } from '../workflows/certification/proof.ts';
import { onlyLive } from '../workflows/certification/recording.ts';
import type { ScratchHome } from '../workflows/certification/trial.ts';
import { requireSecondPerson } from './permission.ts';
import type { Call, CertifySource, EditSource } from './port.ts';
import { parseConfig, parseContract } from './source-config.ts';

/** What the life of a source works with. */
export interface SourceLifeDependencies extends Omit<IngestDependencies, 'signal'> {
  /** Whether rules that need a second person are off. */
  solo(): Promise<boolean>;
  seal(source: string, name: string, value: string): Promise<void>;
  /** A home that is there for one trial only. */
  scratchHome(): Promise<ScratchHome>;
}

/** Batches that a certification reads unless it is told another number. */
const usualBatches = 30;

/** What a version keeps beside its configuration: the members of its journal entry. */
export async function versionMembers(
  journal: JournalWriter,
  before: StateRow | undefined,
  { config, contract }: { readonly config: JsonObject; readonly contract: JsonObject },
): Promise<JsonObject & { readonly version: number }> {
  const version = Number(before?.data['version'] ?? 0) + 1;
  const sha256 = await journal.define(versionText(config, contract));
  const versions = { ...objectMember(before?.data ?? {}, 'versions'), [String(version)]: sha256 };
  return { version, versions, config, contract, configSha256: sha256 };
}

/** Connection test; the journal says that this version passed it. */
export async function checkSource(
  deps: SourceLifeDependencies,
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

/**
 * Makes a new version of a source. It has to be certified and approved like a new one; a change that takes something
 * away from readers pauses the source and asks. In a solo home a change that breaks nothing is active after a check.
 */
export async function editSource(
  deps: SourceLifeDependencies,
  call: Call,
  row: StateRow,
  edit: EditSource,
): Promise<void> {
  const name = row.id;
  const connector = deps.connector(textMember(row.data, 'connector'));
  const before = connector.config.parse(objectMember(row.data, 'config'));
  const config =
    edit.config === undefined ? before : parseConfig(connector, { name, config: edit.config });
  const kept = objectMember(row.data, 'contract');
  const contract =
    edit.contract === undefined ? kept : parseContract(connector, config, name, edit.contract);
  const told = {
    notify: edit.notify ?? textList(row.data, 'notify'),
    freshness: edit.freshness ?? optionalText(row.data, 'freshness') ?? null,
  };
  for (const [secret, value] of Object.entries(edit.secrets ?? {}))
    await deps.seal(name, secret, value);
  const same =
    canonicalJson({ config, contract }) === canonicalJson({ config: before, contract: kept });
  if (same) {
    await record(deps, call, name, 'notified', told);
    return;
  }
  const asks = await breaksOf(deps, row, config);
  await deps.store.decide(async (journal) => {
    const members = await versionMembers(journal, row, { config, contract });
    await journal.record({
      kind: 'source.edited',
      subject: name,
      actor: call.person.actor,
      data: {
        ...members,
        connectorVersion: connector.version,
        ...told,
        editedBy: call.person.actor,
        approvedBy: null,
        certificate: null,
        pausedBy: null,
        asks: asks.map(asJson),
        status: asks.length > 0 ? 'paused' : 'draft',
      },
    });
  });
  const wasRunning = row.status === 'active' || row.data['pausedBy'] === 'drift';
  if ((await deps.solo()) && asks.length === 0 && wasRunning) {
    await checkSource(deps, call, name);
    await activate(deps, call, name, { solo: true });
  }
}

/** What a configuration takes away from those who read the version that was approved last; nothing before there is one. */
async function breaksOf(
  { store, connector: find }: SourceLifeDependencies,
  row: StateRow,
  config: JsonObject,
): Promise<readonly Localized[]> {
  const { data } = row;
  const approved = data['approvedVersion'];
  if (typeof approved !== 'number') return [];
  const sha256 = optionalText(objectMember(data, 'versions'), String(approved));
  const text = sha256 === undefined ? undefined : await store.definition(sha256);
  const kept = text === undefined ? objectMember(data, 'config') : versionParts(text).config;
  const connector = find(textMember(data, 'connector'));
  const pinned = await pinnedShape({ store }, row);
  const before = pinned ?? shapeOf(connector, connector.config.parse(kept));
  return breakingChanges(before, shapeOf(connector, config));
}

/** Certifies the present version of a source. The certificate is kept either way; only a whole one certifies. */
export async function certifySource(
  deps: SourceLifeDependencies,
  call: Call,
  row: StateRow,
  { batches: most = usualBatches, recorded = false }: CertifySource,
): Promise<JsonObject> {
  const source = await sourceState(deps, row.id);
  const own = { ...deps, signal: call.signal };
  const results = await certify(own, source, { most, recorded, progress: call.progress });
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ proof }) => proof);
  const body = asJson({
    source: row.id,
    version: source.version,
    connector: source.connector.name,
    connectorVersion: source.connector.version,
    at: deps.clock.now().toISOString(),
    by: call.person.actor,
    passed: failed.length === 0,
    basis: recorded ? 'recorded' : 'live',
    onlyLive: recorded ? onlyLive : [],
    failed,
    proofs: results.map((one) => ({ ...one, label: proofs[one.proof] })),
  });
  const text = canonicalJson(body);
  const certificate = { ...body, sha256: createHash('sha256').update(text).digest('hex') };
  await deps.store.decide(async (journal) => {
    await journal.define(text);
    const now = await journal.get('source', row.id);
    if (Number(now?.data['version'] ?? 1) !== source.version) throw editedMeanwhile(row.id);
    const waits = now?.status !== 'active' && (now?.status !== 'paused' || asksOf(now).length > 0);
    await journal.record({
      kind: failed.length === 0 ? 'source.certified' : 'source.certification-failed',
      subject: row.id,
      actor: call.person.actor,
      data: {
        certificate,
        ...(failed.length === 0 ? { certifiedBy: call.person.actor } : {}),
        ...(failed.length === 0 && waits ? { status: 'certified' } : {}),
      },
    });
  });
  return certificate;
}

/**
 * Activates the present version: certified, and by somebody who neither registered nor edited nor certified it. In a solo
 * home one person may do both, and a check is enough.
 */
export async function approveSource(
  deps: SourceLifeDependencies,
  call: Call,
  row: StateRow,
): Promise<void> {
  const solo = await deps.solo();
  for (const name of ['registeredBy', 'editedBy', 'certifiedBy'])
    requireSecondPerson(solo, call.person, optionalText(row.data, name) ?? '');
  if (row.status !== 'certified' && !solo) throw notCertified(row);
  if (Number(objectMember(row.data, 'checked')['version'] ?? 0) !== Number(row.data['version']))
    await checkSource(deps, call, row.id);
  await activate(deps, call, row.id, {});
}

/** Journals that the present version of a source is active, and by whom. */
export async function activate(
  deps: Pick<SourceLifeDependencies, 'store' | 'connector'>,
  call: Call,
  name: string,
  more: JsonObject,
): Promise<void> {
  const { actor } = call.person;
  await deps.store.decide(async (journal) => {
    const row = await journal.get('source', name);
    if (!row) throw new TypeError(`source ${name} vanished`);
    const approvedVersion = Number(row.data['version'] ?? 1);
    const connector = deps.connector(textMember(row.data, 'connector'));
    const config = connector.config.parse(objectMember(row.data, 'config'));
    const data = {
      ...more,
      ...(await pinRelease(journal, connector, config)),
      status: 'active',
      approvedBy: actor,
      approvedVersion,
      asks: null,
      pausedBy: null,
    };
    await journal.record({ kind: 'source.active', subject: name, actor, data });
  });
}

/** Lets a paused source run again; one that was never approved, or asks something, goes the way of a new one. */
export async function resumeSource(
  deps: SourceLifeDependencies,
  call: Call,
  row: StateRow,
): Promise<void> {
  if (asksOf(row).length > 0) throw asksFirst(row);
  const approved = optionalText(row.data, 'approvedBy') !== undefined;
  const status = approved ? 'active' : 'draft';
  await record(deps, call, row.id, status, { status });
}

/** Journals a step of a source's life. */
export async function record(
  deps: Pick<SourceLifeDependencies, 'store'>,
  call: Call,
  name: string,
  verb: string,
  data: JsonObject,
): Promise<void> {
  const { actor } = call.person;
  await deps.store.decide((journal) =>
    journal.record({ kind: `source.${verb}`, subject: name, actor, data }),
  );
}

function notCertified({ id, status, data }: StateRow): PhusaError {
  const failed = textList(objectMember(data, 'certificate'), 'failed');
  const named = failed.length === 0 ? '' : ` (${failed.join(', ')})`;
  return new PhusaError({
    group: 'fatal',
    code: 'source-not-certified',
    message: {
      vi: `Nguồn “${id}” chưa được chứng nhận${named}; trạng thái: ${status}.`,
      en: `Source “${id}” is not certified${named}; status: ${status}.`,
    },
    remedy: { vi: `Chạy: phusa source certify ${id}`, en: `Run: phusa source certify ${id}` },
    place: { source: id },
  });
}

function asksFirst(row: StateRow): PhusaError {
  const list = (language: 'vi' | 'en') =>
    asksOf(row)
      .map((ask) => ask[language])
      .join('; ');
  return new PhusaError({
    group: 'fatal',
    code: 'source-asks',
    message: {
      vi: `Nguồn “${row.id}” dừng vì thay đổi phá vỡ: ${list('vi')}.`,
      en: `Source “${row.id}” is paused by a breaking change: ${list('en')}.`,
    },
    remedy: {
      vi: `Nếu đồng ý: phusa source certify ${row.id}, rồi người thứ hai phê duyệt; nếu không, sửa lại: phusa source edit ${row.id}.`,
      en: `If you agree: phusa source certify ${row.id}, then a second person approves; if not, edit it again: phusa source edit ${row.id}.`,
    },
    place: { source: row.id },
  });
}

function editedMeanwhile(name: string): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'source-edited-meanwhile',
    message: {
      vi: `Nguồn “${name}” vừa được sửa trong khi chứng nhận.`,
      en: `Source “${name}” was edited while it was being certified.`,
    },
    remedy: { vi: 'Chứng nhận lại.', en: 'Certify it again.' },
    place: { source: name },
  });
}
