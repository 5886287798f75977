import { Alert, App, Button, Space, Upload } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask } from '../api.ts';
import { factsAt, numberAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useReader } from '../reader.tsx';
import { Problem } from './answer-view.tsx';

/** Decodes what a source's rules rejected again, after the rule was mended. */
export function ReplaySource(props: {
  readonly source: string;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!may('quarantine.replay')) return null;
  const replay = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { source: props.source };
      const result = await ask('/quarantine/replay', { method: 'POST', body });
      const count = taken(result);
      void message.success(t(`Đã nạp thêm ${count} dòng.`, `${count} rows came in.`));
      props.done();
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <Space orientation="vertical" className="wide">
      <Alert
        type="info"
        showIcon
        title={t(
          'Sửa quy tắc (cấu hình, danh mục) rồi nạp lại; hoặc tải bảng tính ở từng dòng, sửa và gửi lại.',
          'Mend the rule (configuration, code list) and replay; or fetch a row’s workbook, correct it and send it back.',
        )}
        action={
          <Button loading={busy} onClick={() => void replay()}>
            {t('Nạp lại các dòng bị cách ly', 'Replay rejected rows')}
          </Button>
        }
      />
      {error !== undefined && <Problem error={error} />}
    </Space>
  );
}

/** The workbook of the batch a rejected row is in, and the way back for it. */
export function CorrectRows(props: {
  readonly batch: string;
  readonly stream: string;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { may } = useReader();
  const { message, modal } = App.useApp();
  const { batch, stream } = props;
  const send = async (file: File): Promise<void> => {
    try {
      const body = { batch, name: file.name, content: await base64Of(file) };
      const result = await ask('/quarantine/correct', { method: 'POST', body });
      const count = taken(result);
      void message.success(t(`Đã nạp thêm ${count} dòng.`, `${count} rows came in.`));
      props.done();
    } catch (caught) {
      modal.error({ title: t('Không nhận được bảng sửa', 'Refused'), content: textOf(caught) });
    }
  };
  return (
    <Space>
      <a
        href={`/api/v1/batches/${encodeURIComponent(batch)}/rejected/${encodeURIComponent(stream)}`}
        download
      >
        {t('Tải bảng để sửa', 'Workbook')}
      </a>
      {may('quarantine.correct') && (
        <Upload
          accept=".xlsx"
          showUploadList={false}
          beforeUpload={(file) => {
            void send(file);
            return false;
          }}
        >
          <Button size="small">{t('Gửi bảng đã sửa', 'Send corrected')}</Button>
        </Upload>
      )}
    </Space>
  );
}

function taken(result: unknown): number {
  return factsAt(result, 'streams').reduce(
    (sum, stream) => sum + (numberAt(stream, 'new') ?? 0) + (numberAt(stream, 'changed') ?? 0),
    0,
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : (textAt(error, 'message') ?? '');
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
