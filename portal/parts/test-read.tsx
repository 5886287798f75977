import { Alert, Button, Select, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { at, factsAt, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Problem } from './answer-view.tsx';
import { PreviewPages, type ProposedColumns } from './preview-pages.tsx';

/** How much a test read asks for. */
export interface SampleWanted {
  readonly pages: number;
  readonly piece: number;
  readonly limit: number;
  readonly stream?: string;
}

/** Pages that a test read begins with, and by how many it goes on. */
const pageStep = 3;

interface Reading {
  readonly wanted: SampleWanted;
  readonly answer: unknown;
}

/** A test read: changes nothing; goes on page by page, and to the next slice or window. */
export function TestRead(props: {
  readonly read: (wanted: SampleWanted) => Promise<unknown>;
  /** Streams to choose from. */
  readonly streams?: readonly string[];
  /** Told of each answer. */
  readonly heard?: (answer: unknown) => void;
  readonly propose?: ProposedColumns;
  readonly disabled?: boolean;
}): ReactNode {
  const { t, say } = useSpeech();
  const [reading, setReading] = useState<Reading>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [stream, setStream] = useState<string>();
  const ask = async (wanted: SampleWanted): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await props.read(wanted);
      setReading({ wanted, answer });
      props.heard?.(answer);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  const chosen = stream === undefined ? {} : { stream };
  const first = { pages: pageStep, piece: 0, limit: 20, ...chosen };
  const { streams = [] } = props;
  return (
    <>
      <Space wrap>
        {streams.length > 1 && (
          <Select
            aria-label={t('Luồng đọc thử', 'Stream to read')}
            allowClear
            placeholder={t('Luồng đầu tiên', 'First stream')}
            options={streams.map((value) => ({ value, label: value }))}
            value={stream ?? null}
            onChange={(next: string | null | undefined) => setStream(next ?? undefined)}
          />
        )}
        <Button loading={busy} disabled={props.disabled === true} onClick={() => void ask(first)}>
          {t('Đọc thử', 'Read a sample')}
        </Button>
        <span className="note">
          {t('Không lưu gì, không đổi vị trí đọc.', 'Keeps nothing and moves no cursor.')}
        </span>
      </Space>
      {error !== undefined && <Problem error={error} />}
      {reading !== undefined && (
        <div className="below">
          {at(reading.answer, 'found') !== undefined && (
            <Alert type="success" showIcon title={say(at(reading.answer, 'found'))} />
          )}
          <PreviewPages
            pages={at(reading.answer, 'pages')}
            {...(props.propose === undefined ? {} : { propose: props.propose })}
          />
          <Further reading={reading} busy={busy} ask={(wanted) => void ask(wanted)} />
        </div>
      )}
    </>
  );
}

function Further(props: {
  readonly reading: Reading;
  readonly busy: boolean;
  readonly ask: (wanted: SampleWanted) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { wanted, answer } = props.reading;
  const [batch] = factsAt(answer, 'pages');
  const read = factsAt(batch, 'pages').length;
  const stream = textAt(factsAt(batch, 'streams')[0], 'stream');
  const here = { ...wanted, ...(stream === undefined ? {} : { stream }) };
  const piece = (step: number) => ({ ...here, pages: pageStep, piece: wanted.piece + step });
  return (
    <Space wrap className="below">
      {wanted.piece > 0 && (
        <Button disabled={props.busy} onClick={() => props.ask(piece(-1))}>
          {t('Phần trước', 'Previous slice')}
        </Button>
      )}
      {read >= wanted.pages && wanted.pages < 30 && (
        <Button
          disabled={props.busy}
          onClick={() => props.ask({ ...here, pages: wanted.pages + pageStep })}
        >
          {t('Đọc thêm trang', 'Read more pages')}
        </Button>
      )}
      {isFacts(batch) && (
        <Button disabled={props.busy} onClick={() => props.ask(piece(1))}>
          {t('Phần kế (lát hoặc khoảng thời gian)', 'Next slice or window')}
        </Button>
      )}
    </Space>
  );
}
