import type { Address, Hex } from 'viem';
import type { RawTransaction } from '@sluice/evm';
import { Amount, type Asset } from '@sluice/kernel';
import type { Database, Tx } from '@sluice/postgres';
import type { NonceRecords } from '../records/nonce-records.js';
import type { NewNonce, NonceRow } from '../records/nonce-memory.js';
import { headColumns, NEWER, NONCE_COLUMNS } from '../records/nonce-watch.js';
import { type PreparedOrder, type SignedNonce, SigningBook } from './decide.js';
import type { Spending } from './chains.js';

export interface MadeSignature extends PreparedOrder {
  readonly transaction: RawTransaction;
}

class StoredSignatures {
  private readonly bySender: ReadonlyMap<string, RawTransaction>;

  constructor(rows: readonly SignatureRow[]) {
    this.bySender = new Map(
      rows.map(({ signing_hash, address, raw, hash }) => [
        `${signing_hash} ${address}`,
        { raw, hash },
      ]),
    );
  }

  /** The signed hash excludes the sender: two senders may have equal hashes. */
  of({ hash, order }: PreparedOrder): RawTransaction | null {
    return this.bySender.get(`${hash} ${order.transfer.from}`) ?? null;
  }
}

/** A row for each total, whose lock serializes the transactions that assign nonces against it. */
export async function installTotals(
  database: Pick<Database, 'query'>,
  totals: readonly (readonly [Spending, Asset])[],
): Promise<void> {
  await database.query(INSTALL, [
    totals.map(([spending]) => spending),
    totals.map(([, one]) => one),
  ]);
}

/**
 * Locks and loads the state for the orders. The records verify the nonces; the caller checks their
 * fault.
 */
export async function lockBook(
  tx: Tx,
  prepared: readonly PreparedOrder[],
  records: NonceRecords,
): Promise<{ readonly book: SigningBook; readonly signed: StoredSignatures }> {
  const orders = prepared.map(({ order }) => order);
  const places = orders.map(({ transfer }) => transfer);
  const totals = new Map(
    orders.flatMap(({ kind, amount, gasCost }) => [
      totalRow('gas', gasCost.asset),
      ...(amount === null || kind === 'void' ? [] : [totalRow(kind, amount.asset)]),
    ]),
  );
  // Locks first: no other transaction changes the data read after the locks.
  const spent = tx.query<TotalRow>(
    LOCK,
    columns([...totals.values()], (row) => row),
  );
  const heads = records.heads();
  const newer = tx.query<NonceRow>(NEWER, headColumns(heads));
  const highest = tx.query<HighestRow>(HIGHEST, [
    places.map(({ chainId }) => chainId),
    places.map(({ from }) => from),
  ]);
  const withdrawalIds = orders.flatMap(({ withdrawalId }) => withdrawalId ?? []);
  const nonces = tx.query<CostedRow>(NONCES, [
    places.map(({ chainId }) => chainId),
    places.map(({ from }) => from),
    places.map(({ nonce }) => `${nonce}`),
    withdrawalIds,
  ]);
  const signed = tx.query<SignatureRow>(SIGNED, columns(prepared, keyOf));
  const [{ now, closed } = NEVER] = await tx.query<MomentRow>(MOMENT, [withdrawalIds]);
  records.checkClosed(withdrawalIds, closed);
  records.accept(heads, await newer);
  records.check(await nonces, { places: places.map(placeColumns), withdrawalIds });
  const book = new SigningBook({
    now,
    closed,
    spent: (await spent).map(({ spending, asset, amount }) => ({
      spending,
      amount: Amount.of(amount, asset),
    })),
    highest: (await highest).map(({ chain_id, address, nonce }) => ({
      chainId: Number(chain_id),
      from: address,
      nonce: BigInt(nonce),
    })),
    nonces: (await nonces).map(nonceOf),
  });
  return { book, signed: new StoredSignatures(await signed) };
}

/**
 * Writes the changes, and returns new nonce rows. Fails for a known nonce or withdrawal: a fault in
 * the rules above.
 */
export function saveBook(tx: Tx, book: SigningBook, records: NonceRecords): readonly NonceRow[] {
  const added = records.sealed(book.newNonces().map(newNonceOf));
  if (added.length > 0)
    void tx.query(
      ADD,
      columns(added, (row) => [
        row.chain_id,
        row.address,
        row.nonce,
        row.kind,
        row.withdrawal_id,
        row.recipient,
        row.token,
        row.units,
        row.gas_asset,
        row.number,
        row.seal,
      ]),
    );
  const totals = book.newTotals();
  if (totals.length > 0)
    void tx.query(
      SPEND,
      columns(totals, ([spending, amount]) => [spending, amount.asset, amount.toString()]),
    );
  return added;
}

/** Returns the signatures in force: of two for the same hash, the first. */
export async function storeSignatures(
  tx: Tx,
  made: readonly MadeSignature[],
): Promise<StoredSignatures> {
  void tx.query(
    STORE,
    columns(made, ({ hash, order: { kind, transfer, gasCost }, transaction }) => [
      hash,
      transaction.hash,
      transaction.raw,
      kind,
      transfer.chainId,
      transfer.from,
      `${transfer.nonce}`,
      transfer.to,
      transfer.token,
      `${transfer.amount}`,
      `${transfer.fees.maxFeePerGas}`,
      `${transfer.fees.maxPriorityFeePerGas}`,
      `${transfer.fees.gasLimit}`,
      gasCost.toString(),
    ]),
  );
  return new StoredSignatures(await tx.query<SignatureRow>(SIGNED, columns(made, keyOf)));
}

type Value = string | number | null;

function columns<T>(rows: readonly T[], valuesOf: (row: T) => readonly Value[]): Value[][] {
  const values = rows.map(valuesOf);
  return (values[0] ?? []).map((_value, column) => values.map((row) => row[column] ?? null));
}

function totalRow(spending: Spending, asset: Asset) {
  return [`${spending} ${asset}`, [spending, asset]] as const;
}

function keyOf({ hash, order }: PreparedOrder): readonly Value[] {
  return [hash, order.transfer.from];
}

interface MomentRow {
  readonly now: Date;
  readonly closed: readonly string[];
}
/** For an impossible empty result: no payment may begin. */
const NEVER: MomentRow = { now: new Date(8.64e15), closed: [] };
interface TotalRow {
  readonly spending: Spending;
  readonly asset: Asset;
  readonly amount: string;
}
interface HighestRow {
  readonly chain_id: string;
  readonly address: Address;
  readonly nonce: string;
}
interface SignatureRow {
  readonly signing_hash: Hex;
  readonly address: Address;
  readonly raw: Hex;
  readonly hash: Hex;
}

// A stored hour never moves back, although an earlier transaction may get the lock later.
const HOUR = `date_trunc('hour', now(), 'UTC')`;

const INSTALL = `
  INSERT INTO signed_total (spending, asset)
  SELECT * FROM unnest($1::text[], $2::text[]) ORDER BY 1, 2 ON CONFLICT DO NOTHING`;

const LOCK = `
  SELECT t.spending, t.asset, CASE WHEN t.hour >= ${HOUR} THEN t.amount ELSE 0 END::text AS amount
    FROM signed_total t JOIN unnest($1::text[], $2::text[]) AS k (spending, asset) USING (spending, asset)
   ORDER BY t.spending, t.asset FOR UPDATE OF t`;

// Nonces before the newest placement no longer move the address's window, but stay assigned.
const HIGHEST = `
  SELECT k.chain_id, k.address, greatest(n.nonce, p.next_nonce - 1) AS nonce
    FROM (SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[]) AS k (chain_id, address)) k
    LEFT JOIN LATERAL (
      SELECT next_nonce, placed_at FROM nonce_placement WHERE chain_id = k.chain_id AND address = k.address ORDER BY placed_at DESC LIMIT 1) p ON true
    LEFT JOIN LATERAL (
      SELECT nonce FROM signed_nonce WHERE chain_id = k.chain_id AND address = k.address AND (p.placed_at IS NULL OR given_at >= p.placed_at)
       ORDER BY nonce DESC LIMIT 1) n ON true
   WHERE n.nonce IS NOT NULL OR p.next_nonce IS NOT NULL`;

const NONCES = `
  SELECT ${NONCE_COLUMNS},
         (SELECT max(s.gas_cost)::text FROM signature s
           WHERE (s.chain_id, s.address, s.nonce) = (n.chain_id, n.address, n.nonce)) AS gas_cost
    FROM (SELECT n.* FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS k (chain_id, address, nonce)
            JOIN signed_nonce n ON (n.chain_id, n.address, n.nonce) = (k.chain_id, k.address, k.nonce)
          UNION
          SELECT n.* FROM unnest($4::uuid[]) AS w (id) JOIN signed_nonce n ON n.withdrawal_id = w.id) n`;

const SIGNED = `
  SELECT s.signing_hash, s.address, s.raw, s.hash
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS k (signing_hash, address)) k
    JOIN signature s USING (signing_hash, address)`;

const MOMENT = `
  SELECT clock_timestamp() AS now, ARRAY(SELECT c.withdrawal_id::text FROM closed_withdrawal c WHERE c.withdrawal_id = ANY ($1::uuid[])) AS closed`;

const ADD = `
  INSERT INTO signed_nonce (chain_id, address, nonce, kind, withdrawal_id, recipient, token, units, gas_asset, number, seal)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::numeric[], $9::text[],
                       $10::bigint[], $11::text[])`;

const SPEND = `
  UPDATE signed_total t SET hour = greatest(t.hour, ${HOUR}), amount = k.amount
    FROM unnest($1::text[], $2::text[], $3::numeric[]) AS k (spending, asset, amount)
   WHERE (t.spending, t.asset) = (k.spending, k.asset)`;

const STORE = `
  INSERT INTO signature (signing_hash, hash, raw, kind, chain_id, address, nonce, recipient, token, units,
                         max_fee_per_gas, max_priority_fee_per_gas, gas_limit, gas_cost)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[],
                       $10::numeric[], $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[])
  ON CONFLICT DO NOTHING`;

interface CostedRow extends NonceRow {
  readonly gas_cost: string | null;
}

function placeColumns({ chainId, from, nonce }: SignedNonce['transfer']) {
  return { chain_id: `${chainId}`, address: from, nonce: `${nonce}` };
}

function newNonceOf({ kind, withdrawalId, transfer, gasCost }: SignedNonce): NewNonce {
  return {
    ...placeColumns(transfer),
    kind,
    withdrawal_id: withdrawalId,
    recipient: transfer.to,
    token: transfer.token,
    units: `${transfer.amount}`,
    gas_asset: gasCost?.asset ?? '',
  };
}

function nonceOf(row: CostedRow): SignedNonce {
  return {
    kind: row.kind,
    withdrawalId: row.withdrawal_id,
    transfer: {
      chainId: Number(row.chain_id),
      from: row.address,
      nonce: BigInt(row.nonce),
      to: row.recipient,
      token: row.token,
      amount: BigInt(row.units),
    },
    gasCost:
      row.gas_cost === null || row.gas_asset === '' ? null : Amount.of(row.gas_cost, row.gas_asset),
  };
}
