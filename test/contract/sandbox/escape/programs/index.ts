import type { Family } from '../hostile-program.js';
import { BOMBS } from './bombs.js';
import { FILE_SYSTEM } from './file-system.js';
import { FILES } from './files.js';
import { KERNEL_SURFACE } from './kernel-surface.js';
import { NAMESPACES } from './namespaces.js';
import { NETWORK } from './network.js';
import { PROCESSES } from './processes.js';
import { PROTOCOL } from './protocol.js';
import { SECRETS } from './secrets.js';
import { TENANTS } from './tenants.js';
import { TERMINAL } from './terminal.js';
import { WEB_ASSEMBLY } from './web-assembly.js';

export const FAMILIES: readonly Family[] = [
  FILE_SYSTEM,
  SECRETS,
  TENANTS,
  NETWORK,
  PROCESSES,
  NAMESPACES,
  KERNEL_SURFACE,
  TERMINAL,
  PROTOCOL,
  FILES,
  BOMBS,
  WEB_ASSEMBLY,
];
