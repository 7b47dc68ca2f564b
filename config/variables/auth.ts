import { flag, integer, text } from '../variable.js';

/** Who may come in, and how often. */
export const AUTH = {
  AUTH_REQUIRED: flag({
    default: true,
    description: 'false: every request acts as the first administrator. For one person on one machine.',
  }),
  AUTH_DISABLED_ON_NETWORK: flag({
    default: false,
    description: 'Allows AUTH_REQUIRED=false on an address that others can reach. Know what you do.',
  }),
  SIGNUP_ENABLED: flag({ default: true, description: 'Whether anyone may sign up with POST /api/auth/signup.' }),
  JWT_SECRET_KEY: text({
    default: undefined,
    secret: true,
    defaultText: '(random, kept in DATA_DIR)',
    description: 'Key that signs tokens and file URLs, at least 32 characters. Set it when several processes serve.',
  }),
  JWT_EXPIRATION_HOURS: integer({
    default: 168,
    min: 1,
    max: 87_600,
    description: 'Hours for which a login is valid.',
  }),
  DEFAULT_ADMIN_USERNAME: text({ default: 'admin', description: 'Name of the administrator made at first start.' }),
  DEFAULT_ADMIN_PASSWORD: text({
    default: undefined,
    secret: true,
    defaultText: '(random, printed once)',
    description: 'Password of the administrator made at first start, at least 8 characters.',
  }),
  RATE_LIMIT_REQUESTS_PER_MINUTE: integer({
    default: 0,
    min: 0,
    max: 10_000_000,
    description: 'Requests that one project may send in a minute; 0: any number.',
  }),
} as const;
