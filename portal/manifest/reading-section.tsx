import { Card, Form, Select } from 'antd';
import type { ReactNode } from 'react';
import { isFacts } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';
import { ManifestField } from './manifest-field.tsx';
import type { ManifestPath } from './manifest-text.ts';
import { PairsField } from './pairs-field.tsx';

type Words = readonly [string, string];
type Field = readonly [name: string, vi: string, en: string, kind?: 'number'];

/** One way out of several: what it begins with, what it asks of the request's parameters, and its fields. */
interface Way {
  readonly name: Words;
  readonly begin: Readonly<Record<string, string | number>>;
  readonly query: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
}

const size: Field = ['size', 'Số bản ghi mỗi trang', 'Records of a page', 'number'];
const paging: Readonly<Record<string, Way>> = {
  none: { name: ['Một lần là hết', 'All at once'], begin: {}, query: {}, fields: [] },
  offset: {
    name: ['Theo vị trí (offset)', 'By offset'],
    begin: { size: 100 },
    query: { offset: '{{ page.offset }}', limit: '{{ page.size }}' },
    fields: [size, ['start', 'Vị trí đầu', 'First offset', 'number']],
  },
  page: {
    name: ['Theo số trang', 'By page number'],
    begin: { size: 100 },
    query: { page: '{{ page.number }}', size: '{{ page.size }}' },
    fields: [size, ['start', 'Số trang đầu', 'First page', 'number']],
  },
  cursor: {
    name: ['Theo mã trang kế', 'By a token'],
    begin: { next: 'next' },
    query: { cursor: '{{ page.token? }}' },
    fields: [
      ['next', 'Mã trang kế nằm ở', 'Next token is found at'],
      ['more', 'Còn nữa hay không nằm ở', 'Whether there is more is found at'],
      size,
    ],
  },
  link: {
    name: ['Theo địa chỉ trang kế', 'By a link'],
    begin: {},
    query: {},
    fields: [['next', 'Địa chỉ kế nằm ở', 'Next address is found at'], size],
  },
};

const increments: Readonly<Record<string, Way>> = {
  none: { name: ['Đọc lại toàn bộ', 'All of it each time'], begin: {}, query: {}, fields: [] },
  time: {
    name: ['Theo thời gian', 'By time'],
    begin: { start: '2024-01-01', step: 'P1M', granularity: 'P1D', lookBack: 'P3D' },
    query: { from: '{{ window.from }}', to: '{{ window.to }}' },
    fields: [
      ['start', 'Đọc từ ngày', 'First day'],
      ['step', 'Mỗi lần dài', 'Longest window'],
      ['granularity', 'Độ mịn', 'Granularity'],
      ['lookBack', 'Đọc lùi', 'Look-back'],
      ['format', 'Cách viết thời gian', 'Form of times'],
    ],
  },
  number: {
    name: ['Theo số tăng dần', 'By a growing number'],
    begin: { field: 'id', start: 0 },
    query: { after: '{{ cursor.value }}' },
    fields: [
      ['field', 'Trường', 'Field'],
      ['start', 'Bắt đầu từ', 'Start', 'number'],
    ],
  },
  token: {
    name: ['Theo mã nguồn trả', 'By a token of the source'],
    begin: { path: 'token' },
    query: { token: '{{ cursor.value? }}' },
    fields: [['path', 'Mã nằm ở', 'Token is found at']],
  },
};

const formats = ['json', 'ndjson', 'csv', 'tsv', 'xml', 'xlsx', 'geojson', 'parquet'];
const furtherFormats = ['json-table', 'feed', 'ais', 'event'];

/** How one stream is asked for: request, pages, increments, completeness, decoding. */
export function ReadingSection({ path }: { readonly path: ManifestPath }): ReactNode {
  const { t } = useSpeech();
  const { manifest } = useManifest();
  const overFiles = manifest.at([...path, 'files']) !== undefined;
  const proof = manifest.at([...path, 'completeness', 'proof']);
  const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <Card size="small" title={t('Cách đọc', 'Reading')}>
      <div className="field-grid">
        <ManifestField
          path={[...path, 'stream']}
          label={t('Mã luồng', 'Stream')}
          hint={t('Tên bảng: chữ thường, số, _', 'Name of the table: a–z, 0–9, _')}
        />
        <ManifestField path={[...path, 'label', 'vi']} label={t('Tên luồng', 'Label')} />
        <ManifestField
          path={[...path, 'label', 'en']}
          label={t('Tên luồng tiếng Anh', 'Label in English')}
        />
        {overFiles ? (
          <ManifestField path={[...path, 'files']} label={t('Mẫu tên tệp', 'Names of files')} />
        ) : (
          <>
            <ManifestField path={[...path, 'request', 'path']} label={t('Đường dẫn', 'Path')} />
            <ManifestField
              path={[...path, 'request', 'method']}
              kind="choice"
              label={t('Phương thức', 'Method')}
              usual="GET"
              choices={choices(['GET', 'POST'])}
            />
          </>
        )}
        <ManifestField
          path={[...path, 'decoding', 'format']}
          kind="choice"
          label={t('Định dạng', 'Format')}
          choices={choices([...formats, ...furtherFormats])}
        />
        <ManifestField
          path={[...path, 'records']}
          label={t('Bản ghi nằm ở', 'Records are found at')}
          hint={t('Ví dụ data.items; để trống nếu là cả tệp', 'E.g. data.items; empty: the whole')}
        />
        {!overFiles && (
          <>
            <WayFields
              path={path}
              member="pagination"
              ways={paging}
              label={t('Phân trang', 'Pages')}
            />
            <WayFields
              path={path}
              member="incremental"
              ways={increments}
              label={t('Con trỏ (đọc tăng dần)', 'Cursor')}
            />
            <ManifestField
              path={[...path, 'completeness', 'proof']}
              kind="choice"
              label={t('Biết là đọc đủ nhờ', 'Known to be whole by')}
              usual="end-marker"
              choices={[
                { value: 'end-marker', label: t('hết trang', 'the end') },
                { value: 'total', label: t('tổng số nguồn khai', 'a declared total') },
              ]}
            />
            {proof === 'total' && (
              <ManifestField
                path={[...path, 'completeness', 'path']}
                label={t('Tổng số nằm ở', 'Total is found at')}
              />
            )}
            <PairsField
              path={[...path, 'request', 'query']}
              label={t('Tham số của địa chỉ', 'Parameters')}
            />
          </>
        )}
      </div>
    </Card>
  );
}

function WayFields(props: {
  readonly path: ManifestPath;
  readonly member: 'pagination' | 'incremental';
  readonly ways: Readonly<Record<string, Way>>;
  readonly label: string;
}): ReactNode {
  const { t } = useSpeech();
  const { manifest, setAll } = useManifest();
  const { path, member, ways, label } = props;
  const given = manifest.at([...path, member, 'kind']);
  const kind = typeof given === 'string' && given in ways ? given : 'none';
  const choose = (next: string): void => {
    const way = ways[next];
    if (way === undefined) return;
    const known = manifest.at([...path, 'request', 'query']);
    const query = isFacts(known) ? known : {};
    const left = without(query, ways[kind]?.query ?? {});
    const asked = { ...left, ...missing(left, way.query) };
    setAll([
      [[...path, member], next === 'none' ? undefined : { kind: next, ...way.begin }],
      [[...path, 'request', 'query'], Object.keys(asked).length === 0 ? undefined : asked],
    ]);
  };
  const id = `m-${[...path, member].join('-')}`;
  return (
    <>
      <Form.Item className="manifest-field" label={label} htmlFor={id}>
        <Select
          id={id}
          aria-label={label}
          value={kind}
          popupMatchSelectWidth={false}
          options={Object.entries(ways).map(([value, { name }]) => ({
            value,
            label: t(name[0], name[1]),
          }))}
          onChange={choose}
        />
      </Form.Item>
      {(ways[kind]?.fields ?? []).map(([name, vi, en, type]) => (
        <ManifestField
          key={name}
          path={[...path, member, name]}
          kind={type ?? 'text'}
          label={t(vi, en)}
        />
      ))}
    </>
  );
}

/** The parameters without those that another way had brought. */
function without(
  query: Readonly<Record<string, unknown>>,
  brought: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(query).filter(([name, text]) => brought[name] !== text));
}

/** What a way needs that no parameter carries yet. */
function missing(
  query: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const carried = JSON.stringify(query);
  const root = (text: string) => text.replace(/\?? }}$/, '');
  return Object.fromEntries(
    Object.entries(wanted).filter(([, text]) => !carried.includes(root(text))),
  );
}
