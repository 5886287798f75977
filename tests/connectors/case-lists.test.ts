import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { caseLists } from '../../connectors/case-lists/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-cases-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const lenient = {
  ...caseLists,
  streams: (config: Parameters<typeof caseLists.streams>[0]) =>
    caseLists.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
};
const put = (name: string, content: string | Uint8Array) =>
  writeFileSync(join(directory, name), content);
const ingest = (more: object = {}, options: Parameters<SourceHome['ingest']>[2] = {}) =>
  home.ingest(lenient, { base: directory, ...more }, options);
const cases = () =>
  home.rows(`select case_code, full_name, birth_date::varchar, birth_year::varchar, sex, commune, disease, disease_code,
    case_class, onset_on::varchar, reported_on::varchar from staging.disease_case order by 1`);

const an = [
  'C1',
  'Nguyễn Văn Mô',
  '1990-02-01',
  '1990',
  'male',
  'Phường A',
  'Sốt xuất huyết',
  'A97',
  'confirmed',
  '2026-11-01',
  '2026-11-03',
];
const binh = [
  'C2',
  'Trần Thị Phỏng',
  null,
  '1988',
  'female',
  'Xã B',
  'Sởi',
  'B05',
  'suspected',
  '2026-11-02',
  '2026-11-03',
];

it('B29 B34 three spellings of one list, as CSV and as a workbook with merged headers, give one table', async () => {
  const spellings = {
    'a.csv': `Mã ca,Họ và tên,Ngày sinh,Giới,Xã/Phường,Bệnh,ICD-10,Phân loại ca bệnh,Ngày khởi phát,Ngày báo cáo
C1,Nguyễn Văn Mô,01/02/1990,Nam,Phường A,Sốt xuất huyết,A97,Xác định,01/11/2026,03/11/2026
C2,Trần Thị Phỏng,1988,Nữ,Xã B,Sởi,B05,Nghi ngờ,2/11/2026,3/11/2026`,
    'b.csv': `\ufeffNGÀY KHỞI PHÁT,tên bệnh,Mã bệnh,MÃ SỐ CA BỆNH,Họ tên bệnh nhân,Ngày tháng năm sinh,Giới tính,Phường xã,Phân loại,ngày nhận báo cáo,Ghi thêm
2026-11-01,Sốt xuất huyết,A97,C1,Nguyễn Văn Mô,1990-02-01,1,Phường A,khẳng định,2026-11-03,x
2026-11-02,Sởi,B05,C2,Trần Thị Phỏng,1988,2,Xã B,ca nghi ngờ,2026-11-03,y`,
  };
  for (const [name, text] of Object.entries(spellings)) {
    put(name, text.normalize(name === 'b.csv' ? 'NFD' : 'NFC'));
    const { batches, failure } = await ingest();
    expect([failure, batches.at(-1)?.status]).toEqual([undefined, 'published']);
    expect(await cases()).toEqual([an, binh]);
  }
  put('c.xlsx', await workbook());
  const { batches } = await ingest();
  expect(batches.at(-1)).toMatchObject({ status: 'published', findings: [] });
  expect(await cases()).toEqual([an, binh]);
});

it('B24 B37 corrections replace, cancelled rows delete, excluded cases stay with their class', async () => {
  const head = 'Mã ca,Họ tên,Bệnh,Phân loại,Ngày khởi phát,Ngày cập nhật,Trạng thái bản ghi\n';
  put(
    '1.csv',
    `${head}C1,A,Sởi,Nghi ngờ,01/11/2026,02/11/2026,Mới\nC2,B,Sởi,Nghi ngờ,01/11/2026,02/11/2026,\nC3,C,Sởi,Có thể,01/11/2026,02/11/2026,\n`,
  );
  put(
    '2.csv',
    `${head}C1,A,Sởi,Xác định,31/10/2026,05/11/2026,Cập nhật\nC2,B,Sởi,Nghi ngờ,01/11/2026,05/11/2026,Báo nhầm\nC3,C,Sởi,Loại trừ,01/11/2026,05/11/2026,\n`,
  );
  const { batches } = await ingest();
  expect(batches[1]?.counts['disease_case']).toMatchObject({ changed: 3, deleted: 1 });
  expect(
    await home.rows(
      'select case_code, case_class, onset_on::varchar from staging.disease_case order by 1',
    ),
  ).toEqual([
    ['C1', 'confirmed', '2026-10-31'],
    ['C3', 'excluded', '2026-11-01'],
  ]);
});

it('B24 the newest whole list deletes what it no longer has', async () => {
  put('1.csv', 'Mã ca,Bệnh\nC1,Sởi\nC2,Sởi\n');
  await ingest({ whole: true });
  put('2.csv', 'Mã ca,Bệnh\nC2,Sởi\n');
  const { batches } = await ingest({ whole: true });
  expect(batches.map(({ counts }) => counts['disease_case']?.deleted)).toEqual([1]);
});

it('B36 a list without codes has a fingerprint as key: read twice nothing changes', async () => {
  put(
    '1.csv',
    'Họ tên,Năm sinh,Bệnh,Ngày khởi phát\nNguyễn A,1990,Sởi,01/11/2026\nNguyễn A,1991,Sởi,01/11/2026\n',
  );
  await ingest();
  const { batches } = await ingest({}, { full: true });
  expect(batches[0]?.counts['disease_case']).toMatchObject({ received: 2, unchanged: 2 });
});

it('A42 B32 B42 each bad row has its reason; local headers and words are configuration', async () => {
  const text =
    'Số phiếu,Họ tên,Bệnh,Phân loại,Ngày khởi phát,Giới\nC1,A,Sởi,Dương tính,30/02/2026,Nam\nC2,B,Sởi,Dương tính,01/11/2026,X\nC3,C,Sởi,lạ,01/11/2026,Nam\n,,Sởi,,,\nC5,E,Sởi,Dương tính,01/11/2026,nam\n';
  put('1.csv', text);
  await ingest({ headers: { 'Số phiếu': 'case_code' }, words: { 'Dương tính': 'confirmed' } });
  expect(await home.rows('select reason, field, value from meta.quarantine order by all')).toEqual([
    ['code-unknown', 'case_class', 'lạ'],
    ['code-unknown', 'sex', 'X'],
    ['date-invalid', 'onset_on', '30/02/2026'],
    ['value-missing', 'case_code', null],
  ]);
  expect(await home.rows('select case_code from staging.disease_case')).toEqual([['C5']]);
});

it.each([
  ['1.csv', 'Tỉnh,Dân số\nA,1\n', 'header-missing-column'],
  ['1.xlsx', 'không phải Excel', 'file-not-xlsx'],
])('B28 H10 %s that is no list is refused', async (name, text, code) => {
  put(name, text);
  expect((await ingest()).batches[0]?.findings).toEqual([code]);
});

async function workbook(): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Danh sách');
  sheet.addRow(['DANH SÁCH CA BỆNH TRUYỀN NHIỄM (MÔ PHỎNG)']);
  sheet.addRow([]);
  sheet.addRow([
    'STT',
    'Mã ca',
    'Họ và tên',
    'Ngày sinh',
    'Giới tính',
    'Nơi ở',
    '',
    'Bệnh',
    'Mã ICD-10',
    'Phân loại',
    'Ngày',
    '',
  ]);
  sheet.addRow(['', '', '', '', '', 'Xã', 'Địa chỉ', '', '', '', 'Khởi phát', 'Ngày báo cáo']);
  for (const column of ['A', 'B', 'C', 'D', 'E', 'H', 'I', 'J'])
    sheet.mergeCells(`${column}3:${column}4`);
  sheet.mergeCells('F3:G3');
  sheet.mergeCells('K3:L3');
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  sheet.addRow([
    1,
    'C1',
    'Nguyễn Văn Mô',
    day('1990-02-01'),
    'Nam',
    'Phường A',
    '1 phố X',
    'Sốt xuất huyết',
    'A97',
    'Xác định',
    day('2026-11-01'),
    day('2026-11-03'),
  ]);
  sheet.addRow([
    2,
    'C2',
    'Trần Thị Phỏng',
    1988,
    'Nữ',
    'Xã B',
    '',
    'Sởi',
    'B05',
    'Nghi ngờ',
    '2/11/2026',
    '03/11/2026',
  ]);
  return new Uint8Array(await book.xlsx.writeBuffer());
}
