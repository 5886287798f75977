import { Button, Card, Descriptions, Form, Input, Result, Space } from 'antd';
import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { at, type Facts, factsAt, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { AnswerView } from '../parts/answer-view.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { goTo, Link } from '../router.tsx';
import { dayText, timeText } from '../time-text.ts';
import { useAnswer } from '../use-answer.ts';
import { TracedBatches } from '../parts/traced-batches.tsx';

/** Where a figure comes from, down to the bytes. */
export function TracePage({ reference }: { readonly reference: string }): ReactNode {
  const { t } = useSpeech();
  return (
    <>
      <PageHead
        title={t('Con số này từ đâu ra?', 'Where does this figure come from?')}
        note={
          reference === ''
            ? t(
                'Bấm một con số trong báo cáo, hoặc nhập tham chiếu.',
                'Click a figure in a report, or enter a reference.',
              )
            : reference
        }
        actions={<BackToEdition reference={reference} />}
      />
      {reference === '' ? <ReferenceForm /> : <TraceOf reference={reference} />}
    </>
  );
}

function BackToEdition({ reference }: { readonly reference: string }): ReactNode {
  const { t } = useSpeech();
  const [edition = ''] = reference.split('#');
  if (!edition.startsWith('edition:')) return null;
  return (
    <Link href={`/editions/${segment(edition)}`}>← {t('Về báo cáo', 'Back to the report')}</Link>
  );
}

function ReferenceForm(): ReactNode {
  const { t } = useSpeech();
  return (
    <Card className="narrow">
      <Form<{ ref: string }>
        layout="vertical"
        onFinish={({ ref }) => goTo(`/trace?ref=${segment(ref.trim())}`)}
      >
        <Form.Item
          name="ref"
          label={t('Tham chiếu', 'Reference')}
          rules={[{ required: true, message: t('Nhập tham chiếu', 'Enter a reference') }]}
          extra="edition:tthc/2026-10@nd09/v1#bang1.H24.09.tiep_nhan"
        >
          <Input />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t('Truy vết', 'Trace')}
        </Button>
      </Form>
    </Card>
  );
}

function TraceOf({ reference }: { readonly reference: string }): ReactNode {
  const { state, reload } = useAnswer(`/trace?ref=${segment(reference)}`);
  return (
    <AnswerView state={state} reload={reload}>
      {(trace) =>
        isFacts(trace) ? (
          <div className="stack">
            <Verdict trace={trace} />
            <Definition trace={trace} />
            <Statement trace={trace} />
            <Rows trace={trace} />
            <TracedBatches batches={factsAt(trace, 'batches')} />
          </div>
        ) : null
      }
    </AnswerView>
  );
}

/** Printed value against the value computed now from the landed data. */
function Verdict({ trace }: { readonly trace: Facts }): ReactNode {
  const { t, language } = useSpeech();
  const equal = trace['equal'] === true;
  const printed = textAt(trace, 'figure', 'printed') ?? textAt(trace, 'figure', 'value');
  const recomputed = textAt(trace, 'recomputed');
  const show = (value: string | undefined): string =>
    value !== undefined && /^-?\d+(\.\d+)?$/.test(value)
      ? numberText(value, language)
      : (value ?? '—');
  return (
    <Card className={equal ? 'verdict equal' : 'verdict unequal'}>
      <Result
        status={equal ? 'success' : 'error'}
        title={
          equal
            ? t(
                'BẰNG NHAU: tính lại từ dữ liệu gốc ra đúng số đã in',
                'EQUAL: recomputed from the landed data, it is the printed value',
              )
            : t(
                'KHÔNG BẰNG: tính lại từ dữ liệu gốc ra số khác',
                'NOT EQUAL: recomputed from the landed data, it differs',
              )
        }
        extra={
          <Space size={48} className="numbers">
            <span>
              {t('Số đã in', 'Printed')}
              <b>{show(printed)}</b>
            </span>
            <span>
              {t('Tính lại', 'Recomputed')}
              <b>{show(recomputed)}</b>
            </span>
          </Space>
        }
      />
    </Card>
  );
}

function Definition({ trace }: { readonly trace: Facts }): ReactNode {
  const { t, say } = useSpeech();
  const definition = at(trace, 'definition');
  const from = textAt(trace, 'figure', 'window', 'from');
  const to = textAt(trace, 'figure', 'window', 'to');
  const entries: readonly (readonly [string, string | undefined])[] = [
    [t('Chỉ tiêu', 'Indicator'), say(at(definition, 'label'))],
    [t('Công thức', 'Formula'), say(at(definition, 'formula'))],
    [
      isFacts(at(definition, 'quotient')) ? t('Tử số', 'Numerator') : t('Cách tính', 'Computed as'),
      say(at(definition, 'numerator') ?? at(definition, 'value')),
    ],
    [
      t('Mẫu số', 'Denominator'),
      say(at(definition, 'denominator') ?? at(definition, 'quotient', 'denominator')),
    ],
    [t('Đơn vị tính', 'Unit'), say(at(definition, 'unit'))],
    [t('Căn cứ', 'Legal source'), say(at(definition, 'legalSource') ?? at(definition, 'source'))],
    [t('Khoảng thời gian', 'Window'), from && to && `${dayText(from)}–${dayText(to)}`],
    [t('Dữ liệu tính đến', 'Data as of'), timeText(textAt(trace, 'asOf'))],
    [t('Phiên bản mã', 'Code version'), codeText(at(trace, 'code'))],
  ];
  return (
    <Card title={t('Định nghĩa', 'Definition')}>
      <Descriptions
        size="small"
        bordered
        column={1}
        items={entries.flatMap(([label, children]) =>
          children === undefined || children === '' ? [] : [{ key: label, label, children }],
        )}
      />
      <Terms terms={at(definition, 'terms')} />
    </Card>
  );
}

function Terms({ terms }: { readonly terms: unknown }): ReactNode {
  if (!isFacts(terms)) return null;
  const rows = Object.entries(terms).map(([name, term]) => ({
    name,
    ...(isFacts(term) ? term : {}),
  }));
  return <FactsTable rows={rows} />;
}

function codeText(code: unknown): string {
  if (!isFacts(code)) return typeof code === 'string' ? code : '';
  return Object.values(code)
    .filter((value) => typeof value === 'string')
    .join(' · ');
}

function Statement({ trace }: { readonly trace: Facts }): ReactNode {
  const { t } = useSpeech();
  return (
    <Card title={t('Câu SQL đã chạy lại', 'The SQL that was run again')}>
      <pre className="code">{textAt(trace, 'sql')}</pre>
    </Card>
  );
}

/** The rows of the fact, then the loaded rows that these were made of. */
function Rows({ trace }: { readonly trace: Facts }): ReactNode {
  const { t } = useSpeech();
  const rows = at(trace, 'rows');
  return (
    <>
      <RowSet title={t('Các dòng đã dùng', 'Contributing rows')} rows={rows} />
      {factsAt(trace, 'sources').map((source) => (
        <RowSet
          key={textAt(source, 'asset')}
          title={`${t('Dòng gốc đã nạp', 'Loaded rows')}: ${textAt(source, 'asset') ?? ''}`}
          rows={source}
        />
      ))}
    </>
  );
}

function RowSet(props: { readonly title: string; readonly rows: unknown }): ReactNode {
  const { t, language } = useSpeech();
  const { title, rows } = props;
  const sample = factsAt(rows, 'sample');
  return (
    <Card title={title}>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: 'a', label: t('Bảng', 'Asset'), children: <code>{textAt(rows, 'asset')}</code> },
          {
            key: 'w',
            label: t('Điều kiện', 'Condition'),
            children: <code className="wrap">{textAt(rows, 'where')}</code>,
          },
          {
            key: 'n',
            label: t('Số dòng', 'Rows'),
            children: numberText(textAt(rows, 'count') ?? '0', language),
          },
          {
            key: 's',
            label: 'SHA-256',
            children: <code className="wrap">{textAt(rows, 'sha256')}</code>,
          },
        ]}
      />
      {sample.length > 0 && (
        <>
          <p className="note">
            {t(`Mẫu ${sample.length} dòng đầu:`, `The first ${sample.length} rows:`)}
          </p>
          <FactsTable rows={sample} raw />
        </>
      )}
    </Card>
  );
}
