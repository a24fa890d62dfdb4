import { verifyStandardWebhook, verifyWebhook } from '@sluice/signing';
import { plainHeaders, secretsAt, signedHeaders } from './endpoints.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const DELIVERY = { id: '42', event: 'withdrawal.confirmed', body: '{"id":42}' };
const at = (ms: number) => ({ ...DELIVERY, at: new Date(ms) });

describe('the headers of an attempt', () => {
  it('are those of both schemes, each of which the one secret verifies', () => {
    const headers = signedHeaders([SECRET], at(1_747_444_800_999));
    const { body } = DELIVERY;

    expect(headers).toMatchObject({
      'X-CPG-Event': 'withdrawal.confirmed',
      'X-CPG-Delivery': '42',
      'webhook-id': '42',
      'X-CPG-Timestamp': '1747444800',
      'webhook-timestamp': '1747444800',
      'Content-Type': 'application/json',
    });
    const sent = { id: '42', timestamp: '1747444800', body };
    expect(verifyWebhook(SECRET, sent, headers['X-CPG-Signature'] ?? '')).toBe(true);
    expect(verifyStandardWebhook(SECRET, sent, headers['webhook-signature'] ?? '')).toBe(true);
  });

  it('are signed anew for each attempt', () => {
    const [one, other] = [signedHeaders([SECRET], at(1_000)), signedHeaders([SECRET], at(61_000))];

    for (const name of ['X-CPG-Timestamp', 'X-CPG-Signature', 'webhook-signature'])
      expect(one[name]).not.toBe(other[name]);
  });

  it('have the signatures of both secrets while one replaces the other: the contract’s header that of the one before', () => {
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const until = new Date(1_747_500_000_000);
    const endpoint = { secret: next, previous: { secret: SECRET, until } };
    const before = new Date(until.getTime() - 1);
    const { body } = DELIVERY;
    const sent = { id: '42', timestamp: '1747499999', body };

    const headers = signedHeaders(secretsAt(endpoint, before), { ...DELIVERY, at: before });

    expect(verifyWebhook(SECRET, sent, headers['X-CPG-Signature'] ?? '')).toBe(true);
    expect(verifyWebhook(next, sent, headers['X-CPG-Signature-Next'] ?? '')).toBe(true);
    for (const secret of [SECRET, next])
      expect(verifyStandardWebhook(secret, sent, headers['webhook-signature'] ?? '')).toBe(true);
    expect(secretsAt(endpoint, until)).toEqual([next]);
    expect(signedHeaders([next], at(1_000))).not.toHaveProperty('X-CPG-Signature-Next');
  });

  it('are kept in the log without secret and signatures', () => {
    const kept = JSON.stringify(plainHeaders(at(1_000)));

    expect(kept).not.toMatch(/signature|whsec/i);
  });
});
