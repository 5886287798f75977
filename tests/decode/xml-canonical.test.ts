import { generateKeyPairSync } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { describe, expect, it } from 'vitest';
import type { CanonicalForm } from '../../connectors/decode/xml-canonical.ts';
import { canonicalXml } from '../../connectors/decode/xml-canonical.ts';
import { readXml } from '../../connectors/decode/xml-reader.ts';
import { SubtreeStore } from '../../connectors/einvoice/subtree-store.ts';
import { digestVerdict } from '../../connectors/einvoice/signature-digest.ts';

const inclusive: CanonicalForm = {
  exclusive: false,
  inclusivePrefixes: [],
  withoutSignatures: false,
};
const exclusive: CanonicalForm = { ...inclusive, exclusive: true };

/** Reads a document and keeps its elements with an Id. */
function storeOf(xml: string): SubtreeStore {
  const store = new SubtreeStore();
  readXml(Buffer.from(xml), 'tep.xml', {
    open: (_local, name, attributes) => store.open(name, attributes, true),
    text: (text) => store.text(text),
    close: () => store.close(),
    instruction: (target, body) => store.instruction(target, body),
  });
  return store;
}

function canonical(xml: string, form: CanonicalForm = inclusive, id = 'x'): string {
  const subtree = storeOf(xml).byId(id);
  return subtree === undefined ? 'no such element' : canonicalXml(subtree, form);
}

describe('canonical XML, golden cases', () => {
  it.each<[string, string, string]>([
    [
      'start-end tags, quotes and white space in tags (C14N 3.3)',
      `<e1   Id = 'x'  ><e2 ></e2><e3   name = "elem3"   /></e1  >`,
      '<e1 Id="x"><e2></e2><e3 name="elem3"></e3></e1>',
    ],
    [
      'namespaces before attributes, both sorted (C14N 3.3 e5)',
      '<e5 Id="x" a:attr="out" b:attr="sorted" attr2="all" attr="I\'m" xmlns:b="http://www.ietf.org" xmlns:a="http://www.w3.org" xmlns="http://example.org"/>',
      '<e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" Id="x" attr="I\'m" attr2="all" b:attr="sorted" a:attr="out"></e5>',
    ],
    [
      'superfluous and undone namespaces (C14N 3.3 e6–e9)',
      '<e6 Id="x" xmlns=""><e7 xmlns="http://www.ietf.org"><e8 xmlns=""><e9 xmlns="" xmlns:a="http://www.w3.org"><a:e a:q="1" xmlns:a="http://www.w3.org"/></e9></e8></e7></e6>',
      '<e6 Id="x"><e7 xmlns="http://www.ietf.org"><e8 xmlns=""><e9 xmlns:a="http://www.w3.org"><a:e a:q="1"></a:e></e9></e8></e7></e6>',
    ],
    [
      'character references and escapes (C14N 3.4)',
      `<t Id="x" n="a&#9;b&#10;c&#13;d&quot;e&lt;&gt;">First line&#x0d;&#10;Second &amp; &lt;x&gt;<![CDATA[value>"0" && value<"10" ?"valid":"error"]]></t>`,
      '<t Id="x" n="a&#x9;b&#xA;c&#xD;d&quot;e&lt;>">First line&#xD;\nSecond &amp; &lt;x&gt;value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</t>',
    ],
    [
      'comments dropped, instructions kept, line ends made one',
      '<t Id="x">a\r\nb<!-- c -->d\re<?p  some data ?><?q?></t>',
      '<t Id="x">a\nbd\ne<?p some data ?><?q?></t>',
    ],
    [
      'inherited namespaces and xml: attributes on the apex (C14N 2.4)',
      '<r xmlns="u:d" xmlns:p="u:p" xml:lang="vi"><t Id="x" xml:space="preserve"><c/></t></r>',
      '<t xmlns="u:d" xmlns:p="u:p" Id="x" xml:lang="vi" xml:space="preserve"><c></c></t>',
    ],
    [
      'an undone default namespace of an ancestor is not stated',
      '<r xmlns="u:d"><s xmlns=""><t Id="x"/></s></r>',
      '<t Id="x"></t>',
    ],
  ])('%s', (_name, xml, expected) => {
    expect(canonical(xml)).toBe(expected);
  });

  it.each<[string, string, string, readonly string[]]>([
    [
      'exclusive: only used namespaces, where they are used',
      '<r xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q" xml:lang="vi"><p:t Id="x"><c p:a="1"/><q:d/></p:t></r>',
      '<p:t xmlns:p="u:p" Id="x"><c xmlns="u:d" p:a="1"></c><q:d xmlns:q="u:q"></q:d></p:t>',
      [],
    ],
    [
      'exclusive: prefixes of the list are treated as inclusive',
      '<r xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q"><p:t Id="x"><c/></p:t></r>',
      '<p:t xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q" Id="x"><c></c></p:t>',
      ['q', ''],
    ],
    [
      'exclusive: a redefined prefix is stated again',
      '<p:t xmlns:p="u:1" Id="x"><p:c xmlns:p="u:2"/><p:d/></p:t>',
      '<p:t xmlns:p="u:1" Id="x"><p:c xmlns:p="u:2"></p:c><p:d></p:d></p:t>',
      [],
    ],
  ])('%s', (_name, xml, expected, inclusivePrefixes) => {
    expect(canonical(xml, { ...exclusive, inclusivePrefixes })).toBe(expected);
  });

  it('leaves out signatures of the XMLDSig namespace only', () => {
    const xml =
      '<t Id="x">a<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#"><s:b/></s:Signature><Signature>kept</Signature></t>';
    expect(canonical(xml, { ...inclusive, withoutSignatures: true })).toBe(
      '<t Id="x">a<Signature>kept</Signature></t>',
    );
  });

  it('finds nothing for an Id that occurs twice', () => {
    expect(canonical('<r><t Id="x"/><t Id="x"/></r>')).toBe('no such element');
  });
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const inclusiveUri = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const exclusiveUri = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const envelopedUri = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** Signs with an independent implementation and gives the digest it computed. */
function signed(xml: string, transforms: string[], digestAlgorithm: string): string {
  const signer = new SignedXml({
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: inclusiveUri,
  });
  signer.addReference({ xpath: "//*[local-name(.)='DLHDon']", transforms, digestAlgorithm });
  signer.computeSignature(xml, {
    location: { reference: "//*[local-name(.)='DSCKS']", action: 'append' },
  });
  return signer.getSignedXml();
}

describe('H18 digests agree with an independent implementation (xml-crypto)', () => {
  const documents = [
    '<HDon><DLHDon Id="x"><a b="1&amp;&quot;" c="&#9;">Cộng hòa &amp; &lt;x&gt; ế</a><d/></DLHDon><DSCKS></DSCKS></HDon>',
    '<HDon xmlns="http://kekhaithue.gdt.gov.vn/HDon"><DLHDon Id="x">\n  <a/>\n  <b><![CDATA[<&>]]></b></DLHDon><DSCKS/></HDon>',
    '<h:HDon xmlns:h="u:h" xmlns="u:d"><h:DLHDon Id="x"><a z="1" y="2" h:x="3"/><h:b xmlns:h="u:k"><h:c/></h:b></h:DLHDon><DSCKS/></h:HDon>',
  ];
  const cases = documents.flatMap((xml) =>
    [
      [envelopedUri, inclusiveUri],
      [envelopedUri, exclusiveUri],
      [inclusiveUri],
      [exclusiveUri],
    ].flatMap((transforms) =>
      ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'].map(
        (digest) => ({ xml, transforms, digest }),
      ),
    ),
  );

  it.each(cases)('$transforms $digest', ({ xml, transforms, digest }) => {
    const text = signed(xml, transforms, digest);
    const value = /<DigestValue>([^<]+)/.exec(text)?.[1] ?? '';
    const reference = {
      uri: '#x',
      transforms: transforms.join(' '),
      prefixes: '',
      digestMethod: digest,
      digestValue: value,
    };
    expect(digestVerdict([reference], ['x'], storeOf(text))).toBe('matches');
    const altered = storeOf(text.replace(/<a|<h:b/, '<k/>$&'));
    expect(digestVerdict([reference], ['x'], altered)).toBe('differs');
    expect(digestVerdict([reference], ['other'], storeOf(text))).toBe('differs');
    expect(digestVerdict([{ ...reference, transforms: 'u:unknown' }], ['x'], storeOf(text))).toBe(
      'unsupported',
    );
  });
});
