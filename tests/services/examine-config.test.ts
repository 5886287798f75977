import { describe, expect, it } from 'vitest';
import { connectors, readyConnectors } from '../../connectors/registry.ts';
import { createConnectorServices } from '../../services/connector-services.ts';
import { callOf } from '../extracts/extract-home.ts';

const services = createConnectorServices(connectors, readyConnectors);
const call = callOf('officer', ['department']);

describe('a configuration examined before anything is saved', () => {
  it('tells all problems of a manifest together, each with line, column and place', async () => {
    const yaml = [
      'manifest: 1',
      'name: thu',
      'label: { vi: Thử, en: Trial }',
      'base: http://x.example',
      'streams:',
      '  - stream: vu_viec',
      '    label: { vi: Vụ việc, en: Cases }',
      '    decoding: { format: jsn }',
      '    colums: []',
      '    key: [id]',
    ].join('\n');
    const { problems, streams } = await services.examine(call, 'manifest', { yaml });
    expect(streams).toEqual([]);
    expect(problems).toMatchObject([
      { path: ['streams', 0, 'columns'], line: 6 },
      {
        path: ['streams', 0, 'decoding', 'format'],
        line: 8,
        column: 25,
        message: { vi: '“jsn” không được dùng; có phải “json”?' },
      },
      { path: ['streams', 0, 'colums'], line: 9, column: 5 },
    ]);
  });

  it('gives the streams of a right one; each ready manifest tells its own text', async () => {
    for (const { name } of readyConnectors()) {
      const { document } = await services.show(call, name);
      expect(typeof document).toBe('string');
    }
    const shown = await services.show(call, 'hotline-1022');
    const config = {
      yaml: typeof shown['document'] === 'string' ? shown['document'] : '',
      values: { base: 'http://x.example', user: 'u' },
    };
    const { problems, streams } = await services.examine(call, 'manifest', config);
    expect(problems).toEqual([]);
    expect(streams).toMatchObject([{ stream: 'hotline_report', key: ['report_code'] }]);
  });

  it('tells problems of any other connector in Vietnamese, at the field', async () => {
    const { problems } = await services.examine(call, 'covid-daily', { base: 5, them: true });
    expect(problems).toMatchObject([
      { path: ['base'], message: { vi: 'phải là chuỗi' } },
      { path: ['them'], message: { vi: expect.stringContaining('không có mục “them”') as string } },
    ]);
  });
});
