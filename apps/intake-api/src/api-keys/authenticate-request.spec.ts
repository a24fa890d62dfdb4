import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { signedRequestDigest, signIntake, signIntakeEd25519 } from '@sluice/signing';
import { PUBLIC_ERRORS } from '../http/public-error.js';
import {
  authenticate,
  type AuthenticatorPorts,
  type ReceivedRequest,
} from './authenticate-request.js';
import type { ApiKey } from './key-store.js';
import type { Admission, SignedAttempt } from './pending-admission.js';

const NOW = 1_747_444_800;
const KEY: ApiKey = {
  keyId: 'ck_1',
  accountId: 'a',
  algorithm: 'hmac-sha256',
  secret: 'sécret-🔑',
  previous: null,
  referenceScope: 'ck_1',
  expiresAt: null,
  permissions: new Set(['withdraw']),
  rateLimit: 60,
  allowedIps: [],
};
const UNSIGNED = {
  method: 'POST',
  path: '/v1/withdrawals',
  query: 'b=2&a=1',
  body: Buffer.from('{"amount": "1"}'),
  keyId: 'ck_1',
  timestamp: String(NOW),
  ip: '10.1.2.3',
};

function signed(change: Partial<ReceivedRequest> = {}): ReceivedRequest {
  const request = { ...UNSIGNED, ...change };
  return {
    ...request,
    signature: signIntake(KEY.secret, { ...request, timestamp: request.timestamp ?? '' }),
    ...change,
  };
}

interface Given {
  key?: Partial<ApiKey>;
  admission?: Admission;
}

function portsOf({ key = {}, admission = 'admitted' }: Given = {}): AuthenticatorPorts & {
  attempts: SignedAttempt[];
} {
  const attempts: SignedAttempt[] = [];
  return {
    attempts,
    findKey: (keyId) => Promise.resolve(keyId === KEY.keyId ? { ...KEY, ...key } : null),
    admit: (attempt) => Promise.resolve((attempts.push(attempt), admission)),
    now: () => NOW * 1000 + 999,
  };
}

async function answerTo(request: ReceivedRequest, given: Given = {}): Promise<string> {
  const result = await authenticate(request, 'withdraw', portsOf(given));
  return result.ok ? 'let in' : PUBLIC_ERRORS[result.refusal][1];
}

const MISSING = 'Missing authentication headers';
const WINDOW = 'Request timestamp is outside the allowed window';
const UNKNOWN_KEY = 'Invalid API key';
const SIGNATURE = 'Invalid signature';
const USED = 'Request signature has already been used';
const IP = 'Source IP is not allowed for this API key';
const RATE = 'Rate limit exceeded';
const PERMISSION = 'API key does not have the required permission';

describe('authenticate', () => {
  it('lets a well-signed request in, and hands the key over', async () => {
    expect(await authenticate(signed(), 'withdraw', portsOf())).toMatchObject({
      value: { keyId: 'ck_1', accountId: 'a' },
    });
    expect(
      await authenticate(signed(), null, portsOf({ key: { permissions: new Set() } })),
    ).toMatchObject({ value: { keyId: 'ck_1' } });
  });

  // Each row is wrong in two neighbouring steps of docs/api.md, "What is checked, in this order": the earlier one answers.
  it.each<[string, ReceivedRequest, Given, string]>([
    ['no key header, stale time', signed({ keyId: undefined, timestamp: '1' }), {}, MISSING],
    [
      'no timestamp header, unknown key',
      signed({ timestamp: undefined, keyId: 'ck_2' }),
      {},
      MISSING,
    ],
    ['empty signature header, stale time', signed({ signature: '', timestamp: '1' }), {}, MISSING],
    [
      'stale time, unknown key',
      signed({ timestamp: String(NOW - 301), keyId: 'ck_2' }),
      {},
      WINDOW,
    ],
    ['unknown key, wrong signature', signed({ keyId: 'ck_2', signature: 'beef' }), {}, UNKNOWN_KEY],
    [
      'wrong signature, used before',
      signed({ signature: 'beef' }),
      { admission: 'signature_used' },
      SIGNATURE,
    ],
    [
      'used before, forbidden address',
      signed(),
      { admission: 'signature_used', key: { allowedIps: ['10.9.9.9'] } },
      USED,
    ],
    [
      'forbidden address, over the limit',
      signed(),
      { admission: 'rate_limited', key: { allowedIps: ['10.9.9.9'] } },
      IP,
    ],
    [
      'forbidden address, no permission',
      signed(),
      { key: { allowedIps: ['10.9.9.9'], permissions: new Set() } },
      IP,
    ],
    [
      'over the limit, no permission',
      signed(),
      { admission: 'rate_limited', key: { permissions: new Set() } },
      RATE,
    ],
    ['no permission', signed(), { key: { permissions: new Set(['read_balance']) } }, PERMISSION],
  ])('answers the earlier fault: %s', async (_what, request, given, message) => {
    expect(await answerTo(request, given)).toBe(message);
  });

  it.each([
    [-301, WINDOW],
    [-300, 'let in'],
    [0, 'let in'],
    [300, 'let in'],
    [301, WINDOW],
  ])('a request of %i seconds from now: %s', async (seconds, answer) => {
    expect(await answerTo(signed({ timestamp: String(NOW + seconds) }))).toBe(answer);
  });

  it.each([
    '1747444800.0',
    '1747444800 ',
    ' 1747444800',
    '+1747444800',
    '-1747444800',
    '1.747e9',
    '0x6827E4C0',
    'now',
    '１７４７４４４８００',
    '9'.repeat(400),
  ])('takes %j for no timestamp', async (timestamp) => {
    expect(await answerTo(signed({ timestamp }))).toBe(WINDOW);
  });

  it('takes only the lower-case signature, so that a copy in other letters is no new one', async () => {
    const upper = signed().signature?.toUpperCase();
    expect(await answerTo(signed({ signature: upper }))).toBe(SIGNATURE);
  });

  it.each<[string, Partial<ApiKey>, string]>([
    ['a secret that is not the key’s', { secret: 'newest' }, SIGNATURE],
    [
      'the secret before it, in their common time',
      { secret: 'newest', previous: { secret: KEY.secret, until: new Date(NOW * 1000 + 1000) } },
      'let in',
    ],
    [
      'the secret before it, once that is over',
      { secret: 'newest', previous: { secret: KEY.secret, until: new Date(NOW * 1000 + 999) } },
      SIGNATURE,
    ],
    [
      'the newest secret, in their common time',
      { previous: { secret: 'older', until: new Date(NOW * 1000 + 1000) } },
      'let in',
    ],
    ['a key that lasts on', { expiresAt: new Date(NOW * 1000 + 1000) }, 'let in'],
    ['a key that has expired', { expiresAt: new Date(NOW * 1000 + 999) }, UNKNOWN_KEY],
  ])('judges secrets and expiry by the time of the request: %s', async (_what, key, answer) => {
    expect(await answerTo(signed(), { key })).toBe(answer);
  });

  describe('of an Ed25519 key', () => {
    const pair = () => generateKeyPairSync('ed25519');
    const textOf = (key: KeyObject) =>
      key.export({ format: 'der', type: 'spki' }).toString('base64');
    const [old, fresh] = [pair(), pair()];
    const key = { algorithm: 'ed25519' as const, secret: textOf(fresh.publicKey) };
    const overlapping = (until: number) => ({
      ...key,
      previous: { secret: textOf(old.publicKey), until: new Date(NOW * 1000 + until) },
    });
    const signedBy = ({ privateKey }: { privateKey: KeyObject }) => ({
      ...UNSIGNED,
      signature: signIntakeEd25519(privateKey, UNSIGNED),
    });

    it.each<[string, ReceivedRequest, Partial<ApiKey>, string]>([
      ['lets in what its owner signed', signedBy(fresh), key, 'let in'],
      ['refuses what another key signed', signedBy(old), key, SIGNATURE],
      [
        'takes the public key of before in their common time',
        signedBy(old),
        overlapping(1_000),
        'let in',
      ],
      [
        'refuses the public key of before once that is over',
        signedBy(old),
        overlapping(999),
        SIGNATURE,
      ],
      [
        'refuses its public key as an HMAC secret',
        signed({ signature: signIntake(key.secret, UNSIGNED) }),
        key,
        SIGNATURE,
      ],
      [
        'refuses a signature in capitals',
        { ...signedBy(fresh), signature: signedBy(fresh).signature.toUpperCase() },
        key,
        SIGNATURE,
      ],
      ['refuses another body', { ...signedBy(fresh), body: Buffer.from('{}') }, key, SIGNATURE],
      ['is no key with a secret', signedBy(fresh), { ...key, algorithm: 'hmac-sha256' }, SIGNATURE],
    ])('%s', async (_what, request, given, answer) => {
      expect(await answerTo(request, { key: given })).toBe(answer);
    });

    it('is replayed by what was signed, whatever the signature looks like', async () => {
      const ports = portsOf({ key });
      await authenticate(signedBy(fresh), 'withdraw', ports);
      expect(ports.attempts).toMatchObject([
        { signature: signedRequestDigest(key.secret, UNSIGNED) },
      ]);
    });
  });

  it('asks the replay store only once the signature holds, about the signature it computed itself', async () => {
    const ports = portsOf();
    expect(await authenticate(signed({ signature: 'beef' }), 'withdraw', ports)).toEqual({
      ok: false,
      refusal: 'invalid_signature',
    });
    expect(ports.attempts).toEqual([]);
    await authenticate(signed(), 'withdraw', ports);
    expect(ports.attempts).toEqual([
      { signature: signed().signature, timestamp: NOW, keyId: 'ck_1', rateLimit: 60, counts: true },
    ]);
  });

  it.each<[string, Partial<ApiKey>, boolean]>([
    ['passes every other check', {}, true],
    ['lacks the permission', { permissions: new Set(['read_balance']) }, false],
    ['comes from a forbidden address', { allowedIps: ['10.9.9.9'] }, false],
  ])(
    'may store the signature later only for a request that %s',
    async (_what, key, isPermitted) => {
      const answers: boolean[] = [];
      const ports = portsOf({ key });
      const admit: AuthenticatorPorts['admit'] = (attempt, permitted) => {
        answers.push(permitted);
        return ports.admit(attempt, permitted);
      };

      await authenticate(signed(), 'withdraw', { ...ports, admit });

      expect(answers).toEqual([isPermitted]);
    },
  );

  it('uses up the signature of a request from a forbidden address, but none of the limit', async () => {
    const ports = portsOf({ key: { allowedIps: ['10.9.9.9'] } });
    expect(await authenticate(signed(), 'withdraw', ports)).toEqual({
      ok: false,
      refusal: 'ip_not_allowed',
    });
    expect(ports.attempts).toMatchObject([{ counts: false }]);
  });

  it.each<[string, string[], boolean]>([
    ['10.1.2.3', [], true],
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.3', ['10.1.2.4'], false],
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8', '192.168.0.0/16'], false],
    ['11.1.2.3', ['0.0.0.0/0'], true],
    ['::ffff:10.1.2.3', ['10.1.2.3'], true],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['::ffff:10.1.2.3'], true],
    ['2001:db8::7', ['2001:db8::/32'], true],
    ['2001:db8:0:0:0:0:0:7', ['2001:db8::7'], true],
    ['2001:db9::7', ['2001:db8::/32'], false],
    ['10.1.2.3', ['::/0'], false],
    ['2001:db8::7', ['0.0.0.0/0'], false],
    ['', ['0.0.0.0/0', '::/0'], false],
    ['', [], true],
  ])('from %j with the list %j: %s', async (ip, allowedIps, inside) => {
    expect(await answerTo(signed({ ip }), { key: { allowedIps } })).toBe(inside ? 'let in' : IP);
  });

  it('refuses a request in which one bit anywhere was changed', async () => {
    const good = signed();
    const parts = ['method', 'path', 'query', 'body', 'timestamp', 'signature'] as const;
    const anyFlip = fc.record({
      part: fc.constantFrom(...parts),
      at: fc.nat(),
      bit: fc.nat({ max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(anyFlip, async ({ part, at, bit }) => {
        const bytes = Buffer.from(good[part] ?? '');
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        const changed = part === 'body' ? bytes : bytes.toString('latin1');
        // Node hands methods over in upper case only, and the canonical string has them so.
        fc.pre(part !== 'method' || String(changed).toUpperCase() !== good.method);
        expect(await answerTo({ ...good, [part]: changed })).not.toBe('let in');
      }),
      { numRuns: 500 },
    );
  });
});
