import 'reflect-metadata';
import { Readable } from 'node:stream';
import { Body, Get, HttpCode, Module, Post, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import {
  AdminController,
  ApiError,
  type AuditEntryDto,
  type AuditProofDto,
  type Caller,
  CallerOf,
  ReadOften,
  Requires,
  ROLES,
  TextField,
} from '@sluice/http-api';
import { readConfig } from '@sluice/runtime';
import { checkInvariants, Database, migrate, PLATFORM_SCHEMA, UnitOfWork } from '@sluice/postgres';
import { testMessageKeysText } from '@sluice/test-kit';
import { asOwner, asService, LocalIssuer, TEST_LOGIN } from '@sluice/test-servers';
import { Approvals } from '../approvals/approvals.js';
import { AuditKeys } from '../settings/audit-keys.js';
import { SERVICE_SETTINGS } from '../settings/config.js';
import { createServiceApp } from '../start/start-service.js';
import { testPlatform } from '../testing/test-platform.js';

class ChangeDto {
  @TextField({ max: 20 }) what!: string;
  @TextField({}, { optional: true }) api_secret?: string;
}

export const changes: string[] = [];

export const callers: Caller[] = [];

/** Streams that the route has answered. */
export const streams: Readable[] = [];

@AdminController('things')
class ThingsController {
  @Get()
  @Requires('operate')
  list(): string[] {
    return changes;
  }

  @Get('often')
  @Requires('operate')
  @ReadOften()
  listOften(): string[] {
    if (changes.includes('broken')) throw ApiError.conflict('It is broken');
    return changes;
  }

  @Get('stream')
  @Requires('operate')
  stream(@Res() reply: FastifyReply): void {
    const events = Readable.from(['a']);
    streams.push(events);
    void reply.type('text/event-stream').send(events);
  }

  @Get('for-services')
  @Requires('service:other')
  listForServices(): string[] {
    return changes;
  }

  @Post()
  @Requires('operate')
  change(@Body() { what }: ChangeDto, @CallerOf() caller: Caller): { changed: string } {
    if (what === 'refused') throw ApiError.conflict('It is refused');
    changes.push(what);
    callers.push(caller);
    return { changed: what };
  }
}

/** A decision of two people, by the same call twice or by the id of the approval. */
@AdminController('lifts')
class LiftsController {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
  ) {
    approvals.register('lift thing', (_target, request, caller) =>
      this.run(request as ChangeDto, caller),
    );
  }

  @Post()
  @HttpCode(200)
  @Requires('operate')
  lift(@Body() { what }: ChangeDto, @CallerOf() caller: Caller): Promise<object> {
    return this.run({ what }, caller);
  }

  private run(request: ChangeDto, caller: Caller): Promise<object> {
    const demand = { action: 'lift thing', target: 'halt 1', request };
    return this.unitOfWork.run(async (tx) => {
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return awaited;
      const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
      changes.push(`${request.what} by ${requestedBy} and ${approvedBy}`);
      return { done: true };
    });
  }
}

@Module({ controllers: [ThingsController, LiftsController] })
class ThingsModule {}

interface AdminAnswer<T = unknown> {
  readonly status: number;
  readonly retryAfter?: string;
  readonly body: { readonly message: string; readonly data: T; readonly next_cursor?: string };
}

/** An admin API on a database with platform tables, without Kafka. */
export async function givenAuditedApp(url: string, auditKeys = AuditKeys.ofDevelopment()) {
  const name = 'audited';
  const issuer = await LocalIssuer.start();
  const as = (person: string) => issuer.tokenOf(person, { roles: [...ROLES] });
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
  const [database, owner] = await Promise.all([
    Database.open({ url: asService(url), name, schema: PLATFORM_SCHEMA }),
    Database.open({ url: asOwner(url), name: 'owner' }),
  ]);
  const config = {
    ...readConfig(
      {
        PORT: '0',
        KAFKA_BROKERS: 'nowhere:9092',
        DATABASE_URL: asService(url),
        OIDC_ISSUER: issuer.url,
        MESSAGE_KEYS: testMessageKeysText(name),
      },
      SERVICE_SETTINGS,
    ),
    auditKeys,
  };
  const app: NestFastifyApplication = await createServiceApp(
    { name, config, schema: PLATFORM_SCHEMA, module: ThingsModule, checkInvariants },
    testPlatform(name, database, config.messageKeys),
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const ask = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body?: object | string,
    credential = as('operator'),
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AdminAnswer<T>> => {
    const response = await app.inject({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${credential}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: body }),
    });
    const { 'retry-after': retryAfter } = response.headers;
    return {
      status: response.statusCode,
      body: response.json(),
      ...(retryAfter !== undefined && { retryAfter: String(retryAfter) }),
    };
  };
  return {
    app,
    database,
    /** Connection with the login of the table owner. */
    owner,
    ask,
    /** Returns the credential of a person with all roles. */
    as,
    issuer,
    entries: () =>
      database.query<AuditEntryDto>('SELECT *, sequence::text FROM audit_entry ORDER BY 1'),
    prove: async (heads: readonly { sequence: string; hash: string }[] = []) =>
      (await ask<AuditProofDto>('POST', '/internal/audit/proof', { heads })).body.data,
    close: async () => {
      await app.close();
      await issuer.stop();
      await database.close();
      await owner.close();
    },
  };
}
