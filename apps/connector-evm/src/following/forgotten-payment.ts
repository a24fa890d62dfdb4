import { isSameAddress, readTransferCalldata, type ChainSettings } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import type { Address, Hex } from 'viem';
import type { UsedNonce } from '../chain/chain.js';
import { nativeOf, payableAssets } from '../chain/payable-assets.js';

/** Payment of a transaction to an address outside our wallet. */
interface ForgottenPayment {
  readonly asset: Asset;
  /** In the smallest units. */
  readonly amount: bigint;
  readonly recipient: Address;
}

/** Null for a void, a top-up of our own address, and any call other than a plain transfer of a configured asset. */
export function forgottenPayment(
  { to, value, input }: UsedNonce,
  settings: ChainSettings,
): ForgottenPayment | null {
  const transfer = to === null ? null : transferOf(to, value, input, settings);
  const isOurs = settings.wallets.some(
    ({ address }) => transfer !== null && isSameAddress(address, transfer.recipient),
  );
  return transfer === null || transfer.amount === 0n || isOurs ? null : transfer;
}

function transferOf(
  to: Address,
  value: bigint,
  input: Hex,
  settings: ChainSettings,
): ForgottenPayment | null {
  if (input === '0x') return { asset: nativeOf(settings).asset, amount: value, recipient: to };
  const paid = [...payableAssets([settings]).values()].find(
    ({ token }) => token !== null && isSameAddress(token, to),
  );
  const call = readTransferCalldata(input);
  return paid === undefined || call === null
    ? null
    : { asset: paid.asset, amount: call.amount, recipient: call.to };
}
