import { App, Button, Card, Form, Input, Space } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, segment } from '../api.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { ManifestProvider, useManifest } from '../manifest/manifest-context.tsx';
import { ManifestEditor } from '../manifest/manifest-editor.tsx';
import { placeholder } from '../manifest/new-manifest.ts';
import { Problem } from '../parts/answer-view.tsx';
import { FreshnessSelect } from '../parts/freshness.tsx';
import { type SampleWanted, TestRead } from '../parts/test-read.tsx';
import { useReader } from '../reader.tsx';
import { goTo } from '../router.tsx';

/** Making a declared source, or its next version: form, test read, save as a draft. */
export function ManifestSource(props: {
  readonly text: string;
  /** The source whose next version is made; without it, a new one. */
  readonly existing?: string;
  readonly name?: string;
}): ReactNode {
  return (
    <ManifestProvider text={props.text}>
      <Making
        {...(props.existing === undefined ? {} : { existing: props.existing })}
        proposedName={props.name ?? ''}
      />
    </ManifestProvider>
  );
}

/** What identifies a new source. */
interface Identity {
  readonly name: string;
  readonly owner: string;
  readonly freshness: string | undefined;
}

function Making(props: { readonly existing?: string; readonly proposedName: string }): ReactNode {
  const { t } = useSpeech();
  const { message } = App.useApp();
  const { agency } = useReader();
  const { manifest, problems, examined } = useManifest();
  const { existing } = props;
  const [identity, setIdentity] = useState<Identity>({
    ...{ name: existing ?? props.proposedName, owner: agency ?? '' },
    freshness: undefined,
  });
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const take = useTakeColumns();
  const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''));
  const parts = { config: { yaml: manifest.text }, secrets: given };
  const read = (wanted: SampleWanted) =>
    ask('/connectors/manifest/preview', { method: 'POST', body: { ...parts, ...wanted } });
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      if (existing === undefined) await ask('/sources', addition(identity, parts));
      else await ask(`/sources/${segment(existing)}/edit`, { method: 'POST', body: parts });
      void message.success(t('Đã lưu.', 'Saved.'));
      goTo(`/sources/${segment(identity.name)}`);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  const wrong = !examined || problems.length > 0;
  const nameless = !/^[a-z0-9][a-z0-9._-]*$/.test(identity.name);
  return (
    <div className="stack">
      {existing === undefined && <IdentityFields identity={identity} change={setIdentity} />}
      <ManifestEditor
        name={identity.name}
        secrets={secrets}
        changeSecret={(name, value) => setSecrets((before) => ({ ...before, [name]: value }))}
        keptSecrets={existing !== undefined}
      />
      <Card size="small" title={t('Đọc thử', 'Test read')}>
        <TestRead
          read={read}
          streams={streamsOf(manifest.at(['streams']))}
          propose={take}
          disabled={wrong}
        />
      </Card>
      {error !== undefined && <Problem error={error} />}
      <Space wrap>
        <Button
          type="primary"
          loading={busy}
          disabled={wrong || nameless}
          onClick={() => void save()}
        >
          {existing === undefined
            ? t('Lưu bản nháp', 'Save as a draft')
            : t('Lưu thành phiên bản mới', 'Save as a new version')}
        </Button>
        {nameless && (
          <span className="note">{t('Cần đặt tên nguồn.', 'The source needs a name.')}</span>
        )}
      </Space>
    </div>
  );
}

function addition(identity: Identity, parts: object) {
  const { name, owner, freshness } = identity;
  const body = {
    ...{ name, connector: 'manifest', ...parts },
    ...(owner === '' ? {} : { owner }),
    ...(freshness === undefined ? {} : { freshness }),
  };
  return { method: 'POST', body } as const;
}

function streamsOf(streams: unknown): readonly string[] {
  return Array.isArray(streams) ? streams.flatMap((stream) => textAt(stream, 'stream') ?? []) : [];
}

/** Puts proposed columns into their stream; the stand-in of a new manifest gives way, and a likely key is marked. */
function useTakeColumns(): (stream: string, columns: readonly Facts[]) => void {
  const { manifest, setAll } = useManifest();
  return (stream, proposed) => {
    const index = streamsOf(manifest.at(['streams'])).indexOf(stream);
    const path = ['streams', Math.max(index, 0)];
    const kept = manifest.at([...path, 'columns']);
    const columns = (Array.isArray(kept) ? kept.filter(isFacts) : []).filter(
      (column) => textAt(column, 'name') !== placeholder.name,
    );
    const all = [...columns, ...proposed];
    const names = all.map((column) => textAt(column, 'name') ?? '');
    const likely = names.find((name) => /(^|_)(id|ma|so|code)(_|$)/.test(name)) ?? names[0] ?? '';
    setAll([
      [[...path, 'columns'], all],
      ...(columns.length === 0 ? [[[...path, 'key'], [likely]] as const] : []),
    ]);
  };
}

function IdentityFields(props: {
  readonly identity: Identity;
  readonly change: (identity: Identity) => void;
}): ReactNode {
  const { t } = useSpeech();
  const { agency } = useReader();
  const { identity, change } = props;
  const wrong = identity.name !== '' && !/^[a-z0-9][a-z0-9._-]*$/.test(identity.name);
  return (
    <Card size="small" title={t('Đăng ký', 'Registration')}>
      <div className="field-grid">
        <Form.Item
          className="manifest-field"
          label={t('Tên nguồn', 'Name of the source')}
          htmlFor="source-name"
          extra={t('Chữ thường không dấu, số, dấu gạch nối', 'Lower-case letters, digits, hyphens')}
          {...(wrong
            ? { validateStatus: 'error' as const, help: t('Tên chưa đúng', 'Not a name') }
            : {})}
        >
          <Input
            id="source-name"
            value={identity.name}
            onChange={({ target }) => change({ ...identity, name: target.value })}
          />
        </Form.Item>
        <Form.Item
          className="manifest-field"
          label={t('Mã đơn vị chủ quản', 'Owner agency')}
          htmlFor="source-owner"
          extra={t('Theo QĐ 20/2020, ví dụ H31.09', 'As in QĐ 20/2020, e.g. H31.09')}
        >
          <Input
            id="source-owner"
            disabled={agency !== undefined}
            value={identity.owner}
            onChange={({ target }) => change({ ...identity, owner: target.value })}
          />
        </Form.Item>
        <Form.Item
          className="manifest-field"
          label={t('Phải có dữ liệu mới', 'Something new is expected')}
          htmlFor="source-freshness"
          extra={t('Đúng hạn được tính theo mục này', 'On time is counted against this')}
        >
          <FreshnessSelect
            id="source-freshness"
            value={identity.freshness}
            change={(freshness) => change({ ...identity, freshness })}
          />
        </Form.Item>
      </div>
    </Card>
  );
}
