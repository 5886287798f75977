import { Alert, Button, Form, Input, Select, Space } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';

/** What may be asked of a dataset: only the columns, categories and measures that the catalogue really offers. */
export function DatasetChoices({ dataset }: { readonly dataset: Facts }): ReactNode {
  const { t, say } = useSpeech();
  const label = (name: string): string => {
    const column = factsAt(dataset, 'columns').find((one) => textAt(one, 'name') === name);
    const text = say(at(column, 'label'));
    return text === '' ? name : text;
  };
  const named = (list: unknown) =>
    (Array.isArray(list) ? list.map(String) : []).map((value) => ({ value, label: label(value) }));
  const columns = named(at(dataset, 'offers', 'columns'));
  const dimensions = named(at(dataset, 'offers', 'dimensions'));
  const functions = useFunctionNames();
  const measures = factsAt(dataset, 'offers', 'measures').map((measure) => {
    const [fn = '', column = ''] = [textAt(measure, 'fn'), textAt(measure, 'column')];
    return { value: `${fn}:${column}`, label: `${functions[fn] ?? fn}: ${label(column)}` };
  });
  if (columns.length === 0 && measures.length === 0) return <NothingLeaves />;
  const several = { mode: 'multiple', allowClear: true, optionFilterProp: 'label' } as const;
  return (
    <>
      {at(dataset, 'protected') !== undefined && <ProtectedNote />}
      {columns.length > 0 && (
        <Form.Item
          name="columns"
          label={t('Các cột (khi lấy từng dòng)', 'Columns (for rows)')}
          extra={t('Để trống nếu lấy số tổng hợp.', 'Leave empty for aggregates.')}
        >
          <Select {...several} options={columns} />
        </Form.Item>
      )}
      <Form.Item name="measures" label={t('Số cần lấy', 'Measures')}>
        <Select {...several} options={measures} />
      </Form.Item>
      <Form.Item name="groupBy" label={t('Phân theo', 'By')}>
        <Select {...several} options={dimensions} />
      </Form.Item>
      <Filters dimensions={dimensions} />
    </>
  );
}

function NothingLeaves(): ReactNode {
  const { t } = useSpeech();
  return (
    <Alert
      type="info"
      showIcon
      className="above"
      title={t('Bộ dữ liệu này không kết xuất được', 'This dataset does not leave')}
      description={t(
        'Đây là số đã cộng từ dữ liệu cá nhân, doanh nghiệp; không còn biết mỗi ô có bao nhiêu đối tượng. Hãy dùng báo cáo đã phát hành hoặc bộ dữ liệu gốc.',
        'These are sums over persons or enterprises; how many stand behind a cell is no longer known. Use the issued report or the dataset it is made from.',
      )}
    />
  );
}

function ProtectedNote(): ReactNode {
  const { t } = useSpeech();
  return (
    <Alert
      type="info"
      showIcon
      className="above"
      title={t(
        'Dữ liệu về cá nhân, doanh nghiệp: chỉ kết xuất số đếm; ô có quá ít đối tượng bị che.',
        'About persons or enterprises: only counts leave; cells of too few subjects are suppressed.',
      )}
    />
  );
}

function useFunctionNames(): Readonly<Record<string, string>> {
  const { t } = useSpeech();
  return {
    count: t('Số dòng có', 'Count'),
    count_distinct: t('Số đối tượng khác nhau', 'Distinct count'),
    sum: t('Tổng', 'Sum'),
    avg: t('Bình quân', 'Mean'),
    min: t('Nhỏ nhất', 'Minimum'),
    max: t('Lớn nhất', 'Maximum'),
  };
}

function Filters(props: {
  readonly dimensions: readonly { readonly value: string; readonly label: string }[];
}): ReactNode {
  const { t } = useSpeech();
  const operators = [
    ['eq', '='],
    ['ne', '≠'],
    ['in', t('một trong', 'one of')],
    ['between', t('từ … đến …', 'between')],
    ['lt', '<'],
    ['le', '≤'],
    ['gt', '>'],
    ['ge', '≥'],
    ['null', t('để trống', 'is empty')],
  ].map(([value, label]) => ({ value, label }));
  return (
    <Form.Item label={t('Điều kiện lọc', 'Filters')}>
      <Form.List name="filters">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <Space key={key} className="filter" wrap align="baseline">
                <Form.Item name={[name, 'column']} noStyle>
                  <Select
                    className="filter-column"
                    placeholder={t('Cột', 'Column')}
                    options={[...props.dimensions]}
                    showSearch={{ optionFilterProp: 'label' }}
                  />
                </Form.Item>
                <Form.Item name={[name, 'op']} noStyle initialValue="eq">
                  <Select className="filter-op" options={operators} />
                </Form.Item>
                <Form.Item name={[name, 'value']} noStyle>
                  <Input
                    placeholder={t(
                      'Giá trị; nhiều giá trị cách nhau dấu phẩy',
                      'Value; several with commas',
                    )}
                  />
                </Form.Item>
                <Button onClick={() => remove(name)}>{t('Bỏ', 'Remove')}</Button>
              </Space>
            ))}
            <Button type="dashed" onClick={() => add()}>
              {t('Thêm điều kiện', 'Add a filter')}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
