import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Person } from '../core/person.ts';
import type { FileLink } from './operations/field.ts';
import { notFound } from './refusal.ts';
import type { Download } from '../services/port.ts';

/** How long a link to a made file holds, in milliseconds. */
const lifetime = 10 * 60_000;

interface Ticket {
  readonly file: Download;
  readonly actor: string;
  readonly until: number;
}

/** Short-lived links to files that an operation has just made; each serves only the person it was made for. */
export class FileTickets {
  readonly #clock: Clock;
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Links to these files for this person. */
  offer(files: readonly Download[], person: Person): FileLink[] {
    this.#dropExpired();
    return files.map((file) => {
      const id = randomBytes(24).toString('base64url');
      this.#tickets.set(id, { file, actor: person.actor, until: this.#now() + lifetime });
      return { name: file.name, mediaType: file.mediaType, url: `/api/v1/downloads/${id}` };
    });
  }

  /** The file behind a link. Throws PhusaError `not-found` when expired, unknown or another person's. */
  redeem(id: string, person: Person): Download {
    this.#dropExpired();
    const ticket = this.#tickets.get(id);
    if (ticket?.actor !== person.actor) throw notFound(id);
    return ticket.file;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #dropExpired(): void {
    for (const [id, { until }] of this.#tickets) {
      if (until <= this.#now()) this.#tickets.delete(id);
    }
  }
}
