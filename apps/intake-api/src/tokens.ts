/** What is injected without being a class of ours. */
export const DATABASE = Symbol('Database');
export const REQUEST_PORTS = Symbol('RequestPorts');
export const UNIT_OF_WORK = Symbol('UnitOfWork');
