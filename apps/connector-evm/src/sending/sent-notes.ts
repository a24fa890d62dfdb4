import { Injectable } from '@nestjs/common';
import type { RefusalClass } from '@sluice/evm';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Hex } from 'viem';
import type { SendAnswer } from '../chain/chain.js';

interface SentNote {
  readonly hash: Hex;
  readonly answer: SendAnswer;
}

interface NoteRow {
  readonly hash: Hex;
  readonly refused_as: RefusalClass | null;
  readonly refused_with: string | null;
}

interface PausedRow {
  readonly network: string;
  readonly address: string;
  readonly because: string;
}

/** A single node may refuse once by mistake. */
const INVALID_BEFORE_PAUSE = 3;

/** Stores the answers of nodes to sent transactions. */
@Injectable()
export class SentNotes {
  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * An address whose transaction every node refuses as invalid, in several sends, is paused: later
   * nonces of the address would wait behind the transaction.
   */
  async keep(notes: readonly SentNote[]): Promise<void> {
    const rows = notes.flatMap(rowOf);
    if (rows.length === 0) return;
    const paused = await this.database.query<PausedRow>(NOTE_SENT, [
      JSON.stringify(rows),
      INVALID_BEFORE_PAUSE,
    ]);
    for (const one of paused)
      this.logger.error({ ...one }, 'an address was paused: an operator must check it');
  }
}

/** Empty if no byte was sent. */
function rowOf({ hash, answer }: SentNote): NoteRow[] {
  switch (answer.kind) {
    case 'taken':
    case 'known':
      return [{ hash, refused_as: null, refused_with: null }];
    case 'refused':
      return [{ hash, refused_as: answer.class, refused_with: answer.message }];
    case 'unknown':
      return [{ hash, refused_as: 'unclear', refused_with: answer.cause }];
    case 'not_reached':
      return [];
  }
}

const NOTE_SENT = `
  WITH s AS (SELECT * FROM json_to_recordset($1::json) AS s(hash text, refused_as text, refused_with text)),
  noted AS (
    UPDATE transaction t
       SET sent_at = CASE WHEN s.refused_as IS NULL THEN coalesce(t.sent_at, clock_timestamp()) ELSE t.sent_at END,
           refused_as = s.refused_as, refused_with = s.refused_with,
           refused_at = CASE WHEN s.refused_as IS NOT NULL THEN clock_timestamp() END,
           refusals = CASE WHEN s.refused_as IS NULL THEN 0 ELSE t.refusals + 1 END
      FROM s WHERE t.hash = s.hash
    RETURNING t.network, t.address, t.nonce, t.hash, t.refused_as, t.refused_with, t.refusals)
  UPDATE lane l SET paused_because = 'every node refuses transaction ' || n.hash || ' of nonce ' || n.nonce || ' as invalid: ' || n.refused_with
    FROM noted n
   WHERE n.refused_as = 'invalid' AND n.refusals >= $2 AND l.network = n.network AND l.address = n.address AND l.paused_because IS NULL
  RETURNING l.network, l.address, l.paused_because AS because`;
