import { randomBytes } from 'node:crypto';
import { EventKeys } from '@sluice/consumer-kit';
import { encode, withdrawalEvents } from '@sluice/messages';
import { EVENT_SIGNATURE_HEADER, EventSigningKey } from '@sluice/signing';
import { aStep } from '../testkit/given-webhooks.js';
import { eventFault } from './event-fault.js';

const KEY = EventSigningKey.parse(randomBytes(32).toString('base64'));
const eventsPublicKeys = new EventKeys([KEY.publicKey.publicKey]);
const UNTIL = new Date('2026-12-01T08:00:00Z');
const before = new Date(UNTIL.getTime() - 1);

const unsigned = encode(withdrawalEvents, aStep());
const [signed] = KEY.sign([unsigned]);
const forged = { ...unsigned, headers: { ...unsigned.headers, [EVENT_SIGNATURE_HEADER]: 'x' } };

describe('the fault of an event', () => {
  const closed = { eventsPublicKeys, eventsUnsignedUntil: null };
  const open = { eventsPublicKeys, eventsUnsignedUntil: UNTIL };

  it('is none if intake-api has signed the event', () => {
    expect(signed && eventFault(closed, signed, before)).toBeNull();
  });

  it('is a missing signature, but for the time of an upgrade', () => {
    expect(eventFault(closed, unsigned, before)).toMatch(/^forged_event: the event has no/);
    expect(eventFault(open, unsigned, before)).toBeNull();
    expect(eventFault(open, unsigned, UNTIL)).toMatch(/^forged_event: /);
  });

  it('is a wrong signature at any time', () => {
    expect(eventFault(open, forged, before)).toMatch(/^forged_event: /);
  });
});
