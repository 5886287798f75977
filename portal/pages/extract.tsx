import { Alert, App, Button, Card, Descriptions, Input, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, factsAt, textAt } from '../facts.ts';
import { actorText } from '../journal-words.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Problem } from '../parts/answer-view.tsx';
import { AnotherPerson, useSolo } from '../parts/another-person.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useReader } from '../reader.tsx';
import { Status } from '../status.tsx';
import { dayText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';
import { requestText } from './extracts.tsx';

/** One extract: what was asked, its decision, its files. */
export function ExtractPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const { state, reload } = useAnswer(`/extracts/${segment(id)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(extract) => (
        <div className="stack">
          <PageHead
            title={`${t('Trích xuất', 'Extract')} ${id}`}
            note={<Status value={textAt(extract, 'status')} />}
          />
          <Request extract={extract} />
          {textAt(extract, 'status') === 'submitted' && (
            <NextStep id={id} requester={textAt(extract, 'requester') ?? ''} done={reload} />
          )}
          {textAt(extract, 'status') === 'ready' && may('extracts.files') && <Files id={id} />}
        </div>
      )}
    </AnswerView>
  );
}

function Request({ extract }: { readonly extract: unknown }): ReactNode {
  const { t, language } = useSpeech();
  const actor = (name: string): string => actorText(textAt(extract, name) ?? '', language);
  const entries = [
    [t('Tập dữ liệu', 'Dataset'), requestText(extract, 'dataset')],
    [t('Mục đích', 'Purpose'), requestText(extract, 'purpose')],
    [t('Căn cứ pháp lý', 'Legal basis'), requestText(extract, 'legalBasis')],
    [t('Bên nhận', 'Recipient'), requestText(extract, 'recipient')],
    [t('Người yêu cầu', 'Requester'), actor('requester')],
    [t('Người duyệt', 'Approver'), actor('approver')],
    [t('Định dạng', 'Format'), requestText(extract, 'format')],
    [t('Hết hạn', 'Expires'), dayText(requestText(extract, 'expires'))],
    [t('Lý do', 'Reason'), textAt(extract, 'reason')],
  ] as const;
  const definition = at(extract, 'request');
  return (
    <Card>
      <Descriptions
        bordered
        size="small"
        column={1}
        items={entries.flatMap(([label, children]) =>
          children === undefined || children === '' ? [] : [{ key: label, label, children }],
        )}
      />
      {definition !== undefined && (
        <pre className="code below">{JSON.stringify(definition, null, 2)}</pre>
      )}
    </Card>
  );
}

/** Who decides: another person than the one who asked, unless the home is one person's. */
function NextStep(props: {
  readonly id: string;
  readonly requester: string;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { may, actor } = useReader();
  const solo = useSolo();
  if (!may('extracts.approve')) {
    return <Alert type="info" showIcon title={t('Đang chờ phê duyệt.', 'Waiting for approval.')} />;
  }
  if (props.requester === actor && !solo) return <AnotherPerson />;
  return <Decision id={props.id} done={props.done} />;
}

function Decision({ id, done }: { readonly id: string; readonly done: () => void }): ReactNode {
  const { t } = useSpeech();
  const { message } = App.useApp();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const decide = async (verb: 'approve' | 'reject' | 'return'): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const body = verb === 'approve' ? {} : { reason };
      await ask(`/extracts/${segment(id)}/${verb}`, { method: 'POST', body });
      void message.success(t('Đã ghi quyết định.', 'The decision is recorded.'));
      done();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Card title={t('Quyết định', 'Decision')}>
      {error !== undefined && <Problem error={error} />}
      <Input.TextArea
        rows={2}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        placeholder={t(
          'Lý do (bắt buộc khi từ chối hoặc trả lại)',
          'Reason (required to reject or return)',
        )}
      />
      <Space className="below">
        <Button type="primary" loading={busy} onClick={() => void decide('approve')}>
          {t('Phê duyệt', 'Approve')}
        </Button>
        <Button disabled={busy || reason.trim() === ''} onClick={() => void decide('return')}>
          {t('Trả lại để sửa', 'Return')}
        </Button>
        <Button
          danger
          disabled={busy || reason.trim() === ''}
          onClick={() => void decide('reject')}
        >
          {t('Từ chối', 'Reject')}
        </Button>
      </Space>
    </Card>
  );
}

function Files({ id }: { readonly id: string }): ReactNode {
  const { t } = useSpeech();
  const { state, reload } = useAnswer(`/extracts/${segment(id)}/files`);
  return (
    <Card title={t('Tệp', 'Files')}>
      <AnswerView state={state} reload={reload}>
        {(answer) => (
          <ul className="receipts">
            {factsAt(answer, 'files').map((file) => (
              <li key={textAt(file, 'url')}>
                <a href={textAt(file, 'url')}>{textAt(file, 'name')}</a>
              </li>
            ))}
          </ul>
        )}
      </AnswerView>
    </Card>
  );
}
