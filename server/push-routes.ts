import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PhusaError } from '../core/errors.ts';
import type { InboxServices } from '../services/port.ts';

/** Where systems push to; the source's own token or signature is what counts there, never a person's. */
export const pushPath = '/api/v1/push/';

/** What a push is answered with. */
export const pushReceipt = z.object({
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  isRepeated: z.boolean(),
});

/** Seconds after which a full inbox or a busy source may be tried again. */
const retryAfter = 60;

/**
 * Takes any body as it comes, keeps it durably on its way, and only then answers 202 with its SHA-256. A full inbox answers 503, too
 * many pushes 429, both with `Retry-After`.
 */
export function addPushRoutes(app: FastifyInstance, inbox: InboxServices): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, parsed) => parsed(null, body));
    scope.post<{ Params: { source: string }; Body: AsyncIterable<Uint8Array> | undefined }>(
      `${pushPath}:source`,
      async (request, reply) => {
        const body = request.body ?? Readable.from([]);
        try {
          const receipt = await inbox.push(request.params.source, {
            headers: plainHeaders(request.headers),
            body,
          });
          return await reply.code(202).send(pushReceipt.parse(receipt));
        } catch (error) {
          if (error instanceof PhusaError && error.group === 'retriable')
            void reply.header('retry-after', retryAfter);
          throw error;
        }
      },
    );
    done();
  });
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}
