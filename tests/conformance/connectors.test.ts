import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { covidDaily } from '../../connectors/covid-daily/connector.ts';
import { einvoice } from '../../connectors/einvoice/connector.ts';
import { dvc } from '../../connectors/dvc/connector.ts';
import { referenceTables } from '../../connectors/reference-tables/connector.ts';
import { connectors } from '../../connectors/registry.ts';
import * as fault from '../harness/fault-server.ts';
import { invoiceXml } from '../connectors/einvoice-document.ts';
import { describeConnector, type ConnectorTrial } from './connector.ts';

const label = { vi: 'x', en: 'x' };

/** A directory of files that can be cut short or turned to garbage. */
function directoryTrial(
  files: Readonly<Record<string, string>>,
  trial: (base: string) => Pick<ConnectorTrial, 'config' | 'badConfigs'>,
): Promise<ConnectorTrial> {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
  return Promise.resolve({
    ...trial(base),
    spoil: (how) => {
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(
          join(base, name),
          how === 'cut' ? text.slice(0, text.length / 2) : Buffer.from([0, 255, 10, 1, 254]),
        );
      }
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
}

const day = (date: string) =>
  `Province/State,Country/Region,Last Update,Confirmed,Deaths,Recovered\n,Vietnam,${date}T00:00:00,10,0,1\nHubei,Mainland China,${date}T00:00:00,500,9,1\n`;

describeConnector(covidDaily, () =>
  directoryTrial(
    {
      '02-01-2020.csv': day('2020-02-01'),
      '02-02-2020.csv': day('2020-02-02'),
      '02-03-2020.csv': day('2020-02-03'),
    },
    (base) => ({ config: { base }, badConfigs: [[{ from: 'x', to: 1 }, 3]] }),
  ),
);

describeConnector(referenceTables, () =>
  directoryTrial(
    {
      'a.csv': 'code,name,since\n01,"Hà Nội, thủ đô",2025-07-01\n02,Huế,01/07/2025\n',
      'b.csv': 'code,share\n01,0.5\n',
    },
    (base) => ({
      config: {
        base,
        tables: [
          {
            stream: 'trial_a',
            file: 'a.csv',
            label,
            key: ['code'],
            columns: [
              { name: 'code', type: 'varchar', label },
              { name: 'title', header: 'name', type: 'varchar', label },
              { name: 'since', type: 'date', label },
            ],
          },
          {
            stream: 'trial_b',
            file: 'b.csv',
            label,
            key: ['code'],
            columns: [
              { name: 'code', type: 'varchar', label },
              { name: 'share', type: 'decimal(9,6)', label },
            ],
          },
        ],
      },
      badConfigs: [[{ base: '', tables: [{ stream: 'A', file: '' }] }, 4]],
    }),
  ),
);

describeConnector(dvc, async () => {
  const secrets = { password: 'mat-khau-bi-mat' };
  const list = (...records: readonly object[]) =>
    fault.json({ error_code: 0, message: '', total: records.length, data: records });
  const hoso = (code: string) => ({
    MaHoSo: code,
    MaTTHC: '1',
    TrangThaiHoSo: 4,
    NgayCapNhat: '2026-11-02 08:00:00',
  });
  const one = await fault.startFaultServer({
    '/token': fault.json({ error_code: 0, access_token: 'the-token' }),
    '/danhmuc/trangthai': list({ MaTrangThai: 4, TenTrangThai: 'Đang xử lý' }),
    '/danhmuc/tthc': list({ MaTTHC: '1', ThoiHanGiaiQuyet: 3 }),
    '/danhmuc/donvi': list({ MaDonVi: 'H31', MaDonViKeThua: [] }),
    '/hoso': (socket, request) =>
      list(hoso(`h${new URLSearchParams(request.path.split('?')[1]).get('tuNgay') ?? ''}`))(
        socket,
        request,
      ),
  });
  const hostile = await fault.startFaultServer({
    '/token': fault.answer('{"error_code":0,"access'),
  });
  let base = one.url;
  return {
    get config() {
      return { base, clientId: 'u', from: '2026-10-01' };
    },
    options: { secrets, now: new Date('2026-11-22T12:00:00+07:00') },
    badConfigs: [[{ base: 'ftp://x', pageSize: 0 }, 4]],
    spoil: () => {
      base = hostile.url;
      return Promise.resolve();
    },
    close: async () => {
      await one.close();
      await hostile.close();
    },
  };
});

describeConnector(einvoice, () =>
  directoryTrial(
    { 'a.xml': invoiceXml({ number: '1' }), 'b.xml': invoiceXml({ number: '2' }) },
    (base) => ({
      config: { base },
      badConfigs: [[{ base: '', stateMonths: 0 }, 2]],
    }),
  ),
);

it('no connector is forgotten: every one of the registry has a conformance trial', () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const tests = readdirSync(here).filter((name) => /^connector.*\.test\.ts$/.test(name));
  const tried = tests.flatMap((name) => [
    ...readFileSync(join(here, name), 'utf8').matchAll(/describeConnector\((\w+)/g),
  ]);
  const names = new Set(
    tried.map(([, variable]) =>
      (variable ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ),
  );
  expect(connectors.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

it('every folder with a connector is in the registry', () => {
  const room = join(dirname(fileURLToPath(import.meta.url)), '../../connectors');
  const folders = readdirSync(room, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && readdirSync(join(room, entry.name)).includes('connector.ts'),
    )
    .map(({ name }) => name);
  expect(connectors.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
});
