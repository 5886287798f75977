import { Progress, Select, Table, Typography } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { type Facts, factsAt, numberAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { AnswerView, Nothing } from '../parts/answer-view.tsx';
import { useFreshnessText } from '../parts/freshness.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SupplierDetail } from '../parts/supplier-detail.tsx';
import { goTo, Link } from '../router.tsx';
import { dayText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';

/** The league table of suppliers: per agency and period on time, complete, valid, delay, down to the batches. */
export function SuppliersPage({ period }: { readonly period: string | undefined }): ReactNode {
  const { t } = useSpeech();
  const months = lastMonths(new Date());
  const chosen = period ?? months[0] ?? '';
  const { state, reload } = useAnswer(`/suppliers/${segment(chosen)}`);
  const choices = [...new Set([chosen, ...months, ...yearsOf(months)])];
  return (
    <>
      <PageHead
        title={t('Bảng xếp hạng đơn vị cung cấp', 'League table of suppliers')}
        note={t(
          'Đúng hạn được tính theo hạn cập nhật mà nguồn đã khai.',
          'On time is counted against the freshness that a source declares.',
        )}
        actions={
          <Select
            aria-label={t('Kỳ', 'Period')}
            className="period-select"
            value={chosen}
            onChange={(next) => goTo(`/suppliers/${segment(next)}`)}
            options={choices.map((value) => ({ value, label: periodLabel(value, t) }))}
          />
        }
      />
      <AnswerView state={state} reload={reload}>
        {(answer) => (
          <>
            <Typography.Paragraph type="secondary">
              {t('Từ', 'From')} {dayText(textAt(answer, 'from') ?? '')} {t('đến', 'to')}{' '}
              {dayText(textAt(answer, 'to') ?? '')}
            </Typography.Paragraph>
            <League suppliers={factsAt(answer, 'suppliers')} />
          </>
        )}
      </AnswerView>
    </>
  );
}

function League({ suppliers }: { readonly suppliers: readonly Facts[] }): ReactNode {
  const { t, language } = useSpeech();
  const share = (title: string, name: string) => ({
    title,
    width: 130,
    render: (row: Facts) => <Share value={numberAt(row, name)} />,
  });
  return (
    <Table<Facts>
      size="middle"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...suppliers]}
      rowKey={(row) => textAt(row, 'source') ?? ''}
      locale={{
        emptyText: (
          <Nothing
            hint={t('Không nguồn nào được đọc trong kỳ này.', 'No source was read in this period.')}
          />
        ),
      }}
      expandable={{ expandedRowRender: (row) => <SupplierDetail supplier={row} /> }}
      columns={[
        {
          title: t('Hạng', 'Rank'),
          align: 'right',
          render: (_: unknown, __: Facts, index: number) => index + 1,
        },
        { title: t('Đơn vị', 'Agency'), dataIndex: 'agency' },
        {
          title: t('Nguồn', 'Source'),
          render: (row: Facts) => {
            const name = textAt(row, 'source') ?? '';
            return <Link href={`/sources/${segment(name)}`}>{name}</Link>;
          },
        },
        {
          title: t('Điểm', 'Score'),
          align: 'right',
          render: (row: Facts) => <b>{numberText(textAt(row, 'score') ?? '', language)}</b>,
        },
        { title: t('Hạn cập nhật', 'Freshness'), render: (row: Facts) => <Expected row={row} /> },
        {
          title: t('Đúng hạn', 'On time'),
          width: 130,
          render: (row: Facts) => (
            <Share value={numberAt(row, 'expected') === 0 ? undefined : numberAt(row, 'onTime')} />
          ),
        },
        share(t('Đầy đủ', 'Complete'), 'complete'),
        share(t('Hợp lệ', 'Valid'), 'valid'),
        {
          title: t('Độ trễ (giờ)', 'Delay (hours)'),
          align: 'right',
          render: (row: Facts) => {
            const delay = textAt(row, 'delayHours');
            return delay === undefined ? '…' : numberText(delay, language);
          },
        },
      ]}
    />
  );
}

function Expected({ row }: { readonly row: Facts }): ReactNode {
  const { t } = useSpeech();
  const text = useFreshnessText();
  const freshness = textAt(row, 'freshness');
  if (freshness === undefined)
    return (
      <Typography.Text type="secondary">
        {t('chưa khai; tính theo lượt đọc', 'none; counted by runs')}
      </Typography.Text>
    );
  const expected = numberAt(row, 'expected') ?? 0;
  const late = factsAt(row, 'lateSlots').length;
  return (
    <>
      {text(freshness)}
      <Typography.Text type="secondary">
        {' '}
        {expected === 0
          ? t('(chưa đến hạn)', '(not due yet)')
          : t(`(${expected - late}/${expected} kỳ)`, `(${expected - late}/${expected})`)}
      </Typography.Text>
    </>
  );
}

function Share({ value }: { readonly value: number | undefined }): ReactNode {
  const { language } = useSpeech();
  if (value === undefined) return '…';
  const color = value >= 95 ? '#3f9142' : value >= 80 ? '#c98a00' : '#c8102e';
  return (
    <Progress
      percent={value}
      size="small"
      strokeColor={color}
      status="normal"
      format={() => `${numberText(String(value), language)}%`}
    />
  );
}

/** The last twelve months, the present one first, by Vietnam's calendar. */
function lastMonths(now: Date): readonly string[] {
  const local = new Date(now.getTime() + 7 * 3_600_000);
  return Array.from({ length: 12 }, (_, back) => {
    const month = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1));
    return month.toISOString().slice(0, 7);
  });
}

function yearsOf(months: readonly string[]): readonly string[] {
  return [...new Set(months.map((month) => month.slice(0, 4)))];
}

function periodLabel(period: string, t: (vi: string, en: string) => string): string {
  const [, year, month] = /^(\d{4})-(\d\d)$/.exec(period) ?? [];
  if (year !== undefined) return t(`Tháng ${month ?? ''}/${year}`, `${month ?? ''}/${year}`);
  return /^\d{4}$/.test(period) ? t(`Năm ${period}`, period) : period;
}
