import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerChainHeads, ledgerEvents, type Message } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { MessageKeys } from '@sluice/signing';
import { type JudgeRequest, judgeWith } from '../writes/request-behind.js';
import { FindingSeals } from '../seals/finding-seals.js';
import { FactWrites } from '../writes/fact-writes.js';
import {
  commandRefusals,
  type FollowedEvent,
  ledgerFacts,
  STORE_COMMAND_REFUSALS,
} from '../writes/ledger-facts.js';
import { noteOldest } from '../writes/store-facts.js';

@Controller()
export class LedgerEventsConsumer {
  private readonly judge: JudgeRequest;

  constructor(
    private readonly writes: FactWrites,
    @InjectMessageKeys() keys: MessageKeys,
  ) {
    this.judge = judgeWith(keys.with('intake-api'));
  }

  @BatchHandler(ledgerEvents)
  async onBatch(batch: readonly FollowedEvent[]): Promise<void> {
    const refusals = commandRefusals(batch);
    await this.writes.add(
      async (tx) => {
        if (refusals.length > 0) await tx.query(STORE_COMMAND_REFUSALS, [rowsJson(refusals)]);
        await noteOldest(
          tx,
          batch.map(({ time }) => time),
        );
        crashAt('auditor.before-commit');
      },
      { ledger: ledgerFacts(batch, this.judge) },
    );
  }
}

/**
 * A second head with a known number and another hash shows an older ledger; both may be in one
 * batch.
 */
export const STORE_HEADS = `
  WITH heads AS (
    SELECT DISTINCT ON (shard, sequence) shard, sequence, hash
      FROM json_to_recordset($1::json) AS r(shard text, sequence bigint, hash text)
     ORDER BY shard, sequence),
  new AS (
    INSERT INTO audited_head (shard, sequence, hash) SELECT shard, sequence, hash FROM heads
    ON CONFLICT DO NOTHING),
  known AS (
    SELECT shard, sequence, hash, seen_at FROM audited_head
     UNION ALL
    SELECT shard, sequence, hash, clock_timestamp() FROM heads)
  INSERT INTO finding (kind, scope, subject, evidence, fact_at)
  SELECT 'head_went_back', 'all', r.shard || ' ' || r.sequence || ' ' || r.hash,
         json_build_object('shard', r.shard, 'sequence', r.sequence::text, 'followed', k.hash, 'published_now', r.hash, 'followed_at', k.seen_at),
         clock_timestamp()
    FROM json_to_recordset($1::json) AS r(shard text, sequence bigint, hash text)
    JOIN known k ON k.shard = r.shard AND k.sequence = r.sequence AND k.hash <> r.hash
   ORDER BY r.shard, r.sequence
  ON CONFLICT DO NOTHING`;

@Controller()
export class ChainHeadsConsumer {
  constructor(
    private readonly writes: FactWrites,
    private readonly seals: FindingSeals,
  ) {}

  @BatchHandler(ledgerChainHeads)
  async onBatch(batch: readonly Message<typeof ledgerChainHeads>[]): Promise<void> {
    const heads = batch.map(({ data: { shard, sequence, hash } }) => ({ shard, sequence, hash }));
    await this.writes.add(async (tx) => {
      await tx.query(STORE_HEADS, [rowsJson(heads)]);
      await this.seals.sealNew((sql, params) => tx.query(sql, params));
    });
  }
}
