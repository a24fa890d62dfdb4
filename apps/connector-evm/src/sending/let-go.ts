import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Hex } from 'viem';
import type { AnswerEvidence, SubmitOutcome } from '@sluice/connector-rules';
import type { RefusalClass } from '@sluice/evm';
import { Database } from '@sluice/postgres';
import { Batcher, crashAt } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { SendAnswer } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { type TransferRequest, venueReferenceOf } from './wanted-transfer.js';

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

const INVALID_BEFORE_PAUSE = 3;

@Injectable()
export class SentNotes {
  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** An address whose transaction every node refuses as invalid, several times, is paused. */
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

const TAKEN_AGAIN_MS = 500;

/** `here`: released, now or before. `never`: abandoned before sending. */
type LetGo = 'here' | 'never';

/**
 * Releases signed payments: recorded first, sent second. Afterwards no answer of a node is a
 * refusal.
 */
@Injectable()
export class LetGoPayments {
  private readonly releases = new Batcher<TransferRequest, LetGo>((batch) => this.release(batch));
  private readonly notes = new Batcher<{ hash: Hex; answer: SendAnswer }, void>((batch) =>
    this.sent.keep(batch),
  );

  constructor(
    private readonly database: Database,
    private readonly chains: WalletChains,
    private readonly sent: SentNotes,
    @InjectConfig() private readonly options: { readonly submitTimeoutMs: number },
  ) {}

  async submit(request: TransferRequest): Promise<SubmitOutcome> {
    const released = await this.releases.add(request);
    if (released === 'never')
      return {
        kind: 'not_sent',
        retryAfterMs: TAKEN_AGAIN_MS,
        cause: 'its nonce was given up before the payment was released',
        evidence: NO_ANSWER,
      };
    crashAt('wallet.after-release');
    const answer = await this.inTime(this.chains.of(request.network).send(request.raw));
    crashAt('wallet.after-send');
    if (answer.kind === 'taken' || answer.kind === 'known') {
      await this.notes.add({ hash: request.hash, answer });
      return {
        kind: 'accepted',
        venueReference: venueReferenceOf(request),
        txHash: request.hash,
        evidence: evidenceOf(answer),
      };
    }
    this.notes.put({ hash: request.hash, answer });
    return { kind: 'unknown', cause: causeOf(answer), evidence: evidenceOf(answer) };
  }

  /** Waits for the nodes up to the timeout; the follower finds late results on the chain. */
  private inTime(sent: Promise<SendAnswer>): Promise<SendAnswer> {
    const { submitTimeoutMs } = this.options;
    const over = sleep(submitTimeoutMs, LATE, { ref: false });
    return Promise.race([sent, over]);
  }

  private async release(batch: readonly TransferRequest[]): Promise<LetGo[]> {
    const rows = batch.map(({ network, from, nonce, hash }) => ({
      network,
      hash,
      address: from,
      nonce: nonce.toString(),
    }));
    const here = await this.database.query<{ hash: Hex }>(RELEASE, [JSON.stringify(rows)]);
    const hashes = new Set(here.map(({ hash }) => hash));
    return batch.map(({ hash }) => (hashes.has(hash) ? 'here' : 'never'));
  }
}

const LATE: SendAnswer = { kind: 'unknown', cause: 'no node has answered in time' };
const NO_ANSWER: AnswerEvidence = { status: null, body: '' };

function causeOf(answer: Exclude<SendAnswer, { kind: 'taken' | 'known' }>): string {
  return answer.kind === 'refused'
    ? `nodes refuse the transaction (${answer.class}: ${answer.message}); it stays on record and is sent again`
    : `${answer.cause}; it stays on record and is sent again`;
}

function evidenceOf(answer: SendAnswer): AnswerEvidence {
  if (answer.kind === 'unknown' || answer.kind === 'not_reached') return NO_ANSWER;
  const body = answer.kind === 'refused' ? answer.message : answer.hash;
  return { status: 200, body: `${answer.kind}: ${body}` };
}

// A single row decides between release and abandonment; the first writer wins.
const RELEASE = `
  WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(network text, address text, nonce bigint, hash text)),
  locked AS (
    SELECT n.network, n.address, n.nonce, n.state, r.hash FROM nonce n JOIN r USING (network, address, nonce)
     WHERE n.purpose = 'payment' AND EXISTS (SELECT FROM transaction t WHERE t.hash = r.hash AND t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.kind = 'payment')
     ORDER BY n.network, n.address, n.nonce FOR UPDATE OF n),
  gone AS (
    UPDATE nonce n SET state = 'released', released_at = clock_timestamp()
      FROM locked l WHERE l.state = 'leased' AND n.network = l.network AND n.address = l.address AND n.nonce = l.nonce),
  sent AS (
    UPDATE transaction t SET sent_in = coalesce(f.head_number, 0)
      FROM locked l LEFT JOIN chain_follower f ON f.network = l.network WHERE l.state = 'leased' AND t.hash = l.hash AND t.sent_in IS NULL)
  SELECT hash FROM locked WHERE state <> 'dead'`;
