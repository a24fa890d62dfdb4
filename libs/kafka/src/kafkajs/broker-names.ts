/**
 * Names of topics and groups at the broker. Inside the program all names are logical: message
 * authentication, stored positions and metrics do not depend on the prefix of an environment.
 */
export class BrokerNames {
  constructor(private readonly prefix: string) {}

  /** Name at the broker of a logical topic or group. */
  atBroker(name: string): string {
    return this.prefix + name;
  }

  /** Logical name; null for a name of another environment. */
  logical(name: string): string | null {
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : null;
  }

  /** Logical name of a topic that was requested by this process. */
  own(name: string): string {
    return this.logical(name) ?? name;
  }
}
