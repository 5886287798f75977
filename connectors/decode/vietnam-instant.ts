/** Seven hours, in microseconds: Việt Nam's offset, without daylight saving time. */
const offset = 7n * 3_600_000_000n;

/** SQL for the instant of a `timestamp`, which is Vietnamese wall time. Many times faster than asking the zone's rules. */
export function vietnamInstant(timestamp: string): string {
  return `make_timestamptz(epoch_us(${timestamp}) - ${offset})`;
}
