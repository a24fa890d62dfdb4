import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EventSigningKey } from '@sluice/signing';
import { loadSecrets } from '@sluice/stack';
import { WebhooksAdmin, approvedBy } from '@sluice/admin-client';
import type { CreatedWebhookDto } from '@sluice/http-api';
import { startServiceWorld } from '../system/service-world.js';

export type WebhooksWorld = Awaited<ReturnType<typeof startWebhooksWorld>>;

/** Starts the webhook service alone, and a receiving process. */
export async function startWebhooksWorld(home: string, nodeOptions: readonly string[] = []) {
  const world = await startServiceWorld(home, { service: 'webhooks', nodeOptions });
  const receiver = await ReceiverProcess.start();
  return {
    kafka: world.kafka,
    /** Key that signs public events, as intake-api has it. */
    eventsKey: EventSigningKey.parse(loadSecrets(world.layout.secrets).eventsSigningKey),
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

const MAIN = join(import.meta.dirname, 'receiver-main.js');

/**
 * The endpoints in a separate process: the endpoints' cost is not the service's cost. Ends with
 * this process.
 */
class ReceiverProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<ReceiverProcess> {
    const child = fork(MAIN);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ReceiverProcess(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Number of distinct arrived events. */
  count(): Promise<number> {
    return this.ask<number>('count');
  }

  /** Returns the arrival times by withdrawal number, and forgets the arrivals. */
  async take(): Promise<ReadonlyMap<number, number>> {
    return new Map(await this.ask<readonly (readonly [number, number])[]>('take'));
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  private async ask<T>(question: string): Promise<T> {
    this.child.send(question);
    const [answer] = (await once(this.child, 'message')) as [T];
    return answer;
  }
}
