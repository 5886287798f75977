import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hollowPage } from '../../connectors/dvc/hollow-page.ts';

const hollow = (text: string) => hollowPage(Buffer.from(text), 'data');

describe('a page without its records', () => {
  it('counts the records as a parser does, and keeps the rest', () => {
    const page = fc.record({
      message: fc.string(),
      total: fc.nat(),
      data: fc.array(fc.jsonValue()),
    });
    fc.assert(
      fc.property(page, fc.constantFrom(0, 1), (value, indent) => {
        const found = hollow(JSON.stringify(value, null, indent));
        expect(found?.records).toBe(value.data.length);
        expect(JSON.parse(found?.text ?? '')).toEqual({ ...value, data: [] });
      }),
    );
  });

  it.each([
    ['a text that looks like the member', '{"message":"\\"data\\":[1,2]","data":[3]}', 1],
    ['a member of another object', '{"other":{"data":[1,2]},"data":[3,4,5]}', 3],
    ['no list', '{"error_code":401,"data":null}', 0],
    ['no member', '{"error_code":401}', 0],
  ])('sees through %s', (_, text, records) => {
    expect(hollow(text)?.records).toBe(records);
  });

  it('is none where the body was cut, wherever', () => {
    const text = '{"data":[{"a":"]}"},{"b":[1]}]';
    for (let end = 9; end < text.length; end += 1)
      expect(hollow(text.slice(0, end))).toBeUndefined();
  });
});
