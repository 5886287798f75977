import { describe, expect, it } from 'vitest';
import { manifestText, textOfManifest } from '../../portal/manifest/manifest-text.ts';
import { newManifest } from '../../portal/manifest/new-manifest.ts';

const text = `# của phường
name: thu # tên
streams:
  - stream: a
    columns: [{ name: x }]
`;

describe('a manifest as text', () => {
  it('is changed in one place: comments and all else stay', () => {
    const changed = manifestText(text)
      .with(['streams', 0, 'records'], 'data.items')
      .with(['streams', 0, 'columns', 1], { name: 'y' })
      .with(['rate', 'requests'], 5);
    expect(changed.text).toContain('# của phường\nname: thu # tên');
    expect(changed.at(['streams', 0])).toEqual({
      ...{ stream: 'a', records: 'data.items' },
      columns: [{ name: 'x' }, { name: 'y' }],
    });
    expect(changed.at(['rate', 'requests'])).toBe(5);
    expect(changed.with(['rate'], undefined).at(['rate'])).toBeUndefined();
  });

  it('that is not YAML is kept as it is until it is mended', () => {
    const broken = manifestText('a: [1');
    expect(broken.at(['a'])).toBeUndefined();
    expect(broken.with(['b'], 1).text).toBe('a: [1');
  });

  it('begins with an address: base, path, parameters and format', () => {
    const begun = manifestText(
      textOfManifest(newManifest('ho-so', 'https://api.x.vn/v1/ho-so.csv?nam=2026')),
    );
    expect(begun.at(['base'])).toBe('https://api.x.vn/v1/');
    expect(begun.at(['streams', 0, 'request'])).toEqual({
      path: 'ho-so.csv',
      query: { nam: '2026' },
    });
    expect(begun.at(['streams', 0, 'decoding', 'format'])).toBe('csv');
    const files = manifestText(textOfManifest(newManifest('tep', 'inbox:')));
    expect(files.at(['base'])).toBe('inbox:');
    expect(files.at(['streams', 0, 'files'])).toBe('.*');
  });
});
