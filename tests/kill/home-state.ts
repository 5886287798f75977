import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ControlStore, StateKind, StateRow } from '../../control/port.ts';
import type { Clock } from '../../core/clock.ts';
import { textMember } from '../../core/json-member.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Home } from '../../home/open-home.ts';
import { openWarehouse } from '../../home/open-warehouse.ts';
import type { Warehouse } from '../../warehouse/port.ts';

/** What a home holds after the job, told so that two homes can be compared; and what is wrong with it by itself. */
export interface HomeState {
  /** Multiset hash over keys and values of every table of staging, dim, history and mart. */
  readonly tables: Readonly<Record<string, string>>;
  /** Quarantined rows by content, without the batch that brought them. */
  readonly quarantine: string;
  /** What the batches of each source and key changed, in sum. */
  readonly changes: readonly (readonly (string | boolean | null)[])[];
  /** Each edition with its state and the hash of what it says. */
  readonly editions: readonly string[];
  /** Each extract with its state, its rows and the hash of its data. */
  readonly extracts: readonly string[];
  /** Each nominal time with what became of it. */
  readonly slots: readonly string[];
  /** Sentences about what must never be; empty when all is well. */
  readonly faults: readonly string[];
}

/** Looks at everything a home holds. Closes the home: the warehouse is opened again for the hashes. */
export async function homeState(home: Home, clock: Clock): Promise<HomeState> {
  const { store, directory } = home;
  const editions = await all(store, 'edition');
  const extracts = await all(store, 'extract');
  const slots = await all(store, 'slot');
  const faults = [
    ...(await journalFaults(store)),
    ...(await unsettled(store)),
    ...editions.flatMap((row) => editionFaults(directory, row)),
    ...extracts.flatMap((row) => extractFaults(directory, row)),
    ...leftovers(directory),
  ];
  const published = await all(store, 'batch', ['published']);
  const built = await all(store, 'asset');
  await home.close();
  const warehouse = await openWarehouse(directory, clock, silentLogger);
  try {
    return {
      ...(await warehouseContent(warehouse)),
      editions: editions.map((row) => `${row.id} ${row.status} ${member(row, 'contentSha256')}`),
      extracts: extracts.map(
        (row) => `${row.status} ${Number(row.data['rows'])} rows ${dataHash(row)}`,
      ),
      slots: slots.map(({ id, status }) => `${id} ${status}`).sort(),
      faults: [
        ...faults,
        ...(await ledgerFaults(warehouse, published)),
        ...(await unjournalledBuilds(warehouse, built)),
      ],
    };
  } finally {
    await warehouse.close();
  }
}

type WarehouseContent = Pick<HomeState, 'tables' | 'quarantine' | 'changes'>;

async function warehouseContent(warehouse: Warehouse): Promise<WarehouseContent> {
  const { rows } = await warehouse.select(
    `select table_schema || '.' || table_name from information_schema.tables
     where table_schema in ('staging', 'dim', 'history', 'mart') and table_type = 'BASE TABLE' order by 1`,
  );
  const tables: Record<string, string> = {};
  for (const [key] of rows) tables[String(key)] = await warehouse.contentHash(String(key));
  const quarantine = await warehouse.select(
    `select count(*)::varchar, sum(hash(source, stream, file, row, reason, field, value, raw, held))::varchar
     from quarantine.row`,
  );
  const changes = await warehouse.select(
    `select source, key, stream, sum(new)::varchar, sum(changed)::varchar, sum(deleted)::varchar from (
       select source, key, unnest(json_keys(counts)) as stream,
         json_extract(counts, '$.' || stream || '.new')::bigint as new,
         json_extract(counts, '$.' || stream || '.changed')::bigint as changed,
         json_extract(counts, '$.' || stream || '.deleted')::bigint as deleted
       from ledger.batch)
     where new + changed + deleted > 0 group by all order by all`,
  );
  return { tables, quarantine: JSON.stringify(quarantine.rows[0]), changes: changes.rows };
}

async function journalFaults(store: ControlStore): Promise<readonly string[]> {
  const { intact, problems } = await store.verify();
  return intact ? [] : [`the journal is not intact: ${JSON.stringify(problems)}`];
}

/** Batches that are neither published nor given up, runs and extracts that never ended. */
async function unsettled(store: ControlStore): Promise<readonly string[]> {
  const open = [
    ...(await all(store, 'batch', ['landed', 'intended', 'held', 'failed'])),
    ...(await all(store, 'run', ['running'])),
    ...(await all(store, 'slot', ['running'])),
    ...(await all(store, 'extract', ['approved', 'producing'])),
  ];
  return open.map(({ id, status }) => `${id} stayed ${status}`);
}

/** Published once, and in both stores or in neither. */
async function ledgerFaults(
  warehouse: Warehouse,
  journalled: readonly StateRow[],
): Promise<readonly string[]> {
  const held = (await warehouse.ledger()).map(({ batch }) => batch);
  const twice = held.filter((batch, at) => held.indexOf(batch) !== at);
  const known = new Set(journalled.map(({ id }) => id));
  const own = journalled.filter(({ data }) => data['equalTo'] === undefined);
  const inLedger = new Set(held);
  return [
    ...twice.map((batch) => `batch ${batch} is twice in the ledger`),
    ...held.filter((batch) => !known.has(batch)).map((batch) => `batch ${batch} is not journalled`),
    ...own
      .filter(({ id }) => !inLedger.has(id))
      .map(({ id }) => `batch ${id} is not in the ledger`),
  ];
}

/** Every build that the warehouse holds is the last one that the journal knows of. */
async function unjournalledBuilds(
  warehouse: Warehouse,
  assets: readonly StateRow[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { id, data } of assets) {
    const build = await warehouse.materialization(id);
    if (build && build.contentSha256 !== data['contentSha256'])
      faults.push(`the build of ${id} is not journalled`);
  }
  return faults;
}

function editionFaults(directory: string, row: StateRow): readonly string[] {
  const [report, period] = [member(row, 'report'), member(row, 'period')];
  const base = `${report}_${period}_v${Number(row.data['version'])}`;
  const files = row.data['files'] ?? {};
  return Object.entries(files).flatMap(([ending, sha256]) => {
    const file = path.join(directory, 'editions', `${report}/${period}/${base}.${ending}`);
    return existsSync(file) && hashOf(file) === sha256 ? [] : [`${file} is not what was issued`];
  });
}

interface NamedFile {
  readonly name: string;
  readonly sha256: string;
}

function bundleFiles(row: StateRow): readonly NamedFile[] {
  const files = row.data['files'];
  if (!Array.isArray(files)) return [];
  return files.map((file: unknown) => {
    const { name, sha256 } = Object(file) as Partial<NamedFile>;
    return { name: String(name), sha256: String(sha256) };
  });
}

function dataHash(row: StateRow): string {
  return bundleFiles(row).find(({ name }) => name.startsWith('data.'))?.sha256 ?? 'no data';
}

function extractFaults(directory: string, row: StateRow): readonly string[] {
  return bundleFiles(row).flatMap(({ name, sha256 }) => {
    const file = path.join(directory, 'extracts', row.id, name);
    return existsSync(file) && hashOf(file) === sha256 ? [] : [`${file} is not what was made`];
  });
}

/** Half files that a killed process left and nobody took away. */
function leftovers(directory: string): readonly string[] {
  const half = /\.(part|tmp)(\.parquet)?$/;
  return ['editions', 'extracts', 'out', 'landing/tmp', 'tmp'].flatMap((place) => {
    const root = path.join(directory, place);
    if (!existsSync(root)) return [];
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const temporary = place.endsWith('tmp') ? names : names.filter((name) => half.test(name));
    return temporary.map((name) => `${place}/${name} was left behind`);
  });
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function member(row: StateRow, name: string): string {
  return textMember(row.data, name);
}

async function all(
  store: ControlStore,
  kind: StateKind,
  status?: readonly string[],
): Promise<readonly StateRow[]> {
  const page = await store.list(kind, {
    order: 'oldest',
    limit: 10_000,
    ...(status ? { status } : {}),
  });
  return page.rows;
}
