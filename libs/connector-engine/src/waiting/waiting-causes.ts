import { Inject, Injectable } from '@nestjs/common';
import {
  laneOf,
  type SubmissionState,
  type VenueAdapter,
  type VenueCapabilities,
  type WaitCause,
  waitCausesOf,
  type WaitFacts,
} from '@sluice/connector-rules';
import type { Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { type HaltEntity, HaltLifts } from '@sluice/service-shell';
import type { PermittedOrder } from '@sluice/signing';
import { PermitWatch } from '../permits/permit-watch.js';
import { RecordReader } from '../record/record-reader.js';
import { LOOKED_UP_FIRST, SHARES_UNNAMED_RECORD } from '../rows/unclaimed-sql.js';
import { InjectCapabilities, InjectVenueAdapter } from '../tokens/tokens.js';
import { SendGate } from '../worker/send-gate.js';

/** Reasons of this process for not sending. */
@Injectable()
export class SendFaults {
  constructor(
    private readonly gate: SendGate,
    private readonly record: RecordReader,
    private readonly permits: PermitWatch,
  ) {}

  /** Reason for sending nothing at all; null if sending is permitted. */
  ofProcess(): string | null {
    return this.gate.fault() ?? this.record.fault();
  }

  /** Reason of the auditor for not sending this order; null if the order may be sent. */
  ofPermit(order: PermittedOrder): string | null {
    return this.permits.missing(order);
  }
}

interface FactsRow {
  readonly withdrawal_id: string;
  readonly digest: string;
  readonly state: SubmissionState;
  readonly form: string;
  readonly venue_reference: string | null;
  readonly asset: Asset;
  readonly account_id: string;
  readonly key_id: string;
  readonly is_unlisted: boolean;
  readonly is_looked_up: boolean;
  readonly is_unconfirmed: boolean;
  readonly is_published: boolean;
  readonly postponed: string | null;
  readonly behind: string | null;
  readonly behind_state: string | null;
}

interface PauseRow {
  readonly endpoint: string;
  readonly cause: string;
  readonly until: Date;
}

interface Common {
  readonly halts: readonly HaltEntity[];
  readonly pauses: readonly PauseRow[];
}

export interface WaitingOrder {
  readonly withdrawalId: string;
  readonly digest: string;
  /** The first cause holds the order. */
  readonly causes: readonly WaitCause[];
}

@Injectable()
export class WaitingCauses {
  constructor(
    private readonly database: Database,
    private readonly lifts: HaltLifts,
    @Inject(SendFaults) private readonly faults: Pick<SendFaults, 'ofProcess' | 'ofPermit'>,
    @InjectCapabilities() private readonly venue: Pick<VenueCapabilities, 'forms'>,
    @InjectVenueAdapter() private readonly adapter: Pick<VenueAdapter, 'heldBy'>,
  ) {}

  /** Returns the causes of one submission; empty after the end, or for an unknown submission. */
  async of(withdrawalId: string): Promise<readonly WaitCause[]> {
    const [common, [row], [place]] = await Promise.all([
      this.common(),
      this.database.query<FactsRow>(FACTS_OF, [withdrawalId]),
      this.database.query<{ ahead: number }>(AHEAD, [withdrawalId]),
    ]);
    if (!row) return [];
    const held = row.venue_reference !== null && (await this.adapter.heldBy?.(row.venue_reference));
    return this.causes(row, common, { ahead: place?.ahead ?? 0, held: held || null });
  }

  /** Returns orders not sent for `forMs`, the oldest first. */
  async waiting(forMs: number, most: number): Promise<readonly WaitingOrder[]> {
    const rows = await this.database.query<FactsRow>(FACTS_OF_WAITING, [forMs, most]);
    if (rows.length === 0) return [];
    const common = await this.common();
    return rows.map((row, index) => ({
      withdrawalId: row.withdrawal_id,
      digest: row.digest,
      causes: this.causes(row, common, { ahead: index, held: null }),
    }));
  }

  private async common(): Promise<Common> {
    const [halts, pauses] = await Promise.all([
      this.lifts.inForce(this.database),
      this.database.query<PauseRow>(PAUSES),
    ]);
    return { halts, pauses };
  }

  private causes(
    row: FactsRow,
    { halts, pauses }: Common,
    { ahead, held }: { readonly ahead: number; readonly held: string | null },
  ): readonly WaitCause[] {
    const { asset, account_id: accountId, behind, behind_state: state } = row;
    return waitCausesOf({
      state: row.state,
      isUnlisted: row.is_unlisted,
      refusedByNodes: held,
      halts: halts.filter((halt) => covers(halt, row)),
      processFault: this.faults.ofProcess(),
      permitFault: this.faults.ofPermit({ asset, accountId }),
      pause: this.pauseOf(row, pauses),
      before: beforeSending(row),
      equal: behind === null ? null : { withdrawalId: behind, state: state ?? '' },
      postponed: row.postponed,
      ahead,
    });
  }

  private pauseOf(
    { form: name, asset }: FactsRow,
    pauses: readonly PauseRow[],
  ): WaitFacts['pause'] {
    const form = this.venue.forms.find((one) => one.form === name);
    if (!form) return null;
    const endpoints = [form.submitEndpoint, laneOf(form, asset)];
    const pause = pauses.find(({ endpoint }) => endpoints.includes(endpoint));
    return pause ? { until: pause.until.toISOString(), cause: pause.cause } : null;
  }
}

/** Same rule as the SQL condition `haltedSql` in the claiming statements. */
function covers(
  { scope, target }: HaltEntity,
  { asset, account_id: accountId, key_id: keyId }: FactsRow,
): boolean {
  if (target === null) return true;
  if (scope === 'key') return target === keyId;
  return target === (scope === 'asset' ? asset : accountId);
}

function beforeSending(row: FactsRow): WaitFacts['before'] {
  if (row.is_looked_up) return row.is_published ? 'person' : 'look_up';
  return row.is_unconfirmed ? 'confirmation' : null;
}

/** Facts of waiting submissions `s`. The cause of a postponement counts until the next try is over. */
const FACTS = `
  SELECT s.withdrawal_id, s.digest, s.state, s.form, s.venue_reference, s.asset, s.account_id, s.key_id, s.not_listed_at IS NOT NULL AS is_unlisted,
         s.state = 'prepared' AND ${LOOKED_UP_FIRST} AS is_looked_up, s.state = 'prepared' AND s.unconfirmed AS is_unconfirmed, s.unknown_published AS is_published,
         CASE WHEN s.next_action_at > clock_timestamp() - interval '5 seconds' THEN s.postponed_for END AS postponed,
         t.withdrawal_id AS behind, t.state AS behind_state
    FROM submission s
    LEFT JOIN LATERAL (
      (SELECT t.withdrawal_id, t.state FROM submission t
        WHERE s.state = 'prepared' AND t.form = s.form AND t.equality_key = s.equality_key AND t.withdrawal_id <> s.withdrawal_id
          AND (t.state IN ('sending','refusing','unknown','undecided') OR (t.state = 'prepared' AND t.lookup_first))
        LIMIT 1)
      UNION ALL
      (SELECT t.withdrawal_id, t.state FROM submission t WHERE s.state = 'prepared' AND ${SHARES_UNNAMED_RECORD} LIMIT 1)
      LIMIT 1) t ON true`;

const FACTS_OF = `${FACTS} WHERE s.withdrawal_id = $1`;

/** Submissions not sent for $1 milliseconds, the oldest first; $2: at most. */
const FACTS_OF_WAITING = `
  ${FACTS} WHERE s.state = 'prepared' AND s.created_at < clock_timestamp() - $1 * interval '1 millisecond' ORDER BY s.seq LIMIT $2`;

const PAUSES = `
  SELECT endpoint, pause_cause AS cause, pause_until AS until FROM rate_slot
   WHERE pause_until > clock_timestamp() AND next_free_at > clock_timestamp() AND pause_cause IS NOT NULL ORDER BY pause_until DESC`;

const AHEAD = `
  SELECT count(*)::int AS ahead FROM submission a JOIN submission s ON a.form = s.form
   WHERE s.withdrawal_id = $1 AND s.state = 'prepared' AND a.state = 'prepared'
     AND (coalesce(a.ordered_at, a.created_at), a.seq) < (coalesce(s.ordered_at, s.created_at), s.seq)`;
