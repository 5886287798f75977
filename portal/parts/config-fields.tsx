import { Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { at, type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';

/** Fields of a connector's configuration, from its JSON Schema; a label there is written `Tiếng Việt / English`. */
export function ConfigFields({ schema }: { readonly schema: unknown }): ReactNode {
  const { t } = useSpeech();
  const label = useLabel();
  const properties = at(schema, 'properties');
  const required = at(schema, 'required');
  if (!isFacts(properties)) return null;
  const needed = (name: string): boolean => Array.isArray(required) && required.includes(name);
  return Object.entries(properties).flatMap(([name, field]) =>
    isFacts(field) ? (
      <Form.Item
        key={name}
        name={['config', name]}
        label={label(textAt(field, 'title') ?? name)}
        extra={label(textAt(field, 'description') ?? '')}
        initialValue={initialOf(field)}
        valuePropName={textAt(field, 'type') === 'boolean' ? 'checked' : 'value'}
        rules={needed(name) ? [{ required: true, message: t('Mục này bắt buộc', 'Required') }] : []}
      >
        {inputFor(field)}
      </Form.Item>
    ) : (
      []
    ),
  );
}

/** The configuration that the form gave: empty fields left out, structured ones read as JSON. Throws SyntaxError. */
export function configOf(schema: unknown, given: Facts): Facts {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (value === undefined || value === null || value === '') return [];
      const field = at(schema, 'properties', name);
      const structured = kindOf(field) === 'structure' && typeof value === 'string';
      return [[name, structured ? (JSON.parse(value) as unknown) : value]];
    }),
  );
}

function useLabel(): (text: string) => string {
  const { t } = useSpeech();
  return (text) => {
    const [vi = text, en = vi] = text.split(' / ');
    return t(vi, en);
  };
}

type Kind = 'choice' | 'number' | 'yes-no' | 'texts' | 'text' | 'structure';

function kindOf(field: unknown): Kind {
  if (Array.isArray(at(field, 'enum'))) return 'choice';
  const type = textAt(field, 'type');
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'yes-no';
  if (type === 'array' && textAt(field, 'items', 'type') === 'string') return 'texts';
  return type === 'string' ? 'text' : 'structure';
}

function initialOf(field: Facts): unknown {
  const initial = field['default'];
  return kindOf(field) === 'structure' && initial !== undefined
    ? JSON.stringify(initial, null, 1)
    : initial;
}

function inputFor(field: Facts): ReactNode {
  const choices = at(field, 'enum') ?? at(field, 'items', 'enum');
  const options = Array.isArray(choices)
    ? choices.map((value) => ({ value: String(value), label: String(value) }))
    : [];
  switch (kindOf(field)) {
    case 'choice':
      return <Select options={options} />;
    case 'number':
      return <InputNumber />;
    case 'yes-no':
      return <Checkbox />;
    case 'texts':
      return (
        <Select mode="tags" options={options} {...(options.length > 0 ? {} : { open: false })} />
      );
    case 'text':
      return <Input />;
    case 'structure':
      return <Input.TextArea rows={6} className="code" placeholder="JSON" />;
    default:
      return null;
  }
}
