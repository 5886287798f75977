import { describe, expect, it } from 'vitest';
import { horizonOf } from '../../simulator/horizon.ts';
import type { City } from '../../simulator/city.ts';
import { dvc, dvcToken, fields, records, smallCity } from './start.ts';

const FILE = '/covid/daily/10-05-2025.csv';

async function fault(city: City, body: Readonly<Record<string, unknown>>): Promise<number> {
  const response = await fetch(`${city.url}/_faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status;
}

describe('faults', () => {
  it('spoils exactly so many requests under a path', async () => {
    const city = await smallCity();
    await fault(city, { path: '/covid/', kind: 'http500', times: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await fetch(city.url + FILE)).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(city.requests().map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it('refuses a kind it does not know', async () => {
    expect(await fault(await smallCity(), { path: '/', kind: 'flood' })).toBe(400);
  });

  it('truncates in silence, or cuts the connection', async () => {
    const city = await smallCity();
    const whole = await (await fetch(city.url + FILE)).text();
    await fault(city, { path: FILE, kind: 'truncate' });
    const half = await (await fetch(city.url + FILE)).text();
    expect(half.length).toBeLessThan(whole.length * 0.6);
    expect(whole.startsWith(half.slice(0, 1000))).toBe(true);
    await fault(city, { path: FILE, kind: 'reset' });
    await expect(fetch(city.url + FILE).then((reply) => reply.text())).rejects.toThrow();
  });

  it.each([
    ['html200', 200, 'bảo trì'],
    ['error-in-200', 200, '"error_code":1001'],
    ['http429', 429, 'Quá nhiều'],
    ['wrong-header', 200, 'Xac_nhan'],
    ['rename-member', 200, 'Hai Phong City'],
    ['xml-bomb', 200, '<!ENTITY a12'],
    ['external-entity', 200, 'SYSTEM "file:'],
    ['slow', 200, 'FIPS'],
  ])('%s', async (kind, status, text) => {
    const city = await smallCity();
    await fault(city, { path: '/covid', kind, delay_ms: 20 });
    const reply = await fetch(city.url + FILE);
    expect(reply.status).toBe(status);
    expect(await reply.text()).toContain(text);
  });

  it('repeats the first page for ever', async () => {
    const city = await smallCity();
    await fault(city, { path: '/dvc/hoso', kind: 'repeat-page', times: 3 });
    const bodies = [];
    for (const page of ['1', '7', '900']) {
      const query = `/dvc/hoso?tuNgay=2025-09-01&denNgay=2025-09-30&soLuong=10&trang=${page}`;
      bodies.push(fields(await (await dvc(city, query)).json()));
    }
    const firstRows = bodies.map(({ data }) => records(data).map(({ MaHoSo }) => MaHoSo));
    expect(firstRows[1]).toEqual(firstRows[0]);
    expect(firstRows[2]).toEqual(firstRows[0]);
    expect(bodies.map(({ total }) => total)).toEqual([20, 80, 9010]);
  });

  it('expires tokens', async () => {
    const city = await smallCity();
    const token = await dvcToken(city);
    await fault(city, { path: '/dvc/', kind: 'expire-token' });
    expect((await dvc(city, '/dvc/danhmuc/trangthai', token)).status).toBe(401);
    expect((await dvc(city, '/dvc/danhmuc/trangthai')).status).toBe(200);
  });

  it('logs requests and empties the log on demand', async () => {
    const city = await smallCity();
    await fetch(`${city.url}${FILE}?x=1`);
    const log = fields(await (await fetch(`${city.url}/_requests`)).json());
    expect(records(log['requests']).map(({ path }) => path)).toEqual([`${FILE}?x=1`]);
    await fetch(`${city.url}/_requests`, { method: 'DELETE' });
    expect(city.requests()).toEqual([]);
  });
});

describe('horizon', () => {
  it.each(['2025-13-01', '2021-12-31', '2031-01-01', 'heute'])('refuses now %s', (now) => {
    expect(() => horizonOf({ now })).toThrow(RangeError);
  });

  it('shows so many years up to now', () => {
    const horizon = horizonOf({ now: '2025-10-05', years: 1 });
    expect(horizon.lastDay - horizon.firstDay + 1).toBe(365);
  });
});
