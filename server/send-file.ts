import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { PhusaError } from '../core/errors.ts';
import type { Download } from '../services/port.ts';

/** Streams a file as an attachment; the browser never shows it as a page of ours. */
export async function sendFile(reply: FastifyReply, file: Download): Promise<FastifyReply> {
  const size = await sizeOf(file);
  return reply
    .headers({
      'content-type': file.mediaType,
      'content-length': size,
      'content-disposition': attachment(file.name),
    })
    .send(createReadStream(file.path));
}

async function sizeOf(file: Download): Promise<number> {
  try {
    const handle = await open(file.path);
    const { size } = await handle.stat();
    await handle.close();
    return size;
  } catch (cause) {
    throw new PhusaError({
      group: 'fatal',
      code: 'not-found',
      message: {
        vi: `Tệp “${file.name}” không còn trong kho.`,
        en: `The file “${file.name}” is no longer in the store.`,
      },
      cause,
    });
  }
}

/** RFC 6266: an ASCII name for old clients, the true one in UTF-8. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\w.-]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}
