import { Card } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { type Facts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { CursorList } from '../parts/cursor-list.tsx';
import { editionReference, EditionTitle } from '../parts/edition-title.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ShortCodeForm } from '../parts/short-code-form.tsx';
import { useReportNames } from '../parts/use-report-names.ts';
import { Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';

/** Issued reports, newest first. */
export function EditionsPage(): ReactNode {
  const { t } = useSpeech();
  const nameOf = useReportNames();
  return (
    <>
      <PageHead title={t('Báo cáo đã phát hành', 'Issued reports')} />
      <Card
        size="small"
        title={t('Tra cứu mã trên báo cáo giấy', 'Look up a printed code')}
        className="above narrow"
      >
        <ShortCodeForm />
      </Card>
      <CursorList
        path="/editions?limit=30"
        rowKey="id"
        empty={t('Chưa phát hành báo cáo nào.', 'No editions yet.')}
        columns={[
          {
            title: t('Báo cáo', 'Report'),
            render: (edition: Facts) => <EditionTitle edition={edition} nameOf={nameOf} />,
          },
          {
            title: t('Trạng thái', 'Status'),
            render: (edition: Facts) => <Status value={textAt(edition, 'status')} />,
          },
          {
            title: t('Phát hành lúc', 'Issued at'),
            render: (edition: Facts) => timeText(textAt(edition, 'issuedAt')),
          },
          {
            title: t('Mã tra cứu', 'Short code'),
            render: (edition: Facts) => {
              const code = textAt(edition, 'shortCode') ?? '';
              return <Link href={`/v/${segment(code)}`}>{code}</Link>;
            },
          },
          {
            title: t('Tải về', 'Download'),
            render: (edition: Facts) => <Files edition={edition} />,
          },
        ]}
      />
    </>
  );
}

function Files({ edition }: { readonly edition: Facts }): ReactNode {
  const base = `/api/v1/editions/${segment(editionReference(edition))}/file`;
  return (
    <>
      <a href={`${base}/pdf`}>PDF</a> · <a href={`${base}/xlsx`}>Excel</a>
    </>
  );
}
