import { describe, expect, it } from 'vitest';
import { demoSize } from '../../home/demo-size.ts';

describe('the size of the demo', () => {
  it('is a whole city over three years unless the environment says less', () => {
    expect(demoSize({})).toEqual({ scale: 1, years: 3 });
    expect(demoSize({ PHUSA_DEMO_SCALE: '0.01', PHUSA_DEMO_YEARS: '1' })).toEqual({
      scale: 0.01,
      years: 1,
    });
  });

  it.each([
    { PHUSA_DEMO_YEARS: '0.2' },
    { PHUSA_DEMO_YEARS: 'ba' },
    { PHUSA_DEMO_SCALE: '0' },
    { PHUSA_DEMO_SCALE: '-1' },
  ])('is refused before anything is made: %o', (environment) => {
    const [name] = Object.keys(environment);
    expect(() => demoSize(environment)).toThrow(name);
  });
});
