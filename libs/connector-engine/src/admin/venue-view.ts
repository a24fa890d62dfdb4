import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import type { VenueDto } from '@sluice/http-api';
import { Amount, type Asset, CEILING_SPANS, type CeilingSpan } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { Ceilings, SENT_THIS_HOUR, SENT_TODAY, sumsOf } from '../ceilings/ceilings.js';
import { VenueClock } from '../clock/venue-clock.js';
import { InjectCapabilities } from '../tokens/tokens.js';

const BALANCES =
  'SELECT currency, total::text, expected::text, read_at FROM venue_balance ORDER BY currency';

const SENT = `
  SELECT a.asset, (${SENT_THIS_HOUR})::text AS hour, (${SENT_TODAY})::text AS day
    FROM sending s CROSS JOIN LATERAL jsonb_object_keys(s.sums) AS a(asset) CROSS JOIN LATERAL ${sumsOf('s', 'a.asset')}`;

const PAUSES = `
  SELECT endpoint, coalesce(pause_cause, 'the venue limits our calls') AS cause, greatest(pause_until, slow_until) AS until
    FROM rate_slot WHERE pause_until > clock_timestamp() OR slow_until > clock_timestamp() ORDER BY endpoint`;

/** Each state by the index that the workers use. */
const QUEUES = [
  "= 'prepared'",
  "IN ('sending', 'repeating', 'refusing', 'accepted', 'unknown', 'undecided')",
]
  .map(
    (states) => `
  SELECT state, count(*)::integer AS count, min(created_at) AS oldest_at FROM submission WHERE state ${states} GROUP BY state`,
  )
  .join(' UNION ALL ');

const RECORDS = 'SELECT form, read_through, read_at FROM record_cursor ORDER BY form';

interface SentRow {
  readonly asset: string;
  readonly hour: string | null;
  readonly day: string | null;
}

/** Reads what this connector knows of its venue: nothing here asks the venue. */
@Injectable()
export class VenueView {
  constructor(
    private readonly database: Database,
    private readonly ceilings: Ceilings,
    private readonly clock: VenueClock,
    @InjectCapabilities() private readonly capabilities: Pick<VenueCapabilities, 'venue'>,
  ) {}

  async read(): Promise<VenueDto> {
    const [balances, sent, pauses, queues, records] = await Promise.all([
      this.database.query<{ currency: string; total: string; expected: string; read_at: Date }>(
        BALANCES,
      ),
      this.database.query<SentRow>(SENT),
      this.database.query<{ endpoint: string; cause: string; until: Date }>(PAUSES),
      this.database.query<{ state: string; count: number; oldest_at: Date }>(QUEUES),
      this.database.query<{ form: string; read_through: Date; read_at: Date }>(RECORDS),
    ]);
    return {
      venue: this.capabilities.venue,
      last_answer_at: this.lastAnswerAt(),
      balances: balances.map(({ read_at: at, ...balance }) => ({
        ...balance,
        read_at: at.toISOString(),
      })),
      limits: this.limits(sent),
      pauses: pauses.map(({ until, ...pause }) => ({ ...pause, until: until.toISOString() })),
      queues: queues.map(({ oldest_at: at, ...queue }) => ({
        ...queue,
        oldest_at: at.toISOString(),
      })),
      records: records.map(({ form, read_through: through, read_at: at }) => ({
        form,
        read_through: through.toISOString(),
        read_at: at.toISOString(),
      })),
    };
  }

  private lastAnswerAt(): string | null {
    const ageMs = this.clock.ageMs();
    return ageMs === null
      ? null
      : new Date(this.database.clock.now().getTime() - ageMs).toISOString();
  }

  private limits(rows: readonly SentRow[]): VenueDto['limits'] {
    return Object.entries(this.ceilings.byAsset).flatMap(([name, ceiling]) => {
      const asset = name as Asset;
      const row = rows.find((one) => one.asset === asset);
      return CEILING_SPANS.map((span) => {
        const sent = sentIn(span, row);
        const left = Amount.of(ceiling[span], asset).minus(Amount.of(sent ?? '0', asset));
        return {
          asset,
          span,
          limit: ceiling[span],
          sent,
          remaining: (left.isNegative() ? Amount.zero(asset) : left).toString(),
        };
      });
    });
  }
}

/** Amount sent in a span; null for a single call, which has no sum. */
function sentIn(span: CeilingSpan, row: SentRow | undefined): string | null {
  return span === 'call' ? null : (row?.[span] ?? '0');
}
