import { Card, Collapse } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Link } from '../router.tsx';
import { useReader } from '../reader.tsx';
import { timeText } from '../time-text.ts';
import { Nothing } from './answer-view.tsx';

/** Batches behind a figure, each with its receipts of landed bytes. */
export function TracedBatches({ batches }: { readonly batches: readonly Facts[] }): ReactNode {
  const { t } = useSpeech();
  return (
    <Card
      title={t(
        `Lô dữ liệu và biên nhận (${batches.length})`,
        `Batches and receipts (${batches.length})`,
      )}
    >
      {batches.length === 0 ? (
        <Nothing hint={t('Con số này không dựa trên lô nào.', 'No batch is behind this figure.')} />
      ) : (
        <Collapse
          defaultActiveKey={[textAt(batches[0], 'id') ?? '']}
          items={batches.map((batch) => ({
            key: textAt(batch, 'id') ?? '',
            label: <BatchTitle batch={batch} />,
            children: <Receipts batch={batch} />,
          }))}
        />
      )}
    </Card>
  );
}

function BatchTitle({ batch }: { readonly batch: Facts }): ReactNode {
  const { t } = useSpeech();
  const source = textAt(batch, 'source') ?? '';
  return (
    <>
      <Link href={`/sources/${segment(source)}`}>{source}</Link> ·{' '}
      {textAt(batch, 'key') ?? textAt(batch, 'id')} · {t('đọc lúc', 'read at')}{' '}
      {timeText(textAt(batch, 'readAt'))}
    </>
  );
}

function Receipts({ batch }: { readonly batch: Facts }): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const id = textAt(batch, 'id') ?? '';
  return (
    <ul className="receipts">
      {factsAt(batch, 'receipts').map((receipt, i) => (
        <li key={textAt(receipt, 'n') ?? i}>
          <b>{textAt(receipt, 'name') ?? textAt(receipt, 'uri')}</b>
          {textAt(receipt, 'request', 'url') !== undefined && (
            <code className="wrap">
              {textAt(receipt, 'request', 'method') ?? 'GET'} {textAt(receipt, 'request', 'url')}
            </code>
          )}
          <code className="wrap">SHA-256 {textAt(receipt, 'sha256')}</code>
          {may('batches.landed') && (
            <a
              href={`/api/v1/batches/${segment(id)}/receipts/${textAt(receipt, 'n') ?? String(i)}`}
            >
              {t('Tải nguyên văn', 'Download the landed bytes')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
