import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from './language.tsx';

/** Colour, Vietnamese and English of each state a thing may be in. */
const states: Readonly<Record<string, readonly [string, string, string]>> = {
  draft: ['default', 'Bản nháp', 'Draft'],
  certified: ['blue', 'Đã chứng nhận, chờ phê duyệt', 'Certified, awaiting approval'],
  active: ['green', 'Đang hoạt động', 'Active'],
  paused: ['orange', 'Tạm dừng', 'Paused'],
  removed: ['default', 'Đã gỡ', 'Removed'],
  ok: ['green', 'Đạt', 'OK'],
  empty: ['default', 'Không có dữ liệu mới', 'Empty'],
  partial: ['orange', 'Một phần', 'Partial'],
  held: ['red', 'Giữ lại, chưa công bố', 'Held'],
  failed: ['red', 'Thất bại', 'Failed'],
  cancelled: ['default', 'Đã hủy', 'Cancelled'],
  interrupted: ['orange', 'Bị ngắt', 'Interrupted'],
  running: ['blue', 'Đang chạy', 'Running'],
  started: ['blue', 'Đang chạy', 'Running'],
  finished: ['green', 'Đã xong', 'Finished'],
  landed: ['blue', 'Đã tiếp nhận', 'Landed'],
  intended: ['blue', 'Đang công bố', 'Publishing'],
  published: ['green', 'Đã công bố', 'Published'],
  abandoned: ['default', 'Đã bỏ', 'Abandoned'],
  replayed: ['green', 'Đã xử lý lại', 'Replayed'],
  issued: ['green', 'Đã phát hành', 'Issued'],
  pending: ['orange', 'Chờ duyệt', 'Awaiting approval'],
  waiting: ['orange', 'Chờ duyệt', 'Awaiting approval'],
  superseded: ['default', 'Đã có bản mới hơn', 'Superseded'],
  submitted: ['orange', 'Chờ duyệt', 'Submitted'],
  returned: ['orange', 'Trả lại để sửa', 'Returned'],
  approved: ['blue', 'Đã duyệt', 'Approved'],
  rejected: ['red', 'Bị từ chối', 'Rejected'],
  producing: ['blue', 'Đang tạo tệp', 'Producing'],
  ready: ['green', 'Sẵn sàng tải', 'Ready'],
  expired: ['default', 'Hết hạn', 'Expired'],
  revoked: ['red', 'Đã thu hồi', 'Revoked'],
};

/** A state as a coloured word in the reader's language. */
export function Status({ value }: { readonly value: string | undefined }): ReactNode {
  const { t } = useSpeech();
  if (value === undefined) return null;
  const [color, vi, en] = states[value] ?? ['default', value, value];
  return <Tag color={color}>{t(vi, en)}</Tag>;
}
