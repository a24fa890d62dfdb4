import { GroupCommit, type Database } from '@sluice/postgres';

/** One request whose signature is right: is it new, and is there room in its key's minute? */
export interface Knock {
  readonly signature: string;
  /** The request's own time, whole seconds. */
  readonly timestamp: number;
  readonly keyId: string;
  readonly rateLimit: number;
  /** A request from a forbidden address uses up its signature but none of the key's limit. */
  readonly counts: boolean;
}

export type Admission = 'admitted' | 'signature_used' | 'rate_limited';

const RECORD_SECONDS = 300;

/**
 * Replay store and per-key limit for all requests of a moment in one statement. Both live in the database, so several
 * instances share them; if it cannot be reached the request is refused, never let through.
 */
export class AdmissionStore {
  private readonly group: GroupCommit<Knock, Admission>;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {
    this.group = new GroupCommit((knocks) => this.admitAll(knocks));
  }

  admit(knock: Knock): Promise<Admission> {
    return this.group.add(knock);
  }

  /** Deletes what can no longer matter: a signature until its timestamp leaves the window, a count after its minute. */
  async sweep(): Promise<void> {
    const minute = Math.floor(this.now() / 60_000);
    // A stamp may lie up to 300 s in the future when it is first used: keep its minute until that is 300 s in the past.
    await this.database.query('DELETE FROM used_signature WHERE minute < $1', [minute - RECORD_SECONDS / 60 - 1]);
    await this.database.query('DELETE FROM rate_window WHERE minute < $1', [minute - 1]);
  }

  private async admitAll(knocks: readonly Knock[]): Promise<Admission[]> {
    const [row] = await this.database.query<{ fresh: string[] | null; used: Record<string, number> | null }>(
      `WITH knock AS (SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bool[]) AS k (minute, signature, key_id, counts)),
            fresh AS (INSERT INTO used_signature (minute, signature) SELECT minute, decode(signature, 'hex') FROM knock ORDER BY 1, 2
                      ON CONFLICT DO NOTHING RETURNING encode(signature, 'hex') AS signature),
            counted AS (INSERT INTO rate_window (key_id, minute, used)
                        SELECT key_id, $5, count(DISTINCT signature) FROM knock JOIN fresh USING (signature) WHERE counts GROUP BY key_id ORDER BY key_id
                        ON CONFLICT (key_id, minute) DO UPDATE SET used = rate_window.used + excluded.used RETURNING key_id, used)
       SELECT (SELECT array_agg(signature) FROM fresh) AS fresh, (SELECT json_object_agg(key_id, used) FROM counted) AS used`,
      [
        knocks.map((knock) => Math.floor(knock.timestamp / 60)),
        knocks.map((knock) => knock.signature),
        knocks.map((knock) => knock.keyId),
        knocks.map((knock) => knock.counts),
        Math.floor(this.now() / 60_000),
      ],
    );
    return verdicts(knocks, new Set(row?.fresh ?? []), row?.used ?? {});
  }
}

/** Hands out the places of a key's minute in the order in which the requests came. */
function verdicts(knocks: readonly Knock[], fresh: Set<string>, usedAfter: Readonly<Record<string, number>>): Admission[] {
  const counted = Map.groupBy(
    knocks.filter((knock) => knock.counts && fresh.has(knock.signature)),
    (knock) => knock.keyId,
  );
  const places = new Map(
    [...counted].map(([keyId, group]) => [keyId, (usedAfter[keyId] ?? 0) - new Set(group.map((knock) => knock.signature)).size]),
  );
  return knocks.map((knock) => {
    if (!fresh.delete(knock.signature)) return 'signature_used';
    if (!knock.counts) return 'admitted';
    const place = (places.get(knock.keyId) ?? 0) + 1;
    places.set(knock.keyId, place);
    return place > knock.rateLimit ? 'rate_limited' : 'admitted';
  });
}
