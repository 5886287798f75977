/** One part of a multipart body. */
export interface MultipartPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
}

/** The parts of a multipart body; `closed` when its last boundary is there. */
export interface Multipart {
  readonly parts: readonly MultipartPart[];
  readonly closed: boolean;
}

/** Parts that are looked at; a push of a camera has two or three. */
const mostParts = 100;

/**
 * Takes a multipart body apart (RFC 2046 §5.1). The boundary is read from the first line, so that a body kept without
 * its header is readable too. Undefined when the bytes are no multipart body.
 */
export function readMultipart(bytes: Uint8Array): Multipart | undefined {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = body.indexOf('--');
  const lineEnd = body.indexOf('\n', start);
  if (start < 0 || lineEnd < 0 || body.subarray(0, start).toString('latin1').trim() !== '')
    return undefined;
  const boundary = body.subarray(start, lineEnd).toString('latin1').trimEnd();
  if (!/^--[\w'()+,./:=? -]{1,70}$/.test(boundary)) return undefined;
  const parts: MultipartPart[] = [];
  let at = lineEnd + 1;
  while (parts.length < mostParts) {
    const end = nextBoundary(body, boundary, at);
    parts.push(partOf(body.subarray(at, end.from)));
    if (end.last || end.next >= body.length) return { parts, closed: end.last };
    at = end.next;
  }
  return { parts, closed: false };
}

/** The next line that is the boundary; the line break before it belongs to it. */
function nextBoundary(body: Buffer, boundary: string, at: number) {
  for (let from = at - 1; ;) {
    const found = body.indexOf(`\n${boundary}`, from);
    if (found < 0) return { from: body.length, next: body.length, last: false };
    const after = found + 1 + boundary.length;
    const rest = body.subarray(after, after + 2).toString('latin1');
    const lineEnd = body.indexOf('\n', after);
    const before = body[found - 1] === 0x0d ? found - 1 : found;
    if (rest === '--') return { from: Math.max(at, before), next: body.length, last: true };
    if (rest.startsWith('\r') || rest.startsWith('\n'))
      return {
        from: Math.max(at, before),
        next: lineEnd < 0 ? body.length : lineEnd + 1,
        last: false,
      };
    from = found + 1;
  }
}

function partOf(part: Buffer): MultipartPart {
  const crlf = part.indexOf('\r\n\r\n');
  const lf = part.indexOf('\n\n');
  const [end, skip] = crlf >= 0 && (lf < 0 || crlf < lf) ? [crlf, 4] : [lf, 2];
  if (end < 0) return { headers: new Map(), bytes: part };
  const lines = part.subarray(0, end).toString('utf8').split(/\r?\n/);
  const headers = new Map(
    lines.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 0
        ? []
        : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
  return { headers, bytes: part.subarray(end + skip) };
}
