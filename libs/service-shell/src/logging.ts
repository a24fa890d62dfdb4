import type { LoggerService } from '@nestjs/common';
import { traceFields } from '@sluice/tracing';
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

/** How much of the log is buffered in memory while it cannot be written. */
const BUFFER_BYTES = 1_000_000;

/** One JSON line per fact on stdout. On a full disk lines are lost and nothing else: logging never throws. `isTraced`: what is about a withdrawal says its trace. */
export function createLogger(service: string, level: string, isTraced = false): Logger {
  const out = pino.destination({ dest: 1, sync: true, maxLength: BUFFER_BYTES });
  out.on('error', () => undefined);
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: '***' },
      ...(isTraced && { mixin: traceFields }),
    },
    out,
  );
}

/** Nest's own log lines, in the same format; those of its start only at debug. */
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
