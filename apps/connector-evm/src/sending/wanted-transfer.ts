import { type Address, type Hex, zeroAddress } from 'viem';
import type { Preparation, PreparedRequest, WithdrawalOrder } from '@sluice/connector-rules';
import { addressOf, type ChainSettings } from '@sluice/evm';
import { type Destination, isObject, ok, refuse, type Result } from '@sluice/kernel';
import { type PayableAsset, unitsOfAmount } from '../chain/chain.js';

export interface WantedTransfer {
  readonly order: WithdrawalOrder;
  readonly paid: PayableAsset;
  readonly to: Address;
  readonly amount: bigint;
}

/** The order is refused, or must wait. */
export type Unprepared = Exclude<Preparation, { kind: 'ready' }>;
type Refused = Extract<Preparation, { kind: 'refused' }>;
type NotReady = Extract<Preparation, { kind: 'not_ready' }>;

/** Refuses orders never payable by this wallet, before any resource is taken for them. */
export function wantedTransfer(
  order: WithdrawalOrder,
  paid: PayableAsset | undefined,
  settings: ChainSettings,
): Result<WantedTransfer, Refused> {
  if (paid === undefined)
    return refuse(refused('not_supported', `The wallet does not pay ${order.asset}`));
  const to = recipientOf(order.destination, settings);
  if (!to.ok) return refuse(refused(to.refusal.reason, to.refusal.message));
  const amount = unitsOfAmount(order.amount, paid);
  if (amount === null)
    return refuse(
      refused(
        'invalid_amount',
        `${order.asset} has ${paid.decimals} decimals, and pays more than nothing`,
      ),
    );
  if (order.signerReceipt === null)
    return refuse(
      refused('not_vouched_for', 'It carries no word of the ledger for the signer of this wallet'),
    );
  return ok({ order, paid, to: to.value, amount });
}

export function refused(reason: string, message: string): Refused {
  return { kind: 'refused', reason, message };
}

export function notReady(cause: string, retryAfterMs: number): NotReady {
  return { kind: 'not_ready', retryAfterMs, cause };
}

/** Stored and sent by an attempt: the nonce of the transfer and the signed bytes. */
export interface TransferRequest {
  readonly network: string;
  readonly from: Address;
  readonly nonce: bigint;
  readonly hash: Hex;
  readonly raw: Hex;
}

export function bodyOf({ network, from, nonce, hash, raw }: TransferRequest): string {
  return JSON.stringify({ network, from, nonce: nonce.toString(), hash, raw });
}

/** Throws for a body not written by this connector, because unknown bytes must not be sent. */
export function readBody({ body }: Pick<PreparedRequest, 'body'>): TransferRequest {
  const read: unknown = JSON.parse(body);
  if (!isObject(read)) throw new Error('a stored request that is no transfer must not be sent');
  const { network, from, nonce, hash, raw } = read;
  if (
    typeof network !== 'string' ||
    typeof nonce !== 'string' ||
    !isHex(from, 40) ||
    !isHex(hash, 64) ||
    typeof raw !== 'string' ||
    !/^0x02[0-9a-f]+$/.test(raw)
  )
    throw new Error('a stored request that is no transfer must not be sent');
  return { network, from, nonce: BigInt(nonce), hash, raw: raw as Hex };
}

/** Stable across replacements, because a nonce can be spent only once. */
export function venueReferenceOf({
  network,
  from,
  nonce,
}: Pick<TransferRequest, 'network' | 'from' | 'nonce'>): string {
  return `${network}:${from}:${nonce}`;
}

export function readVenueReference(
  text: string,
): Pick<TransferRequest, 'network' | 'from' | 'nonce'> | null {
  const [, network = '', from = '', nonce = ''] =
    /^([A-Z0-9_-]{1,32}):(0x[0-9a-fA-F]{40}):(\d{1,18})$/.exec(text) ?? [];
  return network === '' ? null : { network, from: from as Address, nonce: BigInt(nonce) };
}

function isHex(value: unknown, digits: number): value is Hex {
  return typeof value === 'string' && new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(value);
}

interface RecipientFault {
  readonly reason: 'not_supported' | 'invalid_destination';
  readonly message: string;
}

/** Address of a destination on this chain. Refuses addresses that lose the coins, and our own. */
export function recipientOf(
  destination: Destination,
  { tokens, wallets }: Pick<ChainSettings, 'tokens' | 'wallets'>,
): Result<Address, RecipientFault> {
  if (destination.type !== 'address')
    return refuse({ reason: 'not_supported', message: 'The wallet pays to addresses only' });
  if (destination.memo !== undefined && destination.memo !== '')
    return invalid('This chain has no memo');
  const address = addressOf(destination.address);
  if (address === null)
    return invalid('It is no address of this chain, or its checksum (ERC-55) is wrong');
  if (address === zeroAddress) return invalid('The zero address has no owner');
  if (tokens.some((token) => token.address === address))
    return invalid('It is the contract of a token: what is sent there is lost');
  if (wallets.some((wallet) => wallet.address === address))
    return invalid('It is an address of our own');
  return ok(address);
}

function invalid(message: string) {
  return refuse({ reason: 'invalid_destination' as const, message });
}
