import { Alert, Button, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { useReader } from '../reader.tsx';
import { Problem } from './answer-view.tsx';

/** Columns that changed at the source, each with what would take the change up. */
export function DriftSuggestions(props: {
  readonly source: unknown;
  readonly done: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const changes = factsAt(props.source, 'drift');
  if (changes.length === 0) return null;
  const name = textAt(props.source, 'name') ?? '';
  const adopt = async (body: object): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await ask(`/sources/${segment(name)}/adopt`, { method: 'POST', body });
      props.done();
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <>
      <Alert
        type="warning"
        showIcon
        className="below"
        title={t('Nguồn đã thay đổi cột', 'Columns changed at the source')}
        description={
          <ul className="rows">
            {changes.map((change, index) => (
              <Change key={index} change={change} busy={busy} adopt={(body) => void adopt(body)} />
            ))}
          </ul>
        }
      />
      {error !== undefined && <Problem error={error} />}
    </>
  );
}

function Change(props: {
  readonly change: Facts;
  readonly busy: boolean;
  readonly adopt: (body: object) => void;
}): ReactNode {
  const { t, language } = useSpeech();
  const { may } = useReader();
  const { change, busy, adopt } = props;
  const field = textAt(change, 'field') ?? '';
  const wanted = { stream: textAt(change, 'stream'), column: textAt(change, 'column') ?? field };
  const number = (name: string) => numberText(textAt(change, name) ?? '0', language);
  const canTakeUp = at(change, 'proposed') !== null && at(change, 'proposed') !== undefined;
  return (
    <li>
      <span className="grow">
        {useChangeText(change)}{' '}
        <span className="note">
          {t(`${number('rows')}/${number('of')} dòng`, `${number('rows')} of ${number('of')} rows`)}
        </span>
      </span>
      {may('sources.adopt') && (
        <Space wrap>
          {canTakeUp && (
            <Button size="small" type="primary" disabled={busy} onClick={() => adopt(wanted)}>
              {t('Chấp nhận', 'Accept')}
            </Button>
          )}
          {change['kind'] === 'new' && (
            <Button size="small" disabled={busy} onClick={() => adopt({ ...wanted, ignore: true })}>
              {t('Không lấy cột này', 'Leave it out')}
            </Button>
          )}
        </Space>
      )}
    </li>
  );
}

/** The change in words, with what is proposed. */
function useChangeText(change: Facts): string {
  const { t } = useSpeech();
  const stream = textAt(change, 'stream') ?? '';
  const field = textAt(change, 'field') ?? '';
  const column = textAt(change, 'column') ?? field;
  const was = textAt(change, 'was') ?? column;
  const type = textAt(change, 'proposed', 'type') ?? '';
  switch (textAt(change, 'kind') ?? '') {
    case 'new':
      return t(`${stream}: cột mới “${field}”`, `${stream}: “${field}” is new`);
    case 'removed':
      return t(`${stream}: không còn cột “${field}”`, `${stream}: “${field}” is gone`);
    case 'renamed':
      return t(
        `${stream}: cột “${was}” nay tên là “${field}”`,
        `${stream}: “${was}” is now called “${field}”`,
      );
    default:
      return t(
        `${stream}: cột “${column}” đổi kiểu ${type}`,
        `${stream}: “${column}” changed its type ${type}`,
      );
  }
}
