import { Button, Form, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { isFacts } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { ProblemLines } from './manifest-field.tsx';
import { useManifest } from './manifest-context.tsx';
import { problemsAt } from './manifest-problem.ts';
import type { ManifestPath } from './manifest-text.ts';

/** Names with their texts: parameters of an address, headers. An emptied name takes the pair away. */
export function PairsField(props: {
  readonly path: ManifestPath;
  readonly label: string;
  readonly hint?: string;
}): ReactNode {
  const { t } = useSpeech();
  const { manifest, set, problems } = useManifest();
  const value = manifest.at(props.path);
  const pairs = isFacts(value) ? Object.entries(value) : [];
  const [fresh, setFresh] = useState(false);
  const here = problemsAt(problems, props.path);
  const put = (index: number, name: string, text: string): void => {
    const next = pairs.map((pair, n) => (n === index ? ([name, text] as const) : pair));
    const all = index < pairs.length ? next : [...next, [name, text] as const];
    const kept = Object.fromEntries(all.filter(([key]) => key !== ''));
    set(props.path, Object.keys(kept).length === 0 ? undefined : kept);
    setFresh(false);
  };
  const shown = fresh || pairs.length === 0 ? [...pairs, ['', ''] as const] : pairs;
  return (
    <Form.Item
      className="manifest-field wide-field"
      label={props.label}
      {...(props.hint === undefined ? {} : { extra: props.hint })}
      {...(here.length === 0
        ? {}
        : { help: <ProblemLines problems={here} />, validateStatus: 'error' as const })}
    >
      {shown.map(([name, text], index) => (
        <div className="pair" key={`${index}-${name}`}>
          <Input
            aria-label={`${props.label}: ${t('tên', 'name')} ${index + 1}`}
            placeholder={t('Tên', 'Name')}
            defaultValue={name}
            onBlur={({ target }) =>
              target.value !== name && put(index, target.value.trim(), String(text))
            }
          />
          <Input
            aria-label={`${props.label}: ${t('giá trị', 'value')} ${index + 1}`}
            placeholder={t('Giá trị', 'Value')}
            defaultValue={String(text)}
            onBlur={({ target }) => name !== '' && put(index, name, target.value)}
          />
        </div>
      ))}
      <Button size="small" type="link" onClick={() => setFresh(true)}>
        {t('Thêm dòng', 'Add a line')}
      </Button>
    </Form.Item>
  );
}
