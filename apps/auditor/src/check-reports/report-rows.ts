import {
  REPORTING_SERVICES,
  venueOfConnector,
  type AuditReports,
  type Message,
} from '@sluice/messages';

type Report = Extract<Message<AuditReports>, { readonly type: 'audit.checks-reported.v1' }>;

export interface ReportRow {
  readonly service: string;
  readonly instance: string;
  readonly check_name: string;
  readonly every_ms: number;
  readonly waited_ms: number;
  readonly reported_at: string;
}

/**
 * Returns one row per check, and one row without a name per process: a process without checks
 * reports as well. `service`: producer of the topic, whose key made the message's MAC.
 */
export function reportRows(service: string, batch: readonly Report[]): readonly ReportRow[] {
  return batch.flatMap(({ time: reported_at, data: { instance, checks } }) => [
    { service, instance, check_name: '', every_ms: 0, waited_ms: 0, reported_at },
    ...checks.map(({ name, everyMs, waitedMs }) => ({
      service,
      instance,
      check_name: name,
      every_ms: everyMs,
      waited_ms: waitedMs,
      reported_at,
    })),
  ]);
}

/** True for a check that missed three intervals. */
export function isMissed({ every_ms: everyMs, waited_ms: waitedMs }: ReportRow): boolean {
  return waitedMs > 3 * everyMs;
}

/** Services about one venue, and their venues. */
export function servicesOfVenues(): readonly [readonly string[], readonly string[]] {
  const pairs = REPORTING_SERVICES.flatMap((service): [string, string][] => {
    const venue = venueOfConnector(service);
    return venue === null ? [] : [[service, venue]];
  });
  return [pairs.map(([service]) => service), pairs.map(([, venue]) => venue)];
}
