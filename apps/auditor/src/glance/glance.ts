import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { VENUES, WALLET } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { inForceSql } from '@sluice/service-shell';
import type { SealedTable } from '../seals/finding-seals.js';
import {
  FINDING_ENDS,
  FindingClosings,
  FINDINGS_CHANNEL,
  SEALED_FINDINGS,
} from '../seals/finding-closings.js';

const SHARED_MS = 500;
/** A little less than the interval of the verification of findings, and the age of its last rows. */
const [SEALED_AGAIN_MS, RECENT_MS] = [4_500, 1_000];

export const ALL_VENUES: readonly string[] = [...VENUES, WALLET];

interface SeenVenue {
  readonly venue: string;
  /** Begin of the last complete reading. */
  readonly readAt: Date | null;
  readonly cover: string | null;
  readonly issuedAt: Date | null;
}

interface SeenFinding {
  readonly scope: 'all' | 'venue' | 'asset' | 'account';
  readonly target: string | null;
  readonly is_condition: boolean;
  /** True for a closing that this process has not verified. */
  readonly is_closed: boolean;
}

export interface DatabaseGlance {
  readonly at: Date;
  /** Every message published before is stored; null: not known. */
  readonly followedThrough: Date | null;
  /** True while a fact waits for a comparison whose outcome may change. */
  readonly waits: boolean;
  readonly venues: readonly SeenVenue[];
  readonly findings: readonly SeenFinding[];
}

interface SeenRow {
  readonly at: Date;
  readonly followed_through: Date | null;
  readonly waits: boolean;
  readonly venues: readonly (Pick<SeenVenue, 'venue' | 'cover'> & {
    readonly read_at: string | null;
    readonly issued_at: string | null;
  })[];
  readonly findings: readonly SeenFinding[];
  readonly sealed: SealedTable | null;
}

/**
 * State with which comparisons, positions and permits begin, in one transaction at rest. Decisions
 * read rows of their own transaction again.
 */
@Injectable()
export class Glance implements OnApplicationBootstrap {
  /** Called after a finding was opened or closed by any instance. */
  onFindings: () => void = () => undefined;
  /** Called after a later moment was noted up to which every message is stored. */
  onPosition: () => void = () => undefined;
  private last: { readonly atMs: number; readonly seen: Promise<DatabaseGlance> } | null = null;
  private sealed: SealedTable | null = null;
  private sealedAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly closings: FindingClosings,
  ) {}

  /** A lost notification costs the interval of the loop. */
  onApplicationBootstrap(): Promise<void> {
    return this.database.listen(FINDINGS_CHANNEL, () => {
      this.forget();
      this.onFindings();
    });
  }

  read(): Promise<DatabaseGlance> {
    if (this.last && monotonicMs() - this.last.atMs < SHARED_MS) return this.last.seen;
    const last = { atMs: monotonicMs(), seen: this.query() };
    last.seen.catch(() => {
      if (this.last === last) this.last = null;
    });
    this.last = last;
    return last.seen;
  }

  forget(): void {
    this.last = null;
  }

  /** The findings of a recent glance, for the verification of their seals; null without one. */
  takeSealed(): SealedTable | null {
    const sealed = monotonicMs() - this.sealedAtMs < RECENT_MS ? this.sealed : null;
    this.sealed = null;
    return sealed;
  }

  private async query(): Promise<DatabaseGlance> {
    const isSealedDue = monotonicMs() - this.sealedAtMs >= SEALED_AGAIN_MS;
    const params = [ALL_VENUES, this.closings.verified, isSealedDue];
    const [row] = await this.database.query<SeenRow>(GLANCE, params);
    if (!row) throw new Error('the table audit_progress has no row');
    if (row.sealed !== null) [this.sealed, this.sealedAtMs] = [row.sealed, monotonicMs()];
    return seenOf(row);
  }
}

function seenOf({ at, followed_through, waits, venues, findings }: SeenRow): DatabaseGlance {
  return {
    at,
    followedThrough: followed_through,
    waits,
    venues: venues.map(({ venue, cover, read_at, issued_at }) => ({
      venue,
      cover,
      readAt: timeOf(read_at),
      issuedAt: timeOf(issued_at),
    })),
    findings,
  };
}

function timeOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** Accounts whose open holds exceed the balance, among those with a known opening. */
export const SHORT_ACCOUNTS = `
  SELECT a.account_id, a.asset, a.balance, a.held
    FROM short_account s
    JOIN audited_opening o ON o.account_id = s.account_id
    JOIN audited_account a ON a.account_id = s.account_id AND a.asset = s.asset
   WHERE a.balance < a.held`;

/** True while a fact waits for a comparison whose outcome may change. */
const WAITS = `(
  EXISTS (SELECT FROM changed_groups)
  OR EXISTS (SELECT FROM venue_payment WHERE withdrawal_id IS NULL AND flagged_at IS NULL AND status <> 'failed')
  OR EXISTS (${SHORT_ACCOUNTS})
  OR EXISTS (SELECT FROM venue_balance_reading)
  OR EXISTS (SELECT FROM audited_withdrawal WHERE state = 'released' AND release_judged_at IS NULL)
  OR EXISTS (SELECT FROM finding WHERE is_condition AND closed_at IS NULL))`;

/**
 * `$1`: venues with permits; `$2`: findings with a verified closing; `$3`: true to read sealed
 * findings.
 */
const GLANCE = `
  SELECT clock_timestamp() AS at, a.followed_through, ${WAITS} AS waits,
         (SELECT coalesce(json_agg(json_build_object('venue', v.venue, 'read_at', r.completed_at, 'cover', p.cover, 'issued_at', p.issued_at) ORDER BY v.venue), '[]')
            FROM unnest($1::text[]) AS v(venue) LEFT JOIN issued_permit p USING (venue) LEFT JOIN venue_reading r USING (venue)) AS venues,
         (SELECT coalesce(json_agg(f), '[]') FROM (
            SELECT DISTINCT scope, target, is_condition, closed_at IS NOT NULL AS is_closed FROM finding f WHERE ${inForceSql('f', FINDING_ENDS, '$2')}) f) AS findings,
         CASE WHEN $3::boolean THEN (SELECT row_to_json(s) FROM (${SEALED_FINDINGS}) s) END AS sealed
    FROM audit_progress a`;
