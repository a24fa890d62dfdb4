import type { CreatedWebhookDto } from '@sluice/http-api';
import { startServiceWorld } from '../system/service-world.js';
import { ReceiverProcess } from './receiver-process.js';

export type WebhooksWorld = Awaited<ReturnType<typeof startWebhooksWorld>>;

/** Starts the webhook service alone, and a receiving process. */
export async function startWebhooksWorld(home: string, nodeOptions: readonly string[] = []) {
  const world = await startServiceWorld(home, { service: 'webhooks', nodeOptions });
  const receiver = await ReceiverProcess.start();
  await world.start();
  return {
    kafka: world.kafka,
    eventsKey: world.eventsKey,
    receiver,
    pids: () => ({ ...world.pids(), receiver: receiver.pid }),
    /** Registers a webhook of this account for every event of withdrawals. */
    register: async (account: string, target: string): Promise<CreatedWebhookDto> => {
      const response = await fetch(`${world.url}/internal/webhooks`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await world.admin.token()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ account, url: target, events: ['withdrawal.confirmed'] }),
      });
      const answer = (await response.json()) as { message: string; data: CreatedWebhookDto };
      if (!response.ok) throw new Error(answer.message);
      return answer.data;
    },
    stop: async (): Promise<void> => {
      await world.stop();
      await receiver.stop();
    },
  };
}
