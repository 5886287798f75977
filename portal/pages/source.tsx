import { Button, Card, Descriptions, Tabs, Tag } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { at, type Facts, factsAt, numberAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { AnswerView } from '../parts/answer-view.tsx';
import { CursorList } from '../parts/cursor-list.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { useNextStep } from '../parts/next-step.ts';
import { PageHead } from '../parts/page-head.tsx';
import { DriftSuggestions } from '../parts/drift-suggestions.tsx';
import { useFreshnessText } from '../parts/freshness.tsx';
import { InboxCard } from '../parts/inbox-card.tsx';
import { QuarantineRows } from '../parts/quarantine-rows.tsx';
import { goTo, Link } from '../router.tsx';
import { textOfManifest } from '../manifest/manifest-text.ts';
import { SourceVersions } from '../parts/source-versions.tsx';
import { SourceActions } from '../parts/source-actions.tsx';
import { BreakingChanges, SourceLife } from '../parts/source-life.tsx';
import { useReader } from '../reader.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';

/** One source: configuration, streams, batches with their counts, rejected rows with reasons. */
export function SourcePage({ name }: { readonly name: string }): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const { state, reload } = useAnswer(`/sources/${segment(name)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(source) => (
        <>
          <PageHead
            title={name}
            note={<Status value={textAt(source, 'status')} />}
            actions={
              may('sources.edit') &&
              textAt(source, 'connector') === 'manifest' && (
                <Button onClick={() => goTo(`/sources/${segment(name)}/edit`)}>
                  {t('Sửa khai báo', 'Edit the manifest')}
                </Button>
              )
            }
          />
          <SourceFacts source={source} />
          <BreakingChanges source={source} />
          <DriftSuggestions source={source} done={reload} />
          <SourceActions source={source} done={reload} />
          {isInbox(source) && may('inbox.files') && <InboxCard source={name} />}
          {may('batches.list') && (
            <Card className="below">
              <Tabs
                items={[
                  {
                    key: 'batches',
                    label: t('Các lô đã nhận', 'Batches'),
                    children: <Batches source={name} />,
                  },
                  ...(may('quarantine.list')
                    ? [
                        {
                          key: 'quarantine',
                          label: t('Dòng bị cách ly', 'Quarantine'),
                          children: <QuarantineRows source={name} done={() => undefined} />,
                        },
                      ]
                    : []),
                  {
                    key: 'life',
                    label: t('Chứng chỉ và lịch sử', 'Certificate and history'),
                    children: <SourceLife source={source} />,
                  },
                  {
                    key: 'config',
                    label: t('Cấu hình', 'Configuration'),
                    children: (
                      <pre className="code">{textOfManifest(at(source, 'config') ?? {})}</pre>
                    ),
                  },
                  {
                    key: 'versions',
                    label: t('Các phiên bản', 'Versions'),
                    children: (
                      <SourceVersions name={name} latest={numberAt(source, 'version') ?? 1} />
                    ),
                  },
                ]}
              />
            </Card>
          )}
        </>
      )}
    </AnswerView>
  );
}

/** Whether the source reads what is sent to it. */
function isInbox(source: unknown): boolean {
  return textAt(source, 'config', 'base')?.startsWith('inbox:') ?? false;
}

function SourceFacts({ source }: { readonly source: unknown }): ReactNode {
  const { t } = useSpeech();
  const streams = at(source, 'streams');
  const freshness = textAt(source, 'freshness');
  const freshnessText = useFreshnessText();
  const nextStep = useNextStep();
  const names = Array.isArray(streams) ? streams.filter((each) => typeof each === 'string') : [];
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, md: 2 }}
      items={[
        { key: 'c', label: t('Loại kết nối', 'Connector'), children: textAt(source, 'connector') },
        { key: 'o', label: t('Đơn vị chủ quản', 'Owner'), children: textAt(source, 'owner') },
        {
          key: 'v',
          label: t('Phiên bản cấu hình', 'Version'),
          children: textAt(source, 'version'),
        },
        { key: 'n', label: t('Bước tiếp theo', 'Next step'), children: nextStep(source) },
        {
          key: 's',
          label: t('Luồng', 'Streams'),
          children: names.map((stream) => <Tag key={stream}>{stream}</Tag>),
        },
        {
          key: 'f',
          label: t('Hạn cập nhật', 'Freshness'),
          children: freshness === undefined ? t('Chưa khai', 'None') : freshnessText(freshness),
        },
        {
          key: 'r',
          label: t('Lần đọc cuối', 'Last read'),
          children:
            at(source, 'lastRun') === undefined ? (
              t('Chưa đọc', 'Never')
            ) : (
              <>
                <Status value={textAt(source, 'lastRun', 'status')} />
                {timeText(textAt(source, 'lastRun', 'at'))}
              </>
            ),
        },
      ]}
    />
  );
}

function Batches({ source }: { readonly source: string }): ReactNode {
  const { t, language } = useSpeech();
  const sum = (batch: Facts, name: string): string =>
    numberText(String(countOf(batch, name)), language);
  const counted = (title: string, name: string) => ({
    title,
    align: 'right' as const,
    render: (batch: Facts) => sum(batch, name),
  });
  return (
    <CursorList
      path={`/batches?limit=20&source=${segment(source)}`}
      rowKey="id"
      empty={t('Chưa nhận lô nào.', 'No batches yet.')}
      columns={[
        {
          title: t('Lô', 'Batch'),
          render: (batch: Facts) => (
            <Link href={`/batches/${segment(textAt(batch, 'id') ?? '')}`}>
              {textAt(batch, 'key') ?? textAt(batch, 'id')}
            </Link>
          ),
        },
        {
          title: t('Đọc lúc', 'Read at'),
          render: (batch: Facts) => timeText(textAt(batch, 'readAt') ?? textAt(batch, 'updatedAt')),
        },
        {
          title: t('Trạng thái', 'Status'),
          render: (batch: Facts) => <Status value={textAt(batch, 'status')} />,
        },
        counted(t('Nhận', 'Received'), 'received'),
        counted(t('Mới', 'New'), 'new'),
        counted(t('Thay đổi', 'Changed'), 'changed'),
        counted(t('Không đổi', 'Unchanged'), 'unchanged'),
        counted(t('Trùng', 'Duplicate'), 'duplicate'),
        counted(t('Cách ly', 'Quarantined'), 'quarantined'),
      ]}
      expandable={{
        expandedRowRender: (batch) => <FactsTable rows={factsAt(batch, 'streams')} />,
        rowExpandable: (batch) => factsAt(batch, 'streams').length > 0,
      }}
    />
  );
}

/** Counts of a batch: its own, or the sum over its streams. */
function countOf(batch: Facts, name: string): number {
  const own = numberAt(batch, name) ?? numberAt(batch, 'counts', name);
  return (
    own ?? factsAt(batch, 'streams').reduce((sum, stream) => sum + (numberAt(stream, name) ?? 0), 0)
  );
}
