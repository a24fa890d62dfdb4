import { Injectable } from '@nestjs/common';
import type { UnitWorths } from '@sluice/kernel';
import type { Book } from '@sluice/ledger-core';
import { InjectConfig } from '@sluice/service-shell';
import type { LedgerCommand } from '../wire/ledger-command.js';
import { decide, type CommandDecision, type Deciding } from './decide.js';
import { HoldAuthority } from './hold-authority.js';

/** Value in EUR of the wallet's coins and tokens without a built-in ceiling. */
interface CeilingSettings {
  readonly unitWorths: UnitWorths;
}

/** Decides commands with the keys and settings of this service. */
@Injectable()
export class CommandRules {
  constructor(
    private readonly authority: HoldAuthority,
    @InjectConfig() private readonly config: CeilingSettings = { unitWorths: {} },
  ) {}

  decide(
    book: Book,
    command: LedgerCommand,
    deciding: Omit<Deciding, 'authority' | 'worths'>,
  ): CommandDecision {
    const { unitWorths: worths } = this.config;
    return decide(book, command, { ...deciding, authority: this.authority, worths });
  }
}
