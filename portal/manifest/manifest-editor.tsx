import { Alert, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';
import { AuthenticationSection } from './authentication-section.tsx';
import { ColumnsSection } from './columns-section.tsx';
import { GeneralSection, SecretsSection } from './general-section.tsx';
import { useManifest } from './manifest-context.tsx';
import { ProblemLines } from './manifest-field.tsx';
import { pathText } from './path-text.ts';
import { ReadingSection } from './reading-section.tsx';
import { YamlView } from './yaml-view.tsx';

/** The manifest as a form, and as YAML: two views of the same text. */
export function ManifestEditor(props: {
  readonly name: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly changeSecret: (name: string, value: string) => void;
  readonly keptSecrets?: boolean;
}): ReactNode {
  const { t } = useSpeech();
  const { manifest } = useManifest();
  const given = manifest.at(['streams']);
  const streams = Array.isArray(given) ? given.length : 0;
  return (
    <>
      <ProblemList />
      <Tabs
        items={[
          {
            key: 'form',
            label: t('Biểu mẫu', 'Form'),
            children: (
              <>
                <GeneralSection />
                <AuthenticationSection />
                <SecretsSection
                  secrets={props.secrets}
                  change={props.changeSecret}
                  {...(props.keptSecrets === undefined ? {} : { kept: props.keptSecrets })}
                />
                <Streams count={streams} />
              </>
            ),
          },
          { key: 'yaml', label: 'YAML', children: <YamlView name={props.name} /> },
        ]}
      />
    </>
  );
}

/** Every problem of the manifest, together. */
function ProblemList(): ReactNode {
  const { t } = useSpeech();
  const { problems, examined } = useManifest();
  if (problems.length === 0) {
    if (!examined) return null;
    return (
      <Alert type="success" showIcon title={t('Khai báo hợp lệ.', 'The manifest is right.')} />
    );
  }
  return (
    <Alert
      type="warning"
      showIcon
      title={t(`Còn ${problems.length} chỗ cần sửa`, `${problems.length} places to mend`)}
      description={
        <ul className="problem-list">
          {problems.map((problem, n) => (
            <li key={n}>
              <code className="wrap">{pathText(problem.path)}</code>{' '}
              <ProblemLines problems={[problem]} />
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Streams({ count }: { readonly count: number }): ReactNode {
  const { manifest } = useManifest();
  const { t } = useSpeech();
  const parts = (index: number) => (
    <>
      <ReadingSection path={['streams', index]} />
      <ColumnsSection path={['streams', index]} />
    </>
  );
  const nameOf = (index: number): string => {
    const name = manifest.at(['streams', index, 'stream']);
    return typeof name === 'string' && name !== '' ? name : `${t('Luồng', 'Stream')} ${index + 1}`;
  };
  if (count <= 1) return <div className="below">{parts(0)}</div>;
  return (
    <Tabs
      className="below"
      type="card"
      items={Array.from({ length: count }, (_, index) => ({
        key: String(index),
        label: nameOf(index),
        children: parts(index),
      }))}
    />
  );
}
