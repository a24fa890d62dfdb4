import type { ChainAudit, ChainProgress } from '@sluice/connector-evm/audit';
import { WALLET } from '@sluice/messages';
import { rowsJson, type Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { KEEP_PAYMENTS, READ_THROUGH } from '../venues/payment-sql.js';
import { chainRow } from './chain-row.js';
import { CHAIN_PROGRESS, CHAIN_READ } from './chain-sql.js';

const AGAIN_MS = 2_000;

interface ProgressRow {
  readonly block_number: string | null;
  readonly block_hash: ChainProgress['hash'] | null;
  readonly sent: ChainProgress['sent'] | null;
  readonly now: Date;
  readonly since: Date;
}

interface WalletReaderOptions {
  readonly chains: readonly ChainAudit[];
  readonly database: Pick<Database, 'query'>;
  readonly logger: Logger;
  readonly everyMs: number;
  /** Called after each complete reading. */
  readonly onRead: () => void;
}

/** Reads the final blocks of every chain of the wallet. Every instance reads for itself. */
export class WalletReader {
  readonly loop: BackgroundLoop;

  constructor(private readonly options: WalletReaderOptions) {
    this.loop = new BackgroundLoop('chains of the wallet', options.logger, () => this.step());
  }

  async close(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.options.chains.map((chain) => chain.close()));
  }

  private async step(): Promise<number> {
    const { chains, database, logger, everyMs, onRead } = this.options;
    const read = await Promise.all(chains.map((chain) => this.read(chain)));
    const begins = read.map(({ begunAt }) => begunAt.getTime());
    const faults = read.flatMap(({ fault }) => (fault === null ? [] : [fault]));
    if (faults.length > 0) {
      logger.warn({ venue: WALLET, cause: faults.join('; ') }, 'the wallet was not read');
      return AGAIN_MS;
    }
    const begunAt = new Date(Math.min(...begins));
    const since = new Date(Math.max(...read.map((one) => one.since.getTime())));
    await database.query(READ_THROUGH, [WALLET, begunAt, begunAt, false, since]);
    onRead();
    return everyMs;
  }

  /** Reads a chain to the newest final block. */
  private async read(chain: ChainAudit) {
    const { database } = this.options;
    const { network } = chain.settings;
    let begun: Omit<ProgressRow, 'block_number'> | undefined;
    for (;;) {
      const [row] = await database.query<ProgressRow>(CHAIN_PROGRESS, [network]);
      if (!row) throw new Error('the table audit_progress has no row');
      begun ??= row;
      const end = { begunAt: begun.now, since: begun.since };
      const part = await chain.next({ before: progressOf(row), since: row.since, now: row.now });
      if (!part.ok) return { ...end, fault: `${network}: ${part.refusal}` };
      const { progress, payments, isComplete } = part.value;
      if (payments.length > 0)
        await database.query(KEEP_PAYMENTS, [rowsJson(payments.map(chainRow)), begun.now]);
      if (progress !== null)
        await database.query(CHAIN_READ, [
          network,
          progress.block.toString(),
          progress.hash,
          JSON.stringify(progress.sent),
        ]);
      if (isComplete) return { ...end, fault: null };
    }
  }
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
