/** One AIS sentence of a log: a message, or a part of one. */
export interface AisSentence {
  readonly parts: number;
  readonly part: number;
  /** Joins the parts of one message; empty for messages of one part. */
  readonly sequence: string;
  readonly channel: string;
  readonly payload: string;
  readonly fillBits: number;
  /** When the receiving station heard it (ISO, UTC), where the line says so. */
  readonly receivedAt: string | undefined;
}

/** What a line of a log is. */
export type AisLine =
  | { readonly kind: 'sentence'; readonly sentence: AisSentence }
  /** Another NMEA sentence (a position of the station, a route), by its name. */
  | { readonly kind: 'other'; readonly name: string }
  /** The time of the sentence that follows (Gatehouse `$PGHP`). */
  | { readonly kind: 'time'; readonly receivedAt: string }
  | { readonly kind: 'comment' }
  | { readonly kind: 'malformed' };

const line =
  /^(?:(?<iso>\d{4}-\d\d-\d\dT[\d:.]+Z?)\s+)?(?:\\(?<tags>[^\\]*)\\)?(?<body>[!$](?<name>[A-Z]{2,5}[A-Z0-9]*),[^*]*)\*(?<sum>[0-9A-Fa-f]{2})(?:,(?<epoch>\d{9,13}))?/;

/** Reads one line: tag blocks, time stamps before and after, checksums of both. */
export function aisLine(text: string): AisLine {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return { kind: 'comment' };
  const found = line.exec(trimmed)?.groups;
  const { body = '', name = '', sum = '', tags, iso, epoch } = found ?? {};
  if (found === undefined || !sumFits(body.slice(1), sum)) return { kind: 'malformed' };
  const tagTime = tags === undefined ? undefined : timeOfTags(tags);
  if (name === 'PGHP') return gatehouse(body);
  if (!/VD[MO]$/.test(name)) return { kind: 'other', name };
  const receivedAt = tagTime ?? isoOf(epoch) ?? withZone(iso);
  return sentenceOf(body, receivedAt);
}

function sentenceOf(body: string, receivedAt: string | undefined): AisLine {
  const [, parts = '', part = '', sequence = '', channel = '', payload = '', fill = ''] =
    body.split(',');
  const [count, number, fillBits] = [Number(parts), Number(part), Number(fill || 0)];
  const isRight =
    /^[1-9]$/.test(parts) &&
    /^[1-9]$/.test(part) &&
    number <= count &&
    /^[0-W`-w]+$/.test(payload) &&
    fillBits >= 0 &&
    fillBits <= 5;
  if (!isRight) return { kind: 'malformed' };
  return {
    kind: 'sentence',
    sentence: { parts: count, part: number, sequence, channel, payload, fillBits, receivedAt },
  };
}

/** XOR of all characters between the first sign and `*`. */
function sumFits(text: string, sum: string): boolean {
  let value = 0;
  for (let at = 0; at < text.length; at += 1) value ^= text.charCodeAt(at);
  return value === Number.parseInt(sum, 16);
}

/** The time of a tag block `g:1-2-73,s:r3,c:1241544035*hh`; one with a wrong checksum tells none. */
function timeOfTags(tags: string): string | undefined {
  const [text = '', sum] = tags.split('*');
  if (sum !== undefined && !sumFits(text, sum)) return undefined;
  return isoOf(/(?:^|,)c:(\d{9,13})(?:,|$)/.exec(text)?.[1]);
}

/** Seconds or milliseconds since 1970. */
function isoOf(epoch: string | undefined): string | undefined {
  if (epoch === undefined) return undefined;
  return new Date(Number(epoch) * (epoch.length > 11 ? 1 : 1000)).toISOString();
}

function withZone(iso: string | undefined): string | undefined {
  if (iso === undefined) return undefined;
  const at = Date.parse(iso.endsWith('Z') ? iso : `${iso}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** `$PGHP,1,year,month,day,hour,minute,second,millisecond,…` in UTC. */
function gatehouse(body: string): AisLine {
  const [year = 0, month = 0, ...rest] = body.split(',').slice(2, 9).map(Number);
  const [day = 0, hour = 0, minute = 0, second = 0, ms = 0] = rest;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  return Number.isNaN(at)
    ? { kind: 'malformed' }
    : { kind: 'time', receivedAt: new Date(at).toISOString() };
}
