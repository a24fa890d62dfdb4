export { NoTunnelError, tunnelConnector } from './outgoing/tunnel.js';
