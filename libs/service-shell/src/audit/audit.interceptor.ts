import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Logger } from 'pino';
import type { Observable } from 'rxjs';
import {
  type AdminRequest,
  ApiError,
  KEEPS_OWN_RECORD,
  READ_OFTEN,
  SERVED_AT,
} from '@sluice/http-api';
import { InjectLogger } from '../settings/tokens.js';
import { callOf } from './admin-calls.js';
import { AuditLog } from './audit-log.js';

const READS = new Set(['GET', 'HEAD']);

/** Stores an entry before any change by the admin API: the entry outlives the process. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly log: AuditLog,
    private readonly reflector: Reflector,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const isAdmin = this.reflector.get<unknown>(SERVED_AT, context.getClass()) === 'internal';
    if (!isAdmin) return next.handle();
    if (READS.has(request.method)) {
      request.isReadOften = this.reflector.get<unknown>(READ_OFTEN, context.getHandler()) === true;
      return next.handle();
    }
    if (this.keepsOwnRecord(context, request)) {
      request.keepsOwnRecord = true;
      return next.handle();
    }
    try {
      await this.log.record(callOf(request, null, null));
    } catch (error) {
      this.logger.error(
        { err: error },
        'an admin call was refused because the audit log accepts no entry',
      );
      throw new ApiError(503, 'Service temporarily unavailable', { 'retry-after': '5' });
    }
    return next.handle();
  }

  /** Whether the handler keeps its own record of services' calls; people are always recorded. */
  private keepsOwnRecord(context: ExecutionContext, { caller }: AdminRequest): boolean {
    const declared = this.reflector.get<unknown>(KEEPS_OWN_RECORD, context.getHandler());
    return declared === true && caller?.kind === 'service';
  }
}

/** A refused item of a batch, with the status and message of a single request. */
interface RefusedItem {
  readonly item: unknown;
  readonly status: number;
  readonly refusal: string;
}

/** Audits refused items of a batch, which itself succeeds without an entry. */
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
