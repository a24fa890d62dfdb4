import type { WireMessage } from './envelope.js';
import { auditorPermits } from './auditor-permits.topic.js';
import { VENUE_COMMANDS } from './venue-commands.topic.js';
import { ledgerChainHeads } from './ledger-chain-heads.topic.js';
import { ledgerCommands } from './ledger-commands.topic.js';
import { ledgerEvents } from './ledger-events.topic.js';
import { VENUE_EVENTS } from './venue-events.topic.js';
import type { Topic } from './topic.js';
import { AUDIT_REPORTS } from './audit-reports.topic.js';
import { withdrawalEvents } from './withdrawal-events.topic.js';

export {
  decode,
  describeRefusal,
  encode,
  type Envelope,
  type Message,
  type WireMessage,
  derivedId,
} from './envelope.js';
export { askedFor, askedIn, type AskedWithdrawal } from './asked-withdrawal.js';
export {
  SIGNED_ROUTE,
  type SignedRequest,
  digestFault,
  orderDigest,
  recipientDigest,
  HELD_AT_INTAKE,
} from './order-digest.js';
export { dataSchema, topic, type Body, type Topic, type TypeTable } from './topic.js';
export type { JsonSchema } from './json-schema.js';
export { auditorPermits } from './auditor-permits.topic.js';
export { ledgerChainHeads } from './ledger-chain-heads.topic.js';
export { ledgerCommands } from './ledger-commands.topic.js';
export { HOUSE_ACCOUNT } from './account-fields.js';
export { ledgerEvents } from './ledger-events.topic.js';
export { VENUES } from './config.js';
export { API_VENUES, programOf } from '@sluice/kernel';
export {
  connectorOf,
  venueCommands,
  venueOfConnector,
  WALLET,
  type VenueCommands,
} from './venue-commands.topic.js';
export type { ReportItem } from './venue-commands.topic.js';
export { MAX_REPORT_ITEMS, MAX_VENUE_PAYMENTS } from './fields.js';
export {
  NO_WITHDRAWAL,
  VENUE_EVENTS,
  venueEvents,
  walletEvents,
  type OwnWallet,
  type SeenPayment,
  type SentItem,
  type VenuePayment,
  type TokenContract,
  type VenueEvents,
  type WalletEventsTopic,
} from './venue-events.topic.js';
export { withdrawalEvents, type WithdrawalChangedV1 } from './withdrawal-events.topic.js';

export {
  AUDIT_REPORTS,
  auditReports,
  REPORTING_SERVICES,
  type AuditReports,
} from './audit-reports.topic.js';

/** All topics of the system; the stack creates exactly these. */
export const ALL_TOPICS = [
  ledgerCommands,
  ledgerEvents,
  ledgerChainHeads,
  ...VENUE_COMMANDS,
  ...VENUE_EVENTS,
  auditorPermits,
  ...AUDIT_REPORTS,
  withdrawalEvents,
] as const;

export function topicsProducedBy(service: string): readonly string[] {
  return ALL_TOPICS.filter(({ producedBy }) => producedBy === service).map(({ name }) => name);
}

/** Returns whether a client's request waits for this message. */
export function isAwaited({ topic, headers }: Pick<WireMessage, 'topic' | 'headers'>): boolean {
  return AWAITED.has(`${topic} ${headers['ce_type']}`);
}

const AWAITED = new Set(
  ALL_TOPICS.flatMap(({ name, awaited }) => [...awaited].map((type) => `${name} ${type}`)),
);

/** Topics read by the consumer group of this service. */
export function topicsConsumedBy(service: string): readonly string[] {
  return ALL_TOPICS.filter((topic) => readersOf(topic).includes(service)).map(({ name }) => name);
}

/** Topics for which the login of this service needs read access. */
export function topicsReadBy(service: string): readonly string[] {
  return ALL_TOPICS.filter(
    (topic) => readersOf(topic).includes(service) || topic.readBackBy.includes(service),
  ).map(({ name }) => name);
}

/** Services that write or read a topic. */
export const SERVICES_AT_KAFKA: readonly string[] = [
  ...new Set(ALL_TOPICS.flatMap((topic) => [topic.producedBy, ...readersOf(topic)])),
];

/** Our services that read a topic. */
export function readersOf({
  consumedBy,
  followedBy,
}: Pick<Topic, 'consumedBy' | 'followedBy'>): readonly string[] {
  return consumedBy === null ? followedBy : [consumedBy, ...followedBy];
}

/** Topics for any reader. */
export const PUBLIC_TOPICS: readonly string[] = ALL_TOPICS.filter(
  ({ consumedBy }) => consumedBy === null,
).map(({ name }) => name);
