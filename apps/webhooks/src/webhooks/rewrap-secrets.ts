import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { SecretBox, type SealedSecret } from '@sluice/secret-box';
import { meaningOf } from './sealed-webhook.js';

export interface Rewrapped {
  readonly sealed: number;
  /** Webhooks whose rows do not open: they stay as they are. */
  readonly refused: readonly string[];
}

const AT_ONCE = 1_000;

/** Seals anew what other key-encrypting keys have sealed; the secrets stay. After that the other keys are needed no more. */
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
      const opened = rows.map((row) => ({ id: row.id, sealed: this.sealAnew(row) }));
      const sealed = opened.filter((row) => row.sealed !== null);
      await this.database.query(WRITE, [
        sealed.map(({ id }) => id),
        sealed.map((row) => JSON.stringify(row.sealed)),
      ]);
      all.sealed += sealed.length;
      all.refused.push(...opened.filter((row) => row.sealed === null).map(({ id }) => id));
      after = last.id;
    }
  }

  private sealAnew({ id, account_id: accountId, url, sealed }: SealedRow): SealedSecret | null {
    const meaning = meaningOf({ id, accountId, url });
    try {
      return this.box.seal(this.box.open(sealed, id, meaning), id, meaning);
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
}

const NONE = '00000000-0000-0000-0000-000000000000';
const READ = `
  SELECT id, account_id, url, sealed FROM webhook WHERE sealed ->> 'kek' <> $1 AND id > $2 ORDER BY id LIMIT $3`;
/** One that was deleted meanwhile has no secret any more. */
const WRITE = `
  UPDATE webhook w SET sealed = s.sealed::jsonb FROM unnest($1::uuid[], $2::text[]) AS s (id, sealed)
   WHERE w.id = s.id AND w.sealed IS NOT NULL`;
