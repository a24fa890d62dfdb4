import { field, IsLabel, isText } from './fields.js';
import { listSchema, objectSchema, textSchema } from './json-schema.js';
import { topic } from './topic.js';
import { API_VENUES, connectorOf, WALLET } from './venue-commands.topic.js';

/** Completions of a periodic check by a process. */
export interface CheckReport {
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

/** `audit.<service>`: reports of a service for the auditor. */
export function auditReports<const S extends string>(service: S) {
  return topic(`audit.${service}`, {
    producedBy: service,
    consumedBy: 'auditor',
    key: 'service',
    orderedBy: 'key',
    types: { 'audit.checks-reported.v1': ChecksReportedV1 },
  });
}

/** Services that report to the auditor. */
export const REPORTING_SERVICES: readonly string[] = [
  'intake-api',
  'ledger',
  ...[...API_VENUES, WALLET].map(connectorOf),
];

export const AUDIT_REPORTS = REPORTING_SERVICES.map((service) => auditReports(service));
export type AuditReports = ReturnType<typeof auditReports>;
