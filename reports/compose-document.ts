import type { HomeProfile } from '../core/home-profile.ts';
import type { Language } from '../core/localized.ts';
import type { Banner, Block, ReportDocument } from '../render/document.ts';
import { correctionsBetween } from './corrections.ts';
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
  /** The edition before, which this one corrects; null for a first one. */
  readonly corrects: ReportDocument | null;
}

/** Puts a report's content into the form of NĐ 30/2020/NĐ-CP; a later edition lists what it corrects. Pure. */
export function composeDocument(
  report: Report,
  content: ReportContent,
  time: ReportTime,
  frame: DocumentFrame,
): ReportDocument {
  const document = uncorrected(report, content, time, frame);
  return frame.corrects === null ? document : withCorrections(document, frame.corrects);
}

function uncorrected(
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
    subject: `${report.subject(time)}${correctionNumber(frame, time.language)}`,
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
    sections: report.layout(content, time),
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

/** The second edition is the first correction: officials number corrections. */
function correctionNumber({ corrects, number }: DocumentFrame, language: Language): string {
  if (corrects === null) return '';
  return language === 'vi'
    ? ` (bản điều chỉnh lần ${number - 1})`
    : ` (correction No. ${number - 1})`;
}

/** First of all: what a reader of the edition before must know. */
function withCorrections(document: ReportDocument, before: ReportDocument): ReportDocument {
  const [first, ...rest] = document.sections;
  if (!first) return document;
  const { number } = before.edition;
  const title =
    document.language === 'vi'
      ? `Đính chính so với bản phát hành số ${number}`
      : `Corrections of edition ${number}`;
  const blocks: readonly Block[] = [
    { kind: 'heading', level: 2, text: title },
    { kind: 'notes', items: correctionsBetween(before, document) },
    ...first.blocks,
  ];
  return { ...document, sections: [{ ...first, blocks }, ...rest] };
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
            `Số liệu tạm thời: nguồn chưa đủ số liệu của kỳ: ${late.join(', ')}`,
            `Provisional: figures of the period are not complete: ${late.join(', ')}`,
          ),
        ]
      : []),
  ];
}
