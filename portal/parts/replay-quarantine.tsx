import { Alert, App, Button, Space, Upload } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask } from '../api.ts';
import { factsAt, numberAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Link } from '../router.tsx';
import { useReader } from '../reader.tsx';
import { Problem } from './answer-view.tsx';

/** What came of rejected rows that were taken in again. */
export interface Replayed {
  readonly taken: number;
  readonly left: number;
  /** Why batches are held, where they are. */
  readonly reasons: readonly string[];
}

/** Decodes what a source's rules rejected again, after the rule was mended. */
export function ReplayRows(props: {
  readonly source?: string;
  readonly batch?: string;
  readonly done: (replayed: Replayed) => void;
}): ReactNode {
  const { t, say } = useSpeech();
  const { may } = useReader();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { source, batch } = props;
  if (!may('quarantine.replay')) return null;
  const replay = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const body = batch === undefined ? { source } : { batch };
      props.done(replayed(await ask('/quarantine/replay', { method: 'POST', body }), say));
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <div className="stack">
      <Alert
        type="info"
        showIcon
        title={t(
          'Sửa quy tắc của nguồn rồi nạp lại; hoặc tải bảng tính, sửa ô sai và gửi lại.',
          'Mend the rule of the source and replay; or fetch the workbook, correct the cells and send it back.',
        )}
        description={
          <Space wrap>
            {source !== undefined && may('sources.edit') && (
              <Link href={`/sources/${encodeURIComponent(source)}/edit`}>
                {t('Sửa quy tắc', 'Edit the rule')}
              </Link>
            )}
            <Button size="small" loading={busy} onClick={() => void replay()}>
              {t('Nạp lại các dòng bị cách ly', 'Replay rejected rows')}
            </Button>
          </Space>
        }
      />
      {error !== undefined && <Problem error={error} />}
    </div>
  );
}

/** The workbook of the batch a rejected row is in, and the way back for it. */
export function CorrectRows(props: {
  readonly batch: string;
  readonly stream: string;
  readonly done: (replayed: Replayed) => void;
}): ReactNode {
  const { t, say } = useSpeech();
  const { may } = useReader();
  const { modal } = App.useApp();
  const { batch, stream } = props;
  const send = async (file: File): Promise<void> => {
    try {
      const body = { batch, name: file.name, content: await base64Of(file) };
      props.done(replayed(await ask('/quarantine/correct', { method: 'POST', body }), say));
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

function replayed(result: unknown, say: (value: unknown) => string): Replayed {
  const streams = factsAt(result, 'streams');
  const sum = (name: string) =>
    streams.reduce((all, stream) => all + (numberAt(stream, name) ?? 0), 0);
  return {
    taken: sum('new') + sum('changed'),
    left: sum('quarantined'),
    reasons: streams.map((stream) => say(stream['reason'])).filter((text) => text !== ''),
  };
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
