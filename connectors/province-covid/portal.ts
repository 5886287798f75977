import { z } from 'zod';
import type { HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { ProvinceCovidConfig } from './config.ts';
import { provinceCovidTrouble } from './province-covid-trouble.ts';

const listed = z.array(z.looseObject({ id: z.int(), name: z.string() })).min(1);
const series = z.looseObject({ id: z.int() });

/** Times that a body which is no whole JSON is asked for again. */
const tries = 3;

/** The national portal: a list of provinces with ids, and series at addresses with numbers of their own. */
export class Portal {
  readonly #context: Pick<ReadContext<ProvinceCovidConfig>, 'config' | 'http'>;

  constructor(context: Pick<ReadContext<ProvinceCovidConfig>, 'config' | 'http'>) {
    this.#context = context;
  }

  /** Ids of the provinces, and the list as it came. */
  async provinces(): Promise<{ readonly ids: readonly number[]; readonly piece: LandedPiece }> {
    const { body, piece } = await this.#get('covid/provinces', 'provinces.json');
    const read = listed.safeParse(body);
    const ids = read.success ? read.data.map(({ id }) => id) : [];
    if (ids.length === 0 || new Set(ids).size < ids.length)
      throw provinceCovidTrouble('provinces-unclear', `${ids.length}`);
    return { ids: ids.toSorted((a, b) => a - b), piece };
  }

  /** The series of one province; the id inside of the answer is what counts, not the number of its address. */
  async series(kind: 'covid' | 'vaccine', id: number): Promise<LandedPiece> {
    const number = this.#context.config.pathOf[String(id)] ?? id;
    const { body, piece } = await this.#get(`${kind}/province/${number}`, `${kind}-${id}.json`);
    const read = series.safeParse(body);
    if (!read.success) throw provinceCovidTrouble('answer-not-json', `${kind}/province/${number}`);
    if (read.data.id !== id)
      throw provinceCovidTrouble('member-shifted', `${number}: ${id} → ${read.data.id}`);
    return piece;
  }

  async #get(path: string, name: string): Promise<{ body: unknown; piece: LandedPiece }> {
    const request: HttpRequest = { method: 'GET', url: underBase(this.#context.config.base, path) };
    for (let tried = 1; ; tried += 1) {
      const answer = await this.#context.http.send(request);
      const bytes = await answer.bytes();
      const body = parsed(bytes);
      const response = { status: answer.status, headers: answer.headers };
      if (body !== undefined)
        return { body, piece: { name, bytes, request: publicRequest(request), response } };
      if (tried === tries) throw provinceCovidTrouble('answer-not-json', path);
    }
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
