import { createHash } from 'node:crypto';
import type { CanonicalForm } from '../decode/xml-canonical.ts';
import { canonicalPieces, holdsSignature } from '../decode/xml-canonical.ts';
import type { Subtrees } from './subtree-store.ts';

/** What a signature's digests say of the document; the signature value and the trust chain are not judged. */
export type DigestVerdict = 'matches' | 'differs' | 'absent' | 'unsupported';

/** One `ds:Reference` as written. */
export interface SignatureReference {
  readonly uri: string;
  /** Algorithm URIs in order, separated by spaces. */
  readonly transforms: string;
  readonly prefixes: string;
  readonly digestMethod: string;
  readonly digestValue: string;
}

const hashes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** The forms with comments are not among them: the reader keeps none. */
const knownTransforms: readonly string[] = [enveloped, inclusive, exclusive];

/**
 * Compares every reference with what was read. `differs` also when a reference leads nowhere or to one of two equal
 * Ids, or when none covers the element that was read (signature wrapping).
 * @param bodyIds - Ids of the element whose values were taken and of those around it
 */
export function digestVerdict(
  references: readonly SignatureReference[],
  bodyIds: readonly string[],
  subtrees: Subtrees,
): DigestVerdict {
  if (references.length === 0) return 'unsupported';
  const verdicts = references.map((reference) => referenceVerdict(reference, subtrees));
  if (verdicts.includes('differs')) return 'differs';
  if (verdicts.includes('unsupported')) return 'unsupported';
  const covered = references.some(({ uri }) => bodyIds.includes(uri.slice(1)));
  return covered ? 'matches' : 'differs';
}

function referenceVerdict(
  { uri, transforms, prefixes, digestMethod, digestValue }: SignatureReference,
  subtrees: Subtrees,
): DigestVerdict {
  const form = formOf(transforms, prefixes);
  const hash = hashes[digestMethod];
  if (!uri.startsWith('#') || form === undefined || hash === undefined) return 'unsupported';
  const subtree = subtrees.byId(uri.slice(1));
  if (subtree === undefined) return 'differs';
  // Without the enveloped transform the signature would have to digest itself: let no one claim that it does.
  if (!form.withoutSignatures && holdsSignature(subtree)) return 'unsupported';
  const digest = createHash(hash);
  for (const piece of canonicalPieces(subtree, form)) digest.update(piece);
  return digest.digest('base64') === digestValue.replace(/\s+/g, '') ? 'matches' : 'differs';
}

/** The canonical form that a chain of transforms asks for; undefined for an unknown transform. */
function formOf(transforms: string, prefixes: string): CanonicalForm | undefined {
  const names = transforms.split(' ').filter((name) => name !== '');
  if (!names.every((name) => knownTransforms.includes(name))) return undefined;
  return {
    exclusive: names.includes(exclusive),
    inclusivePrefixes: prefixes
      .split(/\s+/)
      .filter((prefix) => prefix !== '')
      .map((prefix) => (prefix === '#default' ? '' : prefix)),
    withoutSignatures: names.includes(enveloped),
  };
}
