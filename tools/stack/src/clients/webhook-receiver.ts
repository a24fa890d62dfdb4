import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook, WebhookVerificationError } from '@sluice/client';

/** Events of withdrawals that tools are told about. */
export const WITHDRAWAL_EVENTS: readonly string[] = [
  'withdrawal.broadcasted',
  'withdrawal.confirmed',
  'withdrawal.failed',
  'withdrawal.cancelled',
];

/** A received webhook, verified or not. */
export interface ReceivedWebhook {
  /** Id of the delivery, equal for a repeated delivery. */
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Schedule time as in the body. */
  readonly createdAt: string;
  /** The raw body. */
  readonly body: string;
  /** True if the signatures of both schemes match a trusted secret and the timestamp is recent. */
  readonly verified: boolean;
  readonly answered: number;
}

/**
 * Webhook receiver like the receiver of a product team: verifies webhooks on a port of this
 * machine. Answers 200 to verified webhooks and 401 to others; `answer` overrides the status.
 */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  private readonly secrets = new Set<string>();
  private status: number | null = null;
  private listener: (webhook: ReceivedWebhook) => void = () => undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /**
   * Starts a receiver on `port`, for example the port of an earlier receiver. Default: any free
   * port.
   */
  static async start(port = 0): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const receiver = new WebhookReceiver(server, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => {
      receiver.take(request).then(
        // a restarted receiver does not know the connection
        (status) => response.writeHead(status, { connection: 'close' }).end(),
        () => response.destroy(), // request cut off: no client waits for a response
      );
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhooks`;
  }

  /** Adds the secret of a webhook registered with `url`; several secrets may be trusted. */
  trust(secret: string): void {
    this.secrets.add(secret);
  }

  /** Answers every webhook with this status. Null: the status depends on the verification. */
  answer(status: number | null): void {
    this.status = status;
  }

  onWebhook(listener: (webhook: ReceivedWebhook) => void): void {
    this.listener = listener;
  }

  /** Returns the webhooks of an event and a withdrawal, given by number. */
  about(withdrawal: number, event: string): readonly ReceivedWebhook[] {
    return this.received.filter(
      (one) => one.event === event && one.data['withdrawal_id'] === withdrawal,
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage): Promise<number> {
    const body = await bodyOf(request);
    const verified = isGenuine([...this.secrets], request, body);
    const answered = this.status ?? (verified ? 200 : 401);
    const { id, event, data, created_at: createdAt } = JSON.parse(body) as Envelope;
    const webhook = { id, event, data, createdAt, body, verified, answered };
    this.received.push(webhook);
    this.listener(webhook);
    return answered;
  }
}

interface Envelope {
  readonly id: number;
  readonly event: string;
  readonly created_at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Both schemes, as the client verifies them. */
function isGenuine(
  secrets: readonly string[],
  { headers }: IncomingMessage,
  body: string,
): boolean {
  if (secrets.length === 0) return false;
  try {
    verifyWebhook({ headers, body }, { secrets });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
