import { Alert, Button, Descriptions, Pagination, Table, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { at, type Facts, factsAt, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { FactsTable } from './facts-table.tsx';

/** Takes the columns that a test read proposes for a stream. */
export type ProposedColumns = (stream: string, columns: readonly Facts[]) => void;

/** What a test read gave: page by page its request, answer, rows and rejected rows; what the records have; the next cursor. */
export function PreviewPages(props: {
  readonly pages: unknown;
  readonly propose?: ProposedColumns;
}): ReactNode {
  const { t } = useSpeech();
  const batches = Array.isArray(props.pages) ? props.pages.filter(isFacts) : [];
  if (batches.length === 0) {
    return (
      <Alert
        type="warning"
        showIcon
        className="below"
        title={t('Không còn dữ liệu nào để đọc ở phần này.', 'There is nothing to read here.')}
      />
    );
  }
  return batches.map((batch, index) => (
    <PreviewBatch
      key={index}
      batch={batch}
      {...(props.propose === undefined ? {} : { propose: props.propose })}
    />
  ));
}

function PreviewBatch(props: {
  readonly batch: Facts;
  readonly propose?: ProposedColumns;
}): ReactNode {
  const { t, say } = useSpeech();
  const { batch } = props;
  const [shown, setShown] = useState(1);
  const failure = at(batch, 'failure', 'message');
  const pages = factsAt(batch, 'pages');
  const page = pages[Math.min(shown, pages.length) - 1];
  return (
    <div className="below stack">
      {failure !== undefined && (
        <Alert
          type="error"
          showIcon
          title={say(failure)}
          description={say(at(batch, 'failure', 'remedy'))}
        />
      )}
      {page !== undefined && (
        <section className="preview-page" aria-label={t('Trang đọc thử', 'Page of the test read')}>
          <div className="preview-head">
            <Typography.Title level={5}>
              {t('Trang', 'Page')} {shown} / {pages.length}
              {textAt(batch, 'key') === undefined ? '' : ` · ${textAt(batch, 'key') ?? ''}`}
            </Typography.Title>
            <Pagination
              simple
              size="small"
              pageSize={1}
              current={shown}
              total={pages.length}
              onChange={setShown}
            />
          </div>
          <PageFacts page={page} />
          <PageRows page={page} />
        </section>
      )}
      {factsAt(batch, 'inferred').map((stream) => (
        <Inferred
          key={textAt(stream, 'stream')}
          stream={stream}
          {...(props.propose === undefined ? {} : { propose: props.propose })}
        />
      ))}
      {batch['nextCursor'] !== undefined && batch['nextCursor'] !== null && (
        <Typography.Paragraph>
          {t('Con trỏ kế: ', 'Next cursor: ')}
          <code className="wrap">{JSON.stringify(batch['nextCursor'])}</code>
        </Typography.Paragraph>
      )}
    </div>
  );
}

/** The exchange as it was, without secrets. */
function PageFacts({ page }: { readonly page: Facts }): ReactNode {
  const { t } = useSpeech();
  const url = textAt(page, 'request', 'url') ?? textAt(page, 'name') ?? '';
  const status = textAt(page, 'response', 'status');
  const headers = at(page, 'response', 'headers');
  return (
    <Descriptions
      size="small"
      bordered
      column={1}
      items={[
        {
          key: 'q',
          label: t('Yêu cầu', 'Request'),
          children: (
            <code className="wrap">
              {textAt(page, 'request', 'method') ?? ''} {url}
            </code>
          ),
        },
        {
          key: 'a',
          label: t('Trả lời', 'Answer'),
          children: (
            <>
              {status === undefined ? '' : `HTTP ${status}, `}
              {textAt(page, 'bytes') ?? '0'} byte
              {isFacts(headers) && (
                <code className="wrap block">
                  {Object.entries(headers)
                    .map(([name, value]) => `${name}: ${String(value)}`)
                    .join(' · ')}
                </code>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function PageRows({ page }: { readonly page: Facts }): ReactNode {
  const { t } = useSpeech();
  const records = at(page, 'records');
  const rejected = at(page, 'rejected');
  const streams = isFacts(records) ? Object.keys(records) : [];
  return streams.map((stream) => {
    const good = factsAt(records, stream);
    const bad = factsAt(rejected, stream);
    return (
      <div key={stream}>
        <Typography.Title level={5}>
          {stream}: {good.length} {t('dòng mẫu', 'sample rows')}, {bad.length}{' '}
          {t('dòng bị loại', 'rejected')}
        </Typography.Title>
        {good.length > 0 && <FactsTable raw rows={good.map(shownRow)} />}
        {bad.length > 0 && <RejectedRows rows={bad} />}
      </div>
    );
  });
}

function RejectedRows({ rows }: { readonly rows: readonly Facts[] }): ReactNode {
  const { t, say } = useSpeech();
  return (
    <Table<Facts>
      size="small"
      className="below"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      rowKey={(row) => `${textAt(row, '_file') ?? ''}-${textAt(row, '_row') ?? ''}`}
      columns={[
        { title: t('Dòng', 'Row'), dataIndex: '_row', align: 'right' },
        {
          title: t('Lý do bị loại', 'Why it is rejected'),
          render: (row: Facts) => (
            <Typography.Text type="danger">{say(row['label'] ?? row['reason'])}</Typography.Text>
          ),
        },
        { title: t('Trường', 'Field'), dataIndex: 'field' },
        {
          title: t('Giá trị', 'Value'),
          render: (row: Facts) => <code className="wrap">{textAt(row, 'value')}</code>,
        },
      ]}
    />
  );
}

/** What the records have, and the columns that are proposed for it. */
function Inferred(props: {
  readonly stream: Facts;
  readonly propose?: ProposedColumns;
}): ReactNode {
  const { t } = useSpeech();
  const { stream, propose } = props;
  const name = textAt(stream, 'stream') ?? '';
  const columns = factsAt(stream, 'columns');
  if (columns.length === 0) return null;
  const fresh = columns.filter((column) => textAt(column, 'declared') === undefined);
  const proposed = fresh.map((column) => at(column, 'proposed')).filter(isFacts);
  return (
    <section aria-label={t('Các trường trong bản ghi', 'Fields of the records')}>
      <div className="preview-head">
        <Typography.Title level={5}>
          {t('Các trường trong bản ghi', 'Fields of the records')} ({name})
        </Typography.Title>
        {propose !== undefined && proposed.length > 0 && (
          <Button type="primary" size="small" onClick={() => propose(name, proposed)}>
            {t(`Nhận ${proposed.length} cột đề xuất`, `Take ${proposed.length} proposed columns`)}
          </Button>
        )}
      </div>
      <Table<Facts>
        size="small"
        pagination={columns.length > 15 ? { pageSize: 15 } : false}
        scroll={{ x: 'max-content' }}
        dataSource={[...columns]}
        rowKey={(column) => textAt(column, 'from') ?? ''}
        columns={[
          { title: t('Trường', 'Field'), dataIndex: 'from' },
          {
            title: t('Kiểu', 'Type'),
            render: (column: Facts) => textAt(column, 'proposed', 'type') ?? textAt(column, 'type'),
          },
          { title: t('Số bản ghi có', 'Filled'), dataIndex: 'filled', align: 'right' },
          {
            title: t('Ví dụ', 'Example'),
            render: (column: Facts) => (
              <code className="wrap example">{textAt(column, 'example')}</code>
            ),
          },
          {
            title: t('Cột đã khai', 'Declared column'),
            render: (column: Facts) =>
              textAt(column, 'declared') ?? (
                <Typography.Text type="warning">
                  {t('chưa khai, đề xuất: ', 'not declared; proposed: ')}
                  {textAt(column, 'proposed', 'name')}
                </Typography.Text>
              ),
          },
        ]}
      />
    </section>
  );
}

/** Without the columns that only say where a row stood. */
function shownRow(row: Facts): Facts {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}
