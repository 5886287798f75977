/** VAT rates as TSuat writes them. */
export type TaxRate = '0%' | '5%' | '8%' | '10%' | 'KCT' | 'KKKNT';

/** Something sold; the price is a usual one in đồng. */
export type Product = {
  readonly section: string;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly price: number;
  readonly rate: TaxRate;
};

const TABLE = `
G|Gạo tẻ|kg|18000|KCT
G|Nước mắm Cát Hải|chai|65000|8%
G|Sữa hộp|thùng|385000|8%
G|Mì gói|thùng|112000|8%
G|Thép xây dựng|kg|15200|10%
G|Xi măng|bao|89000|8%
G|Máy bơm nước|chiếc|1850000|10%
G|Phân bón NPK|bao|480000|5%
G|Văn phòng phẩm|bộ|45000|8%
C|Gia công cơ khí|giờ|320000|8%
C|Bao bì carton|chiếc|12500|8%
C|Vải dệt kim|m|78000|8%
C|Linh kiện nhựa|chiếc|4300|8%
C|Hàng xuất khẩu gia công|lô|24500000|0%
F|Thi công hạng mục hoàn thiện|m2|410000|8%
F|Cát san lấp|m3|165000|8%
F|Nhân công xây dựng|công|450000|8%
F|Bê tông thương phẩm|m3|1150000|10%
H|Vận chuyển container 20 feet|chuyến|2650000|8%
H|Nâng hạ container|lượt|420000|8%
H|Lưu kho bãi|ngày|95000|8%
H|Cước vận tải quốc tế|chuyến|9800000|0%
I|Suất ăn công nghiệp|suất|32000|8%
I|Phòng nghỉ|đêm|650000|8%
I|Hải sản chế biến|đĩa|240000|8%
I|Bia|chai|25000|10%
J|Dịch vụ phần mềm|tháng|5500000|KCT
J|Thuê máy chủ|tháng|2100000|8%
J|Cước viễn thông|tháng|330000|10%
M|Tư vấn kế toán|tháng|3000000|8%
M|Thiết kế bản vẽ|bản|1800000|8%
M|Kiểm định đo lường|lần|560000|8%
N|Cho thuê xe ô tô|ngày|950000|8%
N|Vệ sinh công nghiệp|tháng|4200000|8%
N|Bảo vệ|tháng|7800000|8%
S|Sửa chữa điện lạnh|lần|280000|8%
S|Giặt là|kg|22000|8%
S|Dịch vụ cá nhân khác|lần|150000|KKKNT
`;

/** Everything that is sold in the simulated city. */
export const PRODUCTS: readonly Product[] = TABLE.trim()
  .split('\n')
  .map((line, i) => {
    const [section = '', name = '', unit = '', price = '', rate = ''] = line.split('|');
    return {
      section,
      code: `SP${String(i + 1).padStart(3, '0')}`,
      name,
      unit,
      price: Number(price),
      rate: taxRate(rate),
    };
  });

function taxRate(text: string): TaxRate {
  switch (text) {
    case '0%':
    case '5%':
    case '8%':
    case '10%':
    case 'KCT':
    case 'KKKNT':
      return text;
    default:
      throw new RangeError(`no tax rate: ${text}`);
  }
}

/** Hundredths of the price that a rate adds. */
export function percentOf(rate: TaxRate): number {
  return rate.endsWith('%') ? Number(rate.slice(0, -1)) : 0;
}

/** Retail fuels of the monthly summaries: name and price before tax, a litre. */
export const FUELS = [
  { code: 'RON95', name: 'Xăng RON 95-III', price: 18_900 },
  { code: 'E5', name: 'Xăng E5 RON 92-II', price: 18_300 },
  { code: 'DO', name: 'Dầu điêzen 0,05S-II', price: 17_100 },
] as const;
