import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';

const usual = ['PT1H', 'PT6H', 'P1D', 'P1W', 'P1M', 'P3M'];

/** A declared freshness in words: `P1D` as "mỗi ngày". */
export function useFreshnessText(): (freshness: string) => string {
  const { t } = useSpeech();
  const units: Readonly<Record<string, readonly [string, string]>> = {
    H: ['giờ', 'hours'],
    D: ['ngày', 'days'],
    W: ['tuần', 'weeks'],
    M: ['tháng', 'months'],
  };
  return (freshness) => {
    const [, count = '', unit = ''] = /^PT?(\d+)([HDWM])$/.exec(freshness) ?? [];
    const [vi = freshness, en = freshness] = units[unit] ?? [];
    return count === '1'
      ? t(`mỗi ${vi}`, `every ${en.replace(/s$/, '')}`)
      : t(`mỗi ${count} ${vi}`, `every ${count} ${en}`);
  };
}

/** Choosing how often something new is expected. */
export function FreshnessSelect(props: {
  readonly id: string;
  readonly value: string | undefined;
  readonly change: (freshness: string | undefined) => void;
}): ReactNode {
  const { t } = useSpeech();
  const text = useFreshnessText();
  const known = props.value === undefined || usual.includes(props.value);
  const choices = known ? usual : [...usual, props.value];
  return (
    <Select
      id={props.id}
      aria-label={t('Phải có dữ liệu mới', 'Something new is expected')}
      allowClear
      placeholder={t('Không khai', 'Not declared')}
      value={props.value ?? null}
      options={choices.map((value) => ({ value, label: text(value) }))}
      onChange={(next: string | null | undefined) => props.change(next ?? undefined)}
    />
  );
}
