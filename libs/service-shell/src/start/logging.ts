import type { LoggerService } from '@nestjs/common';
import { traceFields } from '@sluice/runtime/tracing';
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

/** Maximum log data buffered in memory while the log cannot be written. */
const BUFFER_BYTES = 1_000_000;

/**
 * JSON lines on stdout. A full disk loses lines only: logging never throws. `isTraced`: lines about
 * a withdrawal have the trace.
 */
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

/** Writes Nest's log lines in the same format; Nest's startup lines appear only at level debug. */
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
