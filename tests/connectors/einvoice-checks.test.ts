import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { einvoiceChecks } from '../../connectors/einvoice/checks.ts';
import { openSession, type TestSession } from './einvoice-session.ts';

describe('checks of invoices decoded together', () => {
  let session: TestSession;
  beforeAll(async () => {
    session = await openSession([], ['invoice']);
    await session.run(`create temp table everything as
      select (i % 3)::integer as _file, case when i % 7 = 0 then 'quarantined' end as _status,
        '1' as form_sign, 'C26TAA' as series, i::varchar as number,
        i % 3 <> 1 or i > 100 as line_total_matches, true as tax_total_matches, null::boolean as grand_total_matches,
        case when i % 3 = 2 and i % 2 = 0 then 'differs' else 'matches' end as signature_digest,
        case when i % 50 = 0 then '2' end as relation, null::decimal(21,6) as total_before_tax,
        100::decimal(21,6) as total, 'Điều chỉnh giảm' as relation_note
      from range(900) t(i)`);
  });
  afterAll(() => session.close());

  it.each(einvoiceChecks)('$code finds of each batch what it finds of it alone', async (check) => {
    expect(check.each).toBeDefined();
    const alone: Record<string, string | null>[] = [];
    for (const batch of [0, 1, 2]) {
      await session.run(`create or replace temp view decoded_invoice as
        select * from everything where _file = ${batch}`);
      const found = await session.rows(check.sql);
      alone.push(...found.map((row) => ({ batch: `b${batch}`, ...row })));
    }
    await session.run(`create or replace temp table together as
      select f::integer as file, 'b' || f as batch from range(3) t(f)`);
    await session.run(`create or replace temp view decoded_invoice as
      select * from everything where _status is null`);
    expect(alone.length).toBeGreaterThan(0);
    expect(await session.rows(`select * from (${check.when ?? ''}) limit 1`)).toHaveLength(1);
    expect(await session.rows(check.each ?? '')).toEqual(alone);
  });

  it.each(einvoiceChecks)(
    '$code is not asked where no invoice gives a reason',
    async ({ when }) => {
      await session.run(`create or replace temp view decoded_invoice as select * from everything
      where _file = 0 and line_total_matches and signature_digest = 'matches' and relation is null`);
      expect(await session.rows(when ?? '')).toEqual([]);
    },
  );
});
