import {
  agencyByCode,
  communeCentre,
  departmentOf,
  districtUnit,
  type Agency,
} from '../city/agencies.ts';
import { populationsOn } from '../city/population.ts';
import { COMMUNES, FORMER_COMMUNES, type FormerCommune } from '../city/units.ts';
import { compactDay, dayOfMoment, momentOf, yearOf } from '../days.ts';
import { EPOCH, REFORM } from '../horizon.ts';
import { addWorkingDays, isWorkingDay, workingDayFrom } from '../holidays.ts';
import { at, Dice, hash, STREAM } from '../random.ts';
import { PROCEDURES, type Procedure } from './procedures.ts';
import { weightedChoice } from '../weighted-choice.ts';

/** TrangThaiHoSo of a dossier. */
export type Status = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** Something that happened to a dossier; `due` is the due moment after it. */
export type LifeEvent = {
  readonly at: number;
  readonly status: Status;
  readonly kind:
    | 'submitted'
    | 'received'
    | 'refused'
    | 'processing'
    | 'supplement-asked'
    | 'supplement-given'
    | 'fee-asked'
    | 'fee-paid'
    | 'handed-over'
    | 'withdrawn'
    | 'stopped'
    | 'done'
    | 'returned'
    | 'corrected';
  readonly due: number | null;
};

/** How a row is spoiled on purpose. */
export type Defect = 'unknown-status' | 'impossible-date' | 'missing-key';

/** A dossier's whole life, past any horizon. */
export type DossierLife = {
  readonly code: string;
  readonly procedure: Procedure;
  readonly intake: Agency;
  /** Who has it from the reform on. */
  readonly heir: Agency;
  readonly formerCommune: FormerCommune;
  /** Position in COMMUNES. */
  readonly commune: number;
  /** null stands for 1 in some sources. */
  readonly channel: 1 | 2 | 3 | null;
  readonly subject: 0 | 1 | 2;
  readonly noDueDate: boolean;
  readonly defect: Defect | null;
  readonly person: number;
  readonly paidOnline: 0 | 1 | 2;
  readonly events: readonly LifeEvent[];
};

const chooseProcedure = weightedChoice(PROCEDURES.map((procedure) => procedure.weight));
const chooseCommune = weightedChoice(populationsOn(EPOCH));
const NO_DUE_SHARE = 0.03;
const DEFECT_SHARE = 0.001;
const CORRECTION_SHARE = 0.004;
const DEFECTS: readonly Defect[] = ['unknown-status', 'impossible-date', 'missing-key'];

/** Which of today's communes the applicant's place belongs to. */
function successorOf(commune: FormerCommune, dice: Dice): number {
  let left = dice.int(1000);
  const part = commune.successors.find(({ permille }) => (left -= permille) < 0);
  return (part ?? at(commune.successors, 0)).target;
}

function intakeAgency(
  day: number,
  procedure: Procedure,
  place: FormerCommune,
  now: number,
): Agency {
  const reformed = day >= REFORM;
  if (procedure.department !== undefined) {
    return departmentOf(reformed ? '31' : place.district.province, procedure.department);
  }
  return reformed ? communeCentre(at(COMMUNES, now).code) : districtUnit(place.district.code);
}

/** The agency that has a dossier from the reform on. */
function heirOf(intake: Agency, commune: number): Agency {
  if (intake.level === 'huyen') return communeCentre(at(COMMUNES, commune).code);
  const [successor] = intake.successors;
  return successor === undefined ? intake : agencyByCode(successor);
}

function channelOf(day: number, procedure: Procedure, dice: Dice): 1 | 2 | 3 | null {
  const online = 0.42 + (yearOf(day) - yearOf(EPOCH)) * 0.09;
  if (procedure.onlineEligible && dice.chance(Math.min(online, 0.85))) return 2;
  if (dice.chance(0.08)) return 3;
  return dice.chance(0.02) ? null : 1;
}

function subjectOf(procedure: Procedure, dice: Dice): 0 | 1 | 2 {
  const business = procedure.department === undefined ? 0.04 : 0.45;
  if (dice.chance(business)) return 1;
  return procedure.fieldName === 'Hộ kinh doanh' ? 2 : 0;
}

/** A moment in office hours of a day. */
function officeMoment(day: number, dice: Dice): number {
  const hour = dice.pick([7, 8, 8, 9, 9, 10, 10, 13, 14, 14, 15, 16]);
  return momentOf(day, hour, dice.between(hour === 7 ? 30 : 0, 59), dice.int(60));
}

function submission(day: number, online: boolean, dice: Dice): number {
  if (!online && isWorkingDay(day)) return officeMoment(day, dice);
  return momentOf(day, dice.between(6, 22), dice.int(60), dice.int(60));
}

/** A due moment so many working days later. */
function later(due: number, workingDays: number): number {
  return momentOf(addWorkingDays(dayOfMoment(due), workingDays), 17);
}

/** Never before the last event: office work goes on at least some minutes after it. */
function after(previous: LifeEvent, wished: number, dice: Dice): number {
  return wished > previous.at ? wished : previous.at + 300 + dice.int(1500);
}

/** Builds the events in order. */
class Story {
  readonly events: LifeEvent[] = [];
  private readonly dice: Dice;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  get last(): LifeEvent {
    return at(this.events, this.events.length - 1);
  }

  tell(kind: LifeEvent['kind'], status: Status, wished: number, due: number | null): void {
    const [first] = this.events;
    const moment = first === undefined ? wished : after(this.last, wished, this.dice);
    this.events.push({ at: moment, status, kind, due });
  }

  /** An office moment some working days after the last event. */
  inWorkingDays(count: number): number {
    const day = dayOfMoment(this.last.at);
    const open = count === 0 ? workingDayFrom(day) : addWorkingDays(day, count);
    return officeMoment(open, this.dice);
  }
}

function waiting(from: number, to: number): number {
  let days = 0;
  for (let day = dayOfMoment(from) + 1; day <= dayOfMoment(to); day += 1) {
    if (isWorkingDay(day)) days += 1;
  }
  return days;
}

/** Asks for papers and mostly gets them; gives the new due moment, null when they never came. */
function supplement(story: Story, due: number, dice: Dice): number | null {
  story.tell('supplement-asked', 5, story.inWorkingDays(dice.int(3)), due);
  const asked = story.last.at;
  if (dice.chance(0.05)) {
    story.tell('stopped', 8, story.inWorkingDays(dice.between(22, 35)), due);
    return null;
  }
  const given = story.inWorkingDays(dice.between(1, 9));
  const moved = later(due, waiting(asked, given));
  story.tell('supplement-given', 4, given, moved);
  return moved;
}

function supplementCount(dice: Dice): number {
  const draw = dice.next();
  if (draw < 0.86) return 0;
  if (draw < 0.965) return 1;
  return draw < 0.993 ? 2 : 3;
}

function finishMoment(story: Story, due: number, late: boolean, dice: Dice): number {
  const dueDay = dayOfMoment(due);
  if (late)
    return officeMoment(addWorkingDays(dueDay, dice.between(1, dice.pick([2, 4, 12]))), dice);
  const now = dayOfMoment(story.last.at);
  const room = dueDay - now;
  if (room <= 0) return Math.min(due - dice.int(3600), momentOf(dueDay, 16, dice.int(59)));
  const day = workingDayFrom(now + Math.round(room * Math.sqrt(dice.next())));
  return officeMoment(Math.min(day, dueDay), dice);
}

function returnDelay(dice: Dice): number {
  const draw = dice.next();
  if (draw < 0.6) return 0;
  return draw < 0.94 ? dice.between(1, 3) : dice.between(15, 45);
}

function tellEnding(story: Story, due: number, lateShare: number, dice: Dice): void {
  if (dice.chance(0.015)) {
    story.tell('withdrawn', 7, story.inWorkingDays(dice.int(4)), due);
    return;
  }
  story.tell('done', 9, finishMoment(story, due, dice.chance(lateShare), dice), due);
  story.tell('returned', 10, story.inWorkingDays(returnDelay(dice)), due);
}

function tellWork(story: Story, procedure: Procedure, agency: Agency, dice: Dice): void {
  let due = momentOf(addWorkingDays(dayOfMoment(story.last.at), procedure.workingDays), 17);
  story.tell('received', 2, story.last.at, due);
  story.tell('processing', 4, story.last.at + 600 + dice.int(7200), due);
  for (let left = supplementCount(dice); left > 0; left -= 1) {
    const moved = supplement(story, due, dice);
    if (moved === null) return;
    due = moved;
  }
  if (procedure.fieldName === 'Đất đai' && dice.chance(0.15)) {
    story.tell('fee-asked', 6, story.inWorkingDays(dice.int(2)), due);
    story.tell('fee-paid', 4, story.inWorkingDays(dice.between(1, 4)), due);
  }
  tellEnding(story, due, agency.lateShare, dice);
}

function tell(submitted: number, procedure: Procedure, agency: Agency, dice: Dice): Story {
  const story = new Story(dice);
  const online = !isWorkingDay(dayOfMoment(submitted)) || dice.chance(0.4);
  story.tell('submitted', 1, submitted, null);
  const seen = online ? story.inWorkingDays(dice.int(2)) : submitted + 300 + dice.int(2400);
  if (dice.chance(0.03)) {
    story.tell('refused', 3, seen, null);
    return story;
  }
  const intake = new Story(dice);
  intake.tell('submitted', 1, Math.max(seen, submitted + 60), null);
  tellWork(intake, procedure, agency, dice);
  story.events.push(...intake.events.slice(1));
  return story;
}

const ENDED: readonly LifeEvent['kind'][] = ['refused', 'withdrawn', 'stopped', 'done'];

/** On the reform's first morning, pending dossiers of dissolved agencies change hands. */
function withHandover(events: readonly LifeEvent[], dice: Dice): readonly LifeEvent[] {
  const moment = momentOf(REFORM, 0, 30) + dice.int(6 * 3600);
  const before = events.filter((event) => event.at < moment);
  if (before.length === 0 || before.some((event) => ENDED.includes(event.kind))) return events;
  const last = at(before, before.length - 1);
  const handover = { ...last, at: moment, kind: 'handed-over' as const };
  return [...before, handover, ...events.slice(before.length)];
}

function withCorrection(events: readonly LifeEvent[], dice: Dice): readonly LifeEvent[] {
  const last = at(events, events.length - 1);
  if (last.kind !== 'returned' || last.due === null || !dice.chance(CORRECTION_SHARE)) {
    return events;
  }
  const moment = officeMoment(workingDayFrom(dayOfMoment(last.at) + dice.between(20, 60)), dice);
  const due = later(last.due, dice.between(1, 3));
  return [...events, { at: moment, status: last.status, kind: 'corrected', due }];
}

function paidOnline(procedure: Procedure, channel: 1 | 2 | 3 | null, dice: Dice): 0 | 1 | 2 {
  if (procedure.fee === 0 || !dice.chance(channel === 2 ? 0.75 : 0.12)) return 0;
  return dice.chance(0.7) ? 1 : 2;
}

/** The life of dossier number `sequence` (from 0) of a day. */
export function dossierLife(seed: number, day: number, sequence: number): DossierLife {
  const dice = new Dice(seed, STREAM.dossier, day, sequence);
  const procedure = at(PROCEDURES, chooseProcedure(dice.next()));
  const formerCommune = at(FORMER_COMMUNES, chooseCommune(dice.next()));
  const commune = successorOf(formerCommune, dice);
  const intake = intakeAgency(day, procedure, formerCommune, commune);
  const heir = heirOf(intake, commune);
  const channel = channelOf(day, procedure, dice);
  const submitted = submission(day, channel === 2, dice);
  const { events } = tell(submitted, procedure, intake, dice);
  const handed = heir === intake ? events : withHandover(events, dice);
  return {
    code: `${intake.code}-${compactDay(day)}-${String(sequence + 1).padStart(7, '0')}`,
    procedure,
    intake,
    heir,
    formerCommune,
    commune,
    channel,
    subject: subjectOf(procedure, dice),
    noDueDate: dice.chance(NO_DUE_SHARE),
    defect: dice.chance(DEFECT_SHARE) ? dice.pick(DEFECTS) : null,
    person: hash(seed, STREAM.dossier, day, sequence),
    paidOnline: paidOnline(procedure, channel, dice),
    events: withCorrection(handed, dice),
  };
}
