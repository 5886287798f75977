import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../connectors/manifest/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let base: string;
beforeEach(async () => {
  home = await openSourceHome();
  base = mkdtempSync(join(tmpdir(), 'phusa-register-'));
});
afterEach(async () => {
  rmSync(base, { recursive: true });
  await home.remove();
});

type Cells = readonly (string | number | Date | null)[];

/** A sheet as schools fill it: a title, a header of two rows with merged groups, a row that numbers the columns. */
function sheet(
  book: ExcelJS.Workbook,
  name: string,
  groups: readonly (readonly [string, number])[],
  header: Cells,
  rows: readonly Cells[],
) {
  const page = book.addWorksheet(name);
  page.addRow(['SỞ GIÁO DỤC VÀ ĐÀO TẠO']);
  page.addRow([`DANH SÁCH ${name.toUpperCase()}`]);
  page.addRow(groups.flatMap(([title, width]) => [title, ...Array<null>(width - 1).fill(null)]));
  page.addRow([...header]);
  let column = 1;
  for (const [, width] of groups) {
    if (width > 1) page.mergeCells(3, column, 3, column + width - 1);
    column += width;
  }
  page.addRow(header.map((_, n) => (n === 0 ? 'A' : n)));
  for (const row of rows) page.addRow([...row]);
}

interface Pupil {
  readonly code: string;
  readonly name: string;
  readonly born: string | Date;
  readonly state: string;
}

async function register(pupils: readonly Pupil[], year = '2026-2027') {
  const book = new ExcelJS.Workbook();
  sheet(
    book,
    'Trường',
    [
      ['Thông tin chung', 4],
      ['Địa bàn', 3],
    ],
    ['STT', 'Mã trường', 'Tên trường', 'Cấp học', 'Loại hình', 'Mã xã', 'Năm học'],
    [[1, '3100012345', 'THCS Lê Lợi', 'THCS', 'Công lập', '11948', year]],
  );
  sheet(
    book,
    'Lớp học',
    [
      ['Lớp', 5],
      ['Tổ chức', 3],
    ],
    ['STT', 'Năm học', 'Mã trường', 'Mã lớp', 'Tên lớp', 'Khối', 'Sĩ số (người)', 'Ca học'],
    [
      [1, year, '3100012345', '06A', '6A', 6, '1.035', 'Sáng'],
      [2, year, '3100012345', '06B', '6B', 6, 34, 'Chiều'],
    ],
  );
  sheet(
    book,
    'Học sinh',
    [
      ['Nơi học', 4],
      ['Thông tin học sinh', 5],
      ['Tình trạng', 2],
    ],
    [
      'STT',
      'Mã trường',
      'Năm học',
      'Mã lớp',
      'Mã định danh (Bộ)',
      'Họ và tên',
      'Ngày sinh',
      'Giới tính',
      'Dân tộc',
      'Khuyết tật',
      'Trạng thái',
    ],
    pupils.map(({ code, name, born, state }, n) => [
      n + 1,
      '3100012345',
      year,
      '06A',
      code,
      name,
      born,
      n % 2 === 0 ? 'Nữ' : 'Nam',
      'Kinh',
      n === 0 ? 'x' : null,
      state,
    ]),
  );
  return new Uint8Array(await book.xlsx.writeBuffer());
}

const pupils = (count: number, more: Partial<Pupil> = {}): readonly Pupil[] =>
  Array.from({ length: count }, (_, n) => ({
    code: `310${String(n).padStart(7, '0')}`,
    name: `Học sinh Mô phỏng ${n + 1}`,
    born: n % 2 === 0 ? '5/9/2015' : new Date(Date.UTC(2015, 8, 5)),
    state: 'Đang học',
    ...(n === 0 ? more : {}),
  }));

const ingest = () => home.ingest(manifest, { ready: 'school-register', values: { base } });

describe('school registers', () => {
  it('B29 B34 schools, classes and pupils come out of one workbook, by header text under merged groups', async () => {
    writeFileSync(join(base, '3100012345_2026-2027.xlsx'), await register(pupils(4)));
    const { batches, failure } = await ingest();
    expect([failure, batches.map(({ status, findings }) => [status, findings])]).toEqual([
      undefined,
      [
        ['published', []],
        ['published', []],
        ['published', []],
      ],
    ]);
    expect(
      await home.rows(
        'select school_code, level, ownership, commune_code from staging.school_register_school',
      ),
    ).toEqual([['3100012345', 'lower_secondary', 'public', '11948']]);
    expect(
      await home.rows(
        'select class_code, grade::varchar, pupils_stated::varchar from staging.school_register_class order by 1',
      ),
    ).toEqual([
      ['06A', '6', '1035'],
      ['06B', '6', '34'],
    ]);
    expect(
      await home.rows(
        'select pupil_code, birth_date::varchar, sex, is_disabled, state from staging.school_register_pupil order by 1 limit 2',
      ),
    ).toEqual([
      ['3100000000', '2015-09-05', 'female', true, 'enrolled'],
      ['3100000001', '2015-09-05', 'male', null, 'enrolled'],
    ]);
  });

  it('what a pupil is recognised by is personal or sensitive', () => {
    const [, , stream] = manifest.streams(
      manifest.config.parse({ ready: 'school-register', values: { base } }),
    );
    const open = stream?.columns.filter(
      ({ classification }) => classification !== 'personal' && classification !== 'sensitive',
    );
    expect([stream?.subject, open?.map(({ name }) => name)]).toEqual([
      'person',
      ['school_code', 'school_year', 'class_code', 'state'],
    ]);
  });

  it('B37 a corrected workbook changes the pupil and keeps the history; another year is another row', async () => {
    writeFileSync(join(base, 'a.xlsx'), await register(pupils(3)));
    await ingest();
    writeFileSync(join(base, 'a.xlsx'), await register(pupils(3, { state: 'Chuyển đi' })));
    const second = await ingest();
    expect(second.batches.at(-1)?.counts['school_register_pupil']).toMatchObject({
      changed: 1,
      new: 0,
    });
    writeFileSync(join(base, 'b.xlsx'), await register(pupils(3), '2025-2026'));
    await ingest();
    expect(
      await home.rows(
        'select school_year, count(*)::varchar from staging.school_register_pupil group by 1 order by 1',
      ),
    ).toEqual([
      ['2025-2026', '3'],
      ['2026-2027', '3'],
    ]);
  });

  it('B32 B39 an unknown state and an impossible day go to quarantine, the others stay', async () => {
    writeFileSync(
      join(base, 'a.xlsx'),
      await register([
        ...pupils(60),
        { code: '9', name: 'x', born: '31/2/2015', state: 'Đang học' },
        { code: '8', name: 'y', born: '1/2/2015', state: 'Du học' },
      ]),
    );
    const { batches } = await ingest();
    expect(batches.at(-1)?.counts['school_register_pupil']).toMatchObject({
      quarantined: 2,
      new: 60,
    });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut', (bytes) => bytes.slice(0, bytes.length / 2)],
    ['no workbook', () => Buffer.from('PK nothing')],
  ])('B34 a workbook that is %s is refused with a reason', async (_name, spoilt) => {
    writeFileSync(join(base, 'a.xlsx'), spoilt(await register(pupils(2))));
    const { batches } = await ingest();
    expect(batches.map(({ status }) => status)).not.toContain('published');
    expect(batches.every(({ findings }) => findings.length > 0)).toBe(true);
  });
});
