import type { Address } from 'viem';
import type { Asset } from '@sluice/kernel';
import type { SignatureKind } from '@sluice/signer-api';

/** A sending address of a chain. */
interface NonceSender {
  readonly chain_id: string;
  readonly address: Address;
}

/** Columns of `signed_nonce` that a seal covers. */
export interface SealedColumns extends NonceSender {
  readonly nonce: string;
  readonly kind: SignatureKind;
  readonly withdrawal_id: string | null;
  readonly recipient: Address;
  readonly token: Address | null;
  readonly units: string;
  readonly gas_asset: Asset | '';
  /** Position among the assigned nonces of the address, from 1 without gaps. */
  readonly number: string;
}

/** A nonce before its number and seal. */
export type NewNonce = Omit<SealedColumns, 'number'>;

export interface NonceRow extends SealedColumns {
  readonly seal: string;
}

export function senderKey({ chain_id, address }: NonceSender): string {
  return `${chain_id} ${address}`;
}

/** Describes a nonce for logs and findings. */
export function placeOf({
  chain_id,
  address,
  nonce,
}: NonceSender & { readonly nonce: string }): string {
  return `nonce ${nonce} of ${address} on chain ${chain_id}`;
}

/** Newest assigned nonces that the process remembers of each address, some 15 MB for each. */
const REMEMBERED = 50_000;

export interface NonceHead extends NonceSender {
  readonly number: bigint;
}

/** Nonces and withdrawals of a query. */
export interface AskedRecords {
  readonly places: readonly (NonceSender & { readonly nonce: string })[];
  readonly withdrawalIds: readonly string[];
}

interface KnownNonce {
  readonly number: string;
  readonly withdrawalId: string | null;
}

interface KnownSender extends NonceSender {
  head: bigint;
  readonly nonces: Map<string, KnownNonce>;
}

/**
 * Nonces known to this process, which contradict a deleted, changed or replaced row. Methods return
 * the contradiction as part of a sentence, or null.
 */
export class NonceMemory {
  private readonly senders = new Map<string, KnownSender>();
  private readonly withdrawals = new Map<string, string>();

  /** @param senders Addresses whose first nonce may be assigned by another instance. */
  constructor(
    senders: readonly NonceSender[],
    private readonly remembered = REMEMBERED,
  ) {
    for (const sender of senders) this.known(sender);
  }

  heads(): readonly NonceHead[] {
    return [...this.senders.values()].map(({ chain_id, address, head }) => ({
      chain_id,
      address,
      number: head,
    }));
  }

  headOf(sender: NonceSender): bigint {
    return this.senders.get(senderKey(sender))?.head ?? 0n;
  }

  knownAmong(withdrawalIds: readonly string[]): readonly string[] {
    return withdrawalIds.filter((id) => this.withdrawals.has(id));
  }

  /** Remembers a sealed row. A known row is compared. */
  learn(row: NonceRow): string | null {
    const sender = this.known(row);
    const number = BigInt(row.number);
    if (number <= sender.head) return this.contradiction(row);
    if (number > sender.head + 1n)
      return `number ${sender.head + 1n} of ${row.address} on chain ${row.chain_id} is missing`;
    const place = `${senderKey(row)} ${row.nonce}`;
    const { withdrawal_id: withdrawalId } = row;
    if (
      sender.nonces.has(row.nonce) ||
      (withdrawalId !== null && this.withdrawals.has(withdrawalId))
    )
      return `${placeOf(row)} was assigned a second time`;
    sender.head = number;
    sender.nonces.set(row.nonce, { number: row.number, withdrawalId });
    if (withdrawalId !== null) this.withdrawals.set(withdrawalId, place);
    this.forgetOldest(sender);
    return null;
  }

  /** Compares the answer to a query with the memory, missing rows included. */
  contradictionOf(rows: readonly NonceRow[], asked: AskedRecords): string | null {
    const places = new Map(rows.map((row) => [`${senderKey(row)} ${row.nonce}`, row]));
    for (const row of rows) {
      const found = this.contradiction(row);
      if (found !== null) return found;
    }
    const gone = asked.places.find(
      (place) =>
        this.senders.get(senderKey(place))?.nonces.has(place.nonce) === true &&
        !places.has(`${senderKey(place)} ${place.nonce}`),
    );
    if (gone) return `the row of ${placeOf(gone)} is missing`;
    const lost = asked.withdrawalIds.find((id) => {
      const place = this.withdrawals.get(id);
      return place !== undefined && places.get(place)?.withdrawal_id !== id;
    });
    return lost === undefined ? null : `the nonce of withdrawal ${lost} is missing`;
  }

  /** The first rows of an answer that begins at the heads must be the heads. */
  missingHead(heads: readonly NonceHead[], rows: readonly NonceRow[]): string | null {
    const numbers = new Set(rows.map((row) => `${senderKey(row)} ${row.number}`));
    const gone = heads.find(
      (head) => head.number > 0n && !numbers.has(`${senderKey(head)} ${head.number}`),
    );
    return gone
      ? `number ${gone.number} of ${gone.address} on chain ${gone.chain_id} is missing`
      : null;
  }

  private contradiction(row: NonceRow): string | null {
    const sender = this.senders.get(senderKey(row));
    const known = sender?.nonces.get(row.nonce);
    if (!sender) return null;
    const oldest = sender.head - BigInt(sender.nonces.size);
    if (known === undefined) {
      const number = BigInt(row.number);
      return number > oldest && number <= sender.head
        ? `${placeOf(row)} has the number of another nonce`
        : null;
    }
    return known.number === row.number && known.withdrawalId === row.withdrawal_id
      ? null
      : `the row of ${placeOf(row)} was replaced`;
  }

  private known({ chain_id, address }: NonceSender): KnownSender {
    const key = senderKey({ chain_id, address });
    const known = this.senders.get(key) ?? { chain_id, address, head: 0n, nonces: new Map() };
    this.senders.set(key, known);
    return known;
  }

  private forgetOldest({ nonces }: KnownSender): void {
    if (nonces.size <= this.remembered) return;
    const [oldest] = nonces;
    if (oldest === undefined) return;
    const [nonce, { withdrawalId }] = oldest;
    nonces.delete(nonce);
    if (withdrawalId !== null) this.withdrawals.delete(withdrawalId);
  }
}
