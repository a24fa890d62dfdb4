import { randomUUID } from 'node:crypto';
import { type Address, type Hex, keccak256, toHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { destinationOf } from '@sluice/kernel';
import { orderDigest, recipientDigest } from '@sluice/messages';
import { sealKeys, type SignatureRequestDto } from '@sluice/signer-api';
import { signProof } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import type { NonceRow } from '../records/nonce-memory.js';

/** Private keys for tests only. */
const keyNamed = (name: string): Hex => keccak256(toHex(`a key for tests: ${name}`));
export const KEYS = {
  hot: keyNamed('hot'),
  ofAccount: keyNamed('of one account'),
  tank: keyNamed('tank'),
  hotOnBsc: keyNamed('hot on BSC'),
};
const of = (key: Hex): Address => privateKeyToAddress(key);
export const HOT = of(KEYS.hot);
export const HOT_OF_ACCOUNT = of(KEYS.ofAccount);
export const TANK = of(KEYS.tank);
export const HOT_ON_BSC = of(KEYS.hotOnBsc);
export const SOMEBODY = of(keyNamed('somebody'));
export const THIEF = of(keyNamed('thief'));

export const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
export const USDT: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const USDT_ON_BSC: Address = '0x55d398326f99059fF775485246999027B3197955';

const FEES = { maxFeeCapGwei: '200', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 6 };

/** Content of EVM_CHAINS_FILE: two chains, as in the local stack. */
export const CHAINS_TEXT = JSON.stringify([
  {
    network: 'ETH',
    chainId: 31337,
    rpcUrls: ['http://127.0.0.1:1'],
    finality: { confirmations: 12 },
    fees: FEES,
    native: { currency: 'ETH' },
    tokens: [{ currency: 'USDT', address: USDT, decimals: 6 }],
    wallets: [
      { address: HOT, purpose: 'hot' },
      { address: HOT_OF_ACCOUNT, purpose: 'hot', accountId: ACCOUNT },
      { address: TANK, purpose: 'tank' },
    ],
  },
  {
    network: 'BSC',
    chainId: 31338,
    rpcUrls: ['http://127.0.0.1:1'],
    finality: 'finalized',
    fees: FEES,
    native: { currency: 'BNB' },
    tokens: [{ currency: 'USDT', address: USDT_ON_BSC, decimals: 18 }],
    wallets: [{ address: HOT_ON_BSC, purpose: 'hot' }],
  },
]);

export const KEK = Buffer.alloc(32, 'kek of the signer').toString('base64');
export const SEALED_KEYS = sealKeys(
  KEK,
  Object.fromEntries(Object.values(KEYS).map((key) => [of(key), key])),
);

const HOUR_MS = 3_600_000;
const ORDER_FEES = {
  gas_limit: '65000',
  max_fee_per_gas: '30000000000',
  max_priority_fee_per_gas: '1000000000',
};

/** A payment request with a valid receipt; `change` replaces fields, `digest` and `receipt` too. */
export function aPayment(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  const request: SignatureRequestDto = {
    kind: 'payment',
    network: 'ETH',
    nonce: '7',
    from: HOT,
    ...ORDER_FEES,
    withdrawal_id: randomUUID(),
    account_id: ACCOUNT,
    asset: 'USDT.ETH',
    amount: '12.5',
    fee: '1',
    destination: { type: 'address', address: SOMEBODY },
    client_reference: 'w0123456789012345678901A',
    ...change,
  };
  return { ...request, ...vouched(request), ...change };
}

export function vouched(
  request: SignatureRequestDto,
  until: Date = new Date(Date.now() + HOUR_MS),
): Pick<Required<SignatureRequestDto>, 'digest' | 'receipt'> {
  const { withdrawal_id: withdrawalId = '', account_id: accountId = '' } = request;
  const { asset = '', amount = '', fee = '', destination } = request;
  const recipient = recipientDigest(destinationOf(destination));
  const digest = orderDigest({
    withdrawalId,
    accountId,
    asset,
    amount,
    fee,
    recipientDigest: recipient,
  });
  const ring = testMessageKeys('ledger').with('signer');
  const hold = { withdrawalId, digest, venue: 'wallet' };
  return { digest, receipt: signProof(ring, { says: 'held', to: 'signer', ...hold, until }) };
}

export function aVoid(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  return { kind: 'void', network: 'ETH', nonce: '7', from: HOT, ...ORDER_FEES, ...change };
}

export function aTopUp(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  const top = { kind: 'top_up', network: 'ETH', nonce: '0', from: TANK, to: HOT, amount: '0.5' };
  return { ...top, ...ORDER_FEES, ...change } as SignatureRequestDto;
}

const WITHDRAWAL = '0190c1f2-0000-7000-8000-000000000001';

/** A row of `signed_nonce` without a valid seal. */
export function aRow(change: Partial<NonceRow> = {}): NonceRow {
  return {
    chain_id: '31337',
    address: HOT,
    nonce: '7',
    kind: 'payment',
    withdrawal_id: WITHDRAWAL,
    recipient: SOMEBODY,
    token: USDT,
    units: '12500000',
    gas_asset: 'ETH.ETH',
    number: '1',
    seal: '',
    ...change,
  };
}

export function someRows(count: number): readonly NonceRow[] {
  return Array.from({ length: count }, (_, index) =>
    aRow({ nonce: `${7 + index}`, number: `${1 + index}`, withdrawal_id: randomUUID() }),
  );
}
