import { Injectable } from '@nestjs/common';
import { asWritten, type InboxItemDto, type InboxKind, type Role } from '@sluice/http-api';
import { Database } from '@sluice/postgres';

/** Items listed of each kind. */
const MOST_OF_A_KIND = 100;

/** Items of one kind that wait for people. */
interface InboxSource {
  readonly kind: InboxKind;
  /** A person with one of the roles may act. */
  readonly roles: readonly Role[];
  /** People that the whole action takes. A row may have `people` of its own. */
  readonly people: 1 | 2;
  /** Venue of the rows, unless a row has its own. */
  readonly venue?: string;
  /**
   * Rows with the columns id, title and since, and any of withdrawal_id, account_id, venue, asset,
   * asked_by, expires_at, people and more; at most `$1` rows. `more` is true where the statement has
   * not searched every row.
   */
  readonly sql: string;
  /** Parameters from `$2` on. */
  readonly params?: () => readonly unknown[];
}

interface InboxRow extends Partial<Omit<InboxItemDto, 'since' | 'expires_at'>> {
  readonly id: string;
  readonly title: string;
  readonly since: Date;
  readonly expires_at?: Date | null;
}

const LONGEST_TITLE = 1_500;

/** Everything at this service that waits for people. Each part of a service adds its kinds. */
@Injectable()
export class Inbox {
  private readonly sources: InboxSource[] = [APPROVALS, DEAD_LETTERS];

  constructor(private readonly database: Database) {}

  add(...sources: readonly InboxSource[]): void {
    this.sources.push(...sources);
  }

  /** Items of every kind, oldest first. Throws if a kind cannot be read: a list without it would be wrong. */
  async items(): Promise<InboxItemDto[]> {
    const items: InboxItemDto[] = [];
    for (const source of this.sources) items.push(...(await this.itemsOf(source)));
    return items.toSorted((one, other) => one.since.localeCompare(other.since));
  }

  private async itemsOf(source: InboxSource): Promise<InboxItemDto[]> {
    const { kind, roles, people, venue = null, sql, params } = source;
    const rows = await this.database.query<InboxRow>(sql, [
      MOST_OF_A_KIND + 1,
      ...(params?.() ?? []),
    ]);
    const more = rows.length > MOST_OF_A_KIND || rows.some((row) => row.more);
    return rows.slice(0, MOST_OF_A_KIND).map((row) =>
      asWritten<InboxItemDto>({
        kind,
        id: row.id,
        title: row.title.slice(0, LONGEST_TITLE),
        withdrawal_id: row.withdrawal_id ?? null,
        account_id: row.account_id ?? null,
        venue: row.venue ?? venue,
        asset: row.asset ?? null,
        since: row.since,
        asked_by: row.asked_by ?? null,
        expires_at: row.expires_at ?? null,
        roles,
        people: row.people ?? people,
        more,
      }),
    );
  }
}

/** The target of a decision about a submission is the withdrawal. */
const APPROVALS: InboxSource = {
  kind: 'approval',
  roles: ['approve'],
  people: 2,
  sql: `
    SELECT id::text, requested_by || ' asks a second person to ' || action || ' ' || target AS title,
           CASE WHEN action = 'decide submission' THEN target END AS withdrawal_id, requested_at AS since, requested_by AS asked_by, expires_at
      FROM approval WHERE approved_at IS NULL AND voided_at IS NULL AND expires_at > clock_timestamp() ORDER BY approval.id LIMIT $1`,
};

const DEAD_LETTERS: InboxSource = {
  kind: 'dead_letter',
  roles: ['operate'],
  people: 1,
  sql: `
    SELECT id::text, 'A message of ' || topic || ' cannot be processed: ' || left(cause, 1000) AS title, dead_lettered_at AS since
      FROM dead_letter WHERE replayed_at IS NULL AND dismissed_at IS NULL ORDER BY dead_letter.id LIMIT $1`,
};
