import { Injectable } from '@nestjs/common';
import type { KeyRights, Logger, VenueStartCheck } from '@sluice/connector-engine';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { describe } from './bitmart.answers.js';
import { codeOf, dataOf, BitmartClient } from './bitmart.client.js';

const MINUTE_MS = 60_000;
/** Any listed asset: BitMart shows the asset's charge to keys with the right to withdraw. */
const CHARGED = 'BTC';
const NO_PERMISSION = 30012;

/** Announced by BitMart in July 2026. */
const TRADING_ENDED = '2026-08-26T01:00:00Z';
const OPERATIONS_CEASE = '2027-01-31T15:59:00Z';

/** Logged once the venue's time is known: operators must know about the venue's shutdown. */
function announceClosing(logger: Logger, refuseFrom: Date, now: Date): void {
  const fields = {
    tradingEnded: TRADING_ENDED,
    operationsCease: OPERATIONS_CEASE,
    refuseFrom: refuseFrom.toISOString(),
  };
  if (now >= refuseFrom)
    logger.error(
      fields,
      'BitMart has closed: the date in refuseFrom has passed, and the connector refuses every withdrawal',
    );
  else
    logger.warn(
      fields,
      'BitMart closes soon: the connector will refuse withdrawals from the date in refuseFrom on',
    );
}

/**
 * Checks access to the records, and reads the clock. Returns the fault, or null. A wrong memo or
 * secret is not detected: a read needs only the key.
 */
@Injectable()
export class BitmartStartCheck implements VenueStartCheck {
  constructor(
    private readonly client: BitmartClient,
    @InjectConfig() private readonly config: { readonly refuseFrom: Date },
    @InjectLogger() private readonly logger: Logger,
  ) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  /** BitMart shows a charge only to keys with the right to withdraw; other rights stay unknown. */
  async keyRights(): Promise<KeyRights> {
    const answer = await this.client.charge(CHARGED);
    const mayWithdraw = dataOf(answer) !== null;
    if (!mayWithdraw && codeOf(answer) !== NO_PERMISSION)
      return {
        kind: 'unavailable',
        cause: `the charge of ${CHARGED} cannot be read (${describe(answer)})`,
      };
    return {
      kind: 'rights',
      lacks: mayWithdraw ? [] : ['Withdraw'],
      surplus: [],
      isOpenToAll: null,
      endsAt: null,
      untold:
        'BitMart does not report the other rights, the addresses and the end of a key: check its page of API keys.',
    };
  }

  async fault(): Promise<string | null> {
    const now = (await this.client.readClock()) ? this.client.clock.earliest() : null;
    if (now === null) return 'the clock of BitMart cannot be read';
    const answer = await this.client.history(new Date(now.getTime() - MINUTE_MS), now, 1);
    if (!Array.isArray(dataOf(answer)?.['records']))
      return `the withdrawal records cannot be read (${describe(answer)}): without them no outcome can be found again`;
    announceClosing(this.logger, this.config.refuseFrom, now);
    return null;
  }
}
