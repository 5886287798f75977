import { Card, Table } from 'antd';
import { type ReactNode } from 'react';
import { segment } from '../api.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { actorText } from '../journal-words.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { useReader } from '../reader.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';
import { AnswerView, Nothing } from './answer-view.tsx';
import { SendFile } from './send-file.tsx';

/** The inbox of a source: sending a file, and what was sent, by whom, with its digest. */
export function InboxCard({ source }: { readonly source: string }): ReactNode {
  const { t, language } = useSpeech();
  const { may } = useReader();
  const { state, reload } = useAnswer(`/sources/${segment(source)}/inbox`);
  return (
    <Card size="small" className="below" title={t('Hộp nhận tệp', 'Inbox')}>
      {may('inbox.begin') && <SendFile source={source} done={reload} />}
      <AnswerView state={state} reload={reload}>
        {(files) => (
          <Table<Facts>
            className="below"
            size="small"
            pagination={false}
            scroll={{ x: 'max-content' }}
            dataSource={Array.isArray(files) ? files.filter(isFacts) : []}
            rowKey={(file) => textAt(file, 'name') ?? ''}
            locale={{
              emptyText: <Nothing hint={t('Chưa có tệp nào được gửi.', 'No file was sent yet.')} />,
            }}
            columns={[
              { title: t('Tệp', 'File'), dataIndex: 'name' },
              {
                title: t('Dung lượng (byte)', 'Bytes'),
                align: 'right',
                render: (file: Facts) => numberText(textAt(file, 'bytes') ?? '0', language),
              },
              {
                title: t('Gửi lúc', 'Sent at'),
                render: (file: Facts) => timeText(textAt(file, 'note', 'at')),
              },
              {
                title: t('Người gửi', 'By'),
                render: (file: Facts) => {
                  const by = textAt(file, 'note', 'by');
                  return by === undefined
                    ? t('hệ thống của đơn vị', 'a system')
                    : actorText(by, language);
                },
              },
              {
                title: 'SHA-256',
                render: (file: Facts) => (
                  <code title={textAt(file, 'note', 'sha256')}>
                    {textAt(file, 'note', 'sha256')?.slice(0, 16)}…
                  </code>
                ),
              },
            ]}
          />
        )}
      </AnswerView>
    </Card>
  );
}
