import { DEPARTMENTS } from '../city/agencies.ts';

/** An administrative procedure (TTHC). Codes are invented. */
export type Procedure = {
  readonly code: string;
  readonly name: string;
  readonly fieldCode: string;
  readonly fieldName: string;
  /** Position in DEPARTMENTS, or undefined when communes (formerly districts) handle it. */
  readonly department: number | undefined;
  /** Longest handling time in working days. */
  readonly workingDays: number;
  /** Fee in đồng; 0 when free. */
  readonly fee: number;
  readonly onlineEligible: boolean;
  /** How often it is asked for, relative to the others. */
  readonly weight: number;
};

/** owner | name | working days | fee | online | weight; the owner is a department or "Cấp xã: field". */
const TABLE = `
Sở Nội vụ|Thành lập hội|30|0|1|1
Sở Nội vụ|Cấp giấy phép lao động cho người nước ngoài|5|600000|1|5
Sở Tư pháp|Cấp Phiếu lý lịch tư pháp|10|200000|1|18
Sở Tư pháp|Đăng ký hành nghề luật sư|7|50000|1|1
Sở Tài chính|Đăng ký thành lập doanh nghiệp|3|50000|1|14
Sở Tài chính|Đăng ký thay đổi nội dung đăng ký doanh nghiệp|3|50000|1|16
Sở Tài chính|Cấp giấy chứng nhận đăng ký đầu tư|15|0|1|2
Sở Công Thương|Thông báo hoạt động khuyến mại|5|0|1|10
Sở Công Thương|Cấp giấy chứng nhận đủ điều kiện bán lẻ xăng dầu|20|1200000|1|1
Sở Nông nghiệp và Môi trường|Đăng ký biến động quyền sử dụng đất của tổ chức|15|500000|1|6
Sở Nông nghiệp và Môi trường|Cấp giấy phép môi trường|30|5000000|0|1
Sở Nông nghiệp và Môi trường|Cấp giấy chứng nhận an toàn thực phẩm nông sản|15|700000|1|3
Sở Xây dựng|Cấp đổi giấy phép lái xe|5|135000|1|22
Sở Xây dựng|Cấp giấy phép xây dựng công trình cấp I, II|20|150000|1|2
Sở Xây dựng|Cấp phù hiệu xe ô tô kinh doanh vận tải|2|0|1|9
Sở Khoa học và Công nghệ|Khai báo thiết bị X-quang chẩn đoán y tế|5|0|1|1
Sở Khoa học và Công nghệ|Cấp giấy phép bưu chính|20|2000000|1|1
Sở Văn hóa, Thể thao và Du lịch|Cấp thẻ hướng dẫn viên du lịch|10|650000|1|2
Sở Văn hóa, Thể thao và Du lịch|Thông báo tổ chức biểu diễn nghệ thuật|5|0|1|2
Sở Giáo dục và Đào tạo|Cấp bản sao văn bằng từ sổ gốc|2|0|1|6
Sở Giáo dục và Đào tạo|Cho phép trung tâm ngoại ngữ hoạt động|15|0|1|1
Sở Y tế|Cấp giấy phép hành nghề khám bệnh, chữa bệnh|30|430000|1|5
Sở Y tế|Cấp giấy chứng nhận đủ điều kiện kinh doanh dược|20|1000000|1|3
Thanh tra tỉnh, thành phố|Giải quyết khiếu nại lần đầu|30|0|0|1
Ban Quản lý Khu kinh tế|Điều chỉnh giấy chứng nhận đăng ký đầu tư|10|0|1|3
Cấp xã: Hộ tịch|Đăng ký khai sinh|1|0|1|22
Cấp xã: Hộ tịch|Đăng ký kết hôn|1|0|1|12
Cấp xã: Hộ tịch|Đăng ký khai tử|1|0|1|9
Cấp xã: Hộ tịch|Cấp giấy xác nhận tình trạng hôn nhân|3|15000|1|20
Cấp xã: Hộ tịch|Cấp bản sao trích lục hộ tịch|1|8000|1|18
Cấp xã: Chứng thực|Chứng thực bản sao từ bản chính|1|10000|1|30
Cấp xã: Chứng thực|Chứng thực chữ ký|1|10000|0|14
Cấp xã: Đất đai|Đăng ký, cấp giấy chứng nhận lần đầu|20|100000|1|7
Cấp xã: Đất đai|Đăng ký biến động do chuyển nhượng, tặng cho|8|100000|1|16
Cấp xã: Đất đai|Xóa đăng ký thế chấp|1|80000|1|10
Cấp xã: Đất đai|Chuyển mục đích sử dụng đất|15|100000|1|4
Cấp xã: Xây dựng|Cấp giấy phép xây dựng nhà ở riêng lẻ|15|75000|1|5
Cấp xã: Hộ kinh doanh|Đăng ký thành lập hộ kinh doanh|3|100000|1|9
Cấp xã: Hộ kinh doanh|Chấm dứt hoạt động hộ kinh doanh|3|0|1|3
Cấp xã: Bảo trợ xã hội|Trợ cấp xã hội hằng tháng|15|0|1|8
Cấp xã: Bảo trợ xã hội|Xác định mức độ khuyết tật|25|0|0|3
Cấp xã: Người có công|Hỗ trợ chi phí mai táng|12|0|1|3
Cấp xã: Giáo dục|Công nhận trường đạt chuẩn|20|0|1|1
Cấp xã: Thi đua|Tặng danh hiệu lao động tiên tiến|15|0|1|1
`;

function read(): readonly Procedure[] {
  const fields: string[] = [];
  return TABLE.trim()
    .split('\n')
    .map((line, i) => {
      const [owner = '', name = '', days = '', fee = '', online = '', weight = ''] =
        line.split('|');
      const fieldName = owner.replace(/^(Cấp xã: |Sở )/, '');
      if (!fields.includes(fieldName)) fields.push(fieldName);
      const department = DEPARTMENTS.findIndex((title) => title === owner);
      return {
        code: `9.${String(900_101 + i * 7).padStart(6, '0')}`,
        name,
        fieldCode: `MP${String(fields.indexOf(fieldName) + 1).padStart(2, '0')}`,
        fieldName,
        department: department < 0 ? undefined : department,
        workingDays: Number(days),
        fee: Number(fee),
        onlineEligible: online === '1',
        weight: Number(weight),
      };
    });
}

/** Every procedure of the simulated city. */
export const PROCEDURES = read();
