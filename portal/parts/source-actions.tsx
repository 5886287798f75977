import { Alert, App, Button, Card, Popconfirm, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, factsAt, textAt } from '../facts.ts';
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
  const status = textAt(props.source, 'status');
  const asks = factsAt(props.source, 'asks').length > 0;
  const uncertified = status === 'draft' || (status === 'paused' && asks);
  const waits = status === 'certified';
  const people = ['registeredBy', 'editedBy', 'certifiedBy'];
  const own = people.some((name) => textAt(props.source, name) === actor) && !solo;
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
  const settled = (vi: string, en: string) => (): void => {
    void message.success(t(vi, en));
    props.done();
  };
  const certified = (answer: unknown): void => {
    if (at(answer, 'passed') === true) void message.success(t('Đã chứng nhận.', 'Certified.'));
    else
      void message.error(
        t(
          'Chưa đạt: xem thẻ “Chứng chỉ và lịch sử”.',
          'Not certified: see “Certificate and history”.',
        ),
      );
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
        {may('sources.certify') && status !== 'removed' && (
          <Button
            type={uncertified ? 'primary' : 'default'}
            loading={busy === 'certify'}
            onClick={() => void act('certify', {}, certified)}
          >
            {t('Chứng nhận', 'Certify')}
          </Button>
        )}
        {status === 'active' && may('sources.pause') && (
          <Popconfirm
            title={t('Tạm dừng nguồn này?', 'Pause this source?')}
            okText={t('Tạm dừng', 'Pause')}
            onConfirm={() =>
              void act(
                'pause',
                { reason: t('Tạm dừng trên cổng', 'Paused in the portal') },
                settled('Nguồn đã tạm dừng.', 'The source is paused.'),
              )
            }
          >
            <Button loading={busy === 'pause'}>{t('Tạm dừng', 'Pause')}</Button>
          </Popconfirm>
        )}
        {status === 'paused' && !asks && may('sources.resume') && (
          <Button
            type="primary"
            loading={busy === 'resume'}
            onClick={() =>
              void act('resume', {}, settled('Nguồn chạy lại.', 'The source runs again.'))
            }
          >
            {t('Cho chạy lại', 'Resume')}
          </Button>
        )}
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
