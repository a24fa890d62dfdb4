import { Injectable } from '@nestjs/common';
import { openCases } from '@sluice/connector-engine';
import { lookBack, type Head } from '@sluice/evm';
import { Database, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Hex } from 'viem';
import type { Chain } from '../chain/chain.js';
import { blockHashesOf } from './chain-look.js';
import { FindingsStore, type FollowerLease } from './findings-store.js';
import { FollowingSteps } from './steps.js';

/** How far below the newest final payment a reorganisation is followed. */
const DEEPEST = 2_000;

interface FinalRow {
  readonly hash: Hex;
  readonly address: string;
  readonly nonce: string;
  readonly withdrawal_id: string | null;
  readonly block_number: string;
  readonly block_hash: Hex;
  readonly reverted: boolean;
}

interface MovedRow {
  readonly hash: Hex;
  readonly block_number: string;
  readonly block_hash: Hex;
}

/**
 * Looks back at what was final. The newest block with a payment of ours stands for all before it; when it is gone, each is looked at. What a deep
 * reorganisation takes back opens a case and rewrites nothing; its bytes are sent again, for they can only pay what was told as paid.
 */
@Injectable()
export class FinalLooks {
  constructor(
    private readonly database: Database,
    private readonly store: FindingsStore,
    private readonly steps: FollowingSteps,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async look(lease: FollowerLease, chain: Chain, head: Head): Promise<void> {
    const { network } = lease;
    await this.lookAgain(lease, chain, head);
    const [newest] = await this.database.query<FinalRow>(FINAL, [network, 1]);
    if (newest === undefined) return;
    const now = await chain.blockHash(BigInt(newest.block_number));
    const isAbove = BigInt(newest.block_number) > head.number;
    if ((now === null && !isAbove) || now === newest.block_hash) return;
    const rows = await this.database.query<FinalRow>(FINAL, [network, DEEPEST]);
    const [taken, moved] = await this.judge(chain, rows);
    await this.write(lease, taken, moved);
  }

  private async judge(chain: Chain, rows: readonly FinalRow[]): Promise<[FinalRow[], MovedRow[]]> {
    const numbers = [...new Set(rows.map((row) => BigInt(row.block_number)))];
    const hashes = await blockHashesOf(chain, numbers);
    const gone = rows.filter((row) => hashes.get(BigInt(row.block_number)) !== row.block_hash);
    const receipts = await chain.receipts(gone.map(({ hash }) => hash));
    const taken: FinalRow[] = [];
    const moved: MovedRow[] = [];
    for (const row of gone) {
      const receipt = receipts?.get(row.hash);
      // A number that is above the head now has no hash, and that proves that its block is gone.
      const blockHash = hashes.get(BigInt(row.block_number)) ?? (receipt === null ? GONE : null);
      const final = {
        blockHash: row.block_hash,
        status: row.reverted ? 'reverted' : 'success',
      } as const;
      const seen = lookBack(final, blockHash, receipt);
      if (seen === 'taken_back') taken.push(row);
      if (seen === 'moved' && receipt)
        moved.push({
          hash: row.hash,
          block_number: receipt.blockNumber.toString(),
          block_hash: receipt.blockHash,
        });
    }
    return [taken, moved];
  }

  private async write(
    lease: FollowerLease,
    taken: readonly FinalRow[],
    moved: readonly MovedRow[],
  ): Promise<void> {
    if (taken.length === 0 && moved.length === 0) return;
    await this.store.fenced(lease, async (tx: Tx) => {
      void tx.query(MOVED, [JSON.stringify(moved)]);
      void tx.query(TAKEN_BACK, [lease.network, taken.map(({ hash }) => hash)]);
      const cases = taken.flatMap(({ withdrawal_id: withdrawalId, hash, block_number: block }) =>
        withdrawalId === null
          ? []
          : [
              {
                withdrawalId,
                kind: 'contrary_after_end',
                text: `a reorganisation has taken back ${hash}, which was final in block ${block}: its bytes are sent again`,
              },
            ],
      );
      for (const opened of await openCases(tx, cases))
        this.logger.error({ ...opened }, 'a case was opened: a person must look at it');
    });
  }

  /** What was taken back: mined again it is only moved, else it is sent again. */
  private async lookAgain(lease: FollowerLease, chain: Chain, head: Head): Promise<void> {
    const rows = await this.database.query<FinalRow>(ALL_TAKEN_BACK, [lease.network, DEEPEST]);
    if (rows.length === 0) return;
    const receipts = await chain.receipts(rows.map(({ hash }) => hash));
    if (receipts === null) return;
    const back = rows.flatMap(({ hash }) => {
      const receipt = receipts.get(hash);
      if (!receipt || receipt.blockNumber > head.finalNumber) return [];
      const { blockNumber, blockHash } = receipt;
      return [{ hash, block_number: blockNumber.toString(), block_hash: blockHash }];
    });
    await this.store.fenced(lease, async (tx) => {
      await tx.query(MOVED, [JSON.stringify(back)]);
    });
    const lost = rows.filter(({ hash }) => receipts.get(hash) === null);
    await this.steps.send(
      chain,
      head,
      lost.map(({ hash }) => hash),
    );
  }
}

const GONE: Hex = '0x';

const FINAL_COLUMNS =
  't.hash, t.address, t.nonce::text, n.withdrawal_id, t.block_number::text, t.block_hash, t.reverted';

const FINAL = `
  SELECT ${FINAL_COLUMNS} FROM nonce n JOIN transaction t USING (network, address, nonce)
   WHERE n.network = $1 AND n.state = 'final' AND n.taken_back_at IS NULL AND t.final_at IS NOT NULL ORDER BY n.mined_in DESC LIMIT $2`;

const ALL_TAKEN_BACK = `
  SELECT ${FINAL_COLUMNS} FROM nonce n JOIN transaction t USING (network, address, nonce)
   WHERE n.network = $1 AND n.taken_back_at IS NOT NULL AND t.final_at IS NOT NULL ORDER BY n.nonce LIMIT $2`;

const TAKEN_BACK = `
  UPDATE nonce n SET taken_back_at = clock_timestamp()
    FROM transaction t WHERE t.hash = ANY ($2) AND n.network = $1 AND n.address = t.address AND n.nonce = t.nonce AND n.taken_back_at IS NULL`;

const MOVED = `
  WITH m AS (SELECT * FROM json_to_recordset($1::json) AS m(hash text, block_number bigint, block_hash text)),
  t AS (
    UPDATE transaction t SET block_number = m.block_number, block_hash = m.block_hash FROM m WHERE t.hash = m.hash
    RETURNING t.network, t.address, t.nonce, t.block_number)
  UPDATE nonce n SET mined_in = t.block_number, taken_back_at = NULL
    FROM t WHERE n.network = t.network AND n.address = t.address AND n.nonce = t.nonce`;
