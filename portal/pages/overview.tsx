import { Card, Col, Row, Statistic, Typography } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { AnswerView, Nothing } from '../parts/answer-view.tsx';
import { useNextStep } from '../parts/next-step.ts';
import { PageHead } from '../parts/page-head.tsx';
import { ShortCodeForm } from '../parts/short-code-form.tsx';
import { useReportNames } from '../parts/use-report-names.ts';
import { Link } from '../router.tsx';
import { Status } from '../status.tsx';
import { timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';
import { EditionTitle } from '../parts/edition-title.tsx';

/** How the house stands: what comes in, what has gone out. */
export function OverviewPage(): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <PageHead
        title={t('Tổng quan', 'Overview')}
        note={t(
          'Dữ liệu đi từ nguồn đến báo cáo; mọi con số đều truy được về gốc.',
          'From sources to reports; every figure leads back to its origin.',
        )}
      />
      <Counts />
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={14}>
          <SourcesCard />
        </Col>
        <Col xs={24} lg={10}>
          <EditionsCard />
          <Card title={t('Tra cứu mã trên báo cáo', 'Look up a printed code')} className="below">
            <ShortCodeForm />
          </Card>
        </Col>
      </Row>
    </>
  );
}

function Counts(): ReactNode {
  const { t, language } = useSpeech();
  const { state } = useAnswer('/home');
  if (state.kind !== 'answered') return null;
  const labels: Readonly<Record<string, string>> = {
    sources: t('Nguồn dữ liệu', 'Sources'),
    editions: t('Bản báo cáo', 'Editions'),
    batches: t('Lô đã nhận', 'Batches'),
    extracts: t('Trích xuất', 'Extracts'),
    assets: t('Bảng dữ liệu', 'Assets'),
  };
  const counts = Object.entries(labels).flatMap(([name, label]) => {
    const count = textAt(state.answer, 'counts', name);
    return count === undefined ? [] : [{ name, label, count }];
  });
  return (
    <Row gutter={[16, 16]} className="above">
      {counts.map(({ name, label, count }) => (
        <Col xs={12} sm={8} lg={4} key={name}>
          <Card size="small">
            <Statistic title={label} value={count} formatter={() => numberText(count, language)} />
          </Card>
        </Col>
      ))}
    </Row>
  );
}

function SourcesCard(): ReactNode {
  const { t } = useSpeech();
  const nextStep = useNextStep();
  const { state, reload } = useAnswer('/sources');
  return (
    <Card
      title={t('Nguồn dữ liệu', 'Sources')}
      extra={<Link href="/sources">{t('Tất cả', 'All')}</Link>}
    >
      <AnswerView state={state} reload={reload}>
        {(answer) => {
          const sources = Array.isArray(answer) ? answer.filter(isFacts) : [];
          if (sources.length === 0) {
            return <Nothing hint={t('Chưa có nguồn nào.', 'No sources yet.')} />;
          }
          return (
            <ul className="rows">
              {sources.map((source) => (
                <SourceLine key={textAt(source, 'name')} source={source} next={nextStep(source)} />
              ))}
            </ul>
          );
        }}
      </AnswerView>
    </Card>
  );
}

function SourceLine(props: { readonly source: Facts; readonly next: string }): ReactNode {
  const { source, next } = props;
  const { t } = useSpeech();
  const name = textAt(source, 'name') ?? '';
  const lastRun = at(source, 'lastRun');
  return (
    <li>
      <Link href={`/sources/${encodeURIComponent(name)}`}>{name}</Link>
      <Status value={textAt(source, 'status')} />
      <span className="grow">
        {lastRun === undefined ? (
          <Typography.Text type="secondary">{next}</Typography.Text>
        ) : (
          <>
            {t('Lần đọc cuối: ', 'Last read: ')}
            <Status value={textAt(lastRun, 'status')} />
            <Typography.Text type="secondary">{timeText(textAt(lastRun, 'at'))}</Typography.Text>
          </>
        )}
      </span>
    </li>
  );
}

function EditionsCard(): ReactNode {
  const { t } = useSpeech();
  const nameOf = useReportNames();
  const { state, reload } = useAnswer('/editions?limit=6');
  return (
    <Card
      title={t('Báo cáo mới phát hành', 'Newest editions')}
      extra={<Link href="/editions">{t('Tất cả', 'All')}</Link>}
    >
      <AnswerView state={state} reload={reload}>
        {(answer) => {
          const items = at(answer, 'items');
          const editions = Array.isArray(items) ? items.filter(isFacts) : [];
          if (editions.length === 0) {
            return <Nothing hint={t('Chưa phát hành báo cáo nào.', 'No editions yet.')} />;
          }
          return (
            <ul className="rows">
              {editions.map((edition) => (
                <li key={textAt(edition, 'id')}>
                  <span className="grow">
                    <EditionTitle edition={edition} nameOf={nameOf} />
                  </span>
                  <Status value={textAt(edition, 'status')} />
                </li>
              ))}
            </ul>
          );
        }}
      </AnswerView>
    </Card>
  );
}
