import type { Agency } from '../city/agencies.ts';
import { COMMUNES } from '../city/units.ts';
import { REFORM } from '../horizon.ts';
import { momentOf } from '../days.ts';
import { at } from '../random.ts';
import type { DossierLife, LifeEvent, Status } from './dossier-life.ts';

/** A request for further papers and its answer. */
export type Supplement = {
  readonly asked: number;
  readonly given: number | null;
  readonly dueBefore: number;
  readonly dueAfter: number | null;
};

/** A dossier as it stands at a moment. */
export type Dossier = {
  readonly life: DossierLife;
  /** The events so far; never empty. */
  readonly events: readonly LifeEvent[];
  readonly status: Status;
  readonly agency: Agency;
  readonly communeCode: string;
  readonly updatedAt: number;
  readonly submittedAt: number;
  readonly receivedAt: number | null;
  readonly dueAt: number | null;
  readonly refusedAt: number | null;
  readonly finishedAt: number | null;
  readonly returnedAt: number | null;
  /** End without a result: withdrawn or stopped. */
  readonly endedAt: number | null;
  readonly supplements: readonly Supplement[];
  readonly corrected: boolean;
};

function momentOfKind(events: readonly LifeEvent[], kind: LifeEvent['kind']): number | null {
  return events.find((event) => event.kind === kind)?.at ?? null;
}

function supplementsOf(events: readonly LifeEvent[]): readonly Supplement[] {
  return events.flatMap((event, i) => {
    if (event.kind !== 'supplement-asked' || event.due === null) return [];
    const answer = events.slice(i + 1).find((next) => next.kind === 'supplement-given');
    return [
      {
        asked: event.at,
        given: answer?.at ?? null,
        dueBefore: event.due,
        dueAfter: answer?.due ?? null,
      },
    ];
  });
}

/** The dossier as known at `moment`, undefined when it was not yet submitted. */
export function dossierAt(life: DossierLife, moment: number): Dossier | undefined {
  const events = life.events.filter((event) => event.at <= moment);
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const submitted = at(events, 0).at;
  return {
    life,
    events,
    status: last.status,
    agency: events.some((event) => event.kind === 'handed-over') ? life.heir : life.intake,
    communeCode:
      submitted < momentOf(REFORM) ? life.formerCommune.code : at(COMMUNES, life.commune).code,
    updatedAt: last.at,
    submittedAt: submitted,
    receivedAt: momentOfKind(events, 'received'),
    dueAt: life.noDueDate ? null : last.due,
    refusedAt: momentOfKind(events, 'refused'),
    finishedAt: momentOfKind(events, 'done'),
    returnedAt: momentOfKind(events, 'returned'),
    endedAt: momentOfKind(events, 'withdrawn') ?? momentOfKind(events, 'stopped'),
    supplements: supplementsOf(events),
    corrected: last.kind === 'corrected',
  };
}

/** Moment of the last event up to `moment`, undefined when there is none. */
export function lastUpdate(life: DossierLife, moment: number): number | undefined {
  return life.events.findLast((event) => event.at <= moment)?.at;
}
