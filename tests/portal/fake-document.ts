import type { JsonObject } from '../../core/json.ts';

const figure = (ref: string, value: string | null, mark = 'none', decimals = 0): JsonObject => ({
  kind: 'figure',
  ref,
  value,
  mark,
  format: { decimals },
});
const percent = (ref: string, value: string): JsonObject => ({
  kind: 'figure',
  ref,
  value,
  format: { decimals: 1, unit: 'percent' },
});
const text = (words: string): JsonObject => ({ kind: 'text', text: words });

const agencies = [
  ['H24.01', 'Văn phòng UBND thành phố', '1204', '1150', '95.5'],
  ['H24.09', 'Sở Khoa học và Công nghệ', '861', '823', '95.6'],
  ['H24.12', 'Sở Y tế', '2317', '2098', '90.6'],
  ['H24.15', 'Sở Xây dựng', '3120', '2745', '88'],
] as const;

/** A small report in the form of the frozen tree: table with groups and marks, chart, tile map. Invented numbers. */
export const fakeDocument: JsonObject = {
  kind: 'report',
  language: 'vi',
  title: 'BÁO CÁO',
  subject: 'Tình hình, kết quả giải quyết thủ tục hành chính tháng 10 năm 2026',
  letterhead: {
    parentAgency: 'UBND THÀNH PHỐ HẢI PHÒNG',
    agency: 'SỞ KHOA HỌC VÀ CÔNG NGHỆ',
    number: null,
    sign: 'BC-SKHCN',
    place: 'Hải Phòng',
    date: null,
  },
  addressees: ['Ủy ban nhân dân thành phố Hải Phòng'],
  legalBasis: ['Nghị định số 09/2019/NĐ-CP ngày 24 tháng 01 năm 2019 của Chính phủ'],
  banners: [{ kind: 'simulated', text: 'DỮ LIỆU MÔ PHỎNG: không phải số liệu thật' }],
  createdAt: '2026-11-16T08:00:00+07:00',
  edition: {
    reference: 'edition:tthc/2026-10@nd09/v1',
    number: 1,
    shortCode: '7K3M9QXA',
    verifyUrl: null,
  },
  recipients: ['Như trên', 'Lưu: VT, CNTT'],
  signature: { authority: ['KT. GIÁM ĐỐC'], title: 'PHÓ GIÁM ĐỐC', name: 'Nguyễn Thị Hường' },
  sections: [
    {
      orientation: 'portrait',
      blocks: [
        { kind: 'heading', level: 1, text: 'I. Tình hình tiếp nhận, giải quyết hồ sơ' },
        {
          kind: 'paragraph',
          inlines: [
            text('Trong kỳ, toàn thành phố tiếp nhận '),
            figure('tong_hop.thanh_pho.tiep_nhan', '7502'),
            text(' hồ sơ; tỷ lệ giải quyết đúng hạn đạt '),
            percent('tong_hop.thanh_pho.dung_han', '90.8'),
            text('.'),
          ],
        },
        {
          kind: 'table',
          id: 'bang1',
          title: 'Bảng 1. Kết quả giải quyết hồ sơ theo cơ quan',
          unitNote: 'Đơn vị tính: hồ sơ',
          columns: [
            { key: 'co_quan', label: 'Cơ quan', number: 'A' },
            {
              key: 'tiep_nhan',
              label: 'Tiếp nhận',
              groups: ['Số hồ sơ'],
              number: '1',
              align: 'right',
              window: { from: '2026-09-15', to: '2026-10-14' },
            },
            {
              key: 'dung_han',
              label: 'Đúng hạn',
              groups: ['Số hồ sơ'],
              number: '2',
              align: 'right',
              window: { from: '2026-09-15', to: '2026-10-14' },
            },
            { key: 'ty_le', label: 'Tỷ lệ đúng hạn', number: '3=2/1', align: 'right' },
          ],
          rows: [
            { kind: 'group', key: 'so', label: 'Cấp thành phố' },
            ...agencies.map(([code, name, received, onTime, share]) => ({
              kind: 'data',
              key: code,
              cells: [
                text(name),
                figure(`bang1.${code}.tiep_nhan`, received),
                figure(`bang1.${code}.dung_han`, onTime),
                percent(`bang1.${code}.ty_le`, share),
              ],
            })),
            {
              kind: 'data',
              key: 'H24.20',
              cells: [
                text('Ban Quản lý Khu kinh tế'),
                figure('bang1.H24.20.tiep_nhan', null, 'not-collected'),
                figure('bang1.H24.20.dung_han', null, 'not-collected'),
                figure('bang1.H24.20.ty_le', null, 'no-denominator'),
              ],
            },
            {
              kind: 'total',
              key: 'tong',
              cells: [
                text('Tổng cộng'),
                figure('bang1.tong.tiep_nhan', '7502'),
                figure('bang1.tong.dung_han', '6816'),
                percent('bang1.tong.ty_le', '90.9'),
              ],
            },
          ],
          checks: [
            {
              inlines: [text('Tổng các cơ quan bằng tổng chung: 7.502 = 7.502')],
              holds: true,
            },
          ],
          notes: [[text('Số liệu tổng hợp từ 15/9/2026 đến hết 14/10/2026.')]],
        },
        {
          kind: 'chart',
          id: 'bieu1',
          title: 'Biểu 1. Hồ sơ tiếp nhận theo tháng',
          categories: ['6/2026', '7/2026', '8/2026', '9/2026', '10/2026'],
          left: { label: 'Hồ sơ', decimals: 0 },
          right: { label: 'Tỷ lệ %', decimals: 1 },
          series: [
            {
              name: 'Tiếp nhận',
              shape: 'bar',
              axis: 'left',
              points: ['6120', '6850', '7010', '6930', '7502'].map((value, i) =>
                figure(`bieu1.m${i}.tiep_nhan`, value),
              ),
            },
            {
              name: 'Đúng hạn',
              shape: 'line',
              axis: 'right',
              points: ['88.2', '89', '90.1', '91.4', '90.8'].map((value, i) =>
                percent(`bieu1.m${i}.dung_han`, value),
              ),
            },
          ],
        },
        {
          kind: 'map',
          id: 'ban_do',
          title: 'Bản đồ: hồ sơ quá hạn theo xã, phường',
          legendTitle: 'Hồ sơ quá hạn',
          classes: [
            { label: 'đến 10', upTo: '10' },
            { label: '11–50', upTo: '50' },
            { label: 'trên 50', upTo: null },
          ],
          areas: ['Hồng Bàng', 'Lê Chân', 'Ngô Quyền', 'An Dương', 'Kiến An', 'Đồ Sơn'].map(
            (shortName, i) => ({
              code: `113${i}1`,
              shortName,
              figure: figure(`ban_do.113${i}1.qua_han`, String(i * 13)),
              shape: { kind: 'tile', column: i % 3, row: Math.floor(i / 3) },
            }),
          ),
          note: 'Bản đồ ô do máy sinh, không phải ranh giới thật.',
        },
        {
          kind: 'notes',
          items: [[text('Dấu “…”: chưa thu thập; “—”: mẫu số bằng 0.')]],
        },
      ],
    },
  ],
};
