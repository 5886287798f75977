import { describeFaultSweep, type SweptKind } from '../harness/fault-sweep.ts';
import * as fault from '../harness/fault-server.ts';
import { invoiceXml } from './einvoice-document.ts';
import { pageOf, pagedManifest, rowsUpTo } from '../harness/paged-source.ts';

const csv = { 'content-type': 'text/csv' };
const xml = { 'content-type': 'application/xml' };
const places = ['An Biên', 'Bạch Long Vĩ', 'Cát Hải'];
const report = [
  'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio',
  ...places.map(
    (name) => `,,${name},Vietnam,2026-11-22 01:02:03,,,5,0,1,4,"${name}, Vietnam",12.5,`,
  ),
  '',
].join('\n');
const covid: Omit<SweptKind, 'routes'> = {
  name: 'covid-daily',
  spoiled: '/11-22-2026.csv',
  body: report,
  headers: csv,
  config: (base) => ({ base, from: '2026-11-22' }),
  rows: 'select province from staging.covid_report order by 1',
  expected: places,
};

const codes = ['H31-1', 'H31-2', 'H31-3'];
const dossiers = JSON.stringify({
  error_code: 0,
  message: '',
  total: codes.length,
  data: codes.map((MaHoSo) => ({
    MaHoSo,
    MaTTHC: '1.000001',
    NgayTiepNhan: '2026-11-22 08:00:00',
    TrangThaiHoSo: 1,
    DonViXuLy: 'H31.1',
    NgayCapNhat: '2026-11-22 08:00:00',
  })),
});
const noList = fault.json({ error_code: 0, data: [] });

const numbers = ['7', '8', '9'];
const envelope = (inner: string) =>
  `<TDiep><TTChung><PBan>2.1.0</PBan><MLTDiep>200</MLTDiep></TTChung><DLieu>${inner}</DLieu></TDiep>`;
const invoices = envelope(
  numbers.map((number) => invoiceXml({ number, id: `b${number}` })).join(''),
);

const things = rowsUpTo(3);
const thingBody = JSON.stringify({ items: things, total: things.length });

const kinds: readonly SweptKind[] = [
  {
    ...covid,
    variant: 'a server that lists sizes',
    except: ['A42'],
    routes: () => ({
      '/': fault.json([{ name: '11-22-2026.csv', size: Buffer.byteLength(report) }]),
      '/11-22-2026.csv': fault.answer(report, csv),
    }),
  },
  {
    ...covid,
    variant: 'a server that lists nothing',
    routes: () => ({ '/11-22-2026.csv': fault.answer(report, csv) }),
    except: ['A35'],
  },
  {
    name: 'dvc',
    routes: () => ({
      '/token': fault.json({ error_code: 0, message: '', access_token: 't', expires_in: 300 }),
      '/danhmuc/trangthai': noList,
      '/danhmuc/tthc': noList,
      '/danhmuc/donvi': noList,
      '/hoso': fault.answer(dossiers),
    }),
    spoiled: '/hoso',
    body: dossiers,
    config: (base) => ({ base, clientId: 'ioc', from: '2026-11-22' }),
    options: { secrets: { password: 'bi-mat' }, streams: ['dossier'] },
    rows: 'select dossier_code from staging.dossier order by 1',
    expected: codes,
  },
  {
    name: 'einvoice',
    retriedByRun: true,
    routes: () => ({
      '/token': fault.json({ access_token: 't', token_type: 'Bearer', expires_in: 1800 }),
      '/index.json': fault.json({
        files: [
          {
            name: 'a.xml',
            size: null,
            sha256: null,
            issued_from: '2026-10-31',
            issued_to: '2026-10-31',
            published_at: '2026-11-01T23:30:00+07:00',
          },
        ],
        next_since: null,
      }),
      '/files/a.xml': fault.answer(invoices, xml),
    }),
    spoiled: '/files/a.xml',
    body: invoices,
    headers: xml,
    config: (base) => ({ base, clientId: 'ioc', portalStates: false }),
    options: { secrets: { client_secret: 'bi-mat' } },
    rows: 'select number::varchar from staging.invoice order by 1',
    expected: numbers,
  },
  {
    name: 'manifest',
    routes: () => ({
      '/things': pageOf({ rows: () => things, envelope: (all) => ({ total: all.length }) }),
    }),
    spoiled: '/things',
    body: thingBody,
    config: (base) => pagedManifest(base, { completeness: { proof: 'total', path: 'total' } }),
    rows: 'select id from staging.thing order by 1',
    expected: things.map(({ id }) => String(id)),
  },
];

for (const kind of kinds) describeFaultSweep(kind);
