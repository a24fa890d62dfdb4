import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditLog, ClientAddresses } from '@sluice/service-shell';
import { SessionEnds } from './session-ends.js';
import type { EndCause, LiveSession } from './sessions.js';

const NO_BODY = createHash('sha256').digest();

/** Ends sessions on a person's call, with entries in the audit log before and after. */
@Injectable()
export class PersonEnds {
  constructor(
    private readonly ends: SessionEnds,
    private readonly log: AuditLog,
    private readonly addresses: ClientAddresses,
  ) {}

  /** Throws, and ends nothing, if the audit log accepts no entry. Returns the number of ended sessions. */
  async end(
    request: FastifyRequest,
    own: LiveSession,
    sessions: readonly LiveSession[],
    because: EndCause,
  ): Promise<number> {
    const record = (status: number | null, what: string): Promise<void> =>
      this.log.record({
        callId: request.id,
        caller: { kind: 'person', name: own.person, roles: own.roles },
        remote: this.addresses.of(request),
        method: request.method,
        route: request.routeOptions.url ?? '',
        target: request.url.split('?', 1)[0] ?? '',
        bodyDigest: NO_BODY,
        summary: what,
        status,
        refusal: null,
      });
    const named = sessions.map(({ id, person }) => `${id} of ${person}`).join(', ');
    await record(null, `${because}: sessions ${named}`.slice(0, 500));
    const ended = await this.ends.end(sessions, own.person, because);
    await record(200, `${because}: ${ended} ended`);
    return ended;
  }
}
