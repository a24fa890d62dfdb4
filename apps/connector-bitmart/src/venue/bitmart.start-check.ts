import { Injectable } from '@nestjs/common';
import type { KeyRights, Logger, VenueStartCheck } from '@sluice/connector-engine';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import type { BitmartConfig } from '../config.js';
import { describe } from './bitmart.answers.js';
import { codeOf, dataOf, BitmartClient } from './bitmart.client.js';

const MINUTE_MS = 60_000;
/** Any that is listed; its charge is shown to keys that may withdraw. */
const CHARGED = 'BTC';
const NO_PERMISSION = 30012;

/** Announced by BitMart in July 2026. */
const TRADING_ENDED = '2026-08-26T01:00:00Z';
const OPERATIONS_CEASE = '2027-01-31T15:59:00Z';

/** Said when the venue's time is known: whoever runs this must know that its venue goes away. */
function announceClosing(logger: Logger, refuseFrom: Date, now: Date): void {
  const fields = {
    tradingEnded: TRADING_ENDED,
    operationsCease: OPERATIONS_CEASE,
    refuseFrom: refuseFrom.toISOString(),
  };
  if (now >= refuseFrom)
    logger.error(fields, 'BitMart is winding down: its date has come, every withdrawal is refused');
  else
    logger.warn(
      fields,
      'BitMart is winding down: withdrawals are refused from the date in refuseFrom on',
    );
}

/**
 * Whether this key can find again what it pays. Also reads the venue's clock, by which everything is signed. Answers what is wrong, or null. A wrong memo or secret does not show here: a read needs the key alone.
 */
@Injectable()
export class BitmartStartCheck implements VenueStartCheck {
  constructor(
    private readonly client: BitmartClient,
    @InjectConfig() private readonly config: Pick<BitmartConfig, 'refuseFrom'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  readClock(): Promise<unknown> {
    return this.client.readClock();
  }

  /** There is no question for it: the charge of a withdrawal is shown to keys that may withdraw, and that is all that can be learned. */
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
        'BitMart tells nobody what else a key may, from which addresses, and when it ends: look at its page of API keys.',
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
