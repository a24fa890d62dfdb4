import { Counter } from 'prom-client';
import type { Authenticate, IsAddressed } from '@sluice/kafka';
import { type Topic, topicsConsumedBy, withdrawalEvents } from '@sluice/messages';
import type { OutgoingMessage, SignMessages } from '@sluice/postgres';
import {
  followedFault,
  isSignedFor,
  messageFault,
  type MessageKeys,
  signMessage,
} from '@sluice/signing';
import { startAtZero } from '../metrics/start-at-zero.js';

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

type PublicEvent = Parameters<Authenticate>[1];

/** Signatures of the public events: only the producer signs, and every reader can verify. */
export interface EventSignatures {
  /** Signs the events of a transaction; their number and order stay. Default: none is signed. */
  readonly sign?: SignMessages;
  /** Why an event is not authentic; null to process. Default: every event. */
  readonly fault?: (event: PublicEvent) => string | null;
}

/**
 * Signs messages for the consumer and each follower with a shared key, and public events for every
 * reader; other public or resent messages stay unchanged.
 */
export function signerOf(keys: MessageKeys, signEvents?: SignMessages): SignMessages {
  const peers = new Set(keys.names());
  const withMac = (message: OutgoingMessage): OutgoingMessage => {
    if (message.consumer === undefined) return message;
    const followers = message.followers?.filter((follower) => peers.has(follower));
    return signMessage(keys, message.consumer, message, followers);
  };
  return (messages) => {
    const events = messages.filter(({ topic }) => topic === withdrawalEvents.name);
    const signed = new Map(signEvents?.(events).map((event, at) => [events[at], event]));
    return messages.map((message) => signed.get(message) ?? withMac(message));
  };
}

/** Verifies every message read by this service, public events with `eventFault`. */
export function authenticatorOf(
  service: string,
  keys: MessageKeys,
  eventFault: (event: PublicEvent) => string | null,
): Authenticate {
  startAtZero(notAuthentic, { topic: topicsConsumedBy(service) });
  const faultOf: Authenticate = (topic, message) => {
    if (topic.name === withdrawalEvents.name) return eventFault(message);
    if (topic.consumedBy === null) return null;
    const producer = topic.producedBy;
    return isFollower(service, topic)
      ? followedFault(keys, { producer, service }, message)
      : messageFault(keys, producer, message);
  };
  return (topic, message) => {
    const fault = faultOf(topic, message);
    if (fault !== null) notAuthentic.inc({ topic: topic.name });
    return fault;
  };
}

/**
 * Leaves messages without a MAC for this service out, and counts those whose type should carry one.
 */
export function addressedTo(service: string): IsAddressed {
  return (topic, message) => {
    if (!isFollower(service, topic) || isSignedFor(service, message)) return true;
    const { followedTypes } = topic;
    if (followedTypes !== null && !followedTypes.has(message.headers['ce_type'] ?? ''))
      return false;
    notAddressed.inc({ topic: topic.name });
    return false;
  };
}

/** True for a reader beside the consumer: no client waits for a follower. Public topics have only readers. */
export function isFollower(service: string, { consumedBy, followedBy }: Followed): boolean {
  return consumedBy !== null && followedBy.includes(service);
}

const mismatches = new Counter({
  name: 'sluice_order_mismatches_total',
  help: 'Commands and facts that differ from the requested order, by detecting service. Any value other than 0 is an incident',
  labelNames: ['noticed_by'],
});

const DETECTORS = ['intake-api', 'ledger', 'connector'] as const;
type Detector = (typeof DETECTORS)[number];

startAtZero(mismatches, { noticed_by: DETECTORS });

/** Counts a rejected message with another order than requested: a person must find the reason. */
export function countOrderMismatch(noticedBy: Detector): void {
  mismatches.inc({ noticed_by: noticedBy });
}

/** Rejects commands unlike the sender's digest: changed in transit, and no part may be stored. */
export class OrderCheck<C extends { readonly id: string }> {
  private lastCounted = '';

  constructor(
    private readonly noticedBy: Detector,
    private readonly faultOf: (command: C) => string | null,
  ) {}

  /** Throws at the first mismatch; the consumer isolates and dead-letters the command. */
  require(batch: readonly C[]): void {
    for (const command of batch) {
      const fault = this.faultOf(command);
      if (fault === null) continue;
      if (batch.length === 1) this.count(command.id);
      throw new Error(`the order is not authentic and is refused: ${fault}`);
    }
  }

  /** Counts an isolated command once, although the command is tried several times in a row. */
  private count(id: string): void {
    if (id !== this.lastCounted) countOrderMismatch(this.noticedBy);
    this.lastCounted = id;
  }
}
