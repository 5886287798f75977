import { dashedMoment, momentOf } from '../days.ts';
import { REFORM } from '../horizon.ts';
import { Dice, fraction, roundByChance, STREAM } from '../random.ts';

/** One leg of a call, as the exchange writes it: a row of Asterisk's `Master.csv`. Moments are local seconds. */
export type CallLeg = {
  readonly callId: string;
  readonly caller: string;
  readonly called: string;
  readonly context: string;
  readonly callerName: string;
  readonly channel: string;
  readonly destination: string;
  readonly application: string;
  readonly data: string;
  readonly startedAt: number;
  readonly answeredAt: number | undefined;
  readonly endedAt: number;
  readonly outcome: 'ANSWERED' | 'NO ANSWER' | 'BUSY';
  readonly note: string;
  /** Written with a word where a number belongs. */
  readonly isBroken: boolean;
};

/** Calls of a day at scale 1, on average. */
const CALLS_A_DAY = 120;

/** The legs of a day's calls, in the order in which they ended. */
export function legsOf(seed: number, scale: number, day: number): readonly CallLeg[] {
  const count = roundByChance(CALLS_A_DAY * scale, fraction(seed, STREAM.hotlineCall, day));
  return Array.from({ length: count }, (_, n) => callOf(seed, day, n))
    .flat()
    .sort((a, b) => a.endedAt - b.endedAt || (a.callId < b.callId ? -1 : 1));
}

/** A call: the menu, then the queue, then at times a transfer to a department. */
function callOf(seed: number, day: number, n: number): readonly CallLeg[] {
  const dice = new Dice(seed, STREAM.hotlineCall, day, n + 1);
  const start = momentOf(day, dice.between(6, 21), dice.int(60), dice.int(60));
  const caller = `0900${String(dice.int(1_000_000)).padStart(6, '0')}`;
  const trunk = `SIP/trunk-${dice.int(65_536).toString(16).padStart(8, '0')}`;
  const agent = `SIP/${String(dice.between(101, 112))}-${dice.int(65_536).toString(16).padStart(8, '0')}`;
  const common = {
    callId: `${String(start)}.${String(n)}`,
    caller,
    callerName: dice.chance(0.3) ? `"Khách ""mô phỏng""" <${caller}>` : `<${caller}>`,
    channel: trunk,
    note: '',
    isBroken: false,
  };
  const menuEnd = start + dice.between(5, 40);
  const menu: CallLeg = {
    ...common,
    called: 's',
    context: 'ivr-1022',
    destination: '',
    application: 'Playback',
    data: 'chao-mung,noanswer',
    startedAt: start,
    answeredAt: start,
    endedAt: menuEnd,
    outcome: 'ANSWERED',
  };
  if (dice.chance(0.1)) return [menu];
  const isAnswered = dice.chance(0.85);
  const answeredAt = menuEnd + dice.between(3, 90);
  const endedAt = answeredAt + (isAnswered ? dice.between(20, 600) : 0);
  const queue: CallLeg = {
    ...common,
    called: '1022',
    context: 'queue-1022',
    destination: isAnswered ? agent : '',
    application: 'Queue',
    data: '1022,tT,,,60',
    startedAt: menuEnd,
    answeredAt: isAnswered ? answeredAt : undefined,
    endedAt,
    outcome: isAnswered ? 'ANSWERED' : dice.chance(0.5) ? 'NO ANSWER' : 'BUSY',
    isBroken: dice.chance(0.004),
  };
  if (!isAnswered || !dice.chance(0.2)) return [menu, queue];
  return [menu, queue, transferOf(queue, dice)];
}

function transferOf(queue: CallLeg, dice: Dice): CallLeg {
  const startedAt = queue.endedAt;
  const answeredAt = startedAt + dice.between(5, 30);
  return {
    ...queue,
    called: `0225${String(dice.int(10_000_000)).padStart(7, '0')}`,
    context: 'chuyen-tiep',
    application: 'Dial',
    data: `SIP/trunk/so,30,tT`,
    startedAt,
    answeredAt,
    endedAt: answeredAt + dice.between(20, 400),
    outcome: 'ANSWERED',
    note: 'chuyển sở',
    isBroken: false,
  };
}

/** A day's rows of `Master.csv`, without header: 17 columns, and 18 once the exchange logs the user field. */
export function masterCsv(legs: readonly CallLeg[], day: number): string {
  const lines = legs.map((leg) => lineOf(leg, day >= REFORM));
  // The exchange's log is flushed twice at times: a line comes again.
  return lines.map((line, n) => (n % 300 === 299 ? `${line}\n${line}\n` : `${line}\n`)).join('');
}

function lineOf(leg: CallLeg, withNote: boolean): string {
  const duration = leg.endedAt - leg.startedAt;
  const talk = leg.answeredAt === undefined ? 0 : leg.endedAt - leg.answeredAt;
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const time = (moment: number | undefined) =>
    moment === undefined ? '' : quote(dashedMoment(moment));
  return [
    quote(''),
    quote(leg.caller),
    quote(leg.called),
    quote(leg.context),
    quote(leg.callerName),
    quote(leg.channel),
    quote(leg.destination),
    quote(leg.application),
    quote(leg.data),
    time(leg.startedAt),
    time(leg.answeredAt),
    time(leg.endedAt),
    String(duration),
    leg.isBroken ? quote('from-fxo-gw') : String(talk),
    quote(leg.outcome),
    quote('DOCUMENTATION'),
    quote(leg.callId),
    ...(withNote ? [quote(leg.note)] : []),
  ].join(',');
}
