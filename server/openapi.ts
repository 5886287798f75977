import { z } from 'zod';
import type { JsonObject } from '../core/json.ts';
import type { Operation } from './operation.ts';
import { accessOf } from './operation.ts';
import { roles } from '../core/role.ts';
import { fileLinks } from './operations/field.ts';
import { pushReceipt } from './push-routes.ts';
import { personOutput, signInBody } from './session-routes.ts';

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  place: z.looseObject({}).optional(),
});

/** The API's description, OpenAPI 3.1, made from the table of operations. */
export function openApi(table: readonly Operation[], version: string): JsonObject {
  const paths = [...new Set(table.map(({ path }) => path))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Phù Sa',
      version,
      description:
        'Vietnamese by default; ?lang=en or Accept-Language: en for English. Long operations stream NDJSON when asked for application/x-ndjson.',
    },
    security: [{ session: [] }, { bearer: [] }],
    paths: {
      ...Object.fromEntries(paths.map((path) => [`/api/v1${path}`, pathItem(table, path)])),
      ...otherPaths(),
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'phusa' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
}

function pathItem(table: readonly Operation[], path: string): JsonObject {
  const here = table.filter((operation) => operation.path === path);
  return Object.fromEntries(here.map((row) => [row.method.toLowerCase(), describe(row)]));
}

function describe(operation: Operation): JsonObject {
  const hasBody = Object.keys(operation.body.shape).length > 0;
  return {
    operationId: operation.id,
    tags: [operation.id.split('.')[0] ?? ''],
    summary: operation.summary.vi,
    description: operation.summary.en,
    'x-roles': grantsOf(operation),
    parameters: [
      ...parametersOf(operation.params, 'path'),
      ...parametersOf(operation.query, 'query'),
    ],
    ...(hasBody
      ? { requestBody: { required: true, content: json(schemaOf(operation.body, 'input')) } }
      : {}),
    responses: {
      '200': { description: 'OK', content: contentOf(operation) },
      default: { description: 'Problem', content: problemContent },
    },
  };
}

/** What each role may: `own` is limited to the person's agency or requests. */
function grantsOf(operation: Operation): JsonObject {
  return Object.fromEntries(roles.map((role) => [role, accessOf(operation.grants, role)]));
}

function contentOf(operation: Operation): JsonObject {
  if (operation.answers === 'file') return { 'application/octet-stream': {} };
  const schema = schemaOf(operation.answers === 'files' ? fileLinks : operation.output, 'output');
  return { ...json(schema), ...(operation.long ? { 'application/x-ndjson': {} } : {}) };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): JsonObject[] {
  return Object.entries<z.core.$ZodType>(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !isOptional(field),
    schema: schemaOf(z.object({ field }), 'input', 'field'),
  }));
}

const problemContent = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

/** Routes that are no operation of a service: the session, and files just made. */
function otherPaths(): JsonObject {
  const person = { description: 'OK', content: json(schemaOf(personOutput, 'output')) };
  const problem = { description: 'Problem', content: problemContent };
  const body = { required: true, content: json(schemaOf(signInBody, 'input')) };
  return {
    '/api/v1/session': {
      post: {
        operationId: 'session.signIn',
        tags: ['session'],
        summary: 'Đăng nhập',
        description: 'Sign in',
        security: [],
        requestBody: body,
        responses: { '200': person, default: problem },
      },
      get: {
        operationId: 'session.show',
        tags: ['session'],
        summary: 'Ai đang đăng nhập',
        description: 'Who is signed in',
        responses: { '200': person, default: problem },
      },
      delete: {
        operationId: 'session.signOut',
        tags: ['session'],
        summary: 'Đăng xuất',
        description: 'Sign out',
        responses: { '204': { description: 'OK' }, default: problem },
      },
    },
    ...pushRoute(problem),
    '/api/v1/downloads/{ticket}': {
      get: {
        operationId: 'downloads.get',
        tags: ['downloads'],
        summary: 'Tải tệp vừa tạo',
        description: 'A file just made',
        parameters: [{ name: 'ticket', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          '200': { description: 'OK', content: { 'application/octet-stream': {} } },
          default: problem,
        },
      },
    },
  };
}

function pushRoute(problem: JsonObject): JsonObject {
  return {
    '/api/v1/push/{source}': {
      post: {
        operationId: 'push.receive',
        tags: ['inbox'],
        summary: 'Hệ thống đẩy dữ liệu vào hộp nhận của nguồn',
        description:
          "A system pushes into a source's inbox; its Authorization (Bearer) or X-Phusa-Signature header is the source's own. 202 once the body is kept; 503 and 429 carry Retry-After.",
        security: [],
        parameters: [
          { name: 'source', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string' } },
          { name: 'x-phusa-signature', in: 'header', required: false, schema: { type: 'string' } },
        ],
        requestBody: { required: true, content: { '*/*': {} } },
        responses: {
          '202': { description: 'OK', content: json(schemaOf(pushReceipt, 'output')) },
          default: problem,
        },
      },
    },
  };
}

function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

/** A zod schema as plain JSON Schema; with `member`, the schema of that property. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', member?: string): JsonObject {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const whole = member === undefined ? made : (made.properties?.[member] ?? {});
  const plain: JsonObject = JSON.parse(JSON.stringify(whole)) as JsonObject;
  return Object.fromEntries(Object.entries(plain).filter(([name]) => name !== '$schema'));
}

function isOptional(field: z.core.$ZodType): boolean {
  return z.safeParse(z.strictObject({ field }), {}).success;
}
