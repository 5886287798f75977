import { Button, Table } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Nothing } from '../parts/answer-view.tsx';
import { useNextStep } from '../parts/next-step.ts';
import { PageHead } from '../parts/page-head.tsx';
import { useReader } from '../reader.tsx';
import { goTo, Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';

/** All sources with their state and last run. */
export function SourcesPage(): ReactNode {
  const { t } = useSpeech();
  const nextStep = useNextStep();
  const { may } = useReader();
  const { state, reload } = useAnswer('/sources');
  const columns = [
    {
      title: t('Tên', 'Name'),
      render: (source: Facts) => <SourceLink name={textAt(source, 'name') ?? ''} />,
    },
    { title: t('Loại kết nối', 'Connector'), dataIndex: 'connector' },
    { title: t('Đơn vị chủ quản', 'Owner'), dataIndex: 'owner' },
    {
      title: t('Trạng thái', 'Status'),
      render: (source: Facts) => <Status value={textAt(source, 'status')} />,
    },
    {
      title: t('Lần đọc cuối', 'Last read'),
      render: (source: Facts) => <LastRun run={at(source, 'lastRun')} />,
    },
    { title: t('Bước tiếp theo', 'Next step'), render: (source: Facts) => nextStep(source) },
  ];
  return (
    <>
      <PageHead
        title={t('Nguồn dữ liệu', 'Sources')}
        actions={
          may('sources.add') && (
            <Button type="primary" onClick={() => goTo('/sources/+new')}>
              {t('Thêm nguồn', 'Add a source')}
            </Button>
          )
        }
      />
      <AnswerView state={state} reload={reload}>
        {(answer) => (
          <Table<Facts>
            columns={columns}
            dataSource={Array.isArray(answer) ? answer.filter(isFacts) : []}
            rowKey={(source) => textAt(source, 'name') ?? ''}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{
              emptyText: <Nothing hint={t('Chưa có nguồn nào.', 'No sources yet.')} />,
            }}
          />
        )}
      </AnswerView>
    </>
  );
}

function SourceLink({ name }: { readonly name: string }): ReactNode {
  return <Link href={`/sources/${encodeURIComponent(name)}`}>{name}</Link>;
}

function LastRun({ run }: { readonly run: unknown }): ReactNode {
  const { t } = useSpeech();
  if (run === undefined) return t('Chưa đọc', 'Never');
  return (
    <>
      <Status value={textAt(run, 'status')} />
      {timeText(textAt(run, 'at'))}
    </>
  );
}
