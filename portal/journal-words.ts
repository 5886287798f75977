/** What journal entries are about and what happened, in Vietnamese. The API's names are English and stable. */
const subjects: Readonly<Record<string, string>> = {
  home: 'Kho',
  agency: 'Đơn vị',
  user: 'Người dùng',
  token: 'Mã truy cập',
  secret: 'Bí mật',
  source: 'Nguồn',
  run: 'Lượt chạy',
  batch: 'Lô',
  asset: 'Bảng',
  schedule: 'Lịch',
  slot: 'Kỳ chạy',
  edition: 'Bản báo cáo',
  delivery: 'Gửi',
  extract: 'Trích xuất',
  access: 'Truy cập',
  note: 'Ghi chú',
};

const verbs: Readonly<Record<string, string>> = {
  abandoned: 'bỏ',
  added: 'thêm',
  'anchor-accepted': 'chấp nhận mốc nhật ký',
  'anchor-lost': 'lệch mốc nhật ký',
  advanced: 'tiến vị trí đọc',
  approved: 'phê duyệt',
  active: 'hoạt động',
  checked: 'kiểm tra',
  changed: 'thay đổi',
  certified: 'chứng nhận',
  configured: 'đặt cấu hình',
  created: 'tạo',
  defined: 'định nghĩa',
  delivered: 'đã gửi',
  downloaded: 'tải về',
  expired: 'hết hạn',
  failed: 'thất bại',
  finished: 'kết thúc',
  held: 'giữ lại',
  intended: 'chuẩn bị công bố',
  interrupted: 'bị ngắt',
  issued: 'phát hành',
  landed: 'tiếp nhận',
  materialized: 'dựng',
  paused: 'tạm dừng',
  'password-set': 'đặt mật khẩu',
  producing: 'đang tạo tệp',
  published: 'công bố',
  queried: 'truy vấn',
  quarantined: 'cách ly',
  ran: 'đã chạy',
  read: 'đọc',
  ready: 'sẵn sàng',
  refused: 'từ chối truy cập',
  rejected: 'từ chối',
  removed: 'gỡ',
  replayed: 'xử lý lại',
  resumed: 'chạy lại',
  returned: 'trả lại',
  revoked: 'thu hồi',
  'roles-set': 'đặt vai trò',
  'run-by-hand': 'chạy theo yêu cầu',
  sealed: 'niêm phong',
  'signed-in': 'đăng nhập',
  'signed-out': 'đăng xuất',
  'signing-key-made': 'tạo khóa ký',
  skipped: 'bỏ qua',
  started: 'bắt đầu',
  submitted: 'gửi yêu cầu',
  superseded: 'bị thay bằng bản mới',
  uncertain: 'chưa rõ kết quả',
};

/** `batch.published` as "Lô: công bố". */
export function journalKindText(kind: string, language: 'vi' | 'en'): string {
  const [subject = '', verb = ''] = kind.split('.');
  if (language === 'en') return `${subject}: ${verb.replaceAll('-', ' ')}`;
  return `${subjects[subject] ?? subject}: ${verbs[verb] ?? verb}`;
}

/** Who did it: the system, the local operator, a person or a program. */
export function actorText(actor: string, language: 'vi' | 'en'): string {
  const [kind = '', name] = actor.split(':');
  const vi = language === 'vi';
  if (kind === 'system') return vi ? 'hệ thống' : 'system';
  if (kind === 'local') return vi ? 'người vận hành tại máy' : 'local operator';
  if (kind === 'token') return `${vi ? 'chương trình' : 'program'} ${name ?? ''}`;
  return name ?? actor;
}
