import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@sluice/postgres';
import { SendAuthority } from '../authority/send-authority.js';
import { NEWEST_SEALS } from '../attempts/attempt-numbers-sql.js';
import { ClaimCommits } from './claim-commits.js';

interface SealedRow {
  readonly withdrawal_id: string;
  readonly number: number;
  readonly request: string;
  readonly request_seal: string | null;
  readonly serial_number: number;
}

/** Compares the stored attempts with the numbers known by this process and with their seals. */
@Injectable()
export class AttemptWatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly claims: ClaimCommits,
    private readonly authority: SendAuthority,
  ) {}

  async compare(): Promise<void> {
    await this.claims.compare();
    const rows = await this.unitOfWork.database.query<SealedRow>(NEWEST_SEALS);
    const moved = rows.find((row) => !this.isSealed(row));
    if (moved === undefined) return;
    const { withdrawal_id: withdrawalId, serial_number: number } = moved;
    await this.claims.halt({
      subject: `number ${number}`,
      details: `the attempt with the number ${number} is not an attempt of ${withdrawalId}: another party has written the attempts of this database`,
    });
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
