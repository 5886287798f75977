import type { Client } from './server.ts';

/**
 * Says for the rest of a transaction that whole tables are read: joins go by hash or in order, not row by row. The
 * planner takes a named part of a query (a CTE) for a handful of rows and would loop over thousands for each of them:
 * minutes in place of seconds for `mart.epidemic_week` of a small city.
 */
export async function readWholeTables(client: Client): Promise<void> {
  await client.query('set local enable_nestloop = off');
}
