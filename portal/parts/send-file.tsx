import { Alert, Progress, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { ask, segment } from '../api.ts';
import { at, numberAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';

/** Bytes sent at a time. */
const partBytes = 600_000;

/** Sends a file to the inbox of a source; one that broke off goes on where it was. */
export function SendFile({
  source,
  done,
}: {
  readonly source: string;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const [percent, setPercent] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const begin = async (file: File): Promise<void> => {
    setProblem(undefined);
    setPercent(0);
    try {
      await sendFile(source, file, (share) => setPercent(Math.round(share * 100)));
      done();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setPercent(undefined);
    }
  };
  return (
    <div className="below">
      <Upload.Dragger
        showUploadList={false}
        beforeUpload={(file) => {
          void begin(file);
          return false;
        }}
      >
        {t('Chọn hoặc kéo tệp vào đây để gửi tới nguồn', 'Choose or drop a file to send')}
      </Upload.Dragger>
      {percent !== undefined && <Progress percent={percent} />}
      {problem !== undefined && <Alert type="error" title={problem} showIcon />}
    </div>
  );
}

async function sendFile(
  source: string,
  file: File,
  progress: (share: number) => void,
): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
  const given = { name: file.name.normalize('NFC'), bytes: file.size, sha256: sha256.join('') };
  const path = `/sources/${segment(source)}/uploads`;
  let state = await ask(path, { method: 'POST', body: given });
  while (at(state, 'done') !== true) {
    const offset = numberAt(state, 'offset') ?? 0;
    const bytes = new Uint8Array(await file.slice(offset, offset + partBytes).arrayBuffer());
    const part = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    state = await ask(`${path}/parts`, { method: 'POST', body: { ...given, offset, part } });
    progress(offset / file.size);
  }
  progress(1);
}
