import { approvedBy, WebhooksAdmin } from '@sluice/admin-client';
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
      const wish = { account, url: target, events: ['withdrawal.confirmed'] };
      const asked = new WebhooksAdmin(world.admin).createWebhook(wish);
      return approvedBy(new WebhooksAdmin(world.approver), asked);
    },
    stop: async (): Promise<void> => {
      await world.stop();
      await receiver.stop();
    },
  };
}
