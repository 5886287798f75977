import type { ExtractPlan } from './extract-plan.ts';
import type { BundleFrame } from './produce-extract.ts';

/** The README of a bundle in the asker's language: what it is, for whom, on what conditions. */
export function readmeText(
  plan: ExtractPlan,
  frame: BundleFrame,
  totals: { readonly rows: number; readonly suppressed: number },
): string {
  const { request, dataset } = plan;
  const { language } = frame;
  const vi = language === 'vi';
  const line = (viLabel: string, enLabel: string, value: string) =>
    `${vi ? viLabel : enLabel}: ${value.replaceAll(/\s+/g, ' ')}`;
  const disclosure =
    plan.minimumFrequency === null
      ? []
      : [
          line(
            'Bảo mật thống kê',
            'Disclosure control',
            vi
              ? `ô có dưới ${plan.minimumFrequency} đối tượng (kể cả không có) bị che, ghi “< ${plan.minimumFrequency}”; số ô bị che: ${totals.suppressed}`
              : `cells of fewer than ${plan.minimumFrequency} subjects (none included) are suppressed, marked “< ${plan.minimumFrequency}”; suppressed cells: ${totals.suppressed}`,
          ),
        ];
  return `${[
    vi ? 'KẾT XUẤT DỮ LIỆU' : 'DATA EXTRACT',
    '',
    line('Mã', 'Id', frame.id),
    line('Bộ dữ liệu', 'Dataset', `${dataset.key} – ${dataset.label[language]}`),
    line('Người yêu cầu', 'Requested by', frame.requester),
    line('Người duyệt', 'Approved by', frame.approver),
    line('Bên nhận', 'Recipient', request.recipient),
    line('Mục đích', 'Purpose', request.purpose),
    line('Căn cứ pháp lý', 'Legal basis', request.legalBasis ?? '—'),
    line('Thỏa thuận', 'Agreement', request.agreement ?? '—'),
    line('Hết hạn', 'Expires', request.expires),
    line('Số liệu như đã biết tại', 'Data as known on', frame.asOf),
    line('Kết xuất lúc', 'Produced at', frame.producedAt),
    line('Số dòng', 'Rows', String(totals.rows)),
    ...disclosure,
    ...frame.notes,
    '',
    vi
      ? 'Số liệu điều hành, không thay thế số liệu thống kê chính thức. Chỉ dùng đúng mục đích nêu trên, không chuyển tiếp.'
      : 'Operational figures, not official statistics. For the stated purpose only; not to be passed on.',
    vi
      ? 'manifest.json ghi mã băm của từng tệp và được ký (manifest.json.sig, Ed25519) bằng khóa của hệ thống.'
      : 'manifest.json holds the hash of each file and is signed (manifest.json.sig, Ed25519) with the home’s key.',
  ].join('\n')}\n`;
}
