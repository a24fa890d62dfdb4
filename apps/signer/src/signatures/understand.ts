import type { Address } from 'viem';
import {
  addressOf,
  NATIVE_DECIMALS,
  type PlainTransfer,
  textOf,
  unitsOf,
  type Wallet,
  weiOfGwei,
} from '@sluice/evm';
import {
  Amount,
  type Destination,
  destinationOf,
  ok,
  refuse,
  type Result,
  unreachable,
} from '@sluice/kernel';
import { orderDigest, recipientDigest, WALLET } from '@sluice/messages';
import type { Permits } from '@sluice/service-shell';
import type { SignatureRequestDto, SignerRefusal } from '@sluice/signer-api';
import { type KeyRing, type PermittedOrder, readReceipt } from '@sluice/signing';
import type { Cap, SignableAsset, SignatureOrder, SigningChain } from './chains.js';

export interface SigningRules {
  readonly chains: ReadonlyMap<string, SigningChain>;
  readonly authorisation: Authorisation;
  readonly permits: SigningPermits;
}

interface SigningPermits {
  /** Returns whether the auditor permits the payment at this moment. `permit`: the text sent by the caller. */
  covers(payment: PermittedOrder, permit: string | undefined): boolean;
}

type Content = Pick<SignatureOrder, 'withdrawalId' | 'beginsBy' | 'amount'> & {
  readonly transfer: PlainTransfer;
  readonly wallet: Wallet;
};
type UnderstoodAnswer<T> = Result<T, SignerRefusal>;

/** Reads a request by the signer's settings, with all checks independent of the history. */
export function understand(
  request: SignatureRequestDto,
  rules: SigningRules,
): UnderstoodAnswer<SignatureOrder> {
  const chain = rules.chains.get(request.network);
  if (chain === undefined) return refuse('network_unknown');
  const content = contentOf(request, chain, rules);
  if (!content.ok) return content;
  const fees = {
    gasLimit: BigInt(request.gas_limit),
    maxFeePerGas: BigInt(request.max_fee_per_gas),
    maxPriorityFeePerGas: BigInt(request.max_priority_fee_per_gas),
  };
  const { transfer, wallet, ...rest } = content.value;
  const order: SignatureOrder = {
    ...rest,
    kind: request.kind,
    transfer: { ...transfer, nonce: BigInt(request.nonce), fees },
    gasCost: coins(fees.gasLimit * fees.maxFeePerGas, chain),
    caps: chain,
    firstNonce: BigInt(wallet.firstNonce ?? 0),
  };
  const refusal = costRefusal(order, chain);
  return refusal === null ? ok(order) : refuse(refusal);
}

function contentOf(
  request: SignatureRequestDto,
  chain: SigningChain,
  rules: SigningRules,
): UnderstoodAnswer<Content> {
  switch (request.kind) {
    case 'payment':
      return paymentOf(request, chain, rules);
    case 'void':
      return voidOf(request, chain);
    case 'top_up':
      return topUpOf(request, chain);
    default:
      return unreachable(request.kind);
  }
}

function paymentOf(
  request: SignatureRequestDto,
  chain: SigningChain,
  { authorisation, permits }: SigningRules,
): UnderstoodAnswer<Content> {
  const terms = termsOf(request);
  const beginsBy = authorisation.endOf(terms);
  if (!beginsBy.ok) return beginsBy; // first: an unauthorised caller learns no other fault
  const wallet = chain.wallet(request.from as Address);
  if (wallet?.purpose !== 'hot') return refuse('sender_unknown');
  if (wallet.accountId !== undefined && wallet.accountId !== terms.accountId)
    return refuse('account_foreign');
  const payable = chain.payable(terms.asset);
  if (payable === null) return refuse('asset_unknown');
  const to = recipientOf(terms.destination, chain);
  if (!to.ok) return to;
  const units = unitsFor(terms.amount, payable, chain.capOf('payment', payable.asset));
  if (!units.ok) return units;
  if (!permits.covers({ ...terms, asset: payable.asset }, request.permit))
    return refuse('not_permitted');
  return ok({
    wallet,
    withdrawalId: terms.withdrawalId,
    beginsBy: beginsBy.value,
    amount: Amount.of(terms.amount, payable.asset),
    transfer: {
      chainId: chain.settings.chainId,
      from: wallet.address,
      to: to.value,
      token: payable.token,
      amount: units.value,
    },
  });
}

/** A void moves no money and needs no authorisation; the gas cost is capped as for other kinds. */
function voidOf(request: SignatureRequestDto, chain: SigningChain): UnderstoodAnswer<Content> {
  const wallet = chain.wallet(request.from as Address);
  if (wallet === null) return refuse('sender_unknown');
  const { address } = wallet;
  const transfer = { from: address, to: address, token: null, amount: 0n };
  return ok({
    wallet,
    withdrawalId: null,
    beginsBy: null,
    amount: null,
    transfer: { chainId: chain.settings.chainId, ...transfer },
  });
}

/** A top-up stays in our wallets: from the only tank of a chain to a hot wallet of the chain. */
function topUpOf(request: SignatureRequestDto, chain: SigningChain): UnderstoodAnswer<Content> {
  const wallet = chain.wallet(request.from as Address);
  if (wallet?.purpose !== 'tank') return refuse('sender_unknown');
  const hot = chain.wallet(request.to as Address);
  if (hot?.purpose !== 'hot') return refuse('top_up_elsewhere');
  const cap = chain.capOf('top_up', chain.native.asset);
  const units = unitsFor(request.amount ?? '', chain.native, cap);
  if (!units.ok) return units;
  return ok({
    wallet,
    withdrawalId: null,
    beginsBy: null,
    amount: Amount.of(request.amount ?? '', chain.native.asset),
    transfer: {
      chainId: chain.settings.chainId,
      from: wallet.address,
      to: hot.address,
      token: null,
      amount: units.value,
    },
  });
}

/** The DTO guarantees all fields of a payment. */
function termsOf(request: SignatureRequestDto) {
  const { withdrawal_id: withdrawalId = '', account_id: accountId = '' } = request;
  const { asset = '', amount = '', fee = '', digest = '', receipt = '' } = request;
  const destination = destinationOf(request.destination);
  return { withdrawalId, accountId, asset, amount, fee, destination, digest, receipt };
}

function recipientOf(
  destination: ReturnType<typeof destinationOf>,
  chain: SigningChain,
): UnderstoodAnswer<Address> {
  if (destination.type !== 'address') return refuse('destination_malformed');
  const address = addressOf(destination.address);
  if (address === null) return refuse('destination_malformed');
  if (destination.memo !== undefined && destination.memo !== null) return refuse('memo_unknown');
  return chain.isNoRecipient(address) ? refuse('destination_ours') : ok(address);
}

function unitsFor(
  amount: string,
  { asset, decimals }: SignableAsset,
  cap: Cap | null,
): UnderstoodAnswer<bigint> {
  const exact = Amount.of(amount, asset);
  const units = unitsOf(exact.toString(), decimals);
  if (units === null) return refuse('amount_too_fine');
  if (cap === null) return refuse('uncapped');
  return Amount.of(cap.call, asset).lessThan(exact) ? refuse('amount_too_high') : ok(units);
}

function costRefusal(
  { transfer: { fees }, gasCost }: SignatureOrder,
  chain: SigningChain,
): SignerRefusal | null {
  if (fees.maxPriorityFeePerGas > fees.maxFeePerGas) return 'tip_above_fee';
  if (fees.maxFeePerGas > (weiOfGwei(chain.settings.fees.maxFeeCapGwei) ?? 0n))
    return 'fee_too_high';
  if (fees.gasLimit > BigInt(chain.settings.fees.recipientGasLimit)) return 'gas_too_high';
  const cap = chain.capOf('gas', gasCost.asset);
  if (cap === null) return 'uncapped';
  return Amount.of(cap.call, gasCost.asset).lessThan(gasCost) ? 'cost_too_high' : null;
}

function coins(wei: bigint, chain: SigningChain): Amount {
  return Amount.of(textOf(wei, NATIVE_DECIMALS), chain.native.asset);
}

/** Terms of a withdrawal, and the proof of the right to pay the withdrawal. */
interface PaymentTerms {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  readonly destination: Destination;
  readonly digest: string;
  readonly receipt: string;
}

interface Authorisation {
  /** Deadline for a first signature for the terms, or the reason for the refusal. */
  endOf(terms: PaymentTerms): Result<Date, SignerRefusal>;
}

/** The ledger's receipts: it holds the money of exactly this order, for the wallet alone. */
export class LedgerReceipts implements Authorisation {
  /** @param ring Keys shared by ledger and signer only. */
  constructor(private readonly ring: KeyRing) {}

  endOf({ destination, digest, receipt, ...terms }: PaymentTerms): Result<Date, SignerRefusal> {
    const own = orderDigest({ ...terms, recipientDigest: recipientDigest(destination) });
    if (own !== digest) return refuse('digest_wrong');
    const hold = { withdrawalId: terms.withdrawalId, digest, venue: WALLET };
    const until = readReceipt(this.ring, { to: 'signer', ...hold }, receipt);
    return until === null ? refuse('receipt_wrong') : ok(until);
  }
}

/** Takes the permit of each payment: the signer has no Kafka, and its caller brings the newest. */
export function signingPermits(permits: Pick<Permits, 'take' | 'fault'>): SigningPermits {
  return {
    covers: (payment, permit) => {
      if (permit !== undefined) permits.take(permit);
      return permits.fault(payment) === null;
    },
  };
}
