import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, ledgerCommands, type Body, type WireMessage } from '@sluice/messages';
import type { Kafka, Producer } from 'kafkajs';

type Command = Body<(typeof ledgerCommands)['types']>;

/** A command and the event that must answer it. */
interface Step {
  readonly command: Command;
  readonly answer: string;
}

/** A command that was sent for an account, and the answer that it must get; in this order. */
export interface SentCommand {
  readonly id: string;
  readonly answer: string;
}

interface Actor {
  readonly accountId: string;
  readonly sent: SentCommand[];
  rest: Step[];
  rounds: number;
}

const ASSET = 'USDT.ETH';
const TICK_MS = 25;
const HOT_STEPS = 8;
const COLD_AT_ONCE = 24;
const REPEATED = 3;

/** A steady load over many accounts and a few hot ones, which at any moment knows what each account must answer. */
export class LedgerTraffic {
  private readonly actors: readonly Actor[];
  private readonly sent: WireMessage[] = [];
  private readonly producer: Producer;
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    kafka: Kafka,
    private readonly accounts: { readonly hot: number; readonly cold: number },
    private readonly sign: (command: WireMessage) => WireMessage,
  ) {
    this.producer = kafka.producer({ allowAutoTopicCreation: false });
    this.actors = Array.from({ length: accounts.hot + accounts.cold }, () => newActor());
  }

  async start(): Promise<void> {
    await this.producer.connect();
    this.running = this.run();
  }

  /** Each account ends its round, so that it has again what it began with: 100, and nothing held. */
  async finish(): Promise<void> {
    this.stopped.abort();
    await this.running;
    for (const actor of this.actors)
      await this.send(actor.rest.splice(0).map((step) => commandMessage(actor, step)));
    await this.producer.disconnect();
  }

  /** By account. */
  sentCommands(): ReadonlyMap<string, readonly SentCommand[]> {
    return new Map(this.actors.map(({ accountId, sent }) => [accountId, sent]));
  }

  private async run(): Promise<void> {
    for (let cold = this.accounts.hot; !this.stopped.signal.aborted; cold += COLD_AT_ONCE) {
      const hot = this.actors
        .slice(0, this.accounts.hot)
        .flatMap((actor) => Array.from({ length: HOT_STEPS }, () => next(actor)));
      const others = Array.from({ length: COLD_AT_ONCE }, (_, n) =>
        next(this.actors[this.accounts.hot + ((cold + n) % this.accounts.cold)]!),
      );
      await this.send([...hot, ...others, ...this.again()]);
      await sleep(TICK_MS);
    }
  }

  /** Some of what was sent before, under the same message ids. */
  private again(): WireMessage[] {
    return Array.from(
      { length: REPEATED },
      () => this.sent[Math.floor(Math.random() * this.sent.length)],
    ).filter((message) => message !== undefined);
  }

  private async send(messages: readonly WireMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.producer.send({
      topic: ledgerCommands.name,
      acks: -1,
      messages: messages.map(this.sign).map(({ key, value, headers }) => ({ key, value, headers })),
    });
    this.sent.push(...messages);
  }
}

function newActor(): Actor {
  const accountId: string = randomUUID();
  const rest: Step[] = [
    {
      command: { type: 'ledger.open-account.v1', data: { accountId, name: 'traffic' } },
      answer: 'account-opened',
    },
    {
      command: {
        type: 'ledger.fund-account.v1',
        data: { accountId, asset: ASSET, amount: '100', reference: 'first' },
      },
      answer: 'account-funded',
    },
  ];
  return { accountId, sent: [], rest, rounds: 0 };
}

function next(actor: Actor): WireMessage {
  if (actor.rest.length === 0) actor.rest = roundOf(actor.accountId, (actor.rounds += 1));
  return commandMessage(actor, actor.rest.shift()!);
}

function commandMessage({ accountId, sent }: Actor, { command, answer }: Step): WireMessage {
  const id = randomUUIDv7();
  sent.push({ id, answer });
  return encode(ledgerCommands, {
    id,
    source: 'traffic',
    subject: accountId,
    time: new Date().toISOString(),
    ...command,
  });
}

/** From 100 and nothing held back to it. No two neighbours can change places without changing an answer. */
function roundOf(accountId: string, round: number): Step[] {
  const [paid, refused, failed, frozen, late] = Array.from({ length: 5 }, () => ({
    withdrawalId: randomUUIDv7(),
    accountId,
  }));
  const [asset, reference, venue] = [ASSET, `round ${round}`, 'gateio'];
  return [
    {
      command: { type: 'ledger.place-hold.v1', data: { ...paid!, asset, amount: '60' } },
      answer: 'hold-placed',
    },
    {
      command: { type: 'ledger.place-hold.v1', data: { ...refused!, asset, amount: '60' } },
      answer: 'hold-refused 40',
    },
    {
      command: {
        type: 'ledger.capture-hold.v1',
        data: { ...paid!, asset, amount: '50', fee: '1', venue },
      },
      answer: 'hold-captured',
    },
    {
      command: {
        type: 'ledger.record-venue-fee.v1',
        data: { ...paid!, asset, amount: '0.4', venue },
      },
      answer: 'venue-fee-recorded',
    },
    {
      command: { type: 'ledger.place-hold.v1', data: { ...failed!, asset, amount: '40' } },
      answer: 'hold-placed',
    },
    {
      command: { type: 'ledger.start-submission.v1', data: failed! },
      answer: 'submission-started',
    },
    {
      command: {
        type: 'ledger.freeze-account.v1',
        data: { accountId, freezeId: reference, reason: 'test' },
      },
      answer: 'account-frozen',
    },
    {
      command: { type: 'ledger.place-hold.v1', data: { ...frozen!, asset, amount: '1' } },
      answer: 'hold-refused account_frozen',
    },
    {
      command: { type: 'ledger.unfreeze-account.v1', data: { accountId, freezeId: reference } },
      answer: 'account-unfrozen',
    },
    {
      command: { type: 'ledger.place-hold.v1', data: { ...late!, asset, amount: '9.5' } },
      answer: 'hold-refused 9',
    },
    {
      command: { type: 'ledger.release-hold.v1', data: { ...failed!, reason: 'proven absent' } },
      answer: 'hold-released',
    },
    {
      command: {
        type: 'ledger.transfer-funds.v1',
        data: {
          accountId,
          from: `customer:${accountId}`,
          to: 'suspense',
          asset,
          amount: '49',
          reference,
        },
      },
      answer: 'funds-transferred',
    },
    {
      command: {
        type: 'ledger.fund-account.v1',
        data: { accountId, asset, amount: '100', reference },
      },
      answer: 'account-funded',
    },
  ];
}
