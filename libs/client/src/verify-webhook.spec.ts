import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { verifyWebhook, WebhookVerificationError, type ReceivedWebhook } from './verify-webhook.js';
import { isWithdrawalEvent } from './webhook-event.js';

const SECRET = 'whsec_test_0001';
const BODY =
  '{"id":42,"event":"withdrawal.confirmed","created_at":"2026-05-16T22:05:31Z","api_version":"1","data":{"withdrawal_id":17}}';
/** Computed apart from this code, when the contract was written down. */
const SIGNED = {
  '1747444800': '9b7af9f29e22cdcee52cfbe2f46bb1d09923461bf1a2432e61c3caf1ab8be4c6',
  '1747444860': '519c4d70558ca6e174be321273cf4ad7e895848290b3623f028828f50e448bb5',
};
const AT = 1_747_444_800_000;
const headers = {
  'X-CPG-Timestamp': '1747444800',
  'X-CPG-Signature': SIGNED['1747444800'],
  'X-CPG-Event': 'withdrawal.confirmed',
};
const received: ReceivedWebhook = { headers, body: BODY };

/** The example of the specification of Standard Webhooks. */
const STANDARD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const STANDARD: ReceivedWebhook = {
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
};
const STANDARD_AT = 1_614_265_330_000;

describe('the scheme of the contract', () => {
  it.each(Object.entries(SIGNED))('takes the check value of %s', (timestamp, signature) => {
    const headers = { 'x-cpg-timestamp': timestamp, 'x-cpg-signature': signature };
    const event = verifyWebhook({ headers, body: BODY }, { secrets: SECRET, now: AT });

    expect(event).toMatchObject({ id: 42, event: 'withdrawal.confirmed' });
    expect(isWithdrawalEvent(event) && event.data.withdrawal_id).toBe(17);
  });

  it.each(['withdrawal.awaiting_approval', 'withdrawal.approved', 'webhook.paused'])(
    'reads %s as the event of a withdrawal, if it is one',
    (name) => {
      const event = { id: 1, event: name, created_at: '', api_version: '1', data: {} };
      expect(isWithdrawalEvent(event)).toBe(name.startsWith('withdrawal.'));
    },
  );

  it('takes the signature of the new secret beside that of the one before, and no third one', () => {
    const next = 'whsec_test_0002';
    const signature = createHmac('sha256', next).update('1747444800\n').update(BODY).digest('hex');
    const rotating = { headers: { ...headers, 'X-CPG-Signature-Next': signature }, body: BODY };

    for (const secrets of [SECRET, next, [SECRET, next]])
      expect(verifyWebhook(rotating, { secrets, now: AT }).id).toBe(42);
    expect(() => verifyWebhook(rotating, { secrets: 'whsec_test_0003', now: AT })).toThrow(
      WebhookVerificationError,
    );
  });

  it('takes headers of fetch, of Node, and bytes', () => {
    const trust = { secrets: SECRET, now: AT };
    const body = Buffer.from(BODY);

    expect(verifyWebhook({ headers: new Headers(headers), body }, trust).id).toBe(42);
    expect(verifyWebhook({ headers: { ...headers }, body: new Uint8Array(body) }, trust).id).toBe(
      42,
    );
  });

  it('takes exactly 300 s, either way, and no more', () => {
    for (const seconds of [-300, 300])
      expect(verifyWebhook(received, { secrets: SECRET, now: AT + seconds * 1_000 }).id).toBe(42);
    for (const seconds of [-301, 301])
      expect(() => verifyWebhook(received, { secrets: SECRET, now: AT + seconds * 1_000 })).toThrow(
        'outside the tolerance',
      );
  });

  it('takes any of several secrets, so that one can follow the other', () => {
    const secrets = ['whsec_next', SECRET];

    expect(verifyWebhook(received, { secrets, now: AT }).id).toBe(42);
    expect(() => verifyWebhook(received, { secrets: ['whsec_next'], now: AT })).toThrow(
      WebhookVerificationError,
    );
  });

  it('refuses a body of which any one bit is another', () => {
    const bytes = Buffer.from(BODY);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const body = bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));

        expect(() => verifyWebhook({ headers, body }, { secrets: SECRET, now: AT })).toThrow(
          'not of these secrets',
        );
      }),
    );
  });

  it.each([
    ['no signature', { ...headers, 'X-CPG-Signature': undefined }, 'has no signature'],
    ['two of them', { ...headers, 'X-CPG-Signature': ['a', 'b'] }, 'has no signature'],
    ['no timestamp', { ...headers, 'X-CPG-Timestamp': undefined }, 'no timestamp'],
    ['a timestamp that is none', { ...headers, 'X-CPG-Timestamp': '1e9' }, 'no timestamp'],
    [
      'an upper-case signature',
      { ...headers, 'X-CPG-Signature': SIGNED['1747444800'].toUpperCase() },
      'not of these',
    ],
    ['a signature of another length', { ...headers, 'X-CPG-Signature': 'aa' }, 'not of these'],
  ])('refuses %s', (_what, headers, sentence) => {
    expect(() => verifyWebhook({ headers, body: BODY }, { secrets: SECRET, now: AT })).toThrow(
      sentence,
    );
  });
});

describe('Standard Webhooks', () => {
  const trust = { secrets: STANDARD_SECRET, now: STANDARD_AT };
  /** The example's body is no event of ours: its signature is taken when only that is said. */
  const isSigned = (
    received: ReceivedWebhook,
    secrets: string | readonly string[] = STANDARD_SECRET,
  ) => {
    expect(() => verifyWebhook(received, { ...trust, secrets })).toThrow('is no event');
  };

  it('takes the example of its specification', () => {
    isSigned(STANDARD);
    isSigned(STANDARD, ['whsec_bm90IHRoaXMgb25l', STANDARD_SECRET]);
  });

  it('takes one signature of several, and leaves versions that it does not know', () => {
    const { 'webhook-signature': good } = STANDARD.headers as Record<string, string>;
    const signature = `v1a,AAAA v1,AAAA ${good}`;

    isSigned({ ...STANDARD, headers: { ...STANDARD.headers, 'webhook-signature': signature } });
  });

  it.each(['webhook-id', 'webhook-timestamp'])('refuses another %s', (name) => {
    const headers = { ...STANDARD.headers, [name]: '1614265331' };

    expect(() => verifyWebhook({ ...STANDARD, headers }, trust)).toThrow('not of these secrets');
  });

  it('has to be good beside the other scheme, and the other way round', () => {
    const key = Buffer.from(STANDARD_SECRET.slice(6), 'base64');
    const standard = {
      'webhook-id': '42',
      'webhook-timestamp': '1747444800',
      'webhook-signature': `v1,${createHmac('sha256', key).update(`42.1747444800.${BODY}`).digest('base64')}`,
    };
    const contract = {
      'X-CPG-Timestamp': '1747444800',
      'X-CPG-Signature': createHmac('sha256', STANDARD_SECRET)
        .update(`1747444800\n${BODY}`)
        .digest('hex'),
    };
    const verify = (headers: Record<string, string>) =>
      verifyWebhook({ headers, body: BODY }, { secrets: STANDARD_SECRET, now: AT });

    expect(verify({ ...standard, ...contract }).id).toBe(42);
    for (const wrong of [{ 'webhook-id': '43' }, { 'X-CPG-Signature': SIGNED['1747444800'] }])
      expect(() => verify({ ...standard, ...contract, ...wrong })).toThrow('not of these secrets');
  });
});

describe('secrets that are none', () => {
  it.each([[[]], [''], [['']]])('%j are refused', (secrets) => {
    expect(() => verifyWebhook(received, { secrets, now: AT })).toThrow(TypeError);
  });
});
