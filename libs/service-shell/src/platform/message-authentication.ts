import type { Authenticate } from '@sluice/kafka';
import { messageFault, signMessage, type MessageKeys } from '@sluice/signing';
import type { OutgoingMessage } from '@sluice/postgres';
import { Counter } from 'prom-client';

const notAuthentic = new Counter({
  name: 'sluice_messages_not_authentic_total',
  help: 'Messages that were not the word of the service that produces their topic. Anything but 0 is an incident: somebody else writes there',
  labelNames: ['topic'],
});

/**
 * Signs every message for the consuming service. Messages of public topics and resent messages are
 * left unchanged.
 */
export function signerOf(keys: MessageKeys): (message: OutgoingMessage) => OutgoingMessage {
  return (message) =>
    message.consumer === undefined ? message : signMessage(keys, message.consumer, message);
}

/** Verifies every message consumed by this service. */
export function authenticatorOf(keys: MessageKeys): Authenticate {
  return (topic, message) => {
    if (topic.consumedBy === null) return null;
    const fault = messageFault(keys, topic.producedBy, message);
    if (fault !== null) notAuthentic.inc({ topic: topic.name });
    return fault;
  };
}
