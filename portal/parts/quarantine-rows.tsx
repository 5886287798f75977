import { Alert, Select, Space, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { segment } from '../api.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { Link } from '../router.tsx';
import { useAnswer } from '../use-answer.ts';
import { CursorList } from './cursor-list.tsx';
import { type Replayed, CorrectRows, ReplayRows } from './replay-quarantine.tsx';

/** Rejected rows of a source or a batch at work: by reason, mended by rule or by workbook, and what came of it. */
export function QuarantineRows(props: {
  readonly source?: string;
  readonly batch?: string;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { source, batch } = props;
  const [reason, setReason] = useState<string>();
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<Replayed>();
  const about =
    source === undefined ? `batch=${segment(batch ?? '')}` : `source=${segment(source)}`;
  const done = (replayed: Replayed): void => {
    setResult(replayed);
    setRound((before) => before + 1);
    props.done();
  };
  return (
    <>
      <ReplayRows
        {...(source === undefined ? {} : { source })}
        {...(batch === undefined ? {} : { batch })}
        done={done}
      />
      {result !== undefined && <ReplayResult result={result} />}
      <Space className="above below" wrap>
        <ReasonFilter key={round} about={about} value={reason} change={setReason} />
      </Space>
      <CursorList
        key={`${round}-${reason ?? ''}`}
        path={`/quarantine?limit=20&${about}${reason === undefined ? '' : `&reason=${segment(reason)}`}`}
        rowKey="id"
        empty={t('Không có dòng nào bị cách ly.', 'No quarantined rows.')}
        columns={[
          { title: t('Lý do', 'Reason'), width: 260, render: (row: Facts) => <Why row={row} /> },
          { title: t('Trường', 'Field'), dataIndex: 'field' },
          {
            title: t('Giá trị', 'Value'),
            render: (row: Facts) => <Value value={textAt(row, 'value')} />,
          },
          {
            title: t('Tệp', 'File'),
            render: (row: Facts) => textAt(row, 'fileName') ?? textAt(row, 'file'),
          },
          { title: t('Dòng', 'Row'), dataIndex: 'row', align: 'right' },
          { title: t('Luồng', 'Stream'), dataIndex: 'stream' },
          ...(batch === undefined
            ? [
                {
                  title: t('Lô', 'Batch'),
                  render: (row: Facts) => (
                    <Link href={`/batches/${segment(textAt(row, 'batch') ?? '')}`}>
                      {t('Mở lô', 'Open')}
                    </Link>
                  ),
                },
              ]
            : []),
          {
            title: t('Sửa bằng bảng tính', 'Workbook'),
            render: (row: Facts) => (
              <CorrectRows
                batch={textAt(row, 'batch') ?? ''}
                stream={textAt(row, 'stream') ?? ''}
                done={done}
              />
            ),
          },
        ]}
      />
    </>
  );
}

function Why({ row }: { readonly row: Facts }): ReactNode {
  const { say } = useSpeech();
  return (
    <>
      <Typography.Text type="danger">{say(row['label'] ?? row['reason'])}</Typography.Text>
      {row['remedy'] !== undefined && <div className="note remedy">{say(row['remedy'])}</div>}
    </>
  );
}

/** A value as it came; masked for those who may not see it. */
function Value({ value }: { readonly value: string | undefined }): ReactNode {
  const { t } = useSpeech();
  if (value === '***')
    return (
      <span title={t('Được che: dữ liệu cá nhân', 'Masked: personal data')} className="note">
        ***
      </span>
    );
  return <code className="wrap example">{value}</code>;
}

function ReasonFilter(props: {
  readonly about: string;
  readonly value: string | undefined;
  readonly change: (reason: string | undefined) => void;
}): ReactNode {
  const { t, say, language } = useSpeech();
  const { state } = useAnswer(`/quarantine/reasons?${props.about}`);
  const reasons =
    state.kind === 'answered' && Array.isArray(state.answer) ? state.answer.filter(isFacts) : [];
  const byCode = new Map<string, { readonly label: string; readonly rows: bigint }>();
  for (const row of reasons) {
    const code = textAt(row, 'reason') ?? '';
    const rows = (byCode.get(code)?.rows ?? 0n) + BigInt(textAt(row, 'rows') ?? '0');
    byCode.set(code, { label: say(row['label'] ?? code), rows });
  }
  return (
    <Select
      aria-label={t('Lọc theo lý do', 'Filter by reason')}
      className="reason-select"
      allowClear
      placeholder={t('Mọi lý do', 'All reasons')}
      value={props.value ?? null}
      popupMatchSelectWidth={false}
      onChange={(next: string | null | undefined) => props.change(next ?? undefined)}
      options={[...byCode].map(([value, { label, rows }]) => ({
        value,
        label: `${label} (${numberText(String(rows), language)})`,
      }))}
    />
  );
}

function ReplayResult({ result }: { readonly result: Replayed }): ReactNode {
  const { t, language } = useSpeech();
  const number = (value: number) => numberText(String(value), language);
  return (
    <Alert
      className="below"
      type={result.left === 0 ? 'success' : 'warning'}
      showIcon
      title={t(
        `Đã nạp thêm ${number(result.taken)} dòng; còn ${number(result.left)} dòng bị cách ly.`,
        `${number(result.taken)} rows came in; ${number(result.left)} are still quarantined.`,
      )}
      description={result.reasons.join('; ')}
    />
  );
}
