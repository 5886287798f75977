import { stringify } from 'yaml';
import type { Language } from '../core/localized.ts';
import type { Json } from '../core/json.ts';
import { isObject } from '../core/json-member.ts';
import { listAt, listOf, member } from './reading.ts';

/** Fields that a test read met and nobody declared, ready to be put among a manifest's columns; empty when there are none. */
export function presentUndeclared(batches: Json | undefined, language: Language): string {
  const fields = listOf(batches)
    .flatMap((batch) => listAt(batch, 'inferred'))
    .flatMap((stream) => listAt(stream, 'columns'))
    .filter((column) => member(column, 'declared') === null)
    .flatMap((column) => member(column, 'proposed') ?? [])
    .filter(isObject);
  const lines = new Set(
    fields.map((field) => {
      const line = stringify(field, { collectionStyle: 'flow', lineWidth: 0 }).trim();
      return `- ${line}`;
    }),
  );
  if (lines.size === 0) return '';
  const title =
    language === 'vi'
      ? '# Trường chưa khai báo: chép vào columns, sửa nhãn và phân loại'
      : '# Fields not declared: copy into columns, correct labels and classes';
  return `\n\n${title}\n${[...lines].join('\n')}`;
}
