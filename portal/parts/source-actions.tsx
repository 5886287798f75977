import { Alert, App, Button, Card, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useReader } from '../reader.tsx';
import { AnotherPerson, useSolo } from './another-person.tsx';
import { Problem } from './answer-view.tsx';
import { PreviewPages } from './preview-pages.tsx';

/** What the reader may do with a source next: test it, read a sample, approve it as the second person. */
export function SourceActions(props: {
  readonly source: unknown;
  readonly done: () => void;
}): ReactNode {
  const { t, say } = useSpeech();
  const { message } = App.useApp();
  const { may, actor } = useReader();
  const solo = useSolo();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<string>();
  const [sample, setSample] = useState<unknown>();
  const name = textAt(props.source, 'name') ?? '';
  const waits = textAt(props.source, 'status') === 'draft';
  const own = textAt(props.source, 'registeredBy') === actor && !solo;
  const act = async (verb: string, body: object, then: (answer: unknown) => void) => {
    setBusy(verb);
    setError(undefined);
    try {
      then(await ask(`/sources/${segment(name)}/${verb}`, { method: 'POST', body }));
    } catch (caught) {
      setError(caught);
    }
    setBusy(undefined);
  };
  const approved = (): void => {
    void message.success(t('Nguồn đã được phê duyệt.', 'The source is approved.'));
    props.done();
  };
  if (!may('sources.check')) return null;
  return (
    <Card className="below" size="small">
      {waits && may('sources.approve') && own && <AnotherPerson />}
      {waits && !may('sources.approve') && (
        <Alert
          type="info"
          showIcon
          title={t('Đang chờ người thứ hai phê duyệt.', 'Waits for a second person’s approval.')}
        />
      )}
      {error !== undefined && <Problem error={error} />}
      <Space wrap>
        <Button
          loading={busy === 'check'}
          onClick={() =>
            void act('check', {}, (answer) => void message.success(say(at(answer, 'found'))))
          }
        >
          {t('Thử kết nối', 'Test the connection')}
        </Button>
        <Button
          loading={busy === 'preview'}
          onClick={() =>
            void act('preview', { limit: 5 }, (answer) => setSample(at(answer, 'pages')))
          }
        >
          {t('Đọc thử', 'Read a sample')}
        </Button>
        {waits && may('sources.approve') && !own && (
          <Button
            type="primary"
            loading={busy === 'approve'}
            onClick={() => void act('approve', {}, approved)}
          >
            {t('Phê duyệt nguồn', 'Approve the source')}
          </Button>
        )}
      </Space>
      {sample !== undefined && <PreviewPages pages={sample} />}
    </Card>
  );
}
