import { request } from 'undici';
import { z } from 'zod';
import type { Facts } from '../effort.ts';

const inputShape = z.object({ url: z.string(), pageSize: z.int() });

const pageShape = z.object({
  total: z.int(),
  items: z.custom<readonly { readonly fee: number }[]>(Array.isArray),
});

/** The least that anybody does in Node: asks page by page and parses each. Nothing is kept. */
export async function fetchRecords(given: unknown): Promise<Facts> {
  const { url, pageSize } = inputShape.parse(given);
  let rows = 0;
  let fees = 0;
  for (let total = 1; rows < total;) {
    const { body } = await request(`${url}/records?offset=${rows}&limit=${pageSize}`);
    const page = pageShape.parse(await body.json());
    for (const { fee } of page.items) fees += fee;
    rows += page.items.length;
    total = page.total;
  }
  return { rows: String(rows), fees: String(fees) };
}
