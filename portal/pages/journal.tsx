import { Alert, Button, Typography } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask } from '../api.ts';
import { at, type Facts, textAt } from '../facts.ts';
import { actorText, journalKindText } from '../journal-words.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { Problem } from '../parts/answer-view.tsx';
import { CursorList } from '../parts/cursor-list.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { timeText } from '../time-text.ts';

/** Every decision with its time and actor, and the proof that none was altered. */
export function JournalPage(): ReactNode {
  const { t, language } = useSpeech();
  return (
    <>
      <PageHead
        title={t('Nhật ký', 'Journal')}
        note={t(
          'Mọi quyết định, chỉ ghi thêm, nối với nhau bằng mã băm.',
          'Every decision, append-only, chained by hashes.',
        )}
        actions={<Button href="/api/v1/journal/export">{t('Tải nhật ký', 'Download')}</Button>}
      />
      <Verification />
      <CursorList
        path="/journal?limit=50"
        rowKey="seq"
        empty={t('Nhật ký còn trống.', 'The journal is empty.')}
        columns={[
          { title: t('Số', 'No.'), dataIndex: 'seq', align: 'right' },
          { title: t('Lúc', 'At'), render: (entry: Facts) => timeText(textAt(entry, 'at')) },
          {
            title: t('Việc', 'What'),
            render: (entry: Facts) => journalKindText(textAt(entry, 'kind') ?? '', language),
          },
          { title: t('Đối tượng', 'Subject'), dataIndex: 'subject' },
          {
            title: t('Người thực hiện', 'Actor'),
            render: (entry: Facts) => actorText(textAt(entry, 'actor') ?? '', language),
          },
          {
            title: t('Mã băm', 'Hash'),
            render: (entry: Facts) => (
              <code title={textAt(entry, 'hash')}>{textAt(entry, 'hash')?.slice(0, 12)}…</code>
            ),
          },
        ]}
      />
    </>
  );
}

function Verification(): ReactNode {
  const { t, language } = useSpeech();
  const [verdict, setVerdict] = useState<unknown>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      setVerdict(await ask('/journal/verify'));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const intact = at(verdict, 'intact') === true;
  const entries = numberText(textAt(verdict, 'entries') ?? '0', language);
  return (
    <div className="above">
      <Button type="primary" loading={busy} onClick={() => void verify()}>
        {t('Kiểm tra tính toàn vẹn', 'Verify')}
      </Button>
      {error !== undefined && <Problem error={error} />}
      {verdict !== undefined && (
        <Alert
          className="below"
          showIcon
          type={intact ? 'success' : 'error'}
          title={
            intact
              ? t(`Nguyên vẹn: ${entries} mục, chuỗi băm liền mạch.`, `Intact: ${entries} entries.`)
              : t(`KHÔNG nguyên vẹn trong ${entries} mục.`, `NOT intact in ${entries} entries.`)
          }
          description={<Typography.Text code>{textAt(verdict, 'head')}</Typography.Text>}
        />
      )}
    </div>
  );
}
