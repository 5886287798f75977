import type {
  AreaMap,
  Chart,
  Column,
  Figure,
  FigureFormat,
  Mark,
  ReportDocument,
  Row,
  Table,
} from '../../render/document.ts';

/** Invented figures for rendering; "dữ liệu mô phỏng". */

export function figure(
  ref: string,
  value: string | null,
  format: FigureFormat = { decimals: 0 },
  mark: Mark = 'none',
): Figure {
  return { kind: 'figure', ref, value, mark, format };
}

const AGENCIES = [
  'Sở Khoa học và Công nghệ',
  'Sở Nông nghiệp và Môi trường',
  'Sở Xây dựng',
  'Ban Quản lý Khu kinh tế Hải Phòng',
  'UBND phường Hồng Bàng',
  'UBND xã Nguyễn Bỉnh Khiêm',
  'UBND đặc khu Bạch Long Vĩ',
];

const WINDOW = { from: '2026-10-15', to: '2026-11-14' };
const PERCENT: FigureFormat = { decimals: 1, unit: 'percent' };

function counted(key: string, label: string, number: string, groups: string[]): Column {
  return { key, label, number, groups, window: WINDOW, align: 'right' };
}

const COLUMNS: readonly Column[] = [
  { key: 'no', label: 'STT', number: 'A', align: 'center' },
  { key: 'agency', label: 'Cơ quan, đơn vị', number: 'B' },
  {
    key: 'carried',
    label: 'Kỳ trước chuyển sang',
    number: '1',
    align: 'right',
    window: { from: '2026-09-15', to: '2026-10-14' },
  },
  counted('received', 'Tổng số', '2', ['Tiếp nhận']),
  counted('direct', 'Trực tiếp', '3', ['Tiếp nhận']),
  counted('online', 'Trực tuyến', '4', ['Tiếp nhận']),
  counted('post', 'BCCI', '5', ['Tiếp nhận']),
  counted('done', 'Tổng số', '6', ['Đã giải quyết']),
  counted('early', 'Trước hạn', '7', ['Đã giải quyết']),
  counted('intime', 'Đúng hạn', '8', ['Đã giải quyết']),
  counted('late', 'Quá hạn', '9', ['Đã giải quyết']),
  counted('open', 'Tổng số', '10', ['Đang giải quyết']),
  counted('openlate', 'Quá hạn', '11', ['Đang giải quyết']),
  counted('paused', 'Tạm dừng', '12', []),
  counted('refused', 'Từ chối, rút', '13', []),
  { ...counted('rate', 'Tỷ lệ đúng hạn', '14=(7+8)/6', []), unit: '%' },
];

function cellFor(row: string, column: Column, index: number, seed: number): Figure {
  const ref = `t1.${row}.${column.key}`;
  if (column.key === 'rate') return figure(ref, `${90 + (seed % 9)}.${seed % 10}5`, PERCENT);
  if (index === 8 && seed % 3 === 0) return figure(ref, null, { decimals: 0 }, 'not-collected');
  if (index === 12) return figure(ref, null, { decimals: 0 }, 'no-event');
  if (index === 13 && seed % 2 === 0) return figure(ref, '0', { decimals: 0 }, 'zero');
  return figure(ref, String((seed * 7919 + index * 104_729) % (index === 3 ? 1_500_000 : 9000)));
}

function agencyRow(agency: string, index: number): Row {
  const key = `h${index}`;
  return {
    kind: 'data',
    key,
    cells: COLUMNS.map((column, position) => {
      if (column.key === 'no') return { kind: 'text', text: String(index) };
      if (column.key === 'agency') return { kind: 'text', text: agency };
      return cellFor(key, column, position, index + 3);
    }),
  };
}

/** A table of sixteen columns with groups, windows, column numbers and every kind of row. */
export function wideTable(rows = AGENCIES.length): Table {
  const data = Array.from({ length: rows }, (_, index) =>
    agencyRow(AGENCIES[index % AGENCIES.length] ?? '', index + 1),
  );
  const total: Row = {
    kind: 'total',
    key: 'total',
    cells: COLUMNS.map((column, position) => {
      if (column.key === 'no') return { kind: 'empty' };
      if (column.key === 'agency') return { kind: 'text', text: 'Tổng cộng' };
      return cellFor('total', column, position, 1);
    }),
  };
  return {
    kind: 'table',
    id: 't1',
    title: 'Biểu 1. Kết quả tiếp nhận, giải quyết thủ tục hành chính',
    unitNote: 'Đơn vị tính: hồ sơ',
    columns: COLUMNS,
    rows: [total, { kind: 'group', key: 'g1', label: 'I. Các sở, ban, ngành' }, ...data],
    checks: [
      {
        inlines: [
          { kind: 'text', text: 'Kỳ trước + Tiếp nhận = Đã giải quyết + Đang giải quyết: ' },
          figure('t1.total.carried', '1234567'),
          { kind: 'text', text: ' = ' },
          figure('t1.total.received', '1234567'),
        ],
        holds: true,
      },
    ],
    notes: [
      [
        {
          kind: 'text',
          text: 'Tỷ lệ đúng hạn của hồ sơ đã giải quyết, theo Quyết định 766/QĐ-TTg.',
        },
      ],
    ],
  };
}

/** Bars and a line over eight weeks, one of them not collected. */
export function sampleChart(): Chart {
  const weeks = [38, 39, 40, 41, 42, 43, 44, 45];
  return {
    kind: 'chart',
    id: 'c1',
    title: 'Hình 1. Số ca mắc theo tuần',
    categories: weeks.map((week) => `Tuần ${week}`),
    left: { label: 'Số ca mắc', decimals: 0 },
    right: { label: 'Tỷ suất/100.000 dân', decimals: 1 },
    series: [
      {
        name: 'Ca mắc mới trong tuần',
        shape: 'bar',
        axis: 'left',
        points: weeks.map((week, index) =>
          index === 5
            ? figure(`c1.w${week}.cases`, null, { decimals: 0 }, 'not-collected')
            : figure(`c1.w${week}.cases`, String(1200 + ((week * 977) % 2400))),
        ),
      },
      {
        name: 'Tỷ suất trên dân số',
        shape: 'line',
        axis: 'right',
        points: weeks.map((week) => {
          return figure(`c1.w${week}.rate`, `${(week * 7) % 11}.5`, { decimals: 1 });
        }),
      },
    ],
  };
}

const COMMUNES = [
  'Hồng Bàng',
  'Ngô Quyền',
  'Lê Chân',
  'Hải An',
  'Kiến An',
  'Đồ Sơn',
  'An Dương',
  'Nguyễn Bỉnh Khiêm',
  'Bạch Long Vĩ',
  'Vĩnh Bảo',
  'Thành Đông',
  'Trần Hưng Đạo',
];

/** A tile map of 114 squares in five classes, two of them without a value. */
export function sampleMap(): AreaMap {
  return {
    kind: 'map',
    id: 'm1',
    title: 'Hình 2. Số ca mắc theo xã, phường',
    legendTitle: 'Số ca mắc trong tuần',
    classes: [
      { label: '0', upTo: '0' },
      { label: '1 – 9', upTo: '9' },
      { label: '10 – 49', upTo: '49' },
      { label: '50 – 99', upTo: '99' },
      { label: '100 trở lên', upTo: null },
    ],
    areas: Array.from({ length: 114 }, (_, index) => ({
      code: String(11_000 + index),
      shortName: COMMUNES[index % COMMUNES.length] ?? '',
      figure:
        index % 50 === 7
          ? figure(`m1.${11_000 + index}.cases`, null, { decimals: 0 }, 'not-collected')
          : figure(`m1.${11_000 + index}.cases`, String((index * 37) % 140)),
      shape: { kind: 'tile', column: index % 12, row: Math.floor(index / 12) },
    })),
    note: 'Sơ đồ ô vuông được sinh tự động, không phải bản đồ địa giới hành chính.',
  };
}

/** A whole report: letterhead, text with figures, landscape table, chart, map, signature, annex. */
export function sampleDocument(): ReportDocument {
  return {
    kind: 'report',
    language: 'vi',
    title: 'BÁO CÁO',
    subject: 'Tình hình, kết quả giải quyết thủ tục hành chính tháng 10 năm 2026 (15/10–14/11)',
    letterhead: {
      parentAgency: 'Ủy ban nhân dân thành phố Hải Phòng',
      agency: 'Sở Khoa học và Công nghệ',
      number: null,
      sign: 'BC-SKHCN',
      place: 'Hải Phòng',
      date: '2026-01-05',
    },
    addressees: ['Ủy ban nhân dân thành phố Hải Phòng', 'Văn phòng UBND thành phố'],
    legalBasis: [
      'Căn cứ Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một cửa, một cửa liên thông;',
      'Căn cứ Quyết định số 766/QĐ-TTg ngày 23 tháng 6 năm 2022 của Thủ tướng Chính phủ;',
    ],
    sections: [
      {
        orientation: 'portrait',
        blocks: [
          { kind: 'heading', level: 1, text: 'I. KẾT QUẢ CHUNG' },
          {
            kind: 'paragraph',
            inlines: [
              { kind: 'text', text: 'Trong kỳ, toàn thành phố tiếp nhận ' },
              figure('t1.total.received', '1234567'),
              { kind: 'text', text: ' hồ sơ, đạt tỷ lệ đúng hạn ' },
              figure('t1.total.rate', '97.449', PERCENT),
              { kind: 'text', text: ', tăng ' },
              figure('t1.total.change', '0.75', {
                decimals: 2,
                unit: 'percentage-point',
                sign: true,
              }),
              {
                kind: 'text',
                text: ' so với kỳ trước; các cơ quan, đơn vị tiếp tục rút ngắn thời gian giải quyết, bảo đảm công khai, minh bạch.',
              },
            ],
          },
          sampleChart(),
          sampleMap(),
        ],
      },
      { orientation: 'landscape', blocks: [wideTable()] },
      {
        orientation: 'portrait',
        blocks: [
          { kind: 'heading', level: 1, text: 'II. KIẾN NGHỊ' },
          {
            kind: 'paragraph',
            inlines: [{ kind: 'text', text: 'Đề nghị các cơ quan, đơn vị phối hợp thực hiện.' }],
          },
        ],
      },
      {
        orientation: 'landscape',
        annex: { label: 'Phụ lục I', title: 'CHI TIẾT THEO CƠ QUAN, ĐƠN VỊ' },
        blocks: [{ ...wideTable(60), id: 't2', title: 'Biểu 2. Chi tiết' }],
      },
    ],
    signature: {
      authority: ['TM. Ủy ban nhân dân', 'KT. Giám đốc'],
      title: 'Phó Giám đốc',
      name: 'Nguyễn Thị Ước Lượng',
    },
    recipients: ['Như trên', 'Thường trực Thành ủy (để b/c)', 'Lưu: VT, CĐS'],
    edition: {
      reference: 'edition:administrative-procedures/2026-10@nd09/v1',
      number: 1,
      shortCode: '7KQ3M9ZT',
      verifyUrl: 'http://127.0.0.1:8080/verify/7KQ3M9ZT',
    },
    banners: [
      { kind: 'simulated', text: 'DỮ LIỆU MÔ PHỎNG – không dùng cho công việc thật' },
      { kind: 'solo', text: 'Bản một người dùng: không áp dụng quy tắc hai người' },
    ],
    createdAt: '2026-11-15T08:00:00+07:00',
  };
}
