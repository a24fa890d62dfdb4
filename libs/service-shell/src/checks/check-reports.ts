import { randomUUID } from 'node:crypto';
import { auditReports, encode } from '@sluice/messages';
import type { Outbox } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { MessageKeys } from '@sluice/signing';
import { reportsToAuditor } from '../settings/reports-to-auditor.js';
import type { Check } from './check.js';

const EVERY_MS = 15_000;

interface Reporting extends Pick<Outbox, 'publishUnstored'> {
  readonly name: string;
  readonly health: { readonly periodic: readonly Check[] };
  readonly clock: { now(): Date };
  readonly messageKeys: Pick<MessageKeys, 'names'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Reports the completions of this process's checks to the auditor every 15 seconds. The times are
 * those of the process's memory: no database login can change them, and no transaction is needed. A
 * lost report is followed by the next; the auditor judges a silence of a minute. Returns null for a
 * service without a key shared with the auditor.
 */
export function startCheckReports(reporting: Reporting): BackgroundLoop | null {
  const { name, messageKeys, logger } = reporting;
  if (!reportsToAuditor(name, messageKeys)) return null;
  const instance = randomUUID();
  const loop = new BackgroundLoop('report of the checks', logger, async (signal) => {
    await orStopped(report(reporting, instance), signal);
    return EVERY_MS;
  });
  loop.start();
  return loop;
}

/** Resolves after the publication: while Kafka is away, a process holds a single report. */
function report(
  { name, health, clock, publishUnstored }: Reporting,
  instance: string,
): Promise<void> {
  const checks = health.periodic.map((check) => ({
    name: check.name,
    everyMs: Math.round(check.everyMs),
    waitedMs: Math.round(check.waitedMs()),
  }));
  const message = encode(auditReports(name), {
    id: randomUUID(),
    source: name,
    subject: name,
    time: clock.now().toISOString(),
    type: 'audit.checks-reported.v1',
    data: { service: name, instance, checks },
  });
  return publishUnstored([message]);
}

/** Resolves early when the loop stops. */
function orStopped(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => resolve();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
