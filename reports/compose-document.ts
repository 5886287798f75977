import type { HomeProfile } from '../core/home-profile.ts';
import type { Language } from '../core/localized.ts';
import type { Banner, ReportDocument } from '../render/document.ts';
import type { SourceCompleteness } from './edition.ts';
import type { Report, ReportContent, ReportTime } from './report.ts';

/** What a document says besides its content. */
export interface DocumentFrame {
  readonly profile: HomeProfile;
  readonly reference: string;
  readonly number: number;
  readonly shortCode: string;
  readonly verifyUrl: string | null;
  /** YYYY-MM-DD printed beside the place. */
  readonly date: string;
  /** ISO instant written into the files. */
  readonly createdAt: string;
  readonly completeness: readonly SourceCompleteness[];
  /** What changed since the edition before; empty for a first one. */
  readonly corrections: readonly string[];
}

/** Puts a report's content into the form of NĐ 30/2020/NĐ-CP. Pure. */
export function composeDocument(
  report: Report,
  content: ReportContent,
  time: ReportTime,
  frame: DocumentFrame,
): ReportDocument {
  const { profile } = frame;
  return {
    kind: 'report',
    language: time.language,
    title: time.language === 'vi' ? 'BÁO CÁO' : 'REPORT',
    subject: report.subject(time),
    letterhead: {
      parentAgency: profile.parentAgency,
      agency: profile.agency,
      number: null,
      sign: profile.sign,
      place: profile.place,
      date: frame.date,
    },
    addressees: profile.addressees,
    legalBasis: report.legalBasis(content, time),
    sections: withCorrections(report.layout(content, time), frame, time.language),
    signature: profile.signature,
    recipients: profile.recipients,
    edition: {
      reference: frame.reference,
      number: frame.number,
      shortCode: frame.shortCode,
      verifyUrl: frame.verifyUrl,
    },
    banners: banners(frame, time.language),
    createdAt: frame.createdAt,
  };
}

function withCorrections(
  sections: ReturnType<Report['layout']>,
  { corrections }: DocumentFrame,
  language: Language,
): ReturnType<Report['layout']> {
  const [first, ...rest] = sections;
  if (!first || corrections.length === 0) return sections;
  const title = {
    vi: 'Nội dung điều chỉnh so với phiên bản trước',
    en: 'Corrections since the edition before',
  };
  const items = corrections.map((text) => [{ kind: 'text' as const, text }]);
  const blocks = [
    ...first.blocks,
    { kind: 'heading' as const, level: 2, text: title[language] },
    { kind: 'notes' as const, items },
  ];
  return [{ ...first, blocks }, ...rest];
}

function banners(frame: DocumentFrame, language: Language): readonly Banner[] {
  const { profile, completeness } = frame;
  const late = completeness.filter(({ complete }) => !complete).map(({ source }) => source);
  const banner = (kind: Banner['kind'], vi: string, en: string): Banner => ({
    kind,
    text: language === 'vi' ? vi : en,
  });
  return [
    ...(profile.simulated
      ? [
          banner(
            'simulated',
            'Dữ liệu mô phỏng, không phải số liệu thật',
            'Simulated data, not real figures',
          ),
        ]
      : []),
    ...(profile.solo
      ? [
          banner(
            'solo',
            'Hệ thống một người dùng: chưa có người thứ hai phê duyệt',
            'One person’s home: nobody else has approved',
          ),
        ]
      : []),
    ...(late.length > 0
      ? [
          banner(
            'provisional',
            `Số liệu tạm thời: nguồn chưa đủ đến hết kỳ: ${late.join(', ')}`,
            `Provisional: not complete to the period’s end: ${late.join(', ')}`,
          ),
        ]
      : []),
  ];
}
