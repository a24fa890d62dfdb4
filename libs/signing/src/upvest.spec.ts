import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import fc from 'fast-check';
import {
  readUpvestPrivateKey,
  readUpvestPublicKey,
  readUpvestSignatureInput,
  signBase,
  signUpvest,
  upvestDigest,
  type UpvestMessage,
  type UpvestScheme,
  upvestSignatureBase,
  verifyUpvest,
} from './upvest.js';

const pem = ({ publicKey, privateKey }: KeyPairKeyObjectResult) => ({
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const P521 = pem(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const ED25519 = pem(generateKeyPairSync('ed25519'));
const SIGNING = {
  keyId: 'key-1',
  created: 1_795_149_866,
  expires: 1_795_149_871,
  nonce: 'AbCdEf0123456789',
};
const SCHEMES: readonly UpvestScheme[] = ['v15', 'v6'];

const anyMessage = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.webPath(),
  query: fc.webQueryParameters(),
  headers: fc.constant({ accept: 'application/json', 'idempotency-key': 'k' }),
  body: fc.uint8Array({ maxLength: 100 }),
});

function signed(scheme: UpvestScheme, message: UpvestMessage, pair = ED25519): UpvestMessage {
  const added = signUpvest(scheme, readUpvestPrivateKey(pair.privateKey), message, SIGNING);
  return { ...message, headers: { ...message.headers, ...added } };
}

describe('upvestDigest', () => {
  it.each([
    [
      '{"hello": "world"}',
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    ],
    [
      '{"key": "value"}',
      'sha-512=:Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==:',
    ],
  ])('of %s is that of the guide', (body, digest) => {
    expect(upvestDigest('v15', body)).toBe(digest);
  });
});

describe('a signed message', () => {
  it.each(SCHEMES)('verifies in %s, whatever it holds', (scheme) => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(
          verifyUpvest(scheme, readUpvestPublicKey(ED25519.publicKey), signed(scheme, message)),
        ).toBe(true);
      }),
    );
  });

  it.each(SCHEMES)('does not verify in %s with one bit of its body changed', (scheme) => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat(7), (message, at, bit) => {
        fc.pre(message.body.length > 0);
        const body = message.body.map((byte, index) =>
          index === at % message.body.length ? byte ^ (1 << bit) : byte,
        );

        expect(
          verifyUpvest(scheme, readUpvestPublicKey(ED25519.publicKey), {
            ...signed(scheme, message),
            body,
          }),
        ).toBe(false);
      }),
    );
  });

  it('is signed with P-521 as well, and only its own key fits', () => {
    const message = signed(
      'v15',
      { method: 'get', path: '/p', query: 'a=b', headers: { accept: '*/*' }, body: '' },
      P521,
    );

    expect(verifyUpvest('v15', readUpvestPublicKey(P521.publicKey), message)).toBe(true);
    expect(verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), message)).toBe(false);
    expect(message.headers['signature-input']).toContain('("@method" "@path" "@query" "accept")');
  });

  it('names its version only in draft 15, and leaves the query out when there is none', () => {
    const message = { method: 'GET', path: '/p', query: '', headers: { accept: '*/*' }, body: '' };

    expect(signed('v15', message).headers).toMatchObject({ 'upvest-signature-version': '15' });
    expect(signed('v6', message).headers).not.toHaveProperty('upvest-signature-version');
    expect(signed('v15', message).headers['signature-input']).toMatch(
      /^sig1=\("@method" "@path" "accept"\);keyid=/,
    );
  });
});

describe('another client writes the same in its own way', () => {
  const message = { method: 'GET', path: '/p', query: '', headers: { accept: '*/*' }, body: '' };
  const signedAs = (label: string, text: string): UpvestMessage => {
    const base = upvestSignatureBase('v15', message, `${label}=${text}`) ?? '';
    const signature = `${label}=:${signBase(readUpvestPrivateKey(ED25519.privateKey), base)}:`;
    return {
      ...message,
      headers: { ...message.headers, 'signature-input': `${label}=${text}`, signature },
    };
  };

  it.each([
    ['another name for the signature', 'my-sig_2', '("@method" "@path" "accept");keyid="k"'],
    [
      'spaces where the grammar has them',
      'sig1',
      '( "@method"  "@path" "accept" ); keyid="k"; alg="ed25519"; created=1',
    ],
  ])('%s', (_what, label, text) => {
    expect(verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), signedAs(label, text))).toBe(
      true,
    );
    expect(readUpvestSignatureInput(`${label}=${text}`)).toMatchObject({
      label,
      components: ['@method', '@path', 'accept'],
      keyId: 'k',
      text,
    });
  });

  it('but not with one name for what is signed and another for the signature', () => {
    const { headers } = signedAs('sig1', '("@method" "@path" "accept");keyid="k"');
    const renamed = { ...headers, signature: headers['signature']?.replace('sig1', 'sig2') };

    expect(
      verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), { ...message, headers: renamed }),
    ).toBe(false);
  });
});

describe('a message that tries to slip a body through', () => {
  const message = { method: 'POST', path: '/p', query: '', headers: { accept: '*/*' }, body: '{}' };

  it('without a digest, or with an unsigned digest, does not verify', () => {
    const bare = signed('v15', { ...message, body: '' });
    const digest = { 'content-digest': upvestDigest('v15', '{}') };

    expect(
      verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), { ...bare, body: '{}' }),
    ).toBe(false);
    expect(
      verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), {
        ...bare,
        body: '{}',
        headers: { ...bare.headers, ...digest },
      }),
    ).toBe(false);
  });

  it('with a wrong length does not verify', () => {
    const { headers } = signed('v15', message);

    expect(
      verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), {
        ...message,
        headers: { ...headers, 'content-length': '3' },
      }),
    ).toBe(false);
  });
});

describe('readUpvestSignatureInput', () => {
  it.each([
    '',
    'Sig=("@method");keyid="k"',
    '=("@method");keyid="k"',
    'sig1=("@method" "@method");keyid="k"',
    'sig1=("@method";req);keyid="k"',
    'sig1=("@method");keyid="k";keyid="l"',
    'sig1=("@method");keyid="k", sig2=()',
    'sig1=("a\nb")',
  ])('refuses %j', (header) => {
    expect(readUpvestSignatureInput(header)).toBeNull();
  });

  it('reads missing parts as null', () => {
    const silent = { components: [], keyId: null, created: null, expires: null, nonce: null };

    expect(readUpvestSignatureInput('sig1=()')).toEqual({ label: 'sig1', ...silent, text: '()' });
  });
});

describe('what cannot be signed', () => {
  it('is refused: a missing part, a quote in the nonce, a key of another kind', () => {
    const message = { method: 'GET', path: '/p', query: '', headers: {}, body: '' };
    const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }));

    expect(upvestSignatureBase('v15', message, 'sig1=("accept")')).toBeNull();
    expect(() =>
      signUpvest('v15', readUpvestPrivateKey(ED25519.privateKey), message, {
        ...SIGNING,
        nonce: '"',
      }),
    ).toThrow('cannot name');
    expect(() => readUpvestPrivateKey(rsa.privateKey)).toThrow('rsa');
  });

  it('a signature that is no base64 does not verify, and does not throw', () => {
    const message = signed('v15', { method: 'GET', path: '/p', query: '', headers: {}, body: '' });

    for (const signature of ['', 'sig1=::', 'sig1=:%:', 'sig1=:AAAA:', 'x'])
      expect(
        verifyUpvest('v15', readUpvestPublicKey(ED25519.publicKey), {
          ...message,
          headers: { ...message.headers, signature },
        }),
      ).toBe(false);
  });
});
