import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { CreatedWebhookDto } from '@sluice/http-api';
import { withdrawalEvents } from '@sluice/messages';
import { DEMO_PERSON, SERVICE_NODE_FLAGS } from '@sluice/stack';
import { testMessageKeysText } from '@sluice/test-kit';
import { kafkaClient, LocalIssuer, startGuard } from '@sluice/test-servers';
import { PASSWORD, ready, startServers } from '../system/service-world.js';
import { ReceiverProcess } from './receiver-process.js';

const DIST = join(import.meta.dirname, '../../../../apps/webhooks/dist');

export type WebhooksWorld = Awaited<ReturnType<typeof startWebhooksWorld>>;

/**
 * Starts the webhook service alone with PostgreSQL and Kafka, with production's durability, and a
 * receiving process.
 */
export async function startWebhooksWorld(home: string, nodeOptions: readonly string[] = []) {
  const guard = startGuard();
  const { postgres, kafkaServer, pgPort, port, ownerUrl } = await startServers(home, guard, {
    name: 'webhooks',
    topics: [withdrawalEvents.name],
  });
  migrate(ownerUrl);
  const [issuer, receiver] = [await LocalIssuer.start(), await ReceiverProcess.start()];
  const log = openSync(join(home, 'webhooks.log'), 'a');
  const service = spawn(
    process.execPath,
    [...SERVICE_NODE_FLAGS, ...nodeOptions, join(DIST, 'main.js')],
    {
      env: {
        HOST: '127.0.0.1',
        PORT: `${port}`,
        NODE_ENV: 'development',
        LOG_LEVEL: 'warn',
        MESSAGE_KEYS: testMessageKeysText('webhooks'),
        OIDC_ISSUER: issuer.url,
        DATABASE_URL: `postgres://webhooks:${PASSWORD}@127.0.0.1:${pgPort}/webhooks`,
        KAFKA_BROKERS: kafkaServer.brokers.join(','),
        SECRETS_KEK: randomBytes(32).toString('base64'),
        WEBHOOK_ALLOW_LOOPBACK: 'true',
      },
      stdio: ['ignore', log, log],
      detached: true,
    },
  );
  closeSync(log);
  guard.watch(service.pid ?? 0); // the guard ends process groups: the service has a separate group
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/readyz`, service);

  return {
    kafka: kafkaClient(kafkaServer, 'bench'),
    receiver,
    pids: () => ({
      webhooks: service.pid ?? 0,
      postgres: postgres.process.pid() ?? 0,
      kafka: kafkaServer.process.pid() ?? 0,
      receiver: receiver.pid,
    }),
    /** Registers a webhook of this account for every event of withdrawals. */
    register: async (account: string, target: string): Promise<CreatedWebhookDto> => {
      const response = await fetch(`${url}/internal/webhooks`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${issuer.tokenOf(DEMO_PERSON)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ account, url: target, events: ['withdrawal.confirmed'] }),
      });
      const answer = (await response.json()) as { message: string; data: CreatedWebhookDto };
      if (!response.ok) throw new Error(answer.message);
      return answer.data;
    },
    stop: async (): Promise<void> => {
      const ended = new Promise((resolve) => service.once('exit', resolve));
      service.kill('SIGTERM');
      await ended;
      guard.forget(service.pid ?? 0);
      await Promise.all([kafkaServer.stop(), postgres.stop(), issuer.stop(), receiver.stop()]);
    },
  };
}

function migrate(ownerUrl: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(DIST, 'migrate.js')], {
    env: { DATABASE_OWNER_URL: ownerUrl, DATABASE_LOGIN: 'webhooks' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the database is not migrated: ${stderr}`);
}
