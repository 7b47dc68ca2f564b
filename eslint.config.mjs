import { createConfig } from './tools/eslint-config.mjs';

export default createConfig(import.meta.dirname);
