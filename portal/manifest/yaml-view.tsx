import { Button, Space } from 'antd';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';

/** The manifest as it is written: to be read, edited and downloaded. Lines with problems are marked. */
export function YamlView({ name }: { readonly name: string }): ReactNode {
  const { t } = useSpeech();
  const { manifest, setText, problems } = useManifest();
  const lines = manifest.text.split('\n').length;
  const marked = new Set(problems.map(({ line }) => line));
  return (
    <>
      <Space className="above" wrap>
        <Button onClick={() => download(`${name || 'nguon'}.yaml`, manifest.text)}>
          {t('Tải tệp YAML', 'Download the YAML')}
        </Button>
      </Space>
      <div className="yaml">
        <ol aria-hidden="true">
          {Array.from({ length: lines }, (_, n) => (
            <li key={n} className={marked.has(n + 1) ? 'wrong' : ''}>
              {n + 1}
            </li>
          ))}
        </ol>
        <textarea
          aria-label={t('Manifest YAML', 'Manifest YAML')}
          spellCheck={false}
          wrap="off"
          rows={lines + 1}
          value={manifest.text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
    </>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
