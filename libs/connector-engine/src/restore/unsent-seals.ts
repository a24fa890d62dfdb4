import type { SendAuthority, UnsentBasis } from '../authority/send-authority.js';

/** Reads the seals of unsent orders, with ages by the database's clock. */
export class UnsentSeals {
  constructor(
    private readonly authority: Pick<SendAuthority, 'readUnsent'>,
    private readonly now: () => Date,
  ) {}

  /** Returns the content of the seal; null if wrong. */
  read(
    clientReference: string,
    seal: string,
  ): { readonly basis: UnsentBasis; readonly ageMs: number } | null {
    const unsent = this.authority.readUnsent(clientReference, seal);
    if (unsent === null) return null;
    return { basis: unsent.basis, ageMs: this.now().getTime() - unsent.at.getTime() };
  }

  /** Returns the time as in the text of a seal. */
  timeBefore(ageMs: number): string {
    return new Date(this.now().getTime() - ageMs).toISOString();
  }
}
