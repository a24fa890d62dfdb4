import { SERVICE_NAMES, type ServiceName } from '../tables/services.js';
import { venueOf, venueOfConnector } from '../tables/venues.js';

/** Effect on withdrawals while a service that is no connector is not ready. */
const EFFECTS: Readonly<Partial<Record<ServiceName, string>>> = {
  'intake-api': 'the API takes no withdrawals',
  ledger: 'withdrawals wait for their hold',
  webhooks: 'webhooks are delivered later',
  auditor: 'nothing compares ledger and venues, and payments beyond the allowance wait for permits',
  signer: 'payments from our own wallet wait',
};

/** Returns what works without the unready parts, and the remedy. Empty if every part is ready. */
export function describeUnready(unready: ReadonlySet<string>, started: readonly string[]): string {
  if (unready.size === 0) return '';
  const ready = started.filter((name) => !unready.has(name));
  return [
    `ready: ${ready.join(', ')}`,
    ...[...unready].map((name) => `not ready: ${name} (${effectOf(name)})`),
    'The stack keeps running, asks these parts again, and reports when they are ready.',
    'If data of an earlier start are the cause: `npm run stack -- reset` deletes the data, and `--data DIR` starts on other data.',
  ].join('\n');
}

function effectOf(name: string): string {
  const service = SERVICE_NAMES.find((one) => one === name);
  const venue = service && venueOfConnector(service);
  if (venue !== undefined) return `withdrawals through ${venueOf(venue).title} wait`;
  return (service && EFFECTS[service]) ?? 'its work waits';
}
