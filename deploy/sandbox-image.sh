#!/usr/bin/env bash
# Makes the image that the Docker provider of the sandbox runs, out of the Debian packages installed on this machine:
# no registry and no network. `deploy/Dockerfile.sandbox` makes the same by the ordinary way.
#
#   deploy/sandbox-image.sh [name] [command that imports a tar as that image]
#   deploy/sandbox-image.sh threadmill-sandbox "docker import -"
set -euo pipefail

name=${1:-threadmill-sandbox}
import=${2:-podman import --quiet -}
unwanted='-dev(:|$)|^(gcc|g\+\+|cpp|binutils|libasan|libtsan|liblsan|libubsan|unicode-data|python3-pythran|libgprofng|dpkg|perl)'
wanted=(python3 python3-pandas python3-matplotlib bash dash coreutils util-linux fonts-dejavu-core tzdata)

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
root=$tree/root

# Packages that are there, with all that they depend on but compilers and headers.
packages() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p')
  # shellcheck disable=SC2086 # one word for each package
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances $installed | grep '^[a-z0-9]' | sort -u |
    # It fails for names that are virtual, having told of all the others.
    { xargs dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' 2>/dev/null || true; } | sed -n 's/^installed //p' |
    grep -vE -- "$unwanted"
}

# Their files without documentation and translations, each by its place in a merged /usr.
files() {
  packages | xargs dpkg-query -L | sort -u |
    grep -vE '^/(usr/share/(doc|man|info|locale|lintian|bug|icons|themes)|var|etc/(init|cron|pam|systemd|shadow))(/|$)' |
    sed -E 's#^/(bin|sbin|lib|lib32|lib64)/#/usr/\1/#' | sort -u
}

# Regular files and links only, with the bytecode that installing has made: a read-only system cannot keep any.
contents() {
  files | python3 -I -c '
import os, sys
for path in map(str.strip, sys.stdin):
    if not os.path.islink(path) and not os.path.isfile(path): continue
    print(path)
    folder, name = os.path.split(path)
    if name.endswith(".py"):
        tag = sys.implementation.cache_tag
        compiled = f"{folder}/__pycache__/{name[:-3]}.{tag}.pyc"
        if os.path.isfile(compiled): print(compiled)
'
  # What update-alternatives chose, such as the library for linear algebra.
  find /etc/alternatives -type l
}

mkdir -p "$root"/{tmp,dev,proc,sys,run,etc,mnt/data,usr/bin,usr/sbin,usr/lib,usr/lib64}
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
contents | tar -C / -cf - --no-recursion --ignore-failed-read -T - 2>/dev/null | tar -C "$root" -xf -
# Links to libraries that update-alternatives keeps beside the packages' own files.
find /usr/lib /usr/bin -maxdepth 3 -type l -lname '/etc/alternatives/*' | tar -C / -cf - -T - 2>/dev/null | tar -C "$root" -xf -
rm -f "$root"/etc/{passwd,group,hosts,hostname,resolv.conf,machine-id,environment}
ldconfig -r "$root"
chmod 1777 "$root/tmp"
tar -C "$root" --owner=0 --group=0 --numeric-owner -cf - . | $import "$name"
