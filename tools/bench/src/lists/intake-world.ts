import { IntakeAdmin } from '@sluice/admin-client';
import { startServiceWorld } from '../system/service-world.js';

/**
 * Starts the servers of intake-api alone. Kafka is left out, because customers' reads do not use
 * Kafka.
 */
export async function startIntakeWorld(home: string) {
  const { url, admin, approver, databaseUrl, start, stop } = await startServiceWorld(home, {
    service: 'intake-api',
    kafka: false,
    logLevel: 'error',
    environment: { REQUESTS_PER_MINUTE_PER_IP: '1000000' },
  });
  return {
    url,
    adminUrl: databaseUrl,
    admin: new IntakeAdmin(admin),
    approver: new IntakeAdmin(approver),
    start,
    stop,
  };
}
