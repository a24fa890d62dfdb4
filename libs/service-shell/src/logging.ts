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

/** One JSON line per fact on stdout. */
export function createLogger(service: string, level: string): Logger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: REDACTED, censor: '***' } });
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
