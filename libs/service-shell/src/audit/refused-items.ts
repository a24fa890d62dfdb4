import { Injectable } from '@nestjs/common';
import type { AdminRequest } from '@sluice/http-api';
import type { Logger } from 'pino';
import { InjectLogger } from '../settings/tokens.js';
import { callOf } from './admin-calls.js';
import { AuditLog } from './audit-log.js';

/** A refused item of a batch, with the status and message of a single request. */
interface RefusedItem {
  readonly item: unknown;
  readonly status: number;
  readonly refusal: string;
}

/**
 * Audits the refused items of a batch. The batch itself succeeds, and its response leaves no entry.
 */
@Injectable()
export class RefusedItems {
  constructor(
    private readonly log: AuditLog,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Returns false if the audit log accepts no entry: the refusal must then not be sent. */
  async record(request: AdminRequest, { item, status, refusal }: RefusedItem): Promise<boolean> {
    const content = Buffer.from(JSON.stringify(item));
    try {
      await this.log.record(callOf(request, status, refusal, content));
      return true;
    } catch (error) {
      this.logger.error(
        { err: error },
        'a refused item of a batch was not audited because the audit log accepts no entry',
      );
      return false;
    }
  }
}
