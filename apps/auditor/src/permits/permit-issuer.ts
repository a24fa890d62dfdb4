import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { auditorPermits, encode, type WireMessage } from '@sluice/messages';
import { rowsJson, type Tx } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import {
  inForceSql,
  InjectConfig,
  InjectPlatform,
  LoopingService,
  type Platform,
} from '@sluice/service-shell';
import type { PermitSigningKey } from '@sluice/signing';
import { Checks } from '../checks/checks.js';
import { ALL_VENUES, type DatabaseGlance, Glance } from '../glance/glance.js';
import { restUntil } from '../writes/fact-writes.js';
import { FINDING_ENDS, FindingClosings } from '../seals/finding-closings.js';
import {
  type Cover,
  decidePermit,
  isRecent,
  type OpenFinding,
  type OwnWork,
  type PermitState,
  textOfCover,
} from './decide-permit.js';

/** Time between two looks while a permit is due or a finding may change. */
const LOOK_MS = 1_000;
/** Longest time between two looks. Notifications of opened and closed findings end the rest. */
const AT_REST_MS = 5_000;
/** A permit of two minutes is renewed every 20 s. */
const RENEWALS_PER_LIFE = 6;
const LOOKS_PER_RENEWAL = 4;

interface IssuerSettings {
  readonly signingKey: PermitSigningKey;
  readonly permitLifeMs: number;
}

type Parts = Pick<Platform, 'database' | 'unitOfWork' | 'logger'>;

interface Due {
  readonly venue: string;
  readonly cover: Cover;
}

interface Issued {
  readonly venue: string;
  readonly number: number;
  readonly issued_at: Date;
}

/** Issues every venue's permits. Any instance may: the venue's row gives the number. */
@Injectable()
export class PermitIssuer extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly database: Parts['database'];
  private readonly unitOfWork: Parts['unitOfWork'];
  private readonly logger: Parts['logger'];
  private readonly restMs: number;
  private readonly renewalMs: number;
  /** Since when messages and readings of a venue are recent, by the database's clock. */
  private readonly recentSince = new Map<string, Date>();
  private areVenuesStored = false;

  constructor(
    @InjectPlatform() { database, unitOfWork, logger }: Parts,
    private readonly checks: Checks,
    private readonly closings: FindingClosings,
    private readonly glance: Glance,
    @InjectConfig() private readonly settings: IssuerSettings,
  ) {
    super();
    [this.database, this.unitOfWork, this.logger] = [database, unitOfWork, logger];
    const intervalMs = settings.permitLifeMs / RENEWALS_PER_LIFE;
    this.restMs = Math.min(Math.max(intervalMs / LOOKS_PER_RENEWAL, LOOK_MS), AT_REST_MS);
    this.renewalMs = intervalMs - this.restMs / 2; // due at the nearest look
    this.loop = new BackgroundLoop('permits', logger, () => this.look(), {
      firstRestMs: LOOK_MS,
      afterFaultMs: LOOK_MS,
    });
    glance.onFindings = () => this.loop.wake();
  }

  private async look(): Promise<number> {
    if (!this.closings.haveBeenVerified) await this.closings.look();
    if (!this.areVenuesStored) await this.database.query(ADD_VENUES, [ALL_VENUES]);
    this.areVenuesStored = true;
    let seen = await this.glance.read();
    if (mayEnd(seen)) {
      await this.closings.look();
      this.glance.forget();
      seen = await this.glance.read();
    }
    const states = statesOf(seen);
    for (const state of states) this.note(state);
    const due = this.dueOf(states, seen.findings).map(({ venue }) => venue);
    if (due.length > 0) await this.unitOfWork.run((tx) => this.issue(tx, due));
    return mayEnd(seen) || this.lacksPermit(states, due) ? LOOK_MS : restUntil(this.restMs);
  }

  /** True if a permit is due, and could not be issued now. */
  private lacksPermit(states: readonly PermitState[], issued: readonly string[]): boolean {
    return states.some(
      ({ venue, now, issued_at: issuedAt }) =>
        !issued.includes(venue) &&
        (issuedAt === null || now.getTime() - issuedAt.getTime() >= this.renewalMs),
    );
  }

  private async issue(tx: Tx, venues: readonly string[]): Promise<void> {
    const states = await tx.query<PermitState>(LOCK_PERMIT_STATES, [venues]);
    const findings = await tx.query<OpenFinding>(OPEN_FINDINGS, [this.closings.verified]);
    const due = this.dueOf(states, findings);
    if (due.length === 0) return;
    const rows = due.map(({ venue, cover }) => ({ venue, cover: textOfCover(cover) }));
    const covers = new Map(due.map(({ venue, cover }) => [venue, cover]));
    for (const issued of await tx.query<Issued>(ISSUE, [rowsJson(rows)])) {
      const cover = covers.get(issued.venue);
      if (cover) tx.publish(this.message(issued, cover));
    }
    this.report(due, states);
  }

  private dueOf(states: readonly PermitState[], findings: readonly OpenFinding[]): Due[] {
    return states.flatMap((state) => {
      const { venue } = state;
      const cover = decidePermit(state, findings, this.workOn(venue), this.renewalMs);
      return cover === null ? [] : [{ venue, cover }];
    });
  }

  private note(state: PermitState): void {
    const { venue, now } = state;
    if (!isRecent(state, this.isRead(venue))) this.recentSince.delete(venue);
    else if (!this.recentSince.has(venue)) {
      this.recentSince.set(venue, now);
      this.checks.lookNow(); // a permit needs a comparison that begins later
    }
  }

  private workOn(venue: string): OwnWork {
    return {
      isRead: this.isRead(venue),
      recentSince: this.recentSince.get(venue) ?? null,
      comparedFrom: this.checks.comparedFrom,
    };
  }

  private isRead(venue: string): boolean {
    return this.checks.compared.includes(venue);
  }

  private message({ venue, number, issued_at: issuedAt }: Issued, cover: Cover): WireMessage {
    const { signingKey, permitLifeMs } = this.settings;
    const expiresAt = new Date(issuedAt.getTime() + permitLifeMs);
    const permit = signingKey.sign({ venue, number, issuedAt, expiresAt, ...cover });
    return encode(auditorPermits, {
      id: randomUUIDv7(),
      source: 'auditor',
      subject: venue,
      time: issuedAt.toISOString(),
      type: 'auditor.permit-issued.v1',
      data: { venue, permit },
    });
  }

  private report(due: readonly Due[], states: readonly PermitState[]): void {
    const before = new Map(states.map(({ venue, cover }) => [venue, cover]));
    for (const { venue, cover } of due) {
      if (textOfCover(cover) === before.get(venue)) continue;
      const { granted, withheld } = cover;
      if (granted) this.logger.info({ venue, withheld }, 'payments of the venue are permitted');
      else this.logger.error({ venue }, 'the permit of the venue is withdrawn');
    }
  }
}

/** True while a condition may end, or a closing is not verified. */
function mayEnd({ findings }: DatabaseGlance): boolean {
  return findings.some((one) => one.is_closed || one.is_condition);
}

function statesOf({ at, followedThrough, venues }: DatabaseGlance): readonly PermitState[] {
  return venues.map(({ venue, readAt, cover, issuedAt }) => ({
    venue,
    now: at,
    followed_through: followedThrough,
    read_at: readAt,
    cover,
    issued_at: issuedAt,
  }));
}

const ADD_VENUES = `
  INSERT INTO issued_permit (venue) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`;

const STATES = `
  SELECT p.venue, clock_timestamp() AS now, a.followed_through, r.completed_at AS read_at, p.cover, p.issued_at
    FROM issued_permit p CROSS JOIN audit_progress a LEFT JOIN venue_reading r USING (venue)
   WHERE p.venue = ANY ($1)
   ORDER BY p.venue`;

/** Locks the rows: of several instances, one issues the next permit of a venue. */
const LOCK_PERMIT_STATES = `${STATES} FOR UPDATE OF p SKIP LOCKED`;

/**
 * Read after the rows are locked: later numbers know every earlier finding. `$1`: verified
 * closings.
 */
export const OPEN_FINDINGS = `
  SELECT DISTINCT scope, target, is_condition FROM finding f WHERE ${inForceSql('f', FINDING_ENDS, '$1')}`;

/** Numbers are at least the time in milliseconds: they grow even after a restore. */
const ISSUE = `
  UPDATE issued_permit p
     SET number = greatest(p.number + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint), cover = n.cover, issued_at = clock_timestamp()
    FROM json_to_recordset($1::json) AS n(venue text, cover text)
   WHERE p.venue = n.venue
  RETURNING p.venue, p.number::float8 AS number, p.issued_at`;
