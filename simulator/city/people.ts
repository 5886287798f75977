import { at, Dice, STREAM } from '../random.ts';

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Đào', 'Ngô'];
const MIDDLE = ['Văn', 'Thị', 'Đức', 'Ngọc', 'Minh', 'Thu', 'Quang', 'Thanh', 'Hữu', 'Hải'];
const GIVEN = [
  ...['An', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Hiếu', 'Hòa', 'Hùng', 'Hương', 'Khánh', 'Lan'],
  ...['Linh', 'Long', 'Mai', 'Nam', 'Nga', 'Phong', 'Phương', 'Quân', 'Sơn', 'Tâm', 'Thảo', 'Thủy'],
  ...['Trang', 'Tuấn', 'Uyên', 'Việt', 'Xuân', 'Yến'],
];
const FIRM = [
  ...['An Phát', 'Bạch Đằng', 'Cát Bà', 'Đại Dương', 'Đông Á', 'Hải Đăng', 'Hoa Phượng', 'Kiến An'],
  ...['Lạch Tray', 'Minh Quang', 'Nam Triệu', 'Phú Thành', 'Sao Biển', 'Tân Cảng', 'Thành Đông'],
  ...['Thiên Lộc', 'Trường Sơn', 'Việt Hải', 'Vĩnh Bảo', 'Xuân Hòa'],
];

/** An invented person's name; says that it is invented. */
export function personName(key: number): string {
  const dice = new Dice(key, STREAM.agency, 7);
  return `${dice.pick(FAMILY)} ${dice.pick(MIDDLE)} ${dice.pick(GIVEN)} (mô phỏng)`;
}

/** An invented firm's name; says that it is invented. */
export function firmName(key: number): string {
  const dice = new Dice(key, STREAM.agency, 8);
  return `Công ty ${dice.pick(['TNHH', 'CP', 'TNHH MTV'])} ${dice.pick(FIRM)} ${String(key % 9973)} (mô phỏng)`;
}

/** An invented 12-digit personal identification number of Hải Phòng (031) or Hải Dương (030). */
export function personalCode(key: number): string {
  const dice = new Dice(key, STREAM.agency, 9);
  const born = dice.between(1950, 2007);
  const century = born < 2000 ? dice.int(2) : 2 + dice.int(2);
  const serial = String(dice.int(1_000_000)).padStart(6, '0');
  return `${dice.pick(['030', '031'])}${String(century)}${String(born % 100).padStart(2, '0')}${serial}`;
}

const MST_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** The ten-digit tax code with nine given digits and its check digit; undefined if none exists. */
export function taxCode(nine: string): string | undefined {
  const sum = MST_WEIGHTS.reduce((total, weight, i) => total + weight * Number(at(nine, i)), 0);
  const rest = sum % 11;
  return rest === 0 ? undefined : `${nine}${String(10 - rest)}`;
}

/** An invented valid tax code of Hải Phòng (02) or Hải Dương (08). */
export function firmTaxCode(key: number): string {
  const dice = new Dice(key, STREAM.agency, 10);
  for (;;) {
    const nine = dice.pick(['02', '08']) + String(dice.int(10_000_000)).padStart(7, '0');
    const code = taxCode(nine);
    if (code !== undefined) return code;
  }
}
