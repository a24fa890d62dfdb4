import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type AdminRequest, failure, rawBodyOf } from '@sluice/http-api';
import { NumberText, parseExactJson } from '@sluice/kernel';
import { plainAddress, type RefusedCredentials } from '../http/refused-credentials.js';
import type { AuditedCall, AuditedCaller } from './audit-entry.js';
import type { AuditLog } from './audit-log.js';
import { claimedBrowser } from './claimed-browser.js';
import { OftenRead } from './often-read.js';

const ADMIN_PATH = /^\/internal(\/|$)/;
const LONGEST_TARGET = 500;
const LONGEST_REFUSAL = 500;
const NOBODY: AuditedCaller = { kind: 'nobody', name: '', roles: [] };

interface AuditedPort {
  readonly log: AuditLog;
  readonly logger: Logger;
  /** Port of the admin API if separate; the public port receives no admin calls. */
  readonly internalPort: number | undefined;
}

/**
 * Answers 429, without an audit entry, to clients flooding the admin API with invalid credentials.
 */
export function slowRefusals(
  fastify: FastifyInstance,
  refused: RefusedCredentials,
  internalPort: number | undefined,
): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 401 || !isAdminCall(request, internalPort)) return payload;
    const seconds = await refused.count(plainAddress(request.ip));
    if (seconds === null) return payload;
    void reply.code(429).header('retry-after', String(seconds));
    void reply.type('application/json; charset=utf-8');
    return JSON.stringify(failure('Too many refused credentials from this address'));
  });
}

/** Holds every admin response back until its audit entry is stored; 503 without one. */
export function auditAnswers(fastify: FastifyInstance, port: AuditedPort): void {
  const often = new OftenRead();
  fastify.addHook('onSend', async (request, reply, payload) => {
    if (!isAdminCall(request, port.internalPort) || needsNoEntry(request, reply)) return payload;
    if (often.isRecorded(request, reply)) return payload;
    const refusal = reply.statusCode >= 400 ? sentenceOf(payload) : null;
    try {
      await port.log.record(callOf(request, reply.statusCode, refusal));
      often.note(request, reply);
      return payload;
    } catch (error) {
      port.logger.error(
        { err: error },
        'an admin call was refused because the audit log accepts no entry',
      );
      if (payload instanceof Readable) payload.destroy(); // its source must not feed it any longer
      void reply.code(503).header('retry-after', '5').type('application/json; charset=utf-8');
      return JSON.stringify(failure('Service temporarily unavailable'));
    }
  });
}

export function callOf(
  request: AdminRequest,
  status: number | null,
  refusal: string | null,
  body: Buffer = rawBodyOf(request),
): AuditedCall {
  return {
    callId: request.id,
    caller: request.caller ?? request.provenCaller ?? NOBODY,
    remote: plainAddress(request.ip),
    method: request.method,
    route: request.routeOptions.url ?? '',
    target: pathOf(request).slice(0, LONGEST_TARGET),
    bodyDigest: createHash('sha256').update(body).digest(),
    summary: summaryOf(body, claimedBrowser(request)),
    status,
    refusal,
  };
}

/**
 * By the matched route: unusual spellings could bypass a path check. The path decides without a
 * route.
 */
function isAdminCall(request: FastifyRequest, internalPort: number | undefined): boolean {
  if (internalPort !== undefined && request.socket.localPort !== internalPort) return false;
  return ADMIN_PATH.test(request.routeOptions.url ?? '') || ADMIN_PATH.test(decoded(request));
}

/**
 * Services' successes caused by customers need no entry. Rejections are recorded; of a flood, the
 * first.
 */
function needsNoEntry(
  { method, caller, keepsOwnRecord = false }: AdminRequest,
  { statusCode }: FastifyReply,
): boolean {
  if (statusCode === 429) return true;
  return (method === 'GET' || keepsOwnRecord) && caller?.kind === 'service' && statusCode < 400;
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

function decoded(request: FastifyRequest): string {
  try {
    return decodeURIComponent(pathOf(request));
  } catch {
    return '';
  }
}

function sentenceOf(payload: unknown): string | null {
  try {
    const answer: unknown = typeof payload === 'string' ? JSON.parse(payload) : null;
    return typeof answer === 'object' && answer !== null && 'message' in answer
      ? String(answer.message).slice(0, LONGEST_REFUSAL)
      : null;
  } catch {
    return null;
  }
}

const SECRET_NAME = /secret|token|password|key|credential|signature/i;
const LONGEST_VALUE = 100;
const LONGEST = 500;

/**
 * Plain fields, with possible secrets masked, behind the claimed address of the browser; a separate
 * digest covers the body.
 */
export function summaryOf(body: Buffer, browser: string | null = null): string {
  const fields = Object.entries(fieldsOf(body)).flatMap(([name, value]) => {
    const text: unknown = value instanceof NumberText ? value.text : value;
    if (typeof text !== 'string' && typeof text !== 'boolean') return [];
    const shown = SECRET_NAME.test(name) ? '***' : String(text).slice(0, LONGEST_VALUE);
    return [`${name.slice(0, LONGEST_VALUE)}: ${shown}`];
  });
  const claims = browser === null ? [] : [`browser ${browser}`];
  return [...claims, ...fields].join('; ').slice(0, LONGEST);
}

function fieldsOf(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    const value: unknown = parseExactJson(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
