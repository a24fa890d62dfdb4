import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NATIVE_DECIMALS, textOf } from '@sluice/evm';
import {
  encode,
  MAX_REPORT_ITEMS,
  NO_WITHDRAWAL,
  WALLET,
  walletEvents,
  type Message,
  type OwnWallet,
  type SeenPayment,
  type TokenContract,
  type WalletEventsTopic as WalletTopic,
  type WireMessage,
} from '@sluice/messages';
import type { Amount, Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';

type Event = Pick<Message<WalletTopic>, 'type' | 'data'>;

/** Gas or coins spent by a final transaction, in the chain's native coin. */
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
