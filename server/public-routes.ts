import type { FastifyInstance } from 'fastify';
import { notPermitted, notSignedIn } from './refusal.ts';
import type { HomeServices } from '../services/port.ts';

/** What programs around us read: health, metrics, the home's public key. */
export function addPublicRoutes(app: FastifyInstance, home: HomeServices): void {
  app.get('/healthz', async (_request, reply) => {
    await home.health();
    return reply.header('cache-control', 'no-store').send({ status: 'ok' });
  });
  app.get('/metrics', async (request, reply) => {
    if (!request.person) throw notSignedIn();
    const allowed = request.person.roles.some((role) => role === 'operator' || role === 'admin');
    if (!allowed) throw notPermitted({ vi: 'xem số đo vận hành', en: 'read metrics' });
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await home.metrics());
  });
  app.get('/.well-known/phusa-key', async (_request, reply) =>
    reply.type('application/x-pem-file').send(await home.publicKey()),
  );
}
