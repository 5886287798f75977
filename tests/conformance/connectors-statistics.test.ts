import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { provincialForms } from '../../connectors/provincial-forms/connector.ts';
import { pxweb } from '../../connectors/pxweb/connector.ts';
import { describeConnector } from './connector.ts';

const table = (name: string, value: number) =>
  `CODEPAGE="utf-8";TITLE="${name}";STUB="Huyện";HEADING="Năm";VALUES("Huyện")="A","B";VALUES("Năm")="2025","2026";UNITS="người";DATA=\n1 2\n3 ${value};`;

describeConnector(pxweb, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const names = ['a.px', 'b.px', 'c.px'];
  for (const [n, name] of names.entries()) writeFileSync(join(base, name), table(name, n));
  const tables = names.map((path) => ({ id: path, path, area: 'Huyện', time: 'Năm' }));
  return Promise.resolve({
    config: { base, publisher: 'nso', tables },
    badConfigs: [[{ base: '', publisher: '', tables: [{ id: 'a b', path: '' }] }, 4]],
    spoil: (how) => {
      for (const name of names) {
        const text = table(name, 4);
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
});

describeConnector(provincialForms, async () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const names = ['f_2026-01.xlsx', 'f_2026-02.xlsx', 'f_2026-03.xlsx'];
  const form = async (value: number) => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('A').addRows([
      ['STT', 'Chỉ tiêu', 'Ước thực hiện tháng (tỷ đồng)'],
      ['I', 'Bán lẻ', value],
    ]);
    return new Uint8Array(await book.xlsx.writeBuffer());
  };
  for (const [n, name] of names.entries()) writeFileSync(join(base, name), await form(n));
  const forms = [{ id: 'f', file: 'f_YYYY-MM.xlsx', layout: 'retail', area: '31' }];
  return {
    config: { base, publisher: 'so-ct', forms },
    badConfigs: [[{ base: '', publisher: '', forms: [{ id: 'a b', file: 'x', area: 'HP' }] }, 5]],
    spoil: async (how) => {
      const bytes = await form(1);
      const spoiled =
        how === 'cut' ? bytes.slice(0, bytes.length / 2) : Buffer.from([0, 255, 10, 1, 254]);
      for (const name of names) writeFileSync(join(base, name), spoiled);
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  };
});
