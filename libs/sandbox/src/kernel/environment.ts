/** All that code finds in its environment where it is a process of the system. */
export const KERNEL_ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/tmp',
  USER: 'sandbox',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  MPLBACKEND: 'Agg',
  // Each thread of a numeric library counts as a process and reserves memory.
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** As the forwarder in forward.py has them. */
const PROXY = 'http://127.0.0.1:3128';
const PACKAGES = '/tmp/packages';

/** Where the session's way out is inside the sandbox; forward.py looks for it there. */
export const PROXY_SOCKET = '/run/egress.sock';

/** What comes to it where code may reach hosts: programs find the proxy by it, and pip a folder that can be written. */
export const EGRESS_ENVIRONMENT: Readonly<Record<string, string>> = {
  http_proxy: PROXY,
  https_proxy: PROXY,
  HTTP_PROXY: PROXY,
  HTTPS_PROXY: PROXY,
  no_proxy: '127.0.0.1,localhost',
  PIP_TARGET: PACKAGES,
  PIP_NO_INPUT: '1',
  PIP_NO_CACHE_DIR: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PYTHONPATH: PACKAGES,
};
