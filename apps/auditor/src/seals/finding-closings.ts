import { Injectable } from '@nestjs/common';
import type { Tx } from '@sluice/postgres';
import {
  type EndedTable,
  InjectPlatform,
  type Platform,
  RecordSeals,
  SealedEnds,
} from '@sluice/service-shell';
import { CHECK_RESUMED } from '../check-reports/report-rows.js';

export const FINDING_ENDS: EndedTable = {
  table: 'finding',
  idType: 'bigint',
  sealed: [
    'id',
    'kind',
    'scope',
    'target',
    'subject',
    'opened_at',
    'closed_at',
    'closed_by',
    'close_approved_by',
    'close_reason',
  ],
  ending: ['closed_at', 'closed_by', 'close_approved_by', 'close_reason'],
};

const OPEN_CONDITION = 'SELECT FROM finding WHERE is_condition AND closed_at IS NULL LIMIT 1';
/** Statements that end conditions; each returns the ids. */
const CONDITION_ENDS = [
  // a reading that began after the condition, of the balances if they were missing
  `UPDATE finding f SET closed_at = clock_timestamp(), close_reason = 'the record was read to its end again'
     FROM venue_reading r
    WHERE f.kind = 'venue_not_read' AND f.is_condition AND f.closed_at IS NULL AND r.venue = f.target
      AND CASE WHEN f.evidence->'balances_read_at' IS NULL THEN r.completed_at ELSE r.balances_read_at END > f.opened_at
   RETURNING f.id::text`,
  CHECK_RESUMED,
];

type Forged = Readonly<Record<string, unknown>>;

/**
 * Ends passed conditions, and verifies closings: a forged one reopens its finding, and withholds
 * permits.
 */
@Injectable()
export class FindingClosings {
  private readonly ends: SealedEnds;
  /** Called with each forged closing, after it was undone. */
  onForged: (closing: Forged) => Promise<void> = () => Promise.resolve();
  private areVerified = false;
  private readonly unitOfWork: Platform['unitOfWork'];

  constructor(
    @InjectPlatform() platform: Pick<Platform, 'database' | 'unitOfWork' | 'logger'>,
    seals: RecordSeals,
  ) {
    const { database, unitOfWork, logger } = platform;
    this.unitOfWork = unitOfWork;
    this.ends = new SealedEnds(FINDING_ENDS, {
      database,
      seals,
      logger,
      onForged: (forged) => this.onForged(forged),
    });
  }

  /** Ids of the findings with a verified closing, for `inForceSql`. */
  get verified(): readonly string[] {
    return this.ends.ids;
  }

  /** False until every stored closing was verified once: until then closed findings count as open. */
  get haveBeenVerified(): boolean {
    return this.areVerified;
  }

  async look(): Promise<void> {
    await this.endConditions();
    for (let before = -1; before < this.verified.length;) {
      before = this.verified.length;
      await this.ends.look();
    }
    this.areVerified = true;
  }

  /** Seals a closing, in its transaction. */
  async seal(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    await this.ends.seal(tx, id);
    await tx.query(NOTIFY_FINDINGS);
  }

  private async endConditions(): Promise<void> {
    const open = await this.unitOfWork.database.query(OPEN_CONDITION);
    if (open.length === 0) return;
    await this.unitOfWork.run(async (tx) => {
      for (const end of CONDITION_ENDS)
        for (const { id } of await tx.query<{ id: string }>(end)) await this.seal(tx, id);
    });
  }
}

const at = (column: string): string =>
  `to_char(f.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Values under the seal of a finding, beside its number. */
const CONTENT = `ARRAY[f.kind, f.scope, f.target, f.subject, encode(sha256(convert_to(f.evidence::text, 'UTF8')), 'hex'), ${at('fact_at')}, ${at('opened_at')}]::text[]`;

export const OPENED_NOW = `
  SELECT f.id::text, ${CONTENT} AS content FROM finding f
   WHERE f.open_seal IS NULL AND f.xmin = pg_current_xact_id()::xid ORDER BY f.id`;

export const TAKE_NUMBERS = `UPDATE finding_counter SET last = last + $1 RETURNING last::float8`;

export const KEEP_SEALS = `
  UPDATE finding f SET number = r.number, open_seal = r.seal
    FROM json_to_recordset($1::json) AS r(id bigint, number bigint, seal text) WHERE f.id = r.id`;

export const SEALED_FINDINGS = `
  SELECT c.last::float8 AS last,
         (SELECT coalesce(json_agg(json_build_object('id', f.id::text, 'number', f.number, 'content', ${CONTENT}, 'seal', f.open_seal) ORDER BY f.id), '[]')
            FROM finding f) AS findings
    FROM finding_counter c`;

export const OPEN_ALTERED = `
  INSERT INTO finding (kind, scope, subject, evidence, fact_at)
  SELECT 'finding_altered', 'all', subject, evidence, clock_timestamp()
    FROM json_to_recordset($1::json) AS r(subject text, evidence json)
  ON CONFLICT DO NOTHING`;

/** Channel on which instances learn of opened and closed findings. */
export const FINDINGS_CHANNEL = 'audit_findings';

/** Part of the transaction that opens or closes a finding: other instances learn of the commit. */
export const NOTIFY_FINDINGS = `SELECT pg_notify('${FINDINGS_CHANNEL}', '')`;
