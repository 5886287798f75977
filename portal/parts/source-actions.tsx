import { Alert, App, Button, Card, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, factsAt, numberAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useReader } from '../reader.tsx';
import { AnotherPerson, useSolo } from './another-person.tsx';
import { Problem } from './answer-view.tsx';
import { PauseSource } from './pause-source.tsx';
import { type SampleWanted, TestRead } from './test-read.tsx';

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
  const given = at(props.source, 'streams');
  const streams = Array.isArray(given) ? given.map(String) : [];
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
  const read = (wanted: SampleWanted) =>
    ask(`/sources/${segment(name)}/preview`, { method: 'POST', body: wanted });
  const approved = (): void => {
    void message.success(t('Nguồn đã được phê duyệt.', 'The source is approved.'));
    props.done();
  };
  const settled = (vi: string, en: string) => (): void => {
    void message.success(t(vi, en));
    props.done();
  };
  const received = (answer: unknown): void => {
    const sum = (name: string) =>
      factsAt(answer, 'streams').reduce((all, one) => all + (numberAt(one, name) ?? 0), 0);
    const said = t(
      `Nhận ${sum('received')} dòng: ${sum('new')} mới, ${sum('changed')} thay đổi, ${sum('quarantined')} bị cách ly.`,
      `${sum('received')} rows: ${sum('new')} new, ${sum('changed')} changed, ${sum('quarantined')} quarantined.`,
    );
    void (textAt(answer, 'status') === 'ok' ? message.success(said) : message.warning(said));
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
        {may('sources.certify') && status !== 'removed' && (
          <Button
            type={uncertified ? 'primary' : 'default'}
            loading={busy === 'certify'}
            onClick={() => void act('certify', {}, certified)}
          >
            {t('Chứng nhận', 'Certify')}
          </Button>
        )}
        {status === 'active' && may('sources.ingest') && (
          <Button loading={busy === 'ingest'} onClick={() => void act('ingest', {}, received)}>
            {t('Nhận dữ liệu ngay', 'Ingest now')}
          </Button>
        )}
        {status === 'active' && may('sources.pause') && (
          <PauseSource
            busy={busy === 'pause'}
            pause={(reason) =>
              void act('pause', { reason }, settled('Nguồn đã tạm dừng.', 'The source is paused.'))
            }
          />
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
      {may('sources.preview') && (
        <div className="below">
          <TestRead read={read} streams={streams} />
        </div>
      )}
    </Card>
  );
}
