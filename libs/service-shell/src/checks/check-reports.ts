import { randomUUID } from 'node:crypto';
import { auditReports, encode } from '@sluice/messages';
import type { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { MessageKeys } from '@sluice/signing';
import { reportsToAuditor } from '../settings/reports-to-auditor.js';
import type { Check } from './check.js';

const EVERY_MS = 15_000;

interface Reporting {
  readonly name: string;
  readonly health: { readonly periodic: readonly Check[] };
  readonly unitOfWork: Pick<UnitOfWork, 'run'>;
  readonly messageKeys: Pick<MessageKeys, 'names'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Reports the completions of this process's checks to the auditor every 15 seconds. The times are
 * those of the process's memory: no database login can change them. Returns null for a service
 * without a key shared with the auditor.
 */
export function startCheckReports(reporting: Reporting): BackgroundLoop | null {
  const { name, messageKeys, logger } = reporting;
  if (!reportsToAuditor(name, messageKeys)) return null;
  const instance = randomUUID();
  const loop = new BackgroundLoop('report of the checks', logger, () =>
    report(reporting, instance),
  );
  loop.start();
  return loop;
}

async function report({ name, health, unitOfWork }: Reporting, instance: string): Promise<number> {
  await unitOfWork.run(async (tx) => {
    const checks = health.periodic.map((check) => ({
      name: check.name,
      everyMs: Math.round(check.everyMs),
      waitedMs: Math.round(check.waitedMs()),
    }));
    tx.publish(
      encode(auditReports(name), {
        id: randomUUID(),
        source: name,
        subject: name,
        time: (await tx.now()).toISOString(),
        type: 'audit.checks-reported.v1',
        data: { service: name, instance, checks },
      }),
    );
  });
  return EVERY_MS;
}
