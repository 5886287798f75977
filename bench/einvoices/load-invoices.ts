import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { findConnector } from '../../connectors/registry.ts';
import type { Effort, Facts } from '../effort.ts';
import { timedIngest } from '../ingest.ts';

const inputShape = z.object({ home: z.string(), directory: z.string() });

/** Ours: every zip through the product's whole path, digests checked, into typed tables. */
export async function loadInvoices(given: unknown): Promise<Effort> {
  const { home, directory } = inputShape.parse(given);
  const connector = findConnector('einvoice');
  if (!connector) throw new Error('there is no einvoice connector');
  const effort = await timedIngest({ directory: home, connector, config: { base: directory } });
  return { ...effort, facts: await resultOf(join(home, 'warehouse.duckdb')) };
}

/** Lines and their sum, as the peers count them. Throws where a digest was not found to match. */
async function resultOf(database: string): Promise<Facts> {
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(`select
    (select count(*) from staging.invoice where signature_digest = 'matches')::varchar as invoices,
    count(*)::varchar as lines, sum(amount)::bigint::varchar as amount from staging.invoice_line`);
  const facts = z.record(z.string(), z.string()).parse(answer.getRowObjects()[0]);
  connection.closeSync();
  instance.closeSync();
  return facts;
}
