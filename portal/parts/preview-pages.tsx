import { Alert, Collapse, Typography } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, factsAt, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { FactsTable } from './facts-table.tsx';

/** What a test read gave: each request with its answer, rows that would be taken, rows that would not, with reasons. */
export function PreviewPages({ pages }: { readonly pages: unknown }): ReactNode {
  const { t } = useSpeech();
  const batches = Array.isArray(pages) ? pages.filter(isFacts) : [];
  if (batches.length === 0) {
    return (
      <Alert
        type="warning"
        showIcon
        className="below"
        title={t('Nguồn chưa có dữ liệu nào để đọc.', 'The source has no data to read.')}
      />
    );
  }
  return batches.map((batch, index) => <PreviewBatch key={index} batch={batch} />);
}

function PreviewBatch({ batch }: { readonly batch: Facts }): ReactNode {
  const { t, say } = useSpeech();
  const failure = at(batch, 'failure', 'message');
  const streams = factsAt(batch, 'streams');
  return (
    <div className="below">
      {failure !== undefined && <Alert type="error" showIcon title={say(failure)} />}
      {factsAt(batch, 'pages').map((page, index) => (
        <Typography.Paragraph key={index}>
          <code className="wrap">
            {textAt(page, 'request', 'method') ?? ''}{' '}
            {textAt(page, 'request', 'url') ?? textAt(page, 'name')}
          </code>{' '}
          {t('nhận', 'gave')} {textAt(page, 'bytes')} byte
        </Typography.Paragraph>
      ))}
      <Collapse
        size="small"
        defaultActiveKey={streams.slice(0, 1).map((stream) => textAt(stream, 'stream') ?? '')}
        items={streams.map((stream) => ({
          key: textAt(stream, 'stream') ?? '',
          label: `${textAt(stream, 'stream') ?? ''}: ${factsAt(stream, 'records').length} ${t('dòng mẫu', 'sample rows')}, ${factsAt(stream, 'rejected').length} ${t('dòng bị loại', 'rejected')}`,
          children: <StreamSample stream={stream} />,
        }))}
      />
    </div>
  );
}

function StreamSample({ stream }: { readonly stream: Facts }): ReactNode {
  const { t } = useSpeech();
  const rejected = factsAt(stream, 'rejected');
  return (
    <>
      <FactsTable raw rows={factsAt(stream, 'records').map(shown)} />
      {rejected.length > 0 && (
        <>
          <Typography.Title level={5}>{t('Dòng bị loại', 'Rejected rows')}</Typography.Title>
          <FactsTable raw rows={rejected.map(shown)} />
        </>
      )}
    </>
  );
}

/** Without the columns that only say where a row stood. */
function shown(row: Facts): Facts {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}
