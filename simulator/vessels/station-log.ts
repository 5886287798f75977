import { isoDay, momentOf } from '../days.ts';
import { positionSentence, staticSentences } from './ais-sentence.ts';
import { positionsOf, VESSELS } from './voyage.ts';

/**
 * What the receiving station writes of a day: a comment, its own position, static reports of all ships, then positions.
 * Beside them every day has one sentence with a wrong checksum, one first part without its second, and one line of noise.
 */
export function stationLog(seed: number, day: number): string {
  const positions = positionsOf(seed, day);
  const heard = momentOf(day, 0, 0, 1);
  const broken = positions.slice(-1).map((last) => damaged(positionSentence(last)));
  const [alone = ''] = VESSELS.slice(0, 1).flatMap((vessel) => staticSentences(vessel, heard));
  return [
    `# trạm thu mô phỏng, ${isoDay(day)}`,
    '$GPGGA,092725.00,4717.11399,N,00833.91590,E,1,08,1.01,499.6,M,48.0,M,,*5B',
    ...VESSELS.flatMap((vessel) => staticSentences(vessel, heard)),
    ...positions.map(positionSentence),
    ...broken,
    alone,
    '!AIVDM,1,1,,A,',
    '',
  ].join('\r\n');
}

/** Lines of each day that are no message. */
export const BAD_LINES_A_DAY = 3;

function damaged(sentence: string): string {
  return sentence.slice(0, -2) + (sentence.endsWith('00') ? '01' : '00');
}
