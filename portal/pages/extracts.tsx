import { Button } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { at, type Facts, textAt } from '../facts.ts';
import { actorText } from '../journal-words.ts';
import { useSpeech } from '../language.tsx';
import { CursorList } from '../parts/cursor-list.tsx';
import { NotForYou } from '../parts/not-for-you.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useReader } from '../reader.tsx';
import { goTo, Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { dayText, timeText } from '../time-text.ts';

/** A member of the request, whether the extract carries it itself or in its `request`. */
export function requestText(extract: unknown, name: string): string {
  return textAt(extract, name) ?? textAt(at(extract, 'request'), name) ?? '';
}

/** All extracts the reader may see. */
export function ExtractsPage(): ReactNode {
  const { t, language } = useSpeech();
  const { may } = useReader();
  const path = may('extracts.list') ? '/extracts?limit=30' : '/extracts/register?limit=30';
  if (!may('extracts.list') && !may('extracts.register')) return <NotForExtracts />;
  return (
    <>
      <PageHead
        title={t('Trích xuất dữ liệu', 'Extracts')}
        actions={
          may('extracts.request') && (
            <Button type="primary" onClick={() => goTo('/extracts/new')}>
              {t('Yêu cầu mới', 'New request')}
            </Button>
          )
        }
      />
      <CursorList
        path={path}
        rowKey="id"
        empty={t('Chưa có yêu cầu trích xuất nào.', 'No extracts yet.')}
        columns={[
          {
            title: t('Mã', 'Id'),
            render: (extract: Facts) => {
              const id = textAt(extract, 'id') ?? '';
              return may('extracts.show') ? (
                <Link href={`/extracts/${segment(id)}`}>{id}</Link>
              ) : (
                id
              );
            },
          },
          {
            title: t('Trạng thái', 'Status'),
            render: (extract: Facts) => <Status value={textAt(extract, 'status')} />,
          },
          {
            title: t('Tập dữ liệu', 'Dataset'),
            render: (extract: Facts) => requestText(extract, 'dataset'),
          },
          {
            title: t('Người yêu cầu', 'Requester'),
            render: (extract: Facts) => actorText(textAt(extract, 'requester') ?? '', language),
          },
          {
            title: t('Mục đích', 'Purpose'),
            render: (extract: Facts) => requestText(extract, 'purpose'),
          },
          {
            title: t('Bên nhận', 'Recipient'),
            render: (extract: Facts) => requestText(extract, 'recipient'),
          },
          {
            title: t('Hết hạn', 'Expires'),
            render: (extract: Facts) => dayText(requestText(extract, 'expires')),
          },
          {
            title: t('Gửi lúc', 'Submitted'),
            render: (extract: Facts) =>
              timeText(textAt(extract, 'submittedAt') ?? textAt(extract, 'createdAt')),
          },
        ]}
      />
    </>
  );
}

function NotForExtracts(): ReactNode {
  const { t } = useSpeech();
  return (
    <NotForYou
      whose={t(
        'Yêu cầu trích xuất do chuyên viên thống kê lập và người phê duyệt quyết định.',
        'Extracts are asked for by statisticians and decided by stewards.',
      )}
    />
  );
}
