import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NATIVE_DECIMALS, textOf } from '@sluice/evm';
import {
  encode,
  NO_WITHDRAWAL,
  WALLET,
  walletEvents,
  type Message,
  type OwnWallet,
  type TokenContract,
  type WalletEvents as WalletTopic,
  type WireMessage,
} from '@sluice/messages';
import type { Amount, Asset } from '@sluice/money';
import { Database } from '@sluice/postgres';

type Event = Pick<Message<WalletTopic>, 'type' | 'data'>;

export interface GasSpent {
  readonly withdrawalId: string | null;
  readonly network: string;
  readonly native: Asset;
  readonly wei: bigint;
  readonly txHash: string;
  readonly from: string;
  readonly wallet: 'hot' | 'tank';
  readonly purpose: 'payment' | 'void' | 'top_up';
  readonly at: Date;
}

interface ToppedUp {
  readonly network: string;
  readonly native: Asset;
  readonly wei: bigint;
  readonly txHash: string;
  readonly from: string;
  readonly to: string;
  readonly blockNumber: string;
  readonly at: Date;
}

export interface CoinsArrived {
  readonly network: string;
  readonly address: string;
  readonly wallet: 'hot' | 'tank';
  readonly amount: Amount;
  /** 1 is what was there at first. */
  readonly number: number;
  readonly block: bigint;
  readonly at: Date;
}

/** What only a wallet tells. */
@Injectable()
export class WalletEvents {
  constructor(private readonly database: Database) {}

  wallets(wallets: readonly OwnWallet[], tokens: readonly TokenContract[]): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.wallets.v1',
      data: { ...common(null), wallets, tokens },
    });
  }

  gasSpent({ withdrawalId, native, wei, at, ...fact }: GasSpent): WireMessage {
    return this.write(withdrawalId ?? NO_WITHDRAWAL, {
      type: 'venue.gas-spent.v1',
      data: {
        ...common(withdrawalId),
        ...fact,
        asset: native,
        amount: textOf(wei, NATIVE_DECIMALS),
        at: at.toISOString(),
      },
    });
  }

  toppedUp({ native, wei, at, ...fact }: ToppedUp): WireMessage {
    return this.write(NO_WITHDRAWAL, {
      type: 'venue.gas-topped-up.v1',
      data: {
        ...common(null),
        ...fact,
        asset: native,
        amount: textOf(wei, NATIVE_DECIMALS),
        at: at.toISOString(),
      },
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
