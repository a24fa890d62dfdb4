import type { EventKeys, KafkaRecord } from '@sluice/consumer-kit';
import { EVENT_SIGNATURE_HEADER } from '@sluice/signing';
import { acceptUnsigned, type UnsignedWindow } from './unsigned-window.js';

interface EventTrust extends UnsignedWindow {
  readonly eventsPublicKeys: EventKeys;
}

/**
 * Returns the reason why an event becomes no delivery; null for an event signed by intake-api. A
 * wrong signature is refused at any time.
 */
export function eventFault(trust: EventTrust, event: KafkaRecord, now: Date): string | null {
  const isUnsigned = event.headers?.[EVENT_SIGNATURE_HEADER] === undefined;
  if (isUnsigned && acceptUnsigned(trust, now, 'event')) return null;
  const fault = trust.eventsPublicKeys.fault(event);
  return fault && `forged_event: ${fault}`;
}
