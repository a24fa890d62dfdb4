import { testMessageKeys } from '@sluice/test-kit';
import { DeliverySeals } from './delivery-seals.js';

const UNTIL = new Date('2026-12-01T08:00:00Z');
const before = new Date(UNTIL.getTime() - 1);
const CONTENT = { id: '1', webhookId: 'w', event: 'withdrawal.confirmed', body: '{"id":1}' };

describe('the seal of a delivery', () => {
  const seals = new DeliverySeals(testMessageKeys('webhooks'), { eventsUnsignedUntil: null });
  const row = { ...CONTENT, seal: seals.seal(CONTENT, 'a'), predatesSeals: false };

  it('fits the delivery and the account of its webhook', () => {
    expect(seals.isGenuine(row, 'a', before)).toBe(true);
    expect(seals.isGenuine(row, 'b', before)).toBe(false);
  });

  it.each<[string, object]>([
    ['number', { id: '2' }],
    ['webhook', { webhookId: 'x' }],
    ['event', { event: 'withdrawal.failed' }],
    ['body', { body: '{"id":2}' }],
    ['seal', { seal: 'test.AAAA' }],
  ])('fits no other %s, also not of a row that claims to be old', (_what, change) => {
    expect(seals.isGenuine({ ...row, ...change }, 'a', before)).toBe(false);
    expect(seals.isGenuine({ ...row, ...change, predatesSeals: true }, 'a', before)).toBe(false);
  });

  it('is missing in rows of an earlier release alone', () => {
    const unsealed = { ...row, seal: null };
    const upgrading = new DeliverySeals(testMessageKeys('webhooks'), {
      eventsUnsignedUntil: UNTIL,
    });

    expect(seals.isGenuine(unsealed, 'a', before)).toBe(false);
    expect(seals.isGenuine({ ...unsealed, predatesSeals: true }, 'a', before)).toBe(true);
    expect(upgrading.isGenuine(unsealed, 'a', before)).toBe(true);
    expect(upgrading.isGenuine(unsealed, 'a', UNTIL)).toBe(false);
  });
});
