import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { SecretBox, type SealedSecret } from '@sluice/signing';
import type { ConsoleConfig } from '../settings/console-settings.js';
import type { PersonTokens } from '../issuer/issuer.js';

/** Parts of a row to which its sealed tokens are bound. */
interface SealedFor {
  readonly id: string;
  readonly secretHash: string;
  readonly person: string;
}

/** Seals what the database must not show: with the database alone no token can be used. */
@Injectable()
export class TokenSeals {
  private readonly box: SecretBox;

  constructor(@InjectConfig() { secretsKeks }: ConsoleConfig) {
    this.box = new SecretBox(secretsKeks.map((one) => one.reveal()));
  }

  /** Returns the sealed tokens as JSON for the row. */
  sealTokens(tokens: PersonTokens, row: SealedFor): string {
    return JSON.stringify(this.box.seal(JSON.stringify(tokens), row.id, contextOf(row)));
  }

  /** Throws if the tokens belong to another row, cookie or person. */
  openTokens(sealed: SealedSecret, row: SealedFor): PersonTokens {
    return JSON.parse(this.box.open(sealed, row.id, contextOf(row))) as PersonTokens;
  }

  seal(secret: string, owner: string): string {
    return JSON.stringify(this.box.seal(secret, owner, 'login-attempt'));
  }

  open(sealed: SealedSecret, owner: string): string {
    return this.box.open(sealed, owner, 'login-attempt');
  }
}

function contextOf({ secretHash, person }: SealedFor): string {
  return `session ${secretHash} ${person}`;
}
