import { Inject, Injectable } from '@nestjs/common';
import {
  laneOf,
  waitCausesOf,
  type SubmissionState,
  type VenueAdapter,
  type VenueCapabilities,
  type WaitCause,
  type WaitFacts,
} from '@sluice/connector-rules';
import type { Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { HaltLifts, type HaltEntity } from '@sluice/service-shell';
import { InjectCapabilities, InjectVenueAdapter } from '../tokens/tokens.js';
import { SendFaults } from './send-faults.js';
import { AHEAD, FACTS_OF, FACTS_OF_WAITING, PAUSES } from './waiting-sql.js';

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

/** Causes common to all orders, read once for many orders. */
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

/** Reads what holds submissions now: from the tables, and from this process. */
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
