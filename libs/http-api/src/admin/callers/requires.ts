import { applyDecorators, SetMetadata } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { Caller, Role } from './caller.js';

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
export function everyRouteRequires(controller: NewableFunction): void {
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
