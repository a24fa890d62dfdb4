import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { type NonceHead, type NonceRow, senderKey } from './nonce-memory.js';
import { NonceRecords } from './nonce-records.js';

const EVERY_MS = 1_000;
const PAGE_AT_START = 5_000;
/** Rows verified again per second. */
const PAGE_LATER = 200;
/** Longest time in which a receipt of the ledger begins a payment. */
const RECEIPT_MS = 7 * 86_400_000;

const OLDER_SEALS = new Gauge({
  name: 'sluice_signer_older_seals',
  help: 'Rows of signed nonces that the newest complete verification found sealed with an older key. At 0 the older key of the ledger may be removed',
});

/**
 * Verifies the records at the start and, row by row, for ever. Seals rows of an older key again.
 */
@Injectable()
export class NonceWatch implements BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private last: NonceRow | null = null;
  private olderSeals = 0;
  private closedSince = new Date(0);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: NonceRecords,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(EVERY_MS, 'watch over signed nonces', logger, () =>
      this.look(),
    );
  }

  /** Verifies all rows before the first signature. */
  async start(): Promise<void> {
    const { database } = this.unitOfWork;
    const [{ now } = { now: new Date(Number.NaN) }] = await database.query<{ now: Date }>(NOW);
    this.closedSince = new Date(now.getTime() - RECEIPT_MS);
    while (this.records.fault === null && (await this.verify(PAGE_AT_START))) continue;
    await this.look();
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  private async look(): Promise<void> {
    if (this.records.fault !== null) return;
    const { database } = this.unitOfWork;
    const heads = this.records.heads();
    const [newer, closed] = await Promise.all([
      database.query<NonceRow>(NEWER, headColumns(heads)),
      database.query<ClosedRow>(CLOSED_SINCE, [this.closedSince]),
    ]);
    this.records.learnClosed(closed.map((row) => row.withdrawal_id));
    this.closedSince = closed.at(-1)?.closed_at ?? this.closedSince;
    this.records.accept(heads, newer);
    await this.verify(PAGE_LATER);
  }

  /** Verifies the next rows. Returns false at the end of the table. */
  private async verify(limit: number): Promise<boolean> {
    const { chain_id, address, number } = this.last ?? { chain_id: '0', address: '', number: '0' };
    const rows = await this.unitOfWork.database.query<NonceRow>(PAGE, [
      chain_id,
      address,
      number,
      limit,
    ]);
    for (const row of rows) {
      if (!this.follows(row)) return this.stop(row);
      this.last = row;
    }
    this.records.learn(rows);
    const renewed = rows.flatMap((row) => this.records.seals.renewed(row) ?? []);
    this.olderSeals += renewed.length;
    if (this.records.fault === null && renewed.length > 0) await this.store(renewed);
    if (rows.length === limit) return true;
    OLDER_SEALS.set(this.olderSeals);
    this.last = null;
    this.olderSeals = 0;
    return false;
  }

  private follows(row: NonceRow): boolean {
    const isFirst = this.last === null || senderKey(this.last) !== senderKey(row);
    return BigInt(row.number) === (isFirst ? 1n : BigInt(this.last?.number ?? 0) + 1n);
  }

  private stop({ address, chain_id, number }: NonceRow): false {
    this.records.halt(`a number before ${number} of ${address} on chain ${chain_id} is missing`);
    return false;
  }

  private async store(rows: readonly NonceRow[]): Promise<void> {
    await this.unitOfWork.database.query(SEAL, [
      rows.map(({ chain_id }) => chain_id),
      rows.map(({ address }) => address),
      rows.map(({ nonce }) => nonce),
      rows.map(({ number }) => number),
      rows.map(({ seal }) => seal),
    ]);
  }
}

interface ClosedRow {
  readonly withdrawal_id: string;
  readonly closed_at: Date;
}

export const NONCE_COLUMNS = `n.chain_id, n.address, n.nonce, n.kind, n.withdrawal_id, n.recipient, n.token, n.units::text AS units, n.gas_asset, n.number, n.seal`;

/** The newest known row of each address, and all rows after it. */
export const NEWER = `
  SELECT ${NONCE_COLUMNS}
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS k (chain_id, address, number)
    JOIN signed_nonce n ON n.chain_id = k.chain_id AND n.address = k.address AND n.number >= k.number
   ORDER BY n.chain_id, n.address, n.number`;

export const OF_WITHDRAWALS = `SELECT ${NONCE_COLUMNS} FROM signed_nonce n WHERE n.withdrawal_id = ANY ($1::uuid[])`;

const PAGE = `
  SELECT ${NONCE_COLUMNS} FROM signed_nonce n
   WHERE (n.chain_id, n.address, n.number) > ($1::bigint, $2::text, $3::bigint)
   ORDER BY n.chain_id, n.address, n.number LIMIT $4`;

const SEAL = `
  UPDATE signed_nonce n SET number = k.number, seal = k.seal
    FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS k (chain_id, address, nonce, number, seal)
   WHERE (n.chain_id, n.address, n.nonce) = (k.chain_id, k.address, k.nonce)`;

/** A closing commits at most a minute after its time. */
const CLOSED_SINCE = `
  SELECT withdrawal_id, closed_at FROM closed_withdrawal WHERE closed_at > $1::timestamptz - interval '1 minute' ORDER BY closed_at`;

const NOW = `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`;

/** Parameters of NEWER. */
export function headColumns(heads: readonly NonceHead[]): readonly unknown[] {
  return [
    heads.map(({ chain_id }) => chain_id),
    heads.map(({ address }) => address),
    heads.map(({ number }) => `${number}`),
  ];
}
