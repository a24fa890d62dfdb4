import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

const REDACTED = [
  'secret',
  '*.secret',
  'apiSecret',
  'password',
  'authorization',
  'headers.authorization',
  'req.headers.authorization',
  'req.headers["x-cpg-signature"]',
  'headers["x-cpg-signature"]',
  'signature',
  '*.signature',
];

/** How much of the log is kept in memory while it cannot be written. */
const KEPT_BYTES = 1_000_000;

/** One JSON line per fact on stdout. A disk that has no room for it loses lines and nothing else: to log never throws. */
export function createLogger(service: string, level: string): Logger {
  const out = pino.destination({ dest: 1, sync: true, maxLength: KEPT_BYTES });
  out.on('error', () => undefined);
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: '***' },
    },
    out,
  );
}

/** Nest's own words, in the same format; its start-up chatter only at debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    this.logger.error({ more }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
}
