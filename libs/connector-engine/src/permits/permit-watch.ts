import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Health, InjectLogger, Permits } from '@sluice/service-shell';
import type { HeldPermit, PermitStatement, PermittedOrder } from '@sluice/signing';
import { InjectCapabilities } from '../tokens/tokens.js';

const LOOK_MS = 1_000;
/** Interval for a process with notifications: finds the permit of a lost notification. */
const LOOK_AT_REST_MS = 10_000;
const watched = new Map<string, HeldPermit>();
new Gauge({
  name: 'sluice_permit_seconds',
  help: 'Seconds until the auditor’s newest permit of the venue ends; 0: payments wait for a permit',
  labelNames: ['venue'],
  collect() {
    for (const [venue, held] of watched)
      this.set({ venue }, held.venueFault() === null ? held.leftMs() / 1_000 : 0);
  },
});

/**
 * The auditor's permits of this venue, stored by one instance and verified again by every one. The
 * database proves nothing: only the newest permit signed by the auditor counts.
 */
@Injectable()
export class PermitWatch {
  readonly loop: BackgroundLoop;
  private restMs = LOOK_MS;

  constructor(
    private readonly database: Database,
    @Inject(Permits) readonly permits: Permits,
    @InjectCapabilities() { venue }: Pick<VenueCapabilities, 'venue'>,
    @InjectLogger() logger: Logger,
    health: Health,
  ) {
    const again = { firstRestMs: LOOK_MS, afterFaultMs: LOOK_MS };
    const look = () => this.look().then(() => this.restMs);
    this.loop = new BackgroundLoop("the auditor's permit", logger, look, again);
    if (!permits.areRequired) return;
    watched.set(venue, permits.held);
    health.add('permit', () => {
      const fault = permits.held.venueFault();
      return fault === null ? [] : [fault];
    });
  }

  /** Rests longer between two looks. The returned callback must be called at each stored permit. */
  whenStored(): () => void {
    this.restMs = LOOK_AT_REST_MS;
    return () => this.loop.wake();
  }

  /** Parameter of `permittedSql`, for a claiming statement about to run. */
  get parameter(): string | null {
    return permitParameter(this.permits);
  }

  /** As `Permits.fault`. */
  fault(order: PermittedOrder): string | null {
    return this.permits.fault(order);
  }

  /** Reason why the order waits for a permit; null also while permits are advisory. Counts nothing. */
  missing(order: PermittedOrder): string | null {
    return this.permits.areRequired ? this.permits.held.fault(order) : null;
  }

  /** Takes permits as they come from Kafka, oldest first, and stores the newest. */
  async learn(permits: readonly string[]): Promise<void> {
    const taken = permits.filter((permit) => this.permits.take(permit));
    if (taken.length > 0) await this.store(null);
  }

  /** Takes the stored permit, and replaces a stored permit that does not count. */
  async look(): Promise<void> {
    const [row] = await this.database.query<{ permit: string }>(READ_PERMIT);
    if (row && !this.permits.take(row.permit)) await this.store(row.permit);
  }

  private async store(instead: string | null): Promise<void> {
    const newest = this.permits.held.current();
    if (newest === null) return;
    const { text, statement } = newest;
    await this.database.query(STORE_PERMIT, [statement.number, text, coverOf(statement), instead]);
  }
}

/**
 * True for a submission `s` covered by a permit, in every claim. `permit`: placeholder of the
 * verified permit (`permitParameter`); null covers nothing.
 */
export function permittedSql(permit: string): string {
  return `
  ((SELECT (${permit}::jsonb ->> 'until')::timestamptz) > clock_timestamp()
   AND NOT EXISTS (SELECT FROM auditor_permit n WHERE n.number > (${permit}::jsonb ->> 'number')::bigint AND n.cover <> ${permit}::jsonb ->> 'cover')
   AND NOT (SELECT ${permit}::jsonb -> 'assets') ? s.asset
   AND NOT (SELECT ${permit}::jsonb -> 'accounts') ? s.account_id::text)`;
}

const READ_PERMIT = 'SELECT permit FROM auditor_permit';

/** Stores a verified permit, unless a later one is stored. `$4`: a stored invalid permit to replace. */
const STORE_PERMIT = `
  INSERT INTO auditor_permit AS p (number, permit, cover) VALUES ($1, $2, $3)
  ON CONFLICT (only_row) DO UPDATE
    SET number = EXCLUDED.number, permit = EXCLUDED.permit, cover = EXCLUDED.cover, stored_at = clock_timestamp()
  WHERE p.number < EXCLUDED.number OR p.permit = $4`;

/** Covers every order: for connectors with advisory permits. */
const ANY_ORDER = JSON.stringify({
  number: Number.MAX_SAFE_INTEGER,
  until: 'infinity',
  cover: '',
  assets: [],
  accounts: [],
});

interface KnownPermits {
  readonly areRequired: boolean;
  readonly held: Pick<HeldPermit, 'current'>;
}

/** Parameter of `permittedSql`; null if nothing is covered. */
export function permitParameter({ areRequired, held }: KnownPermits): string | null {
  if (!areRequired) return ANY_ORDER;
  const permit = held.current();
  if (!permit?.statement.granted) return null;
  const { number, withheld } = permit.statement;
  return JSON.stringify({
    number,
    until: new Date(permit.endsAtMs),
    cover: coverOf(permit.statement),
    ...withheld,
  });
}

/** Text of what a permit covers: equal for a renewal without change. */
function coverOf({ granted, withheld }: PermitStatement): string {
  return JSON.stringify([granted, withheld.assets, withheld.accounts]);
}
