import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NATIVE_DECIMALS, textOf } from '@sluice/evm';
import type { Amount, Asset } from '@sluice/kernel';
import {
  encode,
  MAX_REPORT_ITEMS,
  type Message,
  NO_WITHDRAWAL,
  type OwnWallet,
  type SeenPayment,
  type TokenContract,
  WALLET,
  walletEvents,
  type WalletEventsTopic as WalletTopic,
  type WireMessage,
} from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { WalletChains } from '../chain/wallet-chains.js';

type Event = Pick<Message<WalletTopic>, 'type' | 'data'>;

interface Spending {
  readonly network: string;
  readonly native: Asset;
  readonly wei: bigint;
  readonly txHash: string;
  readonly from: string;
  readonly at: Date;
}

interface GasSpent extends Spending {
  readonly withdrawalId: string | null;
  readonly wallet: 'hot' | 'tank';
  readonly purpose: 'payment' | 'void' | 'top_up';
}

interface ToppedUp extends Spending {
  readonly to: string;
  readonly blockNumber: string;
}

interface CoinsArrived {
  readonly network: string;
  readonly address: string;
  readonly wallet: 'hot' | 'tank';
  readonly amount: Amount;
  /** Number of the arrival; 1 is the first balance. */
  readonly number: number;
  readonly block: bigint;
  readonly at: Date;
}

/** Events published only by the wallet's connector. */
@Injectable()
export class WalletEvents {
  constructor(private readonly database: Database) {}

  wallets(wallets: readonly OwnWallet[], tokens: readonly TokenContract[]): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.wallets.v1',
      data: { ...common(null), wallets, tokens },
    });
  }

  gasSpent({ withdrawalId, ...spending }: GasSpent): WireMessage {
    return this.write(withdrawalId ?? NO_WITHDRAWAL, {
      type: 'venue.gas-spent.v1',
      data: { ...common(withdrawalId), ...dataOf(spending) },
    });
  }

  toppedUp(spending: ToppedUp): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.gas-topped-up.v1',
      data: { ...common(null), ...dataOf(spending) },
    });
  }

  coinsArrived({ amount, block, at, ...fact }: CoinsArrived): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.coins-arrived.v1',
      data: {
        ...common(null),
        ...fact,
        asset: amount.asset,
        amount: amount.toString(),
        blockNumber: block.toString(),
        at: at.toISOString(),
      },
    });
  }

  coins(network: string, total: Amount, block: bigint, at: Date): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.wallet-coins.v1',
      data: {
        ...common(null),
        network,
        asset: total.asset,
        total: total.toString(),
        blockNumber: block.toString(),
        at: at.toISOString(),
      },
    });
  }

  /** Returns several messages if the payments exceed the limit of a message. */
  blockSeen(network: string, block: bigint, payments: readonly SeenPayment[]): WireMessage[] {
    const pages = Math.max(1, Math.ceil(payments.length / MAX_REPORT_ITEMS));
    return Array.from({ length: pages }, (_, page) => {
      const from = page * MAX_REPORT_ITEMS;
      return this.write(NO_WITHDRAWAL, {
        type: 'venue.block-seen.v1',
        data: {
          ...common(null),
          network,
          blockNumber: block.toString(),
          payments: payments.slice(from, from + MAX_REPORT_ITEMS),
        },
      });
    });
  }

  private write(subject: string, event: Event): WireMessage {
    return encode(walletEvents, {
      id: randomUUIDv7(),
      source: walletEvents.producedBy,
      subject,
      time: this.database.clock.now().toISOString(),
      ...event,
    } as Message<WalletTopic>);
  }
}

function common(withdrawalId: string | null) {
  return { withdrawalId: withdrawalId ?? NO_WITHDRAWAL, venue: WALLET };
}

function dataOf<T extends Spending>({ native, wei, at, ...fact }: T) {
  const amount = textOf(wei, NATIVE_DECIMALS);
  return { ...fact, asset: native, amount, at: at.toISOString() };
}

const EVERY_MS = 60_000;

/** Publishes our addresses and tokens at start and every minute. Readers refuse to pay to them. */
@Injectable()
export class WalletReport {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly chains: WalletChains,
    private readonly events: WalletEvents,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() logger: Logger,
  ) {
    this.loops = [new BackgroundLoop('telling our wallets', logger, () => this.tell())];
  }

  private async tell(): Promise<number> {
    const settings = this.chains.all.map((chain) => chain.settings);
    const wallets = settings.flatMap(({ network, wallets: own }) =>
      own.map((wallet) => ({ network, ...wallet })),
    );
    const tokens = settings.flatMap(({ network, tokens: known }) =>
      known.map(({ currency, address }) => ({ network, currency, address })),
    );
    await this.unitOfWork.run((tx) =>
      Promise.resolve(tx.publish(this.events.wallets(wallets, tokens))),
    );
    return EVERY_MS;
  }
}
