import { randomBytes } from 'node:crypto';
import { EventKeys } from '@sluice/consumer-kit';
import { encode, withdrawalEvents } from '@sluice/messages';
import { EVENT_SIGNATURE_HEADER, EventSigningKey } from '@sluice/signing';
import { aStep } from '../testkit/given-webhooks.js';
import { eventFault } from './event-fault.js';

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
