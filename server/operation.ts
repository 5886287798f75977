import { z } from 'zod';
import type { Localized } from '../core/localized.ts';
import type { Role } from '../core/role.ts';
import type { Call, Services } from '../services/port.ts';

/** What one role may do with an operation: nothing, its own agency's or own requests' part, or all of it. */
export type Access = 'none' | 'own' | 'all';

/**
 * Who may call. Deny by default: a role that is not named may not. `all` and `own` both pass the server's gate;
 * `own` obliges the service to answer not-found or not-permitted outside the person's own agency or requests.
 * `everyone`: any signed-in person.
 */
export type Grants = 'everyone' | Readonly<Partial<Record<Role, 'own' | 'all'>>>;

/** Input after validation: path parameters, query and body merged; their names never overlap. */
type MergedInput<
  P extends z.ZodRawShape,
  Q extends z.ZodRawShape,
  B extends z.ZodRawShape,
> = z.output<z.ZodObject<P>> & z.output<z.ZodObject<Q>> & z.output<z.ZodObject<B>>;

/** One row of the table from which routes, OpenAPI, authorisation and their tests come. */
export interface Operation {
  /** `<resource>.<verb>`, stable. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Under `/api/v1`, with `{parameters}`. */
  readonly path: string;
  readonly summary: Localized;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodObject;
  readonly output: z.ZodType;
  readonly grants: Grants;
  /** Streams progress when asked for NDJSON. */
  readonly long: boolean;
  /** JSON, the bytes of one Download, or links to several Downloads. */
  readonly answers: 'json' | 'file' | 'files';
  readonly run: (services: Services, call: Call, input: unknown) => Promise<unknown>;
}

/** How an operation is declared. */
export interface OperationParts<
  P extends z.ZodRawShape,
  Q extends z.ZodRawShape,
  B extends z.ZodRawShape,
> {
  readonly id: string;
  readonly method: Operation['method'];
  readonly path: string;
  readonly summary: Localized;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly output?: z.ZodType;
  readonly grants: Grants;
  readonly long?: boolean;
  readonly answers?: Operation['answers'];
  readonly run: (services: Services, call: Call, input: MergedInput<P, Q, B>) => Promise<unknown>;
}

// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no fields is what is meant
type NoFields = Record<never, never>;

/** Declares one operation; names that the schemas do not declare are refused (mass assignment, typing errors). */
export function operation<
  P extends z.ZodRawShape = NoFields,
  Q extends z.ZodRawShape = NoFields,
  B extends z.ZodRawShape = NoFields,
>(parts: OperationParts<P, Q, B>): Operation {
  const { params, query, body, run, ...rest } = parts;
  return {
    output: z.unknown(),
    long: false,
    answers: 'json',
    ...rest,
    params: z.strictObject(params ?? {}),
    query: z.strictObject(query ?? {}),
    body: z.strictObject(body ?? {}),
    // The route hands over exactly what these three schemas returned.
    run: (services, call, input) => run(services, call, input as MergedInput<P, Q, B>),
  };
}

/** What a role may do with an operation. */
export function accessOf(grants: Grants, role: Role): Access {
  if (grants === 'everyone') return 'all';
  return grants[role] ?? 'none';
}
