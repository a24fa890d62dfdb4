// HTTP message signatures recorded from Upvest's own proxy and examples. ECDSA is randomised: what was signed is compared by
// bytes, and signatures are checked in both directions; Ed25519 is compared by bytes too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readUpvestPrivateKey, readUpvestPublicKey, signBase, verifyBase } from './upvest-keys.js';
import { readUpvestSignatureInput } from './upvest-signature-input.js';
import { upvestDigest, upvestSignatureBase, verifyUpvest, type UpvestMessage, type UpvestScheme } from './upvest.js';

interface Vector extends UpvestMessage {
  name: string;
  oracle: string;
  scheme: UpvestScheme;
  body: string;
  headers: Record<string, string>;
  coveredComponents: string[];
  params: { keyid: string; created: number; nonce: string; expires?: number };
  signatureBase: string;
  signature: string;
  deterministic: boolean;
  publicKeyPem: string;
  privateKeyPem: string;
}

const folder = process.env['SLUICE_VECTORS'] || fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
const file = join(folder, 'upvest.json');

describe('upvest.json', () => {
  if (existsSync(file)) testVectors(JSON.parse(readFileSync(file, 'utf8')) as Vector[]);
  else it.skip('is not in the vectors folder (SLUICE_VECTORS): nothing was checked', () => {});
});

function testVectors(vectors: readonly Vector[]): void {
  it('holds vectors', () => expect(vectors.length).toBeGreaterThan(0));

  it.each(vectors.map((vector) => [vector.oracle, vector.name, vector] as const))('%s: %s', (_oracle, _name, vector) => {
    const { scheme, params } = vector;
    const publicKey = readUpvestPublicKey(vector.publicKeyPem);
    const input = vector.headers['signature-input'] ?? '';
    const base = upvestSignatureBase(scheme, vector, input);

    expect(base).toBe(vector.signatureBase);
    expect(readUpvestSignatureInput(input)).toMatchObject({
      components: vector.coveredComponents,
      keyId: params.keyid,
      created: params.created,
      expires: params.expires ?? null,
      nonce: params.nonce,
    });
    if (vector.body !== '') expect(vector.headers[scheme === 'v15' ? 'content-digest' : 'digest']).toBe(upvestDigest(scheme, vector.body));
    expect(verifyUpvest(scheme, publicKey, vector)).toBe(true);

    const signature = signBase(readUpvestPrivateKey(vector.privateKeyPem), vector.signatureBase);
    if (vector.deterministic) expect(signature).toBe(vector.signature);
    expect(verifyBase(publicKey, vector.signatureBase, signature)).toBe(true);
  });

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s: is refused with anything changed', (_name, vector) => {
    const { scheme, headers } = vector;
    const publicKey = readUpvestPublicKey(vector.publicKeyPem);
    const verifies = (change: Partial<UpvestMessage>): boolean => verifyUpvest(scheme, publicKey, { ...vector, ...change });
    const other = (name: string, value: string): boolean => verifies({ headers: { ...headers, [name]: value } });

    expect(verifies({ body: `${vector.body}0` })).toBe(false);
    expect(verifies({ path: `${vector.path}0` })).toBe(false);
    expect(verifies({ method: vector.method === 'GET' ? 'POST' : 'GET' })).toBe(false);
    if (vector.query !== '') expect(verifies({ query: `${vector.query}0` })).toBe(false);
    expect(other('upvest-client-id', 'another')).toBe(false);
    expect(other('signature-input', (headers['signature-input'] ?? '').replace('created=1', 'created=2'))).toBe(false);
    expect(
      other(
        'signature',
        (headers['signature'] ?? '').replace(/.(=*:)$/, (_all, end: string) => `_${end}`),
      ),
    ).toBe(false);
    expect(verifyUpvest(scheme === 'v15' ? 'v6' : 'v15', publicKey, vector)).toBe(false);
  });
}
