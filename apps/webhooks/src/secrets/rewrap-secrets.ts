import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import { type SealedSecret, SecretBox } from '@sluice/signing';
import { meaningOf, previousMeaningOf } from './webhook-secret.js';

interface Rewrapped {
  readonly sealed: number;
  /** Webhooks with unreadable sealed rows; the rows stay unchanged. */
  readonly refused: readonly string[];
}

const AT_ONCE = 1_000;

/** Seals all secrets with the current key, after which other keys are no longer needed. */
@Injectable()
export class RewrapSecrets {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  async rewrap(): Promise<Rewrapped> {
    const all = { sealed: 0, refused: [] as string[] };
    for (let after = NONE; ;) {
      const rows = await this.database.query<SealedRow>(READ, [this.box.kekId, after, AT_ONCE]);
      const last = rows.at(-1);
      if (!last) return all;
      const opened = rows.map((row) => ({ ...row, sealed: this.sealAnew(row) }));
      const sealed = opened.filter((row) => row.sealed !== null);
      await this.database.query(WRITE, [
        sealed.map(({ id }) => id),
        sealed.map(({ sealed: anew }) => JSON.stringify(anew?.sealed)),
        sealed.map(({ sealed: anew }) => anew?.previous && JSON.stringify(anew.previous)),
        sealed.map(({ revision }) => revision),
      ]);
      all.sealed += sealed.length;
      all.refused.push(...opened.filter((row) => row.sealed === null).map(({ id }) => id));
      after = last.id;
    }
  }

  private sealAnew(row: SealedRow): { sealed: SealedSecret; previous: SealedSecret | null } | null {
    const {
      id,
      account_id: accountId,
      url,
      previous_sealed: previous,
      previous_until: until,
    } = row;
    const of = { id, accountId, url };
    const anew = (sealed: SealedSecret, meaning: string): SealedSecret =>
      this.box.seal(this.box.open(sealed, id, meaning), id, meaning);
    try {
      return {
        sealed: anew(row.sealed, meaningOf(of)),
        previous: previous && until && anew(previous, previousMeaningOf(of, until)),
      };
    } catch {
      return null;
    }
  }
}

interface SealedRow {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly sealed: SealedSecret;
  readonly previous_sealed: SealedSecret | null;
  readonly previous_until: Date | null;
  readonly revision: number;
}

const NONE = '00000000-0000-0000-0000-000000000000';
const READ = `
  SELECT id, account_id, url, sealed, previous_sealed, previous_until, revision FROM webhook
   WHERE (sealed ->> 'kek' <> $1 OR previous_sealed ->> 'kek' <> $1) AND id > $2 ORDER BY id LIMIT $3`;
/** A row deleted or changed meanwhile stays unchanged; the next run finds the row. */
const WRITE = `
  UPDATE webhook w SET sealed = s.sealed::jsonb, previous_sealed = s.previous::jsonb
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[]) AS s (id, sealed, previous, revision)
   WHERE w.id = s.id AND w.sealed IS NOT NULL AND w.revision = s.revision AND (w.previous_sealed IS NULL) = (s.previous IS NULL)`;

const EVERY_MS = 60_000;

/** Removes replaced secrets after the end of their signing time. */
@Injectable()
export class ForgetReplacedSecrets extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(EVERY_MS, 'forget replaced secrets', logger, () =>
      this.forget(),
    );
  }

  async forget(): Promise<void> {
    await this.database.query(FORGET, []);
  }
}

const FORGET = `
  UPDATE webhook SET previous_sealed = NULL, previous_until = NULL WHERE previous_until <= clock_timestamp()`;
