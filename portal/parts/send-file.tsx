import { Alert, Button, Progress, Upload } from 'antd';
import { type ReactNode, useState } from 'react';
import { useSpeech } from '../language.tsx';
import { type SendStep, sendFile } from '../send-to-inbox.ts';
import { Problem } from './answer-view.tsx';

type Sending =
  | { readonly kind: 'sending'; readonly file: File; readonly step: SendStep }
  | { readonly kind: 'broken'; readonly file: File; readonly error: unknown }
  | { readonly kind: 'sent'; readonly file: File; readonly sha256: string };

/** Sends a file to the inbox of a source; one that broke off goes on where it was. */
export function SendFile(props: { readonly source: string; readonly done: () => void }): ReactNode {
  const { t } = useSpeech();
  const [sending, setSending] = useState<Sending>();
  const send = async (file: File): Promise<void> => {
    try {
      const note = (step: SendStep) => setSending({ kind: 'sending', file, step });
      const sha256 = await sendFile(props.source, file, note);
      setSending({ kind: 'sent', file, sha256 });
      props.done();
    } catch (error) {
      setSending({ kind: 'broken', file, error });
    }
  };
  return (
    <>
      <Upload.Dragger
        showUploadList={false}
        disabled={sending?.kind === 'sending'}
        beforeUpload={(file) => {
          void send(file);
          return false;
        }}
      >
        {t('Chọn hoặc kéo tệp vào đây để gửi tới nguồn', 'Choose or drop a file to send')}
      </Upload.Dragger>
      {sending !== undefined && <Told sending={sending} again={(file) => void send(file)} />}
    </>
  );
}

function Told(props: {
  readonly sending: Sending;
  readonly again: (file: File) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { sending } = props;
  const { name } = sending.file;
  switch (sending.kind) {
    case 'sending': {
      const { doing, share } = sending.step;
      const said = doing === 'hashing' ? t('Tính mã băm', 'Hashing') : t('Đang gửi', 'Sending');
      return (
        <div className="below" role="status">
          {said}: {name}
          <Progress percent={Math.round(share * 100)} />
        </div>
      );
    }
    case 'broken':
      return (
        <div className="below stack">
          <Problem error={sending.error} />
          <div>
            <Button onClick={() => props.again(sending.file)}>
              {t('Gửi tiếp phần còn thiếu', 'Send what is missing')}
            </Button>
          </div>
        </div>
      );
    case 'sent':
      return (
        <Alert
          className="below"
          type="success"
          showIcon
          title={t(`Đã nhận đủ ${name}, mã băm khớp.`, `${name} has arrived; the digest agrees.`)}
          description={<code className="wrap">SHA-256 {sending.sha256}</code>}
        />
      );
    default:
      return null;
  }
}
