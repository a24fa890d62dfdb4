import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { approvedBy, type LedgerAdmin } from '@sluice/admin-client';
import { encode, ledgerCommands, type Body, type WireMessage } from '@sluice/messages';
import { FIRST_VENUE } from '@sluice/stack';
import type { Kafka, Producer } from 'kafkajs';

type Command = Body<(typeof ledgerCommands)['types']>;

/** Command and the required answer event. */
interface Step {
  readonly command: Command;
  readonly answer: string;
}

/** Sent command of an account and the required answer, in sending order. */
interface SentCommand {
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
/** Initial funds of each account, more than the total of all rounds. */
const FUNDS = 1_000_000;
/** Amount taken by each round: a payout and the fee. */
const TAKEN = 51;
const OPENED_AT_ONCE = 16;
const TICK_MS = 25;
const HOT_STEPS = 8;
const COLD_AT_ONCE = 24;
const REPEATED = 3;

/**
 * Steady load over many accounts and a few hot accounts, with a record of all answers required from
 * each account.
 */
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

  /** Opens and funds the accounts by the admin API, as two people, before any command is sent. */
  async openAccounts(ledger: LedgerAdmin, approver: LedgerAdmin): Promise<void> {
    const waiting = [...this.actors];
    const open = async (): Promise<void> => {
      for (let actor = waiting.pop(); actor; actor = waiting.pop()) {
        const { accountId } = actor;
        await ledger.openAccount({ account_id: accountId, name: 'traffic' });
        const asked = ledger.fund(accountId, {
          asset: ASSET,
          amount: `${FUNDS}`,
          reference: 'first',
          evidence: 'a test',
        });
        await approvedBy(approver, asked);
      }
    };
    await Promise.all(Array.from({ length: OPENED_AT_ONCE }, open));
  }

  async start(): Promise<void> {
    await this.producer.connect();
    this.running = this.run();
  }

  /** Finishes the round of each account, and no funds stay held. */
  async finish(): Promise<void> {
    this.stopped.abort();
    await this.running;
    for (const actor of this.actors)
      await this.send(actor.rest.splice(0).map((step) => commandMessage(actor, step)));
    await this.producer.disconnect();
  }

  /** Returns the sent commands by account. */
  sentCommands(): ReadonlyMap<string, readonly SentCommand[]> {
    return new Map(this.actors.map(({ accountId, sent }) => [accountId, sent]));
  }

  /** Returns the final balance of each account. */
  postedAtTheEnd(): ReadonlyMap<string, string> {
    return new Map(
      this.actors.map(({ accountId, rounds }) => [accountId, `${FUNDS - rounds * TAKEN}`]),
    );
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

  /** Returns some earlier messages with the same message ids. */
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
  return { accountId: randomUUID(), sent: [], rest: [], rounds: 0 };
}

function next(actor: Actor): WireMessage {
  if (actor.rest.length === 0)
    actor.rest = roundOf(actor.accountId, FUNDS - TAKEN * (actor.rounds += 1) + TAKEN);
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

/**
 * Returns the commands of a round. The round starts with no held funds and reduces the available
 * amount by 51. Refusals include the available amount and prove the order of execution.
 */
function roundOf(accountId: string, available: number): Step[] {
  const [paid, refused, failed, late] = Array.from({ length: 4 }, () => ({
    withdrawalId: randomUUIDv7(),
    accountId,
  }));
  const [asset, venue] = [ASSET, FIRST_VENUE];
  return [
    {
      command: { type: 'ledger.place-hold.v1', data: { ...paid!, asset, amount: '60' } },
      answer: 'hold-placed',
    },
    {
      command: {
        type: 'ledger.place-hold.v1',
        data: { ...refused!, asset, amount: `${available - 59}` },
      },
      answer: `hold-refused ${available - 60}`,
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
        type: 'ledger.place-hold.v1',
        data: { ...late!, asset, amount: `${available - 90}` },
      },
      answer: `hold-refused ${available - 91}`,
    },
    {
      command: { type: 'ledger.release-hold.v1', data: { ...failed!, reason: 'proven absent' } },
      answer: 'hold-released',
    },
  ];
}
