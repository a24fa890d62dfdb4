import { SetMetadata } from '@nestjs/common';

/** At which of a service's ports a controller answers, where operators have a port of their own. */
export type Port = 'public' | 'internal' | 'every';

export const SERVED_AT = 'sluice:served-at';

/** A controller without it answers at the public port. */
export const ServedAt = (port: Port) => SetMetadata(SERVED_AT, port);
