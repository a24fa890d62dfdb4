import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import { readFields, type TrialOutcome, TryTransferDto } from '@sluice/http-api';
import { NO_WITHDRAWAL, type OwnWallet, type TokenContract } from '@sluice/messages';
import type { Database } from '@sluice/postgres';
import { startTestServer } from '@sluice/test-kit';
import type { Fact } from '@sluice/withdrawal-core';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { KeepWallets, type WalletsEvent } from '../catalogue/known-wallets.js';
import type { InboundEvent } from '../withdrawals/saga/inbound-event.js';
import type { ToppedUpEvent } from '../withdrawals/saga/events.consumer.js';
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

/** Adds routes to our own wallet: alone on BSC, behind the first venue on ETH. */
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

type TrialReply = TrialOutcome | 'an error' | 'silence' | 'that our key is unknown' | 'no outcome';

/** Double of connector-evm's `POST /internal/transfers/trial`, answering `wallet.reply`. */
export async function givenWalletTrials() {
  const asked: TryTransferDto[] = [];
  const wallet = {
    reply: (): TrialReply | Promise<TrialReply> => 'works',
  };
  const { url, stop } = await startTestServer((incoming, response, body) => {
    const { authorization = '' } = incoming.headers;
    const { aud, sub } = decodeJwt(authorization.replace(/^Bearer /, ''));
    const call = `${incoming.method} ${incoming.url} of ${sub} to ${String(aud)}`;
    if (call !== 'POST /internal/transfers/trial of intake-api to connector-evm')
      return void response.writeHead(404).end(call);
    asked.push(readFields(TryTransferDto, JSON.parse(body) as Record<string, unknown>));
    void Promise.resolve(wallet.reply()).then((reply) => answer(response, reply));
  });
  return { url, asked, wallet, close: stop };
}

const FAULTS: Readonly<Partial<Record<TrialReply, number>>> = {
  'an error': 500,
  'that our key is unknown': 401,
};

function answer(response: ServerResponse, reply: TrialReply): void {
  if (reply === 'silence') return;
  const status = FAULTS[reply] ?? 200;
  const trial = {
    outcome: reply,
    reason: reply === 'refused' ? 'would_revert' : null,
    message: reply === 'works' ? null : 'a sentence for people',
  };
  const body =
    status === 200
      ? { success: true, message: 'OK', data: reply === 'no outcome' ? 'refused' : trial }
      : { success: false, message: 'The withdrawal is refused' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Verdict about a withdrawal to an address on an EVM chain, before the hold. */
export type RecipientVerdict = 'taken' | 'malformed' | 'lost' | 'ours';

/** Wallet retired as a source, and wallet reserved for another account. */
export const RETIRED = '0xef29638C86F34B064476058EC828bf98014c6673';
export const OF_ANOTHER = '0x8BB1a9c27141cf90f62697C1dBD47Fb819188357';
/** Known only on BSC. */
export const HOT_ON_BSC = '0x91c4bbd36a10767e4A2c6AF37f1C8D7c7c4C3519';

/** Table of control C11: reason, address and verdict. */
export const RECIPIENTS: readonly (readonly [
  why: string,
  address: string,
  verdict: RecipientVerdict,
])[] = [
  // Examples of ERC-55 that are not wallets of the tests, and addresses without a known owner.
  ['mixed case', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'taken'],
  ['mixed case', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', 'taken'],
  ['mixed case', '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB', 'taken'],
  ['mixed case', '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb', 'taken'],
  ['a checksum in small letters alone', '0xde709f2102306220921060314715629080e2fb77', 'taken'],
  ['a checksum in small letters alone', '0x27b1fdb04752bbc536007a920d24acb045561c26', 'taken'],
  ['small letters, which have no checksum', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'taken'],
  ['small letters', '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359', 'taken'],
  ['capitals, which have none either', '0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED', 'taken'],
  ['somebody', '0x76c9a94672830910420EA3120AaEfB992210Cc8E', 'taken'],
  ['somebody', '0x58055bEA14A7024E55d7E49FA5AC6Ed4c6b5aa59', 'taken'],
  ['somebody', '0x256730E1c0657De21A1EAF05521372cF8801D88b', 'taken'],
  ['zeros in front', '0x0A767870F5a6001849a5F09DCCd65D0A6d35aEf3', 'taken'],
  ['just above what a chain reserves', '0x0000000000000000000000000000000000010000', 'taken'],
  // Form and checksum.
  ['the zero address', '0x0000000000000000000000000000000000000000', 'lost'],
  ['one letter in the other case', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'malformed'],
  ['the first letter in the other case', '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'malformed'],
  ['two letters in the other case', '0xFb6916095ca1df60bB79Ce92cE3Ea74c37c5d359', 'malformed'],
  ['all cases swapped', '0x5AaEB6053f3e94c9B9a09F33669435e7eF1bEaED', 'malformed'],
  ['one digit changed', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe1', 'malformed'],
  ['two digits swapped', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAde', 'malformed'],
  ['one digit short', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae', 'malformed'],
  ['one digit long', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaedd', 'malformed'],
  ['no prefix', '5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['no prefix, with a checksum', '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'malformed'],
  ['the prefix in capitals', '0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['the prefix twice', '0x0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['no hex', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg', 'malformed'],
  ['the letter O for a zero', '0xO0aeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['Cyrillic letters', '0x5аaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['full-width digits', '0x５aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['a blank in front', ' 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['a blank behind', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed ', 'malformed'],
  ['a blank inside', '0x5aaeb6053f3e94c9b9a0 9f33669435e7ef1beaed', 'malformed'],
  ['a line end', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\n', 'malformed'],
  ['a scheme', 'ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['a chain in front', 'eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'malformed'],
  ['a public key', `0x04${'5a'.repeat(64)}`, 'malformed'],
  ['a private key, or a hash', `0x${'5a'.repeat(32)}`, 'malformed'],
  [
    'a word of 32 bytes',
    `0x${'0'.repeat(24)}5aaeb6053f3e94c9b9a09f33669435e7ef1beaed`,
    'malformed',
  ],
  ['ICAP', 'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS', 'malformed'],
  ['a name', 'vitalik.eth', 'malformed'],
  ['a Tron address', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'malformed'],
  ['a Tron address in hex', '41a614f803b6fd780986a42c78ec9c7f77e6ded13c', 'malformed'],
  ['a Bitcoin address', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'malformed'],
  ['a Solana address', '4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T', 'malformed'],
  ['an IBAN', 'DE89370400440532013000', 'malformed'],
  // Well formed, but without an owner.
  ['dead', '0x000000000000000000000000000000000000dEaD', 'lost'],
  ['dead, in small letters', '0x000000000000000000000000000000000000dead', 'lost'],
  ['dead, written in front', '0xdEAD000000000000000042069420694206942069', 'lost'],
  ['the first precompile', '0x0000000000000000000000000000000000000001', 'lost'],
  ['the precompile for P-256', '0x0000000000000000000000000000000000000100', 'lost'],
  ['the largest that a chain reserves', '0x000000000000000000000000000000000000FFff', 'lost'],
  ['the sign for a chain’s own coin', '0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE', 'lost'],
  ['all ones', '0xffffffffffffffffffffffffffffffffffffffff', 'lost'],
  ['the contract of its token', '0xdAC17F958D2ee523a2206206994597C13D831ec7', 'lost'],
  ['that contract in small letters', '0xdac17f958d2ee523a2206206994597c13d831ec7', 'lost'],
  ['the token of another chain', '0x55d398326f99059fF775485246999027B3197955', 'lost'],
  ['a token that only the wallet knows', TOKEN, 'lost'],
  ['that token in small letters', TOKEN.toLowerCase(), 'lost'],
  // Ours.
  ['the hot wallet', HOT, 'ours'],
  ['the hot wallet in small letters', HOT.toLowerCase(), 'ours'],
  ['the gas tank', TANK, 'ours'],
  ['a hot wallet of another chain', HOT_ON_BSC, 'ours'],
  ['the wallet of another account', OF_ANOTHER, 'ours'],
  ['a wallet that was ours once', RETIRED, 'ours'],
  ['a wallet that was ours once, in small letters', RETIRED.toLowerCase(), 'ours'],
];
