import { SetMetadata } from '@nestjs/common';

/** Port of a controller, for services with a separate port for operators. */
export type Port = 'public' | 'internal' | 'every';

export const SERVED_AT = 'sluice:served-at';

/** Sets the port of a controller. Default: the public port. */
export const ServedAt = (port: Port) => SetMetadata(SERVED_AT, port);
