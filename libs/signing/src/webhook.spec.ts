import fc from 'fast-check';
import {
  signStandardWebhook,
  signWebhook,
  verifyStandardWebhook,
  verifyWebhook,
} from './webhook.js';

const anySecret = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
const anyWebhook = fc.record({
  id: fc.nat().map(String),
  timestamp: fc.nat().map(String),
  body: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

describe("the contract's signature", () => {
  // Check values of the contract, section 9.1, computed independently.
  it.each([
    ['1747444800', '9b7af9f29e22cdcee52cfbe2f46bb1d09923461bf1a2432e61c3caf1ab8be4c6'],
    ['1747444860', '519c4d70558ca6e174be321273cf4ad7e895848290b3623f028828f50e448bb5'],
  ])('is what the contract has as a check value, at %s', (timestamp, signature) => {
    const body =
      '{"id":42,"event":"withdrawal.confirmed","created_at":"2026-05-16T22:05:31Z","api_version":"1","data":{"withdrawal_id":17}}';

    expect(signWebhook('whsec_test_0001', { timestamp, body })).toBe(signature);
    expect(verifyWebhook('whsec_test_0001', { timestamp, body }, signature)).toBe(true);
  });
});

describe('the signature of Standard Webhooks', () => {
  it('is what its own libraries have as an example', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const sent = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: '1614265330',
      body: '{"test": 2432232314}',
    };
    const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

    expect(signStandardWebhook(secret, sent)).toBe(signature);
    expect(verifyStandardWebhook(secret, sent, `v1,AAAA v1a,x ${signature}`)).toBe(true);
  });

  it.each(['test_0001', 'whsec_', 'whsec_test_0001'])(
    'takes no secret of another form: %s',
    (secret) => {
      expect(() => signStandardWebhook(secret, { id: '1', timestamp: '1', body: '' })).toThrow(
        'whsec_ and base64',
      );
    },
  );
});

describe('both signatures under one secret', () => {
  it('fit what was signed, and nothing that differs from it by a bit', () => {
    fc.assert(
      fc.property(anySecret, anyWebhook, fc.nat(), fc.nat(7), (secret, sent, at, bit) => {
        const [own, standard] = [signWebhook(secret, sent), signStandardWebhook(secret, sent)];
        const body = sent.body.map((byte, index) =>
          index === at % sent.body.length ? byte ^ (1 << bit) : byte,
        );

        expect(verifyWebhook(secret, sent, own)).toBe(true);
        expect(verifyStandardWebhook(secret, sent, standard)).toBe(true);
        expect(verifyWebhook(secret, { ...sent, body }, own)).toBe(false);
        expect(verifyStandardWebhook(secret, { ...sent, body }, standard)).toBe(false);
        expect(verifyStandardWebhook(secret, { ...sent, id: `${sent.id}0` }, standard)).toBe(false);
      }),
    );
  });

  it.each(['', 'v1,', 'x'.repeat(9_999)])('are no text of another length: %#', (text) => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const sent = { id: '1', timestamp: '1', body: 'x' };

    expect(verifyWebhook(secret, sent, text)).toBe(false);
    expect(verifyStandardWebhook(secret, sent, text)).toBe(false);
  });
});
