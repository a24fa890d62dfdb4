import { Injectable } from '@nestjs/common';
import type { Hex } from 'viem';
import { openCases } from '@sluice/connector-engine';
import { type Head, lookBack } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { Database, type Tx } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { type HaltToOpen, InjectLogger, type Logger, openHalts } from '@sluice/service-shell';
import { type Chain, payableAssets } from '../chain/chain.js';
import { RememberedPayments } from '../sending/remembered-payments.js';
import { blockHashesOf, type DecidedNonce, lookAt } from './chain-look.js';
import { findingsOf, FindingsStore, type FollowerLease } from './findings-store.js';
import { FollowedNonces } from './followed-nonces.js';
import { FollowingSteps } from './steps.js';

/** Maximum number of final transactions checked in a reorganisation, newest first. */
const DEEPEST = 2_000;
/** Every node has the newest 2,000 blocks; a missing older block stops no check. */
const BLOCKS_SHOWN = 2_000n;

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

interface Judged {
  readonly taken: readonly FinalRow[];
  readonly moved: readonly MovedRow[];
  /** The newest of them. */
  readonly first: FinalRow | null;
  readonly unseen: readonly FinalRow[];
}

/**
 * Checks final transactions again, by the newest block with a payment. A deep reorganisation opens
 * a case per payment taken back and halts every asset of the network: the finality settings need a
 * review. The same bytes are sent again.
 */
@Injectable()
export class FinalLooks {
  constructor(
    private readonly database: Database,
    private readonly store: FindingsStore,
    private readonly steps: FollowingSteps,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * False if an answer is missing: storing newer final transactions would hide a block that is
   * gone.
   */
  async look(lease: FollowerLease, chain: Chain, head: Head): Promise<boolean> {
    const { network } = lease;
    await this.lookAgain(lease, chain, head);
    const [newest] = await this.database.query<FinalRow>(FINAL, [network, 1]);
    if (newest === undefined) return true;
    const now = await chain.blockHash(BigInt(newest.block_number));
    const isAbove = BigInt(newest.block_number) > head.number;
    if (now === newest.block_hash) return true;
    if (now === null && !isAbove) return !isRecent(newest, head);
    const rows = await this.database.query<FinalRow>(FINAL, [network, DEEPEST]);
    const judged = await this.judge(chain, rows);
    await this.write(lease, judged, [...payableAssets([chain.settings]).keys()]);
    return !judged.unseen.some((row) => isRecent(row, head));
  }

  private async judge(chain: Chain, rows: readonly FinalRow[]): Promise<Judged> {
    const numbers = [...new Set(rows.map((row) => BigInt(row.block_number)))];
    const hashes = await blockHashesOf(chain, numbers);
    const gone = rows.filter((row) => hashes.get(BigInt(row.block_number)) !== row.block_hash);
    const receipts = await chain.receipts(gone.map(({ hash }) => hash));
    const taken: FinalRow[] = [];
    const moved: MovedRow[] = [];
    const unseen: FinalRow[] = [];
    let first: FinalRow | null = null;
    for (const row of gone) {
      const receipt = receipts?.get(row.hash);
      // A block number above the head has no hash, and this proves the block gone.
      const blockHash = hashes.get(BigInt(row.block_number)) ?? (receipt === null ? GONE : null);
      const final = {
        blockHash: row.block_hash,
        status: row.reverted ? 'reverted' : 'success',
      } as const;
      const seen = lookBack(final, blockHash, receipt);
      if (seen === 'unseen') unseen.push(row);
      else first ??= row;
      if (seen === 'taken_back') taken.push(row);
      if (seen === 'moved' && receipt)
        moved.push({
          hash: row.hash,
          block_number: receipt.blockNumber.toString(),
          block_hash: receipt.blockHash,
        });
    }
    return { taken, moved, first, unseen };
  }

  private async write(
    lease: FollowerLease,
    { taken, moved, first }: Judged,
    assets: readonly Asset[],
  ): Promise<void> {
    if (first === null) return;
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
        this.logger.error({ ...opened }, 'a case was opened: an operator must check it');
      for (const halt of await openHalts(tx, haltsOf(lease.network, first, assets), 'connector'))
        this.logger.error(
          { ...halt },
          'a reorganisation removed a final transaction: the network is halted until an operator has checked it',
        );
    });
  }

  /** Checks transactions taken back: a new block is stored, otherwise the bytes are sent again. */
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

function isRecent({ block_number: block }: FinalRow, { number }: Head): boolean {
  return BigInt(block) + BLOCKS_SHOWN > number;
}

/** A halt per asset of the network; other networks continue. */
function haltsOf(
  network: string,
  { hash, block_number: block, block_hash: blockHash }: FinalRow,
  assets: readonly Asset[],
): HaltToOpen[] {
  return assets.map((asset) => ({
    scope: 'asset',
    target: asset,
    reason: 'reorganised',
    subject: `${blockHash} ${asset}`,
    details: `a reorganisation of ${network} has taken back block ${block} (${blockHash}), in which ${hash} was final: the finality of the chain differs from its settings`,
  }));
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

/** `failed`: the chain did not answer, or another process follows by now. */
type LookResult = 'failed' | 'waiting' | 'at rest';

/** Checks all signed transactions that are not final. Findings are stored before any action. */
@Injectable()
export class FollowChain {
  /** Final transactions about which the signer has told all that it remembers. */
  private readonly recalled = new Set<string>();
  /** Final transactions with a case. */
  private readonly opened = new Set<string>();

  constructor(
    private readonly nonces: FollowedNonces,
    private readonly finals: FinalLooks,
    private readonly store: FindingsStore,
    private readonly steps: FollowingSteps,
    private readonly remembered: RememberedPayments,
  ) {}

  /** Returns `at rest` if no signed transaction waits for a block or for its finality. */
  async look(chain: Chain, lease: FollowerLease, head: Head): Promise<LookResult> {
    const counts = await this.nonces.count(chain, head);
    if (counts === null) return 'failed';
    await this.nonces.giveUp(chain, counts);
    const due = await this.nonces.due(chain, head);
    if (due === null) return 'failed';
    const decided = await lookAt(chain, head, counts, due.followed);
    if (decided === null) return 'failed';
    const findings = findingsOf(decided);
    if (findings.mined.length + findings.ends.length > 0) crashAt('wallet.after-look');
    // First, because the newest stored final block proves all earlier ones.
    if (!(await this.finals.look(lease, chain, head))) return 'failed';
    const isOurs = await this.store.store(lease, chain.settings, head, findings);
    if (!isOurs) return 'failed';
    await this.steps.take(chain, head, decided);
    await this.recall(lease, decided);
    return due.isAtRest ? 'at rest' : 'waiting';
  }

  /** Stores transactions remembered by the signer. An unknown one needs a person. */
  private async recall(lease: FollowerLease, decided: readonly DecidedNonce[]): Promise<void> {
    const forgotten = decided.flatMap(({ row, forgotten: hash }) =>
      hash === null || row.withdrawal_id === null
        ? []
        : [{ withdrawalId: row.withdrawal_id, hash, key: `${lease.generation} ${hash}` }],
    );
    const isNew = forgotten.filter(({ key }) => !this.recalled.has(key));
    const isKnown = forgotten.filter(({ key }) => this.recalled.has(key) && !this.opened.has(key));
    if (isKnown.length > 0 && (await this.store.openForgotten(lease, isKnown)))
      for (const { key } of isKnown) this.opened.add(key);
    if (isNew.length === 0) return;
    const ids = isNew.map(({ withdrawalId }) => withdrawalId);
    const { kind } = await this.remembered.recallOf(ids);
    if (kind === 'recalled') for (const { key } of isNew) this.recalled.add(key);
  }
}
