import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { xmlLimits } from '../../connectors/decode/xml-limits.ts';
import type { XmlLimits } from '../../connectors/decode/xml-limits.ts';
import { readXml, readXmlStream } from '../../connectors/decode/xml-reader.ts';
import type { XmlHandler } from '../../connectors/decode/xml-reader.ts';

/** Writes down what a reader tells. */
function recorder(): XmlHandler & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    open: (local, name, attributes) =>
      told.push(
        `<${local}${local === name ? '' : `(${name})`}${JSON.stringify({ ...attributes })}`,
      ),
    text: (text) => {
      if (text.trim() !== '') told.push(text);
    },
    close: (local) => told.push(`/${local}`),
    instruction: (target) => told.push(`?${target}`),
  };
}

function read(content: string | Uint8Array, limits: XmlLimits = xmlLimits): string {
  const handler = recorder();
  readXml(typeof content === 'string' ? Buffer.from(content) : content, 'tep.xml', handler, limits);
  return handler.told.join(' ');
}

/** The error of reading, as data. */
function trouble(content: string | Uint8Array, limits?: XmlLimits): unknown {
  try {
    read(content, limits);
  } catch (error) {
    return error;
  }
  return 'no error';
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}

describe('XML reader', () => {
  it('gives local names whatever the prefix, references resolved, CDATA as text', () => {
    expect(read('<p:a xmlns:p="u" x="1&amp;2"><p:b/>Hải &#x50;hòng<![CDATA[ <c> ]]></p:a>')).toBe(
      '<a(p:a){"xmlns:p":"u","x":"1&2"} <b(p:b){} /b Hải Phòng  <c>  /a',
    );
  });

  it.each(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'windows-1258'])(
    'reads %s as declared or marked',
    (encoding) => {
      const declared = encoding.startsWith('windows') ? ' encoding="windows-1258"' : '';
      const text = `<?xml version="1.0"${declared}?><a>Đà</a>`;
      expect(read(encoded(text, encoding))).toBe('<a{} Đà /a');
    },
  );

  it('reads equal events whole and in pieces of any size', async () => {
    const bytes = Buffer.from(
      `<?xml version="1.0"?>\n<a>${'<b x="ế">Hải Phòng 🏭</b>'.repeat(40)}</a>`,
    );
    const whole = read(bytes);
    for (const size of [1, 3, 7, 64, 1000]) {
      const handler = recorder();
      await readXmlStream(pieces(bytes, size), 'tep.xml', handler);
      expect(handler.told.join(' ')).toBe(whole);
    }
  });

  it('says file and line of a truncated document', () => {
    const text = '<a>\n<b>x</b>\n<c>';
    expect(trouble(text)).toMatchObject({
      group: 'data',
      code: 'xml-truncated',
      place: { file: 'tep.xml', line: 3 },
    });
    for (let cut = 1; cut < text.length; cut += 1)
      expect(trouble(text.slice(0, cut))).toMatchObject({ group: 'data', code: 'xml-truncated' });
  });

  it.each([
    ['', 'xml-empty'],
    [' \n ', 'xml-empty'],
    ['<?xml version="1.0"?>', 'xml-truncated'],
    ['<!DOCTYPE html><html><body>Bảo trì</body></html>', 'xml-html'],
    ['<html><body>Bảo trì</body></html>', 'xml-html'],
    ['{"error_code":1001}', 'xml-not-xml'],
    ['<a><b></a>', 'xml-malformed'],
    ['<a x="1" x="2"/>', 'xml-malformed'],
    ['<a>&undefined;</a>', 'xml-malformed'],
    ['<a>&constructor;</a>', 'xml-malformed'],
    ['<a>&#x1f;</a>', 'xml-malformed'],
    ['<?xml version="1.1"?><a>&#x1f;</a>', 'xml-malformed'],
    ['<a>\u0001</a>', 'xml-malformed'],
    ['<a/><b/>', 'xml-malformed'],
    ['<?xml version="1.0" encoding="TCVN-5712"?><a/>', 'xml-encoding'],
  ])('refuses %j as %s', (text, code) => {
    expect(trouble(text)).toMatchObject({ group: 'data', code });
  });

  it('refuses bytes that are not of the encoding', () => {
    expect(trouble(Buffer.from('<a>à</a>', 'latin1'))).toMatchObject({ code: 'xml-encoding' });
  });

  it.each([
    ['H06 billion laughs', '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'],
    ['H06 quadratic blow-up', `<!DOCTYPE a [<!ENTITY x "${'A'.repeat(1e5)}">]><a>&x;&x;</a>`],
    ['H07 external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['H07 external DTD', '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>'],
    ['H07 parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]><a/>'],
  ])('%s: the DTD is refused', (_name, text) => {
    expect(trouble(text)).toMatchObject({ group: 'data', code: 'xml-dtd' });
  });

  it('H17 caps attributes, depth, names and tokens, in bounded time', () => {
    const started = performance.now();
    const attributes = Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ');
    expect(trouble(`<a ${attributes}/>`)).toMatchObject({
      code: expect.stringMatching(/xml-(too-many-attributes|token-too-long)/) as string,
    });
    expect(trouble(`<a ${attributes.slice(0, 1200).trim()}="1"/>`)).not.toBe('no error');
    expect(trouble('<a>'.repeat(10_000_000))).toMatchObject({ code: 'xml-too-deep' });
    expect(trouble(`<${'a'.repeat(300)}/>`)).toMatchObject({ code: 'xml-name-too-long' });
    expect(trouble(`<a>${'x'.repeat(3 << 20)}</a>`)).toMatchObject({ code: 'xml-token-too-long' });
    expect(trouble(`<a x="${'x'.repeat(3 << 20)}"/>`)).toMatchObject({
      code: 'xml-token-too-long',
    });
    expect(trouble('<a>long enough</a>', { ...xmlLimits, characters: 10 })).toMatchObject({
      code: 'xml-too-long',
    });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('passes a handler’s own error through', () => {
    const broken: XmlHandler = {
      ...recorder(),
      open: () => {
        throw new RangeError('ours');
      },
    };
    expect(() => readXml(Buffer.from('<a/>'), 'tep.xml', broken)).toThrow(RangeError);
  });
});

const suite = new URL('../../../shared/data/suites/defusedxml/xmltestdata/', import.meta.url);

describe.skipIf(!existsSync(suite))(
  'H06 H07 the defusedxml suite (skipped where it is absent)',
  () => {
    it('refuses every attack and reads the harmless files', () => {
      const outcomes = Object.fromEntries(
        (existsSync(suite) ? readdirSync(suite) : []).map((name) => {
          const outcome = trouble(readFileSync(new URL(name, suite)));
          return [name, outcome === 'no error' ? 'read' : (outcome as { code?: string }).code];
        }),
      );
      expect(outcomes).toMatchObject({ 'simple.xml': 'read', 'simple-ns.xml': 'read' });
      for (const [name, outcome] of Object.entries(outcomes))
        if (!name.startsWith('simple')) expect(`${name} ${outcome}`).toBe(`${name} xml-dtd`);
    });
  },
);

/** 0xD0 is Đ and 0xE0 à in windows-1258. */
function encoded(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  if (encoding === 'utf-8-bom') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-8') return Buffer.from(text);
  return Buffer.from(text.replace('Đ', '\xd0').replace('à', '\xe0'), 'latin1');
}
