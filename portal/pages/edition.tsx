import { Alert, Button, Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { DocumentView } from '../document/document-view.tsx';
import { readDocument } from '../document/report-document.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Nothing } from '../parts/answer-view.tsx';
import { editionReference } from '../parts/edition-title.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useReportNames } from '../parts/use-report-names.ts';
import { periodText } from '../period-text.ts';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';

/** One edition, by reference or short code: the frozen document with every figure leading to its trace. */
export function EditionPage({ reference }: { readonly reference: string }): ReactNode {
  const { state, reload } = useAnswer(`/editions/${segment(reference)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(edition) => (isFacts(edition) ? <Edition edition={edition} /> : null)}
    </AnswerView>
  );
}

function Edition({ edition }: { readonly edition: Facts }): ReactNode {
  const { t, language } = useSpeech();
  const nameOf = useReportNames();
  const reference = editionReference(edition);
  const files = `/api/v1/editions/${segment(reference)}/file`;
  return (
    <>
      <PageHead
        title={`${nameOf(textAt(edition, 'report') ?? '')}, ${periodText(textAt(edition, 'period') ?? '', language)}`}
        note={reference}
        actions={
          <>
            <Button href={`${files}/pdf`}>{t('Tải PDF', 'Download PDF')}</Button>
            <Button href={`${files}/xlsx`}>{t('Tải Excel', 'Download Excel')}</Button>
          </>
        }
      />
      <Descriptions
        size="small"
        column={{ xs: 1, md: 4 }}
        items={[
          {
            key: 's',
            label: t('Trạng thái', 'Status'),
            children: <Status value={textAt(edition, 'status') ?? 'issued'} />,
          },
          {
            key: 'c',
            label: t('Mã tra cứu', 'Short code'),
            children: <code>{textAt(edition, 'shortCode')}</code>,
          },
          {
            key: 'i',
            label: t('Phát hành', 'Issued'),
            children: timeText(textAt(edition, 'issuedAt')),
          },
          {
            key: 'a',
            label: t('Dữ liệu tính đến', 'Data as of'),
            children: timeText(textAt(edition, 'asOf')),
          },
        ]}
      />
      <Alert
        type="info"
        className="above"
        title={t(
          'Bấm vào bất kỳ con số nào để xem nó từ đâu ra.',
          'Click any figure to see where it comes from.',
        )}
      />
      <FrozenDocument reference={reference} />
    </>
  );
}

function FrozenDocument({ reference }: { readonly reference: string }): ReactNode {
  const { t } = useSpeech();
  const { state, reload } = useAnswer(`/editions/${segment(reference)}/document`);
  return (
    <AnswerView state={state} reload={reload}>
      {(answer) => {
        const document = readDocument(answer);
        if (!document) {
          return <Nothing hint={t('Bản này không có nội dung để hiển thị.', 'Nothing to show.')} />;
        }
        return <DocumentView document={document} reference={reference} />;
      }}
    </AnswerView>
  );
}
