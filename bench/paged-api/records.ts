/** Days that the records are spread over, from {@link firstDay} on. */
export const days = 100;

/** Invented records begin here. */
export const firstDay = '2026-01-01';

/** The last day that has records. */
export const lastDay = dayText(days - 1);

/** ISO day, so many days after the first. */
export function dayText(day: number): string {
  return new Date(Date.parse(firstDay) + day * 86_400_000).toISOString().slice(0, 10);
}

/** Days from the first to an ISO day. */
export function dayNumber(text: string): number {
  return Math.round((Date.parse(text) - Date.parse(firstDay)) / 86_400_000);
}

const channels = ['app', 'web', '1022', 'direct'];
const subjects = ['Đèn đường hỏng', 'Rác thải chưa thu gom', 'Vỉa hè bị lấn chiếm', 'Ngập nước'];
const states = ['open', 'assigned', 'closed'];

/** Record `n` (from 0) as JSON, of a list with so many records a day: invented, and the same each time. */
export function recordJson(n: number, perDay: number): string {
  const second = Math.floor(((n % perDay) * 86_400) / perDay);
  const day = dayText(Math.floor(n / perDay));
  const time = new Date(second * 1000).toISOString().slice(11, 19);
  const mixed = Math.imul(n + 1, 2_654_435_761) >>> 0;
  return `{"report_id":"PA-${String(n).padStart(9, '0')}","ward_code":"${10_000 + (mixed % 168)}","subject":"${
    subjects[mixed % 4] ?? ''
  } tại số ${mixed % 997}","channel":"${channels[(mixed >>> 3) % 4] ?? ''}","status":"${
    states[(mixed >>> 5) % 3] ?? ''
  }","fee":${feeOf(n)},"reported_at":"${day}T${time}+07:00","updated_at":"${day}T${time}+07:00"}`;
}

/** Fee of record `n`, in đồng. */
export function feeOf(n: number): number {
  return (n % 1000) * 500;
}
