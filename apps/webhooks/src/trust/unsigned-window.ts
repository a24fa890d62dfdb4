import { Counter } from 'prom-client';

const accepted = new Counter({
  name: 'sluice_unsigned_accepted_total',
  help: 'Events without a signature and deliveries without a seal that were accepted because EVENTS_UNSIGNED_UNTIL is not over',
  labelNames: ['kind'],
});

/** Setting of an upgrade from 0.3.0, which made no signatures and no seals. */
export interface UnsignedWindow {
  /** End of the time in which missing signatures and seals are accepted; null: never accepted. */
  readonly eventsUnsignedUntil: Date | null;
}

/** Returns true, and counts, while a missing signature or seal is accepted. */
export function acceptUnsigned(
  { eventsUnsignedUntil: until }: UnsignedWindow,
  now: Date,
  kind: 'event' | 'delivery',
): boolean {
  const isOpen = until !== null && now < until;
  if (isOpen) accepted.inc({ kind });
  return isOpen;
}
