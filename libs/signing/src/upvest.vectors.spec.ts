// HTTP message signatures recorded from Upvest's own proxy and examples. ECDSA is randomised: what was signed is compared by
// bytes, and signatures are checked in both directions; Ed25519 is compared by bytes too.
import { describeVectors, type RecordedVector } from './testkit/recorded-vectors.js';
import {
  readUpvestPrivateKey,
  readUpvestPublicKey,
  readUpvestSignatureInput,
  signBase,
  upvestDigest,
  type UpvestMessage,
  type UpvestScheme,
  upvestSignatureBase,
  verifyBase,
  verifyUpvest,
} from './upvest.js';

interface Vector extends RecordedVector, Omit<UpvestMessage, 'headers'> {
  readonly scheme: UpvestScheme;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly coveredComponents: readonly string[];
  readonly params: {
    readonly keyid: string;
    readonly created: number;
    readonly nonce?: string;
    readonly expires?: number;
  };
  readonly signatureBase: string;
  readonly signature: string;
  readonly deterministic: boolean;
  readonly publicKeyPem: string;
  /** Absent where the signer keeps it. */
  readonly privateKeyPem?: string;
}

describeVectors<Vector>('upvest.json', (vectors) => {
  it.each(vectors)('%s', (_title, vector) => {
    const { scheme, params, signatureBase } = vector;
    const message = messageOf(vector);
    const publicKey = readUpvestPublicKey(vector.publicKeyPem);
    const input = message.headers['signature-input'] ?? '';

    expect(upvestSignatureBase(scheme, message, input)).toBe(signatureBase);
    expect(readUpvestSignatureInput(input)).toMatchObject({
      components: vector.coveredComponents,
      keyId: params.keyid,
      created: params.created,
      expires: params.expires ?? null,
      nonce: params.nonce ?? null,
    });
    if (vector.body !== '')
      expect(message.headers[scheme === 'v15' ? 'content-digest' : 'digest']).toBe(
        upvestDigest(scheme, vector.body),
      );
    expect(verifyUpvest(scheme, publicKey, message)).toBe(true);
    expect(verifyBase(publicKey, signatureBase, vector.signature)).toBe(true);

    if (vector.privateKeyPem === undefined) return;
    const signature = signBase(readUpvestPrivateKey(vector.privateKeyPem), signatureBase);
    if (vector.deterministic) expect(signature).toBe(vector.signature);
    expect(verifyBase(publicKey, signatureBase, signature)).toBe(true);
  });

  it.each(vectors)('%s: is refused with anything changed', (_title, vector) => {
    const { scheme, coveredComponents } = vector;
    const publicKey = readUpvestPublicKey(vector.publicKeyPem);
    const message = messageOf(vector);
    const { headers } = message;
    const verifies = (change: Partial<UpvestMessage>): boolean =>
      verifyUpvest(scheme, publicKey, { ...message, ...change });
    const other = (name: string, value: string): boolean =>
      verifies({ headers: { ...headers, [name]: value } });

    for (const component of coveredComponents)
      expect([component, verifies(changed(message, component))]).toEqual([component, false]);
    expect(verifies({ body: `${vector.body}0` })).toBe(false);
    expect(
      other('signature-input', (headers['signature-input'] ?? '').replace(';keyid="', ';keyid="0')),
    ).toBe(false);
    expect(other('signature', (headers['signature'] ?? '').replace(/.(=*:)$/, '_$1'))).toBe(false);
    expect(verifyUpvest(scheme === 'v15' ? 'v6' : 'v15', publicKey, message)).toBe(false);
  });
});

/** Header names in lower case, as `UpvestMessage` has them. */
function messageOf(vector: Vector): UpvestMessage {
  const { method, path, query, body, headers } = vector;
  return {
    method,
    path,
    query,
    body,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}

/** The message with one signed part of it changed. */
function changed(message: UpvestMessage, component: string): Partial<UpvestMessage> {
  switch (component) {
    case '@method':
      return { method: `${message.method}X` };
    case '@path':
      return { path: `${message.path}0` };
    case '@query':
      return { query: `${message.query}0` };
    default:
      return { headers: { ...message.headers, [component]: `${message.headers[component]}0` } };
  }
}
