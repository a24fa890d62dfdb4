import { REPORTING_SERVICES } from '@sluice/messages';
import type { MessageKeys } from '@sluice/signing';

/** Returns whether the service sends checks, audit entries and demands of people to the auditor. */
export function reportsToAuditor(service: string, keys: Pick<MessageKeys, 'names'>): boolean {
  return REPORTING_SERVICES.includes(service) && keys.names().includes('auditor');
}
