import { Alert, Card, Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { at, type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView } from '../parts/answer-view.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { QuarantineRows } from '../parts/quarantine-rows.tsx';
import { TracedBatches } from '../parts/traced-batches.tsx';
import { useReader } from '../reader.tsx';
import { Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';

/** One batch: what came, what became of it, what checks found, which rows were rejected. */
export function BatchPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const { state, reload } = useAnswer(`/batches/${segment(id)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(batch) => (
        <>
          <PageHead
            title={`${t('Lô', 'Batch')} ${textAt(batch, 'key') ?? id}`}
            note={<Status value={textAt(batch, 'status')} />}
          />
          <div className="stack">
            <BatchFacts batch={batch} id={id} />
            <Reason batch={batch} />
            <Findings findings={factsAt(batch, 'findings')} />
            <Card size="small" title={t('Số dòng theo luồng', 'Rows by stream')}>
              <FactsTable rows={factsAt(batch, 'streams')} />
            </Card>
            {may('quarantine.list') && (
              <Card size="small" title={t('Dòng bị cách ly', 'Quarantined rows')}>
                <QuarantineRows batch={id} done={() => undefined} />
              </Card>
            )}
            <TracedBatches batches={[received(batch, id)]} />
          </div>
        </>
      )}
    </AnswerView>
  );
}

function BatchFacts({ batch, id }: { readonly batch: unknown; readonly id: string }): ReactNode {
  const { t } = useSpeech();
  const source = textAt(batch, 'source') ?? '';
  const replays = textAt(batch, 'replays');
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, md: 2 }}
      items={[
        {
          key: 's',
          label: t('Nguồn', 'Source'),
          children: <Link href={`/sources/${segment(source)}`}>{source}</Link>,
        },
        {
          key: 'v',
          label: t('Phiên bản nguồn', 'Version of the source'),
          children: textAt(batch, 'sourceVersion'),
        },
        { key: 'i', label: t('Mã lô', 'Id'), children: <code className="wrap">{id}</code> },
        {
          key: 'u',
          label: t('Cập nhật lúc', 'Updated'),
          children: timeText(textAt(batch, 'updatedAt')),
        },
        ...(replays === undefined
          ? []
          : [
              {
                key: 'r',
                label: t('Xử lý lại lô', 'Replays'),
                children: <Link href={`/batches/${segment(replays)}`}>{replays}</Link>,
              },
            ]),
      ]}
    />
  );
}

function Reason({ batch }: { readonly batch: unknown }): ReactNode {
  const { say } = useSpeech();
  const reason = at(batch, 'reason');
  if (reason === undefined || reason === null) return null;
  return <Alert type="error" showIcon title={say(reason)} />;
}

/** What checks found; values are masked by the server for those who may not see them. */
function Findings({ findings }: { readonly findings: readonly Facts[] }): ReactNode {
  const { t, say } = useSpeech();
  const told = findings.filter((finding) => finding['label'] !== undefined);
  if (told.length === 0) return null;
  return (
    <Card size="small" title={t('Kết quả kiểm tra', 'Findings')}>
      <ul className="rows">
        {told.map((finding, index) => (
          <li key={index}>
            <span className="grow">
              {say(finding['label'])} ({textAt(finding, 'count')}){' '}
              <span className="note">{say(finding['remedy'])}</span>
            </span>
            {factsAt(finding, 'sample').map((one, n) => (
              <code key={n}>
                {textAt(one, 'field')} = {textAt(one, 'value')}
              </code>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The batch with its files as receipts. */
function received(batch: unknown, id: string): Facts {
  const readAt = textAt(batch, 'readAt') ?? textAt(batch, 'updatedAt');
  return {
    ...{ id, source: textAt(batch, 'source'), key: textAt(batch, 'key') },
    ...(readAt === undefined ? {} : { readAt }),
    receipts: factsAt(batch, 'files'),
  };
}
