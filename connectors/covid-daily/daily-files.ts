import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { saysItsEnd } from '../body-end.ts';
import type { ReadContext } from '../port.ts';
import { isWebBase, underBase } from '../source-base.ts';
import type { CovidDailyConfig } from './config.ts';
import { dailyName, daysBetween } from './file-name.ts';

/** One day's file that can be landed. */
export interface DailyFile {
  readonly name: string;
  readonly day: string;
  /** Fetches it; undefined when there is none (a day the source has not published). */
  fetch(): Promise<LandedPiece | undefined>;
}

/** The listing some servers give at the base. */
const listing = z.array(z.object({ name: z.string(), size: z.int().exactOptional() }));

/** The files of a source, in the order of their days. */
export async function dailyFiles(
  context: ReadContext<CovidDailyConfig>,
): Promise<readonly DailyFile[]> {
  const found = isWebBase(context.config.base)
    ? await webFiles(context)
    : await directoryFiles(context);
  return [...found].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

async function directoryFiles(
  context: ReadContext<CovidDailyConfig>,
): Promise<readonly DailyFile[]> {
  const naming = dailyName(context.config.fileName);
  const entries = await context.files.list(context.config.base, naming.pattern);
  return entries.flatMap(({ name, path, bytes }) => {
    const day = naming.dayOf(name);
    const fetch = () =>
      Promise.resolve({
        name,
        bytes: context.files.open(path),
        mediaType: 'text/csv',
        request: { file: name, listedBytes: bytes },
      });
    return day === undefined ? [] : [{ name, day, fetch }];
  });
}

async function webFiles(context: ReadContext<CovidDailyConfig>): Promise<readonly DailyFile[]> {
  const listed = await readListing(context);
  const naming = dailyName(context.config.fileName);
  if (listed === undefined) {
    return possibleDays(context).map((day) => webFile(context, naming.nameOf(day), day, [404]));
  }
  return listed.flatMap(({ name, size }) => {
    const day = naming.dayOf(name);
    return day === undefined ? [] : [webFile(context, name, day, [], size)];
  });
}

function webFile(
  { config, http }: ReadContext<CovidDailyConfig>,
  name: string,
  day: string,
  accept: readonly number[],
  size?: number,
): DailyFile {
  const request: HttpRequest = { method: 'GET', url: underBase(config.base, name), accept };
  return {
    name,
    day,
    fetch: async () => {
      const answer = await http.send(request);
      return answer.status === 404 ? undefined : pieceOf(name, request, answer, size);
    },
  };
}

async function pieceOf(
  name: string,
  request: HttpRequest,
  answer: HttpAnswer,
  size: number | undefined,
): Promise<LandedPiece> {
  if (size === undefined && !saysItsEnd(answer.headers)) throw endUnproved(name);
  const { 'last-modified': lastModified, 'content-type': mediaType } = answer.headers;
  return {
    name,
    bytes: await answer.bytes(),
    ...(mediaType === undefined ? {} : { mediaType }),
    request: {
      ...publicRequest(request),
      ...(size === undefined ? {} : { listedBytes: size }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
    response: { status: answer.status, headers: answer.headers },
  };
}

async function readListing({ config, http }: ReadContext<CovidDailyConfig>) {
  const url = underBase(config.base, '');
  const answer = await http.send({ method: 'GET', url, accept: [400, 403, 404, 405] });
  const text = await answer.text();
  if (answer.status !== 200 || !text.trimStart().startsWith('[')) return undefined;
  const read = listing.safeParse(parsedJson(text));
  return read.success ? read.data : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function possibleDays(context: ReadContext<CovidDailyConfig>): readonly string[] {
  const { config } = context;
  if (config.from === undefined) throw startMissing(config.base);
  return daysBetween(config.from, config.to ?? context.now().toISOString().slice(0, 10));
}

function endUnproved(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'end-unproved',
    message: {
      vi: `Máy chủ không cho biết tệp ${name} dài bao nhiêu; không rõ đã nhận đủ chưa`,
      en: `The server does not say how long ${name} is; it is not sure that all of it came`,
    },
    remedy: {
      vi: 'Đề nghị đơn vị cung cấp gửi kèm độ dài (Content-Length) hoặc danh sách tệp có kích thước.',
      en: 'Ask the provider to send a length (Content-Length), or a list of files with sizes.',
    },
    place: { file: name },
  });
}

function startMissing(base: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'start-missing',
    message: {
      vi: `${base} không cho danh sách tệp; cần khai ngày bắt đầu`,
      en: `${base} gives no list of files; a first day is needed`,
    },
    remedy: { vi: 'Khai from=yyyy-MM-dd cho nguồn.', en: 'Set from=yyyy-MM-dd for the source.' },
    place: { field: 'from' },
  });
}
