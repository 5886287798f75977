import type { Knex } from 'knex';
import { canonicalJson, type Json, type JsonObject } from '../core/json.ts';
import { isAnchored, sameHead, type AnchoredHead, type AnchoredHeads } from './anchor.ts';
import { definitionsAfter, sha256Of } from './definition-table.ts';
import { fold, isJournalKind, stateOf, type FoldedRow } from './fold.ts';
import { entryHash, genesis, type JournalHead, type StoredEntry } from './journal-entry.ts';
import { entriesAfter, entriesAfterSubject, readHead } from './journal-table.ts';
import { parseObject } from './stored-json.ts';
import type { JournalVerdict, StateKind } from './port.ts';
import { storedState, type StoredState } from './state-table.ts';

/** What is checked against. */
export interface VerifyOptions {
  /** Heads kept outside the database; `missing` where the file is gone or unreadable; undefined = no anchor is kept. */
  readonly anchor: AnchoredHeads | 'missing' | undefined;
  /** Whether other processes append too: then the journal may have gone beyond our anchor. */
  readonly shared: boolean;
}

/** Noted by a store that finds its journal to be none of the anchored heads: the verdict stays, though later heads fit. */
export const anchorLost = 'note.anchor-lost';

/** Recorded by a person, or by a restore, who knows why: what was lost before it is no longer a problem. */
const anchorAccepted = 'note.anchor-accepted';

type Problem = JournalVerdict['problems'][number];

/** Problems told in full; beyond them the verdict only says that there are more. */
const mostProblems = 1_000;

class Problems {
  readonly list: Problem[] = [];

  add(seq: number, problem: string, detail: Json): void {
    if (this.list.length < mostProblems) this.list.push({ seq, problem, detail });
  }
}

/**
 * Recomputes the chain, folds the journal anew and compares it with the state tables, re-hashes the definitions, and
 * compares the head with its anchor. Reads page by page; run it on a snapshot.
 */
export async function verifyStore(db: Knex, options: VerifyOptions): Promise<JournalVerdict> {
  const problems = new Problems();
  const chain = await verifyChain(db, options, problems);
  await verifyHead(db, chain.last, problems);
  await verifyStates(db, problems);
  await verifyDefinitions(db, problems);
  const { list } = problems;
  const { hash } = chain.last;
  return { entries: chain.entries, head: hash, intact: list.length === 0, problems: list };
}

async function verifyChain(
  db: Knex,
  options: VerifyOptions,
  problems: Problems,
): Promise<{ readonly entries: number; readonly last: JournalHead }> {
  const seen = new AnchorCheck(options);
  let last: JournalHead = genesis;
  let entries = 0;
  const lost: StoredEntry[] = [];
  for await (const entry of paged((row?: StoredEntry) =>
    entriesAfter(db, row?.seq ?? Number.MIN_SAFE_INTEGER),
  )) {
    verifyEntry(entry, last, problems);
    last = entry;
    entries += 1;
    seen.pass(entry);
    if (entry.kind === anchorLost) lost.push(entry);
    if (entry.kind === anchorAccepted) lost.length = 0;
  }
  for (const entry of lost) problems.add(entry.seq, 'anchor-lost', { found: entry.data });
  seen.end(last, problems);
  return { entries, last };
}

function verifyEntry(entry: StoredEntry, last: JournalHead, problems: Problems): void {
  const { seq, at, kind, previous, hash } = entry;
  if (seq !== last.seq + 1) problems.add(seq, 'seq-gap', { after: last.seq });
  if (previous !== last.hash) problems.add(seq, 'chain-broken', { previous, expected: last.hash });
  if (at <= last.at) problems.add(seq, 'time-not-rising', { at, after: last.at });
  if (!isJournalKind(kind)) problems.add(seq, 'kind-unknown', { kind });
  const expected = entryHash(entry);
  if (hash !== expected) problems.add(seq, 'hash-differs', { hash, expected });
}

/** Follows the chain past the anchored heads. */
class AnchorCheck {
  private readonly options: VerifyOptions;
  private reached = false;

  constructor(options: VerifyOptions) {
    this.options = options;
    this.pass(genesis);
  }

  pass(head: AnchoredHead): void {
    const { anchor } = this.options;
    if (anchor === undefined || anchor === 'missing') return;
    this.reached ||= isAnchored(head, anchor);
  }

  end(last: AnchoredHead, problems: Problems): void {
    const { anchor, shared } = this.options;
    if (anchor === undefined) return;
    if (anchor === 'missing') problems.add(last.seq, 'anchor-missing', null);
    else if (shared ? !this.reached : !isAnchored(last, anchor))
      problems.add(last.seq, 'anchor-differs', {
        anchored: anchor.intended.hash,
        anchoredSeq: anchor.intended.seq,
        head: last.hash,
      });
  }
}

async function verifyHead(db: Knex, last: JournalHead, problems: Problems): Promise<void> {
  const head = await readHead(db);
  if (sameHead(head, last) && head.at === last.at) return;
  problems.add(last.seq, 'head-differs', { head: head.hash, headSeq: head.seq, last: last.hash });
}

/** Merges the journal and the state table, both in order of subject, and compares subject by subject. */
async function verifyStates(db: Knex, problems: Problems): Promise<void> {
  const states = grouped(
    paged((row?: StoredState) => statesAfter(db, row)),
    (row) => row.id,
  );
  const start = { subject: '', seq: Number.MIN_SAFE_INTEGER };
  const subjects = grouped(
    paged((row?: StoredEntry) => entriesAfterSubject(db, row ?? start)),
    (entry) => entry.subject,
  );
  let state = await states.next();
  for await (const entries of subjects) {
    const rows: StoredState[] = [];
    while (!state.done && bytesOrder(state.value[0].id, entries[0].subject) <= 0) {
      rows.push(...state.value);
      state = await states.next();
    }
    compareStates(foldSubject(entries), rows, problems);
  }
  for (; !state.done; state = await states.next()) compareStates([], state.value, problems);
}

function foldSubject(entries: readonly StoredEntry[]): readonly FoldedRow[] {
  const rows = new Map<StateKind, FoldedRow>();
  for (const entry of entries) {
    const kind = stateOf(entry.kind);
    const data = parsedObject(entry.data);
    if (kind && data) rows.set(kind, fold(rows.get(kind), { ...entry, data }, kind));
  }
  return [...rows.values()];
}

function compareStates(
  folded: readonly FoldedRow[],
  rows: readonly StoredState[],
  problems: Problems,
): void {
  const stored = new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));
  for (const row of folded) {
    const name = `${row.kind} ${row.id}`;
    const found = stored.get(name);
    stored.delete(name);
    if (!found) problems.add(row.seq, 'state-missing', { kind: row.kind, id: row.id });
    else if (!equalState(storedState(row), found))
      problems.add(row.seq, 'state-differs', { kind: row.kind, id: row.id });
  }
  for (const row of stored.values())
    problems.add(Number(row.seq), 'state-unfounded', { kind: row.kind, id: row.id });
}

/** Numbers and texts are compared as text: PostgreSQL gives big integers as text. */
function equalState(expected: Readonly<Record<string, unknown>>, found: StoredState): boolean {
  const actual = new Map<string, unknown>(Object.entries(found));
  return Object.entries(expected).every(
    ([column, value]) => text(actual.get(column)) === text(value),
  );
}

function text(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : (value ?? null);
}

async function statesAfter(
  db: Knex,
  row: StoredState | undefined,
): Promise<readonly StoredState[]> {
  return db<StoredState>('state')
    .whereRaw('(id, kind) > (?, ?)', [row?.id ?? '', row?.kind ?? ''])
    .orderBy(['id', 'kind'])
    .limit(1_000);
}

async function verifyDefinitions(db: Knex, problems: Problems): Promise<void> {
  const page = (row?: { readonly sha256: string }): ReturnType<typeof definitionsAfter> =>
    definitionsAfter(db, row?.sha256 ?? '');
  for await (const row of paged(page))
    if (sha256Of(row.text) !== row.sha256)
      problems.add(0, 'definition-differs', { sha256: row.sha256 });
}

async function* paged<Row>(
  next: (after?: Row) => Promise<readonly Row[]>,
): AsyncGenerator<Row, void> {
  for (let page = await next(); page.length > 0; page = await next(page.at(-1))) yield* page;
}

/** Puts neighbours of one name together. */
async function* grouped<Row>(
  rows: AsyncIterable<Row>,
  name: (row: Row) => string,
): AsyncGenerator<readonly [Row, ...Row[]], void> {
  let group: [Row, ...Row[]] | undefined;
  for await (const row of rows) {
    if (group && name(group[0]) === name(row)) group.push(row);
    else {
      if (group) yield group;
      group = [row];
    }
  }
  if (group) yield group;
}

function bytesOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function parsedObject(data: string): JsonObject | undefined {
  try {
    const value = parseObject(data);
    return canonicalJson(value) === data ? value : undefined;
  } catch {
    return undefined;
  }
}
