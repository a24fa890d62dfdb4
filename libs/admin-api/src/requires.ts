import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { Caller, Role } from './caller.js';

/** A role of people, or one service by its name. */
export type Requirement = Role | `service:${string}`;

const REQUIRES = 'sluice:requires';
/** Where Nest keeps the path of a handler. */
const NEST_PATH = 'path';

/** Who may call a handler: whoever has one of these roles or is one of these services. A route of an admin controller without it does not load. */
export function Requires(...anyOf: readonly [Requirement, ...Requirement[]]): MethodDecorator {
  return applyDecorators(SetMetadata(REQUIRES, anyOf), ApiExtension('x-requires', anyOf));
}

/** What a handler requires; nothing is good enough where it does not say. */
export function requirementsOf(handler: object): readonly Requirement[] {
  const declared = Reflect.getMetadata(REQUIRES, handler) as readonly Requirement[] | undefined;
  return declared ?? [];
}

/** Throws when a route of the controller does not say who may call it. */
export function everyRouteRequires({ name, prototype }: Pick<Type<object>, 'name' | 'prototype'>) {
  const methods = new Map(Object.entries(Object.getOwnPropertyDescriptors(prototype)));
  for (const method of new MetadataScanner().getAllMethodNames(prototype)) {
    const handler: unknown = methods.get(method)?.value;
    if (typeof handler !== 'function' || !Reflect.hasMetadata(NEST_PATH, handler)) continue;
    if (requirementsOf(handler).length === 0)
      throw new Error(`${name}.${method} does not say who may call it: it needs @Requires(…)`);
  }
}

/** Why a caller may not do what requires one of these, in a sentence; null when it may. */
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
