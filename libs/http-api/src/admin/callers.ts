import {
  applyDecorators,
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { ApiBearerAuth, ApiExtension, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AnswersRefusals } from '../http/answers.js';
import { ApiError } from '../http/api-error.js';
import { EnvelopeInterceptor } from '../http/envelope.js';
import { ExactPipe } from '../http/exact.pipe.js';
import { ServedAt } from '../http/served-at.js';

/** Roles of people. A calling service has no roles, but is named by routes. */
export const ROLES = ['operate', 'approve', 'administer', 'audit'] as const;

export type Role = (typeof ROLES)[number];

/** Caller of the admin API, as proven by the credential. */
export interface Caller {
  readonly kind: 'person' | 'service';
  /** Stable and unique per kind: the subject of the token, or the service's name. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Client of the issuer that got the person's token; empty if the token names none. */
  readonly client: string;
  /** Passkey that the person used for exactly this call; set by the guard. */
  readonly passkey?: PasskeyProof;
  /** Id of the call, as in the audit entries; set by the guard. */
  readonly callId?: string;
}

/** Verified proof of a person's passkey over one exact call. */
export interface PasskeyProof {
  readonly credentialId: string;
  /** The signed text, with service, method, path, digest of the body and time. */
  readonly text: string;
  /** Answer of the browser. */
  readonly assertion: object;
}

/**
 * Request of the admin API. The guard sets `provenCaller`, and `caller` for an admitted call; before
 * the guard both are missing.
 */
export interface AdminRequest extends FastifyRequest {
  /** Caller admitted by the guard. */
  caller?: Caller;
  /** Caller proven by the credential: refused if `caller` is missing. */
  provenCaller?: Caller;
  /** The handler records the caller's changes in tables of the service. */
  keepsOwnRecord?: boolean;
  /** The route has `@ReadOften()`. */
  isReadOften?: boolean;
}

/** Role of a person, or name of a service. */
type Requirement = Role | `service:${string}`;

const REQUIRES = 'sluice:requires';

/** Metadata key of Nest for the path of a handler. */
const NEST_PATH = 'path';

/**
 * Permitted callers of a handler: people with at least one of the roles, and the named services. A
 * route of an admin controller without this decorator does not load.
 */
export function Requires(...anyOf: readonly [Requirement, ...Requirement[]]): MethodDecorator {
  return applyDecorators(SetMetadata(REQUIRES, anyOf), ApiExtension('x-requires', anyOf));
}

/** Returns the requirements of a handler. A handler without the decorator permits no caller. */
export function requirementsOf(handler: object): readonly Requirement[] {
  const declared = Reflect.getMetadata(REQUIRES, handler) as readonly Requirement[] | undefined;
  return declared ?? [];
}

/** Throws if a route of the controller declares no permitted callers. */
function everyRouteRequires(controller: NewableFunction): void {
  const { name } = controller;
  const prototype = controller.prototype as object;
  const methods = new Map(Object.entries(Object.getOwnPropertyDescriptors(prototype)));
  for (const method of new MetadataScanner().getAllMethodNames(prototype)) {
    const handler: unknown = methods.get(method)?.value;
    if (typeof handler !== 'function' || !Reflect.hasMetadata(NEST_PATH, handler)) continue;
    if (requirementsOf(handler).length === 0)
      throw new Error(`${name}.${method} does not declare its callers: add @Requires(…)`);
  }
}

/** Returns the reason to refuse a caller, as a sentence; null if the caller meets a requirement. */
export function refusalOf(caller: Caller, anyOf: readonly Requirement[]): string | null {
  if (anyOf.some((requirement) => meets(caller, requirement))) return null;
  if (caller.kind === 'service') return `The service ${caller.name} may not call this`;
  const roles = anyOf.filter((requirement) => !requirement.startsWith('service:'));
  return roles.length === 0
    ? `${caller.name} may not do this: it is for services`
    : `${caller.name} may not do this: it takes the role ${roles.join(' or ')}`;
}

function meets({ kind, name, roles }: Caller, requirement: Requirement): boolean {
  return kind === 'service'
    ? requirement === `service:${name}`
    : roles.some((role) => role === requirement);
}

/** Parameter decorator for the caller: `@CallerOf() caller: Caller`. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AdminRequest>();
  if (!caller) throw new Error('no guard has authenticated this call');
  return caller;
});

/**
 * Parameter decorator for the caller's credential, used by a service to call another service in the
 * caller's name.
 */
export const CredentialOf = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  credentialOf(context.switchToHttp().getRequest<AdminRequest>()),
);

/** Returns the bearer credential. Throws ApiError if the request has none. */
function credentialOf({ headers }: AdminRequest): string {
  const [, credential] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (credential !== undefined) return credential;
  throw new ApiError(401, 'A token is required: Authorization: Bearer …');
}

/** Metadata key for Nest's reflector on a handler. */
export const KEEPS_OWN_RECORD = 'sluice:keeps-own-record';

/**
 * Marks a handler with records of its own for calls by services. The records are in append-only
 * tables, written in the transaction of the change. The audit log gets only refusals of these
 * calls. Calls by people are always audited.
 */
export function KeepsOwnRecord(): MethodDecorator {
  return SetMetadata(KEEPS_OWN_RECORD, true);
}

/** Metadata key for Nest's reflector on a handler. */
export const READ_OFTEN = 'sluice:read-often';

/**
 * Marks a GET that a page repeats. The audit log gets a person's successful equal read once in five
 * minutes per process, and every refusal.
 */
export function ReadOften(): MethodDecorator {
  return SetMetadata(READ_OFTEN, true);
}

/** Authenticates a call by the credential. */
export interface Callers {
  /**
   * Returns the caller. Throws ApiError: 401 for an invalid credential, 503 while the credential
   * cannot be checked.
   */
  prove(credential: string): Promise<Caller>;
}

export const CALLERS = Symbol('Callers');

/** Verifies the passkey header of a person's call. */
export interface PasskeyProofs {
  /**
   * Returns null for a call without the header. Throws ApiError 403 if the header does not prove
   * exactly this call of this person.
   */
  verify(request: AdminRequest, caller: Caller): Promise<PasskeyProof | null>;
}

export const PASSKEY_PROOFS = Symbol('PasskeyProofs');

/**
 * Admits the permitted callers of a route. Only this guard decides; the admitted or refused caller
 * is stored on the request.
 */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(CALLERS) private readonly callers: Callers,
    @Inject(PASSKEY_PROOFS) private readonly passkeys: PasskeyProofs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const caller = await this.callers.prove(credentialOf(request));
    request.provenCaller = caller;
    const refusal = refusalOf(caller, requirementsOf(context.getHandler()));
    if (refusal !== null) throw new ApiError(403, refusal);
    const passkey = await this.passkeys.verify(request, caller);
    request.caller = { ...caller, ...(passkey && { passkey }), callId: request.id };
    return true;
  }
}

/**
 * Controller of the admin API under `/internal`. Each route names the permitted callers; responses
 * share the common envelope, and DTOs are read by the common pipe.
 */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    everyRouteRequires,
    Controller(`internal/${path}`),
    ServedAt('internal'),
    UseGuards(CallerGuard),
    UsePipes(ExactPipe),
    UseInterceptors(EnvelopeInterceptor),
    ApiTags(path.split('/')[0] ?? path),
    ApiBearerAuth(),
    AnswersRefusals(),
  );
}
