import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useSpeech } from '../language.tsx';
import { useManifest } from './manifest-context.tsx';
import { type ManifestProblem, problemsAt } from './manifest-problem.ts';
import type { ManifestPath } from './manifest-text.ts';

/** What a field takes. */
export type FieldKind = 'text' | 'number' | 'choice' | 'flag' | 'texts' | 'json';

/** One choice: its value and its name. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a field is of: its place in the manifest, and how it is called. */
export interface ManifestFieldProps {
  readonly path: ManifestPath;
  readonly label: string;
  readonly kind?: FieldKind;
  readonly hint?: string;
  readonly choices?: readonly Choice[];
  /** What the manifest means where it says nothing. */
  readonly usual?: string;
  /** Only the control, in a table whose heading names it. */
  readonly bare?: boolean;
}

/** One place of the manifest as a field; what is wrong there is told under it, with line and column. */
export function ManifestField(props: ManifestFieldProps): ReactNode {
  const { problems } = useManifest();
  const id = `m-${props.path.join('-')}`;
  const here = problemsAt(problems, props.path);
  const help = here.length === 0 ? undefined : <ProblemLines problems={here} />;
  return (
    <Form.Item
      className={props.bare === true ? 'bare-field' : 'manifest-field'}
      {...(props.bare === true ? {} : { label: props.label, htmlFor: id })}
      {...(help === undefined ? {} : { help, validateStatus: 'error' as const })}
      {...(props.hint === undefined ? {} : { extra: props.hint })}
    >
      <Control {...props} id={id} />
    </Form.Item>
  );
}

/** Problems as lines: `12:5 what is wrong; what may be meant`. */
export function ProblemLines(props: { readonly problems: readonly ManifestProblem[] }): ReactNode {
  const { say, t } = useSpeech();
  return props.problems.map((problem, n) => (
    <div key={n}>
      {problem.line === undefined
        ? ''
        : `${t('dòng', 'line')} ${problem.line}, ${t('cột', 'column')} ${problem.column ?? 1}: `}
      {say(problem.message)}
    </div>
  ));
}

function Control(props: ManifestFieldProps & { readonly id: string }): ReactNode {
  const { manifest, set } = useManifest();
  const { path, kind = 'text', choices = [], id, label, usual } = props;
  const value = manifest.at(path);
  const put = (next: unknown) => set(path, next === '' || next === null ? undefined : next);
  const text = textOf(value);
  const common = { id, 'aria-label': label };
  switch (kind) {
    case 'text':
      return (
        <TextControl
          {...common}
          text={text}
          put={put}
          {...(usual === undefined ? {} : { usual })}
        />
      );
    case 'number':
      return (
        <InputNumber
          {...common}
          value={typeof value === 'number' ? value : null}
          placeholder={usual ?? ''}
          onChange={put}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          {...(text === '' ? {} : { value: text })}
          placeholder={choices.find((choice) => choice.value === usual)?.label ?? ''}
          options={[...choices]}
          popupMatchSelectWidth={false}
          onChange={put}
        />
      );
    case 'flag':
      return (
        <Checkbox
          {...common}
          checked={value === true}
          onChange={({ target }) => put(target.checked ? true : undefined)}
        />
      );
    case 'texts':
      return (
        <Select
          {...common}
          mode={choices.length > 0 ? 'multiple' : 'tags'}
          value={Array.isArray(value) ? value.map(String) : []}
          options={[...choices]}
          {...(choices.length > 0 ? {} : { open: false, suffix: null })}
          onChange={put}
        />
      );
    case 'json':
      return <JsonControl id={id} label={label} value={value} put={put} />;
    default:
      return null;
  }
}

/** Text that goes into the manifest when the reader leaves the field, so that a half-written word is no problem. */
function TextControl(props: {
  readonly id: string;
  readonly 'aria-label': string;
  readonly text: string;
  readonly usual?: string;
  readonly put: (text: string) => void;
}): ReactNode {
  const [text, setText] = useState(props.text);
  useEffect(() => setText(props.text), [props.text]);
  const leave = () => text === props.text || props.put(text);
  return (
    <Input
      id={props.id}
      aria-label={props['aria-label']}
      value={text}
      placeholder={props.usual ?? ''}
      onChange={({ target }) => setText(target.value)}
      onBlur={leave}
      onPressEnter={leave}
    />
  );
}

function JsonControl(props: {
  readonly id: string;
  readonly label: string;
  readonly value: unknown;
  readonly put: (value: unknown) => void;
}): ReactNode {
  const written = props.value === undefined ? '' : JSON.stringify(props.value, null, 1);
  const [text, setText] = useState(written);
  const [wrong, setWrong] = useState(false);
  useEffect(() => setText(written), [written]);
  const leave = (): void => {
    try {
      const value: unknown = text.trim() === '' ? undefined : JSON.parse(text);
      setWrong(false);
      props.put(value);
    } catch {
      setWrong(true);
    }
  };
  return (
    <Input.TextArea
      id={props.id}
      aria-label={props.label}
      className="code"
      autoSize={{ minRows: 2, maxRows: 12 }}
      value={text}
      {...(wrong ? { status: 'error' as const } : {})}
      onChange={({ target }) => setText(target.value)}
      onBlur={leave}
    />
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
