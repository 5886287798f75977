import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provinceCovid } from '../../connectors/province-covid/connector.ts';
import { describeConnector } from './connector.ts';

describeConnector(provinceCovid, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const text = 'id,18/3/2020,19/3/2020\n2,1,5\n3,0,2\n';
  const names = ['case.csv', 'death.csv'];
  for (const name of names) writeFileSync(join(base, name), text);
  const files = [
    { file: 'case.csv', measure: 'case' },
    { file: 'death.csv', measure: 'death' },
  ];
  return Promise.resolve({
    config: { base, files },
    badConfigs: [
      [{ base: '', spikeLeast: 0, files: [{ file: '', measure: 'x' }] }, 4],
      [{ base: '/data' }, 1],
    ],
    spoil: (how) => {
      for (const name of names)
        writeFileSync(
          join(base, name),
          how === 'cut' ? 'id,18/3/2020\n2,"1' : Buffer.from([0, 255, 10, 1, 254]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
});
