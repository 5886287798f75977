import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socioeconomicFigure } from '../../connectors/socioeconomic-figure.ts';
import { provincialForms } from '../../connectors/provincial-forms/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-forms-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

type Cell = string | number | undefined;

/** Writes a form: lines above the table, header rows, rows; merges as Excel addresses. */
async function put(
  name: string,
  rows: readonly (readonly Cell[])[],
  merges: readonly string[] = [],
): Promise<void> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Biểu');
  for (const row of rows) sheet.addRow([...row]);
  for (const merge of merges) sheet.mergeCells(merge);
  writeFileSync(join(directory, name), new Uint8Array(await book.xlsx.writeBuffer()));
}

const ingest = (form: object) =>
  home.ingest(provincialForms, {
    base: directory,
    publisher: 'so-ct',
    forms: [{ id: 'f', file: 'f_YYYY-MM.xlsx', area: '31', ...form }],
  });
const figures = (columns: string, tail = 'order by all') =>
  home.rows(`select ${columns} from staging.socioeconomic_figure ${tail}`);

const retail = (rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] => [
  ['BÁO CÁO BÁN LẺ (dữ liệu mô phỏng)'],
  ['', '', '', '', 'Đơn vị tính: tỷ đồng'],
  [
    'STT',
    'Chỉ tiêu',
    'Cùng kỳ năm trước',
    'Thực hiện tháng trước',
    'Ước thực hiện tháng',
    'So với tháng trước (%)',
    'So với cùng kỳ (%)',
  ],
  ['A', 'B', '1', '2', '3', '4=3/2', '5=3/1'],
  ...rows,
];

describe('retail layout', () => {
  it('B30 B31 gives each column its period, measure, vintage and unit; totals stand apart from their parts', async () => {
    await put(
      'f_2026-10.xlsx',
      retail([
        ['', 'TỔNG MỨC BÁN LẺ', '1.100,5', 1200, 1250.25, 104.2, '113,6'],
        ['I', 'Bán lẻ', 900, 1000, '1.050', 105, 116.7],
        ['1', 'Lương thực, thực phẩm', 500, 600, '…', '-', undefined],
        ['2', 'Hàng hóa khác', 400, 400, 450, 112.5, 112.5],
        ['II', 'Dịch vụ', 200.5, 200, 200.25, 100.1, 99.9],
        ['1', 'Hàng hóa khác', 1, 2, 3, 4, 5],
        [undefined, 'Người lập biểu'],
      ]),
    );
    const { batches } = await ingest({ layout: 'retail' });
    expect(batches).toMatchObject([
      {
        status: 'published',
        findings: [],
        counts: { socioeconomic_figure: { received: 29, quarantined: 0 } },
      },
    ]);
    expect(
      await figures(
        'period, vintage, value, unit, multiplier, value_as_given',
        "where indicator = 'TỔNG MỨC BÁN LẺ' and breakdown = 'measure=value' order by 1",
      ),
    ).toEqual([
      ['2025-10', 'final', '1100500000000.000000000000', 'VND', '9', '1.100,5'],
      ['2026-09', 'final', '1200000000000.000000000000', 'VND', '9', '1200'],
      ['2026-10', 'estimate', '1250250000000.000000000000', 'VND', '9', '1250.25'],
    ]);
    expect(
      await figures(
        'indicator, aggregate_over, value, status',
        "where period = '2026-10' and breakdown = 'measure=value' order by _row",
      ),
    ).toEqual([
      ['TỔNG MỨC BÁN LẺ', 'item', '1250250000000.000000000000', null],
      ['Bán lẻ', 'item', '1050000000000.000000000000', null],
      ['Bán lẻ / Lương thực, thực phẩm', '', null, '…'],
      ['Bán lẻ / Hàng hóa khác', '', '450000000000.000000000000', null],
      ['Dịch vụ', 'item', '200250000000.000000000000', null],
      ['Dịch vụ / Hàng hóa khác', '', '3000000000.000000000000', null],
    ]);
    expect(
      await figures(
        'breakdown, value, unit',
        "where indicator = 'Bán lẻ' and unit = '%' order by 1",
      ),
    ).toEqual([
      ['measure=index_previous', '105.000000000000', '%'],
      ['measure=index_year_ago', '116.700000000000', '%'],
    ]);
  });

  it('B26 B37 ước and thực hiện of one month are versions of one fact: the later stage is shown, the earlier one is its history', async () => {
    const row = (previous: number, estimate: number) =>
      retail([['I', 'Bán lẻ', 1, previous, estimate, 1, 1]]);
    await put('f_2026-09.xlsx', row(90, 100));
    await put('f_2026-10.xlsx', row(97, 110));
    await ingest({ layout: 'retail' });
    const september = "where period = '2026-09' and breakdown = 'measure=value'";
    const now = async () =>
      (await figures('vintage, value / 1000000000', september)).map(([vintage, value]) => [
        vintage,
        Number(value),
      ]);
    expect(await now()).toEqual([['final', 97]]);
    const earlier = await home.rows(
      `select vintage, value / 1000000000, _recorded_to is not null from history.socioeconomic_figure ${september}`,
    );
    expect(earlier.map(([vintage, value, ended]) => [vintage, Number(value), ended])).toEqual([
      ['estimate', 100, true],
    ]);
    // A corrected form of the month itself is older than the next month's word: it only adds to the history.
    await put('f_2026-09.xlsx', row(90, 101));
    const { batches } = await ingest({ layout: 'retail' });
    expect(batches[0]).toMatchObject({ status: 'published', findings: [] });
    expect(await now()).toEqual([['final', 97]]);
  });

  it('B40 forms in the wrong order end alike: the estimate that comes late does not take the final figure away', async () => {
    const row = (previous: number, estimate: number) =>
      retail([['I', 'Bán lẻ', 1, previous, estimate, 1, 1]]);
    await put('f_2026-10.xlsx', row(97, 110));
    await ingest({ layout: 'retail' });
    await put('f_2026-09.xlsx', row(90, 100));
    await ingest({ layout: 'retail' });
    const [found] = await figures(
      'vintage, value',
      "where period = '2026-09' and breakdown = 'measure=value'",
    );
    expect([found?.[0], Number(found?.[1])]).toEqual(['final', 97_000_000_000]);
  });

  it('B40 a form that shows a stage before the published one is held', async () => {
    const columns = (vintage: string) => [
      { header: 'Ước thực hiện tháng', measure: 'value', months: 0, vintage },
    ];
    await put('f_2026-10.xlsx', retail([['I', 'Bán lẻ', 1, 2, 110, 1, 1]]));
    await ingest({ columns: columns('final') });
    await put('f_2026-10.xlsx', retail([['I', 'Bán lẻ', 1, 2, 112, 1, 1]]));
    const { batches } = await ingest({ columns: columns('estimate') });
    expect(batches[0]).toMatchObject({ status: 'held', findings: ['stage-backwards'] });
  });

  it('B32 B42 quarantines a cell that is no number, with its sheet, row and cells', async () => {
    await put('f_2026-10.xlsx', retail([['I', 'Bán lẻ', 'chưa có', 1000, 1050, 105, 1]]));
    const { batches } = await ingest({ layout: 'retail' });
    expect(batches[0]?.counts['socioeconomic_figure']).toMatchObject({
      received: 5,
      new: 4,
      quarantined: 1,
    });
    const [row] = await home.rows('select reason, field, value, raw from meta.quarantine');
    expect(row?.slice(0, 3)).toEqual(['number-invalid', 'value', 'chưa có']);
    expect(JSON.parse(String(row?.[3]))).toMatchObject({
      sheet: 'Biểu',
      row: 5,
      cells: { C: 'chưa có' },
    });
  });
});

describe('a warehouse of an older release', () => {
  /** Figures as they were kept when their stage was a part of the key. */
  async function keepStagesApart(): Promise<void> {
    const now = socioeconomicFigure('none');
    const older = { ...now, key: [...now.key, 'vintage'] };
    await home.warehouse.prepare([older]);
    const row = (vintage: string) =>
      `select ${now.columns
        .map(({ name, type }) => `${olderFigure(name, vintage)}::${type} as ${name}`)
        .join(', ')}`;
    const staged = await home.warehouse.stage(
      {
        ...{ batch: 'old', source: 'test', key: 'old', contracts: [older], files: [] },
        ...{ cursor: null, declared: {}, covers: [] },
      },
      (session) =>
        session.run(`create temp table decoded_socioeconomic_figure as
          select *, 0::integer as _file, row_number() over ()::bigint as _row, null::timestamptz as _published_at,
            null::varchar as _status, null::varchar as _reason, null::varchar as _field, null::varchar as _value,
            null::varchar as _raw
          from (${row('estimate')} union all ${row('final')})`),
      [],
    );
    await home.warehouse.publish(staged, new Date('2026-01-01T00:00:00Z'));
  }
  const olderFigure = (name: string, vintage: string) => {
    const texts: Readonly<Record<string, string>> = {
      ...{ publisher: 'so-ct', dataset: 'f', indicator: 'ban-le', area: '31', period: '2026-09' },
      ...{ breakdown: '', vintage },
    };
    const text = texts[name];
    return text === undefined ? 'null' : `'${text}'`;
  };

  it('figures that stand in several rows are told with the way out; nothing is counted wrongly or lost', async () => {
    await keepStagesApart();
    await put('f_2026-10.xlsx', retail([['', 'TỔNG MỨC BÁN LẺ', 1, 2, 3, 4, 5]]));
    const { batches } = await ingest({ layout: 'retail' });
    expect(batches).toMatchObject([{ status: 'held', findings: ['figures-of-older-key'] }]);
    expect(await figures('vintage')).toEqual([['estimate'], ['final']]);
  });
});

describe('other layouts', () => {
  it('B29 B31 B34 maritime: two header rows, merged cells, units in rows, the window 15→14', async () => {
    await put(
      'f_2026-06.xlsx',
      [
        ['BIỂU HÀNG HẢI'],
        [
          'TT',
          'Chỉ tiêu',
          'ĐVT',
          'Kế hoạch năm',
          'Lũy kế đến hết tháng trước',
          'Ước thực hiện tháng báo cáo',
          'Lũy kế',
          undefined,
          'So sánh (%)',
        ],
        [
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          'đến hết tháng báo cáo',
          'cùng kỳ',
          '6=4/5',
        ],
        ['1', 'Hàng hóa thông qua', '1000 tấn', 12000, '5.100,7', 1000, 6100.7, 5900, 103.4],
        ['2', 'Container', '1000 TEU', 900, 400, 80, 480, 450, 106.7],
      ],
      ['A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:E3', 'F2:F3', 'G2:H2'],
    );
    const { batches } = await ingest({ layout: 'maritime', window: 'nd09' });
    expect(batches).toMatchObject([
      { status: 'published', counts: { socioeconomic_figure: { received: 12 } } },
    ]);
    expect(
      await figures(
        'breakdown, period, vintage, value, unit',
        "where indicator = 'Hàng hóa thông qua' order by _row",
      ),
    ).toEqual([
      ['measure=plan', '2026@nd09', '', '12000000.000000000000', 'tonne'],
      ['measure=cumulative', '2026-05@nd09', 'final', '5100700.000000000000', 'tonne'],
      ['measure=value', '2026-06@nd09', 'estimate', '1000000.000000000000', 'tonne'],
      ['measure=cumulative', '2026-06@nd09', 'estimate', '6100700.000000000000', 'tonne'],
      ['measure=cumulative', '2025-06@nd09', 'final', '5900000.000000000000', 'tonne'],
      ['measure=cumulative_index_year_ago', '2026-06@nd09', 'estimate', '103.400000000000', '%'],
    ]);
    expect(await figures('distinct unit', "where indicator = 'Container' and unit <> '%'")).toEqual(
      [['TEU']],
    );
  });

  it('B28 B34 columns may be declared; a layout that fits nothing is refused; other files are left alone', async () => {
    await put('f_2026-01.xlsx', [
      ['Nội dung', 'Vốn giải ngân (triệu đồng)'],
      ['Dự án A', 5],
    ]);
    await put('khac.xlsx', [['x']]);
    const columns = [
      { header: 'Vốn giải ngân', measure: 'value', months: 0, vintage: 'preliminary' },
    ];
    const own = await ingest({ columns });
    expect(own.batches.length).toBe(1);
    expect(await figures('indicator, period, vintage, value, aggregate_over')).toEqual([
      ['Dự án A', '2026-01', 'preliminary', '5000000.000000000000', null],
    ]);
    const wrong = await ingest({ layout: 'agriculture' });
    expect(wrong.batches).toMatchObject([{ status: 'failed', findings: ['header-not-found'] }]);
  });
});
