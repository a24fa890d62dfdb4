import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  intakeCanonical,
  type IntakeRequest,
  isIntakePublicKey,
  signedRequestDigest,
  signIntake,
  signIntakeEd25519,
  verifyIntake,
  verifyIntakeEd25519,
} from './intake.js';
import { describeVerify } from './testkit/describe-verify.js';

const aRequest = (change: Partial<IntakeRequest> = {}): IntakeRequest => ({
  timestamp: '1747444800',
  method: 'GET',
  path: '/v1/balances',
  query: 'currency=USDT&network=ETH',
  body: '',
  ...change,
});

const anyRequest = fc.record({
  timestamp: fc.nat().map(String),
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.webPath(),
  query: fc.string(),
  body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
});

describe('intakeCanonical', () => {
  it('keeps the query as sent: not sorted, not decoded', () => {
    expect(intakeCanonical(aRequest({ query: 'z=%2F+%&a=1' }))).toContain('\nz=%2F+%&a=1\n');
  });

  it('keeps the empty line of a request without query', () => {
    expect(intakeCanonical(aRequest({ query: '' }))).toContain('/v1/balances\n\n');
  });
});

describeVerify('verifyIntake', {
  sign: signIntake,
  verify: verifyIntake,
  given: aRequest(),
  any: anyRequest,
  bytes: 'body',
  changed: {
    timestamp: aRequest({ timestamp: '1747444801' }),
    method: aRequest({ method: 'POST' }),
    path: aRequest({ path: '/v1/balance' }),
    'case of the query': aRequest({ query: 'currency=usdt&network=ETH' }),
  },
});

const REQUEST = {
  timestamp: '1747444800',
  method: 'POST',
  path: '/v1/withdrawals',
  query: '',
  body: '{"amount":"1"}',
};

function aPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    privateKey,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

describe('an Ed25519 key of the intake API', () => {
  const { publicKey, privateKey } = aPair();
  const signature = signIntakeEd25519(privateKey, REQUEST);

  it('verifies what its owner signed', () => {
    expect(verifyIntakeEd25519(publicKey, REQUEST, signature)).toBe(true);
  });

  it('refuses a request or a signature with any one bit changed', () => {
    const part = fc.constantFrom('timestamp', 'path', 'query', 'body', 'signature');
    fc.assert(
      fc.property(part, fc.nat(), fc.nat(7), (name, at, bit) => {
        const texts = { ...REQUEST, query: 'a=1', signature: '' };
        texts.signature = signIntakeEd25519(privateKey, texts);
        const bytes = Buffer.from(texts[name as keyof typeof texts]);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        const changed = { ...texts, [name]: bytes.toString('latin1') };

        expect(verifyIntakeEd25519(publicKey, changed, changed.signature)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['another key', aPair().publicKey, signature],
    ['capitals', publicKey, signature.toUpperCase()],
    ['a signature of another length', publicKey, `${signature}00`],
    ['base64 in place of hex', publicKey, Buffer.from(signature, 'hex').toString('base64')],
    ['no key', 'x', signature],
  ])('refuses %s', (_what, key, given) => {
    expect(verifyIntakeEd25519(key, REQUEST, given)).toBe(false);
  });

  it('is known by what was signed and by whom', () => {
    const digest = signedRequestDigest(publicKey, REQUEST);

    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(signedRequestDigest(publicKey, { ...REQUEST })).toBe(digest);
    expect(signedRequestDigest(aPair().publicKey, REQUEST)).not.toBe(digest);
    expect(signedRequestDigest(publicKey, { ...REQUEST, body: '{}' })).not.toBe(digest);
  });
});

describe('isIntakePublicKey', () => {
  const { publicKey } = aPair();

  it.each([
    [publicKey, true],
    [`${publicKey}\n`, false],
    [publicKey.replace(/=$/, ''), false],
    [Buffer.from(publicKey, 'base64').subarray(12).toString('base64'), false],
    [`-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----`, false],
    [
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ format: 'der', type: 'spki' })
        .toString('base64'),
      false,
    ],
    ['', false],
  ])('%j: %s', (text, isOne) => {
    expect(isIntakePublicKey(text)).toBe(isOne);
  });
});
