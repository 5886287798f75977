import { Table } from 'antd';
import type { ReactNode } from 'react';
import { type Facts, isFacts } from '../facts.ts';
import { useSpeech } from '../language.tsx';

/** Vietnamese headings of counts and members that generated tables show; data columns keep their own names. */
const headings: Readonly<Record<string, string>> = {
  stream: 'Luồng',
  received: 'Nhận',
  new: 'Mới',
  changed: 'Thay đổi',
  unchanged: 'Không đổi',
  duplicate: 'Trùng',
  filtered: 'Loại',
  quarantined: 'Cách ly',
  deleted: 'Xóa',
  cursor: 'Vị trí đọc',
  status: 'Trạng thái',
  reason: 'Lý do',
  aggregate: 'Phép tính',
  where: 'Điều kiện',
  name: 'Tên',
};

/** Rows whose columns are only known when they come; those of data (`raw`) keep their names. */
export function FactsTable(props: {
  readonly rows: readonly Facts[];
  readonly raw?: boolean;
}): ReactNode {
  const { rows, raw = false } = props;
  const { t, say } = useSpeech();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <Table<{ readonly key: number; readonly row: Facts }>
      size="small"
      pagination={rows.length > 20 ? { pageSize: 20 } : false}
      dataSource={rows.map((row, key) => ({ key, row }))}
      scroll={{ x: 'max-content' }}
      columns={names.map((name) => ({
        key: name,
        title: raw ? name : t(headings[name] ?? name, name),
        render: ({ row }: { readonly row: Facts }) => cell(row[name], say),
      }))}
    />
  );
}

function cell(value: unknown, say: (value: unknown) => string): string {
  if (Array.isArray(value)) return value.map((item) => say(item)).join(', ');
  return isFacts(value) || value !== undefined ? say(value) : '';
}
