import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { einvoice } from '../../connectors/einvoice/connector.ts';
import { decodeFiles } from '../../connectors/einvoice/decode-files.ts';
import { ownThread, workerParsers } from '../../connectors/einvoice/parser-pool.ts';
import type { Parsers } from '../../connectors/einvoice/parser-pool.ts';
import { startCity } from '../../simulator/city.ts';
import type { City } from '../../simulator/city.ts';
import { openSourceHome } from '../harness/source-home.ts';
import type { IngestOptions, SourceHome } from '../harness/source-home.ts';
import { openSession } from './einvoice-session.ts';
import { bodyXml, invoiceXml, lineXml, signatureXml, totalsXml } from './einvoice-document.ts';

const key = 'seller_mst, form_sign, series, number';

describe('files of a directory', () => {
  let home: SourceHome;
  let directory: string;
  beforeEach(async () => {
    home = await openSourceHome();
    directory = mkdtempSync(join(tmpdir(), 'phusa-einvoice-'));
  });
  afterEach(async () => {
    await home.remove();
    rmSync(directory, { recursive: true });
  });

  const put = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(directory, name), content);
  const ingest = (options: IngestOptions = {}) =>
    home.ingest(einvoice, { base: directory }, options);
  /** Ingests one document and gives some columns of its invoices. */
  const invoiceOf = async (xml: string, columns: string) => {
    put('hd.xml', xml);
    const { batches } = await ingest();
    expect(batches.map(({ failure }) => failure)).toEqual([undefined]);
    return home.rows(`select ${columns} from staging.invoice order by number`);
  };
  /** Ingests one file and gives the code of its failure. */
  const failureOf = async (name: string, content: string | Uint8Array) => {
    put(name, content);
    const [batch] = (await ingest()).batches;
    expect(await home.rows('select count(*) from staging.invoice')).toEqual([['0']]);
    return { status: batch?.status, group: batch?.failure?.group, code: batch?.failure?.code };
  };

  it('reads an invoice at the root, its line, rate and checks', async () => {
    expect(
      await invoiceOf(
        invoiceXml(),
        `${key}, issue_date::varchar, total, seller_mst_kind, signature_digest, signer_subject, signed_at::varchar,
        is_coded, series_year, series_kind, line_total_matches, tax_total_matches, grand_total_matches, signed_after_issue`,
      ),
    ).toMatchObject([
      [
        '0100109106',
        '1',
        'C26TAA',
        '7',
        '2026-10-31',
        '108000.000000',
        'enterprise',
        'matches',
        'CN=Công ty (mô phỏng)',
        '2026-10-31 23:15:00',
        true,
        '2026',
        'T',
        true,
        true,
        true,
        true,
      ],
    ]);
    expect(
      await home.rows(
        'select line_no, quantity, unit_price, amount, tax_rate, tax_rate_percent, amount_matches from staging.invoice_line',
      ),
    ).toEqual([['1', '2.000000', '50000.000000', '100000.000000', '8%', '8.0000', true]]);
    expect(await home.rows('select tax_rate, tax_amount from staging.invoice_tax_rate')).toEqual([
      ['8%', '8000.000000'],
    ]);
  });

  it('B29 reads any order, prefixes, a default namespace, empty elements and draft names', async () => {
    const odd = `<?xml version="1.0"?><t:TDiep xmlns:t="u:t" xmlns="u:d"><DLieu><HDon><DSCKS/><DLHDon><NDHDon>
      <TToan><TgTTTBSo>5.5</TgTTTBSo></TToan><DSHHDVu><HHDVu><SLuong/><ThTien>5.5</ThTien></HHDVu></DSHHDVu>
      <NMua><MST></MST></NMua><NBan><MST>0100109106001</MST></NBan></NDHDon>
      <TTChung><SHDon>00000042</SHDon><KHHDon>c26taa</KHHDon><TDLap>2026-10-31T00:00:00</TDLap><KHMSHDon>2</KHMSHDon><Moi>1</Moi></TTChung>
      </DLHDon></HDon></DLieu></t:TDiep>`;
    expect(
      await invoiceOf(
        odd,
        `${key}, issue_date::varchar, total, seller_mst_kind, buyer_mst_kind, signature_digest`,
      ),
    ).toEqual([
      [
        '0100109106-001',
        '2',
        'C26TAA',
        '42',
        '2026-10-31',
        '5.500000',
        'branch',
        'absent',
        'absent',
      ],
    ]);
  });

  it('B32 keeps dates in Vietnamese wall time: a UTC evening is the next day', async () => {
    expect(
      await invoiceOf(invoiceXml({ date: '2026-10-31T17:00:00Z' }), 'issue_date::varchar'),
    ).toEqual([['2026-11-01']]);
  });

  it('B26 links an adjustment to its original and keeps signed amounts', async () => {
    const general =
      '<TTHDLQuan><TCHDon>2</TCHDon><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan><KHHDCLQuan>C26TAA</KHHDCLQuan><SHDCLQuan>0003</SHDCLQuan><NLHDCLQuan>2026-09-30</NLHDCLQuan><GChu>Điều chỉnh giảm</GChu></TTHDLQuan>';
    const rows = await invoiceOf(
      invoiceXml({
        general,
        totals: totalsXml.replaceAll('>1', '>-1').replaceAll('>8000', '>-8000'),
      }),
      'relation, original_form, original_series, original_number, original_issue_date::varchar, relation_note, total',
    );
    expect(rows).toEqual([
      ['2', '1', 'C26TAA', '3', '2026-09-30', 'Điều chỉnh giảm', '-108000.000000'],
    ]);
    expect(
      await home.rows('select original_no, original_number from staging.invoice_original'),
    ).toEqual([['1', '3']]);
  });

  it('B31 reports sums that differ by more than 1 đồng, and only those', async () => {
    const off = (by: number) => totalsXml.replace('<TgTCThue>100000', `<TgTCThue>${100000 + by}`);
    const zip = zipSync({
      'a.xml': strToU8(invoiceXml({ number: '1', totals: off(1) })),
      'b.xml': strToU8(invoiceXml({ number: '2', totals: off(2) })),
    });
    put('hd.zip', zip);
    await ingest();
    expect(
      await home.rows(
        'select number, line_total_matches, grand_total_matches from staging.invoice order by number',
      ),
    ).toEqual([
      ['1', true, true],
      ['2', false, false],
    ]);
  });

  it('H18 flags content altered after signing, and signature wrapping', async () => {
    const body = bodyXml();
    const signature = signatureXml(body, 'b1');
    const altered = (number: string, xml: string): [string, Uint8Array] => [
      `${number}.xml`,
      strToU8(xml.replaceAll('<SHDon>7<', `<SHDon>${number}<`)),
    ];
    const evil = body.replace('Id="b1"', 'Id="evil"');
    const attacks: Record<string, Uint8Array> = Object.fromEntries([
      // a changed amount under a true signature
      altered('1', `<HDon>${body.replace('108000', '999000')}<DSCKS>${signature}</DSCKS></HDon>`),
      // the signed body moved away, another in its place
      altered(
        '2',
        `<HDon>${evil}<DSCKS>${signature.replace('<Object>', `<Object>${body}`)}</DSCKS></HDon>`,
      ),
      // the same Id twice
      altered('3', `<HDon>${body}<X>${body}</X><DSCKS>${signature}</DSCKS></HDon>`),
      // a signature that refers to nothing
      altered('4', `<HDon>${body}<DSCKS>${signature.replace('#b1', '#none')}</DSCKS></HDon>`),
      // a signing time outside what is signed cannot be told, but no reference at all can
      altered(
        '5',
        `<HDon>${body}<DSCKS>${signature.replace(/<Reference.*<\/Reference>/, '')}</DSCKS></HDon>`,
      ),
    ]);
    put('hd.zip', zipSync(attacks));
    const { batches } = await ingest();
    expect(batches[0]?.failure).toBeUndefined();
    expect(
      await home.rows(
        'select number, signature_present, signature_digest from staging.invoice order by number',
      ),
    ).toEqual([
      ['1', true, 'differs'],
      ['2', true, 'differs'],
      ['3', true, 'differs'],
      ['4', true, 'differs'],
      ['5', true, 'unsupported'],
    ]);
  });

  it('H18 quarantines an invoice that says two things', async () => {
    const two = `<HDon>${bodyXml()}${bodyXml({ number: '8', id: 'b2' })}<DSCKS></DSCKS></HDon>`;
    put('hd.zip', zipSync({ 'a.xml': strToU8(two), ...many(9, 100) }));
    const { batches } = await ingest();
    expect(batches[0]?.counts['invoice']).toMatchObject({ received: 10, new: 9, quarantined: 1 });
  });

  it('B30 B42 quarantines rows without key or with unreadable values, with their lines', async () => {
    const bad = {
      'mst.xml': invoiceXml({ number: '1', seller: '' }),
      'number.xml': invoiceXml({ number: 'abc' }),
      'date.xml': invoiceXml({ number: '3', date: '2026-02-31' }),
      'amount.xml': invoiceXml({ number: '4', totals: '<TgTTTBSo>1,5</TgTTTBSo>' }),
    };
    const files = Object.fromEntries(
      Object.entries(bad).map(([name, xml]) => [name, strToU8(xml)]),
    );
    put('hd.zip', zipSync({ ...files, ...many(30, 100) }));
    const { batches } = await ingest();
    expect(batches[0]?.counts).toMatchObject({
      invoice: { received: 34, new: 30, quarantined: 4 },
      invoice_line: { received: 34, new: 30, quarantined: 4 },
    });
    const reasons = await home.rows(
      "select reason, field, value from meta.quarantine where stream = 'invoice' order by reason, field",
    );
    expect(reasons).toEqual([
      ['date-invalid', 'issue_date', '2026-02-31'],
      ['integer-invalid', 'number', 'abc'],
      ['number-invalid', 'total', '1,5'],
      ['value-missing', 'seller_mst', null],
    ]);
  });

  it('B42 counts a foreign document inside a zip as filtered', async () => {
    put('hd.zip', zipSync({ 'a.xml': strToU8(invoiceXml()), 'tb.xml': strToU8('<TBao/>') }));
    const { batches } = await ingest();
    expect(batches[0]?.counts['invoice']).toMatchObject({ received: 2, new: 1, filtered: 1 });
  });

  it('B36 a second read of equal files changes nothing', async () => {
    put('hd.zip', zipSync(many(5, 1)));
    await ingest();
    const { batches } = await ingest();
    expect(batches[0]?.counts['invoice']).toMatchObject({ new: 0, changed: 0, unchanged: 5 });
  });

  it.each([
    ['H06 an XML bomb', '<!DOCTYPE a [<!ENTITY x "ha">]><HDon>&x;</HDon>', 'xml-dtd'],
    [
      'H07 an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><HDon>&x;</HDon>',
      'xml-dtd',
    ],
    ['H17 a million levels', '<HDon>'.repeat(1_000_000), 'xml-too-deep'],
    ['a truncated file', invoiceXml().slice(0, 500), 'xml-truncated'],
    ['an empty file', '', 'xml-empty'],
    ['a web page', '<html><body>Bảo trì</body></html>', 'xml-html'],
    ['an error in JSON', '{"error_code":1001}', 'xml-not-xml'],
    ['another message', '<TDiep><DLieu><TBao/></DLieu></TDiep>', 'einvoice-no-invoices'],
  ])('%s fails as a whole and publishes nothing', async (_name, content, code) => {
    expect(await failureOf('hd.xml', content)).toEqual({ status: 'failed', group: 'data', code });
  });

  it.each<[string, Uint8Array, string]>([
    ['H01 a name outside', zipSync({ '../a.xml': strToU8(invoiceXml()) }), 'zip-unsafe-name'],
    [
      'H02 a link',
      zipSync({ a: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }),
      'zip-link',
    ],
    ['H03 a bomb', zipSync({ 'a.xml': new Uint8Array(20 << 20) }), 'zip-ratio'],
    [
      'H03 a nested zip',
      zipSync({ 'a.zip': zipSync({}), 'b.zip': zipSync({ 'a.xml': strToU8(invoiceXml()) }) }),
      'zip-nested',
    ],
    [
      'H05 equal names',
      zipSync({ 'a.xml': strToU8(invoiceXml()), 'A.xml': strToU8(invoiceXml()) }),
      'zip-duplicate-name',
    ],
    [
      'H06 a bomb inside',
      zipSync({ 'a.xml': strToU8(invoiceXml()), 'b.xml': strToU8('<!DOCTYPE a []><a/>') }),
      'xml-dtd',
    ],
    ['a cut zip', zipSync({ 'a.xml': strToU8(invoiceXml()) }).subarray(0, 700), 'zip-truncated'],
  ])('%s fails as a whole and publishes nothing', async (_name, content, code) => {
    expect(await failureOf('hd.zip', content)).toEqual({ status: 'failed', group: 'data', code });
  });
});

/** Good invoices with numbers from `first`. */
function many(count: number, first: number): Record<string, Uint8Array> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => {
      const number = String(first + at);
      return [`${number}.xml`, strToU8(invoiceXml({ number, lines: lineXml }))];
    }),
  );
}

describe('parser threads', () => {
  it('give the same rows as the calling thread; a bad document leaves them usable', async () => {
    const entry = new URL('../../connectors/einvoice/parse-worker.ts', import.meta.url);
    const loader = fileURLToPath(new URL('einvoice-worker-loader.js', import.meta.url));
    const threads = workerParsers(2, entry, ['--import', loader]);
    const good = zipSync(many(1500, 1), { level: 0 });
    const bad = zipSync({ ...many(1500, 1), 'x.xml': strToU8('<HDon>') }, { level: 0 });
    const hashed = async (parsers: Parsers, bytes: Uint8Array) => {
      const session = await openSession([{ name: 'hd.zip', bytes }], []);
      try {
        await decodeFiles(session, parsers);
        return await session.rows(`select 'invoice' as t, count(*) as n, sum(hash(d)) as h from decoded_invoice d
          union all select 'line', count(*), sum(hash(d)) from decoded_invoice_line d`);
      } finally {
        session.close();
      }
    };
    const own = await hashed(ownThread, good);
    expect(own[0]?.['n']).toBe('1500');
    await expect(hashed(threads, bad)).rejects.toMatchObject({
      group: 'data',
      code: 'xml-truncated',
    });
    expect(await hashed(threads, good)).toEqual(own);
  });
});

const real = fileURLToPath(new URL('../../../shared/data/einvoice/mock_tvan/', import.meta.url));

describe.skipIf(!existsSync(real))(
  'drafts before QĐ 1450 (skipped where the files are absent)',
  () => {
    it.each(existsSync(real) ? readdirSync(real) : [])(
      '%s ends in rows or in a clear error',
      async (name) => {
        const home = await openSourceHome();
        const directory = mkdtempSync(join(tmpdir(), 'phusa-tvan-'));
        try {
          writeFileSync(join(directory, name), readFileSync(join(real, name)));
          const [batch] = (await home.ingest(einvoice, { base: directory })).batches;
          const isInvoice = name.includes('HDON');
          if (isInvoice) expect(batch?.counts['invoice']).toMatchObject({ received: 1 });
          else
            expect(batch?.failure).toMatchObject({ group: 'data', code: 'einvoice-no-invoices' });
        } finally {
          await home.remove();
          rmSync(directory, { recursive: true });
        }
      },
    );
  },
);

describe('the simulated city’s service', () => {
  let city: City;
  let home: SourceHome;
  let outcome: Awaited<ReturnType<SourceHome['ingest']>>;
  const now = new Date('2026-11-22T23:59:59+07:00');
  const secrets = { client_secret: 'mo-phong' };
  const config = () => ({ base: `${city.url}/einvoice`, clientId: 'ioc-haiphong' });

  beforeAll(async () => {
    city = await startCity({ now: '2026-11-22', years: 1, scale: 0.02 });
    home = await openSourceHome();
    outcome = await home.ingest(einvoice, config(), { secrets, now });
  });
  afterAll(async () => {
    await home.remove();
    await city.close();
  });

  const ledger = async (stream: string): Promise<readonly Record<string, unknown>[]> => {
    const text = await (await fetch(`${city.url}/_ledger/${stream}.ndjson`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const text = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  const money = (value: unknown) => {
    const written = text(value);
    return written === null ? null : Number(written).toFixed(6);
  };

  it('publishes every batch and meets every invoice of the ledger, digests and checks included', async () => {
    expect(outcome.failure).toBeUndefined();
    expect(outcome.batches.filter(({ status }) => status !== 'published')).toEqual([]);
    const meant = (await ledger('einvoices')).map((row) => [
      row['seller_mst'],
      text(row['form']),
      row['series'],
      text(row['number']),
      row['issue_date'],
      row['currency'],
      money(row['total_before_tax']),
      money(row['total_tax']),
      money(row['total']),
      text(row['line_count']),
      text(row['buyer_mst']),
      { valid: 'matches', tampered: 'differs', none: 'absent' }[text(row['signature']) ?? ''],
      row['arithmetic_ok'],
      text(row['original_number']),
      row['buyer_mst_valid'] === false,
    ]);
    const had =
      await home.rows(`select ${key}, issue_date::varchar, currency, total_before_tax, total_tax, total,
      line_count, buyer_mst, signature_digest,
      coalesce(line_total_matches, true) and coalesce(tax_total_matches, true) and coalesce(grand_total_matches, true),
      original_number, buyer_mst_kind = 'invalid' from staging.invoice`);
    expect(meant.length).toBeGreaterThan(500);
    expect(sorted(had)).toEqual(sorted(meant));
  });

  it('meets every line and summary line of the ledger', async () => {
    const lines = (await ledger('einvoice_lines')).map((row) => [
      row['seller_mst'],
      text(row['series']),
      text(row['number']),
      text(row['line_no']),
      text(row['nature']),
      row['name'],
      money(row['amount']),
    ]);
    const had = await home.rows(
      'select seller_mst, series, number, line_no, nature, item_name, amount from staging.invoice_line',
    );
    expect(sorted(had)).toEqual(sorted(lines));
    const summaries = (await ledger('einvoice_summary_lines')).map((row) => [
      row['seller_mst'],
      (text(row['month']) ?? '').replace(/^(\d\d)\/(\d{4})$/, '$2-$1-01'),
      text(row['line_no']),
      money(row['amount']),
      money(row['total']),
      text(row['change']),
    ]);
    const hadSummaries = await home.rows(
      'select seller_mst, period_start::varchar, line_no, amount, total, change from staging.invoice_summary',
    );
    expect(sorted(hadSummaries)).toEqual(sorted(summaries));
  });

  it('reads portal states on the right Vietnamese day', async () => {
    const meant = (await ledger('einvoices')).map((row) => [
      row['seller_mst'],
      row['series'],
      text(row['number']),
      row['issue_date'],
      text(row['state']),
    ]);
    const had = await home.rows(
      'select seller_mst, series, number, issue_date::varchar, state from staging.invoice_portal_state',
    );
    const asked = new Set(had.map((row) => row.join('|')));
    expect(meant.filter((row) => !asked.has(row.join('|')))).toEqual([]);
  });

  it('B03 a second run lists nothing new, reads states again and changes nothing', async () => {
    const again = await home.ingest(einvoice, config(), {
      secrets,
      now,
      cursor: outcome.cursor ?? null,
    });
    expect(again.failure).toBeUndefined();
    expect(again.batches.filter(({ key: name }) => !name.startsWith('states'))).toEqual([]);
    for (const { counts } of again.batches)
      expect(counts['invoice_portal_state']).toMatchObject({ new: 0, changed: 0 });
  });

  it('B01 continues a run from the position of any batch without losing or repeating files', async () => {
    const names = outcome.batches.map(({ key: name }) => name);
    const readContextOptions = { secrets, now };
    const { readContext } = await import('../harness/source-home.ts');
    const parsed = einvoice.config.parse(config());
    const open = (name: string) =>
      home.landing.open({
        batch: `p-${name}-${Math.random()}`,
        key: name,
        source: 't',
        connector: 'einvoice',
        connectorVersion: '1',
      });
    const context = readContext(einvoice, parsed, readContextOptions, open);
    const seen: string[] = [];
    let position;
    for (let step = 0; step < 6; step += 1)
      for await (const batch of einvoice.read(context, {
        cursor: undefined,
        position,
        full: false,
      })) {
        seen.push(batch.key);
        position = batch.position;
        break;
      }
    expect(seen).toEqual(names.slice(0, 6));
  });

  const broken = async (fault: object, options: IngestOptions = {}) => {
    await fetch(`${city.url}/_faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const other = await openSourceHome();
    try {
      const result = await other.ingest(einvoice, config(), { secrets, now, ...options });
      return { result, last: result.batches.at(-1) };
    } finally {
      await other.remove();
      await fetch(`${city.url}/_faults`, { method: 'DELETE' });
    }
  };

  it('A32 signs in again when the token has expired', async () => {
    const { result } = await broken(
      { path: '/einvoice/index.json', kind: 'expire-token' },
      { from: '2026-11-01', to: '2026-11-08' },
    );
    expect(result.failure).toBeUndefined();
  });

  it('B14 ends when a page repeats for ever', async () => {
    const { result } = await broken(
      { path: '/einvoice/portal', kind: 'repeat-page', times: 1000 },
      { streams: ['invoice_portal_state'], from: '2026-10-01', to: '2026-10-31' },
    );
    expect(result.failure).toMatchObject({
      group: expect.stringMatching(/data|retriable/) as string,
    });
    expect(result.failure?.code).toMatch(/^einvoice-/);
  });

  it.each([
    ['html200', 'xml-html'],
    ['truncate', 'zip-truncated'],
    ['xml-bomb', 'xml-dtd'],
    ['external-entity', 'xml-dtd'],
    ['error-in-200', 'xml-not-xml'],
  ])('a file answered by %s fails as %s, the others are read', async (kind, code) => {
    const { result } = await broken(
      { path: '/einvoice/files/HD_2026-W45.zip', kind, times: 1 },
      { from: '2026-11-02', to: '2026-11-08', streams: ['invoice'] },
    );
    const failed = result.batches.filter(({ status }) => status === 'failed');
    expect(failed.map(({ failure }) => failure?.code)).toEqual([code]);
  });

  it('A31 an index that is an error in 200 ends the run with its reason', async () => {
    const { result } = await broken({ path: '/einvoice/index.json', kind: 'error-in-200' });
    expect(result.failure).toMatchObject({ group: 'data', code: 'einvoice-answer' });
  });

  it('A33 says when the secret is wrong', async () => {
    const { result } = await broken(
      { path: '/none', kind: 'slow' },
      { secrets: { client_secret: 'sai' } },
    );
    expect(result.failure).toMatchObject({ group: 'fatal', code: 'einvoice-sign-in' });
  });
});

function sorted(rows: readonly (readonly unknown[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
