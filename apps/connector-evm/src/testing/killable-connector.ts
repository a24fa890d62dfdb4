import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ContractOrder, ContractSubmission, OrderMarks } from '@sluice/connector-testing';

export interface WalletCredentials {
  readonly chains: string;
  readonly signer_url: string;
  readonly service_key: string;
}

interface WalletCalls {
  submit(orders: readonly ContractOrder[], marks: OrderMarks): Promise<void>;
  askFor(withdrawalId: string): Promise<void>;
  cancel(withdrawalId: string): Promise<void>;
  submission(withdrawalId: string): Promise<ContractSubmission | null>;
  violations(): Promise<readonly object[]>;
  breaks(): Promise<readonly object[]>;
  liftHalts(): Promise<void>;
}

export type WalletRequest = {
  [Name in keyof WalletCalls]: {
    readonly id: number;
    readonly call: Name;
    readonly args: Parameters<WalletCalls[Name]>;
  };
}[keyof WalletCalls];

export type WalletReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

const SCRIPT = join(import.meta.dirname, '..', '..', 'dist', 'testing', 'wallet-process.js');

/** A connector in a separate process, for kill tests. The process ends with the test. */
export class KillableConnector {
  private readonly open = new Map<number, (reply: WalletReply) => void>();
  private asked = 0;
  /** Resolves at the end of the process, with the signal. */
  readonly ended: Promise<NodeJS.Signals | null>;
  private alive = true;

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) =>
      child.once('exit', (_code, signal) => {
        this.alive = false;
        for (const [id, reply] of this.open) reply({ id, error: 'the connector has ended' });
        resolve(signal);
      }),
    );
    child.on('message', (reply: WalletReply) => {
      this.open.get(reply.id)?.(reply);
      this.open.delete(reply.id);
    });
  }

  /** Returns when ready or dead. `faultAt`: SIGKILL at this crash point. */
  static async start(
    credentials: WalletCredentials,
    database: string,
    faultAt?: string,
  ): Promise<KillableConnector> {
    if (!existsSync(SCRIPT)) throw new Error('build first: nx run connector-evm:build');
    const child = fork(SCRIPT, {
      execArgv: [],
      serialization: 'advanced',
      env: {
        ...process.env,
        DATABASE_URL: database,
        WALLET_CREDENTIALS: JSON.stringify(credentials),
        ...(faultAt !== undefined && { FAULT_AT: faultAt }),
      },
    });
    const connector = new KillableConnector(child);
    await Promise.race([new Promise((resolve) => child.once('message', resolve)), connector.ended]);
    return connector;
  }

  get lives(): boolean {
    return this.alive;
  }

  submit(orders: readonly ContractOrder[], marks: OrderMarks = {}): Promise<void> {
    return this.ask('submit', [orders, marks]);
  }

  askFor(withdrawalId: string): Promise<void> {
    return this.ask('askFor', [withdrawalId]);
  }

  cancel(withdrawalId: string): Promise<void> {
    return this.ask('cancel', [withdrawalId]);
  }

  submission(withdrawalId: string): Promise<ContractSubmission | null> {
    return this.ask('submission', [withdrawalId]);
  }

  violations(): Promise<readonly object[]> {
    return this.ask('violations', []);
  }

  breaks(): Promise<readonly object[]> {
    return this.ask('breaks', []);
  }

  liftHalts(): Promise<void> {
    return this.ask('liftHalts', []);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private ask<Name extends keyof WalletCalls>(
    call: Name,
    args: Parameters<WalletCalls[Name]>,
  ): ReturnType<WalletCalls[Name]> {
    const id = ++this.asked;
    const answered = new Promise<unknown>((resolve, reject) => {
      if (!this.alive) return reject(new Error('the connector has ended'));
      this.open.set(id, (reply) =>
        'error' in reply ? reject(new Error(reply.error)) : resolve(reply.result),
      );
      this.child.send({ id, call, args }, (error) => error && reject(error));
    });
    return answered as ReturnType<WalletCalls[Name]>;
  }
}
