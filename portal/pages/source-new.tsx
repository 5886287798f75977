import { Alert, Button, Card, Form, Input, Segmented, Select, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { at, type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { AnswerView, Problem } from '../parts/answer-view.tsx';
import { ConfigFields, configOf } from '../parts/config-fields.tsx';
import { newManifest } from '../manifest/new-manifest.ts';
import { textOfManifest } from '../manifest/manifest-text.ts';
import { ManifestSource } from './source-manifest.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PreviewPages } from '../parts/preview-pages.tsx';
import { useReader } from '../reader.tsx';
import { goTo } from '../router.tsx';
import { useAnswer } from '../use-answer.ts';

/** Adding a source: choose a connector, fill its fields, read a sample, save; a second person approves it. */
export function SourceNewPage(): ReactNode {
  const { t } = useSpeech();
  const { state, reload } = useAnswer('/connectors');
  return (
    <>
      <PageHead
        title={t('Thêm nguồn dữ liệu', 'Add a source')}
        note={t(
          'Đọc thử trước khi lưu; nguồn chỉ hoạt động sau khi người thứ hai phê duyệt.',
          'Read a sample before saving; the source is active once a second person has approved it.',
        )}
      />
      <AnswerView state={state} reload={reload}>
        {(answer) => (
          <ChooseBeginning connectors={Array.isArray(answer) ? answer.filter(isFacts) : []} />
        )}
      </AnswerView>
    </>
  );
}

type Beginning = 'connector' | 'ready' | 'address';

/** A system that a connector knows, one that a ready manifest describes, or any other by its address. */
function ChooseBeginning({ connectors }: { readonly connectors: readonly Facts[] }): ReactNode {
  const { t } = useSpeech();
  const [beginning, setBeginning] = useState<Beginning>('connector');
  const ready = connectors.filter((connector) => connector['ready'] === true);
  const options: readonly { readonly value: Beginning; readonly label: string }[] = [
    { value: 'connector', label: t('Bộ kết nối', 'Connector') },
    { value: 'ready', label: t('Khai báo mẫu', 'Ready manifest') },
    { value: 'address', label: t('Từ một địa chỉ', 'From an address') },
  ];
  return (
    <>
      <Segmented<Beginning>
        className="above"
        value={beginning}
        onChange={setBeginning}
        options={[...options]}
      />
      {beginning === 'connector' && (
        <ChooseConnector connectors={connectors.filter((one) => one['ready'] !== true)} />
      )}
      {beginning === 'ready' && <ReadyBeginning ready={ready} />}
      {beginning === 'address' && <AddressBeginning />}
    </>
  );
}

function ReadyBeginning({ ready }: { readonly ready: readonly Facts[] }): ReactNode {
  const { t, say } = useSpeech();
  const [chosen, setChosen] = useState<string>();
  const connector = ready.find((one) => textAt(one, 'name') === chosen);
  return (
    <>
      <Card className="narrow above">
        <Form layout="vertical">
          <Form.Item
            label={t('Loại hệ thống', 'Kind of system')}
            htmlFor="ready"
            extra={say(connector?.['description'])}
          >
            <Select
              id="ready"
              aria-label={t('Loại hệ thống', 'Kind of system')}
              value={chosen ?? null}
              onChange={setChosen}
              placeholder={t('Chọn loại hệ thống', 'Choose a kind of system')}
              options={ready.map((one) => ({
                value: textAt(one, 'name') ?? '',
                label: say(one['label']),
              }))}
            />
          </Form.Item>
        </Form>
      </Card>
      {chosen !== undefined && <ReadyForm key={chosen} name={chosen} />}
    </>
  );
}

function ReadyForm({ name }: { readonly name: string }): ReactNode {
  const { state, reload } = useAnswer(`/connectors/${segment(name)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(connector) => <ManifestSource text={textAt(connector, 'document') ?? ''} name={name} />}
    </AnswerView>
  );
}

function AddressBeginning(): ReactNode {
  const { t } = useSpeech();
  const [begun, setBegun] = useState<{ readonly name: string; readonly address: string }>();
  if (begun !== undefined)
    return (
      <ManifestSource
        name={begun.name}
        text={textOfManifest(newManifest(begun.name, begun.address))}
      />
    );
  return (
    <Card className="narrow">
      <Form<{ name: string; address: string }> layout="vertical" onFinish={setBegun}>
        <Form.Item
          name="name"
          label={t('Tên nguồn', 'Name of the source')}
          extra={t('Chữ thường không dấu, số, dấu gạch nối', 'Lower-case letters, digits, hyphens')}
          rules={[
            { required: true, message: t('Mục này bắt buộc', 'Required') },
            { pattern: /^[a-z0-9][a-z0-9._-]*$/, message: t('Tên chưa đúng', 'Not a name') },
          ]}
        >
          <Input />
        </Form.Item>
        <Form.Item
          name="address"
          label={t('Địa chỉ', 'Address')}
          extra={t(
            'Địa chỉ trả dữ liệu, ví dụ https://api.donvi.gov.vn/v1/ho-so; hoặc thư mục, hoặc inbox:',
            'Where data are answered, e.g. https://api.example.vn/v1/cases; or a directory, or inbox:',
          )}
          rules={[{ required: true, message: t('Mục này bắt buộc', 'Required') }]}
        >
          <Input />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t('Bắt đầu', 'Begin')}
        </Button>
      </Form>
    </Card>
  );
}

function ChooseConnector({ connectors }: { readonly connectors: readonly Facts[] }): ReactNode {
  const { t, say } = useSpeech();
  const [chosen, setChosen] = useState<string>();
  const connector = connectors.find((one) => textAt(one, 'name') === chosen);
  return (
    <Card className="narrow">
      <Form layout="vertical">
        <Form.Item label={t('Loại kết nối', 'Connector')} extra={say(connector?.['description'])}>
          <Select
            value={chosen}
            onChange={setChosen}
            placeholder={t('Chọn hệ thống nguồn', 'Choose the source system')}
            options={connectors.map((one) => ({
              value: textAt(one, 'name') ?? '',
              label: `${say(one['label'])} (${textAt(one, 'name') ?? ''})`,
            }))}
          />
        </Form.Item>
      </Form>
      {chosen !== undefined && <ConnectorForm key={chosen} name={chosen} />}
    </Card>
  );
}

function ConnectorForm({ name }: { readonly name: string }): ReactNode {
  const { state, reload } = useAnswer(`/connectors/${segment(name)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(connector) => <SourceFields connector={connector} />}
    </AnswerView>
  );
}

/** What the form gives. */
interface SourceForm {
  readonly name: string;
  readonly owner?: string;
  readonly config?: Facts;
  readonly secrets?: Readonly<Record<string, string | undefined>>;
}

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'read'; readonly sample: unknown };

function SourceFields({ connector }: { readonly connector: unknown }): ReactNode {
  const { t } = useSpeech();
  const { agency } = useReader();
  const [form] = Form.useForm<SourceForm>();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const kind = textAt(connector, 'name') ?? '';
  const required = [{ required: true, message: t('Mục này bắt buộc', 'Required') }];
  const attempt = async (work: (given: SourceForm) => Promise<Outcome>): Promise<void> => {
    try {
      const given = await form.validateFields();
      setOutcome({ kind: 'busy' });
      setOutcome(await work(given));
    } catch (error) {
      setOutcome(error instanceof Error ? { kind: 'failed', error } : { kind: 'none' });
    }
  };
  const parts = (given: SourceForm) => ({
    config: configOf(at(connector, 'config'), given.config ?? {}),
    secrets: secretsOf(given),
  });
  const preview = () =>
    attempt(async (given) => {
      const body = { ...parts(given), limit: 5 };
      const path = `/connectors/${segment(kind)}/preview`;
      return { kind: 'read', sample: await ask(path, { method: 'POST', body }) };
    });
  const save = () =>
    attempt(async (given) => {
      const owner = given.owner === undefined || given.owner === '' ? {} : { owner: given.owner };
      const body = { name: given.name, connector: kind, ...parts(given), ...owner };
      await ask('/sources', { method: 'POST', body });
      goTo(`/sources/${segment(given.name)}`);
      return { kind: 'none' };
    });
  const busy = outcome.kind === 'busy';
  return (
    <Form<SourceForm> form={form} layout="vertical" initialValues={{ owner: agency }}>
      <Form.Item
        name="name"
        label={t('Tên nguồn', 'Name of the source')}
        extra={t('Chữ thường không dấu, số, dấu gạch nối', 'Lower-case letters, digits, hyphens')}
        rules={[
          ...required,
          { pattern: /^[a-z0-9][a-z0-9._-]*$/, message: t('Tên chưa đúng', 'Not a name') },
        ]}
      >
        <Input />
      </Form.Item>
      <Form.Item
        name="owner"
        label={t('Mã đơn vị chủ quản', 'Owner agency')}
        extra={t('Theo QĐ 20/2020, ví dụ H31.09', 'As in QĐ 20/2020, e.g. H31.09')}
      >
        <Input disabled={agency !== undefined} />
      </Form.Item>
      <ConfigFields schema={at(connector, 'config')} />
      <SecretFields secrets={at(connector, 'secrets')} />
      {outcome.kind === 'failed' && <Problem error={outcome.error} />}
      {outcome.kind === 'read' && <Sample sample={outcome.sample} />}
      <Space className="below">
        <Button onClick={() => void preview()} loading={busy}>
          {t('Đọc thử', 'Read a sample')}
        </Button>
        <Button
          type="primary"
          onClick={() => void save()}
          disabled={outcome.kind !== 'read'}
          title={t('Đọc thử thành công rồi mới lưu được', 'Save after a sample was read')}
        >
          {t('Lưu nguồn', 'Save the source')}
        </Button>
      </Space>
    </Form>
  );
}

function secretsOf({ secrets = {} }: SourceForm): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(secrets).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as const],
    ),
  );
}

/** Secrets are kept sealed; the configuration refers to them by name and nobody sees them again. */
function SecretFields({ secrets }: { readonly secrets: unknown }): ReactNode {
  const { t, say } = useSpeech();
  if (!isFacts(secrets)) return null;
  return Object.entries(secrets).map(([name, label]) => (
    <Form.Item
      key={name}
      name={['secrets', name]}
      label={say(label)}
      extra={t(
        `Bí mật “${name}”: niêm phong khi lưu, không hiển thị lại.`,
        `Secret “${name}”: sealed when saved, never shown again.`,
      )}
    >
      <Input.Password autoComplete="new-password" />
    </Form.Item>
  ));
}

function Sample({ sample }: { readonly sample: unknown }): ReactNode {
  const { say } = useSpeech();
  return (
    <>
      <Alert type="success" showIcon title={say(at(sample, 'found'))} />
      <PreviewPages pages={at(sample, 'pages')} />
    </>
  );
}
