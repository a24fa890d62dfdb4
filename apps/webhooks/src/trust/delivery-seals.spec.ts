import { testMessageKeys } from '@sluice/test-kit';
import { DeliverySeals } from './delivery-seals.js';

const CONTENT = { id: '1', webhookId: 'w', event: 'withdrawal.confirmed', body: '{"id":1}' };

describe('the seal of a delivery', () => {
  const seals = new DeliverySeals(testMessageKeys('webhooks'));
  const row = { ...CONTENT, seal: seals.seal(CONTENT, 'a') };

  it('fits the delivery and the account of its webhook', () => {
    expect(seals.isGenuine(row, 'a')).toBe(true);
    expect(seals.isGenuine(row, 'b')).toBe(false);
  });

  it.each<[string, object]>([
    ['number', { id: '2' }],
    ['webhook', { webhookId: 'x' }],
    ['event', { event: 'withdrawal.failed' }],
    ['body', { body: '{"id":2}' }],
    ['seal', { seal: 'test.AAAA' }],
    ['text in place of a seal', { seal: '' }],
  ])('fits no other %s', (_what, change) => {
    expect(seals.isGenuine({ ...row, ...change }, 'a')).toBe(false);
  });
});
