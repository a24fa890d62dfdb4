import { randomUUID } from 'node:crypto';
import { destinationOf } from '@sluice/kernel';
import { signSignerReceipt } from '@sluice/signing';
import { orderDigest, recipientDigest } from '@sluice/messages';
import type { SignatureRequestDto } from '@sluice/signer-api';
import { testMessageKeys } from '@sluice/test-kit';
import { ACCOUNT, HOT, SOMEBODY, TANK } from './wallets.js';

const HOUR_MS = 3_600_000;
const FEES = {
  gas_limit: '65000',
  max_fee_per_gas: '30000000000',
  max_priority_fee_per_gas: '1000000000',
};

/**
 * A payment request with a valid receipt of the ledger. `change` replaces fields, including
 * `digest` and `receipt`.
 */
export function aPayment(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  const request: SignatureRequestDto = {
    kind: 'payment',
    network: 'ETH',
    nonce: '7',
    from: HOT,
    ...FEES,
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

/** Digest and receipt as the ledger would sign for the terms of the request. */
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
  return { digest, receipt: signSignerReceipt(ring, hold, until) };
}

export function aVoid(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  return { kind: 'void', network: 'ETH', nonce: '7', from: HOT, ...FEES, ...change };
}

export function aTopUp(change: Partial<SignatureRequestDto> = {}): SignatureRequestDto {
  const top = { kind: 'top_up', network: 'ETH', nonce: '0', from: TANK, to: HOT, amount: '0.5' };
  return { ...top, ...FEES, ...change } as SignatureRequestDto;
}
