import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook, WebhookVerificationError } from '@sluice/client';

/** A webhook as it came in, whether its signatures fitted or not. */
export interface ReceivedWebhook {
  /** The delivery's: one that comes again has the same. */
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** As it stands in the body: when it was scheduled. */
  readonly createdAt: string;
  /** The raw body. */
  readonly body: string;
  /** Both schemes' signatures are of a secret that is trusted, and its time is of now. */
  readonly verified: boolean;
  readonly answered: number;
}

/**
 * What a product team would run: takes webhooks on a port of this machine and verifies them. It answers 200 to what is verified and 401 to
 * what is not; `answer` says otherwise.
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

  /** `port`: that of an earlier life, or any. */
  static async start(port = 0): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const receiver = new WebhookReceiver(server, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => {
      receiver.take(request).then(
        (status) => response.writeHead(status, { connection: 'close' }).end(), // its next life knows no connection
        () => response.destroy(), // cut off: there is nobody to answer
      );
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhooks`;
  }

  /** Of a webhook that was registered with `url`; several may be. */
  trust(secret: string): void {
    this.secrets.add(secret);
  }

  /** Every webhook is answered with this status from now on; null: as it is verified. */
  answer(status: number | null): void {
    this.status = status;
  }

  onWebhook(listener: (webhook: ReceivedWebhook) => void): void {
    this.listener = listener;
  }

  /** Of one event and one withdrawal, by its number. */
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
