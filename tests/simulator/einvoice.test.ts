import { createHash } from 'node:crypto';
import { unzipSync, strFromU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { dayOf } from '../../simulator/days.ts';
import { createInvoiceBook } from '../../simulator/einvoice/invoice-book.ts';
import { createSellers } from '../../simulator/einvoice/sellers.ts';
import { horizonOf } from '../../simulator/horizon.ts';
import type { City } from '../../simulator/city.ts';
import { canonicalById } from './canonical.ts';
import { einvoice, fields, ledger, ledgerCounts, records, smallCity } from './start.ts';

type Row = Readonly<Record<string, unknown>>;

async function fileNames(city: City): Promise<readonly string[]> {
  const index = fields(await (await einvoice(city, '/einvoice/index.json')).json());
  return records(index['files']).map(({ name }) => String(name));
}

async function bytes(city: City, name: string): Promise<Uint8Array> {
  return new Uint8Array(await (await einvoice(city, `/einvoice/files/${name}`)).arrayBuffer());
}

/** Entry name → text of a zip. */
async function unzipped(city: City, name: string): Promise<ReadonlyMap<string, string>> {
  const entries = Object.entries(unzipSync(await bytes(city, name)));
  return new Map(entries.map(([entry, content]) => [entry, strFromU8(content)]));
}

function value(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

function digests(xml: string): readonly (readonly [string, string])[] {
  const found = xml.matchAll(/<Reference URI="#([^"]*)">.*?<DigestValue>([^<]*)<\/DigestValue>/g);
  return Array.from(found, ([, id = '', digest = '']) => [id, digest] as const);
}

function sha256(text = ''): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Whether each reference's digest is that of the element it names. */
function verdicts(xml: string): readonly boolean[] {
  const canonical = canonicalById(xml);
  return digests(xml).map(([id, digest]) => sha256(canonical.get(id)) === digest);
}

function isMst(code: string): boolean {
  const ten = code.slice(0, 10);
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(ten[i]), 0);
  return sum % 11 !== 0 && 10 - (sum % 11) === Number(ten[9]);
}

const WEEK = ['2025-09-22', '2025-09-28'] as const;
const WEEK_ZIP = 'HD_2025-W39.zip';

describe('e-invoices', () => {
  it('wants a token', async () => {
    const { url } = await smallCity();
    expect((await fetch(`${url}/einvoice/index.json`)).status).toBe(401);
    const wrong = await fetch(`${url}/einvoice/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'ioc-haiphong', client_secret: 'x' }),
    });
    expect(wrong.status).toBe(401);
  });

  it('lists files after a publication time, each of which exists', async () => {
    const city = await smallCity({ years: 0.2 });
    const index = fields(await (await einvoice(city, '/einvoice/index.json')).json());
    const files = records(index['files']);
    const half = String(files[Math.floor(files.length / 2)]?.['published_at']);
    const address = `/einvoice/index.json?since=${encodeURIComponent(half)}`;
    const rest = fields(await (await einvoice(city, address)).json());
    const expected = files.filter((file) => String(file['published_at']) > half);
    expect(records(rest['files'])).toEqual(expected);
    expect(rest['next_since']).toBe(index['next_since']);
    for (const { name } of files) {
      expect((await einvoice(city, `/einvoice/files/${String(name)}`)).status).toBe(200);
    }
    expect((await einvoice(city, '/einvoice/files/HD_2025-W41.zip')).status).toBe(404);
  });

  it('gives a week of invoices as the ledger means them', async () => {
    const city = await smallCity();
    const meant = await ledger(city, 'einvoices', ...WEEK);
    const inZip = meant.filter((row) => row['file'] === WEEK_ZIP);
    const texts = await unzipped(city, WEEK_ZIP);
    expect([...texts.keys()].toSorted()).toEqual(
      inZip.map((row) => String(row['entry'])).toSorted(),
    );
    for (const row of inZip) expectInvoice(texts.get(String(row['entry'])) ?? '', row);
  });

  it('has the lines the ledger means, and sums that agree with them', async () => {
    const city = await smallCity();
    const lines = await ledger(city, 'einvoice_lines', ...WEEK);
    const texts = await unzipped(city, WEEK_ZIP);
    const invoices = await ledger(city, 'einvoices', ...WEEK);
    for (const row of invoices.filter(({ file }) => file === WEEK_ZIP)) {
      const own = lines.filter((line) => sameKey(line, row));
      const xml = (texts.get(String(row['entry'])) ?? '').replaceAll('\n', '');
      const amounts = Array.from(
        xml.matchAll(/<HHDVu>(.*?)<\/HHDVu>/g),
        ([, line = '']) => value(line, 'ThTien') ?? null,
      );
      expect(amounts).toEqual(own.map((line) => line['amount']));
      const sum = own.reduce((total, line) => total + signed(line), 0);
      const printed = Number(row['total_before_tax'] ?? row['total']);
      expect(Math.abs(sum - printed) < 0.01).toBe(row['arithmetic_ok']);
    }
  });

  it('signs with digests that hold, but for the tampered ones', async () => {
    const city = await smallCity({ scale: 0.2 });
    const texts = await unzipped(city, WEEK_ZIP);
    const meant = await ledger(city, 'einvoices', '2025-09-22', '2025-09-28');
    for (const row of meant.filter(({ file }) => file === WEEK_ZIP)) {
      const found = verdicts(texts.get(String(row['entry'])) ?? '');
      const expected = { valid: [true, true], tampered: [false, true], none: [] };
      expect(found).toEqual(Object.entries(expected).find(([k]) => k === row['signature'])?.[1]);
    }
    const all = await ledgerCounts(city, 'einvoices', '2025-01-01', '2025-10-05');
    expect(Number(fields(all['bad_by_kind'])['digest'])).toBeGreaterThan(0);
  });

  it('puts several invoices into envelopes whose digests hold too', async () => {
    const city = await smallCity({ scale: 0.2 });
    for (const [type, name] of [
      ['200', 'TDiep_200_2025-W39.xml'],
      ['203', 'TDiep_203_2025-W39.xml'],
    ]) {
      const xml = new TextDecoder().decode(await bytes(city, name ?? ''));
      expect(value(xml, 'MLTDiep')).toBe(type);
      const meant = await ledger(city, 'einvoices', '2025-09-01', '2025-09-28');
      const own = meant.filter(({ file }) => file === name);
      expect(own.length).toBeGreaterThan(1);
      expect(value(xml, 'SLuong')).toBe(String(own.length));
      expect(xml.split('<HDon').length - 1).toBe(own.length);
      const broken = verdicts(xml).filter((verdict) => !verdict).length;
      expect(broken).toBe(own.filter(({ signature }) => signature === 'tampered').length);
    }
  });

  it('gives monthly fuel summaries as the ledger means them', async () => {
    const city = await smallCity({ scale: 0.2 });
    const xml = new TextDecoder().decode(await bytes(city, 'BTH_400_2025-08.xml'));
    const meant = await ledger(city, 'einvoice_summary_lines', '2025-08-01', '2025-08-31');
    const quantities = Array.from(xml.matchAll(/<DLieu><STT>.*?<\/DLieu>/g), ([line]) =>
      value(line, 'SLuong'),
    );
    expect(quantities).toEqual(meant.map(({ quantity }) => quantity));
    expect(value(xml, 'KDLieu')).toBe('08/2025');
  });

  it('has tax codes with true check digits, save those meant to be wrong', async () => {
    const city = await smallCity({ scale: 0.3 });
    const rows = await ledger(city, 'einvoices', '2024-11-01', '2025-10-05');
    const lengths = new Set<number>();
    for (const row of rows) {
      const seller = String(row['seller_mst']);
      lengths.add(seller.length);
      expect(row['seller_kind'] === 'household' ? seller.length === 12 : isMst(seller)).toBe(true);
      const buyer = row['buyer_mst'];
      if (typeof buyer === 'string' && buyer.length !== 12) {
        expect(isMst(buyer)).toBe(row['buyer_mst_valid']);
      }
    }
    expect(lengths).toEqual(new Set([10, 12, 14]));
    expect(rows.some((row) => row['buyer_mst_valid'] === false)).toBe(true);
    expect(rows.some((row) => row['currency'] !== 'VND')).toBe(true);
  });

  it('links corrections to originals whose portal state says so', async () => {
    const city = await smallCity({ scale: 0.2 });
    const rows = await ledger(city, 'einvoices', '2025-01-01', '2025-10-05');
    const byKey = new Map(rows.map((row) => [keyText(row, 'form', 'series', 'number'), row]));
    const corrections = rows.filter(({ kind }) => kind !== 'new');
    expect(corrections.length).toBeGreaterThan(20);
    for (const row of corrections) {
      const original = byKey.get(
        keyText(row, 'original_form', 'original_series', 'original_number'),
      );
      if (original === undefined) continue;
      expect(original['state']).toBe(row['kind'] === 'replacement' ? 4 : 5);
    }
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  it('tells the portal state in UTC, page by page', async () => {
    const city = await smallCity({ scale: 0.1 });
    const address = `/einvoice/portal/states?from=${WEEK[0]}&to=${WEEK[1]}&size=20`;
    const first = fields(await (await einvoice(city, `${address}&page=1`)).json());
    const pages = Math.ceil(Number(first['total']) / 20);
    const seen: Row[] = [];
    for (let page = 1; page <= pages; page += 1) {
      const answer = fields(await (await einvoice(city, `${address}&page=${String(page)}`)).json());
      seen.push(...records(answer['datas']));
    }
    expect(seen.length).toBe(first['total']);
    expect(seen.every((row) => String(row['tdlap']).endsWith('T17:00:00Z'))).toBe(true);
    const days = seen.map((row) => String(row['tdlap']).slice(0, 10)).toSorted();
    expect([days[0], days.at(-1)]).toEqual(['2025-09-21', '2025-09-27']);
  });

  it('does not change a published week when now moves on', async () => {
    const early = await smallCity({ now: '2025-09-28', years: 0.1 });
    const late = await smallCity({ now: '2025-10-05', years: 1 });
    expect(await bytes(early, WEEK_ZIP)).toEqual(await bytes(late, WEEK_ZIP));
    const names = await fileNames(early);
    expect((await fileNames(late)).filter((name) => names.includes(name))).toEqual(names);
  });

  it('issues 40,000 invoices a year at scale 1, within 2 %', () => {
    const horizon = horizonOf({ now: '2025-12-31' });
    const book = createInvoiceBook(horizon, createSellers(1, 1));
    for (const year of ['2023', '2024', '2025']) {
      const issued = book.issued(dayOf(`${year}-01-01`), dayOf(`${year}-12-31`)).length;
      expect(Math.abs(issued - 40_000)).toBeLessThan(800);
    }
  });
});

function keyText(row: Row, ...names: readonly string[]): string {
  return [row['seller_mst'], ...names.map((name) => row[name])].join(' ');
}

function sameKey(a: Row, b: Row): boolean {
  return keyText(a, 'form', 'series', 'number') === keyText(b, 'form', 'series', 'number');
}

function signed(line: Row): number {
  if (line['nature'] === 1) return Number(line['amount']);
  return line['nature'] === 3 ? -Number(line['amount']) : 0;
}

function expectInvoice(xml: string, row: Row): void {
  expect(value(xml, 'KHMSHDon')).toBe(String(row['form']));
  expect(value(xml, 'KHHDon')).toBe(row['series']);
  expect(Number(value(xml, 'SHDon'))).toBe(row['number']);
  expect(value(xml, 'NLap')).toBe(row['issue_date']);
  expect(value(xml, 'TgTCThue') ?? null).toBe(row['total_before_tax']);
  expect(value(xml, 'TgTThue') ?? null).toBe(row['total_tax']);
  expect(value(xml, 'TgTTTBSo')).toBe(row['total']);
  expect(value(xml, 'DVTTe')).toBe(row['currency']);
  expect(value(xml, 'SHDCLQuan') === undefined).toBe(row['kind'] === 'new');
}
