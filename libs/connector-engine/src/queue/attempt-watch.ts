import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@sluice/postgres';
import { SendAuthority } from '../authority/send-authority.js';
import { READ_ATTEMPTS } from '../attempts/attempt-numbers-sql.js';
import type { ClaimedRow } from './claimed-row.js';
import { ClaimCommits } from './claim-commits.js';

interface SealedRow {
  readonly withdrawal_id: string;
  readonly number: number;
  readonly request: string;
  readonly request_seal: string;
  readonly serial_number: number;
}

/** Row of `READ_ATTEMPTS`. */
export interface ReadAttempts extends Pick<ClaimedRow, 'numbering'> {
  readonly sealed: readonly SealedRow[];
}

/** Compares the stored attempts with the numbers known by this process and with their seals. */
@Injectable()
export class AttemptWatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: ClaimCommits,
    private readonly authority: SendAuthority,
  ) {}

  /** Begins a comparison. Must be called before the statement that reads the attempts. */
  comparison(): (read: ReadAttempts) => Promise<void> {
    const compareNumbers = this.claims.comparison();
    return async (read) => {
      await compareNumbers(read);
      const moved = read.sealed.find((row) => !this.isSealed(row));
      if (moved === undefined) return;
      const { withdrawal_id: withdrawalId, serial_number: number } = moved;
      await this.claims.halt({
        subject: `number ${number}`,
        details: `the attempt with the number ${number} is not an attempt of ${withdrawalId}: another party has written the attempts of this database`,
      });
    };
  }

  async compare(): Promise<void> {
    const compare = this.comparison();
    const [read] = await this.unitOfWork.database.query<ReadAttempts>(READ_ATTEMPTS, []);
    if (read) await compare(read);
  }

  private isSealed({
    withdrawal_id: withdrawalId,
    number,
    request,
    request_seal: seal,
  }: SealedRow) {
    return this.authority.isRequest({ withdrawalId, number }, request, seal);
  }
}
