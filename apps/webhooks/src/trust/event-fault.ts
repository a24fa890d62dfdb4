import type { EventKeys, KafkaRecord } from '@sluice/consumer-kit';

/** Returns the reason why an event becomes no delivery; null for an event signed by intake-api. */
export function eventFault(keys: EventKeys, event: KafkaRecord): string | null {
  const fault = keys.fault(event);
  return fault && `forged_event: ${fault}`;
}
