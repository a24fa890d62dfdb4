import { Injectable } from '@nestjs/common';
import { type AccountEventDto, type AccountEventsQuery, PageOf } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { eventsPage } from './events-page.js';

const DEFAULT_LIMIT = 50;

/** Reads the events of an account: the webhook bodies, stored even if no webhook was subscribed. */
@Injectable()
export class ShowEvents {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list({
    limit = DEFAULT_LIMIT,
    ...query
  }: AccountEventsQuery): Promise<PageOf<AccountEventDto>> {
    const { sql, params } = eventsPage({ ...query, limit: limit + 1 });
    const rows = await this.database.query<{ id: string; body: string }>(sql, [...params]);
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return new PageOf(
      page.map(({ body }) => JSON.parse(body) as AccountEventDto),
      next,
    );
  }
}
