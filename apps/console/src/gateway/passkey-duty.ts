import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ApiError } from '@sluice/http-api';
import { parseWireJson } from '@sluice/kernel';
import { Health, InjectLogger, type Logger } from '@sluice/service-shell';
import { textOf } from './answer-text.js';
import { CalledServices, type ServiceCall, ServiceSilentError } from './called-services.js';

const WITHIN_MS = 10_000;
/** A service's answer for a session counts for this time. */
const KNOWN_MS = 300_000;

interface AskedDuty extends Pick<ServiceCall, 'service' | 'accessToken' | 'browser'> {
  readonly sessionId: string;
}

/**
 * Asks each service whether decisions with the console's tokens take a passkey there. No change is
 * passed on to a service that trusts the token alone, and the console is not ready: with such a service
 * a thief of the console decides alone what takes two people.
 */
@Injectable()
export class PasskeyDuty {
  private readonly answers = new LRUCache<string, Promise<void>>({ max: 10_000, ttl: KNOWN_MS });
  private readonly trusting = new Set<string>();

  constructor(
    private readonly services: CalledServices,
    health: Health,
    @InjectLogger() private readonly logger: Logger,
  ) {
    health.add('passkeys', () => [...this.trusting].map(faultOf));
  }

  /** Throws ApiError or ServiceSilentError unless the service wants passkeys. */
  require(asked: AskedDuty): Promise<void> {
    const key = `${asked.sessionId} ${asked.service}`;
    const known = this.answers.get(key);
    if (known) return known;
    const answer = this.ask(asked).catch((error: unknown) => {
      this.answers.delete(key);
      throw error;
    });
    this.answers.set(key, answer);
    return answer;
  }

  private async ask(asked: AskedDuty): Promise<void> {
    const { service } = asked;
    const { status, data, message } = await this.whoami(asked);
    if (status !== 200) throw new ApiError(status, String(message));
    const { needs_passkey: isNeeded } = Object(data) as Record<string, unknown>;
    if (isNeeded === true) return void this.trusting.delete(service);
    this.trusting.add(service);
    this.logger.error({ service }, 'a service accepts the tokens of the console without a passkey');
    throw new ApiError(403, faultOf(service));
  }

  private async whoami({ service, accessToken, browser }: AskedDuty) {
    try {
      const answer = await this.services.send({
        service,
        accessToken,
        browser,
        method: 'GET',
        target: '/internal/whoami',
        headers: { accept: 'application/json' },
        body: null,
        answerWithinMs: WITHIN_MS,
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const fields = Object(parseWireJson(await textOf(answer))) as Record<string, unknown>;
      return { status: answer.status, data: fields['data'], message: fields['message'] };
    } catch (error) {
      if (error instanceof ServiceSilentError) throw error;
      const sentence = `The answer of ${service} is not readable`;
      throw new ServiceSilentError(502, sentence, { cause: error });
    }
  }
}

function faultOf(service: string): string {
  return `${service} accepts the tokens of the console without a passkey, so the console passes on no change: take the console's client out of CLIENTS_WITHOUT_PASSKEY of ${service}, and see that the issuer's tokens name the console's client; then start ${service} and the console anew`;
}
