import { Button, Card, Form, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Nothing, Problem } from '../parts/answer-view.tsx';
import { DatasetChoices } from '../parts/dataset-choices.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { type RequestForm, requestOf } from '../parts/extract-form.ts';
import { goTo } from '../router.tsx';
import { useAnswer } from '../use-answer.ts';

/** Asking for an extract: rows of a dataset, or groups of it with measures. */
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
  const dataset = datasets.find((one) => textAt(one, 'key') === chosen);
  const required = [{ required: true, message: t('Mục này bắt buộc', 'Required') }];
  const submit = async (given: RequestForm): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { request: requestOf(given) };
      const answer = await ask('/extracts', { method: 'POST', body });
      goTo(`/extracts/${segment(textAt(answer, 'id') ?? '')}`);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  const changed = (values: Partial<RequestForm>): void => {
    if (values.dataset !== undefined)
      form.resetFields(['columns', 'groupBy', 'measures', 'filters']);
  };
  return (
    <Card className="narrow">
      <Form<RequestForm>
        form={form}
        layout="vertical"
        initialValues={{ format: 'csv' }}
        onValuesChange={changed}
        onFinish={(given) => void submit(given)}
      >
        <Form.Item name="dataset" label={t('Tập dữ liệu', 'Dataset')} rules={required}>
          <Select
            options={datasets.map((one) => ({
              value: textAt(one, 'key') ?? '',
              label: `${say(one['label'])} (${textAt(one, 'key') ?? ''})`,
            }))}
          />
        </Form.Item>
        {dataset !== undefined && <DatasetChoices dataset={dataset} />}
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
        <Form.Item name="agreement" label={t('Số thỏa thuận', 'Agreement')}>
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
