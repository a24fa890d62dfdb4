import { setTimeout as sleep } from 'node:timers/promises';
import {
  fieldsOf,
  openAccount,
  parsed,
  SignedClient,
  textOf,
  type IntakeKey,
  type SignedRequest,
  type TwoPeople,
} from '@sluice/stack';
import { PERMISSIONS, fundingsOf } from '../load/load.js';
import type { Asked } from '../load/client.js';
import { drawOrder, type BankAccount } from '../load/orders.js';
import type { Random } from '../system/random.js';
import type { Balancer } from './balancer.js';

/**
 * Number of accounts. Each account has at most 9,999 withdrawals, the maximum of a list in the
 * admin API.
 */
const ACCOUNTS = 8;
const TICK_MS = 5;

/** Results of the requests in a phase. */
export interface Phase {
  readonly name: string;
  readonly latencies: number[];
  /** Number of responses other than 200, by reason. */
  readonly failed: Map<string, number>;
}

interface SteadyLoadOptions {
  readonly people: TwoPeople;
  readonly balancer: Balancer;
  readonly random: Random;
  readonly bankAccount: BankAccount;
}

/**
 * Sends signed requests at a steady pace, independent of earlier responses. Each request is sent
 * once: a missing response is a failed request.
 */
export class SteadyLoad {
  readonly phases: Phase[] = [];
  private readonly asked: Asked[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private phase: Phase = { name: '', latencies: [], failed: new Map() };

  private constructor(
    private readonly options: SteadyLoadOptions,
    readonly clients: readonly { readonly accountId: string; readonly key: IntakeKey }[],
  ) {}

  static async prepare(options: SteadyLoadOptions): Promise<SteadyLoad> {
    const clients = [];
    const wish = { permissions: PERMISSIONS, fundings: fundingsOf(false) };
    for (let number = 1; number <= ACCOUNTS; number += 1) {
      const account = await openAccount(options.people, `roll ${number}`, wish);
      clients.push({ accountId: account.account_id, key: account });
    }
    return new SteadyLoad(options, clients);
  }

  /** Starts a phase: later requests are counted under this name. */
  enter(name: string): void {
    this.phase = { name, latencies: [], failed: new Map() };
    this.phases.push(this.phase);
  }

  /** Sends requests until aborted; resolves after the last response. */
  async run(perSecond: number, ended: AbortSignal): Promise<void> {
    const callers = this.clients.map(({ key }) => new SignedClient([], key));
    const began = performance.now();
    for (let number = 0; !ended.aborted; await sleep(TICK_MS)) {
      const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
      for (; number < due; number += 1) {
        const sending = this.ask(number, callers, began + (number / perSecond) * 1_000);
        this.underWay.add(sending);
        void sending.finally(() => this.underWay.delete(sending));
      }
    }
    await Promise.all(this.underWay);
  }

  all(): readonly Asked[] {
    return this.asked;
  }

  private async ask(
    number: number,
    callers: readonly SignedClient[],
    dueMs: number,
  ): Promise<void> {
    const { random, bankAccount } = this.options;
    const order = drawOrder(random, number, { clients: callers.length, bankAccount, plain: true });
    const caller = callers[order.client];
    if (!caller) throw new Error('no such client');
    const asked: Asked = { order, askedAt: Date.now(), forgotten: 0, answers: [], lookedAt: 0 };
    this.asked.push(asked);
    const { phase } = this;
    const failure = await this.post(
      asked,
      caller.sign('POST', '/v1/withdrawals', JSON.stringify(order.body)),
    );
    phase.latencies.push(performance.now() - dueMs);
    if (failure !== null) phase.failed.set(failure, (phase.failed.get(failure) ?? 0) + 1);
  }

  /** Returns the failure, or null. */
  private async post(asked: Asked, request: SignedRequest): Promise<string | null> {
    try {
      const { status, text } = await this.options.balancer.send(request);
      const { message, data } = fieldsOf(parsed(text));
      const id = textOf(fieldsOf(data)['withdrawal_id']);
      if (id !== '') asked.number = id;
      return status === 200 ? null : `${status} ${textOf(message)}`;
    } catch (error) {
      return error instanceof Error ? `no answer: ${error.message || error.name}` : String(error);
    }
  }
}
