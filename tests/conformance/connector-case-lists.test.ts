import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseLists } from '../../connectors/case-lists/connector.ts';
import { describeConnector } from './connector.ts';

describeConnector(caseLists, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const files = {
    'a.csv': 'Mã ca,Họ tên,Bệnh,Ngày khởi phát\nC1,A,Sởi,01/11/2026\n',
    'b.csv': 'Bệnh,Mã số ca\nSởi,C2\n',
    'c.csv': 'Mã ca bệnh,Mã ICD-10\nC3,B05\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
  return Promise.resolve({
    config: { base },
    badConfigs: [[{ base: '', headers: { x: 'y' }, delimiter: '|' }, 3]],
    spoil: (how) => {
      for (const [name, text] of Object.entries(files))
        writeFileSync(
          join(base, name),
          how === 'cut' ? text.slice(0, 3) : Buffer.from([0, 255, 10, 1, 254]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
});
