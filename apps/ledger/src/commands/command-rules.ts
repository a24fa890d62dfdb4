import { Injectable } from '@nestjs/common';
import type { UnitWorths } from '@sluice/kernel';
import type { Book } from '@sluice/ledger-core';
import { InjectConfig } from '@sluice/service-shell';
import { type LedgerCommand, type PlaceHoldCommand } from '../wire/ledger-command.js';
import { Policies } from '../policy/policies.js';
import { decide } from './decide.js';
import type { CommandDecision, Deciding } from './decision.js';
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
    /** Spending policy of the new holds. */
    readonly policies: Policies,
    @InjectConfig() private readonly config: CeilingSettings = { unitWorths: {} },
  ) {}

  /** True for a hold sent again that the ledger had allowed: its own receipt proves it. */
  wasAllowed({ data }: PlaceHoldCommand): boolean {
    const { withdrawalId, digest, venue, earlierReceipt } = data;
    if (digest === undefined || venue === undefined) return false;
    return this.authority.hasIssued({ withdrawalId, digest, venue }, earlierReceipt);
  }

  decide(
    book: Book,
    command: LedgerCommand,
    deciding: Omit<Deciding, 'authority' | 'worths'>,
  ): CommandDecision {
    const { unitWorths: worths } = this.config;
    return decide(book, command, { ...deciding, authority: this.authority, worths });
  }
}
