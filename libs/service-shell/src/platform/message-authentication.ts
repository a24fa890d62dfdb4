import type { Authenticate } from '@sluice/kafka';
import { withdrawalEvents } from '@sluice/messages';
import { messageFault, signMessage, type MessageKeys } from '@sluice/signing';
import type { OutgoingMessage, SignMessages } from '@sluice/postgres';
import { Counter } from 'prom-client';

const notAuthentic = new Counter({
  name: 'sluice_messages_not_authentic_total',
  help: 'Messages that were not the word of the service that produces their topic. Anything but 0 is an incident: somebody else writes there',
  labelNames: ['topic'],
});

type PublicEvent = Parameters<Authenticate>[1];

/** Signatures of the public events: only the producer signs, and every reader can verify. */
export interface EventSignatures {
  /** Signs the events of a transaction; their number and order stay. Default: none is signed. */
  readonly sign?: SignMessages;
  /**
   * Returns the reason why an event is not authentic at this time of the database; null for an
   * event to process. Default: every event is processed.
   */
  readonly fault?: (event: PublicEvent, now: Date) => string | null;
}

/**
 * Signs every message for the consuming service, and the public events for every reader. Messages
 * of other public topics and resent messages are left unchanged.
 */
export function signerOf(keys: MessageKeys, signEvents?: SignMessages): SignMessages {
  return (messages) => {
    const events = messages.filter(({ topic }) => topic === withdrawalEvents.name);
    const signed = new Map(signEvents?.(events).map((event, at) => [events[at], event]));
    return messages.map((message) => signed.get(message) ?? withMac(keys, message));
  };
}

function withMac(keys: MessageKeys, message: OutgoingMessage): OutgoingMessage {
  return message.consumer === undefined ? message : signMessage(keys, message.consumer, message);
}

/** Verifies every message consumed by this service, public events with `eventFault`. */
export function authenticatorOf(
  keys: MessageKeys,
  eventFault: (event: PublicEvent) => string | null,
): Authenticate {
  const faultOf: Authenticate = (topic, message) => {
    if (topic.name === withdrawalEvents.name) return eventFault(message);
    return topic.consumedBy === null ? null : messageFault(keys, topic.producedBy, message);
  };
  return (topic, message) => {
    const fault = faultOf(topic, message);
    if (fault !== null) notAuthentic.inc({ topic: topic.name });
    return fault;
  };
}
