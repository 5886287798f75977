import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import { localOperator } from '../../core/person.ts';
import type { Role } from '../../core/role.ts';
import type { ColumnContract, StreamContract } from '../../core/stream-contract.ts';
import type { Dataset } from '../../extracts/dataset.ts';
import { createExtractServices } from '../../services/extract-services.ts';
import type { Call, ExtractServices } from '../../services/port.ts';
import { defineAssets } from '../../transforms/catalog/assets-in-force.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { batchOf, decodeRows } from '../harness/simple-stream.ts';
import { openTestWarehouse } from '../warehouse/open-test-warehouse.ts';

const label = { vi: 'ca bệnh', en: 'cases' };
const column = (
  name: string,
  type: ColumnContract['type'],
  classification: ColumnContract['classification'] = 'internal',
): ColumnContract => ({ name, type, label: { vi: name, en: name }, classification });

const columns: readonly ColumnContract[] = [
  column('person', 'varchar', 'personal'),
  column('commune', 'varchar'),
  column('month', 'varchar'),
  column('age', 'integer'),
  column('cost', 'decimal(18,2)'),
  column('day', 'date'),
  column('insured', 'boolean'),
  column('file_no', 'varchar'),
];

const stream: StreamContract = {
  stream: 'person_case',
  layer: 'staging',
  label,
  key: ['person', 'commune', 'month', 'file_no'],
  deletes: 'none',
  columns,
};

/** About persons: leaves only as counts of them. */
export const protectedCases: Dataset = {
  key: 'mart.person_case',
  label,
  description: label,
  columns,
  protected: {
    subject: 'person',
    unitColumn: 'person',
    counted: ['commune', 'person'],
    dimensions: ['commune', 'month', 'age', 'cost', 'day', 'insured'],
  },
};

/** The same table as if it were about nobody. */
export const openCases: Dataset = {
  key: 'mart.open_case',
  label,
  description: label,
  columns: columns.filter(({ name }) => name !== 'person'),
};

/** A row of the tests' dataset. */
export type CaseRow = Readonly<Record<string, string | null>>;

/** Extract services over a real warehouse and control store. */
export interface ExtractHome {
  readonly services: ExtractServices;
  readonly store: HomeStore;
  readonly warehouse: Warehouse;
  readonly directory: string;
  readonly publicKeyPem: string;
  /** Publishes rows and builds the marts; rows of known keys are changed. */
  load(rows: readonly CaseRow[]): Promise<void>;
  at(now: string): void;
  remove(): Promise<void>;
}

/** A call by a person with these roles. */
export function callOf(name: string, roles: readonly Role[], language: 'vi' | 'en' = 'vi'): Call {
  return {
    person: { ...localOperator, actor: `user:${name}`, name, roles },
    language,
    progress: () => undefined,
    signal: new AbortController().signal,
  };
}

/** The id that a service answered with. */
export function idOf(answer: JsonObject): string {
  return textMember(answer, 'id');
}

/** A whole request; override what a test is about. */
export function requestOf(changes: JsonObject): JsonObject {
  return {
    dataset: protectedCases.key,
    format: 'csv',
    purpose: 'Nghiên cứu',
    recipient: 'Cục Thống kê',
    expires: '2026-12-31',
    ...changes,
  };
}

/** A case with what a test does not care about filled in. */
export function caseOf(person: string, commune: string, more: CaseRow = {}): CaseRow {
  return {
    person,
    commune,
    month: '2026-01',
    age: '30',
    cost: '1.50',
    day: '2026-01-05',
    insured: 'true',
    file_no: '1',
    ...more,
  };
}

const assets = [
  { key: 'mart.person_case', sql: `select ${names(columns)} from staging.person_case` },
  { key: 'mart.open_case', sql: `select ${names(openCases.columns)} from staging.person_case` },
];

function names(list: readonly ColumnContract[]): string {
  return list.map(({ name }) => name).join(', ');
}

/** Opens an empty home; `solo` turns the second person off. */
export async function openExtractHome({ solo = false, minimum = 3 } = {}): Promise<ExtractHome> {
  const opened = await openTestWarehouse();
  const { warehouse, directory, options } = opened;
  let now = new Date('2026-11-22T03:00:00Z');
  const clock = { now: () => now };
  const store = await openControlStore({
    database: { kind: 'sqlite', path: join(directory, 'control.db') },
    clock,
    anchorPath: join(directory, 'journal.anchor'),
  });
  await warehouse.prepare([stream]);
  await defineAssets(
    store,
    assets.map(({ key, sql }) => ({ key, sql, sha256: key, inputs: ['staging.person_case'] })),
  );
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const extracts = join(directory, 'extracts');
  mkdirSync(extracts);
  let batches = 0;
  return {
    store,
    warehouse,
    directory: extracts,
    publicKeyPem,
    services: createExtractServices({
      store,
      warehouse,
      clock,
      directory: extracts,
      engineOut: options.out,
      publicKeyPem,
      sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
      datasets: [protectedCases, openCases],
      minimumFrequency: minimum,
      profile: () => Promise.resolve({ ...unnamedHome, solo }),
    }),
    load: async (rows) => {
      batches += 1;
      const decoded = { person_case: rows.map((values) => ({ values })) };
      const staged = await warehouse.stage(
        batchOf(`b${batches}`, [stream]),
        decodeRows(decoded, [stream]),
        [],
      );
      const entry = await store.decide((journal) =>
        journal.record({ kind: 'note.loaded', subject: `b${batches}`, actor: 'test', data: {} }),
      );
      await warehouse.publish(staged, new Date(entry.at));
      for (const { key, sql } of assets) {
        await warehouse.materialize({ key, sql, sqlSha256: key, inputs: {}, checks: [] });
      }
    },
    at: (time) => {
      now = new Date(time);
    },
    remove: async () => {
      await store.close();
      await opened.remove();
    },
  };
}
