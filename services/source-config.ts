import type { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import { PhusaError } from '../core/errors.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import { configProblems, problemsText } from './examine-config.ts';
import { sourceContract, type OwnContract } from '../workflows/source-contract.ts';

/** A configuration as its connector keeps it. Throws fatal `config-invalid` with every problem at once. */
export function parseConfig(
  connector: Connector,
  { name, config }: { readonly name: string; readonly config: JsonObject },
): JsonObject {
  const parsed = connector.config.safeParse(config);
  if (parsed.success) return parsed.data;
  const words = problemsText(configProblems(connector, config));
  throw new PhusaError({
    group: 'fatal',
    code: 'config-invalid',
    message: {
      vi: `Cấu hình của nguồn “${name}” chưa đúng: ${words.vi}`,
      en: `The configuration of source “${name}” is not right: ${words.en}`,
    },
    remedy: {
      vi: `Xem mô tả cấu hình: phusa connector show ${connector.name}`,
      en: `See its schema: phusa connector show ${connector.name}`,
    },
    place: { source: name },
  });
}

/** A source's contract, checked against its streams. Throws fatal `contract-invalid`. */
export function parseContract(
  connector: Connector,
  config: JsonObject,
  name: string,
  given: JsonObject,
): JsonObject {
  const parsed = sourceContract.safeParse(given);
  const streams = connector.streams(config).map(({ stream }) => stream);
  const unknown = Object.keys(given).filter((stream) => !streams.includes(stream));
  const unkept = parsed.success ? unkeptRules(connector, parsed.data) : [];
  if (parsed.success && unknown.length === 0 && unkept.length === 0) return asJson(parsed.data);
  const words = [
    ...unknown.map((stream) => `${stream}: ?`),
    ...unkept,
    ...(parsed.success ? [] : [problems(parsed.error)]),
  ].join('; ');
  throw new PhusaError({
    group: 'fatal',
    code: 'contract-invalid',
    message: {
      vi: `Hợp đồng dữ liệu của nguồn “${name}” chưa đúng: ${words}`,
      en: `The contract of source “${name}” is not right: ${words}`,
    },
    remedy: {
      vi: `Các luồng: ${streams.join(', ')}; mỗi luồng có thể khai holdAbove (tỉ lệ), holdAboveRows (số dòng), new, removed, renamed, retyped (accept, quarantine, pause) và ignored (tên cột bỏ qua).`,
      en: `Streams: ${streams.join(', ')}; each may say holdAbove (a share), holdAboveRows (a number of rows), new, removed, renamed, retyped (accept, quarantine, pause) and ignored (names left out).`,
    },
    place: { source: name },
  });
}

/**
 * Rules that a connector cannot keep: one that needs all its columns as they are loads nothing without them, takes no
 * name for another, and does not see what it has no use for.
 */
function unkeptRules(
  { name, followsDrift }: Connector,
  contract: Readonly<Record<string, OwnContract>>,
): readonly string[] {
  if (followsDrift === true) return [];
  return Object.entries(contract).flatMap(([stream, own]) => [
    ...(['removed', 'retyped'] as const)
      .filter((kind) => own[kind] === 'accept')
      .map((kind) => `${stream}.${kind}: accept (${name})`),
    ...(['new', 'renamed'] as const)
      .filter((kind) => own[kind] !== undefined)
      .map((kind) => `${stream}.${kind} (${name})`),
  ]);
}

function problems(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || '(config)'}: ${message}`)
    .join('; ');
}
