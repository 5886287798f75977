import { Col, Row, Typography } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';

/** What is missing behind a supplier's shares: slots without data, runs that broke off, batches with their links. */
export function SupplierDetail({ supplier }: { readonly supplier: Facts }): ReactNode {
  const { t, language } = useSpeech();
  const number = (name: string) => numberText(textAt(supplier, name) ?? '0', language);
  return (
    <>
      <Typography.Paragraph>
        {t(
          `${number('runs')} lượt đọc, ${number('batches')} lô, ${number('received')} dòng nhận, ${number('rejected')} dòng bị loại.`,
          `${number('runs')} runs, ${number('batches')} batches, ${number('received')} rows, ${number('rejected')} rejected.`,
        )}
      </Typography.Paragraph>
      <Row gutter={[24, 16]}>
        <List
          title={t('Kỳ không có dữ liệu mới', 'Slots without new data')}
          rows={factsAt(supplier, 'lateSlots')}
          line={(slot) => (
            <>
              {timeText(textAt(slot, 'from'))} – {timeText(textAt(slot, 'to'))}
            </>
          )}
        />
        <List
          title={t('Lượt đọc không trọn', 'Runs that broke off')}
          rows={factsAt(supplier, 'lateRuns')}
          line={(run) => (
            <>
              {timeText(textAt(run, 'at'))} <Status value={textAt(run, 'status')} />
            </>
          )}
        />
        <List
          title={t('Lô chưa công bố', 'Batches not published')}
          rows={factsAt(supplier, 'heldBatches')}
          line={(batch) => <BatchLine batch={batch} />}
        />
        <List
          title={t('Lô có dòng bị loại', 'Batches with rejected rows')}
          rows={factsAt(supplier, 'rejectedIn')}
          line={(batch) => <BatchLine batch={batch} />}
        />
      </Row>
    </>
  );
}

function BatchLine({ batch }: { readonly batch: Facts }): ReactNode {
  const { t, language } = useSpeech();
  const id = textAt(batch, 'id') ?? '';
  const number = (name: string) => numberText(textAt(batch, name) ?? '0', language);
  return (
    <>
      <Link href={`/batches/${segment(id)}`}>{textAt(batch, 'key') ?? id}</Link>{' '}
      <Status value={textAt(batch, 'status')} />
      {t(
        `loại ${number('rejected')}/${number('received')}`,
        `${number('rejected')}/${number('received')} rejected`,
      )}
    </>
  );
}

function List(props: {
  readonly title: string;
  readonly rows: readonly Facts[];
  readonly line: (row: Facts) => ReactNode;
}): ReactNode {
  const { t } = useSpeech();
  return (
    <Col xs={24} md={12}>
      <Typography.Text strong>{props.title}</Typography.Text>
      {props.rows.length === 0 ? (
        <div className="note">{t('Không có', 'None')}</div>
      ) : (
        <ul className="rows">
          {props.rows.slice(0, 10).map((row, index) => (
            <li key={index}>{props.line(row)}</li>
          ))}
        </ul>
      )}
      {props.rows.length > 10 && (
        <div className="note">
          {t(`và ${props.rows.length - 10} mục nữa`, `and ${props.rows.length - 10} more`)}
        </div>
      )}
    </Col>
  );
}
