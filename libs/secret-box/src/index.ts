export { SecretBox, type SealedSecret } from './secret-box.js';
