import { Alert, Descriptions, Table, Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';

/** Certificate and history of a source: what was proved of its present version, and who did what when. */
export function SourceLife({ source }: { readonly source: unknown }): ReactNode {
  return (
    <>
      <Certificate certificate={at(source, 'certificate')} version={textAt(source, 'version')} />
      <History steps={factsAt(source, 'history')} />
    </>
  );
}

/** What a breaking change takes away, as the question it puts to a person. */
export function BreakingChanges({ source }: { readonly source: unknown }): ReactNode {
  const { t, say } = useSpeech();
  const asks = factsAt(source, 'asks');
  if (asks.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="below"
      title={t(
        'Nguồn tạm dừng: phiên bản mới lấy đi của người đọc những gì họ đang dùng. Có đồng ý không?',
        'Paused: the new version takes away what readers use. Do you agree?',
      )}
      description={
        <ul>
          {asks.map((ask, index) => (
            <li key={index}>{say(ask)}</li>
          ))}
        </ul>
      }
    />
  );
}

function Certificate(props: {
  readonly certificate: unknown;
  readonly version: string | undefined;
}): ReactNode {
  const { t, say } = useSpeech();
  const { certificate } = props;
  if (certificate === undefined)
    return (
      <Alert
        type="info"
        showIcon
        title={t(
          `Phiên bản ${props.version ?? ''} chưa được chứng nhận.`,
          `Version ${props.version ?? ''} is not certified yet.`,
        )}
      />
    );
  return (
    <>
      <Descriptions
        size="small"
        bordered
        column={{ xs: 1, md: 2 }}
        items={[
          {
            key: 'v',
            label: t('Chứng chỉ của phiên bản', 'Certificate of version'),
            children: textAt(certificate, 'version'),
          },
          {
            key: 'p',
            label: t('Kết quả', 'Result'),
            children: <Outcome value={at(certificate, 'passed') === true ? 'passed' : 'failed'} />,
          },
          { key: 'a', label: t('Lúc', 'At'), children: timeText(textAt(certificate, 'at')) },
          { key: 'b', label: t('Người chạy', 'By'), children: textAt(certificate, 'by') },
          {
            key: 'h',
            label: 'SHA-256',
            span: 'filled',
            children: <code className="wrap">{textAt(certificate, 'sha256')}</code>,
          },
        ]}
      />
      <Table<Facts>
        size="small"
        className="below proofs"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...factsAt(certificate, 'proofs')]}
        rowKey={(proof) => textAt(proof, 'proof') ?? ''}
        columns={[
          { title: t('Phép chứng minh', 'Proof'), render: (proof: Facts) => say(proof['label']) },
          {
            title: t('Kết quả', 'Result'),
            render: (proof: Facts) => <Outcome value={textAt(proof, 'outcome')} />,
          },
          { title: t('Lý do', 'Reason'), render: (proof: Facts) => say(proof['reason']) },
          {
            title: t('Số liệu', 'Figures'),
            render: (proof: Facts) => <Figures figures={at(proof, 'figures')} />,
          },
        ]}
      />
    </>
  );
}

function Outcome({ value }: { readonly value: string | undefined }): ReactNode {
  const { t } = useSpeech();
  if (value === 'passed') return <Tag color="green">{t('Đạt', 'Passed')}</Tag>;
  if (value === 'failed') return <Tag color="red">{t('Không đạt', 'Failed')}</Tag>;
  return <Tag>{t('Không áp dụng', 'Not applicable')}</Tag>;
}

const figureNames: Readonly<Record<string, readonly [string, string]>> = {
  batches: ['số lô', 'batches'],
  received: ['số dòng nhận', 'rows received'],
  rejected: ['số dòng bị loại', 'rows rejected'],
  cursors: ['số con trỏ', 'cursors'],
  new: ['mới', 'new'],
  changed: ['đổi', 'changed'],
  deleted: ['xóa', 'deleted'],
  breaks: ['số lần ngắt', 'breaks'],
  streams: ['số luồng', 'streams'],
  secrets: ['số bí mật', 'secrets'],
};

function Figures({ figures }: { readonly figures: unknown }): ReactNode {
  const { t } = useSpeech();
  const named = Object.entries(figureNames).flatMap(([name, [vi, en]]) => {
    const value = textAt(figures, name);
    return value === undefined ? [] : [`${t(vi, en)}: ${value}`];
  });
  return <Typography.Text type="secondary">{named.join('; ')}</Typography.Text>;
}

const steps: Readonly<Record<string, readonly [string, string]>> = {
  added: ['Đăng ký', 'Registered'],
  edited: ['Sửa, thành phiên bản mới', 'Edited: a new version'],
  checked: ['Thử kết nối', 'Connection tested'],
  certified: ['Chứng nhận', 'Certified'],
  'certification-failed': ['Chứng nhận không đạt', 'Certification failed'],
  active: ['Đưa vào hoạt động', 'Activated'],
  paused: ['Tạm dừng', 'Paused'],
  draft: ['Về bản nháp', 'Back to draft'],
  removed: ['Gỡ', 'Removed'],
};

function History(props: { readonly steps: readonly Facts[] }): ReactNode {
  const { t } = useSpeech();
  if (props.steps.length === 0) return null;
  return (
    <Table<Facts>
      size="small"
      className="below"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...props.steps].reverse()}
      rowKey={(step) => `${textAt(step, 'at') ?? ''} ${textAt(step, 'what') ?? ''}`}
      columns={[
        { title: t('Lúc', 'At'), render: (step: Facts) => timeText(textAt(step, 'at')) },
        {
          title: t('Việc', 'What'),
          render: (step: Facts) => {
            const [vi, en] = steps[textAt(step, 'what') ?? ''] ?? ['', ''];
            return t(vi, en);
          },
        },
        { title: t('Phiên bản', 'Version'), dataIndex: 'version', align: 'right' },
        { title: t('Người làm', 'By'), dataIndex: 'actor' },
        {
          title: t('Trạng thái', 'Status'),
          render: (step: Facts) =>
            textAt(step, 'status') === undefined ? null : <Status value={textAt(step, 'status')} />,
        },
        { title: t('Lý do', 'Reason'), dataIndex: 'reason' },
      ]}
    />
  );
}
