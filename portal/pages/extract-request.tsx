import { Button, Card, Form, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Nothing, Problem } from '../parts/answer-view.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { goTo } from '../router.tsx';
import { useAnswer } from '../use-answer.ts';

/** What the form gives. */
interface RequestForm {
  readonly dataset: string;
  readonly columns?: readonly string[];
  readonly groupBy?: readonly string[];
  readonly sums?: readonly string[];
  readonly format: string;
  readonly purpose: string;
  readonly legalBasis?: string;
  readonly recipient: string;
  readonly expires: string;
}

/** Asking for an extract: rows of a dataset, or groups of it with sums. */
export function ExtractRequestPage(): ReactNode {
  const { t } = useSpeech();
  const { state, reload } = useAnswer('/extracts/datasets');
  return (
    <>
      <PageHead
        title={t('Yêu cầu trích xuất', 'Request an extract')}
        note={t(
          'Yêu cầu được người có thẩm quyền duyệt trước khi có tệp.',
          'A steward decides before a file is made.',
        )}
      />
      <AnswerView state={state} reload={reload}>
        {(answer) => {
          const datasets = Array.isArray(answer) ? answer.filter(isFacts) : [];
          if (datasets.length === 0) {
            return (
              <Nothing hint={t('Chưa có tập dữ liệu nào để trích xuất.', 'No datasets yet.')} />
            );
          }
          return <RequestFields datasets={datasets} />;
        }}
      </AnswerView>
    </>
  );
}

function RequestFields({ datasets }: { readonly datasets: readonly Facts[] }): ReactNode {
  const { t, say } = useSpeech();
  const [form] = Form.useForm<RequestForm>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const chosen = Form.useWatch('dataset', form);
  const columns = columnsOf(
    datasets.find((dataset) => textAt(dataset, 'key') === chosen),
    say,
  );
  const required = [{ required: true, message: t('Mục này bắt buộc', 'Required') }];
  const submit = async (given: RequestForm): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await ask('/extracts', {
        method: 'POST',
        body: { request: requestOf(given) },
      });
      goTo(`/extracts/${segment(textAt(answer, 'id') ?? '')}`);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  const several = { mode: 'multiple', options: columns, allowClear: true } as const;
  return (
    <Card className="narrow">
      <Form<RequestForm>
        form={form}
        layout="vertical"
        initialValues={{ format: 'csv' }}
        onFinish={(given) => void submit(given)}
      >
        <Form.Item name="dataset" label={t('Tập dữ liệu', 'Dataset')} rules={required}>
          <Select
            options={datasets.map((dataset) => ({
              value: textAt(dataset, 'key') ?? '',
              label: `${say(dataset['label'])} (${textAt(dataset, 'key') ?? ''})`,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="columns"
          label={t('Các cột (khi lấy từng dòng)', 'Columns (for rows)')}
          extra={t('Để trống nếu lấy số tổng hợp.', 'Leave empty for aggregates.')}
        >
          <Select {...several} />
        </Form.Item>
        <Form.Item name="groupBy" label={t('Nhóm theo', 'Group by')}>
          <Select {...several} />
        </Form.Item>
        <Form.Item name="sums" label={t('Cộng các cột', 'Sum of columns')}>
          <Select {...several} />
        </Form.Item>
        <Form.Item name="format" label={t('Định dạng tệp', 'File format')} rules={required}>
          <Select
            options={['csv', 'xlsx', 'parquet'].map((value) => ({
              value,
              label: value.toUpperCase(),
            }))}
          />
        </Form.Item>
        <Form.Item name="purpose" label={t('Mục đích sử dụng', 'Purpose')} rules={required}>
          <Input.TextArea rows={2} />
        </Form.Item>
        <Form.Item name="legalBasis" label={t('Căn cứ pháp lý', 'Legal basis')}>
          <Input />
        </Form.Item>
        <Form.Item name="recipient" label={t('Bên nhận', 'Recipient')} rules={required}>
          <Input />
        </Form.Item>
        <Form.Item
          name="expires"
          label={t('Dùng đến hết ngày', 'Usable until')}
          rules={[
            {
              required: true,
              pattern: /^\d{2}\/\d{2}\/\d{4}$/,
              message: t(
                'Ghi ngày/tháng/năm, ví dụ 31/12/2026',
                'Write day/month/year, e.g. 31/12/2026',
              ),
            },
          ]}
        >
          <Input placeholder="31/12/2026" maxLength={10} />
        </Form.Item>
        {error !== undefined && <Problem error={error} />}
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('Gửi yêu cầu', 'Submit')}
        </Button>
      </Form>
    </Card>
  );
}

function columnsOf(
  dataset: Facts | undefined,
  say: (value: unknown) => string,
): { readonly value: string; readonly label: string }[] {
  const columns = at(dataset, 'columns');
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column: unknown) => {
    const value = typeof column === 'string' ? column : textAt(column, 'name');
    const label = say(at(column, 'label'));
    return value === undefined ? [] : [{ value, label: label === '' ? value : label }];
  });
}

/** The request as the API takes it; what was left empty is left out. */
function requestOf({ sums = [], columns, groupBy, expires, ...rest }: RequestForm): object {
  const until = expires.split('/').reverse().join('-');
  const filled = Object.entries({ ...rest, expires: until, columns, groupBy }).filter(
    ([, value]) => value !== undefined && value !== '' && value.length > 0,
  );
  const measures = sums.map((column) => ({ column, fn: 'sum' }));
  return { ...Object.fromEntries(filled), ...(measures.length > 0 ? { measures } : {}) };
}
