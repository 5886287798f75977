import { Alert, Button, Card, Checkbox, Table } from 'antd';
import type { ReactNode } from 'react';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';
import { ManifestField, ProblemLines } from './manifest-field.tsx';
import { problemsAt } from './manifest-problem.ts';
import type { ManifestPath } from './manifest-text.ts';

const types = ['varchar', 'bigint', 'integer', 'decimal(28,9)', 'boolean', 'date', 'timestamp'];

/** The columns of a stream with their classes, which of them make the key, and what tells a version's time. */
export function ColumnsSection({ path }: { readonly path: ManifestPath }): ReactNode {
  const { t } = useSpeech();
  const { manifest, set, setAll, problems } = useManifest();
  const given = manifest.at([...path, 'columns']);
  const columns = Array.isArray(given) ? given.filter(isFacts) : [];
  const kept = manifest.at([...path, 'key']);
  const key = Array.isArray(kept) ? kept.map(String) : [];
  const names = columns.map((column) => textAt(column, 'name') ?? '');
  const about = problemsAt(problems, path).filter(({ path: place }) => aboutAll(place, path));
  const mark = (name: string, on: boolean): void =>
    set([...path, 'key'], on ? [...key, name] : key.filter((one) => one !== name));
  const add = (): void => {
    const name = `cot_${columns.length + 1}`;
    const label = { vi: name, en: name };
    set([...path, 'columns', columns.length], {
      ...{ name, type: 'varchar', label },
      classification: 'internal',
    });
  };
  const remove = (index: number): void =>
    setAll([
      [[...path, 'columns'], columns.filter((_, n) => n !== index)],
      [[...path, 'key'], key.filter((one) => one !== names[index])],
    ]);
  return (
    <Card
      size="small"
      className="below"
      title={t(`Cột (${columns.length})`, `Columns (${columns.length})`)}
      extra={
        <Button size="small" onClick={add}>
          {t('Thêm cột', 'Add a column')}
        </Button>
      }
    >
      {about.length > 0 && <Alert type="error" title={<ProblemLines problems={about} />} />}
      <Table<{ readonly index: number; readonly column: Facts }>
        size="small"
        pagination={false}
        scroll={{ x: 980 }}
        rowKey="index"
        dataSource={columns.map((column, index) => ({ index, column }))}
        columns={[
          cell(path, 'name', t('Tên cột', 'Column'), 150),
          cell(path, 'from', t('Lấy từ', 'From'), 150),
          cell(path, 'type', t('Kiểu', 'Type'), 130, [...types, 'timestamptz'].map(same)),
          {
            title: t('Nhãn', 'Label'),
            width: 170,
            render: (_: unknown, { index }) => (
              <ManifestField
                bare
                path={[...path, 'columns', index, 'label', 'vi']}
                label={`${t('Nhãn', 'Label')} ${index + 1}`}
              />
            ),
          },
          cell(path, 'classification', t('Phân loại', 'Class'), 150, [
            { value: 'public', label: t('công khai', 'public') },
            { value: 'internal', label: t('nội bộ', 'internal') },
            { value: 'personal', label: t('cá nhân', 'personal') },
            { value: 'sensitive', label: t('nhạy cảm', 'sensitive') },
          ]),
          {
            title: t('Khóa', 'Key'),
            width: 60,
            render: (_: unknown, { index }) => (
              <Checkbox
                aria-label={`${t('Khóa', 'Key')} ${names[index] ?? ''}`}
                checked={key.includes(names[index] ?? '')}
                onChange={({ target }) => mark(names[index] ?? '', target.checked)}
              />
            ),
          },
          {
            title: t('Bắt buộc', 'Required'),
            width: 80,
            render: (_: unknown, { index }) => (
              <ManifestField
                bare
                kind="flag"
                path={[...path, 'columns', index, 'required']}
                label={`${t('Bắt buộc', 'Required')} ${names[index] ?? ''}`}
              />
            ),
          },
          {
            title: '',
            width: 60,
            render: (_: unknown, { index }) => (
              <Button
                size="small"
                type="text"
                aria-label={`${t('Bỏ cột', 'Remove')} ${names[index] ?? ''}`}
                onClick={() => remove(index)}
              >
                {t('Bỏ', 'Remove')}
              </Button>
            ),
          },
        ]}
      />
      <div className="field-grid below">
        <ManifestField
          path={[...path, 'publishedAt']}
          kind="choice"
          label={t('Cột thời gian của nguồn', "The source's own time")}
          choices={['', ...names].map((name) => ({ value: name, label: name || '—' }))}
        />
        <ManifestField
          path={[...path, 'subject']}
          kind="choice"
          label={t('Dữ liệu về', 'About')}
          choices={[
            { value: '', label: '—' },
            { value: 'person', label: t('cá nhân', 'persons') },
            { value: 'enterprise', label: t('doanh nghiệp', 'enterprises') },
            { value: 'holding', label: t('hộ, cơ sở', 'holdings') },
          ]}
        />
        <ManifestField
          path={[...path, 'deletes']}
          kind="choice"
          label={t('Dòng bị xóa ở nguồn', 'Deletions')}
          usual="none"
          choices={[
            { value: 'none', label: t('không theo dõi', 'not followed') },
            { value: 'absence', label: t('vắng mặt là bị xóa', 'absence') },
            { value: 'tombstone', label: t('nguồn báo', 'told by the source') },
          ]}
        />
        <ManifestField
          path={[...path, 'holdAbove']}
          kind="number"
          label={t('Giữ lô khi tỉ lệ dòng bị loại quá', 'Hold above this share of rejected rows')}
          usual="0,2"
        />
      </div>
    </Card>
  );
}

/** Whether a problem is about the columns or the key as a whole. */
function aboutAll(place: ManifestPath, stream: ManifestPath): boolean {
  const [member, ...rest] = place.slice(stream.length);
  return (member === 'columns' || member === 'key') && (member === 'key' || rest.length < 2);
}

function cell(
  path: ManifestPath,
  member: string,
  title: string,
  width: number,
  choices?: readonly { readonly value: string; readonly label: string }[],
) {
  return {
    title,
    width,
    render: (_: unknown, { index }: { readonly index: number }) => (
      <ManifestField
        bare
        path={[...path, 'columns', index, member]}
        label={`${title} ${index + 1}`}
        {...(choices === undefined ? {} : { kind: 'choice' as const, choices })}
      />
    ),
  };
}

function same(value: string) {
  return { value, label: value };
}
