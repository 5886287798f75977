import { createHash, hash } from 'node:crypto';
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
  const algorithm = hashes[digestMethod];
  if (!uri.startsWith('#') || form === undefined || algorithm === undefined) return 'unsupported';
  const subtree = subtrees.byId(uri.slice(1));
  if (subtree === undefined) return 'differs';
  // Without the enveloped transform the signature would have to digest itself: let no one claim that it does.
  if (!form.withoutSignatures && holdsSignature(subtree)) return 'unsupported';
  const digest = digestOf(algorithm, canonicalPieces(subtree, form));
  return digest === digestValue.replace(/\s+/g, '') ? 'matches' : 'differs';
}

/** Room in which the pieces of usual documents are put together: one call is cheaper than several. */
const room = Buffer.allocUnsafe(1 << 16);

function digestOf(algorithm: string, pieces: readonly (string | Uint8Array)[]): string {
  const [only, ...others] = pieces;
  if (only !== undefined && others.length === 0) return hash(algorithm, only, 'base64');
  const most = pieces.reduce((sum, { length }) => sum + 3 * length, 0);
  if (most > room.length) return streamedDigest(algorithm, pieces);
  let at = 0;
  for (const piece of pieces)
    if (typeof piece === 'string') at += room.write(piece, at);
    else {
      room.set(piece, at);
      at += piece.length;
    }
  return hash(algorithm, room.subarray(0, at), 'base64');
}

function streamedDigest(algorithm: string, pieces: readonly (string | Uint8Array)[]): string {
  const digest = createHash(algorithm);
  for (const piece of pieces) digest.update(piece);
  return digest.digest('base64');
}

/** Forms by what was asked for: a city's signatures ask for few. */
const forms = new Map<string, CanonicalForm | undefined>();
const rememberedForms = 1000;

function formOf(transforms: string, prefixes: string): CanonicalForm | undefined {
  const asked = `${transforms}|${prefixes}`;
  const known = forms.get(asked);
  if (known !== undefined || forms.has(asked)) return known;
  if (forms.size >= rememberedForms) forms.clear();
  const made = madeForm(transforms, prefixes);
  forms.set(asked, made);
  return made;
}

/** The canonical form that a chain of transforms asks for; undefined for an unknown transform. */
function madeForm(transforms: string, prefixes: string): CanonicalForm | undefined {
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
