import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { PxwebConfig, PxwebTable } from './config.ts';
import { pxwebTrouble } from './pxweb-trouble.ts';
import { RequestPace } from './request-pace.ts';
import type { PxSelection, PxVariable } from './selection.ts';

/** A table as the source describes it at this moment. */
export interface TableDescription {
  readonly variables: readonly PxVariable[];
  /** When it was last changed, where the source says so in earnest. */
  readonly updated: string | undefined;
  readonly piece: LandedPiece;
}

const variableList = z.object({
  variables: z.array(
    z.object({
      code: z.string(),
      text: z.string(),
      values: z.array(z.string()),
      valueTexts: z.array(z.string()),
    }),
  ),
});

const metadata = z.object({
  id: z.array(z.string()),
  updated: z.string().optional().catch(undefined),
  dimension: z.record(
    z.string(),
    z.object({
      label: z.string(),
      category: z.object({
        index: z.union([z.array(z.string()), z.record(z.string(), z.int())]),
        label: z.record(z.string(), z.string()).optional(),
      }),
    }),
  ),
});

/** A PX-Web behind its API, version 1 or 2; calls keep to its pace. */
export class PxwebService {
  readonly #context: ReadContext<PxwebConfig>;
  readonly #pace: RequestPace;

  constructor(context: ReadContext<PxwebConfig>) {
    const { maxCalls, windowSeconds } = context.config;
    this.#context = context;
    this.#pace = new RequestPace(maxCalls, windowSeconds);
  }

  /** The variables of a table now. Throws data `answer-not-json`. */
  async describe(table: PxwebTable): Promise<TableDescription> {
    const { version, language } = this.#context.config;
    const path = version === 'v1' ? table.path : `tables/${table.path}/metadata?lang=${language}`;
    const { answer, request } = await this.#send({ method: 'GET', url: this.#url(path) });
    const bytes = await answer.bytes();
    const given = jsonOf(table, bytes);
    const { variables, updated } =
      version === 'v1' ? describedV1(table, given) : describedV2(table, given);
    return { variables, updated, piece: piece('metadata.json', bytes, answer, request, {}) };
  }

  /** The cells of a selection. `part` counts from 1. */
  async data(
    table: PxwebTable,
    selection: readonly PxSelection[],
    part: number,
  ): Promise<LandedPiece> {
    const { version, format, language } = this.#context.config;
    const isFirst = version === 'v1';
    const path = isFirst
      ? table.path
      : `tables/${table.path}/data?lang=${language}&outputFormat=${format}`;
    const body = JSON.stringify(isFirst ? queryV1(selection, format) : queryV2(selection));
    const { answer, request } = await this.#send({
      method: 'POST',
      url: this.#url(path),
      headers: { 'content-type': 'application/json' },
      body,
      idempotent: true,
    });
    const asked = Object.fromEntries(selection.map(({ code, texts }) => [code, texts]));
    const name = `data-${part}.${format === 'px' ? 'px' : 'json'}`;
    return piece(name, await answer.bytes(), answer, request, { asked });
  }

  async #send(request: HttpRequest) {
    const { http, signal } = this.#context;
    await this.#pace.turn(signal);
    return { request, answer: await http.send(request) };
  }

  #url(path: string): string {
    const [way = '', query] = path.split('?');
    const escaped = way.split('/').map(encodeURIComponent).join('/');
    return underBase(
      this.#context.config.base,
      query === undefined ? escaped : `${escaped}?${query}`,
    );
  }
}

function piece(
  name: string,
  bytes: Uint8Array,
  answer: HttpAnswer,
  request: HttpRequest,
  more: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): LandedPiece {
  return {
    name,
    bytes,
    request: { ...publicRequest(request), ...more },
    response: { status: answer.status, headers: answer.headers },
  };
}

function jsonOf(table: PxwebTable, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch (cause) {
    throw pxwebTrouble(
      'answer-not-json',
      table.id,
      Buffer.from(bytes).toString('utf8', 0, 60),
      cause,
    );
  }
}

function describedV1(table: PxwebTable, given: unknown): Omit<TableDescription, 'piece'> {
  const read = variableList.safeParse(given);
  if (!read.success) throw pxwebTrouble('answer-not-json', table.id, 'variables');
  return { variables: read.data.variables, updated: undefined };
}

function describedV2(table: PxwebTable, given: unknown): Omit<TableDescription, 'piece'> {
  const read = metadata.safeParse(given);
  if (!read.success) throw pxwebTrouble('answer-not-json', table.id, 'dimension');
  const { id, dimension, updated } = read.data;
  const variables = id.flatMap((code): readonly PxVariable[] => {
    const { label, category } = dimension[code] ?? {};
    if (label === undefined || category === undefined) return [];
    const values = Array.isArray(category.index)
      ? category.index
      : Object.entries(category.index)
          .sort(([, a], [, b]) => a - b)
          .map(([value]) => value);
    return [
      {
        code,
        text: label,
        values,
        valueTexts: values.map((value) => category.label?.[value] ?? value),
      },
    ];
  });
  return { variables, updated: updated?.startsWith('9999') === true ? undefined : updated };
}

function queryV1(selection: readonly PxSelection[], format: string) {
  const query = selection.map(({ code, values }) => ({
    code,
    selection: { filter: 'item', values },
  }));
  return { query, response: { format } };
}

function queryV2(selection: readonly PxSelection[]) {
  return {
    selection: selection.map(({ code, values }) => ({ variableCode: code, valueCodes: values })),
  };
}
