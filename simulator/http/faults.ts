import { bodyFields, json, type Reply, type SimulatedRequest } from './reply.ts';

/** Everything that can be made to go wrong. */
export const FAULT_KINDS = [
  'http500',
  'http429',
  'truncate',
  'reset',
  'html200',
  'error-in-200',
  'repeat-page',
  'slow',
  'expire-token',
  'wrong-header',
  'rename-member',
  'xml-bomb',
  'external-entity',
] as const;

/** One kind of trouble. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault for the next requests under a path. */
export type Fault = {
  readonly path: string;
  readonly kind: FaultKind;
  readonly times?: number | undefined;
  readonly delayMs?: number | undefined;
};

/** The faults switched on at present. */
export type FaultBoard = {
  add(fault: Fault): void;
  /** The first fault for a path, using up one of its times. */
  take(path: string): Fault | undefined;
  list(): readonly Fault[];
  clear(): void;
};

type Active = { readonly fault: Fault; left: number };

/** An empty board. */
export function createFaultBoard(faults: readonly Fault[] = []): FaultBoard {
  let active: Active[] = [];
  const board: FaultBoard = {
    add(fault) {
      active.push({ fault, left: fault.times ?? 1 });
    },
    take(path) {
      const found = active.find(({ fault }) => path.startsWith(fault.path));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) active = active.filter((other) => other !== found);
      return found.fault;
    },
    list: () => active.map(({ fault, left }) => ({ ...fault, times: left })),
    clear() {
      active = [];
    },
  };
  faults.forEach((fault) => {
    board.add(fault);
  });
  return board;
}

function faultKind(text: string | undefined): FaultKind | undefined {
  return FAULT_KINDS.find((kind) => kind === text);
}

/** `POST`, `GET`, `DELETE /_faults`. */
export function answerFaults(board: FaultBoard, request: SimulatedRequest): Reply {
  if (request.method === 'POST') {
    const fields = bodyFields(request);
    const kind = faultKind(fields.get('kind'));
    const path = fields.get('path');
    if (kind === undefined || path === undefined) {
      return json({ error: `path and kind are needed; kinds: ${FAULT_KINDS.join(', ')}` }, 400);
    }
    const delayMs = fields.has('delay_ms') ? Number(fields.get('delay_ms')) : undefined;
    board.add({ path, kind, times: Number(fields.get('times') ?? 1), delayMs });
  }
  if (request.method === 'DELETE') board.clear();
  return json({ faults: board.list() });
}

const BOMB = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HDon [<!ENTITY a0 "mô phỏng">${Array.from(
  { length: 12 },
  (_, i) => `<!ENTITY a${String(i + 1)} "${`&a${String(i)};`.repeat(10)}">`,
).join('')}]>
<HDon><DLHDon Id="data"><TTChung><THDon>&a12;</THDon></TTChung></DLHDon></HDon>
`;

const EXTERNAL_ENTITY = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HDon [<!ENTITY file SYSTEM "file:///etc/hostname">]>
<HDon><DLHDon Id="data"><TTChung><THDon>&file;</THDon></TTChung></DLHDon></HDon>
`;

const MAINTENANCE =
  '<!DOCTYPE html><html lang="vi"><body><h1>Hệ thống đang bảo trì</h1></body></html>';

function page(body: string, type: string, status = 200): Reply {
  return { status, headers: { 'content-type': `${type}; charset=utf-8` }, body };
}

function bytesOf(reply: Reply): Buffer {
  if (reply.body instanceof Uint8Array) return Buffer.from(reply.body);
  return Buffer.from(typeof reply.body === 'string' ? reply.body : [...reply.body].join(''));
}

function edited(reply: Reply, edit: (text: string) => string): Reply {
  return { ...reply, headers: withoutTag(reply), body: edit(bytesOf(reply).toString()) };
}

/** A spoiled body must not be remembered under the true body's tag. */
function withoutTag(reply: Reply): Readonly<Record<string, string>> {
  const kept = Object.entries(reply.headers).filter(
    ([name]) => !['etag', 'last-modified'].includes(name),
  );
  return Object.fromEntries(kept);
}

/** The answer after a fault; `reset`, `slow`, `repeat-page` and `expire-token` act elsewhere. */
export function spoiled(fault: Fault, reply: () => Reply): Reply {
  switch (fault.kind) {
    case 'http500':
      return page('Lỗi máy chủ (mô phỏng)', 'text/plain', 500);
    case 'http429':
      return json({ error_code: 429, message: 'Quá nhiều yêu cầu' }, 429, { 'retry-after': '1' });
    case 'html200':
      return page(MAINTENANCE, 'text/html');
    case 'error-in-200':
      return json({ error_code: 1001, message: 'Hệ thống bận, vui lòng thử lại sau', data: null });
    case 'xml-bomb':
      return page(BOMB, 'application/xml');
    case 'external-entity':
      return page(EXTERNAL_ENTITY, 'application/xml');
    case 'truncate': {
      const whole = reply();
      const bytes = bytesOf(whole);
      const body = bytes.subarray(0, Math.floor(bytes.length / 2));
      return { ...whole, headers: withoutTag(whole), body };
    }
    case 'wrong-header':
      return edited(reply(), (text) => text.replace('Confirmed', 'Xac_nhan'));
    case 'rename-member':
      return edited(reply(), (text) => text.replaceAll('Hải Phòng', 'Hai Phong City'));
    case 'reset':
    case 'slow':
    case 'repeat-page':
    case 'expire-token':
      return reply();
  }
}
