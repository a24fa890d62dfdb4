// The signatures that libs/signing is held to, also here: two pieces of code, one set of recorded values.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalRequest, RequestSigner, type SignableRequest } from './request-signature.js';

interface Vector extends SignableRequest {
  readonly name: string;
  readonly key_id: string;
  readonly canonical: string;
  readonly signature: string;
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8 = '302e020100300506032b657004220420';

function vectorsOf<V>(file: string): readonly V[] {
  const url = new URL(`../../signing/vectors/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as V[];
}

describe('a key with a secret', () => {
  it.each(vectorsOf<Vector & { secret: string }>('cpg.json'))('signs: $name', (vector) => {
    const signer = new RequestSigner({ keyId: vector.key_id, secret: vector.secret });

    expect(canonicalRequest(vector)).toBe(vector.canonical);
    expect(signer.headers(vector)).toEqual({
      'X-CPG-Key': vector.key_id,
      'X-CPG-Timestamp': vector.timestamp,
      'X-CPG-Signature': vector.signature,
    });
  });
});

describe("a key of one's own", () => {
  const vectors = vectorsOf<Vector & { private_seed: string }>('cpg-ed25519.json');
  const keyOf = ({ private_seed }: { private_seed: string }) =>
    createPrivateKey({
      key: Buffer.from(`${PKCS8}${private_seed}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    });

  it.each(vectors)('signs: $name', (vector) => {
    const privateKey = keyOf(vector);
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

    for (const key of [privateKey, pem])
      expect(new RequestSigner({ keyId: vector.key_id, privateKey: key }).sign(vector)).toBe(
        vector.signature,
      );
  });
});
