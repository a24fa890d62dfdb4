import { Injectable } from '@nestjs/common';
import { WalletAdmin } from '@sluice/admin-client';
import { connectorOf } from '@sluice/messages';
import {
  InjectConfig,
  InjectLogger,
  InjectPlatform,
  type Logger,
  type Platform,
} from '@sluice/service-shell';
import { WALLET, type PricedOrder } from '@sluice/withdrawal-core';
import { answeredToUs, targetOf, type CallingConfig } from './asked-service.js';
import type { IntakeConfig } from '../settings/intake-settings.js';

/** Timeout of a trial. The client waits, and the connector tries again before leasing a nonce. */
const WITHIN_MS = 2_000;
/** Trials under way in this process; a request beyond them proceeds without a trial. */
const MOST_AT_ONCE = 256;

/** Asks the connector of our own wallet whether the chain would accept a transfer. */
@Injectable()
export class WalletTrials {
  private readonly wallet: WalletAdmin | null;
  private underWay = 0;
  private hasAnswered = true;

  constructor(
    @InjectConfig() config: CallingConfig & Pick<IntakeConfig, 'connectorEvmUrl'>,
    @InjectPlatform() platform: Pick<Platform, 'name' | 'clock'>,
    @InjectLogger() private readonly logger: Logger,
  ) {
    const { connectorEvmUrl: url } = config;
    this.wallet =
      url === ''
        ? null
        : new WalletAdmin({
            ...targetOf(connectorOf(WALLET), url, config, platform),
            timeoutMs: WITHIN_MS,
          });
  }

  get areMade(): boolean {
    return this.wallet !== null;
  }

  /** True only when the chain refuses the transfer. False when the transfer works, and when the outcome is unknown. Never throws. */
  async isRefused(order: PricedOrder): Promise<boolean> {
    if (this.wallet === null || order.destination.type !== 'address') return false;
    if (this.underWay >= MOST_AT_ONCE) return false;
    this.underWay++;
    try {
      const asked = {
        account_id: order.accountId,
        asset: order.asset,
        to_address: order.destination.address,
        amount: order.amount.toString(),
      };
      const { outcome } = await answeredToUs(this.wallet.tryTransfer(asked));
      this.hasAnswered = true;
      return outcome === 'refused';
    } catch (error) {
      this.noteSilence(error);
      return false;
    } finally {
      this.underWay--;
    }
  }

  /** Logs the first failed trial after an answered trial. */
  private noteSilence(error: unknown): void {
    if (this.hasAnswered)
      this.logger.warn(
        { err: error },
        'connector-evm does not answer trials of transfers: requests are accepted without a trial',
      );
    this.hasAnswered = false;
  }
}
