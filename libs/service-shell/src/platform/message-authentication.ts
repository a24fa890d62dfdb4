import type { Authenticate, IsAddressed } from '@sluice/kafka';
import {
  followedFault,
  isSignedFor,
  messageFault,
  signMessage,
  type MessageKeys,
} from '@sluice/signing';
import type { Topic } from '@sluice/messages';
import type { OutgoingMessage } from '@sluice/postgres';
import { Counter } from 'prom-client';

type Followed = Pick<Topic, 'consumedBy' | 'followedBy'>;

const notAuthentic = new Counter({
  name: 'sluice_messages_not_authentic_total',
  help: 'Messages that were not the word of the service that produces their topic. Anything but 0 is an incident: somebody else writes there',
  labelNames: ['topic'],
});
const notAddressed = new Counter({
  name: 'sluice_messages_without_proof_total',
  help: 'Messages of a followed topic without a proof for this service, left out: messages older than the service, or of a producer that has no key for it',
  labelNames: ['topic'],
});

/**
 * Signs every message for the consuming service, and for each follower that shares a key with this
 * service. Messages of public topics and resent messages are left unchanged.
 */
export function signerOf(keys: MessageKeys): (message: OutgoingMessage) => OutgoingMessage {
  const peers = new Set(keys.names());
  return (message) => {
    if (message.consumer === undefined) return message;
    const followers = message.followers?.filter((follower) => peers.has(follower));
    return signMessage(keys, message.consumer, message, followers);
  };
}

/** Verifies every message read by this service. */
export function authenticatorOf(service: string, keys: MessageKeys): Authenticate {
  return (topic, message) => {
    if (topic.consumedBy === null) return null;
    const producer = topic.producedBy;
    const fault = isFollower(service, topic)
      ? followedFault(keys, { producer, service }, message)
      : messageFault(keys, producer, message);
    if (fault !== null) notAuthentic.inc({ topic: topic.name });
    return fault;
  };
}

/** Leaves out the messages of a followed topic that carry no MAC for this service. */
export function addressedTo(service: string): IsAddressed {
  return (topic, message) => {
    if (!isFollower(service, topic) || isSignedFor(service, message)) return true;
    notAddressed.inc({ topic: topic.name });
    return false;
  };
}

/** True for a reader beside the consumer: no client waits for a follower. Public topics have only readers. */
export function isFollower(service: string, { consumedBy, followedBy }: Followed): boolean {
  return consumedBy !== null && followedBy.includes(service);
}
