import { randomUUID } from 'node:crypto';
import { NO_WITHDRAWAL, type OwnWallet, type TokenContract } from '@sluice/messages';
import type { Database } from '@sluice/postgres';
import type { Fact } from '@sluice/withdrawal-core';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { KeepWallets, type WalletsEvent } from '../catalogue/keep-wallets.js';
import type { InboundEvent } from '../withdrawals/saga/inbound-event.js';
import type { ToppedUpEvent } from '../withdrawals/saga/keep-top-ups.js';
import type { TestApi } from './given-api.js';
import { A_MAC, anEvent, type FactTrigger } from './inbound-events.js';

export const HOT = '0x52908400098527886E0F7030069857D2E4169EE7';
export const TANK = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
/** DAI, a token outside the test catalogue. */
export const TOKEN = '0x6B175474E89094C44Da98b954EedeAC495271d0F';

const ENVELOPE = {
  source: 'connector-evm',
  subject: NO_WITHDRAWAL,
  time: '2026-11-22T08:00:00.000Z',
};
const OF_NONE = { withdrawalId: NO_WITHDRAWAL, venue: 'wallet' };

export function walletsReported(
  wallets: readonly OwnWallet[],
  tokens: readonly TokenContract[] = [],
): WalletsEvent {
  const data = { ...OF_NONE, wallets, tokens };
  return { ...ENVELOPE, id: randomUUID(), type: 'venue.wallets.v1', data };
}

/** Event: a top-up of 0.5 of the network's coin from the tank to the hot wallet. */
export function toppedUp(change: Partial<ToppedUpEvent['data']> = {}): ToppedUpEvent {
  const data = {
    ...OF_NONE,
    network: 'BSC',
    asset: 'BNB.BSC',
    amount: '0.5',
    from: TANK,
    to: HOT,
    txHash: `0x${randomUUID().replaceAll('-', '')}`,
    blockNumber: '21034567',
    at: '2026-11-22T07:59:00.000Z',
    ...change,
  };
  return { ...ENVELOPE, id: randomUUID(), type: 'venue.gas-topped-up.v1', data };
}

/**
 * Inserts the wallet routes of a new database, missing in other tests: our own wallet alone on BSC,
 * and behind the first venue on ETH.
 */
export async function giveWalletRoutes(database: Database): Promise<void> {
  await database.query(
    `INSERT INTO route (currency, network, position, venue, pays, state)
     SELECT currency, network, 9, 'wallet', '{address}', 'paused' FROM currency WHERE (currency, network) IN (('ETH', 'ETH'), ('USDT', 'ETH'), ('BNB', 'BSC'), ('USDT', 'BSC'))`,
  );
}

/** Applies a report of the wallet's connector and clears this instance's catalogue cache. */
export async function tellWallets(
  { app }: Pick<TestApi, 'app'>,
  ...reported: Parameters<typeof walletsReported>
): Promise<void> {
  await app.get(KeepWallets).take([walletsReported(...reported)]);
  app.get(CatalogueStore).clear();
}

/** Event with a fact reported by our own wallet, or by the ledger. */
export function ofWallet(withdrawalId: string, fact: Fact | FactTrigger): InboundEvent {
  if (typeof fact === 'string')
    return anEvent(withdrawalId, fact, fact.startsWith('hold_') ? null : 'wallet');
  const change = { kind: 'fact', withdrawalId, by: 'wallet', fact: () => fact } as const;
  const isProof = ['refused', 'failed', 'cancelled'].includes(fact.trigger);
  return { id: randomUUID(), change: { ...change, ...(isProof && { proof: A_MAC }) } };
}
