import { randomBytes } from 'node:crypto';
import { EventKeys } from '@sluice/consumer-kit';
import { encode, withdrawalEvents } from '@sluice/messages';
import { EVENT_SIGNATURE_HEADER, EventSigningKey } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { aStep } from '../testkit/given-webhooks.js';
import { DeliverySeals, eventFault } from './delivery-seals.js';

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

const KEY = EventSigningKey.parse(randomBytes(32).toString('base64'));
const keys = new EventKeys([KEY.publicKey.publicKey]);

const unsigned = encode(withdrawalEvents, aStep());
const [signed] = KEY.sign([unsigned]);
const forged = { ...unsigned, headers: { ...unsigned.headers, [EVENT_SIGNATURE_HEADER]: 'x' } };

describe('the fault of an event', () => {
  it('is none if intake-api has signed the event', () => {
    expect(signed && eventFault(keys, signed)).toBeNull();
  });

  it('is a missing signature', () => {
    expect(eventFault(keys, unsigned)).toMatch(/^forged_event: the event has no/);
  });

  it('is a wrong signature', () => {
    expect(eventFault(keys, forged)).toMatch(/^forged_event: /);
  });
});
