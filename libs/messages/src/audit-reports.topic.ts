import {
  field,
  IsHash,
  IsLabel,
  IsLabelOrNull,
  isText,
  IsTime,
  IsWholeNumberText,
  orNull,
} from './fields.js';
import { listSchema, objectSchema, orNullSchema, textSchema } from './json-schema.js';
import { topic } from './topic.js';
import { VENUES } from './config.js';
import { connectorOf, WALLET } from './venue-commands.topic.js';

/** Completions of a periodic check by a process. */
interface CheckReport {
  readonly name: string;
  readonly everyMs: number;
  /** Time since the last completion or attempt, from which the interval counts. */
  readonly waitedMs: number;
}

const MOST_CHECKS = 200;
const LONGEST_MS = 1_000_000_000_000;
const MS_SCHEMA = { type: 'integer', minimum: 0, maximum: LONGEST_MS };

const IsCheckReports = field(
  'isCheckReports',
  (v) => Array.isArray(v) && v.length <= MOST_CHECKS && v.every(isCheckReport),
  `must be at most ${MOST_CHECKS} checks with their times`,
  listSchema(
    objectSchema({ name: textSchema(128), everyMs: MS_SCHEMA, waitedMs: MS_SCHEMA }),
    0,
    MOST_CHECKS,
  ),
);

/** Names of people and paths. */
const LONGEST_TEXT = 1_000;
const IsShortText = field(
  'isShortText',
  (v) => typeof v === 'string' && v.length <= LONGEST_TEXT,
  `must be at most ${LONGEST_TEXT} characters`,
  { type: 'string', maxLength: LONGEST_TEXT },
);
const IsStatusOrNull = field(
  'isStatusOrNull',
  orNull((v) => Number.isInteger(v) && (v as number) >= 100 && (v as number) <= 599),
  'must be a status of HTTP or null',
  orNullSchema({ type: 'integer', minimum: 100, maximum: 599 }),
);

function isCheckReport(value: unknown): value is CheckReport {
  const { name, everyMs, waitedMs } = (value ?? {}) as Record<string, unknown>;
  return isText(128)(name) && isMs(everyMs) && isMs(waitedMs);
}

function isMs(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_MS;
}

/** `audit.checks-reported.v1`: the checks of one process, every 15 seconds. */
class ChecksReportedV1 {
  @IsLabel() service!: string;
  /** Random name of the process. */
  @IsLabel() instance!: string;
  @IsCheckReports() checks!: readonly CheckReport[];
}

/** `audit.entry-recorded.v1`: an entry of the service's audit log. Its numbers have no gap, and its hash covers the previous hash. */
class EntryRecordedV1 {
  @IsLabel() service!: string;
  @IsWholeNumberText() number!: string;
  /** Keyed hash of the entry, lower-case hex; only the service can compute it. */
  @IsHash() hash!: string;
  /** Hash of the entry before; 64 zeros for the first entry. */
  @IsHash() previousHash!: string;
  @IsLabel() callId!: string;
  @IsLabel() callerKind!: string;
  /** Empty if the credential proved no identity. */
  @IsShortText() callerName!: string;
  @IsLabel() method!: string;
  /** Template of the path; empty without a route. */
  @IsShortText() route!: string;
  @IsShortText() target!: string;
  /** Status of the answer; null in the entry before a change. */
  @IsStatusOrNull() status!: number | null;
}

/** `audit.demand-requested.v1`: the demand of a first person for an action that requires two people. */
class DemandRequestedV1 {
  @IsLabel() service!: string;
  /** Number of the demand in the service's database. */
  @IsWholeNumberText() demandId!: string;
  @IsLabel() action!: string;
  @IsShortText() target!: string;
  /** SHA-256 of action, target and content. */
  @IsHash() digest!: string;
  @IsShortText() requestedBy!: string;
  @IsTime() requestedAt!: string;
  /** Call of the first person, as in the audit entries; null without a call. */
  @IsLabelOrNull() callId!: string | null;
}

/** `audit.demand-approved.v1`: the approval of a demand by a second person, in the transaction of the action. */
class DemandApprovedV1 {
  @IsLabel() service!: string;
  /** Number of the demand in the service's database. */
  @IsWholeNumberText() demandId!: string;
  @IsLabel() action!: string;
  @IsShortText() target!: string;
  /** SHA-256 of action, target and content. */
  @IsHash() digest!: string;
  @IsShortText() requestedBy!: string;
  @IsTime() requestedAt!: string;
  @IsShortText() approvedBy!: string;
  @IsTime() approvedAt!: string;
  /** Call of the second person, as in the audit entries; null without a call. */
  @IsLabelOrNull() callId!: string | null;
}

/** `audit.<service>`: reports of a service for the auditor. */
export function auditReports<const S extends string>(service: S) {
  return topic(`audit.${service}`, {
    producedBy: service,
    consumedBy: 'auditor',
    key: 'service',
    orderedBy: 'key',
    types: {
      'audit.checks-reported.v1': ChecksReportedV1,
      'audit.entry-recorded.v1': EntryRecordedV1,
      'audit.demand-requested.v1': DemandRequestedV1,
      'audit.demand-approved.v1': DemandApprovedV1,
    },
  });
}

/** Services that report to the auditor. */
export const REPORTING_SERVICES: readonly string[] = [
  'intake-api',
  'ledger',
  ...[...VENUES, WALLET].map(connectorOf),
];

export const AUDIT_REPORTS = REPORTING_SERVICES.map((service) => auditReports(service));
export type AuditReports = ReturnType<typeof auditReports>;
