import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalPieces, canonicalXml } from '../../connectors/decode/xml-canonical.ts';
import type { CanonicalForm } from '../../connectors/decode/xml-canonical.ts';
import { PlainXmlReader } from '../../connectors/decode/xml-plain-reader.ts';
import type { PlainXml } from '../../connectors/decode/xml-plain.ts';
import { readXml } from '../../connectors/decode/xml-reader.ts';
import type { XmlHandler } from '../../connectors/decode/xml-reader.ts';
import { PlainSubtrees } from '../../connectors/einvoice/plain-subtrees.ts';
import { SubtreeStore } from '../../connectors/einvoice/subtree-store.ts';
import type { Subtrees } from '../../connectors/einvoice/subtree-store.ts';

/** Writes down what a reader tells; texts in pieces are one text. */
function recorder(): XmlHandler & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return {
    told,
    open: (local, name, attributes) => told.push(['open', local, name, { ...attributes }]),
    text: (text) => {
      const last = told.at(-1);
      if (typeof last === 'string') told[told.length - 1] = last + text;
      else told.push(text);
    },
    close: (local, name) => told.push(['close', local, name]),
    instruction: (target, body) => told.push(['instruction', target, body]),
  };
}

function strictly(bytes: Uint8Array): unknown {
  const handler = recorder();
  try {
    readXml(bytes, 'tep.xml', handler);
  } catch (error) {
    return error;
  }
  return handler.told;
}

function plainly(bytes: Uint8Array): unknown {
  const handler = recorder();
  const document = new PlainXmlReader().read(bytes);
  document?.tell(handler);
  return document && handler.told;
}

/** Subtrees as the strict reader records them. */
function recorded(bytes: Uint8Array): Subtrees {
  const store = new SubtreeStore();
  readXml(bytes, 'tep.xml', {
    open: (_local, name, attributes) => store.open(name, attributes, true),
    text: (text) => store.text(text),
    close: () => store.close(),
    instruction: (target, body) => store.instruction(target, body),
  });
  return store;
}

function looked(document: PlainXml): Subtrees {
  const subtrees = new PlainSubtrees(document);
  for (let tag = 0; tag < document.count; tag += 1) subtrees.at(tag, true);
  return subtrees;
}

/** Pieces that documents are made of: plain, unusual and wrong ones. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('<a>', '<b>', '<p:a>', '<a Id="1">', '<Signature>') },
  { weight: 4, arbitrary: fc.constantFrom('</a>', '</b>', '</p:a>', '</Signature>', '</a >') },
  { weight: 2, arbitrary: fc.constantFrom('<a/>', '<b />', '<a Id="2"/>', '<c></c>') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '<a xmlns="u">',
      '<a xmlns:p="v" Id="3">',
      `<a x='1'>`,
      '<a x="1" y="2">',
      '<a x="1"  y="2" >',
      '<a x="1"y="2">',
      '<a x="1" x="2">',
      '<a x="&lt;ế&#10;">',
      '<a x="1\n2">',
      '<a x="<">',
      '<a xml:lang="vi">',
      '<a x = "1">',
      '<é>',
      '<a b>',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        'Hải Phòng',
        ' ',
        '\n',
        '\r\n',
        '\r',
        'x',
        '5.5',
        '🏭',
        '&amp;',
        '&lt;',
        '&gt;',
        '&quot;',
      ],
      ...[
        '&apos;',
        '&#65;',
        '&#x41;',
        '&#0;',
        '&#7;',
        '&none;',
        '&',
        '>',
        ']]>',
        '\u0001',
        '\ufffe',
      ],
      ...['<![CDATA[x]]>', '<!-- x -->', '<?pi x?>', '<!DOCTYPE a>', '<', '\u00a0', '\t', '\ufeff'],
    ),
  },
);

const head = fc.constantFrom(
  '',
  '<?xml version="1.0"?>',
  '<?xml version="1.0" encoding="UTF-8"?>\n',
  '\ufeff<?xml version="1.0" encoding="utf-8"?>',
  ' <?xml version="1.0"?>',
  '<?xml version="1.1"?>',
  "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n",
  '<html>',
);

/** What every document may hold. */
const harmless = fc.constantFrom(
  ...[
    'Hải Phòng',
    ' ',
    '\n',
    '\r\n',
    'x',
    '5.5',
    '🏭',
    '&amp;',
    '&lt;',
    '&quot;',
    '&#65;',
    '\u00a0',
  ],
  ...['<a/>', '<b Id="1"></b>', '<a x="&lt;ế">y</a>', '<p:a x="1" y="2" />'],
);

/** Elements that fit into each other, so that whole documents are frequent. */
const element = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 8, arbitrary: harmless },
    { weight: 1, arbitrary: piece },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.constantFrom('a', 'p:b', 'Signature', 'DLHDon'),
          fc.constantFrom('', ' Id="1"', ' Id="2"', ' xmlns="u"', ' xmlns:p="v"', ' x="1" a="2"'),
          fc.array(tie('node'), { maxLength: 4 }),
        )
        .map(([name, attributes, inside]) => `<${name}${attributes}>${inside.join('')}</${name}>`),
    },
  ),
})).node;

const document = fc
  .tuple(head, fc.array(element, { maxLength: 5 }), fc.constantFrom('', '', '\n', 'x', '<a/>'))
  .map(([start, inside, end]) => Buffer.from(`${start}<r>${inside.join('')}</r>${end}`));

const forms: readonly CanonicalForm[] = [true, false].flatMap((exclusive) =>
  [true, false].flatMap((withoutSignatures) =>
    [[], ['p', '']].map((inclusivePrefixes) => ({
      exclusive,
      withoutSignatures,
      inclusivePrefixes,
    })),
  ),
);

describe('plain XML', () => {
  it('tells exactly what the strict reader tells, or leaves the document to it', () => {
    let plain = 0;
    fc.assert(
      fc.property(document, (bytes) => {
        const told = plainly(bytes);
        if (told === undefined) return;
        plain += 1;
        expect(told).toEqual(strictly(bytes));
      }),
      { numRuns: 20_000, seed: 20260731 },
    );
    expect(plain).toBeGreaterThan(2000);
  });

  it('leaves every damaged document to the strict reader', () => {
    const good = Buffer.from(
      '<?xml version="1.0"?>\n<a x="1"><b>Hải &amp; Phòng</b>\r\n<c/></a>\n',
    );
    expect(plainly(good)).toEqual(strictly(good));
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.nat(255),
        fc.constantFrom('replace', 'insert', 'cut'),
        (at, byte, kind) => {
          const rest = good.subarray(kind === 'insert' ? at : at + 1);
          const bytes =
            kind === 'cut'
              ? good.subarray(0, at)
              : Buffer.concat([good.subarray(0, at), Buffer.of(byte), rest]);
          const told = plainly(bytes);
          if (told !== undefined) expect(told).toEqual(strictly(bytes));
        },
      ),
      { numRuns: 10_000, seed: 20260731 },
    );
  });

  it.each([
    ['more depth', { depth: 1 }],
    ['more attributes', { attributes: 0 }],
    ['longer names', { name: 2 }],
    ['longer texts', { token: 3 }],
    ['a longer document', { characters: 20 }],
  ])('leaves %s than allowed to the strict reader', (_name, limits) => {
    const bytes = Buffer.from('<abc x="1"><b>long text</b></abc>');
    const usual = { depth: 9, attributes: 9, name: 9, token: 99, characters: 99 };
    expect(new PlainXmlReader(usual).read(bytes)).toBeDefined();
    expect(new PlainXmlReader({ ...usual, ...limits }).read(bytes)).toBeUndefined();
  });

  it('digests elements as their canonical form, with and without making it', () => {
    let asWritten = 0;
    fc.assert(
      fc.property(
        document,
        fc.constantFrom(...forms),
        fc.constantFrom('1', '2'),
        (bytes, form, id) => {
          const plain = new PlainXmlReader().read(bytes);
          if (plain === undefined) return;
          const found = looked(plain).byId(id);
          const kept = recorded(bytes).byId(id);
          expect(found === undefined).toBe(kept === undefined);
          if (found === undefined || kept === undefined) return;
          asWritten += Number(found.asWritten !== undefined);
          const pieces = canonicalPieces(found, form).map((part) => Buffer.from(part));
          expect(hashOf(Buffer.concat(pieces))).toBe(hashOf(canonicalXml(kept, form)));
          expect(canonicalXml(found, form)).toBe(canonicalXml(kept, form));
        },
      ),
      { numRuns: 20_000, seed: 20260731 },
    );
    expect(asWritten).toBeGreaterThan(200);
  });
});

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
