/** Fields of one row by element name; invented. */
export type Fields = Readonly<Record<string, string | number>>;

/** One claim (HOSO): rows by table; a text stands for the content of a table as it is. */
export type Claim = Readonly<Record<string, readonly Fields[] | string>>;

/** What an envelope says beside its claims. */
export interface PackageText {
  readonly facility?: string;
  readonly madeOn?: string;
  readonly declared?: number;
  readonly signature?: string;
}

/** Root and row element of some tables, as hospitals write them. */
const elements: Readonly<Record<string, readonly [string, string]>> = {
  XML2: ['CHITIEU_CHITIET_THUOC', 'CHI_TIET_THUOC'],
  XML3: ['CHITIEU_CHITIET_DVKT_VTYT', 'CHI_TIET_DVKT'],
  XML4: ['CHITIEU_CHITIET_DICHVUCANLAMSANG', 'CHI_TIET_CLS'],
};

/** A claim package: envelope with a base64 file for each table. */
export function packageXml(claims: readonly Claim[], more: PackageText = {}): string {
  const { facility = '31001', madeOn = '20261105', declared, signature = 'chu-ky' } = more;
  const body = claims
    .map((claim) => `<HOSO>${Object.entries(claim).map(fileXml).join('')}</HOSO>`)
    .join('\n');
  return `<?xml version="1.0" encoding="utf-8"?>
<GIAMDINHHS><THONGTINDONVI><MACSKCB>${facility}</MACSKCB></THONGTINDONVI>
<THONGTINHOSO><NGAYLAP>${madeOn}</NGAYLAP><SOLUONGHOSO>${declared ?? claims.length}</SOLUONGHOSO>
<DANHSACHHOSO>${body}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI>${signature}</CHUKYDONVI></GIAMDINHHS>`;
}

function fileXml([table, rows]: readonly [string, readonly Fields[] | string]): string {
  const content = typeof rows === 'string' ? rows : base64(tableXml(table, rows));
  return `<FILEHOSO><LOAIHOSO>${table}</LOAIHOSO><NOIDUNGFILE>${content}</NOIDUNGFILE></FILEHOSO>`;
}

/** Base64 of a text, in UTF-8. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The XML of one table. */
export function tableXml(table: string, rows: readonly Fields[]): string {
  const [root, row] = elements[table] ?? [`CHI_TIEU_${table}`, `DONG_${table}`];
  if (table === 'XML1')
    return `<?xml version="1.0"?><TONG_HOP>${fieldsXml(rows[0] ?? {})}</TONG_HOP>`;
  const lines = rows.map((fields) => `<${row}>${fieldsXml(fields)}</${row}>`);
  return `<${root}><DSACH>${lines.join('')}</DSACH></${root}>`;
}

function fieldsXml(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) =>
      value === '' ? `<${name}/>` : `<${name}><![CDATA[${value}]]></${name}>`,
    )
    .join('');
}

/** A claim whose amounts agree: a drug of 20,000 and a service of 100,000 paid at 80 %. */
export function wholeClaim(code: string, more: Fields = {}): Claim {
  return {
    XML1: [
      {
        MA_LK: code,
        STT: 1,
        MA_BN: `BN-${code}`,
        HO_TEN: 'Nguyễn Thị Mô Phỏng',
        NGAY_SINH: '198504120000',
        GIOI_TINH: 2,
        MA_THE_BHYT: 'DN4310000000001',
        MAXA_CU_TRU: '11335',
        MA_BENH_CHINH: 'J20.9',
        NGAY_VAO: '202611010730',
        NGAY_RA: '202611031600',
        SO_NGAY_DTRI: 2,
        KET_QUA_DTRI: 1,
        T_THUOC: '20000.00',
        T_VTYT: '0',
        T_TONGCHI_BV: '120000.00',
        T_TONGCHI_BH: '120000.00',
        T_BNTT: '0',
        T_BNCCT: '24000.00',
        T_BHTT: '96000.00',
        T_NGUONKHAC: '0',
        NAM_QT: 2026,
        THANG_QT: 11,
        MA_LOAI_KCB: '03',
        MA_CSKCB: '31001',
        ...more,
      },
    ],
    XML2: [drugLine(code, 1)],
    XML3: [serviceLine(code, 1)],
  };
}

/** A drug: 10 × 2,000. */
export function drugLine(code: string, line: number): Fields {
  return {
    MA_LK: code,
    STT: line,
    MA_THUOC: '40.154',
    TEN_THUOC: 'Amoxicilin (mô phỏng)',
    TYLE_TT_BH: 100,
    SO_LUONG: '10.000',
    DON_GIA: '2000.000',
    THANH_TIEN_BV: '20000.00',
    THANH_TIEN_BH: '20000.00',
    T_BNTT: '0',
    T_BNCCT: '4000.00',
    T_BHTT: '16000.00',
    T_NGUONKHAC: '0',
    MUC_HUONG: 80,
  };
}

/** A service: 1 × 100,000. */
export function serviceLine(code: string, line: number): Fields {
  return {
    MA_LK: code,
    STT: line,
    MA_DICH_VU: '02.1896',
    TEN_DICH_VU: 'Khám nội (mô phỏng)',
    TYLE_TT_BH: 100,
    SO_LUONG: '1',
    DON_GIA_BV: '100000',
    DON_GIA_BH: '100000',
    THANH_TIEN_BV: '100000',
    THANH_TIEN_BH: '100000',
    T_BNTT: '0',
    T_BNCCT: '20000',
    T_BHTT: '80000',
    T_NGUONKHAC: '0',
    NGAY_YL: '202611010800',
  };
}
