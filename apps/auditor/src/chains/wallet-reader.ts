import type {
  ChainAudit,
  ChainPart,
  ChainPayment,
  ChainProgress,
} from '@sluice/connector-evm/audit';
import { destinationKey } from '@sluice/kernel';
import { WALLET } from '@sluice/messages';
import type { Database, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, FaultLog, type Logger } from '@sluice/runtime';
import { restUntil } from '../writes/fact-writes.js';
import type { FindingSeals } from '../seals/finding-seals.js';
import { keyOf } from '../venues/read-record.js';
import { keepPayments, type PaymentRow, storeReading } from '../venues/store-reading.js';
import { CHAIN_PROGRESS, type RunQuery, storePart } from './store-part.js';
import type { GasLimits } from './chain-settings.js';

const AGAIN_MS = 2_000;

interface ProgressRow {
  readonly block_number: string | null;
  readonly block_hash: ChainProgress['hash'] | null;
  readonly sent: ChainProgress['sent'] | null;
  readonly are_coins_known: boolean;
  readonly now: Date;
  readonly since: Date;
}

interface ReadChain {
  readonly audit: ChainAudit;
  readonly limits: GasLimits;
}

interface WalletReaderOptions {
  readonly chains: readonly ReadChain[];
  readonly database: Pick<Database, 'query' | 'withClient'>;
  readonly unitOfWork: UnitOfWork;
  readonly seals: Pick<FindingSeals, 'sealNew'>;
  readonly logger: Logger;
  readonly everyMs: number;
  readonly onRead: (listed: number) => void;
}

export class WalletReader {
  readonly loop: BackgroundLoop;
  private readonly faults: FaultLog;

  constructor(private readonly options: WalletReaderOptions) {
    this.faults = new FaultLog(options.logger);
    this.loop = new BackgroundLoop('chains of the wallet', options.logger, () => this.step());
  }

  async close(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.options.chains.map(({ audit }) => audit.close()));
  }

  private async step(): Promise<number> {
    const { chains, database, everyMs, onRead } = this.options;
    const read = await Promise.all(chains.map((chain) => this.read(chain)));
    const begins = read.map(({ begunAt }) => begunAt.getTime());
    const faults = read.flatMap(({ fault }) => (fault === null ? [] : [fault]));
    if (faults.length > 0) {
      const cause = faults.join('; ');
      this.faults.warn(
        cause.replace(/\d+/g, '#'),
        { venue: WALLET, cause },
        'the wallet was not read',
      );
      return AGAIN_MS;
    }
    const begunAt = new Date(Math.min(...begins));
    const since = new Date(Math.max(...read.map((one) => one.since.getTime())));
    const unread = read.flatMap(({ unreadCoins }) => (unreadCoins === null ? [] : [unreadCoins]));
    const areCoinsRead = unread.length === 0;
    await storeReading(database, {
      venue: WALLET,
      through: begunAt,
      begunAt,
      isDeep: false,
      from: since,
      balances: areCoinsRead ? { begunAt: begunAt.toISOString(), readAt: begunAt, rows: [] } : null,
    });
    if (!areCoinsRead)
      this.faults.warn(
        unread.join(),
        { venue: WALLET, networks: unread },
        'the coins of the wallet were not read',
      );
    onRead(read.reduce((sum, { payments }) => sum + payments, 0));
    return areCoinsRead ? restUntil(everyMs) : AGAIN_MS;
  }

  private async read(chain: ReadChain) {
    const { network } = chain.audit.settings;
    let begun: Pick<ProgressRow, 'now' | 'since'> | undefined;
    let payments = 0;
    for (;;) {
      const row = await this.progress(network);
      begun ??= row;
      const end = { begunAt: begun.now, since: begun.since, unreadCoins: null };
      const before = progressOf(row);
      const part = await chain.audit.next({
        before,
        since: row.since,
        now: row.now,
        areCoinsKnown: row.are_coins_known,
      });
      if (!part.ok) return { ...end, payments, fault: `${network}: ${part.refusal}` };
      payments += part.value.payments.length;
      const isStored = await this.store(chain, { before, part: part.value, readAt: begun.now });
      if (!isStored || !part.value.isComplete) continue;
      const areUnread = part.value.coins.kind === 'not_read';
      return { ...end, payments, fault: null, unreadCoins: areUnread ? network : null };
    }
  }

  private async progress(network: string): Promise<ProgressRow> {
    const [row] = await this.options.database.query<ProgressRow>(CHAIN_PROGRESS, [network]);
    if (!row) throw new Error('the table audit_progress has no row');
    return row;
  }

  /** Returns false if another instance has read the same blocks before. */
  private async store(
    { audit: { settings }, limits }: ReadChain,
    { before, part, readAt }: PartToStore,
  ): Promise<boolean> {
    const { database, unitOfWork, seals } = this.options;
    const { progress, payments, coins } = part;
    if (payments.length > 0) await keepPayments(database, payments.map(chainRow), readAt);
    if (progress === null) return true;
    if (progress.block === before?.block && coins.kind !== 'read') return true;
    return unitOfWork.run(async (tx) => {
      const query: RunQuery = (sql, params) => tx.query(sql, params);
      const isStored = await storePart(query, { settings, limits }, { ...part, before, progress });
      await seals.sealNew(query);
      return isStored;
    });
  }
}

interface PartToStore {
  readonly before: ChainProgress | null;
  readonly part: ChainPart;
  readonly readAt: Date;
}

function progressOf({
  block_number: block,
  block_hash: hash,
  sent,
}: ProgressRow): ChainProgress | null {
  return block === null || hash === null || sent === null
    ? null
    : { block: BigInt(block), hash, sent };
}

/** Row of `venue_payment` for a payment in a final block. */
export function chainRow({ reference, asset, to, amount, hash, at }: ChainPayment): PaymentRow {
  const destination = destinationKey({ type: 'address', address: to });
  return {
    venue: WALLET,
    venue_reference: reference,
    form: 'chain',
    client_reference: null,
    currency: asset,
    network: null,
    destination,
    net: amount,
    gross: amount,
    venue_fee: null,
    equality_key: keyOf(asset, amount, destination),
    unlisted_key: null,
    status: 'settled',
    venue_status: 'final',
    tx_hash: hash,
    created_at: at,
  };
}
