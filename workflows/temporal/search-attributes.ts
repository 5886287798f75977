import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { PhusaError } from '../../core/errors.ts';
import type { PipelineInput, PipelineName } from '../pipelines.ts';

const source = defineSearchAttributeKey('PhusaSource', 'KEYWORD_LIST');
const period = defineSearchAttributeKey('PhusaPeriod', 'KEYWORD');
const report = defineSearchAttributeKey('PhusaReport', 'KEYWORD');
const requester = defineSearchAttributeKey('PhusaRequester', 'KEYWORD');

/** By what operators find runs; they lie readable on the server, so nothing of a source's content is among them. */
const attributes = [source, period, report, requester];

/** What a run is found by. */
export function searchPairs<N extends PipelineName>(
  input: PipelineInput<N>,
): readonly SearchAttributePair[] {
  if (input === null) return [];
  return [
    ...('source' in input ? [{ key: source, value: [input.source] }] : []),
    ...('sources' in input ? [{ key: source, value: [...input.sources] }] : []),
    ...('period' in input ? [{ key: period, value: input.period }] : []),
    ...('report' in input ? [{ key: report, value: input.report }] : []),
    ...('actor' in input ? [{ key: requester, value: input.actor }] : []),
  ];
}

const indexedTypes = { KEYWORD: 2, KEYWORD_LIST: 7 } as const;

/** Makes the search attributes that the namespace lacks. Throws fatal `search-attributes-missing` where it may not. */
export async function ensureSearchAttributes({ connection, options }: Client): Promise<void> {
  const { namespace } = options;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = attributes.filter(({ name }) => !(name in customAttributes));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(
    missing.map(({ name, type }) => [
      name,
      type === 'KEYWORD' ? indexedTypes.KEYWORD : indexedTypes.KEYWORD_LIST,
    ]),
  );
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (cause) {
    throw attributesMissing(missing.map(({ name, type }) => `${name}=${type}`).join(', '), cause);
  }
}

function attributesMissing(names: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'search-attributes-missing',
    message: {
      vi: `Máy chủ Temporal thiếu thuộc tính tìm kiếm: ${names}.`,
      en: `The Temporal server lacks search attributes: ${names}.`,
    },
    remedy: {
      vi: 'Tạo bằng: temporal operator search-attribute create --name TÊN --type Keyword',
      en: 'Make them: temporal operator search-attribute create --name NAME --type Keyword',
    },
    cause,
  });
}
