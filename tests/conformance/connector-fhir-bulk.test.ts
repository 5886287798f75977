import { fhirBulk } from '../../connectors/fhir-bulk/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { describeConnector } from './connector.ts';

describeConnector(fhirBulk, async () => {
  const host = (request: fault.SeenRequest) => `http://${request.headers['host'] ?? ''}`;
  const script = (body: string): Parameters<typeof fault.startFaultServer>[0] => ({
    '/fhir/$export': (socket, request) =>
      fault.status(202, { 'content-location': `${host(request)}/fhir/status` })(socket, request),
    '/fhir/status': (socket, request) =>
      fault.json({
        transactionTime: '2026-11-20T10:00:00Z',
        requiresAccessToken: true,
        output: [{ type: 'Patient', url: `${host(request)}/fhir/p`, count: 2 }],
        error: [],
      })(socket, request),
    '/fhir/p': fault.answer(body),
  });
  const patients = ['a', 'b']
    .map((id) => JSON.stringify({ resourceType: 'Patient', id, birthDate: '1990-01-02' }))
    .join('\n');
  const server = await fault.startFaultServer(script(patients));
  const hostile = {
    cut: await fault.startFaultServer(script(patients.slice(0, 30))),
    garbage: await fault.startFaultServer(script('\u0000\u0001 rác')),
  };
  let base = `${server.url}/fhir`;
  return {
    get config() {
      return { base, types: ['Patient'], signIn: { kind: 'bearer' } };
    },
    options: { secrets: { token: 'ma-truy-cap-bi-mat' } },
    badConfigs: [
      [{ base: '', types: [], level: 'all' }, 3],
      [{ base: 'https://x.vn', signIn: { kind: 'smart', algorithm: 'HS256' } }, 2],
    ],
    spoil: (how) => {
      base = `${hostile[how].url}/fhir`;
      return Promise.resolve();
    },
    close: async () => {
      for (const one of [server, hostile.cut, hostile.garbage]) await one.close();
    },
  };
});
