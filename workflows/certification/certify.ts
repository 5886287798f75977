import { quoted } from '../../core/sql-text.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { addCounts, noRows } from '../../core/load-counts.ts';
import type { Progress } from '../../core/progress.ts';
import { takesAbsence, takesTombstones, type StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { IngestDependencies, SourceState } from '../activities/ingest-dependencies.ts';
import { failed, notApplicable, passed, proofs, type Proof, type ProofName } from './proof.ts';
import { onlyLive, recordedSource } from './recording.ts';
import { secretTraces } from './secret-traces.ts';
import { openTrial, type Read, type ScratchHome, type Trial } from './trial.ts';

/** What certifying works with. */
export interface CertifyDependencies extends IngestDependencies {
  scratchHome(): Promise<ScratchHome>;
}

/** What is asked of a certification. */
export interface CertifyOptions {
  /** Batches that are read at most; the source need not be read from its beginning to its end. */
  readonly most: number;
  /** The landed bytes of earlier readings are looked at instead of the source itself. */
  readonly recorded?: boolean;
  readonly progress: Progress;
}

/** Batches, as shares of all, after which the process dies: they are published, the next run goes on at their cursor. */
const breaks = [0, 0.34, 0.67, 1];

/**
 * Runs every proof against the live source, or those that can be shown so against its landed bytes, in homes of their own that leave nothing behind: reads it, reads it again,
 * breaks it off and resumes, withholds a row and looks whether the next run brings it. Never throws for what the source
 * does: a reading that fails is a proof that fails.
 */
export async function certify(
  deps: CertifyDependencies,
  live: SourceState,
  { most, progress, recorded = false }: CertifyOptions,
): Promise<readonly Proof[]> {
  const source = recorded ? await recordedSource(deps, live) : live;
  const step = (done: number, name: ProofName): void =>
    progress({ step: proofs[name], done, total: 4 });
  const contracts = source.connector.streams(source.config);
  const trial = await openTrial(deps, source);
  try {
    step(0, 'volume');
    const conflicts = new Map<string, number>();
    const decoded = (session: DecodeSession) => noteConflicts(session, contracts, conflicts);
    const first = await trial.read({ full: true, most, decoded });
    const hashes = await trial.hashes();
    const base = [
      volume(first),
      contractHonoured(first),
      keyUnique(conflicts),
      cursorMonotone(source, first),
    ];
    const cannotBeRead = base[0]?.outcome === 'failed';
    if (cannotBeRead) return [...base, await noSecretLeak(trial)];
    step(1, 'idempotent-read');
    const again = await idempotent(trial, first, hashes);
    const leak = await noSecretLeak(trial);
    step(2, 'resume-after-kill');
    const resumed = recorded
      ? needsTheSource('resume-after-kill')
      : await resumes(deps, source, first, hashes);
    step(3, 'late-row');
    const late = await lateAndGone(deps, source, first, contracts);
    step(4, 'deletes');
    const shown = recorded
      ? late.map((one) => (onlyLive.includes(one.proof) ? needsTheSource(one.proof) : one))
      : late;
    return [...base, again, resumed, ...shown, leak];
  } finally {
    await trial.close();
  }
}

function needsTheSource(proof: ProofName): Proof {
  return notApplicable(
    proof,
    'Chỉ chứng minh được với nguồn thật: phusa source certify không có --recorded.',
    'Only the live source can show it: phusa source certify without --recorded.',
  );
}

function volume({ result, keys, cut }: Read): Proof {
  const counts = result.streams.reduce(addCounts, noRows);
  const figures = { batches: keys.length, received: counts.received, cut };
  const reason = result.streams.find((stream) => stream.reason !== null)?.reason;
  if (result.status === 'failed' || result.status === 'partial' || result.status === 'held') {
    const because = reason ?? { vi: result.status, en: result.status };
    const published = counts.new > 0;
    if (result.status === 'failed' || !published)
      return failed('volume', because.vi, because.en, figures);
  }
  if (counts.received === 0)
    return failed('volume', 'Nguồn không trả dòng nào.', 'The source gave no row.', figures);
  return passed('volume', figures);
}

function contractHonoured({ result }: Read): Proof {
  const counts = result.streams.reduce(addCounts, noRows);
  const figures = { received: counts.received, rejected: counts.quarantined };
  const broken = result.streams.find(({ status }) => status !== 'ok' && status !== 'empty');
  if (broken?.reason)
    return failed(
      'contract',
      `${broken.stream}: ${broken.reason.vi}`,
      `${broken.stream}: ${broken.reason.en}`,
      figures,
    );
  return passed('contract', figures);
}

/** Keys that one batch holds with different values, none of which the source's own time puts in order. */
async function noteConflicts(
  session: DecodeSession,
  contracts: readonly StreamContract[],
  conflicts: Map<string, number>,
): Promise<void> {
  for (const { stream, key, columns } of contracts) {
    if (!session.streams.includes(stream)) continue;
    const names = columns.map(({ name }) => quoted(name)).join(', ');
    const [row] = await session.rows(`select count(*) as n from (
      select 1 from (select distinct ${names}, _published_at from decoded_${stream} where _status is null)
      group by ${key.map(quoted).join(', ')} having count(*) > count(distinct _published_at) and count(*) > 1)`);
    conflicts.set(stream, (conflicts.get(stream) ?? 0) + Number(row?.['n'] ?? 0));
  }
}

function keyUnique(conflicts: ReadonlyMap<string, number>): Proof {
  const broken = [...conflicts].filter(([, keys]) => keys > 0);
  const figures = Object.fromEntries(conflicts);
  if (broken.length === 0) return passed('key-unique', figures);
  const list = broken.map(([stream, keys]) => `${stream} (${keys})`).join(', ');
  return failed(
    'key-unique',
    `Có khóa trùng mà giá trị khác nhau: ${list}. Khai khóa đủ cột, hoặc cột thời điểm phiên bản.`,
    `Keys with different values: ${list}. Declare a complete key, or the column with a version's time.`,
    figures,
  );
}

function cursorMonotone({ connector }: SourceState, { cursors }: Read): Proof {
  if (connector.capabilities.cursor === 'none')
    return notApplicable('cursor-monotone', 'Nguồn không đọc tăng dần.', 'Not read incrementally.');
  const back = cursors.findIndex(
    (cursor, at) => at > 0 && goesBack(cursors[at - 1] ?? null, cursor),
  );
  const figures = { cursors: cursors.length };
  if (back < 0) return passed('cursor-monotone', figures);
  const [from = '', to = ''] = cursors.slice(back - 1, back + 1).map((one) => JSON.stringify(one));
  return failed(
    'cursor-monotone',
    `Con trỏ lùi từ ${from} về ${to}; sắp xếp lại, hoặc khai nguồn không sắp xếp.`,
    `The cursor goes back from ${from} to ${to}; sort, or declare the source unsorted.`,
    figures,
  );
}

/** Whether some number, or text of one form, is less than it was. */
function goesBack(before: Json, after: Json): boolean {
  if (typeof before === 'number' && typeof after === 'number') return after < before;
  if (typeof before === 'string' && typeof after === 'string')
    return before.length === after.length && after < before;
  if (!isMembers(before) || !isMembers(after)) return false;
  return Object.keys(before).some((name) => goesBack(before[name] ?? null, after[name] ?? null));
}

function isMembers(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function idempotent(
  trial: Trial,
  first: Read,
  hashes: Readonly<Record<string, string>>,
): Promise<Proof> {
  const read = await trial.read({ full: true, until: first.keys.at(-1) });
  const { changed, deleted, new: added, received } = read.result.streams.reduce(addCounts, noRows);
  const figures = { received, new: added, changed, deleted };
  const broken = differing(hashes, await trial.hashes());
  if (broken.length === 0) return passed('idempotent-read', figures);
  return failed(
    'idempotent-read',
    `Đọc lại cho kết quả khác ở ${broken.join(', ')}: ${added} dòng mới, ${changed} dòng đổi, ${deleted} dòng mất.`,
    `Reading again differs in ${broken.join(', ')}: ${added} new, ${changed} changed, ${deleted} deleted.`,
    figures,
  );
}

function differing(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys(one).filter((stream) => one[stream] !== other[stream]);
}

async function resumes(
  deps: CertifyDependencies,
  source: SourceState,
  first: Read,
  hashes: Readonly<Record<string, string>>,
): Promise<Proof> {
  const count = first.keys.length;
  const places = [...new Set(breaks.map((share) => 1 + Math.floor(share * (count - 1))))];
  for (const breakAfter of places) {
    const trial = await openTrial(deps, source);
    try {
      const broken = await trial.read({ most: breakAfter });
      const cursor = broken.cursors.at(-1) ?? null;
      await trial.read({ until: first.keys.at(-1) });
      const differs = differing(hashes, await trial.hashes());
      if (differs.length > 0)
        return failed(
          'resume-after-kill',
          `Ngắt sau ${breakAfter} lô (con trỏ ${JSON.stringify(cursor)}) rồi đọc tiếp: ${differs.join(', ')} khác với đọc một mạch.`,
          `Broken off after ${breakAfter} batches (cursor ${JSON.stringify(cursor)}) and resumed: ${differs.join(', ')} differs from reading at once.`,
          { breakAfter, batches: count },
        );
    } finally {
      await trial.close();
    }
  }
  return passed('resume-after-kill', { batches: count, breaks: places.length, at: places });
}

/**
 * Withholds the last row of the last batch, as if it came after we had read, and invents one, as if it were deleted
 * later; then reads on.
 */
async function lateAndGone(
  deps: CertifyDependencies,
  source: SourceState,
  first: Read,
  contracts: readonly StreamContract[],
): Promise<readonly Proof[]> {
  const trial = await openTrial(deps, source);
  try {
    const withheld = new Map<string, string>();
    const ghosts = new Map<string, string>();
    const tombstones = new Map<string, number>();
    await trial.read({
      full: true,
      until: first.keys.at(-1),
      changed: async (session) => {
        for (const contract of contracts.filter(({ stream }) => session.streams.includes(stream))) {
          await countTombstones(session, contract, tombstones);
          await withhold(session, contract, withheld);
          if (takesAbsence(contract)) await invent(session, contract, ghosts);
        }
      },
    });
    const next = await trial.read({ most: first.keys.length + 1 });
    const missing = await absentKeys(trial, contracts, withheld);
    await trial.read({ full: true, until: first.keys.at(-1) });
    const lasting = await presentKeys(trial, contracts, ghosts);
    return [
      lateRow(source, withheld, missing, next),
      deletes(contracts, ghosts, lasting, tombstones),
    ];
  } finally {
    await trial.close();
  }
}

function lateRow(
  { connector }: SourceState,
  withheld: ReadonlyMap<string, string>,
  missing: readonly string[],
  { keys, result }: Read,
): Proof {
  if (connector.capabilities.cursor === 'none')
    return notApplicable('late-row', 'Mỗi lần đọc lại toàn bộ.', 'Everything is read every time.');
  if (connector.capabilities.cursor === 'file')
    return notApplicable(
      'late-row',
      'Tệp thay đổi được đọc lại cả tệp.',
      'A changed file is read again as a whole.',
    );
  if (withheld.size === 0)
    return notApplicable(
      'late-row',
      'Không có dòng nào để giữ lại.',
      'There was no row to withhold.',
    );
  const { received } = result.streams.reduce(addCounts, noRows);
  const figures = { streams: withheld.size, received };
  if (missing.length === 0) return passed('late-row', figures);
  if (keys.length > 0 && received === 0)
    return notApplicable(
      'late-row',
      'Khoảng đọc lùi lúc này không có dòng nào ở nguồn.',
      'The source has no row within the look-back at present.',
    );
  return failed(
    'late-row',
    `Dòng đến muộn của ${missing.join(', ')} không được đọc ở lần sau: khai khoảng đọc lùi (lookBack).`,
    `A late row of ${missing.join(', ')} is not read by the next run: declare a look-back (lookBack).`,
    figures,
  );
}

function deletes(
  contracts: readonly StreamContract[],
  ghosts: ReadonlyMap<string, string>,
  lasting: readonly string[],
  tombstones: ReadonlyMap<string, number>,
): Proof {
  const undeclared = contracts.filter(
    (contract) => !takesTombstones(contract) && (tombstones.get(contract.stream) ?? 0) > 0,
  );
  if (undeclared.length > 0) {
    const list = undeclared.map(({ stream }) => stream).join(', ');
    return failed(
      'deletes',
      `${list} gửi dòng xóa mà không khai.`,
      `${list} sends deletions that are not declared.`,
    );
  }
  if (lasting.length > 0)
    return failed(
      'deletes',
      `${lasting.join(', ')} khai “absence” nhưng dòng không còn ở nguồn vẫn ở lại kho.`,
      `${lasting.join(', ')} declares “absence”, yet a row that the source lacks stays.`,
    );
  const sent = [...tombstones.values()].reduce((sum, count) => sum + count, 0);
  if (ghosts.size === 0 && sent === 0)
    return notApplicable(
      'deletes',
      'Không khai xóa, hoặc chưa thấy dòng xóa nào.',
      'No deletes are declared, or none was seen.',
    );
  return passed('deletes', { absent: ghosts.size, tombstones: sent });
}

async function countTombstones(
  session: DecodeSession,
  { stream }: StreamContract,
  tombstones: Map<string, number>,
): Promise<void> {
  const [row] = await session.rows(
    `select count(*) as n from decoded_${stream} where _status = 'deleted'`,
  );
  tombstones.set(stream, (tombstones.get(stream) ?? 0) + Number(row?.['n'] ?? 0));
}

/** A key as one text. */
function keyText({ key }: StreamContract): string {
  return `to_json([${key.map((name) => `${quoted(name)}::varchar`).join(', ')}])::varchar`;
}

/** Takes the last row of a batch away; the row of an earlier batch stays where it was put back. */
async function withhold(
  session: DecodeSession,
  contract: StreamContract,
  withheld: Map<string, string>,
): Promise<void> {
  const table = `decoded_${contract.stream}`;
  const [row] = await session.rows(`select ${keyText(contract)} as key from ${table}
    where _status is null order by _published_at desc nulls last, _file desc, _row desc limit 1`);
  const key = row?.['key'] ?? null;
  if (key === null) return;
  withheld.set(contract.stream, key);
  await session.run(
    `delete from ${table} where ${keyText(contract)} = '${key.replaceAll("'", "''")}'`,
  );
}

/** Adds a row like the first one, with a key that the source does not have. */
async function invent(
  session: DecodeSession,
  contract: StreamContract,
  ghosts: Map<string, string>,
): Promise<void> {
  const { stream, columns, key, partition = [] } = contract;
  const own = columns.find(
    ({ name, type }) =>
      key.includes(name) &&
      !partition.includes(name) &&
      ['varchar', 'bigint', 'integer'].includes(type),
  );
  if (own === undefined || ghosts.has(stream)) return;
  const other = own.type === 'varchar' ? `${quoted(own.name)} || '~thử'` : `-987654321`;
  await session.run(`insert into decoded_${stream}
    select * replace (${other} as ${quoted(own.name)}) from decoded_${stream} where _status is null limit 1`);
  const [row] = await session.rows(
    `select ${keyText(contract)} as key from decoded_${stream} where ${quoted(own.name)}::varchar ${own.type === 'varchar' ? "like '%~thử'" : "= '-987654321'"} limit 1`,
  );
  const made = row?.['key'] ?? null;
  if (made !== null) ghosts.set(stream, made);
}

async function absentKeys(
  trial: Trial,
  contracts: readonly StreamContract[],
  keys: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const present = await presentKeys(trial, contracts, keys);
  return [...keys.keys()].filter((stream) => !present.includes(stream));
}

async function presentKeys(
  trial: Trial,
  contracts: readonly StreamContract[],
  keys: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const present: string[] = [];
  for (const contract of contracts) {
    const key = keys.get(contract.stream);
    if (key === undefined) continue;
    const rows = await trial.rows(
      `select 1 from ${contract.layer}.${contract.stream} where ${keyText(contract)} = '${key.replaceAll("'", "''")}' limit 1`,
    );
    if (rows.length > 0) present.push(contract.stream);
  }
  return present;
}

async function noSecretLeak({ secrets, home, said }: Trial): Promise<Proof> {
  if (secrets.size === 0)
    return notApplicable(
      'no-secret-leak',
      'Nguồn không dùng bí mật.',
      'The source uses no secret.',
    );
  const traces = await secretTraces(secrets, home.directory, said);
  const places = traces.map(({ place }) => place);
  if (places.length === 0) return passed('no-secret-leak', { secrets: secrets.size });
  return failed(
    'no-secret-leak',
    `Bí mật có trong: ${places.slice(0, 5).join(', ')}`,
    `A secret is in: ${places.slice(0, 5).join(', ')}`,
    { places: places.length },
  );
}
