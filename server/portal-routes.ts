import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Addresses that the portal draws itself; everything else that is no file is unknown. */
const portalPages = [
  '/',
  '/sign-in',
  '/sources',
  '/sources/:name',
  '/sources/:name/edit',
  '/suppliers',
  '/suppliers/:period',
  '/batches/:id',
  '/editions',
  '/editions/:ref',
  '/trace',
  '/extracts',
  '/extracts/new',
  '/extracts/:id',
  '/journal',
  '/v/:code',
];

/** Serves the built portal; without one, the pages say how to build it. */
export function addPortalRoutes(app: FastifyInstance, portalDir: string): void {
  if (!existsSync(join(portalDir, 'index.html'))) {
    addMissingPortal(app);
    return;
  }
  app.register(fastifyStatic, {
    root: portalDir,
    prefix: '/',
    index: false,
    wildcard: false,
    globIgnore: ['index.html'],
    maxAge: '1h',
  });
  for (const page of portalPages) {
    app.get(page, (_request, reply) =>
      reply.sendFile('index.html', { maxAge: 0, cacheControl: true }),
    );
  }
}

function addMissingPortal(app: FastifyInstance): void {
  app.get('/', (_request, reply) =>
    reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('Chưa dựng cổng thông tin: npm run build\n'),
  );
}
